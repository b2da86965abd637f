//! How many requests a credential may send: at most so many in any span of time, however many waits share it.

use core::time::Duration;

use crate::tick::Tick;

/// A rate limit in integer nanoseconds (the generic cell rate algorithm): one number tells what was used of it.
///
/// In any span of time `w` it admits at most `burst + w / period` requests. A clock that steps back is taken for one that
/// stands still.
///
/// ```
/// use abide_core::{RateLimit, Tick};
/// use core::time::Duration;
///
/// let mut limit = RateLimit::new(Duration::from_millis(100), 2);
/// let start = Tick::ZERO;
/// assert_eq!(limit.admit(start), Ok(()));
/// assert_eq!(limit.admit(start), Ok(()));
/// assert_eq!(limit.admit(start), Err(start + Duration::from_millis(100)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    period: Duration,
    burst: u32,
    /// When the requests admitted so far would have been due at an even pace, the next one included.
    next: Tick,
    latest: Tick,
}

impl RateLimit {
    /// One request per `period` on average, and at most `burst` of them at once; a burst of 0 counts as 1. A period of
    /// zero is no limit.
    pub fn new(period: Duration, burst: u32) -> RateLimit {
        RateLimit { period, burst, next: Tick::ZERO, latest: Tick::ZERO }
    }

    /// Admits one request at `now`.
    ///
    /// # Errors
    /// When the request would be too early: the instant from which on one is admitted. Nothing is used up.
    pub fn admit(&mut self, now: Tick) -> Result<(), Tick> {
        self.latest = self.latest.max(now);
        let earliest = self.next.before(self.tolerance());
        if self.latest < earliest {
            return Err(earliest);
        }
        self.next = self.next.max(self.latest) + self.period;
        Ok(())
    }

    /// The time between two requests at an even pace.
    pub fn period(&self) -> Duration {
        self.period
    }

    /// Changes the time between two requests for those to come; the size of a burst stays.
    pub fn slow_to(&mut self, period: Duration) {
        self.period = period;
    }

    fn tolerance(&self) -> Duration {
        self.period.saturating_mul(self.burst.saturating_sub(1))
    }
}

#[cfg(test)]
mod histories;
#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    fn at(millis: u64) -> Tick {
        Tick::ZERO + Duration::from_millis(millis)
    }

    fn check(period: u64, burst: u32, asked: &[u64], expected: &[Result<(), u64>]) {
        let mut limit = RateLimit::new(Duration::from_millis(period), burst);
        let found: Vec<_> = asked.iter().map(|millis| limit.admit(at(*millis))).collect();
        let expected: Vec<_> = expected.iter().map(|answer| answer.map_err(at)).collect();
        assert_eq!(found, expected, "{period} {burst} {asked:?}");
    }

    #[test]
    fn admissions() {
        check(100, 1, &[0, 0, 99, 100, 150], &[Ok(()), Err(100), Err(100), Ok(()), Err(200)]);
        check(100, 3, &[500, 500, 500, 500, 600], &[Ok(()), Ok(()), Ok(()), Err(600), Ok(())]);
        check(100, 0, &[0, 0], &[Ok(()), Err(100)]);
        check(0, 1, &[5, 5, 5], &[Ok(()), Ok(()), Ok(())]);
    }

    #[test]
    fn a_clock_that_steps_back_stands_still() {
        check(100, 1, &[1000, 0, 50, 1100], &[Ok(()), Err(1100), Err(1100), Ok(())]);
    }

    #[test]
    fn slower_from_here_on() {
        let mut limit = RateLimit::new(Duration::from_millis(100), 2);
        limit.slow_to(Duration::from_millis(400));
        assert_eq!(limit.period(), Duration::from_millis(400));
        assert_eq!([limit.admit(at(0)), limit.admit(at(0))], [Ok(()), Ok(())]);
        assert_eq!(limit.admit(at(0)), Err(at(400)));
    }

    proptest! {
        #[test]
        fn no_window_holds_more_than_burst_and_rate(
            period in 1_u64..50,
            burst in 1_u32..5,
            steps in prop::collection::vec(0_u64..40, 1..200),
        ) {
            let mut limit = RateLimit::new(Duration::from_millis(period), burst);
            let mut now = 0;
            let mut admitted = Vec::new();
            for step in steps {
                now += step;
                if limit.admit(at(now)).is_ok() {
                    admitted.push(now);
                }
            }
            for (index, first) in admitted.iter().enumerate() {
                for (more, last) in admitted.iter().skip(index).enumerate() {
                    let allowed = u64::from(burst) + (last - first) / period;
                    prop_assert!(u64::try_from(more + 1).unwrap() <= allowed);
                }
            }
        }
    }
}
