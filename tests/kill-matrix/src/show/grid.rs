//! What is planted × what is required, a letter for each pair.

use abide_conformance::catalogue::{Api, Binds};

use crate::coverage::Covered;
use crate::matrix::Matrix;
use crate::row::{Role, Row};
use crate::trial::Kind;

/// The part of the matrix about one side of one API.
pub(super) struct Grid<'m> {
    pub(super) title: String,
    pub(super) columns: Vec<&'m Covered>,
    pub(super) rows: Vec<&'m Row>,
}

/// Servers and clients of both APIs, as far as they were judged.
pub(super) fn grids(matrix: &Matrix) -> impl Iterator<Item = Grid<'_>> {
    let sides = [(Kind::Bug, Binds::Server), (Kind::ClientFault, Binds::Client)];
    let parts = sides.into_iter().flat_map(|side| Api::ALL.into_iter().map(move |api| (side, api)));
    let grids = parts.map(|((kind, binds), api)| Grid {
        title: format!("{}: {kind} × requirements", api.title()),
        columns: matrix.coverage.iter().filter(|column| column.api == api && column.binds == binds).collect(),
        rows: matrix.rows.iter().filter(|row| row.kind == kind && row.api == api).collect(),
    });
    grids.filter(|grid| !grid.rows.is_empty())
}

/// The letter where a row and a column meet.
pub(super) fn cell(row: &Row, column: &Covered) -> char {
    let is_own = row.requirement == Some(column.requirement);
    match row.fired.iter().find(|fired| fired.requirement == column.requirement).map(|fired| fired.role) {
        Some(Role::Own) => '●',
        Some(Role::Explained) => '○',
        Some(Role::Unexplained) => '!',
        None if is_own => '✗',
        None => '·',
    }
}

/// What the letters mean.
pub(super) const LEGEND: &str =
    "● caught by its own requirement   ○ follows from it   ✗ not caught   ! found without a known reason";
