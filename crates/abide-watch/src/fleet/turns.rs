//! One poll of a fleet: waking, sending, answering, and laying down again.

use std::collections::VecDeque;
use std::task::{Context, Poll};

use abide_core::{Step, Tick};
use futures_util::StreamExt;
use tracing::Span;

use super::Fleet;
use super::dormant::Dormant;
use super::gate::Opening;
use super::in_flight::InFlight;
use super::notice::Notice;
use super::slots::{Activity, Asking, Watched};
use crate::clock::Clock;
use crate::event::Event;
use crate::seen::Memory;
use crate::source::{Fetched, StatusSource};
use crate::wait::Wait;

/// Memory that one poll after the other uses.
pub(super) struct Spare<S: StatusSource> {
    events: VecDeque<Event<S::Item, S::Error>>,
    packed: Vec<u8>,
}

impl<S: StatusSource> Default for Spare<S> {
    fn default() -> Spare<S> {
        Spare { events: VecDeque::new(), packed: Vec::new() }
    }
}

impl<S: StatusSource, C: Clock> Fleet<S, C> {
    /// Takes in every answer that is there.
    pub(super) fn poll_requests(&mut self, cx: &mut Context<'_>) {
        while let Poll::Ready(Some((slot, answer))) = self.requests.poll_next_unpin(cx) {
            if let Some(answer) = answer {
                self.answered(slot, answer);
            }
        }
    }

    fn answered(&mut self, slot: u32, answer: Fetched<S>) {
        let Some(Watched { source, activity }) = self.slots.take(slot) else { return };
        let Activity::Asking(asking) = activity else {
            return self.slots.put_back(slot, Watched { source, activity });
        };
        let Asking { mut wait, limit } = *asking;
        self.timetable.clear_limit(limit, slot);
        let _entered = span(&source).entered();
        wait.events = std::mem::take(&mut self.spare.events);
        let now = self.alarm.now();
        let setback = answer.as_ref().err().map(|refusal| refusal.setback);
        let suspended_before = self.gate.is_suspended();
        match setback {
            None => self.gate.succeeded(),
            Some(setback) => self.gate.failed(now, setback.failure, setback.retry_after),
        }
        let is_transient = setback.is_some_and(|setback| setback.failure.is_transient());
        let held = (is_transient && self.gate.retries_are_exhausted()).then(|| now + self.lifecycle.pace().max);
        wait.answered(now, answer, held);
        if self.gate.is_suspended() && !suspended_before {
            self.notices.push_back(Notice::Suspended);
        }
        self.lay_down(slot, source, wait, now);
    }

    /// Wakes everybody whose time has come: sleepers queue up, and whoever is at the limit of its wait is over.
    pub(super) fn ring(&mut self, now: Tick) {
        while let Some(slot) = self.timetable.passed(now) {
            self.at_limit(slot, now);
        }
        while let Some((since, entry)) = self.timetable.rung(now) {
            if !self.slots.is_current(entry) {
                continue;
            }
            if let Some(Watched { activity: Activity::Asleep(dormant), .. }) = self.slots.watched(entry.slot) {
                if let Some(limit) = dormant.limit() {
                    self.timetable.set_limit(limit, entry.slot);
                }
                self.timetable.queue(since, entry);
            }
        }
    }

    fn at_limit(&mut self, slot: u32, now: Tick) {
        let Some(Watched { source, activity }) = self.slots.take(slot) else { return };
        let _entered = span(&source).entered();
        match activity {
            Activity::Asking(asking) => {
                let mut wait = asking.wait;
                self.abandon(slot);
                // Over it should be; if the core thinks otherwise, the request is gone all the same.
                if !matches!(wait.step(now), Step::Over(_)) {
                    wait.abandoned(now);
                }
                self.lay_down(slot, source, wait, now);
            }
            Activity::Asleep(dormant) => match self.wake(slot, dormant) {
                Some(wait) => self.lay_down(slot, source, wait, now),
                None => self.lost(slot, &source),
            },
        }
    }

    /// Sends for those whose turn it is while the gate is open. Tells whether any went out, and when the gate opens again.
    pub(super) fn send(&mut self, now: Tick) -> (bool, Option<Tick>) {
        let mut sent = false;
        while let Some((since, entry)) = self.timetable.first() {
            if !self.slots.is_current(entry) {
                self.timetable.drop_first();
                continue;
            }
            match self.gate.opening(now) {
                Opening::Now => {
                    self.timetable.drop_first();
                    if self.ask(entry.slot, now) {
                        self.delays.add(now.since(since));
                        sent = true;
                    }
                }
                Opening::At(at) => return (sent, Some(at)),
                Opening::AfterReply | Opening::Never => break,
            }
        }
        (sent, None)
    }

