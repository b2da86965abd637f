//! A status source that plays a script, in virtual time.

use std::collections::VecDeque;
use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use abide_core::{CompleteBy, Counters, Failure, FirstPoll, Interval, Lifecycle, Observation, Options, Setback, State};
use abide_watch::{BoxFuture, Event, Fetched, Refusal, Reply, StatusSource, Watch};

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
}

/// A status with one item per letter.
pub(crate) fn status(state: State, total: i64, items: &'static str) -> Scripted {
    let processed = i64::try_from(items.len()).unwrap();
    let counters = Counters { total, processed, successful: processed, failed: 0 };
    let delivered = u64::try_from(items.len()).ok();
    let observation = Observation { state, counters, delivered, mark: 0 };
    Scripted { latency: Duration::ZERO, answer: Ok((observation, items)), retry_after: None }
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

/// Plays its script once; when it is used up, no answer ever comes.
#[derive(Clone, Debug)]
pub(crate) struct Script {
    left: Arc<Mutex<VecDeque<Scripted>>>,
    pub(crate) fetched: Arc<AtomicU32>,
    pub(crate) dropped: Arc<AtomicU32>,
}

impl Script {
    pub(crate) fn new(script: &[Scripted]) -> Script {
        let left = Arc::new(Mutex::new(script.iter().cloned().collect()));
        Script { left, fetched: Arc::default(), dropped: Arc::default() }
    }

    pub(crate) fn watch(&self, max_wait: Duration) -> Watch<Script> {
        Watch::new(self.clone(), &LIFECYCLE, Options::new(max_wait, 1)).unwrap()
    }
}

impl StatusSource for Script {
    type Status = &'static str;
    type Item = char;
    type Error = ScriptedError;

    fn fetch(&self) -> BoxFuture<Fetched<Script>> {
        self.fetched.fetch_add(1, Ordering::Relaxed);
        let guard = Unanswered(Some(Arc::clone(&self.dropped)));
        let scripted = self.left.lock().unwrap().pop_front();
        Box::pin(async move {
            let mut guard = guard;
            let Some(Scripted { latency, answer, retry_after }) = scripted else {
                return std::future::pending().await;
            };
            tokio::time::sleep(latency).await;
            guard.0 = None;
            match answer {
                Ok((observation, items)) => {
                    Ok(Reply { observation, status: items, items: items.chars().collect(), retry_after, bytes: 10 })
                }
                Err(failure) => {
                    Err(Refusal { setback: Setback { failure, retry_after }, error: ScriptedError(failure) })
                }
            }
        })
    }

    fn session(&self) -> u64 {
        7
    }

    fn identity(item: &char) -> u64 {
        u64::from(*item)
    }
}

/// Counts the requests that were dropped before their answer.
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
