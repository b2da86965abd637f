//! One address from opening to closing: what was found, and how it ended.

use std::ops::ControlFlow;

use abide_core::End;
use hum_client::types::NewSession;
use hum_client::{Answer, Client, Error, PathSegment};

use super::fastest;
use crate::connection::Pace;
use crate::exit::Exit;
use crate::follow::{follow, notice, outcome_word};
use crate::interrupt::Interrupt;
use crate::output::Cell;
use crate::problem::Problem;
use crate::progress::Progress;
use crate::rewatch::Rewatch;
use crate::throttled::{Unanswered, patiently};

/// What looking up addresses needs.
pub(crate) struct Lookup<'a> {
    pub(crate) client: &'a Client,
    pub(crate) pace: Pace,
    pub(crate) interrupt: &'a Interrupt,
    pub(crate) progress: &'a Progress,
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
    },
    /// Somebody asked to stop; the session may still live.
    Stopped {
        token: PathSegment,
    },
    NotCreated(Box<Error>),
    NotTried,
}

/// What the services call said.
#[derive(Clone, Copy, Debug)]
pub(super) struct Providers {
    count: usize,
    fastest: Option<f64>,
}

impl Lookup<'_> {
    /// Opens the session of an address; `name` is for messages: the line of the input.
    pub(super) async fn open(&self, name: &str, address: &NewSession) -> Result<PathSegment, Found> {
        if self.interrupt.is_asked() {
            return Err(Found::NotTried);
        }
        let created = patiently(self.interrupt, Error::setback, || self.client.create_session(address)).await;
        match created {
            Ok(created) => Ok(created.token),
            Err(Unanswered::Error(error)) => Err(Found::NotCreated(Box::new(error))),
            Err(Unanswered::Interrupted) => {
                self.progress.line(&format!("{name}: interrupted while its session was being created; it may exist"));
                Err(Found::NotTried)
            }
        }
    }

    /// Waits for a session, asks for its providers, and closes it.
    pub(super) async fn finish(&self, name: &str, token: PathSegment) -> Found {
        let watch = self.client.watch_with(token.clone(), &self.pace.lifecycle, self.pace.options());
        let Ok(mut watch) = watch else { return Found::Stopped { token } };
        let end = follow(&mut watch, self.interrupt, |event| {
            if let Some(notice) = notice(event) {
                self.progress.line(&format!("{name}: {notice}"));
            }
            ControlFlow::Continue(())
        })
        .await;
        let Some(end) = end else { return Found::Stopped { token } };
        let answer = watch.into_outcome().and_then(|outcome| outcome.last_status);
        let (providers, services_failed) = self.providers(name, &token, answer.as_ref()).await;
        self.close(name, &token, end).await;
        let exit = if services_failed { Exit::from(end).and(Exit::Error) } else { end.into() };
        Found::Ended { token, exit, outcome: outcome(end, answer.as_ref()), answer: answer.map(Box::new), providers }
    }

    /// The providers, asked for where the internet agent found some. The flag says that asking failed.
    async fn providers(&self, name: &str, token: &PathSegment, answer: Option<&Answer>) -> (Option<Providers>, bool) {
        let Some(answer) = answer.filter(|answer| is_matched(answer, "internet")) else { return (None, false) };
        let in_status = answer.providers();
        if !in_status.is_empty() {
            return (Some(Providers { count: in_status.len(), fastest: fastest(in_status) }), false);
        }
        let services = patiently(self.interrupt, Error::setback, || self.client.internet_services(token)).await;
        match services {
            Ok(services) => {
                let providers = services.providers();
                (Some(Providers { count: providers.len(), fastest: fastest(providers) }), false)
            }
            Err(unanswered) => {
                let problem = Problem::hum_unanswered(&unanswered, "the providers are not known");
                self.progress.line(&format!("{name}: {}", problem.message()));
                (None, true)
            }
        }
    }

    /// What was opened is closed, unless it is gone or somebody may still want to wait for it.
    async fn close(&self, name: &str, token: &PathSegment, end: End) {
        if matches!(end, End::Gone | End::GaveUp(_)) {
            return;
        }
        let closed = patiently(self.interrupt, Error::setback, || self.client.close_session(token)).await;
        if let Err(unanswered) = closed {
            let problem = Problem::hum_unanswered(&unanswered, "the session may still live");
            self.progress.line(&format!("{name}: not closed: {}", problem.message()));
        }
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
            Self::NotCreated(_) | Self::NotTried => {
                let mut cells = vec![text("error")];
                cells.resize(7, Cell::Empty);
                cells
            }
        }
    }
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
        | End::GaveUp(_)
        | End::Refused(_) => outcome_word(end),
    }
}

fn is_matched(answer: &Answer, agent: &str) -> bool {
    let words = hum_client::lifecycle::AGENT_SUCCESSFUL;
    answer.agent(agent).is_some_and(|agent| words.contains(&agent.as_str()))
}
