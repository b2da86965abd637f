//! The one source of time of a watch: deadlines and sleeps must come from the same clock.

use std::time::{Duration, SystemTime};

use abide_core::Tick;
use tokio::time::Instant;

use crate::source::BoxFuture;

/// A monotonic clock and its timer, and the calendar for what is written down.
pub trait Clock: Send + Sync + 'static {
    /// The time since the clock's epoch.
    fn now(&self) -> Tick;

    /// Completes when [`now`](Self::now) has reached `at`. A completed sleep is believed, even where `now` lags behind.
    fn sleep_until(&self, at: Tick) -> BoxFuture<()>;

    /// The time of day. Only a [`Resume`](crate::Resume) value uses it, to know how long ago it was made.
    fn wall(&self) -> SystemTime {
        SystemTime::now()
    }
}

/// Tokio's clock; its epoch is its creation. Under paused tokio time it is paused too.
///
/// Sleeping needs a tokio runtime with its timer enabled; creating the clock does not.
#[derive(Clone, Copy, Debug)]
pub struct TokioClock {
    epoch: Instant,
}

impl TokioClock {
    /// A clock that begins at zero.
    pub fn new() -> TokioClock {
        TokioClock { epoch: Instant::now() }
    }
}

impl Default for TokioClock {
    fn default() -> TokioClock {
        TokioClock::new()
    }
}

impl Clock for TokioClock {
    fn now(&self) -> Tick {
        Tick::ZERO + self.epoch.elapsed()
    }

    fn sleep_until(&self, at: Tick) -> BoxFuture<()> {
        let span: Duration = at.since(Tick::ZERO);
        match self.epoch.checked_add(span) {
            Some(instant) => Box::pin(tokio::time::sleep_until(instant)),
            None => Box::pin(std::future::pending()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn follows_paused_time() {
        let clock = TokioClock::new();
        assert_eq!(clock.now(), Tick::ZERO);
        let hour = Tick::ZERO + Duration::from_hours(1);
        clock.sleep_until(hour).await;
        assert_eq!(clock.now(), hour);
        clock.sleep_until(Tick::ZERO).await;
        assert_eq!(clock.now(), hour);
    }

    #[tokio::test(start_paused = true)]
    async fn the_end_of_time_is_no_panic() {
        let sleep = TokioClock::new().sleep_until(Tick::from_nanos(u64::MAX));
        let waited = tokio::time::timeout(Duration::from_hours(24), sleep).await;
        assert!(waited.is_err());
    }
}
