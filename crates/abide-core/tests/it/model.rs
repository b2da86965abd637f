//! What a session must do, worked out from nothing but the list of calls that were made to it.
//!
//! The model keeps no state of its own beside that list and the end that was found: each answer comes from looking
//! through everything again. It knows how the rules read, and nothing about how the session follows them.

mod pace;
mod window;

use std::time::Duration;

use abide_core::{
    CompleteBy, Counters, End, Event, Failure, GaveUp, Lifecycle, Observation, Options, Rule, State, Tick,
};

/// A call to a session.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Call {
    Step,
    Sent,
    Answer(Answer),
    /// No request before this instant.
    Hold(Tick),
    Closed,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Answer {
    Reply(Observation, Option<Duration>),
    Setback(Failure, Option<Duration>),
    Abandoned,
}

/// A wait and all calls made to it, each with the time that it was given.
#[derive(Clone, Debug)]
pub(crate) struct History {
    pub(crate) lifecycle: Lifecycle,
    pub(crate) options: Options,
    pub(crate) start: Tick,
    calls: Vec<(Tick, Call)>,
    /// What the calls come to, up to the one that ended the wait. Never updated: worked out again from all calls, with
    /// every call.
    exchanges: Vec<Exchange>,
    end: Option<End>,
}

/// A request that went out, and the answer that came.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Exchange {
    pub(crate) sent: Tick,
    pub(crate) answer: Option<(Tick, Answer)>,
    /// The place in the list of the last call that belongs to it.
    last_call: usize,
}

impl Exchange {
    fn reply(&self) -> Option<Observation> {
        match self.answer {
            Some((_, Answer::Reply(reply, _))) => Some(reply),
            Some((_, Answer::Setback(..) | Answer::Abandoned)) | None => None,
        }
    }

    /// When the answer came, and how long the server asked to wait from there.
    pub(crate) fn asked(&self) -> Option<(Tick, Duration)> {
        match self.answer? {
            (received, Answer::Reply(_, asked) | Answer::Setback(_, asked)) => Some((received, asked?)),
            (_, Answer::Abandoned) => None,
        }
    }

    fn failure(&self) -> Option<Failure> {
        match self.answer {
            Some((_, Answer::Setback(failure, _))) => Some(failure),
            Some((_, Answer::Reply(..) | Answer::Abandoned)) | None => None,
        }
    }
}

impl History {
    pub(crate) fn new(lifecycle: Lifecycle, options: Options, start: Tick) -> History {
        History { lifecycle, options, start, calls: Vec::new(), exchanges: Vec::new(), end: None }
    }

    /// One more call; none counts after the end. Gives what must be told because of it, except for anomalies, warnings and
    /// the instants of retries.
    pub(crate) fn push(&mut self, now: Tick, call: Call) -> Vec<Event> {
        if self.end.is_some() {
            return Vec::new();
        }
        self.calls.push((now, call));
        let exchanges = self.all_exchanges();
        let before = std::mem::replace(&mut self.exchanges, exchanges);
        self.end = self.ended_by_last(&before);
        let mut told = Vec::new();
        told.extend(self.overdue(&before).map(|since| Event::Overdue { since }));
        if let (true, Call::Answer(answer)) = (in_flight(&before), call) {
            told.extend(self.told_by(answer, &before));
        }
        told.extend(self.end.map(Event::Ended));
        told
    }

    pub(crate) fn end(&self) -> Option<End> {
        self.end
    }

    /// The time: it never runs backwards.
    pub(crate) fn now(&self) -> Tick {
        now(self.start, &self.calls)
    }

    pub(crate) fn in_flight(&self) -> bool {
        in_flight(&self.exchanges)
    }

    pub(crate) fn exchanges(&self) -> &[Exchange] {
        &self.exchanges
    }

    /// Requests and answers in turn: a second request before the answer, and an answer without a request, do not count.
    fn all_exchanges(&self) -> Vec<Exchange> {
        let mut exchanges: Vec<Exchange> = Vec::new();
        let mut now = self.start;
        for (last_call, (time, call)) in self.calls.iter().enumerate() {
            now = now.max(*time);
            match (call, exchanges.last_mut().filter(|exchange| exchange.answer.is_none())) {
                (Call::Sent, None) => exchanges.push(Exchange { sent: now, answer: None, last_call }),
                (Call::Answer(answer), Some(open)) => {
                    (open.answer, open.last_call) = (Some((now, *answer)), last_call);
                }
                (Call::Step | Call::Hold(_) | Call::Closed, _) | (Call::Sent, Some(_)) | (Call::Answer(_), None) => {}
            }
        }
        exchanges
    }

