//! A table of any length scored: split into sessions, watched side by side, every row answered.

use std::cell::{Cell, RefCell};
use std::ops::ControlFlow;

use abide_core::End;
use abide_watch::Event;
use calmyx_client::lifecycle::limits::MAX_LOCATIONS;
use calmyx_client::types::LocationResult;
use calmyx_client::{Client, Error, SessionSource};
use futures_util::StreamExt;

use super::matching::Matching;
use super::results::{Counts, cells, coordinates, unanswered};
use super::wire;
use crate::connection::Pace;
use crate::exit::Exit;
use crate::follow::{end_words, follow, notice, outcome_word};
use crate::input::locations::{Location, Locations};
use crate::interrupt::Interrupt;
use crate::output::{Cell as Field, RowWriter, Written};
use crate::problem::{Problem, with_cause};
use crate::progress::Progress;
use crate::rewatch::Rewatch;
use crate::safe_text::Safe;
use crate::sheet::Sheet;
use crate::throttled::{Unanswered, patiently};
use crate::together::Together;

/// How many sessions of one run live at the same time.
const LIVE_SESSIONS: usize = 8;

/// What a run is made of.
pub(crate) struct Scoring<'a> {
    pub(crate) client: &'a Client,
    pub(crate) pace: Pace,
    pub(crate) interrupt: &'a Interrupt,
    pub(crate) progress: &'a Progress,
    /// How to go on waiting; `None` where the server ends with the run.
    pub(crate) rewatch: Option<Rewatch>,
}

/// What a run came to.
pub(crate) struct Scored {
    pub(crate) exit: Exit,
    pub(crate) counts: Counts,
    /// How many rows the input has.
    pub(crate) rows: u64,
    pub(crate) written: Written,
    /// How many sessions were created.
    pub(crate) sessions: usize,
    /// Sessions that may still live, by id.
    pub(crate) alive: Vec<String>,
}

/// What the sessions of one run share. Everything runs on one task, so nothing is borrowed across an await.
struct State<'a> {
    sheet: RefCell<Sheet<'a>>,
    counts: RefCell<Counts>,
    /// A session could not be created; no further one is tried.
    refused: Cell<bool>,
    /// Some session was created, so that there is a table to write.
    created: Cell<bool>,
    /// Held while a session is created: the first refusal keeps every later part from being sent.
    creating: tokio::sync::Mutex<()>,
}

impl State<'_> {
    fn result(&self, row: usize, session_id: &str, result: &LocationResult) {
        self.counts.borrow_mut().add(result);
        self.sheet.borrow_mut().answer(row, cells(result, session_id));
        self.told();
    }

    fn unanswered(&self, row: usize, session_id: Option<&str>, status: &str, reason: &str) {
        self.counts.borrow_mut().unanswered += 1;
        let session_id = session_id.map_or(Field::Empty, |id| Field::Text(id.to_owned()));
        self.sheet.borrow_mut().answer(row, unanswered(status, reason, session_id));
    }

    /// The rows of a part that was not sent. Where nothing was, there is no table either, only the reason.
    fn not_sent(&self, part: &Part<'_>, reason: &str) {
        if self.created.get() {
            part.rows().for_each(|(row, _)| self.unanswered(row, None, "error", reason));
        }
    }

    /// Rows without an answer are in the table and are no progress.
    fn told(&self) {
        let counts = self.counts.borrow();
        self.sheet.borrow().show_progress(counts.scored + counts.failed);
    }
}

/// One session's share of the rows.
struct Part<'a> {
    first_row: usize,
    locations: &'a [Location],
}

impl Part<'_> {
    /// The rows by their number in the table.
    fn rows(&self) -> impl Iterator<Item = (usize, Location)> {
        self.locations.iter().enumerate().map(|(index, location)| (self.first_row + index, *location))
    }
}

/// How a part ended.
enum PartEnd {
    Ended {
        session_id: String,
        end: End,
    },
    Stopped {
        session_id: String,
    },
    NotCreated(Box<Error>),
    /// Never tried: somebody asked to stop, or an earlier part could not be created.
    NotTried,
}

