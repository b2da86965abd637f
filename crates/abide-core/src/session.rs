//! One wait: composes completion, expiry, schedule and backoff into a machine that is told what happened and says what to do.

mod answers;
mod resume;
mod telling;

use alloc::collections::VecDeque;
use core::time::Duration;

use crate::backoff::Backoff;
use crate::completion::{Completion, Verdict};
use crate::contradictions::Contradictions;
use crate::end::{End, GaveUp};
use crate::event::{Deadline, Event, Step, Why};
use crate::expiry::Expiry;
use crate::failure::{Failure, Setback};
use crate::lifecycle::{Lifecycle, LifecycleError};
use crate::observation::Observation;
use crate::options::Options;
use crate::schedule::Schedule;
use crate::tick::Tick;

/// The wait for one remote session. See the [crate documentation](crate) for how to drive it.
///
/// Time never runs backwards in here: an earlier `now` than one given before counts as that earlier one. After the end
/// every `handle_*` call changes nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    now: Tick,
    request: Request,
    completion: Completion,
    expiry: Expiry,
    schedule: Schedule,
    backoff: Backoff,
    contradictions: Contradictions,
    retry_after_ceiling: Duration,
    last_reply_grace: Duration,
    polls: u32,
    unchanged_polls: u32,
    unchanged_in_a_row: u32,
    /// A request of this wait was sent: its longest wait counts from there.
    begun: bool,
    /// When the latest request that was answered with a status went out.
    seen: Option<Tick>,
    /// How long the end may have been there unseen.
    unseen: Option<Duration>,
    events: VecDeque<Event>,
}

/// Where the one request at a time is.
///
/// ```text
///         sent
///  Due ----------> InFlight
///   ^                 |
///   +-----------------+
///    reply, setback, abandoned
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Request {
    Due(Deadline),
    InFlight { sent: Tick },
}

impl Session {
    /// A wait that begins at `now`, before any request.
    ///
    /// # Errors
    /// What [`Lifecycle::validate`] says.
    pub fn new(lifecycle: &Lifecycle, options: Options, now: Tick) -> Result<Session, LifecycleError> {
        lifecycle.validate()?;
        let longest = lifecycle.cap.map_or(options.max_wait, |cap| cap.min(options.max_wait));
        let mut schedule = Schedule::new(lifecycle, longest, options.seed, now);
        Ok(Session {
            now,
            request: Request::Due(schedule.first(now)),
            completion: Completion::new(lifecycle.complete_by),
            expiry: Expiry::new(lifecycle.inactivity),
            schedule,
            backoff: Backoff::new(lifecycle.pace(), &options),
            contradictions: Contradictions::new(lifecycle.complete_by),
            retry_after_ceiling: options.retry_after_ceiling,
            last_reply_grace: options.last_reply_grace,
            polls: 0,
            unchanged_polls: 0,
            unchanged_in_a_row: 0,
            begun: false,
            seen: None,
            unseen: None,
            events: VecDeque::new(),
        })
    }

    /// What to do at `now`.
    ///
    /// Call it again after every `handle_*` call and when the deadline of a [`Step::Wait`] or [`Step::AwaitReply`] has
    /// come; calling it more often is harmless. It answers [`Step::Send`] until [`handle_sent`](Self::handle_sent) is
    /// called.
    #[must_use = "the step is what the driver is to do"]
    pub fn step(&mut self, now: Tick) -> Step {
        self.move_clock(now);
        if let Some(end) = self.end() {
            return Step::Over(end);
        }
        match self.request {
            Request::InFlight { .. } => self.step_in_flight(),
            Request::Due(deadline) => self.step_due(deadline),
        }
    }

    /// The request asked for by [`Step::Send`] went out at `now`. Ignored while another one is in flight.
    pub fn handle_sent(&mut self, now: Tick) {
        self.move_clock(now);
        match self.request {
            Request::Due(_) if self.end().is_none() => {
                if !self.begun {
                    self.schedule.started(self.now);
                    self.begun = true;
                }
                self.polls = self.polls.saturating_add(1);
                self.request = Request::InFlight { sent: self.now };
            }
            Request::Due(_) | Request::InFlight { .. } => {}
        }
    }

    /// The request in flight was answered with a status. `retry_after` counts from `now`. Ignored when none is in flight.
    pub fn handle_reply(&mut self, now: Tick, observation: &Observation, retry_after: Option<Duration>) {
        let Some(sent) = self.answered(now) else {
            return;
        };
        self.expiry.renewed(sent);
        self.backoff.succeeded();
        self.note(observation);
        let seen = self.seen.replace(sent);
        match self.completion.observed(observation) {
            Verdict::Over(end) => self.finish(end),
            Verdict::GoOn => self.go_on(sent, retry_after),
            Verdict::Settle => self.settle(sent, retry_after),
        }
        if self.end().is_some_and(End::is_final) {
            self.unseen = seen.map(|seen| self.now.since(seen));
        }
    }

