//! The table of a run: what is found for a row goes in in any order, rows come out in the order of the input.

use crate::input::Table;
use crate::output::{Cell, InOrder, OutputError, RowWriter, Written};
use crate::progress::Progress;

/// Rows of the input on their way out, each with its own cells behind those of the input.
pub(crate) struct Sheet<'a> {
    table: &'a Table,
    writer: RowWriter,
    order: InOrder<Vec<Cell>>,
    progress: &'a Progress,
    failure: Option<OutputError>,
}

impl<'a> Sheet<'a> {
    pub(crate) fn new(table: &'a Table, writer: RowWriter, progress: &'a Progress) -> Self {
        Self { table, writer, order: InOrder::default(), progress, failure: None }
    }

    /// What was found for a row. A row is answered once: what comes later for it is dropped.
    pub(crate) fn answer(&mut self, row: usize, own: impl IntoIterator<Item = Cell>) {
        let Some(input) = self.table.rows.get(row) else { return };
        let cells = input.fields.iter().cloned().map(Cell::Carried).chain(own).collect();
        let ready = self.order.push(row, cells);
        self.write(&ready);
    }

    /// So many rows are done.
    pub(crate) fn show_progress(&self, done: u64) {
        self.progress.set(done, self.table.rows.len() as u64, "");
    }

    /// Whether the output can no longer be written: going on would be for nobody.
    pub(crate) fn is_broken(&self) -> bool {
        self.failure.is_some()
    }

    /// Closes the table. A complete one takes the place of what stands at the path; one with rows that got no answer, or
    /// that was interrupted, leaves an earlier table alone and stands beside it.
    pub(crate) fn close(mut self, complete: bool) -> Result<Written, OutputError> {
        let rest = std::mem::take(&mut self.order).rest();
        self.write(&rest);
        if let Some(failure) = self.failure {
            if let Some(path) = self.writer.salvage() {
                self.progress.line(&format!("what was received before is kept in {}", path.display()));
            }
            return Err(failure);
        }
        if !complete && self.writer.rows() == 0 {
            // Nothing was received: an empty table would only stand in somebody's way.
            return Ok(Written { rows: 0, path: None });
        }
        if complete { self.writer.finish() } else { self.writer.keep_partial() }
    }

    fn write(&mut self, rows: &[(usize, Vec<Cell>)]) {
        if self.failure.is_some() || rows.is_empty() {
            return;
        }
        let writer = &mut self.writer;
        let written = self.progress.beside(|| {
            rows.iter().try_for_each(|(_, cells)| writer.write(cells))?;
            writer.flush()
        });
        self.failure = written.err();
    }
}
