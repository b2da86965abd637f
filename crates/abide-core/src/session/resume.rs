//! Taking a wait down as data, and going on with it.

use super::{Request, Session};
use crate::backoff::Record;
use crate::contradictions::Earlier;
use crate::event::{Deadline, Why};
use crate::lifecycle::{Lifecycle, LifecycleError};
use crate::options::Options;
use crate::snapshot::{Snapshot, Standing};
use crate::tick::Tick;

impl Session {
    /// What must be kept to go on later. A request in flight counts as dropped at `now`; events not yet polled are not
    /// part of it.
    pub fn snapshot(&self, now: Tick) -> Snapshot {
        let (record, earlier) = (self.backoff.record(), self.contradictions.earlier());
        Snapshot {
            at: now,
            standing: self.completion.standing(),
            failures: self.completion.failures(),
            due: self.next_due(now),
            limit: self.schedule.limit(),
            begun: self.begun,
            window: self.expiry.window(),
            seen: self.seen,
            polls: self.polls,
            unchanged_polls: self.unchanged_polls,
            unchanged_in_a_row: self.unchanged_in_a_row,
            last_observation: earlier.observation,
            last_known_state: earlier.known_state,
            last_delivered: earlier.delivered,
            replied: record.replied,
            errors: record.errors,
            throttles: record.throttles,
            not_found: record.not_found,
            budget: record.budget,
            jitter: self.schedule.jitter_state(),
        }
    }

    /// Goes on with an earlier wait at the instant [`Snapshot::at`], under the same rules or others.
    ///
    /// A wait whose [`End`](crate::End) is final stays over, so a dead session is never asked again. One that was given up
    /// or refused, or whose longest wait ran out meanwhile, begins another wait: its gap and what it saw are kept, its
    /// limit and its errors count anew.
    ///
    /// # Errors
    /// What [`Lifecycle::validate`] says.
    pub fn resume(lifecycle: &Lifecycle, options: Options, kept: &Snapshot) -> Result<Session, LifecycleError> {
        let mut session = Session::new(lifecycle, options, kept.at)?;
        session.completion.resume(kept.standing, kept.failures);
        session.contradictions.resume(Earlier {
            observation: kept.last_observation,
            known_state: kept.last_known_state,
            delivered: kept.last_delivered,
        });
        session.expiry.resume(kept.window);
        session.seen = kept.seen;
        session.polls = kept.polls;
        session.unchanged_polls = kept.unchanged_polls;
        session.unchanged_in_a_row = kept.unchanged_in_a_row;
        session.schedule.resume(kept.jitter);
        let Snapshot { replied, errors, throttles, not_found, budget, .. } = *kept;
        session.backoff.resume(Record { replied, errors, throttles, not_found, budget });
        if kept.is_given_up() {
            session.completion.resume(Standing::Open, kept.failures);
            session.backoff.resume(Record { replied, budget, ..Record::default() });
            session.request = Request::Due(session.schedule.taken_up(kept.at, kept.due.at));
        } else {
            session.begun = kept.begun;
            session.request = Request::Due(session.schedule.goes_on_until(kept.limit, kept.due));
        }
        Ok(session)
    }

    /// When a request would be due if the one in flight were dropped at `now`. Where none fits into this wait: when one could
    /// come at the earliest, for a wait that begins later.
    fn next_due(&self, now: Tick) -> Deadline {
        let mut schedule = self.schedule.clone();
        let due = match self.request {
            Request::InFlight { sent } => schedule.after_abandoned(sent, now),
            Request::Due(due) => due,
        };
        if due.why == Why::MaxWait { Deadline { at: schedule.floor(), why: Why::MaxWait } } else { due }
    }
}

impl Snapshot {
    fn is_given_up(&self) -> bool {
        match self.standing {
            Standing::Over(end) => !end.is_final(),
            Standing::Settling { .. } => false,
            Standing::Open => self.limit <= self.at,
        }
    }
}
