//! How long to hold back after a request that failed, and when to stop trying.

use core::time::Duration;

use crate::budget::RetryBudget;
use crate::jitter::Jitter;
use crate::lifecycle::Interval;
use crate::options::Options;

/// How many times in a row a server may push back and name a time that then turns out too short.
const BELIEVED: u32 = 3;

/// The pause after a failed request, counted from the receipt of the failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pause {
    /// What must be kept, even when a last poll could only be placed earlier.
    pub(crate) least: Duration,
    /// What was drawn; at least `least`.
    pub(crate) drawn: Duration,
}

/// Counts failures in a row and turns them into pauses. Kept apart from the polling pace: an error says nothing about
/// how fast the session moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Backoff {
    pace: Interval,
    error: Interval,
    throttle_max: Duration,
    max_errors: u32,
    max_errors_before_first_reply: u32,
    max_not_found_before_first_reply: u32,
    record: Record,
}

/// What went wrong so far, and how much more of it may.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) replied: bool,
    pub(crate) errors: u32,
    pub(crate) throttles: u32,
    pub(crate) not_found: u32,
    pub(crate) budget: RetryBudget,
}

impl Backoff {
    /// `pace` holds the least time between two requests, whatever happens, and the slowest documented pace.
    pub(crate) fn new(pace: Interval, options: &Options) -> Backoff {
        Backoff {
            pace,
            error: options.error_backoff,
            throttle_max: options.retry_after_ceiling,
            max_errors: options.max_consecutive_errors,
            max_errors_before_first_reply: options.max_errors_before_first_reply,
            max_not_found_before_first_reply: options.max_not_found_before_first_reply,
            record: Record::default(),
        }
    }

    /// Goes on with what an earlier wait went through.
    pub(crate) fn resume(&mut self, record: Record) {
        self.record = record;
    }

    pub(crate) fn record(&self) -> Record {
        self.record
    }

    /// Failures since the last success, of all sorts.
    pub(crate) fn in_a_row(&self) -> u32 {
        let Record { errors, throttles, not_found, .. } = self.record;
        errors.saturating_add(throttles).saturating_add(not_found)
    }

    pub(crate) fn succeeded(&mut self) {
        let mut budget = self.record.budget;
        budget.succeeded();
        self.record = Record { replied: true, budget, ..Record::default() };
    }

    /// The server does not know the session. Where none was ever seen it may not know it *yet*: some servers answer a
    /// create call before every part of them has heard of the session. `None` when that is no longer likely.
    pub(crate) fn not_found(&mut self) -> Option<Pause> {
        let Record { replied, not_found, .. } = self.record;
        if replied || not_found >= self.max_not_found_before_first_reply {
            return None;
        }
        self.record.not_found = not_found.saturating_add(1);
        Some(Pause { least: self.pace.min, drawn: self.pace.min })
    }

    /// A passing error: full jitter below an exponential bound; never faster than the slowest pace once the retry budget
    /// is spent.
    ///
    /// # Errors
    /// The number of errors in a row, when it exceeds what is borne.
    pub(crate) fn failed(&mut self, jitter: &mut Jitter) -> Result<Pause, u32> {
        let bound = doubled(self.error.min, self.record.errors).min(self.error.max);
        self.record.errors = self.record.errors.saturating_add(1);
        self.record.budget.failed();
        if self.record.errors > self.borne() {
            return Err(self.record.errors);
        }
        let floor = if self.record.budget.is_exhausted() { self.pace.max } else { self.pace.min };
        let drawn = jitter.between(Duration::ZERO, bound).max(floor);
        Ok(Pause { least: self.pace.min, drawn })
    }

    /// The server pushed back: exponential, and jitter only upwards. Never runs out.
    ///
    /// Where the server names the time itself, only the gap is added to its wish, as long as it may be believed: a server
    /// that pushes back again after each of [`BELIEVED`] pauses of its own choice gets the doubling on top, up to the longest
    /// backoff after an error.
    pub(crate) fn throttled(&mut self, jitter: &mut Jitter, retry_after: Option<Duration>) -> Pause {
        let (gap, before) = (self.pace.min, self.record.throttles);
        self.record.throttles = before.saturating_add(1);
        let most = match retry_after {
            None => self.throttle_max,
            Some(_) if before >= BELIEVED => self.error.max.min(self.throttle_max),
            Some(_) => return Pause { least: gap, drawn: gap },
        };
        let grown = doubled(gap.max(self.error.min), before).min(most).max(gap);
        Pause { least: grown, drawn: stretched(grown, jitter) }
    }

    fn borne(&self) -> u32 {
        if self.record.replied { self.max_errors } else { self.max_errors.min(self.max_errors_before_first_reply) }
    }
}

/// `span` plus up to a tenth of it, at most 5 s, so that many waiters told the same time do not come back together.
pub(crate) fn stretched(span: Duration, jitter: &mut Jitter) -> Duration {
    let most = (span / 10).min(Duration::from_secs(5));
    span.saturating_add(jitter.between(Duration::ZERO, most))
}

fn doubled(span: Duration, times: u32) -> Duration {
    span.saturating_mul(2_u32.saturating_pow(times))
}

