//! A create call with its traces in the journal: no document says that a repeated one is recognised, so one that may have
//! been carried out is never made again.

use std::cell::Cell;
use std::future::Future;
use std::ops::Range;

use abide_core::{Failure, Setback};

use crate::interrupt::Interrupt;
use crate::journal::Journal;
use crate::throttled::{Unanswered, patiently};

/// Why there is no session.
#[derive(Debug)]
pub(crate) enum Uncreated<E> {
    /// Nothing was created.
    Refused(E),
    /// Whether a session was created is not known.
    Doubtful(E),
    /// Somebody asked to stop. After `sent`, whether a session was created is not known; else nothing was done.
    Interrupted { sent: bool },
    /// It could not be noted beforehand, so it was not made.
    Unwritten,
}

/// How many create calls in a row may be lost before it is the server and not an accident.
const LOST_IN_A_ROW: u32 = 3;

/// Whether a run goes on to create sessions after calls that brought none.
///
/// A refused credential or a dead host is every row's affair, and the first one ends it. A call whose answer was lost costs its
/// own rows: they are in doubt, and the others are sent, unless nothing ever came or call after call is lost.
#[derive(Debug, Default)]
pub(crate) struct GoingOn {
    ever_created: Cell<bool>,
    lost_in_a_row: Cell<u32>,
    stopped: Cell<bool>,
}

impl GoingOn {
    /// `ever_created`: by an earlier process.
    pub(crate) fn new(ever_created: bool) -> Self {
        Self { ever_created: Cell::new(ever_created), ..Self::default() }
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.stopped.get()
    }

    pub(crate) fn created(&self) {
        self.ever_created.set(true);
        self.lost_in_a_row.set(0);
    }

    pub(crate) fn refused(&self) {
        self.stopped.set(true);
    }

    /// The answer was lost.
    pub(crate) fn lost(&self) {
        let lost = self.lost_in_a_row.get().saturating_add(1);
        self.lost_in_a_row.set(lost);
        if !self.ever_created.get() || lost >= LOST_IN_A_ROW {
            self.stopped.set(true);
        }
    }
}

/// What the failure of a create call means.
pub(crate) trait CreateError {
    fn setback(&self) -> Setback;

    /// Whether the call may have been carried out all the same.
    fn is_doubtful(&self) -> bool;
}

impl CreateError for calmyx_client::Error {
    fn setback(&self) -> Setback {
        self.setback()
    }

    fn is_doubtful(&self) -> bool {
        may_be_carried_out(self.request())
    }
}

impl CreateError for hum_client::Error {
    fn setback(&self) -> Setback {
        self.setback()
    }

    fn is_doubtful(&self) -> bool {
        // A session without a name is a session all the same.
        matches!(self, Self::NoToken) || may_be_carried_out(self.request())
    }
}

/// A clear no is a no, what never left this machine was not carried out, and a page in place of JSON comes from something
/// else than the API. A server that breaks off, falls silent or fails has perhaps done its work before.
fn may_be_carried_out(request: Option<&abide_http::Error>) -> bool {
    request.is_some_and(|error| {
        let is_page = error.is_undecodable() && error.status().is_some();
        error.failure() == Failure::Transient && !error.is_unreachable() && !is_page
    })
}

/// Makes a create call for rows of the input; `id` is what the session is called in the journal.
pub(crate) async fn create<T, E, F>(
    journal: &Journal,
    rows: &Range<usize>,
    interrupt: &Interrupt,
    tell: &dyn Fn(&str),
    id: impl Fn(&T) -> String,
    call: impl Fn() -> F,
) -> Result<T, Uncreated<E>>
where
    E: CreateError,
    F: Future<Output = Result<T, E>>,
{
    let attempt = || {
        let call = journal.creating(rows).then(&call);
        async move {
            match call {
                Some(call) => call.await.map_err(|error| sorted(journal, rows, error)),
                None => Err(Uncreated::Unwritten),
            }
        }
    };
    match patiently(interrupt, tell, Uncreated::setback, attempt).await {
        Ok(created) => {
            journal.created(rows, &id(&created));
            Ok(created)
        }
        Err(Unanswered::Error(why)) => Err(why),
        Err(Unanswered::Interrupted { sent }) => Err(Uncreated::Interrupted { sent }),
    }
}

/// Notes at once that nothing was created, before a pause that may be the last.
fn sorted<E: CreateError>(journal: &Journal, rows: &Range<usize>, error: E) -> Uncreated<E> {
    if error.is_doubtful() {
        return Uncreated::Doubtful(error);
    }
    journal.refused(rows);
    Uncreated::Refused(error)
}

impl<E: CreateError> Uncreated<E> {
    fn setback(&self) -> Setback {
        match self {
            Self::Refused(error) | Self::Doubtful(error) => error.setback(),
            Self::Interrupted { .. } | Self::Unwritten => Setback { failure: Failure::Rejected, retry_after: None },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `c`reated, `l`ost, `r`efused: whether the next one is still sent, after each.
    fn check(ever_created: bool, calls: &str, expected: &str) {
        let going_on = GoingOn::new(ever_created);
        let found: String = calls
            .chars()
            .map(|call| {
                match call {
                    'c' => going_on.created(),
                    'l' => going_on.lost(),
                    _ => going_on.refused(),
                }
                if going_on.is_stopped() { '.' } else { '>' }
            })
            .collect();
        assert_eq!(found, expected, "{calls}");
    }

    #[test]
    fn what_ends_a_run() {
        check(false, "l", ".");
        check(false, "r", ".");
        check(false, "cr", ">.");
        check(false, "clclclc", ">>>>>>>");
        check(false, "cllcll", ">>>>>>");
        check(false, "clll", ">>>.");
        check(true, "llcl", ">>>>");
        check(true, "lll", ">>.");
    }
}
