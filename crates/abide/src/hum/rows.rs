//! What the rows of one run of lookups share: the table, the counts, the journal.

use std::cell::{Cell, RefCell};

use super::lookup::{Lookup, error_cells};
use crate::creating::GoingOn;
use crate::doubt::doubt_line;
use crate::input::Table;
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
    /// Whether further addresses are tried.
    pub(super) going_on: GoingOn,
    /// Held while a session is created: a refusal keeps every later address from being sent.
    pub(super) creating: tokio::sync::Mutex<()>,
    /// Some session was opened, so that there is a table to write.
    pub(super) opened: Cell<bool>,
    /// Sessions that may still live, by token.
    pub(super) alive: RefCell<Vec<String>>,
}

impl<'a> Rows<'a> {
    /// With what earlier processes found out already in the table.
    pub(super) fn new(lookup: &Lookup<'a>, table: &'a Table, writer: RowWriter, earlier: &Earlier) -> Self {
        let rows = Self {
            sheet: RefCell::new(Sheet::new(table, writer, lookup.progress)),
            table,
            progress: lookup.progress,
            counts: RefCell::default(),
            journal: lookup.journal,
            going_on: GoingOn::new(!earlier.is_untouched()),
            creating: tokio::sync::Mutex::new(()),
            opened: Cell::new(!earlier.is_untouched()),
            alive: RefCell::default(),
        };
        for (row, answered) in earlier.answered() {
            rows.counts.borrow_mut().add(answered.verdict, true);
            rows.sheet.borrow_mut().answer(*row, answered.cells.iter().cloned());
        }
        let doubtful = earlier.in_doubt();
        rows.tell_doubt(&doubtful);
        for row in doubtful {
            rows.answer(row, Verdict::Unanswered, error_cells(), true);
        }
        rows
    }

    /// Says which rows may have been sent and what to do about them.
    pub(super) fn tell_doubt(&self, rows: &[usize]) {
        if !rows.is_empty() {
            self.progress.line(&doubt_line(self.table, rows));
        }
    }

    /// Into the journal first: what is in the output and not there would be asked for again.
    pub(super) fn answer(&self, row: usize, verdict: Verdict, cells: Vec<Field>, for_good: bool) {
        if for_good {
            self.journal.answered(row, verdict, &cells);
        }
        self.counts.borrow_mut().add(verdict, for_good || verdict != Verdict::Unanswered);
        self.sheet.borrow_mut().answer(row, cells);
        self.sheet.borrow().show_progress(self.counts.borrow().ended);
    }

    pub(super) fn is_broken(&self) -> bool {
        self.sheet.borrow().is_broken() || self.journal.is_broken()
    }
}

/// How many rows came to what.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    pub(super) completed: u64,
    pub(super) partial: u64,
    pub(super) failed: u64,
    pub(super) other: u64,
    /// Of all of them, those of which more will not be found out.
    pub(super) ended: u64,
}

impl Counts {
    fn add(&mut self, verdict: Verdict, has_ended: bool) {
        self.ended += u64::from(has_ended);
        let place = match verdict {
            Verdict::Good => &mut self.completed,
            Verdict::Partial => &mut self.partial,
            Verdict::Failed => &mut self.failed,
            Verdict::Unanswered => &mut self.other,
        };
        *place += 1;
    }
}
