//! For a terminal.

use std::fmt::Write as _;

use super::grid::{Grid, LEGEND, cell, grids};
use super::summary;
use crate::matrix::Matrix;
use crate::row::{Role, Row};
use crate::trial::Kind;

/// The matrix for a terminal: the grids, what follows from what, the requirements with what breaks them, and the problems
/// last, where they are seen.
pub fn text(matrix: &Matrix) -> String {
    let mut text = String::new();
    for grid in grids(matrix) {
        write_grid(&mut text, &grid);
    }
    write_right(&mut text, matrix);
    let _ = writeln!(text, "in {:.0} s:", matrix.seconds);
    for line in summary(matrix) {
        let _ = writeln!(text, "  {line}");
    }
    if matrix.left_out > 0 {
        let _ = writeln!(text, "  {} were left out", matrix.left_out);
    }
    let problems: Vec<String> = matrix.problems().collect();
    if matrix.is_whole {
        text.push_str("the matrix is whole\n");
    } else if problems.is_empty() {
        text.push_str("what was chosen holds\n");
    }
    for problem in &problems {
        let _ = writeln!(text, "NOT WHOLE: {problem}");
    }
    text
}

fn write_grid(text: &mut String, grid: &Grid<'_>) {
    let width = grid.rows.iter().map(|row| row.name.len()).max().unwrap_or_default();
    let _ = writeln!(text, "{}\n{LEGEND}\n", grid.title);
    let numbers = || 1..=grid.columns.len();
    let tens: String = numbers().map(|number| if number % 10 == 0 { digit(number / 10) } else { ' ' }).collect();
    let units: String = numbers().map(|number| digit(number % 10)).collect();
    let _ = writeln!(text, "{:width$}  {tens}\n{:width$}  {units}", "", "");
    for row in &grid.rows {
        let cells: String = grid.columns.iter().map(|column| cell(row, column)).collect();
        let _ = writeln!(text, "{:width$}  {cells}  {:5.1} s", row.name, row.seconds);
    }
    text.push('\n');
    for (number, column) in (1..).zip(&grid.columns) {
        let (caught, all) = (column.caught, column.broken_by.len());
        let because = column.unbroken_because.map(|because| format!(": {because}")).unwrap_or_default();
        let id = column.requirement;
        let _ = writeln!(text, "{number:3} {id:22} {:6} {:10} {caught} of {all}{because}", column.level, column.known);
    }
    text.push('\n');
    grid.rows.iter().for_each(|row| write_company(text, row));
}

/// What follows from what is wrong, and why.
fn write_company(text: &mut String, row: &Row) {
    for fired in row.fired.iter().filter(|fired| fired.role == Role::Explained) {
        let because = fired.because.unwrap_or_default();
        let _ = writeln!(text, "○ {} also breaks {}: {because}", row.name, fired.requirement);
    }
    if row.fired.iter().any(|fired| fired.role == Role::Explained) {
        text.push('\n');
    }
}

fn digit(number: usize) -> char {
    u32::try_from(number % 10).ok().and_then(|number| char::from_digit(number, 10)).unwrap_or(' ')
}

/// What is right, with how long it took; a finding is told among the problems.
fn write_right(text: &mut String, matrix: &Matrix) {
    for kind in Kind::ALL.into_iter().filter(|kind| !kind.is_wrong()) {
        let rows: Vec<&Row> = matrix.rows.iter().filter(|row| row.kind == kind).collect();
        if rows.is_empty() {
            continue;
        }
        let _ = writeln!(text, "{kind}: nothing may be found\n");
        let width = rows.iter().map(|row| row.name.len()).max().unwrap_or_default();
        for row in rows {
            let word = if row.holds() { "nothing" } else { "FOUND" };
            let _ = writeln!(text, "{:width$}  {word:7} {:6} exchanges {:5.1} s", row.name, row.exchanges, row.seconds);
        }
        text.push('\n');
    }
}
