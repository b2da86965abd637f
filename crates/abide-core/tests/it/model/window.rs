//! When the session expires as far as anybody knows, and what must be told of it.

use abide_core::{Deadline, Event, Tick, Why};

use super::{Call, Exchange, History, now};

impl History {
    /// The end of the inactivity window, where the last call is the first one at or after it.
    pub(super) fn overdue(&self, before: &[Exchange]) -> Option<Tick> {
        let (_, earlier) = self.calls.split_last()?;
        let until = self.alive_until(before, earlier)?;
        (self.now() >= until).then_some(until)
    }

    /// The end of the inactivity window that the latest reply opened, unless a later one of these calls has found it over.
    fn alive_until(&self, exchanges: &[Exchange], calls: &[(Tick, Call)]) -> Option<Tick> {
        let renewal = exchanges.iter().rev().find(|exchange| exchange.reply().is_some())?;
        let until = renewal.sent + self.lifecycle.inactivity?;
        let looked = calls.len() > renewal.last_call + 1;
        (!looked || now(self.start, calls) < until).then_some(until)
    }

    /// The same, after all calls so far.
    pub(crate) fn alive(&self) -> Option<Tick> {
        self.alive_until(&self.exchanges, &self.calls)
    }

    /// What must have been told when the next request was planned for this instant: that the session will not live to see it.
    pub(crate) fn warning(&self, deadline: Deadline) -> Option<Event> {
        let Deadline { at: next, why } = deadline;
        let planned = if why == Why::Held {
            self.pause() + self.calls[self.pause()..].iter().position(|(_, call)| *call == Call::Hold(next))?
        } else {
            self.exchanges.last()?.last_call
        };
        let at = self.alive_until(&self.exchanges, &self.calls[..=planned])?;
        (why != Why::MaxWait && at < next).then_some(Event::WillExpire { at, next })
    }
}
