//! An instant on the driver's clock: an integer, so that schedules can be compared and written down.

use core::ops::Add;
use core::time::Duration;

/// An instant, in nanoseconds since an epoch that the driver picks (process start, creation of a clock, zero in a test).
///
/// The core never reads a clock: every method that needs the time takes a `Tick`. They are to come from a *monotonic* clock,
/// such as `std::time::Instant`: a wall clock that is set back stands still for the core until it has caught up, and one
/// that is set forward uses up the wait. Arithmetic saturates at both ends,
/// so no duration, however absurd, can panic or wrap around. The range is about 584 years.
///
/// ```
/// use abide_core::Tick;
/// use core::time::Duration;
///
/// let start = Tick::from_nanos(5);
/// let later = start + Duration::from_secs(2);
/// assert_eq!(later.since(start), Duration::from_secs(2));
/// assert_eq!(start.since(later), Duration::ZERO);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tick(u64);

impl Tick {
    /// The epoch itself.
    pub const ZERO: Tick = Tick(0);

    /// The instant `nanos` nanoseconds after the epoch.
    pub const fn from_nanos(nanos: u64) -> Tick {
        Tick(nanos)
    }

    /// Nanoseconds since the epoch.
    pub const fn as_nanos(self) -> u64 {
        self.0
    }

    /// How long ago `earlier` was; zero when it lies in the future.
    #[must_use]
    pub const fn since(self, earlier: Tick) -> Duration {
        Duration::from_nanos(self.0.saturating_sub(earlier.0))
    }

    /// The instant `span` earlier, or the epoch when that comes first.
    pub(crate) fn before(self, span: Duration) -> Tick {
        Tick(self.0.saturating_sub(nanos(span)))
    }
}

impl Add<Duration> for Tick {
    type Output = Tick;

    fn add(self, span: Duration) -> Tick {
        Tick(self.0.saturating_add(nanos(span)))
    }
}

/// Whole nanoseconds of `span`, at most `u64::MAX`.
pub(crate) fn nanos(span: Duration) -> u64 {
    u64::try_from(span.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arithmetic_saturates_at_both_ends() {
        let last = Tick::from_nanos(u64::MAX);
        assert_eq!(last + Duration::MAX, last);
        assert_eq!(Tick::ZERO + Duration::MAX, last);
        assert_eq!(Tick::from_nanos(3).before(Duration::from_nanos(4)), Tick::ZERO);
        assert_eq!(last.before(Duration::MAX), Tick::ZERO);
        assert_eq!(Tick::ZERO.since(last), Duration::ZERO);
        assert_eq!(last.since(Tick::ZERO), Duration::from_nanos(u64::MAX));
    }
}
