//! A status source that plays a script, in virtual time.

use std::collections::VecDeque;
use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use abide_core::{
    CompleteBy, Counters, Failure, FirstPoll, Interval, Lifecycle, Observation, Options, Setback, State, Tick,
};
use abide_watch::{BoxFuture, Clock, Event, Fetched, Outcome, Refusal, Reply, Seen, StatusSource, TestClock, Watch};

pub(crate) const SECOND: Duration = Duration::from_secs(1);

/// Exactly one poll per 2 s, the first at once.
pub(crate) const LIFECYCLE: Lifecycle = Lifecycle {
    first_poll: FirstPoll::Immediate,
    interval: Interval { min: Duration::from_secs(2), max: Duration::from_secs(2) },
    growth: None,
    cap: None,
    inactivity: None,
    complete_by: CompleteBy::StatusOrCount,
};

/// One scripted answer: how long it takes, and what it is.
#[derive(Clone, Debug)]
pub(crate) struct Scripted {
    pub(crate) latency: Duration,
    pub(crate) answer: Result<(Observation, &'static str), Failure>,
    pub(crate) retry_after: Option<Duration>,
}

impl Scripted {
    pub(crate) fn after(self, latency: Duration) -> Scripted {
        Scripted { latency, ..self }
    }

    pub(crate) fn asking(self, retry_after: Duration) -> Scripted {
        Scripted { retry_after: Some(retry_after), ..self }
    }
}

/// A status with one item per letter, all of them processed.
pub(crate) fn status(state: State, total: i64, items: &'static str) -> Scripted {
    let processed = i64::try_from(items.len()).unwrap();
    let counters = Counters { total, processed, successful: processed, failed: 0 };
    let delivered = u64::try_from(items.len()).ok();
    let observation = Observation { state, counters, delivered, mark: 0 };
    Scripted { latency: Duration::ZERO, answer: Ok((observation, items)), retry_after: None }
}

/// A status with these counters and without items.
pub(crate) fn counted(state: State, total: i64, processed: i64) -> Scripted {
    let scripted = status(state, total, "");
    let counters = Counters { total, processed, successful: processed, failed: 0 };
    let answer = scripted.answer.map(|(seen, body)| (Observation { counters, delivered: None, ..seen }, body));
    Scripted { answer, ..scripted }
}

pub(crate) fn running(items: &'static str) -> Scripted {
    status(State::Running, 5, items)
}

pub(crate) fn completed(items: &'static str) -> Scripted {
    status(State::Completed, i64::try_from(items.len()).unwrap(), items)
}

pub(crate) fn failed(failure: Failure) -> Scripted {
    Scripted { latency: Duration::ZERO, answer: Err(failure), retry_after: None }
}

/// Plays its script once; when it is used up, no answer ever comes. A clone plays the same script on.
#[derive(Clone, Debug)]
pub(crate) struct Script<C = TestClock> {
    pub(crate) clock: C,
    session: u64,
    left: Arc<Mutex<VecDeque<Scripted>>>,
    sent: Arc<Mutex<Vec<Tick>>>,
    dropped: Arc<AtomicU32>,
    /// How long closing takes, and what it comes to; `None` where the API has no such call.
    closing: Option<(Duration, Result<(), Failure>)>,
    closed: Arc<AtomicU32>,
}

impl Script {
    pub(crate) fn new(script: &[Scripted]) -> Script {
        Script::on(TestClock::new(), script)
    }

    /// Runs what waits on this script to its end.
    pub(crate) fn run<F: Future>(&self, future: F) -> F::Output {
        self.clock.run(future).expect("what is waited for never comes")
    }

    /// A whole wait of at most `longest`.
    pub(crate) fn outcome(&self, longest: Duration) -> Outcome<&'static str, ScriptedError> {
        self.run(self.watch(longest).outcome())
    }

    /// All that a watch tells until its end, each event with the second in which it came.
    pub(crate) fn told(&self, watch: &mut Watch<Script, impl Clock>) -> Vec<(u64, String)> {
        self.run(async {
            let mut told = Vec::new();
            while let Some(event) = watch.next().await {
                told.push((self.elapsed().as_secs(), word(&event)));
            }
            told
        })
    }
}

impl<C: Clock + Clone> Script<C> {
    pub(crate) fn on(clock: C, script: &[Scripted]) -> Script<C> {
        Script {
            clock,
            session: 7,
            left: Arc::new(Mutex::new(script.iter().cloned().collect())),
            sent: Arc::default(),
            dropped: Arc::default(),
            closing: None,
            closed: Arc::default(),
        }
    }

    /// The rest of the same script in another process: another clock, and counts of its own.
    pub(crate) fn elsewhere<D: Clock + Clone>(&self, clock: D) -> Script<D> {
        Script { left: Arc::clone(&self.left), session: self.session, ..Script::on(clock, &[]) }
    }

