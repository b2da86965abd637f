//! What a reply can say that a correct server would not.

use core::fmt;

use crate::observation::{Counter, Counters, State};

/// Something in a reply that a correct server would not say.
///
/// Anomalies are reported, never repaired, and never end a wait. One that lasts over several replies is reported when it
/// appears, and again only after it was away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anomaly {
    /// The status moved against its order, or left a final value (CAL-STATE-ORDER).
    StateWentBack {
        /// The status before.
        from: State,
        /// The status in this reply.
        to: State,
    },
    /// A counter that may only grow fell (CAL-COUNT-MONOTONE).
    CounterWentBack {
        /// Which one.
        counter: Counter,
        /// Its value before.
        from: i64,
        /// Its value in this reply.
        to: i64,
    },
    /// The total changed (CAL-TOTAL-FIXED).
    TotalMoved {
        /// The total before.
        from: i64,
        /// The total in this reply.
        to: i64,
    },
    /// Successful and failed do not add up to processed (CAL-COUNT-SUM).
    SumMismatch(Counters),
    /// More processed than there is (CAL-COUNT-BOUND).
    MoreThanTotal {
        /// How many were processed.
        processed: i64,
        /// Out of how many.
        total: i64,
    },
    /// A counter below zero (CAL-COUNT-BOUND).
    Negative {
        /// Which one.
        counter: Counter,
        /// Its value.
        value: i64,
    },
    /// Fewer result items than in an earlier reply (CAL-RESULTS-GROW).
    ItemsVanished {
        /// The items before.
        from: u64,
        /// The items in this reply.
        to: u64,
    },
    /// The session ended, and its last reply held fewer items than it called processed (CAL-RESULTS-COUNT).
    FewerItemsThanProcessed {
        /// The items in the last reply.
        delivered: u64,
        /// How many were processed.
        processed: i64,
    },
    /// The status says completed while some items are not processed (CAL-COMPLETED-ALL).
    CompletedBeforeAll {
        /// How many were processed.
        processed: i64,
        /// Out of how many.
        total: i64,
    },
    /// A status word that is not documented (CAL-STATUS-VALUE).
    UnknownState,
    /// A 410 came after the session had been seen done.
    GoneAfterDone,
}

impl fmt::Display for Anomaly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::StateWentBack { from, to } => {
                write!(f, "The status went back from {from} to {to}.")
            }
            Self::CounterWentBack { counter, from, to } => {
                write!(f, "The number of {counter} items fell from {from} to {to}.")
            }
            Self::TotalMoved { from, to } => write!(f, "The total changed from {from} to {to}."),
            Self::SumMismatch(Counters { processed, successful, failed, .. }) => {
                write!(f, "{successful} successful and {failed} failed items do not add up to {processed} processed.")
            }
            Self::MoreThanTotal { processed, total } => {
                write!(f, "{processed} items are processed out of only {total}.")
            }
            Self::Negative { counter, value } => {
                write!(f, "The number of {counter} items is below zero: {value}.")
            }
            Self::ItemsVanished { from, to } => {
                write!(f, "The reply holds {to} items where an earlier one held {from}.")
            }
            Self::FewerItemsThanProcessed { delivered, processed } => {
                write!(f, "The last reply holds {delivered} items although {processed} are processed.")
            }
            Self::CompletedBeforeAll { processed, total } => {
                write!(f, "The status is completed although only {processed} of {total} items are processed.")
            }
            Self::UnknownState => f.write_str("The status is not one of the documented words."),
            Self::GoneAfterDone => f.write_str("The session was gone when its completion was to be confirmed."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn each_reads_as_one_sentence() {
        for anomaly in [
            Anomaly::StateWentBack { from: State::Running, to: State::Queued },
            Anomaly::CounterWentBack { counter: Counter::Processed, from: 2, to: 1 },
            Anomaly::TotalMoved { from: 2, to: 1 },
            Anomaly::SumMismatch(Counters { total: 5, processed: 3, successful: 1, failed: 1 }),
            Anomaly::MoreThanTotal { processed: 3, total: 2 },
            Anomaly::Negative { counter: Counter::Total, value: -1 },
            Anomaly::ItemsVanished { from: 2, to: 1 },
            Anomaly::FewerItemsThanProcessed { delivered: 2, processed: 3 },
            Anomaly::CompletedBeforeAll { processed: 2, total: 3 },
            Anomaly::UnknownState,
            Anomaly::GoneAfterDone,
        ] {
            let sentence = anomaly.to_string();
            assert!(sentence.ends_with('.') && sentence.matches('.').count() == 1, "{sentence}");
        }
    }
}
