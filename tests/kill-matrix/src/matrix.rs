//! The whole: all rows, the requirements with what breaks them, and whether anything is missing.

use serde::Serialize;

use crate::coverage::{Covered, coverage};
use crate::row::{Role, Row};
use crate::trial::{Kind, Trial};

/// All that was judged.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Matrix {
    /// Always `abide-kill-matrix/1`.
    pub format: &'static str,
    /// Whether nothing is missing.
    pub is_whole: bool,
    /// How many servers and clients were left out on purpose.
    pub left_out: usize,
    /// How long it took in all, in seconds.
    pub seconds: f64,
    /// What was judged, by kind.
    pub rows: Vec<Row>,
    /// Every requirement with what breaks it.
    pub coverage: Vec<Covered>,
}

/// How many of a kind there are, and of how many all is as it should be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// All that were judged.
    pub all: usize,
    /// Those of which all is as it should be.
    pub right: usize,
    /// Findings that follow from others, with their reason.
    pub explained: usize,
}

impl Matrix {
    /// Puts together what was judged of everything that is planted.
    pub fn new(planted: &[Trial], rows: Vec<Row>, seconds: f64) -> Self {
        let coverage = coverage(planted, &rows);
        let is_whole = rows.iter().all(Row::holds) && coverage.iter().all(|covered| covered.problem().is_none());
        let left_out = planted.len().saturating_sub(rows.len());
        Self { format: "abide-kill-matrix/1", is_whole, left_out, seconds, rows, coverage }
    }

    /// Everything that keeps it from being whole, a sentence each.
    pub fn problems(&self) -> impl Iterator<Item = String> {
        let of_rows = self.rows.iter().flat_map(|row| row.problems.iter().map(|what| format!("{}: {what}", row.name)));
        of_rows.chain(self.coverage.iter().filter_map(Covered::problem))
    }

    /// The numbers of one kind.
    pub fn tally(&self, kind: Kind) -> Tally {
        self.rows.iter().filter(|row| row.kind == kind).fold(Tally::default(), |tally, row| Tally {
            all: tally.all + 1,
            right: tally.right + usize::from(row.holds()),
            explained: tally.explained + row.fired.iter().filter(|fired| fired.role == Role::Explained).count(),
        })
    }
}
