//! The lines of a journal: a header that says which run it is, and records of what was done.

use std::ops::Range;

use abide_watch::Fingerprint;
use serde::{Deserialize, Serialize};

use crate::exit::Exit;
use crate::input::Table;
use crate::output::{Cell, Columns};

/// The version that this program writes, and the only one that it reads.
pub(super) const VERSION: u32 = 1;
/// How every journal begins, of whatever version.
pub(super) const HEADER_START: &[u8] = br#"{"abide_run":"#;

/// Which run a journal is of: only the same one may go on with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Header {
    abide_run: u32,
    /// `calmyx run` or `hum run`.
    pub(super) command: String,
    pub(super) base_url: String,
    /// How many rows the input has.
    pub(super) rows: usize,
    /// Of the input's content: columns and fields, not its name.
    pub(super) input: String,
    /// Of the names of the output's columns.
    pub(super) columns: String,
    /// Whether a file stood in the place of the output when the run began.
    pub(super) replaces: bool,
}

impl Header {
    /// `replaces`: a file stands in the place of the output.
    pub(crate) fn new(
        command: &str,
        base_url: &abide_http::BaseUrl,
        table: &Table,
        columns: &Columns,
        replaces: bool,
    ) -> Self {
        let texts = |fingerprint: Fingerprint, texts: &[String]| {
            texts.iter().fold(fingerprint.number(texts.len() as u64), |all, text| all.text(text))
        };
        let input =
            table.rows.iter().fold(texts(Fingerprint::new(), &table.columns), |all, row| texts(all, &row.fields));
        Self {
            abide_run: VERSION,
            command: command.to_owned(),
            base_url: base_url.as_str().to_owned(),
            rows: table.rows.len(),
            input: format!("{:016x}", input.finish()),
            columns: format!("{:016x}", texts(Fingerprint::new(), columns.names()).finish()),
            replaces,
        }
    }
}

/// What is read of a header before the rest of it can be understood.
#[derive(Deserialize)]
pub(super) struct Version {
    pub(super) abide_run: u32,
}

/// How a row came out, for the counts of the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Verdict {
    /// All that was asked for was found.
    Good,
    /// Some of it.
    Partial,
    /// Nothing; the service says so.
    Failed,
    /// The service never said anything of this row.
    Unanswered,
}

/// Rows of the input, by number from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rows {
    pub(super) first: usize,
    pub(super) count: usize,
}

impl Rows {
    pub(super) fn of(rows: &Range<usize>) -> Self {
        Self { first: rows.start, count: rows.len() }
    }

    /// `None` when they end beyond all numbers.
    pub(super) fn range(self) -> Option<Range<usize>> {
        Some(self.first..self.first.checked_add(self.count)?)
    }
}

/// One thing that was done. Sessions are named by their first row: a server may give one id twice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) enum Record {
    /// A create call is about to go out.
    Creating(Rows),
    /// Nothing was created by it.
    Refused(Rows),
    /// A session was.
    Created { rows: Rows, session: String },
    /// A row with its own cells.
    Answered { row: usize, verdict: Verdict, cells: Vec<Cell> },
    /// How to go on waiting.
    Kept { first: usize, resume: String },
    /// The session told all it has to tell.
    Ended { first: usize, exit: Exit },
    /// The session is closed.
    Closed { first: usize },
}
