//! What a watch tells while it waits.

use std::sync::Arc;
use std::time::Duration;

use abide_core::{Anomaly, Counters, End, Failure, State};

/// Something that happened. The events of one reply come before the sleep that follows it: anomalies, state, progress,
/// new items, and the end last.
#[derive(Debug)]
pub enum Event<I, E> {
    /// The status word changed, or was seen for the first time.
    State {
        /// The word before.
        from: Option<State>,
        /// The word in this reply.
        to: State,
    },
    /// The counters changed, or were seen for the first time.
    Progress(Counters),
    /// Items that no earlier event held, in the order of the reply; never empty.
    Items(Vec<I>),
    /// The session looks done; one more poll confirms it.
    Settling,
    /// A reply contradicts itself or an earlier one.
    Anomaly(Anomaly),
    /// A request failed and another one is planned.
    Retry {
        /// What went wrong.
        failure: Failure,
        /// How long until the next request; in a fleet, until it may go.
        after: Duration,
        /// How many requests in a row have failed, from 1.
        attempt: u32,
        /// The source's own error.
        error: Arc<E>,
    },
    /// The next request is due only after the session will have expired: somebody asks for a long pause.
    WillExpire {
        /// How long the session still has.
        within: Duration,
        /// How long until the next request.
        next: Duration,
    },
    /// By our clock the session has expired; the next answer will tell.
    Overdue,
    /// The wait is over. Nothing follows.
    Ended(End),
}

impl<I: Clone, E> Clone for Event<I, E> {
    fn clone(&self) -> Self {
        match self {
            Self::State { from, to } => Self::State { from: *from, to: *to },
            Self::Progress(counters) => Self::Progress(*counters),
            Self::Items(items) => Self::Items(items.clone()),
            Self::Settling => Self::Settling,
            Self::Anomaly(anomaly) => Self::Anomaly(*anomaly),
            Self::Retry { failure, after, attempt, error } => {
                Self::Retry { failure: *failure, after: *after, attempt: *attempt, error: Arc::clone(error) }
            }
            Self::WillExpire { within, next } => Self::WillExpire { within: *within, next: *next },
            Self::Overdue => Self::Overdue,
            Self::Ended(end) => Self::Ended(*end),
        }
    }
}
