//! What the sessions of one scoring run share: the table, the counts, the journal.

use std::cell::{Cell, RefCell};
use std::ops::Range;

use calmyx_client::types::LocationResult;

use super::matching::Matching;
use super::results::{Counts, cells, unanswered, verdict};
use crate::creating::GoingOn;
use crate::doubt::{DOUBT, doubt_line};
use crate::input::Table;
use crate::input::locations::Location;
use crate::journal::{Earlier, Journal, Verdict};
use crate::output::{Cell as Field, RowWriter};
use crate::progress::Progress;
use crate::sheet::Sheet;

/// Everything runs on one task, so nothing is borrowed across an await.
pub(super) struct Rows<'a> {
    pub(super) sheet: RefCell<Sheet<'a>>,
    pub(super) counts: RefCell<Counts>,
    table: &'a Table,
    progress: &'a Progress,
    pub(super) journal: &'a Journal,
    pub(super) earlier: &'a Earlier,
    /// Whether further sessions are tried.
    pub(super) going_on: GoingOn,
    /// Some session was created, so that there is a table to write.
    pub(super) created: Cell<bool>,
    /// Held while a session is created: a refusal keeps every later part from being sent.
    pub(super) creating: tokio::sync::Mutex<()>,
}

/// One session's share of the rows.
#[derive(Clone)]
pub(super) struct Part<'a> {
    pub(super) range: Range<usize>,
    pub(super) locations: &'a [Location],
}

impl<'a> Part<'a> {
    pub(super) fn new(range: Range<usize>, all: &'a [Location]) -> Self {
        let locations = all.get(range.clone()).unwrap_or_default();
        Self { range, locations }
    }

    /// The rows by their number in the table.
    fn rows(&self) -> impl Iterator<Item = (usize, Location)> {
        self.range.clone().zip(self.locations.iter().copied())
    }
}

impl<'a> Rows<'a> {
    /// The rows of a table, with what earlier processes found out already in it.
    pub(super) fn new(
        table: &'a Table,
        writer: RowWriter,
        progress: &'a Progress,
        journal: &'a Journal,
        earlier: &'a Earlier,
    ) -> Self {
        let mut sheet = Sheet::new(table, writer, progress);
        let mut counts = Counts::default();
        for (row, answered) in earlier.answered() {
            counts.add(answered.verdict);
            sheet.answer(*row, answered.cells.iter().cloned());
        }
        let rows = Self {
            sheet: RefCell::new(sheet),
            counts: RefCell::new(counts),
            table,
            progress,
            journal,
            earlier,
            going_on: GoingOn::new(!earlier.is_untouched()),
            created: Cell::new(!earlier.is_untouched()),
            creating: tokio::sync::Mutex::new(()),
        };
        rows.doubtful(&earlier.in_doubt());
        rows
    }

    /// Which rows of a part wait for which result.
    pub(super) fn matching(&self, part: &Part<'_>) -> Matching {
        let mut matching = Matching::new(part.rows());
        for (row, location) in part.rows() {
            if let Some(answered) = self.earlier.answered().get(&row) {
                matching.placed(row, location, &answered.cells);
            }
        }
        matching
    }

    pub(super) fn result(&self, row: usize, session_id: &str, result: &LocationResult) {
        self.answer(row, verdict(result), cells(result, session_id), true);
        let counts = self.counts.borrow();
        self.sheet.borrow().show_progress(counts.scored + counts.failed);
    }

    /// Rows that have no result and will have none. They are in the table, and are no progress.
    pub(super) fn without_result(&self, rows: &[usize], session_id: &str, status: &str, reason: &str) {
        self.say(rows.iter().copied(), Some(session_id), status, reason, true);
    }

    /// Rows that may still come to a result when the run is gone on with.
    pub(super) fn left_open(&self, rows: &[usize], session_id: &str, status: &str, reason: &str) {
        self.say(rows.iter().copied(), Some(session_id), status, reason, false);
    }

    /// Rows of which nobody knows whether they were sent. Where nothing else was, there is no table, only the reason.
    pub(super) fn doubtful(&self, rows: &[usize]) {
        if self.created.get() && !rows.is_empty() {
            self.progress.line(&doubt_line(self.table, rows));
            self.say(rows.iter().copied(), None, "error", DOUBT, true);
        }
    }

    /// The rows of a part that was not sent. Where nothing was, there is no table either, only the reason.
    pub(super) fn not_sent(&self, part: &Part<'_>, reason: &str) {
        if self.created.get() {
            self.say(part.range.clone(), None, "error", reason, false);
        }
    }

    /// Whether going on would be for nobody, or could not be remembered.
    pub(super) fn is_broken(&self) -> bool {
        self.sheet.borrow().is_broken() || self.journal.is_broken()
    }

    fn say(
        &self,
        rows: impl IntoIterator<Item = usize>,
        session_id: Option<&str>,
        status: &str,
        reason: &str,
        for_good: bool,
    ) {
        let session_id = session_id.map_or(Field::Empty, |id| Field::Text(id.to_owned()));
        for row in rows {
            self.answer(row, Verdict::Unanswered, unanswered(status, reason, session_id.clone()), for_good);
        }
    }

    /// Into the journal first: what is in the output and not there would be asked for again.
    fn answer(&self, row: usize, verdict: Verdict, cells: [Field; 6], for_good: bool) {
        if for_good {
            self.journal.answered(row, verdict, &cells);
        }
        self.counts.borrow_mut().add(verdict);
        self.sheet.borrow_mut().answer(row, cells);
    }
}
