//! What a session must do, worked out from nothing but the list of calls that were made to it.
//!
//! The model keeps no state of its own beside that list and the end that was found: each answer comes from looking
//! through everything again. It knows how the rules read, and nothing about how the session follows them.

mod pace;

use std::time::Duration;

use abide_core::{
    CompleteBy, Counters, End, Event, Failure, GaveUp, Lifecycle, Observation, Options, Rule, State, Tick,
};

/// A call to a session.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Call {
    Step,
    Sent,
    Answer(Answer),
}

#[derive(Clone, Copy, Debug)]
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

    /// One more call. Gives what must be told because of it, except for anomalies and for the instants of retries.
    pub(crate) fn push(&mut self, now: Tick, call: Call) -> Vec<Event> {
        self.calls.push((now, call));
        if self.end.is_some() {
            return Vec::new();
        }
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
                (Call::Step, _) | (Call::Sent, Some(_)) | (Call::Answer(_), None) => {}
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
            (Call::Sent, _) | (Call::Answer(_), false) => None,
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
        let too_long = asked.filter(|asked| *asked > self.options.retry_after_ceiling);
        let was_done = self.completed(before).is_some();
        let is_done = self.completed(&self.exchanges);
        match (self.looks_done(reply), reply.state) {
            (_, State::Failed) => Some(End::Failed),
            _ if was_done => is_done,
            (Some(_), _) => {
                let no_confirmation_comes = too_long.is_some() || !self.room().exists();
                is_done.filter(|_| self.is_confirmed(reply) || no_confirmation_comes)
            }
            (None, _) => {
                too_long.filter(|asked| self.fits(*asked)).map(|asked| End::GaveUp(GaveUp::RetryAfterTooLong(asked)))
            }
        }
    }

    fn ended_by_setback(&self, failure: Failure, asked: Option<Duration>) -> Option<End> {
        let errors = self.failures().iter().filter(|failure| **failure == Failure::Transient).count();
        let sit_out = |asked: Duration| asked <= self.options.retry_after_ceiling && self.fits(asked);
        let hopeless = asked.filter(|asked| self.now() < self.limit() && !sit_out(*asked));
        match (failure, hopeless) {
            (Failure::Gone, _) => Some(End::Gone),
            (Failure::NotFound | Failure::Denied | Failure::Rejected, _) => Some(End::Refused(failure)),
            (Failure::Transient | Failure::Throttled, Some(asked)) => {
                Some(End::GaveUp(GaveUp::RetryAfterTooLong(asked)))
            }
            (Failure::Transient, None) if errors > self.borne() => {
                Some(End::GaveUp(GaveUp::TooManyErrors(u32::try_from(errors).expect("a short history"))))
            }
            (Failure::Transient | Failure::Throttled, None) => None,
        }
    }

    /// Errors in a row that end nothing: fewer as long as no reply ever came.
    fn borne(&self) -> usize {
        let Options { max_consecutive_errors: most, max_errors_before_first_reply: before_first, .. } = self.options;
        let borne = if self.last_reply().is_some() { most } else { most.min(before_first) };
        usize::try_from(borne).expect("a small number")
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

    /// How the wait ends if it ends now and some reply looked done: by the rule of the latest that did.
    fn completed(&self, exchanges: &[Exchange]) -> Option<End> {
        let replies = replies(exchanges);
        let rule = replies.iter().rev().find_map(|reply| self.looks_done(reply))?;
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

    /// The end of the inactivity window, where the last call is the first one at or after it.
    fn overdue(&self, before: &[Exchange]) -> Option<Tick> {
        let renewal = before.iter().rev().find(|exchange| exchange.reply().is_some())?;
        let until = renewal.sent + self.lifecycle.inactivity?;
        let (_, earlier) = self.calls.split_last()?;
        let looked = earlier.len() > renewal.last_call + 1;
        let told = looked && now(self.start, earlier) >= until;
        (self.now() >= until && !told).then_some(until)
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
