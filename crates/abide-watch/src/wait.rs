//! What one wait has come to so far: the core's machine, and what the shell keeps beside it. It neither sleeps nor sends.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::SystemTime;

use abide_core::{End, Event as CoreEvent, Session, Standing, Step, Tick, Why};

use crate::delivered::{Delivered, Items};
use crate::event::Event;
use crate::outcome::{Answer, Outcome};
use crate::resume::{Kept, Resume};
use crate::seen::{Memory, Seen};
use crate::source::{Fetched, Refusal, Reply, StatusSource};
use crate::tally::Tally;

/// One wait without its clock and without its request.
pub(crate) struct Wait<S: StatusSource> {
    parts: Parts<S>,
    ended: Option<(End, Tick)>,
    /// The identities of items that were dropped before anybody took them.
    dropped: Vec<u64>,
    /// The session was closed after the wait had ended in another way.
    closed_after_the_end: bool,
    pub(crate) events: VecDeque<Event<S::Item, S::Error>>,
}

/// What a wait is made of.
pub(crate) struct Parts<S: StatusSource> {
    pub(crate) session: Session,
    /// Since when the part of the wait that `tally` does not know is going on.
    pub(crate) started: Tick,
    pub(crate) tally: Tally,
    pub(crate) delivered: Delivered,
    pub(crate) last: Last<S>,
}

/// The last status and the last error.
pub(crate) struct Last<S: StatusSource> {
    pub(crate) status: Option<S::Status>,
    pub(crate) error: Option<Arc<S::Error>>,
}

impl<S: StatusSource> Default for Last<S> {
    fn default() -> Last<S> {
        Last { status: None, error: None }
    }
}

impl<S: StatusSource> Wait<S> {
    /// A wait that begins or goes on at `started`. One that is over already tells its end.
    pub(crate) fn new(session: Session, started: Tick, delivered: Delivered, tally: Tally) -> Wait<S> {
        Wait::from_parts(Parts { session, started, tally, delivered, last: Last::default() })
    }

    pub(crate) fn from_parts(parts: Parts<S>) -> Wait<S> {
        let ended = parts.session.end();
        Wait {
            ended: ended.map(|end| (end, parts.started)),
            dropped: Vec::new(),
            closed_after_the_end: false,
            events: ended.into_iter().map(Event::Ended).collect(),
            parts,
        }
    }

    pub(crate) fn into_parts(self) -> Parts<S> {
        self.parts
    }

    /// What the core wants done at `now`; what it told on the way is among the events.
    pub(crate) fn step(&mut self, now: Tick) -> Step {
        let step = self.parts.session.step(now);
        self.tell(now, Vec::new());
        if let Step::Over(end) = step {
            self.close(end, now);
        }
        step
    }

    /// What the next request need not read again.
    pub(crate) fn seen(&self, memory: Memory) -> Seen {
        self.parts.delivered.seen(memory)
    }

    pub(crate) fn sent(&mut self, now: Tick) {
        self.parts.session.handle_sent(now);
    }

    pub(crate) fn abandoned(&mut self, now: Tick) {
        self.parts.session.handle_abandoned(now);
        self.parts.tally.count_unanswered(self.parts.session.polls());
        self.tell(now, Vec::new());
    }

    /// The session is closed. A wait that was over stays over as it was, and is never taken up again.
    pub(crate) fn closed(&mut self, now: Tick) {
        self.closed_after_the_end = self.ended.is_some();
        self.parts.session.handle_closed(now);
        self.tell(now, Vec::new());
    }

    /// There is nothing left to close.
    pub(crate) fn is_closed(&self) -> bool {
        self.closed_after_the_end || matches!(self.ended, Some((End::Gone | End::Closed, _)))
    }

    /// Nobody wants the events. The items among them count as not given to a wait that goes on, and are no reason to ask
    /// again where the end is final.
    pub(crate) fn drop_events(&mut self) {
        let untaken = identities_in::<S>(&self.events);
        self.dropped.extend(untaken);
        self.events.clear();
    }

    /// Its first request goes out only now.
    pub(crate) fn begin_at(&mut self, now: Tick) {
        self.parts.session.begin_at(now);
    }

    /// After a refusal no request goes out before `held`: others under the same credential were refused too.
    pub(crate) fn answered(&mut self, now: Tick, answer: Fetched<S>, held: Option<Tick>) {
        match answer {
            Ok(reply) => self.replied(now, reply),
            Err(refusal) => self.refused(now, refusal, held),
        }
    }

    pub(crate) fn session(&self) -> &Session {
        &self.parts.session
    }

    pub(crate) fn ended(&self) -> Option<(End, Tick)> {
        self.ended
    }

    pub(crate) fn last_status(&self) -> Option<&S::Status> {
        self.parts.last.status.as_ref()
    }

    pub(crate) fn items(&self) -> u64 {
        self.parts.tally.items
    }

    /// All that is needed to go on later. Items that nobody has taken yet count as not given.
    pub(crate) fn kept(&self, now: Tick) -> Kept {
        let tally = self.parts.tally.clone();
        let mut kept =
            Kept { snapshot: self.parts.session.snapshot(now), delivered: self.parts.delivered.without_seen(), tally };
        let untaken = identities_in::<S>(&self.events);
        if !untaken.is_empty() {
            kept.snapshot.standing = asked_once_more(kept.snapshot.standing);
        }
        if !matches!(kept.snapshot.standing, Standing::Over(end) if end.is_final()) {
            kept.take_back(&[self.dropped.as_slice(), untaken.as_slice()].concat());
        }
        if self.closed_after_the_end {
            kept.snapshot.standing = Standing::Over(End::Closed);
        }
        let until = self.ended.map_or(now, |(_, at)| at);
        kept.tally.waited = kept.tally.waited.saturating_add(until.since(self.parts.started));
        kept.tally.count_unanswered(self.parts.session.polls());
        kept
    }

