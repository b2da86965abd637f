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
    /// Whether nothing is missing, and nothing was left out.
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
        let left_out = planted.len().saturating_sub(rows.len());
        let matrix = Self { format: "abide-kill-matrix/1", is_whole: false, left_out, seconds, rows, coverage };
        Self { is_whole: left_out == 0 && matrix.holds(), ..matrix }
    }

    /// Whether all is as it should be of what was judged.
    pub fn holds(&self) -> bool {
        self.problems().next().is_none()
    }

    /// Everything that keeps it from being whole besides what was left out, a sentence each.
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
