//! What a wait came to.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use abide_core::{Counters, End, Failure};
use serde::{Deserialize, Serialize};

use crate::error::WatchError;
use crate::resume::Resume;

/// The result of a finished wait, with enough beside the end to explain it.
#[derive(Clone, Debug)]
pub struct Outcome<S, E> {
    /// How it ended.
    pub end: End,
    /// From the creation of the watch to the end, and before that in earlier processes.
    pub elapsed: Duration,
    /// How many requests were sent.
    pub polls: u32,
    /// How many replies were equal to the one before.
    pub unchanged: u32,
    /// The size of all replies together, in bytes, where the source told it.
    pub bytes: u64,
    /// How many different items the replies held together, equal ones counted as often as one reply held them.
    pub items: u64,
    /// How long the session may have been over before it was seen: from the sending of the last request that still found it
    /// open to the receipt of the reply that ended it. `None` when no reply ended it, or the first one did.
    pub unseen: Option<Duration>,
    /// The counters of the last status; all zero when none ever came.
    pub counters: Counters,
    /// The last status.
    pub last_status: Option<S>,
    /// The last error, whether or not a status came after it.
    pub last_error: Option<Arc<E>>,
    /// How many requests got which answer. Tells why a wait was given up.
    pub replies: BTreeMap<Answer, u32>,
    /// With it another wait goes on where this one ended. Where the end is final, so is the other one's.
    pub resume: Resume,
}

impl<S, E> Outcome<S, E> {
    /// The outcome of a session that completed, failed items included; every other end is an error.
    ///
    /// # Errors
    /// When the session failed, is gone, was closed or refused, or the wait was given up.
    pub fn into_result(self) -> Result<Outcome<S, E>, WatchError<S, E>> {
        match self.end {
            End::Completed { .. } | End::CompletedWithFailures { .. } => Ok(self),
            End::Failed | End::Gone | End::Closed | End::GaveUp(_) | End::Refused(_) => Err(WatchError::new(self)),
        }
    }
}

/// What a request was answered with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "&'static str", try_from = "String")]
pub enum Answer {
    /// A status.
    Ok,
    /// Something else.
    Failed(Failure),
    /// Nothing before the wait was over.
    Nothing,
}

impl Answer {
    /// Every answer there is.
    pub const ALL: [Answer; 8] = [
        Answer::Ok,
        Answer::Failed(Failure::Transient),
        Answer::Failed(Failure::Throttled),
        Answer::Failed(Failure::Gone),
        Answer::Failed(Failure::NotFound),
        Answer::Failed(Failure::Denied),
        Answer::Failed(Failure::Rejected),
        Answer::Nothing,
    ];

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

impl From<Answer> for &'static str {
    fn from(answer: Answer) -> Self {
        answer.as_str()
    }
}

impl TryFrom<String> for Answer {
    type Error = &'static str;

    fn try_from(word: String) -> Result<Answer, Self::Error> {
        Self::ALL.into_iter().find(|answer| answer.as_str() == word).ok_or("not an answer")
    }
}