    pub(crate) fn resume(&self, session: u64, now: Tick, wall: SystemTime) -> Resume {
        Resume { session, saved_at: wall, kept: self.kept(now) }
    }

    pub(crate) fn conclude(self, end: End, resume: Resume) -> Outcome<S::Status, S::Error> {
        Outcome {
            end,
            elapsed: resume.kept.tally.waited,
            polls: self.parts.session.polls(),
            unchanged: self.parts.session.unchanged_polls(),
            bytes: self.parts.tally.bytes,
            items: self.parts.tally.items,
            unseen: self.parts.session.unseen(),
            counters: self.parts.session.last_observation().map(|last| last.counters).unwrap_or_default(),
            last_status: self.parts.last.status,
            last_error: self.parts.last.error,
            replies: resume.kept.tally.answers.by_answer(),
            resume,
        }
    }

    fn replied(&mut self, now: Tick, reply: Reply<S::Status, S::Item>) {
        let Reply { observation, status, items, known, seen, retry_after, bytes } = reply;
        self.parts.tally.count(Answer::Ok, 1);
        self.parts.tally.bytes = self.parts.tally.bytes.saturating_add(bytes);
        let items = Items { read: items, known, seen };
        let new = self.parts.delivered.keep_new(items, S::identity, S::is_unique);
        self.parts.tally.items = self.parts.tally.items.saturating_add(new.len().try_into().unwrap_or(u64::MAX));
        self.parts.last.status = Some(status);
        self.parts.session.handle_reply(now, &observation, retry_after);
        let counters = observation.counters;
        tracing::debug!(
            poll = self.parts.session.polls(),
            state = %observation.state,
            total = counters.total,
            processed = counters.processed,
            failed = counters.failed,
            known_items = known,
            new_items = new.len(),
            bytes,
            "status received"
        );
        self.tell(now, new);
    }

    fn refused(&mut self, now: Tick, refusal: Refusal<S::Error>, held: Option<Tick>) {
        let Refusal { setback, error } = refusal;
        let answer = Answer::Failed(setback.failure);
        self.parts.tally.count(answer, 1);
        self.parts.last.error = Some(Arc::new(error));
        self.parts.session.handle_setback(now, setback);
        if let Some(at) = held {
            self.parts.session.hold_until(now, at);
        }
        tracing::debug!(poll = self.parts.session.polls(), answer = %answer, "no status received");
        self.tell(now, Vec::new());
    }

    /// Passes the core's events on, with the new items before what may be the last word.
    fn tell(&mut self, now: Tick, new: Vec<S::Item>) {
        let mut new = Some(new).filter(|new| !new.is_empty());
        while let Some(event) = self.parts.session.poll_event() {
            if matches!(event, CoreEvent::Settling | CoreEvent::Ended(_)) {
                self.events.extend(new.take().map(Event::Items));
            }
            if let CoreEvent::Ended(end) = event {
                self.close(end, now);
            }
            self.events.extend(self.translate(event, now));
        }
        self.events.extend(new.map(Event::Items));
    }

    fn translate(&self, event: CoreEvent, now: Tick) -> Option<Event<S::Item, S::Error>> {
        Some(match event {
            CoreEvent::State { from, to } => Event::State { from, to },
            CoreEvent::Progress(counters) => Event::Progress(counters),
            CoreEvent::Settling => Event::Settling,
            CoreEvent::Anomaly(anomaly) => Event::Anomaly(anomaly),
            CoreEvent::Retry { failure, at: _, attempt } => {
                let error = Arc::clone(self.parts.last.error.as_ref()?);
                // It may have been held since, even for longer than this wait lasts.
                let due = self.parts.session.snapshot(now).due;
                (due.why != Why::MaxWait).then(|| Event::Retry { failure, after: due.at.since(now), attempt, error })?
            }
            CoreEvent::WillExpire { at, next } => Event::WillExpire { within: at.since(now), next: next.since(now) },
            CoreEvent::Overdue { since: _ } => Event::Overdue,
            CoreEvent::Ended(end) => Event::Ended(end),
        })
    }

    /// The first end counts.
    fn close(&mut self, end: End, at: Tick) {
        if self.ended.is_none() {
            self.ended = Some((end, at));
            tracing::debug!(
                ?end,
                polls = self.parts.session.polls(),
                unchanged = self.parts.session.unchanged_polls(),
                bytes = self.parts.tally.bytes,
                items = self.parts.tally.items,
                unseen_ms =
                    self.parts.session.unseen().map(|unseen| u64::try_from(unseen.as_millis()).unwrap_or(u64::MAX)),
                "wait over"
            );
        }
    }
}

/// The identities of the items among the events.
fn identities_in<S: StatusSource>(events: &VecDeque<Event<S::Item, S::Error>>) -> Vec<u64> {
    let items = |event: &Event<S::Item, S::Error>| match event {
        Event::Items(items) => items.iter().map(S::identity).collect(),
        Event::State { .. }
        | Event::Progress(_)
        | Event::Settling
        | Event::Anomaly(_)
        | Event::Retry { .. }
        | Event::WillExpire { .. }
        | Event::Overdue
        | Event::Ended(_) => Vec::new(),
    };
    events.iter().flat_map(items).collect()
}

/// A reply that ended the wait must come again where its items were not taken.
fn asked_once_more(standing: Standing) -> Standing {
    match standing {
        Standing::Over(End::Completed { .. } | End::CompletedWithFailures { .. } | End::Failed) => Standing::Open,
        Standing::Over(_) | Standing::Open | Standing::Settling { .. } => standing,
    }
}
