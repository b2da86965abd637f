//! A wait that did not come to completed results, as an error.

use std::error::Error;
use std::fmt;

use abide_core::{Counters, End, GaveUp};

use crate::outcome::Outcome;
use crate::resume::Resume;

/// Why a wait brought no completed session. Everything that is known stands in its [`outcome`](Self::outcome).
///
/// Its text says what happened, how long it took and what the requests were answered with; the last error of the source, if
/// the wait ended by one, is its [`source`](Error::source).
pub struct WatchError<S, E>(Box<Outcome<S, E>>);

impl<S, E> WatchError<S, E> {
    pub(crate) fn new(outcome: Outcome<S, E>) -> WatchError<S, E> {
        WatchError(Box::new(outcome))
    }

    /// All that is known.
    pub fn outcome(&self) -> &Outcome<S, E> {
        &self.0
    }

    /// All that is known.
    pub fn into_outcome(self) -> Outcome<S, E> {
        *self.0
    }

    /// With it another wait goes on where this one ended.
    pub fn resume(&self) -> &Resume {
        &self.0.resume
    }

    /// The session as a whole failed.
    pub fn is_failed(&self) -> bool {
        self.0.end == End::Failed
    }

    /// The session expired or was closed by somebody else.
    pub fn is_gone(&self) -> bool {
        self.0.end == End::Gone
    }

    /// This side closed it.
    pub fn is_closed(&self) -> bool {
        self.0.end == End::Closed
    }

    /// The wait ended before the session did, so that the session may still live.
    pub fn is_given_up(&self) -> bool {
        matches!(self.0.end, End::GaveUp(_))
    }

    /// The server refuses to tell.
    pub fn is_refused(&self) -> bool {
        matches!(self.0.end, End::Refused(_))
    }
}

impl<S, E> fmt::Display for WatchError<S, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Outcome { end, elapsed, polls, counters, replies, .. } = &*self.0;
        match end {
            End::Completed { .. } | End::CompletedWithFailures { .. } => f.write_str("the session completed"),
            End::Failed => f.write_str("the session failed"),
            End::Gone => f.write_str("the session is gone: it expired or was closed"),
            End::Closed => f.write_str("the session was closed from here"),
            End::GaveUp(GaveUp::MaxWait) => f.write_str("the longest wait is over, and the session may still live"),
            End::GaveUp(GaveUp::RetryAfterTooLong(asked)) => {
                write!(f, "the server asks for a pause of {} s, which is too long to sit out", asked.as_secs())
            }
            End::GaveUp(GaveUp::TooManyErrors(errors)) => write!(f, "{errors} requests in a row failed"),
            End::Refused(failure) => write!(f, "the server refuses to tell: {failure}"),
        }?;
        let Counters { processed, total, .. } = counters;
        write!(f, " ({processed} of {total} processed; {polls} requests in {:.1} s", elapsed.as_secs_f64())?;
        for (index, (answer, count)) in replies.iter().enumerate() {
            write!(f, "{} {count} {answer}", if index == 0 { ":" } else { "," })?;
        }
        f.write_str(")")
    }
}

impl<S, E> fmt::Debug for WatchError<S, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WatchError").field("end", &self.0.end).field("replies", &self.0.replies).finish_non_exhaustive()
    }
}

impl<S, E: Error + 'static> Error for WatchError<S, E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        let error = self.0.last_error.as_deref().filter(|_| match self.0.end {
            End::Gone | End::Refused(_) => true,
            End::GaveUp(reason) => reason != GaveUp::MaxWait,
            End::Completed { .. } | End::CompletedWithFailures { .. } | End::Failed | End::Closed => false,
        });
        error.map(|error| error as &(dyn Error + 'static))
    }
}

/// Why [`Watch::close`](crate::Watch::close) did not end the session on the server.
#[derive(Debug, thiserror::Error)]
pub enum CloseError<E: Error + 'static> {
    /// The API has no call for it; the session ends by itself.
    #[error("this API offers no way to end a session; it ends by itself")]
    NotOffered,
    /// The call failed; the session may still live.
    #[error("the session could not be closed, and may still live")]
    Failed(#[source] E),
}
