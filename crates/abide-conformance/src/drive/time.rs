//! The driver's clock.

use std::time::{Duration, Instant, SystemTime};

use super::target::BoxFuture;

/// A clock that is asked for the time and can wait. Microseconds from an instant of its choosing.
pub trait Time: Send {
    /// How long the clock has run.
    fn now(&self) -> u64;

    /// Waits.
    fn sleep(&mut self, duration: Duration) -> BoxFuture<'_, ()>;

    /// How much time may have passed elsewhere, since this was last asked, that this clock did not count.
    fn missed(&mut self) -> Duration {
        Duration::ZERO
    }
}

/// A clock on which time really passes. It is monotonic: whoever sets the clock of the wall does not move it.
#[derive(Debug)]
pub struct RealTime {
    start: Instant,
    on_the_wall: SystemTime,
    missed: Duration,
}

impl RealTime {
    /// A clock that starts now.
    pub fn start() -> Self {
        Self { start: Instant::now(), on_the_wall: SystemTime::now(), missed: Duration::ZERO }
    }

    fn missed_until(&mut self, wall: SystemTime) -> Duration {
        // A wall clock that was set back says nothing.
        let elapsed = wall.duration_since(self.on_the_wall).unwrap_or_default();
        let ahead = elapsed.saturating_sub(self.start.elapsed()).saturating_sub(self.missed);
        if ahead < WORTH_NOTING {
            return Duration::ZERO;
        }
        self.missed += ahead;
        ahead
    }
}

/// Clocks differ by less in the time of a run.
const WORTH_NOTING: Duration = Duration::from_secs(1);

impl Time for RealTime {
    fn now(&self) -> u64 {
        micros(self.start.elapsed())
    }

    /// A machine that sleeps stops its monotonic clock and not the one on its wall.
    fn missed(&mut self) -> Duration {
        self.missed_until(SystemTime::now())
    }

    fn sleep(&mut self, duration: Duration) -> BoxFuture<'_, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// A clock on which sleeping takes no time: it moves the clock of the server instead.
pub struct VirtualTime {
    elapsed: Duration,
    advance: Box<dyn FnMut(Duration) + Send>,
}

impl VirtualTime {
    /// `advance` moves the clock of the server under test forward.
    pub fn new(advance: impl FnMut(Duration) + Send + 'static) -> Self {
        Self { elapsed: Duration::ZERO, advance: Box::new(advance) }
    }
}

impl std::fmt::Debug for VirtualTime {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("VirtualTime").field("elapsed", &self.elapsed).finish_non_exhaustive()
    }
}

impl Time for VirtualTime {
    fn now(&self) -> u64 {
        micros(self.elapsed)
    }

    fn sleep(&mut self, duration: Duration) -> BoxFuture<'_, ()> {
        self.elapsed = self.elapsed.saturating_add(duration);
        (self.advance)(duration);
        Box::pin(std::future::ready(()))
    }
}

pub(crate) fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sleep_of_the_machine_is_noted_once() {
        let mut time = RealTime::start();
        let start = time.on_the_wall;
        for (wall, expected) in [(0, 0), (1800, 1800), (1800, 0), (5, 0), (1800, 0), (2100, 300)] {
            let missed = time.missed_until(start + Duration::from_secs(wall));
            assert_eq!((missed.as_millis() + 500) / 1000, expected, "at {wall} s");
        }
    }
}