    /// The request in flight came back without a status. Ignored when none is in flight.
    pub fn handle_setback(&mut self, now: Tick, setback: Setback) {
        if self.answered(now).is_none() {
            return;
        }
        let Setback { failure, retry_after } = setback;
        match failure {
            Failure::Gone => self.gone(),
            Failure::NotFound => self.not_found(retry_after),
            Failure::Denied | Failure::Rejected => self.stop_after(retry_after, End::Refused(failure)),
            Failure::Transient | Failure::Throttled if self.completion.is_settling() => {
                self.settle_now();
            }
            Failure::Transient | Failure::Throttled => self.retry(failure, retry_after),
        }
    }

    /// The request in flight was dropped without an answer: nothing was learnt, and the next one keeps the gap. Ignored
    /// when none is in flight.
    pub fn handle_abandoned(&mut self, now: Tick) {
        let Some(sent) = self.answered(now) else {
            return;
        };
        if self.completion.is_settling() {
            self.settle_now();
        } else {
            let deadline = self.schedule.after_abandoned(sent, self.now);
            self.plan(deadline);
        }
    }

    /// This side closed the session. Ends the wait, whatever is in flight.
    pub fn handle_closed(&mut self, now: Tick) {
        self.move_clock(now);
        if self.end().is_none() {
            self.stop(End::Closed);
        }
    }

    /// No request may be sent before `at`: other waits under the same credential come first, or were pushed back. Where the
    /// longest wait ends sooner, this one ends with it. Ignored while a request is in flight.
    pub fn hold_until(&mut self, now: Tick, at: Tick) {
        self.move_clock(now);
        match self.request {
            Request::Due(due) if self.end().is_none() => {
                let held = self.schedule.held(due, at);
                if held != due {
                    self.plan(held);
                }
            }
            Request::Due(_) | Request::InFlight { .. } => {}
        }
    }

    /// The next thing that happened, oldest first. Drain it after every other call; nothing is lost if you do so later.
    pub fn poll_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// How the wait ended, once it has.
    pub fn end(&self) -> Option<End> {
        self.completion.end()
    }

    /// How many requests were sent.
    pub fn polls(&self) -> u32 {
        self.polls
    }

    /// How many replies were equal to the one before.
    pub fn unchanged_polls(&self) -> u32 {
        self.unchanged_polls
    }

    /// What the latest reply said.
    pub fn last_observation(&self) -> Option<Observation> {
        self.contradictions.earlier().observation
    }

    /// When the longest wait is over. Until the first request it is counted from the start of the wait.
    pub fn limit(&self) -> Tick {
        self.schedule.limit()
    }

    /// How long the end may have been there before it was seen: from the sending of the last request that still found the
    /// session open to the receipt of the reply that ended it. `None` when no reply ended it, or the first one did.
    pub fn unseen(&self) -> Option<Duration> {
        self.unseen
    }

    fn move_clock(&mut self, now: Tick) {
        self.now = self.now.max(now);
        if self.end().is_none()
            && let Some(since) = self.expiry.elapsed(self.now)
        {
            self.events.push_back(Event::Overdue { since });
        }
    }

    fn step_in_flight(&mut self) -> Step {
        let at = self.schedule.limit() + self.last_reply_grace;
        if self.now < at {
            return Step::AwaitReply(Deadline { at, why: Why::LastReply });
        }
        self.give_up()
    }

    fn step_due(&mut self, deadline: Deadline) -> Step {
        if self.now >= self.schedule.limit() {
            self.give_up()
        } else if self.now >= deadline.at {
            Step::Send
        } else {
            Step::Wait(deadline)
        }
    }

    fn give_up(&mut self) -> Step {
        let end = self.completion.stopped(End::GaveUp(GaveUp::MaxWait));
        self.finish(end);
        Step::Over(end)
    }

    /// When the request that has just been answered was sent.
    fn answered(&mut self, now: Tick) -> Option<Tick> {
        self.move_clock(now);
        match self.request {
            Request::InFlight { sent } if self.end().is_none() => Some(sent),
            Request::InFlight { .. } | Request::Due(_) => None,
        }
    }

    /// Ends the wait as `otherwise`, or as completed where a completion only lacked its confirmation.
    fn stop(&mut self, otherwise: End) {
        let end = self.completion.stopped(otherwise);
        self.finish(end);
    }
}

#[cfg(test)]
mod cells;
