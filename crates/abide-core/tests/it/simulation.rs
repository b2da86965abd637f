//! A driver without a clock, and a server that is a function.

use std::time::Duration;

use abide_core::{Counters, End, Event, Failure, Lifecycle, Observation, Options, Session, Setback, State, Step, Tick};

/// What the simulated server does with one request.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Answer {
    Status(Observation, Option<Duration>),
    Setback(Failure, Option<Duration>),
    /// The driver drops the request.
    Abandoned,
    /// No answer ever comes.
    Silence,
}

/// What one simulated wait did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trace {
    pub(crate) sends: Vec<Tick>,
    pub(crate) events: Vec<Event>,
    pub(crate) end: End,
    pub(crate) ended_at: Tick,
    pub(crate) unchanged: u32,
}

impl Trace {
    pub(crate) fn sends_in_millis(&self) -> Vec<u64> {
        self.sends.iter().map(|sent| sent.as_nanos() / 1_000_000).collect()
    }

    pub(crate) fn gaps(&self) -> Vec<Duration> {
        self.sends.windows(2).map(|pair| pair[1].since(pair[0])).collect()
    }
}

/// Runs one wait from `start`; `serve` gets the number of the request, from 0, and gives latency and answer.
pub(crate) fn run(
    lifecycle: &Lifecycle,
    options: Options,
    start: Tick,
    serve: impl FnMut(usize) -> (Duration, Answer),
) -> Trace {
    run_and(lifecycle, options, start, serve, |_| {})
}

/// As [`run`], doing something with the session before every wait.
pub(crate) fn run_and(
    lifecycle: &Lifecycle,
    options: Options,
    start: Tick,
    mut serve: impl FnMut(usize) -> (Duration, Answer),
    mut before_wait: impl FnMut(&mut Session),
) -> Trace {
    let (mut now, mut answers) = (start, 0);
    let mut session = Session::new(lifecycle, options, now).expect("a sound lifecycle");
    let mut trace = Trace { sends: Vec::new(), events: Vec::new(), end: End::Gone, ended_at: now, unchanged: 0 };
    loop {
        match session.step(now) {
            Step::Send => {
                trace.sends.push(now);
                session.handle_sent(now);
            }
            Step::Wait(deadline) => {
                assert!(deadline.at > now, "{deadline:?} has passed at {now:?}");
                trace.events.extend(std::iter::from_fn(|| session.poll_event()));
                before_wait(&mut session);
                now = deadline.at;
            }
            Step::AwaitReply(deadline) => {
                answers += 1;
                assert_eq!(answers, trace.sends.len(), "one answer is enough");
                let (latency, answer) = serve(trace.sends.len() - 1);
                now = answered(&mut session, now, deadline.at, latency, answer);
            }
            Step::Over(end) => {
                trace.events.extend(std::iter::from_fn(|| session.poll_event()));
                (trace.end, trace.ended_at, trace.unchanged) = (end, now, session.unchanged_polls());
                return trace;
            }
        }
        trace.events.extend(std::iter::from_fn(|| session.poll_event()));
    }
}

fn answered(session: &mut Session, sent: Tick, deadline: Tick, latency: Duration, answer: Answer) -> Tick {
    let now = sent + latency;
    if now >= deadline {
        return deadline;
    }
    match answer {
        Answer::Status(observation, retry_after) => {
            session.handle_reply(now, &observation, retry_after);
        }
        Answer::Setback(failure, retry_after) => session.handle_setback(now, Setback { failure, retry_after }),
        Answer::Abandoned => session.handle_abandoned(now),
        Answer::Silence => return deadline,
    }
    now
}

/// As many items are delivered as are processed.
pub(crate) const fn status(state: State, processed: i64, total: i64) -> Observation {
    let counters = Counters { total, processed, successful: processed, failed: 0 };
    Observation { state, counters, delivered: Some(processed.unsigned_abs()), mark: 0 }
}
