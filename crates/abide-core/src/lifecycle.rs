//! The numbers that a document gives about waiting for a session, as plain data.

use core::fmt;
use core::num::NonZeroU32;
use core::time::Duration;

/// How one API wants its sessions to be waited for.
///
/// A client crate holds one as a constant, written from the `x-session-lifecycle` extension of its OpenAPI document.
///
/// ```
/// use abide_core::{CompleteBy, FirstPoll, Growth, Interval, Lifecycle};
/// use core::time::Duration;
///
/// const HUM: Lifecycle = Lifecycle {
///     first_poll: FirstPoll::Immediate,
///     interval: Interval { min: Duration::from_secs(2), max: Duration::from_secs(3) },
///     growth: Some(Growth { factor: 2, max: Duration::from_secs(15) }),
///     cap: Some(Duration::from_secs(30)),
///     inactivity: Some(Duration::from_secs(1800)),
///     complete_by: CompleteBy::Count,
/// };
/// assert_eq!(HUM.validate(), Ok(()));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifecycle {
    /// When the first request goes out (HUM-CLIENT-FIRST).
    pub first_poll: FirstPoll,
    /// The documented pace (CAL-CLIENT-PACE, HUM-CLIENT-PACE).
    pub interval: Interval,
    /// How the pace slows down while nothing changes (HUM-CLIENT-BACKOFF); `None` where the document asks for a steady pace.
    pub growth: Option<Growth>,
    /// The documented longest polling duration, counted from the first request (HUM-CLIENT-CAP). It bounds
    /// [`Options::max_wait`](crate::Options::max_wait).
    pub cap: Option<Duration>,
    /// The documented inactivity window after which the server drops the session (HUM-EXPIRY).
    pub inactivity: Option<Duration>,
    /// What makes a session complete (CAL-CLIENT-DONE, HUM-CLIENT-DONE).
    pub complete_by: CompleteBy,
}

impl Lifecycle {
    /// Checks that the numbers make sense together.
    ///
    /// # Errors
    /// The first contradiction found, in the order of the variants of [`LifecycleError`].
    pub fn validate(&self) -> Result<(), LifecycleError> {
        let Interval { min, max } = self.interval;
        if min.is_zero() || max.is_zero() {
            return Err(LifecycleError::ZeroInterval);
        }
        if min > max {
            return Err(LifecycleError::MinAboveMax { min, max });
        }
        if self.cap.is_some_and(|cap| cap.is_zero()) {
            return Err(LifecycleError::ZeroCap);
        }
        if self.inactivity.is_some_and(|window| window.is_zero()) {
            return Err(LifecycleError::ZeroInactivity);
        }
        self.growth.map_or(Ok(()), |growth| growth.validate(max))
    }

    /// The shortest and the longest documented time between two requests, growth included.
    pub fn pace(&self) -> Interval {
        Interval { min: self.interval.min, max: self.growth.map_or(self.interval.max, |growth| growth.max) }
    }

    /// The same lifecycle for a server that runs `speed` times faster: every documented duration divided.
    ///
    /// No duration falls below one nanosecond, except that a zero stays zero: it is a mistake that
    /// [`validate`](Self::validate) must still see.
    #[must_use]
    pub fn sped_up(self, speed: NonZeroU32) -> Lifecycle {
        let divide = |span: Duration| {
            if span.is_zero() {
                span
            } else {
                let (divided, shortest) = (span / speed.get(), Duration::from_nanos(1));
                divided.max(shortest)
            }
        };
        Lifecycle {
            first_poll: self.first_poll,
            interval: Interval { min: divide(self.interval.min), max: divide(self.interval.max) },
            growth: self.growth.map(|growth| Growth { factor: growth.factor, max: divide(growth.max) }),
            cap: self.cap.map(divide),
            inactivity: self.inactivity.map(divide),
            complete_by: self.complete_by,
        }
    }
}

/// When the first status request goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FirstPoll {
    /// Right after the session was created.
    Immediate,
    /// One interval after the session was created.
    AfterInterval,
}

/// A closed range of durations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    /// The shortest.
    pub min: Duration,
    /// The longest.
    pub max: Duration,
}

/// Exponential slowing of the pace while nothing changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Growth {
    /// The interval is multiplied by this once per unchanged observation in a row; at least 2.
    pub factor: u32,
    /// No grown interval exceeds this; at least [`Interval::max`].
    pub max: Duration,
}

impl Growth {
    fn validate(self, interval_max: Duration) -> Result<(), LifecycleError> {
        if self.factor < 2 {
            return Err(LifecycleError::GrowthFactorBelowTwo(self.factor));
        }
        if self.max < interval_max {
            return Err(LifecycleError::GrowthBelowInterval { growth_max: self.max, interval_max });
        }
        Ok(())
    }
}

/// What makes a session complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompleteBy {
    /// The status word says so, or everything is processed (CAL-CLIENT-DONE). Where the two disagree, one more poll settles it.
    StatusOrCount,
    /// Everything is processed; no status word or code completes the wait (HUM-CLIENT-202, HUM-CLIENT-DONE).
    Count,
}