impl Scoring<'_> {
    /// Scores a whole table into `writer`.
    ///
    /// # Errors
    /// When no session at all could be created, or the output can no longer be written. What goes wrong later is told
    /// in the table and in the exit code.
    pub(crate) async fn run(&self, locations: &Locations, writer: RowWriter) -> Result<Scored, Problem> {
        let state = State {
            sheet: RefCell::new(Sheet::new(&locations.table, writer, self.progress)),
            counts: RefCell::default(),
            refused: Cell::new(false),
            created: Cell::new(false),
            creating: tokio::sync::Mutex::new(()),
        };
        let parts = locations
            .locations
            .chunks(MAX_LOCATIONS)
            .enumerate()
            .map(|(index, locations)| Part { first_row: index * MAX_LOCATIONS, locations });
        let fleet = self.client.fleet_with(&self.pace.lifecycle, self.pace.options_of_young(), self.pace.budget())?;
        let together = Together::new(fleet);
        let ends = futures_util::stream::iter(parts)
            .map(|part| self.part(part, &state, &together))
            .buffer_unordered(LIVE_SESSIONS)
            .collect();
        let ends: Vec<PartEnd> = together.beside(ends).await;
        self.sum_up(state, ends, locations.locations.len() as u64)
    }

    async fn part(&self, part: Part<'_>, state: &State<'_>, together: &Together<SessionSource>) -> PartEnd {
        match self.create(&part, state).await {
            Ok(session_id) => self.watch(&part, session_id, state, together).await,
            Err(end) => end,
        }
    }

    /// Creates the session of a part, one at a time.
    async fn create(&self, part: &Part<'_>, state: &State<'_>) -> Result<String, PartEnd> {
        let _one_at_a_time = state.creating.lock().await;
        if self.interrupt.is_asked() || state.sheet.borrow().is_broken() {
            return Err(PartEnd::NotTried);
        }
        if state.refused.get() {
            state.not_sent(part, "not sent after an earlier refusal");
            return Err(PartEnd::NotTried);
        }
        let wire = wire(part.locations);
        let created = patiently(self.interrupt, &|text| self.progress.line(text), Error::setback, || {
            self.client.create_session(&wire)
        })
        .await;
        match created {
            Ok(created) => {
                state.created.set(true);
                let count = match part.locations.len() {
                    1 => "1 location".to_owned(),
                    count => format!("{count} locations"),
                };
                self.progress.line(&format!("{}: {count} submitted", Safe(&created.session_id)));
                Ok(created.session_id)
            }
            Err(Unanswered::Error(error)) => {
                state.refused.set(true);
                state.not_sent(part, &with_cause(&error));
                Err(PartEnd::NotCreated(Box::new(error)))
            }
            Err(Unanswered::Interrupted { sent }) => {
                if sent {
                    self.progress.line("interrupted while a session was being created; it may exist");
                }
                Err(PartEnd::NotTried)
            }
        }
    }

    async fn watch(
        &self,
        part: &Part<'_>,
        session_id: String,
        state: &State<'_>,
        together: &Together<SessionSource>,
    ) -> PartEnd {
        let mut matching = Matching::new(part.rows());
        let Some(mut watch) = together.follow(self.client.session_source(session_id.as_str())) else {
            let reason = "the server gave this row the session of other rows";
            part.rows().for_each(|(row, _)| state.unanswered(row, Some(&session_id), "error", reason));
            return PartEnd::Stopped { session_id };
        };
        let end = follow(&mut watch, self.interrupt, |event| {
            if let Event::Items(items) = event {
                self.place(items, &session_id, &mut matching, state);
            }
            if let Some(notice) = notice(event) {
                self.progress.line(&format!("{}: {notice}", Safe(&session_id)));
            }
            if state.sheet.borrow().is_broken() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })
        .await;
        let Some(end) = end else { return PartEnd::Stopped { session_id } };
        let (status, reason) = match end {
            End::Completed { .. } | End::CompletedWithFailures { .. } => {
                ("missing", "the session gave no result for this row".to_owned())
            }
            End::Failed | End::Gone | End::Closed | End::GaveUp(_) | End::Refused(_) => {
                (outcome_word(end), end_words(end))
            }
        };
        matching.rest().into_iter().for_each(|row| state.unanswered(row, Some(&session_id), status, &reason));
        PartEnd::Ended { session_id, end }
    }

    fn place(&self, items: &[LocationResult], session_id: &str, matching: &mut Matching, state: &State<'_>) {
        for item in items {
            let row = coordinates(item).and_then(|(lat, lng)| matching.take(lat, lng));
            match row {
                Some(row) => state.result(row, session_id, item),
                None => self.progress.line(&format!(
                    "{}: a result for a location that was not submitted, or was answered before; left out",
                    Safe(session_id)
                )),
            }
        }
    }

    fn sum_up(&self, state: State<'_>, ends: Vec<PartEnd>, rows: u64) -> Result<Scored, Problem> {
        let mut exit = if self.interrupt.is_asked() { Exit::Interrupted } else { Exit::Completed };
        let stopped_on_purpose = self.interrupt.is_asked() || state.sheet.borrow().is_broken();
        let (mut created, mut alive, mut refusal) = (Vec::new(), Vec::new(), None);
        for end in ends {
            match end {
                PartEnd::Ended { session_id, end } => {
                    exit = exit.and(end.into());
                    if matches!(end, End::GaveUp(_)) {
                        alive.push(session_id.clone());
                    }
                    created.push(session_id);
                }
                PartEnd::Stopped { session_id } => {
                    if !stopped_on_purpose {
                        exit = exit.and(Exit::Error);
                    }
                    alive.push(session_id.clone());
                    created.push(session_id);
                }
                PartEnd::NotCreated(error) => {
                    exit = exit.and(Exit::Error);
                    refusal = Some(Problem::calmyx(&error));
                }
                PartEnd::NotTried => {}
            }
        }
        match refusal {
            Some(problem) if created.is_empty() => return Err(problem),
            Some(problem) => problem.show(),
            None => {}
        }
        let counts = state.counts.into_inner();
        let complete = counts.unanswered == 0 && !self.interrupt.is_asked();
        let closed = state.sheet.into_inner().close(complete);
        if let Err(failure) = &closed
            && !failure.is_broken_pipe()
            && let Some(command) = self.rewatch.as_ref().and_then(|rewatch| rewatch.command(&created))
        {
            self.progress.line(&format!("what is not written can be read again: {command}"));
        }
        let written = closed?;
        if counts.unanswered > 0 && exit == Exit::Completed {
            exit = Exit::SomeFailed;
        }
        Ok(Scored { exit, counts, rows, written, sessions: created.len(), alive })
    }

    /// Says which sessions can still be watched, with the command that does it.
    pub(crate) fn still_alive(&self, alive: &[String]) {
        if let Some(line) = self.rewatch.as_ref().and_then(|rewatch| rewatch.line(alive)) {
            self.progress.line(&line);
        }
    }
}