    /// Wakes a session and sends its request, if the core agrees.
    fn ask(&mut self, slot: u32, now: Tick) -> bool {
        let Some(Watched { source, activity }) = self.slots.take(slot) else { return false };
        self.clear_limit(slot, &activity);
        let dormant = match activity {
            Activity::Asleep(dormant) => dormant,
            Activity::Asking(_) => {
                self.slots.put_back(slot, Watched { source, activity });
                return false;
            }
        };
        let Some(mut wait) = self.wake(slot, dormant) else {
            self.lost(slot, &source);
            return false;
        };
        wait.begin_at(now);
        if wait.step(now) != Step::Send {
            self.lay_down(slot, source, wait, now);
            return false;
        }
        wait.sent(now);
        self.gate.sent(now);
        let span = span(&source);
        let request = span.in_scope(|| source.fetch(&wait.seen(Memory::Digest)));
        self.requests.push(InFlight::new(slot, request, span));
        let limit = match wait.step(now) {
            Step::AwaitReply(deadline) | Step::Wait(deadline) => deadline.at,
            Step::Send | Step::Over(_) => now,
        };
        self.timetable.set_limit(limit, slot);
        self.tell(slot, &mut wait);
        let asking = Asking { wait, limit };
        self.slots.put_back(slot, Watched { source, activity: Activity::Asking(Box::new(asking)) });
        true
    }

    /// After its request, or before its first one: the wait sleeps until it is due again, or is over.
    pub(super) fn lay_down(&mut self, slot: u32, source: S, mut wait: Wait<S>, now: Tick) {
        let step = wait.step(now);
        self.tell(slot, &mut wait);
        if let Some((end, _)) = wait.ended() {
            let resume = wait.resume(source.session(), now, self.alarm.wall());
            let outcome = Box::new(wait.conclude(end, resume));
            let key = self.slots.key(slot);
            self.let_go(slot, &source);
            return self.notices.push_back(Notice::Over { key, source, outcome });
        }
        let at = match step {
            Step::Wait(deadline) | Step::AwaitReply(deadline) => deadline.at,
            Step::Send | Step::Over(_) => now,
        };
        self.spare.events = std::mem::take(&mut wait.events);
        let (dormant, last) = Dormant::new(wait, &mut self.spare.packed);
        if self.keep_last {
            self.last.insert(slot, last);
        }
        self.slots.put_back(slot, Watched { source, activity: Activity::Asleep(dormant) });
        let entry = self.slots.stamped(slot);
        self.timetable.set_alarm(at, entry);
        self.timetable.tidy(self.slots.len(), |entry| self.slots.is_current(entry));
    }

    fn wake(&mut self, slot: u32, dormant: Dormant) -> Option<Wait<S>> {
        let last = self.last.remove(&slot).unwrap_or_default();
        // Its seed was used when the wait began: it goes on with numbers of its own.
        dormant.wake(&self.lifecycle, self.options, last)
    }

    /// Drops the request of a session.
    pub(super) fn abandon(&mut self, slot: u32) {
        self.gate.returned();
        if let Some(request) = self.requests.iter_mut().find(|request| request.is_of(slot)) {
            request.abandon();
        }
    }

    /// Passes on what the wait told, save its end.
    fn tell(&mut self, slot: u32, wait: &mut Wait<S>) {
        let key = self.slots.key(slot);
        let events = wait.events.drain(..).filter(|event| !matches!(event, Event::Ended(_)));
        self.notices.extend(events.map(|event| Notice::Event { key, event }));
    }

    pub(super) fn clear_limit(&mut self, slot: u32, activity: &Activity<S>) {
        match activity {
            // It has one only if it is queued.
            Activity::Asleep(dormant) => {
                if let Some(limit) = dormant.limit() {
                    self.timetable.clear_limit(limit, slot);
                }
            }
            Activity::Asking(asking) => self.timetable.clear_limit(asking.limit, slot),
        }
    }

    pub(super) fn let_go(&mut self, slot: u32, source: &S) {
        self.last.remove(&slot);
        self.watched.remove(&source.session());
        self.slots.release(slot);
    }

    /// A sleeping wait that cannot be read is a bug of this crate; the session is let go of rather than the fleet.
    fn lost(&mut self, slot: u32, source: &S) {
        tracing::error!(session = format_args!("{:016x}", source.session()), "a sleeping wait was lost");
        self.let_go(slot, source);
    }
}

/// What a session logs stands in this, as in a [`Watch`](crate::Watch).
fn span(source: &impl StatusSource) -> Span {
    tracing::debug_span!("watch", session = format_args!("{:016x}", source.session()))
}