/// Why a [`Lifecycle`] cannot be followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LifecycleError {
    /// A bound of the interval is zero: polls would follow each other without a pause.
    ZeroInterval,
    /// The interval's bounds are the wrong way round.
    MinAboveMax {
        /// The lower bound.
        min: Duration,
        /// The upper bound.
        max: Duration,
    },
    /// The cap leaves no time for a single poll.
    ZeroCap,
    /// The inactivity window is empty.
    ZeroInactivity,
    /// A factor of 0 or 1 does not grow.
    GrowthFactorBelowTwo(u32),
    /// Growth would make the interval shorter.
    GrowthBelowInterval {
        /// The most that growth allows.
        growth_max: Duration,
        /// The upper bound of the interval that it should grow from.
        interval_max: Duration,
    },
}

impl fmt::Display for LifecycleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ZeroInterval => f.write_str("the polling interval must be longer than zero"),
            Self::MinAboveMax { min, max } => {
                write!(f, "the shortest interval ({min:?}) is above the longest ({max:?})")
            }
            Self::ZeroCap => f.write_str("the longest polling duration must be longer than zero"),
            Self::ZeroInactivity => f.write_str("the inactivity window must be longer than zero"),
            Self::GrowthFactorBelowTwo(factor) => {
                write!(f, "the growth factor must be 2 or more, not {factor}")
            }
            Self::GrowthBelowInterval { growth_max, interval_max } => {
                write!(f, "the growth limit ({growth_max:?}) is below the longest interval ({interval_max:?})")
            }
        }
    }
}

impl core::error::Error for LifecycleError {}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    const fn secs(secs: u64) -> Duration {
        Duration::from_secs(secs)
    }

    fn growing(factor: u32, max: u64) -> Growth {
        Growth { factor, max: secs(max) }
    }

    const GOOD: Lifecycle = Lifecycle {
        first_poll: FirstPoll::Immediate,
        interval: Interval { min: secs(2), max: secs(3) },
        growth: Some(Growth { factor: 2, max: secs(15) }),
        cap: Some(secs(30)),
        inactivity: Some(secs(1800)),
        complete_by: CompleteBy::Count,
    };

    fn check(change: impl FnOnce(&mut Lifecycle), expected: Result<(), LifecycleError>) {
        let mut lifecycle = GOOD;
        change(&mut lifecycle);
        assert_eq!(lifecycle.validate(), expected, "{lifecycle:?}");
    }

    #[test]
    fn every_contradiction_is_refused() {
        check(|l| l.interval.min = Duration::ZERO, Err(LifecycleError::ZeroInterval));
        check(|l| l.interval.max = Duration::ZERO, Err(LifecycleError::ZeroInterval));
        check(|l| l.interval.min = secs(4), Err(LifecycleError::MinAboveMax { min: secs(4), max: secs(3) }));
        check(|l| l.cap = Some(Duration::ZERO), Err(LifecycleError::ZeroCap));
        check(|l| l.inactivity = Some(Duration::ZERO), Err(LifecycleError::ZeroInactivity));
        for factor in [0, 1] {
            check(|l| l.growth = Some(growing(factor, 9)), Err(LifecycleError::GrowthFactorBelowTwo(factor)));
        }
        check(
            |l| l.growth = Some(growing(2, 1)),
            Err(LifecycleError::GrowthBelowInterval { growth_max: secs(1), interval_max: secs(3) }),
        );
    }

    #[test]
    fn sensible_numbers_pass() {
        check(|_| (), Ok(()));
        check(|l| l.interval.max = l.interval.min, Ok(()));
        check(|l| l.growth = Some(growing(2, 3)), Ok(()));
        check(|l| (l.growth, l.cap, l.inactivity) = (None, None, None), Ok(()));
    }

    #[test]
    fn speed_divides_every_duration_and_stays_valid() {
        let fast = GOOD.sped_up(NonZeroU32::new(1000).unwrap());
        assert_eq!(fast.interval, Interval { min: Duration::from_millis(2), max: Duration::from_millis(3) });
        assert_eq!(fast.growth, Some(Growth { factor: 2, max: Duration::from_millis(15) }));
        assert_eq!((fast.cap, fast.inactivity), (Some(Duration::from_millis(30)), Some(Duration::from_millis(1800))));

        let absurd = GOOD.sped_up(NonZeroU32::MAX);
        assert_eq!(absurd.interval, Interval { min: Duration::from_nanos(1), max: Duration::from_nanos(1) });
        assert_eq!(absurd.validate(), Ok(()));
    }

    #[test]
    fn speed_does_not_hide_a_zero() {
        let mut lifecycle = GOOD;
        lifecycle.cap = Some(Duration::ZERO);
        assert_eq!(lifecycle.sped_up(NonZeroU32::MIN).validate(), Err(LifecycleError::ZeroCap));
    }

    #[test]
    fn errors_read_as_sentences() {
        let error = LifecycleError::MinAboveMax { min: secs(4), max: secs(3) };
        assert_eq!(error.to_string(), "the shortest interval (4s) is above the longest (3s)");
    }
}