    /// Counted from the first request.
    pub(crate) fn limit(&self) -> Tick {
        let longest = self.longest();
        self.exchanges.first().map_or(self.start, |first| first.sent) + longest
    }

    fn longest(&self) -> Duration {
        self.options.max_wait.min(self.lifecycle.cap.unwrap_or(Duration::MAX))
    }

    /// How many replies were equal to the one before.
    pub(crate) fn unchanged(&self) -> usize {
        replies(&self.exchanges).windows(2).filter(|pair| pair[0] == pair[1]).count()
    }

    pub(crate) fn last_reply(&self) -> Option<Observation> {
        replies(&self.exchanges).last().copied()
    }

    fn ended_by_last(&self, before: &[Exchange]) -> Option<End> {
        let (_, call) = self.calls.last()?;
        match (call, in_flight(before)) {
            (Call::Sent | Call::Hold(_), _) | (Call::Answer(_), false) => None,
            (Call::Closed, _) => Some(self.completed(before).unwrap_or(End::Closed)),
            (Call::Step, flying) => {
                let grace = if flying { self.options.last_reply_grace } else { Duration::ZERO };
                let over = self.now() >= self.limit() + grace;
                over.then(|| self.completed(before).unwrap_or(End::GaveUp(GaveUp::MaxWait)))
            }
            (Call::Answer(Answer::Reply(reply, asked)), true) => self.ended_by_reply(before, reply, *asked),
            (Call::Answer(Answer::Setback(failure, asked)), true) => {
                self.completed(before).or_else(|| self.ended_by_setback(*failure, *asked))
            }
            (Call::Answer(Answer::Abandoned), true) => self.completed(before),
        }
    }

    fn ended_by_reply(&self, before: &[Exchange], reply: &Observation, asked: Option<Duration>) -> Option<End> {
        let was_done = self.completed(before).is_some();
        let is_done = self.completed(&self.exchanges);
        match (self.looks_done(reply), reply.state) {
            (_, State::Failed) => Some(End::Failed),
            _ if was_done && is_done.is_some() => is_done,
            (Some(_), _) => {
                let beyond_the_pace = asked.is_some_and(|asked| asked > self.lifecycle.interval.max);
                let no_confirmation_comes = beyond_the_pace || !self.room().exists();
                is_done.filter(|_| self.is_confirmed(reply) || no_confirmation_comes)
            }
            (None, _) => self.hopeless(asked),
        }
    }

    /// A pause above the ceiling, before the limit; or one that ends too late, where a gap would not.
    fn hopeless(&self, asked: Option<Duration>) -> Option<End> {
        let asked = asked?;
        let hopeless = if asked > self.options.retry_after_ceiling {
            self.now() < self.limit()
        } else {
            self.fits(self.lifecycle.interval.min) && !self.fits(asked)
        };
        hopeless.then_some(End::GaveUp(GaveUp::RetryAfterTooLong(asked)))
    }

    fn ended_by_setback(&self, failure: Failure, asked: Option<Duration>) -> Option<End> {
        let errors = self.in_a_row(Failure::Transient);
        match failure {
            Failure::Gone => Some(End::Gone),
            Failure::NotFound if self.may_be_too_young() => self.hopeless(asked),
            Failure::NotFound | Failure::Denied | Failure::Rejected => Some(End::Refused(failure)),
            Failure::Throttled => self.hopeless(asked),
            Failure::Transient => self.hopeless(asked).or_else(|| {
                let errors = u32::try_from(errors).expect("a short history");
                (errors > self.borne()).then_some(End::GaveUp(GaveUp::TooManyErrors(errors)))
            }),
        }
    }

    /// No reply ever came, and the server has not said too often that it does not know the session.
    fn may_be_too_young(&self) -> bool {
        let borne = usize::try_from(self.options.max_not_found_before_first_reply).expect("a small number");
        self.last_reply().is_none() && self.in_a_row(Failure::NotFound) <= borne
    }

    /// Ten retries; an error takes one, a reply brings a tenth of one, and half of them must be left.
    pub(crate) fn is_out_of_retries(&self) -> bool {
        let left = self.exchanges.iter().fold(100_i32, |left, exchange| match (exchange.reply(), exchange.failure()) {
            (Some(_), _) => (left + 1).min(100),
            (None, Some(Failure::Transient)) => (left - 10).max(0),
            (None, _) => left,
        });
        left <= 50
    }

    /// Errors in a row that end nothing: fewer as long as no reply ever came.
    fn borne(&self) -> u32 {
        let Options { max_consecutive_errors: most, max_errors_before_first_reply: before_first, .. } = self.options;
        if self.last_reply().is_some() { most } else { most.min(before_first) }
    }