#[cfg(test)]
mod cells;
#[cfg(test)]
mod histories;
#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    const SECOND: Duration = Duration::from_secs(1);

    fn backoff(gap: Duration) -> Backoff {
        Backoff::new(Interval { min: gap, max: gap }, &Options::new(Duration::MAX, 0))
    }

    #[test]
    fn errors_run_out_sooner_before_the_first_reply() {
        for (replied, borne) in [(false, 3), (true, 8)] {
            let (mut backoff, mut jitter) = (backoff(SECOND), Jitter::new(1));
            if replied {
                backoff.succeeded();
            }
            for _ in 0..borne {
                assert!(backoff.failed(&mut jitter).is_ok());
            }
            assert_eq!(backoff.failed(&mut jitter), Err(borne + 1));
        }
    }

    #[test]
    fn a_success_starts_the_count_again_and_throttling_never_counts() {
        let (mut backoff, mut jitter) = (backoff(SECOND), Jitter::new(1));
        for _ in 0..50 {
            backoff.throttled(&mut jitter, None);
        }
        for _ in 0..3 {
            assert!(backoff.failed(&mut jitter).is_ok());
        }
        backoff.succeeded();
        assert_eq!(backoff.in_a_row(), 0);
        for _ in 0..8 {
            assert!(backoff.failed(&mut jitter).is_ok());
        }
        assert_eq!(backoff.in_a_row(), 8);
    }

    #[test]
    fn error_pauses_lie_between_the_gap_and_a_doubling_bound() {
        for seed in 0..200 {
            let (mut backoff, mut jitter) = (backoff(Duration::from_millis(10)), Jitter::new(seed));
            backoff.succeeded();
            for bound in [1, 2, 4, 8, 16, 32, 60, 60] {
                let pause = backoff.failed(&mut jitter).unwrap();
                assert_eq!(pause.least, Duration::from_millis(10));
                assert!(pause.drawn >= pause.least && pause.drawn <= SECOND * bound, "{pause:?} {bound}");
            }
        }
    }

    #[test]
    fn a_spent_budget_keeps_to_the_slowest_pace() {
        let pace = Interval { min: SECOND, max: SECOND * 300 };
        let mut backoff = Backoff::new(pace, &Options::new(Duration::MAX, 0));
        backoff.succeeded();
        let pauses: Vec<_> = (0..5).map(|_| backoff.failed(&mut Jitter::new(9)).unwrap()).collect();
        assert!(pauses[..4].iter().all(|pause| pause.drawn <= SECOND * 8), "{pauses:?}");
        assert_eq!(pauses[4], Pause { least: SECOND, drawn: SECOND * 300 });
    }

    #[test]
    fn not_found_is_borne_only_before_the_first_reply_and_only_so_often() {
        for (borne, replied, expected) in [(0, false, 0), (3, false, 3), (3, true, 0)] {
            let options = Options { max_not_found_before_first_reply: borne, ..Options::new(Duration::MAX, 0) };
            let mut backoff = Backoff::new(Interval { min: SECOND, max: SECOND * 2 }, &options);
            if replied {
                backoff.succeeded();
            }
            let pauses = core::iter::from_fn(|| backoff.not_found()).take(10).count();
            assert_eq!(pauses, expected, "{borne} {replied}");
        }
    }

    #[test]
    fn throttled_pauses_double_from_the_larger_of_gap_and_base() {
        for (gap, first) in [(SECOND * 5, 5), (SECOND / 2, 1)] {
            let (mut backoff, mut jitter) = (backoff(gap), Jitter::new(3));
            let pauses: Vec<_> = (0..4).map(|_| backoff.throttled(&mut jitter, None)).collect();
            for (pause, times) in pauses.into_iter().zip([1, 2, 4, 8]) {
                assert_eq!(pause.least, SECOND * first * times);
                assert!(pause.drawn >= pause.least && pause.drawn <= pause.least + pause.least / 10);
            }
        }
    }

    #[test]
    fn where_the_server_names_the_time_only_the_gap_is_added() {
        let (mut backoff, mut jitter) = (backoff(SECOND), Jitter::new(3));
        for _ in 0..3 {
            let pause = backoff.throttled(&mut jitter, Some(SECOND * 9));
            assert_eq!(pause, Pause { least: SECOND, drawn: SECOND });
        }
    }

    #[test]
    fn times_that_turn_out_too_short_are_no_longer_believed() {
        let (mut backoff, mut jitter) = (backoff(SECOND), Jitter::new(3));
        let least = (0..8).map(|_| backoff.throttled(&mut jitter, Some(Duration::ZERO)).least);
        assert_eq!(least.collect::<Vec<_>>(), [1, 1, 1, 8, 16, 32, 60, 60].map(|times| SECOND * times));
        backoff.succeeded();
        assert_eq!(backoff.throttled(&mut jitter, Some(Duration::ZERO)).least, SECOND);
    }

    #[test]
    fn throttled_pauses_stop_growing_at_the_ceiling() {
        let (mut backoff, mut jitter) = (backoff(SECOND), Jitter::new(3));
        let last = (0..100).map(|_| backoff.throttled(&mut jitter, None)).last().unwrap();
        assert_eq!(last.least, SECOND * 3600);
        assert!(last.drawn <= SECOND * 3605);
    }
}
