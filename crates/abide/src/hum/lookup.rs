//! One address from opening to closing: what was found, and how it ended.

use std::ops::{ControlFlow, Range};

use abide_core::End;
use abide_watch::Resume;
use hum_client::types::{NewSession, Provider};
use hum_client::{Answer, Client, CreatedSession, Error, PathSegment, SessionSource};

use super::fastest;
use crate::connection::Pace;
use crate::creating::{Uncreated, create};
use crate::exit::Exit;
use crate::follow::{follow, notice, outcome_word};
use crate::interrupt::Interrupt;
use crate::journal::{Journal, Session, Verdict};
use crate::output::Cell;
use crate::problem::Problem;
use crate::progress::Progress;
use crate::rewatch::Rewatch;
use crate::throttled::{Unanswered, patiently};
use crate::together::Together;

/// How often the providers are asked for.
const SERVICES_ATTEMPTS: u32 = 4;

/// What looking up addresses needs.
pub(crate) struct Lookup<'a> {
    pub(crate) client: &'a Client,
    pub(crate) pace: Pace,
    pub(crate) interrupt: &'a Interrupt,
    pub(crate) progress: &'a Progress,
    pub(crate) journal: &'a Journal,
    /// How to go on waiting; `None` where the server ends with the run.
    pub(crate) rewatch: Option<Rewatch>,
}

/// How one address came out.
pub(super) enum Found {
    Ended {
        token: PathSegment,
        exit: Exit,
        outcome: &'static str,
        answer: Option<Box<Answer>>,
        providers: Option<Providers>,
        /// The session is left open, because somebody may still want something from it.
        keep_open: bool,
        /// There is nothing left to close.
        gone: bool,
    },
    /// Somebody asked to stop; the session may still live.
    Stopped {
        token: PathSegment,
    },
    /// The server gave it the session of another row, which alone is told of it.
    Shared {
        token: PathSegment,
    },
    NotCreated(Box<Error>),
    /// Whether a session was created is not known.
    Doubtful(Box<Error>),
    NotTried,
}

/// A session to wait for.
pub(super) struct Opened {
    token: PathSegment,
    /// What the answer to create held already.
    providers: Option<Providers>,
    /// How to go on waiting.
    kept: Option<Resume>,
}

impl Opened {
    fn now(created: &CreatedSession) -> Self {
        let providers = Some(created.providers()).filter(|providers| !providers.is_empty()).map(Providers::of);
        Self { token: created.token.clone(), providers, kept: None }
    }

    pub(super) fn token(&self) -> &PathSegment {
        &self.token
    }

    /// `None` when its token is none.
    pub(super) fn earlier(session: &Session) -> Option<Self> {
        Some(Self { token: session.id.parse().ok()?, providers: None, kept: session.kept.clone() })
    }
}

/// What the services call said.
#[derive(Clone, Copy, Debug)]
pub(super) struct Providers {
    count: usize,
    fastest: Option<f64>,
}

impl Lookup<'_> {
    /// Opens the session of an address; `name` is for messages: the line of the input.
    pub(super) async fn open(&self, name: &str, row: &Range<usize>, address: &NewSession) -> Result<Opened, Found> {
        if self.interrupt.is_asked() {
            return Err(Found::NotTried);
        }
        let tell = |text: &str| self.progress.line(text);
        let id = |created: &CreatedSession| created.token.as_str().to_owned();
        let call = || self.client.create_session(address);
        match create(self.journal, row, self.interrupt, &tell, id, call).await {
            Ok(created) => Ok(Opened::now(&created)),
            Err(Uncreated::Refused(error)) => Err(Found::NotCreated(Box::new(error))),
            Err(Uncreated::Doubtful(error)) => Err(Found::Doubtful(Box::new(error))),
            Err(Uncreated::Interrupted { sent }) => {
                if sent {
                    self.progress
                        .line(&format!("{name}: interrupted while its session was being created; it may exist"));
                }
                Err(Found::NotTried)
            }
            Err(Uncreated::Unwritten) => Err(Found::NotTried),
        }
    }

    /// Waits for a session and asks for its providers.
    pub(super) async fn finish(
        &self,
        name: &str,
        row: &Range<usize>,
        opened: Opened,
        together: &Together<SessionSource>,
        go_on: impl Fn() -> bool,
    ) -> Found {
        let token = opened.token.clone();
        let source = || self.client.session_source(token.clone());
        let Some(mut watch) = together.take_up(source, opened.kept.as_ref()) else {
            self.progress.line(&format!("{name}: the server gave it the session of another line"));
            return Found::Shared { token };
        };
        let end = follow(&mut watch, self.interrupt, |event| {
            if let Some(notice) = notice(event) {
                self.progress.line(&format!("{name}: {notice}"));
            }
            if go_on() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })
        .await;
        let Some(end) = end else {
            if let Some(kept) = watch.leave() {
                self.journal.kept(row, kept);
            }
            return Found::Stopped { token };
        };
        let answer = watch.into_outcome().and_then(|outcome| {
            if !end.is_final() {
                self.journal.kept(row, outcome.resume);
            }
            outcome.last_status
        });
        let (providers, unknown) = match self.providers(name, &opened, answer.as_ref()).await {
            Ok(providers) => (providers, false),
            Err(Unknown) => (None, true),
        };
        let exit = if unknown { Exit::from(end).and(Exit::Error) } else { end.into() };
        // Whoever may still want something from the session finds it open.
        let keep_open = unknown || !end.is_final();
        let gone = matches!(end, End::Gone);
        let outcome = outcome(end, answer.as_ref());
        Found::Ended { token, exit, outcome, answer: answer.map(Box::new), providers, keep_open, gone }
    }

    /// The providers, where the internet agent found some: from the status, else from a call of their own, which is asked
    /// again while it is not ready or breaks, else from the answer to create.
    async fn providers(
        &self,
        name: &str,
        opened: &Opened,
        answer: Option<&Answer>,
    ) -> Result<Option<Providers>, Unknown> {
        let Some(answer) = answer.filter(|answer| is_matched(answer, "internet")) else { return Ok(None) };
        if !answer.providers().is_empty() {
            return Ok(Some(Providers::of(answer.providers())));
        }
        let mut reason = "the providers were not ready in time".to_owned();
        for attempt in 0..SERVICES_ATTEMPTS {
            if attempt > 0 {
                let pause = self.pace.lifecycle.interval.max.saturating_mul(1 << attempt);
                if self.interrupt.unless_asked(tokio::time::sleep(pause)).await.is_none() {
                    break;
                }
            }
            let tell = |text: &str| self.progress.line(text);
            let services =
                patiently(self.interrupt, &tell, Error::setback, || self.client.internet_services(&opened.token)).await;
            match services {
                Ok(services) if services.ready => {
                    let found = Providers::of(services.providers());
                    return Ok(Some(if found.count == 0 { opened.providers.unwrap_or(found) } else { found }));
                }
                Ok(_) => {}
                Err(unanswered) => {
                    let problem = Problem::hum_unanswered(&unanswered, "the providers are not known");
                    problem.message().clone_into(&mut reason);
                    let Unanswered::Error(error) = &unanswered else { break };
                    if !error.setback().failure.is_transient() {
                        break;
                    }
                }
            }
        }
        if opened.providers.is_some() {
            return Ok(opened.providers);
        }
        self.progress.line(&format!("{name}: {reason}"));
        Err(Unknown)
    }

    /// Closes a session for good; false when it may still live.
    pub(super) async fn close(&self, name: &str, token: &PathSegment) -> bool {
        let tell = |text: &str| self.progress.line(text);
        let closed = patiently(self.interrupt, &tell, Error::setback, || self.client.close_session(token)).await;
        let Err(unanswered) = closed else { return true };
        let problem = Problem::hum_unanswered(&unanswered, "the session may still live");
        self.progress.line(&format!("{name}: not closed: {}", problem.message()));
        false
    }
}

