//! `abide hum watch`: waits until the lookups of sessions are done.

use std::cell::RefCell;
use std::ops::ControlFlow;

use abide_core::End;
use abide_watch::Event;
use hum_client::{Answer, Client, Error, PathSegment, SessionSource};

use super::lookup::outcome;
use super::tokens;
use crate::arguments::HumWatchArguments;
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
use crate::watching::{Totals, print_json};

const COLUMNS: [&str; 5] = ["session_token", "outcome", "service_address", "geocoding", "internet"];

pub(crate) async fn run(arguments: &HumWatchArguments, interrupt: &Interrupt) -> Result<Exit, Problem> {
    let tokens = tokens(&arguments.tokens)?;
    let (client, recording) = connection::hum_recorded(&arguments.api, arguments.record.as_deref())?;
    let progress = Progress::new("agents", 0);
    let rows =
        if arguments.json { None } else { Some(RowWriter::to_stdout(Format::Csv, Columns::new(&[], &COLUMNS))?) };
    let pace = connection::hum_pace(arguments.api.speed, arguments.max_wait);
    let together = Together::new(client.fleet_with(&pace.lifecycle, pace.options(), pace.budget())?);
    let watching = Watching {
        client: &client,
        together: &together,
        interrupt,
        recording: &recording,
        progress: &progress,
        totals: Totals::new(&progress, tokens.len()),
        json: arguments.json,
        rows: RefCell::new(rows),
        failure: RefCell::default(),
    };
    let waits = tokens.iter().enumerate().map(|(index, token)| watching.session(index, token));
    let exits = recording.beside(together.beside(futures_util::future::join_all(waits))).await;
    progress.clear();
    let mut worst = if interrupt.is_asked() { Exit::Interrupted } else { Exit::Completed };
    let mut alive = Vec::new();
    for (token, exit) in tokens.iter().zip(exits) {
        match exit {
            Some(exit) => worst = worst.and(exit),
            None => alive.push(token.as_str().to_owned()),
        }
    }
    if let Some(line) = Rewatch::new(Api::Hum, &arguments.api).line(&alive) {
        progress.line(&line);
    }
    if let Some(failure) = watching.failure.into_inner() {
        return Err(failure.into());
    }
    if let Some(rows) = watching.rows.into_inner() {
        rows.finish()?;
    }
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
    json: bool,
    rows: RefCell<Option<RowWriter>>,
    failure: RefCell<Option<OutputError>>,
}

impl Watching<'_> {
    /// `None`: somebody asked to stop, and the session may still live.
    async fn session(&self, index: usize, token: &PathSegment) -> Option<Exit> {
        self.recording.started(token.as_str());
        let exit = self.wait(index, token).await;
        self.recording.ended(token.as_str(), exit);
        exit
    }

    async fn wait(&self, index: usize, token: &PathSegment) -> Option<Exit> {
        let name = Safe(token.as_str());
        let mut watch = self.together.follow(self.client.session_source(token.clone()))?;
        let end = follow(&mut watch, self.interrupt, |event| {
            if let Event::Progress(counters) = event {
                self.totals.set(index, counters.processed, counters.total);
            }
            if let Some(notice) = notice(event) {
                self.progress.line(&format!("{name}: {notice}"));
            }
            if self.json {
                self.keep(self.progress.beside(|| print_json("session_token", token.as_str(), json(event))));
            }
            if self.failure.borrow().is_none() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })
        .await?;
        let Some(told) = watch.into_outcome() else { return Some(end.into()) };
        let error = told.last_error.as_deref().map(|error: &Error| call(Api::Hum, error, error.request()));
        let error = error.filter(|_| told.last_status.is_none() || Exit::from(end) == Exit::Error);
        self.progress.line(&format!("{name}: {}", end_line(end, error, told.polls, told.elapsed)));
        self.row(token, end, told.last_status.as_ref());
        Some(end.into())
    }

    /// The first failure to write is told at the end.
    fn keep(&self, written: Result<(), OutputError>) {
        if let Err(failure) = written {
            self.failure.borrow_mut().get_or_insert(failure);
        }
    }

    fn row(&self, token: &PathSegment, end: End, answer: Option<&Answer>) {
        let text = |text: &str| Cell::Text(text.to_owned());
        let agent = |name: &str| {
            let word = answer.and_then(|answer| answer.agent(name));
            word.map_or(Cell::Empty, |word| text(word.as_str()))
        };
        let address = answer.and_then(Answer::service_address).map_or(Cell::Empty, text);
        let cells = [text(token.as_str()), text(outcome(end, answer)), address, agent("geocoding"), agent("internet")];
        if let Some(rows) = self.rows.borrow_mut().as_mut() {
            self.keep(self.progress.beside(|| rows.write(&cells).and_then(|()| rows.flush())));
        }
    }
}
