//! What a wait came to.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use abide_core::{Counters, End, Failure};

/// The result of a finished wait, with enough beside the end to explain it.
#[derive(Clone, Debug)]
pub struct Outcome<S, E> {
    /// How it ended.
    pub end: End,
    /// From the creation of the watch to the end.
    pub elapsed: Duration,
    /// How many requests were sent.
    pub polls: u32,
    /// How many replies were equal to the one before.
    pub unchanged: u32,
    /// How many different items the replies held together, equal ones counted as often as one reply held them.
    pub items: u64,
    /// The counters of the last status; all zero when none ever came.
    pub counters: Counters,
    /// The last status.
    pub last_status: Option<S>,
    /// The last error, whether or not a status came after it.
    pub last_error: Option<Arc<E>>,
    /// How many requests got which answer. Tells why a wait was given up.
    pub replies: BTreeMap<Answer, u32>,
}

/// What a request was answered with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Answer {
    /// A status.
    Ok,
    /// Something else.
    Failed(Failure),
    /// Nothing before the wait was over.
    Nothing,
}

impl Answer {
    /// One lower-case word, fit for a key: `ok`, `transient`, `throttled`, `gone`, `not-found`, `denied`, `rejected` or
    /// `nothing`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Failed(Failure::Transient) => "transient",
            Self::Failed(Failure::Throttled) => "throttled",
            Self::Failed(Failure::Gone) => "gone",
            Self::Failed(Failure::NotFound) => "not-found",
            Self::Failed(Failure::Denied) => "denied",
            Self::Failed(Failure::Rejected) => "rejected",
            Self::Nothing => "nothing",
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
