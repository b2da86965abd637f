//! A table of any length scored: split into sessions, watched side by side, every row answered.

use std::ops::ControlFlow;

use abide_core::End;
use abide_watch::{Event, Resume};
use calmyx_client::lifecycle::limits::MAX_LOCATIONS;
use calmyx_client::types::{CreatedSession, LocationResult};
use calmyx_client::{Client, Error, SessionSource};
use futures_util::StreamExt;

use super::matching::{Match, Matching};
use super::results::{Counts, cells, coordinates};
use super::rows::{Part, Rows};
use super::wire;
use crate::connection::Pace;
use crate::creating::{Uncreated, create};
use crate::exit::Exit;
use crate::follow::{end_words, follow, notice, outcome_word};
use crate::input::locations::Locations;
use crate::interrupt::Interrupt;
use crate::journal::{Earlier, Journal, Session};
use crate::output::{RowWriter, Written};
use crate::problem::{Problem, with_cause};
use crate::progress::Progress;
use crate::rewatch::Rewatch;
use crate::safe_text::Safe;
use crate::together::Together;

/// How many sessions of one run live at the same time.
const LIVE_SESSIONS: usize = 8;

/// What a run is made of.
pub(crate) struct Scoring<'a> {
    pub(crate) client: &'a Client,
    pub(crate) pace: Pace,
    pub(crate) interrupt: &'a Interrupt,
    pub(crate) progress: &'a Progress,
    pub(crate) journal: &'a Journal,
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
    /// Scores a whole table into `writer`, but for what was done of it earlier.
    ///
    /// # Errors
    /// When no session at all could be created, or the output or the journal can no longer be written. What goes wrong
    /// later is told in the table and in the exit code.
    pub(crate) async fn run(
        &self,
        locations: &Locations,
        writer: RowWriter,
        earlier: &Earlier,
    ) -> Result<Scored, Problem> {
        let rows = Rows::new(&locations.table, writer, self.progress, self.journal, earlier);
        let all = &locations.locations;
        let live = earlier.sessions().filter(|session| session.exit.is_none());
        let parts = live.map(|session| (Part::new(session.rows.clone(), all), Some(session)));
        let parts = parts.chain(earlier.unsent(MAX_LOCATIONS).into_iter().map(|range| (Part::new(range, all), None)));
        let fleet = self.client.fleet_with(&self.pace.lifecycle, self.pace.options_of_young(), self.pace.budget())?;
        let together = Together::new(fleet);
        let ends = futures_util::stream::iter(parts)
            .map(|(part, session)| self.part(part, session, &rows, &together))
            .buffer_unordered(LIVE_SESSIONS)
            .collect();
        let ends: Vec<PartEnd> = together.beside(ends).await;
        let before = if earlier.in_doubt().is_empty() { earlier.exit() } else { earlier.exit().and(Exit::Error) };
        self.sum_up(rows, ends, before)
    }

    async fn part(
        &self,
        part: Part<'_>,
        session: Option<&Session>,
        rows: &Rows<'_>,
        together: &Together<SessionSource>,
    ) -> PartEnd {
        if let Some(session) = session {
            return self.watch(&part, session.id.clone(), session.kept.as_ref(), rows, together).await;
        }
        match self.create(&part, rows).await {
            Ok(session_id) => self.watch(&part, session_id, None, rows, together).await,
            Err(end) => end,
        }
    }

    /// Creates the session of a part, one at a time.
    async fn create(&self, part: &Part<'_>, rows: &Rows<'_>) -> Result<String, PartEnd> {
        let _one_at_a_time = rows.creating.lock().await;
        if self.interrupt.is_asked() || rows.is_broken() {
            return Err(PartEnd::NotTried);
        }
        if rows.going_on.is_stopped() {
            rows.not_sent(part, "not sent after an earlier refusal");
            return Err(PartEnd::NotTried);
        }
        let wire = wire(part.locations);
        let tell = |text: &str| self.progress.line(text);
        let id = |created: &CreatedSession| created.session_id.clone();
        let created =
            create(self.journal, &part.range, self.interrupt, &tell, id, || self.client.create_session(&wire)).await;
        match created {
            Ok(created) => {
                rows.created.set(true);
                rows.going_on.created();
                let count = match part.locations.len() {
                    1 => "1 location".to_owned(),
                    count => format!("{count} locations"),
                };
                self.progress.line(&format!("{}: {count} submitted", Safe(&created.session_id)));
                Ok(created.session_id)
            }
            Err(Uncreated::Refused(error)) => {
                rows.going_on.refused();
                rows.not_sent(part, &with_cause(&error));
                Err(PartEnd::NotCreated(Box::new(error)))
            }
            Err(Uncreated::Doubtful(error)) => {
                rows.going_on.lost();
                rows.doubtful(&part.range.clone().collect::<Vec<_>>());
                Err(PartEnd::NotCreated(Box::new(error)))
            }
            Err(Uncreated::Interrupted { sent }) => {
                if sent {
                    self.progress.line("interrupted while a session was being created; it may exist");
                }
                Err(PartEnd::NotTried)
            }
            Err(Uncreated::Unwritten) => Err(PartEnd::NotTried),
        }
    }

    async fn watch(
        &self,
        part: &Part<'_>,
        session_id: String,
        kept: Option<&Resume>,
        rows: &Rows<'_>,
        together: &Together<SessionSource>,
    ) -> PartEnd {
        let mut matching = rows.matching(part);
        let source = || self.client.session_source(session_id.as_str());
        let Some(mut watch) = together.take_up(source, kept) else {
            let reason = "the server gave this row the session of other rows";
            rows.without_result(&matching.rest(), &session_id, "error", reason);
            self.journal.ended(&part.range, Exit::Error);
            return PartEnd::Stopped { session_id };
        };
        let end = follow(&mut watch, self.interrupt, |event| {
            if let Event::Items(items) = event {
                self.place(items, &session_id, &mut matching, rows);
            }
            if let Some(notice) = notice(event) {
                self.progress.line(&format!("{}: {notice}", Safe(&session_id)));
            }
            if rows.is_broken() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })
        .await;
        let Some(end) = end else {
            if let Some(kept) = watch.leave() {
                self.journal.kept(&part.range, kept);
            }
            return PartEnd::Stopped { session_id };
        };
        let (status, reason) = match end {
            End::Completed { .. } | End::CompletedWithFailures { .. } => {
                ("missing", "the session gave no result for this row".to_owned())
            }
            End::Failed | End::Gone | End::Closed | End::GaveUp(_) | End::Refused(_) => {
                (outcome_word(end), end_words(end))
            }
        };
        if matches!(end, End::Failed | End::Gone) {
            self.progress.line(&format!("{}: {reason}", Safe(&session_id)));
        }
        if end.is_final() {
            rows.without_result(&matching.rest(), &session_id, status, &reason);
            self.journal.ended(&part.range, end.into());
        } else {
            rows.left_open(&matching.rest(), &session_id, status, &reason);
            if let Some(outcome) = watch.into_outcome() {
                self.journal.kept(&part.range, outcome.resume);
            }
        }
        PartEnd::Ended { session_id, end }
    }

    fn place(&self, items: &[LocationResult], session_id: &str, matching: &mut Matching, rows: &Rows<'_>) {
        for item in items {
            let cells = cells(item, session_id);
            let place = coordinates(item);
            match place.map_or(Match::Stranger, |(lat, lng)| matching.take(lat, lng, &cells)) {
                Match::Row(row) => rows.result(row, session_id, item),
                Match::Again => {}
                Match::Stranger => self.progress.line(&format!(
                    "{}: a result for a location that was not submitted, or was answered before; left out",
                    Safe(session_id)
                )),
            }
        }
    }

    /// `before`: what earlier processes came to.
    fn sum_up(&self, rows: Rows<'_>, ends: Vec<PartEnd>, before: Exit) -> Result<Scored, Problem> {
        let interrupted = self.interrupt.is_asked();
        let mut exit = if interrupted { Exit::Interrupted } else { before };
        let stopped_on_purpose = interrupted || rows.is_broken();
        let earlier = rows.earlier.sessions().filter(|session| session.exit.is_some());
        let mut created: Vec<String> = earlier.map(|session| session.id.clone()).collect();
        let (mut alive, mut refusal) = (Vec::new(), None);
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
        let total = rows.earlier.rows() as u64;
        let counts = rows.counts.into_inner();
        let closed = rows.sheet.into_inner().close(counts.unanswered == 0 && !interrupted);
        if let Err(failure) = &closed
            && !failure.is_broken_pipe()
            && let Some(command) = self.rewatch.as_ref().and_then(|rewatch| rewatch.command(&created))
        {
            self.progress.line(&format!("what is not written can be read again: {command}"));
        }
        let written = closed?;
        if let Some(failure) = self.journal.take_failure() {
            return Err(failure.into());
        }
        if !interrupted {
            self.journal.settle();
        }
        if counts.unanswered > 0 && exit == Exit::Completed {
            exit = Exit::SomeFailed;
        }
        Ok(Scored { exit, counts, rows: total, written, sessions: created.len(), alive })
    }

    /// Says which sessions can still be watched, with the command that does it.
    pub(crate) fn still_alive(&self, alive: &[String]) {
        if let Some(line) = self.rewatch.as_ref().and_then(|rewatch| rewatch.line(alive)) {
            self.progress.line(&line);
        }
    }
}