    /// The failures since the last reply.
    fn failures(&self) -> Vec<Failure> {
        self.exchanges
            .iter()
            .rev()
            .take_while(|exchange| exchange.reply().is_none())
            .filter_map(Exchange::failure)
            .collect()
    }

    fn in_a_row(&self, failure: Failure) -> usize {
        self.failures().iter().filter(|earlier| **earlier == failure).count()
    }

    /// How the wait ends if it ends now and looks done: by the latest reply, or by the word of the one before it. What only
    /// the counters said, the counters can take back.
    fn completed(&self, exchanges: &[Exchange]) -> Option<End> {
        let replies = replies(exchanges);
        let (last, before) = replies.split_last()?;
        let by_word = || before.last().and_then(|reply| self.looks_done(reply)).filter(|rule| *rule == Rule::Status);
        let rule = self.looks_done(last).or_else(by_word)?;
        let failures = replies.iter().any(|reply| reply.counters.failed > 0);
        Some(if failures { End::CompletedWithFailures { rule } } else { End::Completed { rule } })
    }

    fn looks_done(&self, reply: &Observation) -> Option<Rule> {
        let Counters { total, processed, .. } = reply.counters;
        let by_word = reply.state == State::Completed && self.lifecycle.complete_by == CompleteBy::StatusOrCount;
        let by_count = total >= 1 && total <= processed;
        match reply.state {
            State::Failed => None,
            State::Queued | State::Running | State::Completed | State::Unknown if by_word => Some(Rule::Status),
            State::Queued | State::Running | State::Completed | State::Unknown => by_count.then_some(Rule::Count),
        }
    }

    fn is_confirmed(&self, reply: &Observation) -> bool {
        let has_items = reply.delivered.is_none_or(|items| i128::from(items) >= i128::from(reply.counters.processed));
        self.lifecycle.complete_by == CompleteBy::Count || reply.state == State::Completed && has_items
    }

    /// The place of the first call after the last answer.
    fn pause(&self) -> usize {
        self.exchanges.last().map_or(0, |exchange| exchange.last_call + 1)
    }

    /// The latest instant that the next request is held back to.
    pub(super) fn held(&self) -> Option<Tick> {
        let holds = self.calls[self.pause()..].iter().filter_map(|(_, call)| match call {
            Call::Hold(at) => Some(*at),
            Call::Step | Call::Sent | Call::Answer(_) | Call::Closed => None,
        });
        holds.max()
    }

    /// How long the end may have been there: from the sending of the request before the last that was answered with a
    /// status, where the last answer ended the wait.
    pub(crate) fn unseen(&self) -> Option<Duration> {
        let ended_by_reply =
            self.end?.is_final() && matches!(self.calls.last(), Some((_, Call::Answer(Answer::Reply(..)))));
        let replied: Vec<_> = self.exchanges.iter().filter(|exchange| exchange.reply().is_some()).collect();
        let [.., earlier, last] = replied.as_slice() else { return None };
        let (received, _) = last.answer?;
        ended_by_reply.then(|| received.since(earlier.sent))
    }

    /// What an answer that was waited for tells.
    fn told_by(&self, answer: Answer, before: &[Exchange]) -> Vec<Event> {
        let mut told = Vec::new();
        match answer {
            Answer::Reply(reply, _) => {
                let earlier = replies(before).last().copied();
                let (from, to) = (earlier.map(|earlier| earlier.state), reply.state);
                told.extend((from != Some(to)).then_some(Event::State { from, to }));
                let moved = earlier.is_none_or(|earlier| earlier.counters != reply.counters);
                told.extend(moved.then_some(Event::Progress(reply.counters)));
                let settling = self.end.is_none() && self.looks_done(&reply).is_some();
                told.extend(settling.then_some(Event::Settling));
            }
            Answer::Setback(failure, _) if self.end.is_none() && self.room().exists() => {
                let attempt = u32::try_from(self.failures().len()).expect("a short history");
                told.push(Event::Retry { failure, at: Tick::ZERO, attempt });
            }
            Answer::Setback(..) | Answer::Abandoned => {}
        }
        told
    }
}

fn now(start: Tick, calls: &[(Tick, Call)]) -> Tick {
    calls.iter().map(|(time, _)| *time).fold(start, Tick::max)
}

fn in_flight(exchanges: &[Exchange]) -> bool {
    exchanges.last().is_some_and(|exchange| exchange.answer.is_none())
}

fn replies(exchanges: &[Exchange]) -> Vec<Observation> {
    exchanges.iter().filter_map(Exchange::reply).collect()
}
