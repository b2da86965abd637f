//! `watch --record FILE`: what went over the wire, written as it happens, for `abide conform trace`.

use std::convert::Infallible;
use std::fs::{File, OpenOptions};
use std::future::Future;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use abide_conformance::catalogue::Api;
use abide_conformance::trace::{self, Body, NoReply, Reply, Said};
use abide_http::observer::{BodyEnd, Came, Exchange, Observer};

use crate::exit::Exit;
use crate::problem::Problem;

/// How long the sleeper sleeps that tells a busy machine from a slow client.
const NAP: Duration = Duration::from_millis(25);
/// Waking up later than this is worth a line: a verdict about pace has to know it.
const LATE: Duration = Duration::from_millis(50);

/// A recording as it grows; or none, which takes everything and does nothing.
#[derive(Clone, Default)]
pub(crate) struct Recording(Option<Arc<Shared>>);

struct Shared {
    path: PathBuf,
    begun: Instant,
    state: Mutex<State>,
}

struct State {
    trace: trace::Recording<File>,
    /// Why nothing more can be written; the wait goes on without it.
    failure: Option<io::Error>,
}

impl Recording {
    /// Begins a recording. A file that holds something is left alone.
    pub(crate) fn begin(path: &Path, api: Api, base_url: &str, credential: &str, speed: u32) -> Result<Self, Problem> {
        let wrong = |error: io::Error| Problem::usage(format!("--record {}: {error}", path.display()));
        if std::fs::metadata(path).is_ok_and(|there| there.is_file() && there.len() > 0) {
            return Err(Problem::usage(format!(
                "--record {}: there is something in that file already; name another one",
                path.display()
            )));
        }
        let file = OpenOptions::new().write(true).create(true).truncate(true).open(path).map_err(wrong)?;
        let trace = trace::Recording::begin(api, base_url, credential.trim(), speed, file).map_err(wrong)?;
        let state = Mutex::new(State { trace, failure: None });
        Ok(Self(Some(Arc::new(Shared { path: path.to_owned(), begun: Instant::now(), state }))))
    }

    /// Who has to be told of the exchanges; nobody, where nothing is recorded.
    pub(crate) fn observer(&self) -> Option<Arc<dyn Observer>> {
        Some(Arc::clone(self.0.as_ref()?) as Arc<dyn Observer>)
    }

    /// The command begins to wait for a session.
    pub(crate) fn started(&self, session: &str) {
        if let Some(shared) = &self.0 {
            shared.write(|trace, now| trace.started(session, now));
        }
    }

    /// The wait for a session ended so; or, without a word, was left off.
    pub(crate) fn ended(&self, session: &str, exit: Option<Exit>) {
        if let Some(shared) = &self.0 {
            shared.write(|trace, now| trace.ended(session, now, exit.map(Exit::outcome_word)));
        }
    }

    /// Does the work, and notes beside it when the machine is so busy that everything comes late.
    pub(crate) async fn beside<T>(&self, work: impl Future<Output = T>) -> T {
        let Some(shared) = &self.0 else { return work.await };
        tokio::select! {
            biased;
            done = work => done,
            never = shared.note_lags() => match never {},
        }
    }

    /// The end of the command. What could not be written is told now.
    pub(crate) fn finish(self) -> Result<(), Problem> {
        let Some(shared) = self.0 else { return Ok(()) };
        match shared.state.lock().unwrap_or_else(PoisonError::into_inner).failure.take() {
            None => Ok(()),
            Some(error) => {
                Err(Problem::new(Exit::Error, format!("the recording {} ends early: {error}", shared.path.display())))
            }
        }
    }
}

impl Shared {
    async fn note_lags(&self) -> Infallible {
        loop {
            let due = Instant::now() + NAP;
            tokio::time::sleep(NAP).await;
            let late = due.elapsed();
            if late >= LATE {
                self.write(|trace, now| trace.late(micros(late), now));
            }
        }
    }

    fn write(&self, write: impl FnOnce(&mut trace::Recording<File>, u64) -> io::Result<()>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let now = micros(self.begun.elapsed());
        if state.failure.is_none() {
            state.failure = write(&mut state.trace, now).err();
        }
    }
}

impl Observer for Shared {
    fn exchanged(&self, exchange: &Exchange<'_>) {
        let asked = exchange.asked;
        let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
        let authorization = asked.headers.get("authorization").map(|value| text(value.as_bytes()));
        let headers: Vec<_> =
            asked.headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value.as_bytes()))).collect();
        let query: Vec<_> = asked.url.query_pairs().map(|(name, value)| (name.into(), value.into())).collect();
        let said = Said {
            method: asked.method.as_str(),
            path: asked.url.path(),
            query: &query,
            headers: &headers,
            authorization: authorization.as_deref(),
            body: &asked.body,
        };
        let at = |instant: Instant| micros(instant.saturating_duration_since(self.begun));
        let (sent, received) = (at(exchange.sent), at(exchange.received));
        self.write(|trace, _| trace.exchange(sent, received, &said, reply(&exchange.came)));
    }
}

fn reply(came: &Came<'_>) -> Reply {
    match came {
        Came::Nothing(error) => Reply::None { why: why(error), detail: String::new() },
        Came::Answer { status, headers, body, end } => {
            let read = body.len() as u64;
            let body = match end {
                BodyEnd::Whole => trace::Recording::<File>::body(body),
                BodyEnd::TooLarge { limit } => Body::TooLarge { limit: *limit as u64 },
                BodyEnd::Broken => Body::Truncated { received: read },
                BodyEnd::TimedOut => Body::Timeout { received: read },
            };
            let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
            let headers = headers.iter().map(|(name, value)| (name.as_str(), text(value.as_bytes())));
            trace::Recording::<File>::answer(*status, headers, body)
        }
    }
}

fn why(error: &abide_http::observer::Failure) -> NoReply {
    if error.is_connect() {
        NoReply::Unreachable
    } else if error.is_timeout() {
        NoReply::Timeout
    } else {
        NoReply::Reset
    }
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}
