//! The driver's clock.

use std::time::{Duration, Instant};

use super::target::BoxFuture;

/// A clock that is asked for the time and can wait. Microseconds from an instant of its choosing.
pub trait Time: Send {
    /// How long the clock has run.
    fn now(&self) -> u64;

    /// Waits.
    fn sleep(&mut self, duration: Duration) -> BoxFuture<'_, ()>;
}

/// The clock of the wall.
#[derive(Debug)]
pub struct RealTime(Instant);

impl RealTime {
    /// A clock that starts now.
    pub fn start() -> Self {
        Self(Instant::now())
    }
}

impl Time for RealTime {
    fn now(&self) -> u64 {
        micros(self.0.elapsed())
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
