//! `abide calmyx watch`: waits for sessions and prints each result as it appears.

use std::cell::RefCell;
use std::ops::ControlFlow;

use abide_watch::Event;
use calmyx_client::types::{LocationResult, SessionStatus};
use calmyx_client::{Client, Error, SessionSource, WatchOutcome};
use serde_json::json;

use super::results::{self, cells, coordinates};
use crate::arguments::CalmyxWatchArguments;
use crate::connection;
use crate::exit::Exit;
use crate::follow::{end_line, follow, json, notice};
use crate::interrupt::Interrupt;
use crate::output::{Cell, Columns, Format, OutputError, RowWriter};
use crate::problem::{Api, Problem, call};
use crate::progress::Progress;
use crate::recording::Recording;
use crate::rewatch::Rewatch;
use crate::safe_text::Safe;
use crate::together::Together;
use crate::watching::{Totals, distinct, print_json};

pub(crate) async fn run(arguments: &CalmyxWatchArguments, interrupt: &Interrupt) -> Result<Exit, Problem> {
    let sessions = distinct(&arguments.sessions);
    if sessions.iter().any(|session| session.trim().is_empty()) {
        return Err(Problem::usage("a session id is empty"));
    }
    let (client, recording) = connection::calmyx_recorded(&arguments.api, arguments.record.as_deref())?;
    let progress = Progress::new("locations", 0);
    let pace = connection::calmyx_pace(arguments.api.speed, arguments.max_wait);
    let together = Together::new(client.fleet_with(&pace.lifecycle, pace.options(), pace.budget())?);
    let watching = Watching {
        client: &client,
        together: &together,
        interrupt,
        recording: &recording,
        progress: &progress,
        totals: Totals::new(&progress, sessions.len()),
        sink: RefCell::new(Sink::new(arguments.json)?),
    };
    let waits = sessions.iter().enumerate().map(|(index, session)| watching.session(index, session));
    let exits = recording.beside(together.beside(futures_util::future::join_all(waits))).await;
    progress.clear();
    let mut alive = Vec::new();
    let mut worst = if interrupt.is_asked() { Exit::Interrupted } else { Exit::Completed };
    for (session, exit) in sessions.iter().zip(exits) {
        match exit {
            Some(exit) => worst = worst.and(exit),
            None => alive.push(session.clone()),
        }
    }
    if let Some(line) = Rewatch::new(Api::Calmyx, &arguments.api).line(&alive) {
        progress.line(&line);
    }
    watching.sink.into_inner().close()?;
    recording.finish()?;
    Ok(worst)
}

struct Watching<'a> {
    client: &'a Client,
    together: &'a Together<SessionSource>,
    interrupt: &'a Interrupt,
    recording: &'a Recording,
    progress: &'a Progress,
    totals: Totals<'a>,
    sink: RefCell<Sink>,
}

impl Watching<'_> {
    /// `None`: somebody asked to stop, and the session may still live.
    async fn session(&self, index: usize, session: &str) -> Option<Exit> {
        self.recording.started(session);
        let exit = self.wait(index, session).await;
        self.recording.ended(session, exit);
        exit
    }

    async fn wait(&self, index: usize, session: &str) -> Option<Exit> {
        let mut watch = self.together.follow(self.client.session_source(session))?;
        let end = follow(&mut watch, self.interrupt, |event| {
            if let Event::Progress(counters) = event {
                self.totals.set(index, counters.processed, counters.total);
            }
            if let Some(notice) = notice(event) {
                self.progress.line(&format!("{}: {notice}", Safe(session)));
            }
            let written = self.progress.beside(|| self.sink.borrow_mut().event(session, event));
            if written { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })
        .await?;
        let exit = Exit::from(end);
        if let Some(outcome) = watch.into_outcome() {
            self.progress.line(&format!("{}: {}", Safe(session), last_line(&outcome)));
        }
        Some(exit)
    }
}

/// How it ended, with the counters and, where there is none to show, the last error.
fn last_line(outcome: &WatchOutcome<SessionStatus, Error>) -> String {
    let error = outcome.last_error.as_deref().map(|error| call(Api::Calmyx, error, error.request()));
    let counters = outcome.counters;
    if outcome.last_status.is_none() {
        return end_line(outcome.end, error, outcome.polls, outcome.elapsed);
    }
    format!(
        "{}; {} of {} processed, {} successful, {} failed",
        end_line(outcome.end, error.filter(|_| Exit::from(outcome.end) == Exit::Error), outcome.polls, outcome.elapsed),
        counters.processed,
        counters.total,
        counters.successful,
        counters.failed,
    )
}

/// Where results go, and why they no longer can.
struct Sink {
    form: Form,
    failure: Option<OutputError>,
}

enum Form {
    Rows(Box<RowWriter>),
    Json,
}

impl Sink {
    fn new(json: bool) -> Result<Self, OutputError> {
        let form = if json { Form::Json } else { Form::Rows(Box::new(RowWriter::to_stdout(Format::Csv, columns())?)) };
        Ok(Self { form, failure: None })
    }

    /// False once the output can no longer be written.
    fn event(&mut self, session: &str, event: &Event<LocationResult, Error>) -> bool {
        if self.failure.is_none() {
            self.failure = self.form.event(session, event).err();
        }
        self.failure.is_none()
    }

    fn close(self) -> Result<(), OutputError> {
        match (self.failure, self.form) {
            (Some(failure), _) => Err(failure),
            (None, Form::Rows(writer)) => writer.finish().map(|_| ()),
            (None, Form::Json) => Ok(()),
        }
    }
}

impl Form {
    fn event(&mut self, session: &str, event: &Event<LocationResult, Error>) -> Result<(), OutputError> {
        let items: &[LocationResult] = if let Event::Items(items) = event { items } else { &[] };
        match self {
            Self::Rows(writer) if items.is_empty() => writer.flush(),
            Self::Rows(writer) => {
                items.iter().try_for_each(|item| writer.write(&row(session, item)))?;
                writer.flush()
            }
            Self::Json if items.is_empty() => print_json("session", session, json(event)),
            Self::Json => {
                items.iter().try_for_each(|item| print_json("session", session, json!({"event": "item", "item": item})))
            }
        }
    }
}

fn columns() -> Columns {
    let names: Vec<&str> = ["lat", "lng"].into_iter().chain(results::COLUMNS).collect();
    Columns::new(&[], &names)
}

/// A result as a row: the place from the result itself, since there is no input to carry it.
fn row(session: &str, item: &LocationResult) -> Vec<Cell> {
    let (lat, lng) = coordinates(item).map_or((Cell::Empty, Cell::Empty), |(lat, lng)| (lat.into(), lng.into()));
    [lat, lng].into_iter().chain(cells(item, session)).collect()
}
