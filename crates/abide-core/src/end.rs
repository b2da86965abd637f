//! The ways in which a wait ends.

use core::time::Duration;

use crate::failure::Failure;

/// How a wait ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The session finished and no item failed.
    Completed {
        /// What said so.
        rule: Rule,
    },
    /// The session finished and some items failed (CAL-CLIENT-PARTIAL).
    CompletedWithFailures {
        /// What said so.
        rule: Rule,
    },
    /// The session as a whole failed (CAL-CLIENT-FAILED).
    Failed,
    /// The session expired or was closed (HUM-CLIENT-GONE).
    Gone,
    /// This side closed the session while waiting for it ([`Session::handle_closed`](crate::Session::handle_closed)).
    Closed,
    /// The wait ended before the session did; the session may still live.
    GaveUp(GaveUp),
    /// The server refuses to tell: [`Failure::NotFound`], [`Failure::Denied`] or [`Failure::Rejected`].
    Refused(Failure),
}

impl End {
    /// Nothing that could be asked would change it: the session itself is over. A wait that was given up or refused may be
    /// taken up again.
    pub fn is_final(self) -> bool {
        match self {
            Self::Completed { .. } | Self::CompletedWithFailures { .. } | Self::Failed | Self::Gone | Self::Closed => {
                true
            }
            Self::GaveUp(_) | Self::Refused(_) => false,
        }
    }
}

/// Which of the two completion rules fired (CAL-CLIENT-DONE).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// The status word.
    Status,
    /// The counters: everything is processed.
    Count,
}

/// Why a wait was given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GaveUp {
    /// The longest wait is over.
    MaxWait,
    /// The server asked for a pause of this length, which is too long to sit out: longer than
    /// [`Options::retry_after_ceiling`](crate::Options::retry_after_ceiling), or than what is left of the longest wait.
    RetryAfterTooLong(Duration),
    /// This many requests in a row failed.
    TooManyErrors(u32),
}