/// The providers could not be learnt.
struct Unknown;

impl Providers {
    fn of(providers: &[Provider]) -> Self {
        Self { count: providers.len(), fastest: fastest(providers) }
    }
}

impl Found {
    /// The cells that follow the input's.
    pub(super) fn cells(&self) -> Vec<Cell> {
        let text = |text: &str| Cell::Text(text.to_owned());
        match self {
            Self::Ended { token, outcome, answer, providers, .. } => {
                let agent = |name: &str| {
                    let word = answer.as_ref().and_then(|answer| answer.agent(name)).map(|agent| text(agent.as_str()));
                    word.unwrap_or(Cell::Empty)
                };
                let address = answer.as_deref().and_then(Answer::service_address).map_or(Cell::Empty, text);
                let count = providers.map(|providers| i64::try_from(providers.count).unwrap_or(i64::MAX));
                let speed = providers.and_then(|providers| providers.fastest);
                vec![
                    text(outcome),
                    address,
                    agent("geocoding"),
                    agent("internet"),
                    count.map_or(Cell::Empty, Cell::Integer),
                    speed.map_or(Cell::Empty, Cell::Number),
                    text(token.as_str()),
                ]
            }
            Self::Stopped { token } => {
                let mut cells = vec![text("interrupted")];
                cells.resize(6, Cell::Empty);
                cells.push(text(token.as_str()));
                cells
            }
            Self::Shared { token } => {
                let mut cells = vec![text("error")];
                cells.resize(6, Cell::Empty);
                cells.push(text(token.as_str()));
                cells
            }
            Self::NotCreated(_) | Self::Doubtful(_) | Self::NotTried => error_cells(),
        }
    }

    /// How it counts.
    pub(super) fn verdict(&self) -> Verdict {
        match self {
            Self::Ended { outcome: "completed", .. } => Verdict::Good,
            Self::Ended { outcome: "partial", .. } => Verdict::Partial,
            Self::Ended { outcome: "failed", .. } => Verdict::Failed,
            Self::Ended { .. }
            | Self::Stopped { .. }
            | Self::Shared { .. }
            | Self::NotCreated(_)
            | Self::Doubtful(_)
            | Self::NotTried => Verdict::Unanswered,
        }
    }
}

/// The cells of a row without a session.
pub(super) fn error_cells() -> Vec<Cell> {
    let mut cells = vec![Cell::Text("error".to_owned())];
    cells.resize(7, Cell::Empty);
    cells
}

/// `failed` rather than `partial` where no awaited agent found anything.
pub(super) fn outcome(end: End, answer: Option<&Answer>) -> &'static str {
    let found_anything = answer
        .is_some_and(|answer| hum_client::lifecycle::AWAITED_AGENTS.iter().any(|agent| is_matched(answer, agent)));
    match end {
        End::CompletedWithFailures { .. } if !found_anything => "failed",
        End::Completed { .. }
        | End::CompletedWithFailures { .. }
        | End::Failed
        | End::Gone
        | End::Closed
        | End::GaveUp(_)
        | End::Refused(_) => outcome_word(end),
    }
}

fn is_matched(answer: &Answer, agent: &str) -> bool {
    let words = hum_client::lifecycle::AGENT_SUCCESSFUL;
    answer.agent(agent).is_some_and(|agent| words.contains(&agent.as_str()))
}
