//! What one status reply said, in terms that fit every API.

use core::fmt;

/// What one successful status reply said.
///
/// Two equal observations in a row mean that nothing changed (HUM-CLIENT-BACKOFF); whatever must not count as a change
/// (times, messages, addresses) must therefore stay out of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Observation {
    /// The session's status word.
    pub state: State,
    /// The progress counters.
    pub counters: Counters,
    /// How many result items this reply held; `None` where the API delivers none.
    pub delivered: Option<u64>,
    /// A hash of whatever else counts as a change: for Hum the HTTP code and the awaited agents' values.
    pub mark: u64,
}

impl Observation {
    /// Everything is processed. Zero of zero is not: nothing is known yet (CAL-CLIENT-NOT-DONE).
    pub(crate) fn all_processed(&self) -> bool {
        let Counters { total, processed, .. } = self.counters;
        total > 0 && processed >= total
    }

    /// The items that this reply held and the higher number that it calls processed, where they differ.
    pub(crate) fn missing_items(&self) -> Option<(u64, i64)> {
        let (delivered, processed) = (self.delivered?, self.counters.processed);
        (i128::from(delivered) < i128::from(processed)).then_some((delivered, processed))
    }
}

/// A session's status word (CAL-STATUS-VALUE).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// Accepted, not started.
    Queued,
    /// Being worked on.
    Running,
    /// Finished.
    Completed,
    /// The session as a whole failed.
    Failed,
    /// A word that this version does not know. It ends nothing: the wait goes on (CAL-CLIENT-TOLERANT).
    Unknown,
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        })
    }
}

/// Progress counters as the server sent them. Signed and unchecked, so that nonsense stays visible.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Counters {
    /// How many items the session has (for Hum: the awaited agents).
    pub total: i64,
    /// How many are finished, one way or the other.
    pub processed: i64,
    /// How many of these succeeded.
    pub successful: i64,
    /// How many of these failed.
    pub failed: i64,
}

/// The name of one of the [`Counters`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Counter {
    /// [`Counters::total`].
    Total,
    /// [`Counters::processed`].
    Processed,
    /// [`Counters::successful`].
    Successful,
    /// [`Counters::failed`].
    Failed,
}

impl fmt::Display for Counter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Total => "total",
            Self::Processed => "processed",
            Self::Successful => "successful",
            Self::Failed => "failed",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    fn observation(total: i64, processed: i64, delivered: Option<u64>) -> Observation {
        let counters = Counters { total, processed, successful: processed, failed: 0 };
        Observation { state: State::Running, counters, delivered, mark: 0 }
    }

    #[test]
    fn all_processed_needs_a_total() {
        for (total, processed, expected) in [
            (0, 0, false),
            (0, 5, false),
            (-1, 0, false),
            (5, 4, false),
            (5, 5, true),
            (5, 6, true),
            (5, -5, false),
            (i64::MAX, i64::MAX, true),
        ] {
            assert_eq!(observation(total, processed, None).all_processed(), expected, "{processed} of {total}");
        }
    }

    #[test]
    fn missing_items_are_fewer_than_processed() {
        for (processed, delivered, expected) in [
            (5, None, None),
            (5, Some(5), None),
            (5, Some(6), None),
            (5, Some(4), Some((4, 5))),
            (-5, Some(0), None),
            (i64::MIN, Some(0), None),
            (i64::MAX, Some(u64::MAX), None),
        ] {
            assert_eq!(
                observation(9, processed, delivered).missing_items(),
                expected,
                "{delivered:?} beside {processed}"
            );
        }
    }

    #[test]
    fn words() {
        let states = [State::Queued, State::Running, State::Completed, State::Failed, State::Unknown];
        assert_eq!(states.map(|state| state.to_string()), ["queued", "running", "completed", "failed", "unknown"]);
        let counters = [Counter::Total, Counter::Processed, Counter::Successful, Counter::Failed];
        assert_eq!(counters.map(|counter| counter.to_string()), ["total", "processed", "successful", "failed"]);
    }
}