    pub(crate) fn of_session(self, session: u64) -> Script<C> {
        Script { session, ..self }
    }

    pub(crate) fn closing(self, latency: Duration, answer: Result<(), Failure>) -> Script<C> {
        Script { closing: Some((latency, answer)), ..self }
    }

    pub(crate) fn watch(&self, longest: Duration) -> Watch<Script<C>, C> {
        self.watch_with(&LIFECYCLE, Options::new(longest, 1))
    }

    pub(crate) fn watch_with(&self, lifecycle: &Lifecycle, options: Options) -> Watch<Script<C>, C> {
        Watch::with_clock(self.clone(), lifecycle, options, self.clock.clone()).expect("a sound lifecycle")
    }

    /// Since the clock began.
    pub(crate) fn elapsed(&self) -> Duration {
        self.clock.now().since(Tick::ZERO)
    }

    /// When each request so far was sent, since the clock began.
    pub(crate) fn sent(&self) -> Vec<Duration> {
        self.sent.lock().unwrap().iter().map(|at| at.since(Tick::ZERO)).collect()
    }

    /// The time between each two requests.
    pub(crate) fn gaps(&self) -> Vec<Duration> {
        self.sent.lock().unwrap().windows(2).map(|two| two[1].since(two[0])).collect()
    }

    /// How many requests were sent, and how many of these were dropped before their answer.
    pub(crate) fn requests(&self) -> (usize, u32) {
        (self.sent.lock().unwrap().len(), self.dropped.load(Ordering::Relaxed))
    }

    /// How many times the session was closed.
    pub(crate) fn closed(&self) -> u32 {
        self.closed.load(Ordering::Relaxed)
    }
}

impl<C: Clock + Clone> StatusSource for Script<C> {
    type Status = &'static str;
    type Item = char;
    type Error = ScriptedError;

    fn fetch(&self, _: &Seen) -> BoxFuture<Fetched<Script<C>>> {
        self.sent.lock().unwrap().push(self.clock.now());
        let guard = Unanswered(Some(Arc::clone(&self.dropped)));
        let scripted = self.left.lock().unwrap().pop_front();
        let clock = self.clock.clone();
        Box::pin(async move {
            let mut guard = guard;
            let Some(Scripted { latency, answer, retry_after }) = scripted else {
                return std::future::pending().await;
            };
            clock.sleep_until(clock.now() + latency).await;
            guard.0 = None;
            match answer {
                Ok((observation, items)) => {
                    let (status, items) = (items, items.chars().collect());
                    Ok(Reply { observation, status, items, known: 0, seen: Seen::nothing(), retry_after, bytes: 10 })
                }
                Err(failure) => {
                    Err(Refusal { setback: Setback { failure, retry_after }, error: ScriptedError(failure) })
                }
            }
        })
    }

    fn session(&self) -> u64 {
        self.session
    }

    fn identity(item: &char) -> u64 {
        u64::from(*item)
    }

    fn close(&self) -> Option<BoxFuture<Result<(), ScriptedError>>> {
        let (latency, answer) = self.closing?;
        let (clock, closed) = (self.clock.clone(), Arc::clone(&self.closed));
        Some(Box::pin(async move {
            clock.sleep_until(clock.now() + latency).await;
            closed.fetch_add(1, Ordering::Relaxed);
            answer.map_err(ScriptedError)
        }))
    }
}

/// Counts the requests that were dropped before their answer.
#[derive(Debug)]
struct Unanswered(Option<Arc<AtomicU32>>);

impl Drop for Unanswered {
    fn drop(&mut self) {
        if let Some(dropped) = &self.0 {
            dropped.fetch_add(1, Ordering::Relaxed);
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ScriptedError(pub(crate) Failure);

impl fmt::Display for ScriptedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the script says: {}", self.0)
    }
}

impl std::error::Error for ScriptedError {}

/// An event as one short word or two, so that a whole wait reads as one list.
pub(crate) fn word(event: &Event<char, ScriptedError>) -> String {
    match event {
        Event::State { to, .. } => to.to_string(),
        Event::Progress(counters) => format!("{}/{}", counters.processed, counters.total),
        Event::Items(items) => items.iter().collect(),
        Event::Settling => "settling".to_owned(),
        Event::Anomaly(anomaly) => format!("! {anomaly}"),
        Event::Retry { failure, after, attempt, error } => {
            format!("retry {attempt} in {after:?}: {failure}; {error}")
        }
        Event::WillExpire { within, next } => format!("will expire in {within:?}, next in {next:?}"),
        Event::Overdue => "overdue".to_owned(),
        Event::Ended(end) => format!("{end:?}"),
    }
}
