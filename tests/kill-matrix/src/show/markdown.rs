//! For a page: one table for each kind, and one of the requirements.

use std::fmt::Write as _;

use super::summary;
use crate::matrix::Matrix;
use crate::row::{Role, Row};
use crate::trial::Kind;

/// The matrix as a page.
pub fn markdown(matrix: &Matrix) -> String {
    let mut page = "# The kill matrix\n\nPrinted by `cargo kill-matrix --markdown`.\n\n".to_owned();
    for line in summary(matrix) {
        let _ = writeln!(page, "- {line}");
    }
    if matrix.left_out > 0 {
        let _ = writeln!(page, "- {} were left out", matrix.left_out);
    }
    for problem in matrix.problems() {
        let _ = writeln!(page, "- **not whole**: {}", escaped(&problem));
    }
    for kind in Kind::ALL {
        let rows: Vec<&Row> = matrix.rows.iter().filter(|row| row.kind == kind).collect();
        if !rows.is_empty() {
            write_rows(&mut page, kind, &rows);
        }
    }
    write_coverage(&mut page, matrix);
    page
}

fn write_rows(page: &mut String, kind: Kind, rows: &[&Row]) {
    let _ = write!(page, "\n## {kind}\n\n");
    if kind.is_wrong() {
        page.push_str("| what is planted | requirement | caught | what follows, and why |\n|---|---|---|---|\n");
    } else {
        page.push_str("| what is right | found |\n|---|---|\n");
    }
    for row in rows {
        if kind.is_wrong() {
            let caught = if row.is_caught() { "yes" } else { "**no**" };
            let id = row.requirement.unwrap_or_default();
            let _ = writeln!(page, "| `{}` | {id} | {caught} | {} |", row.name, company(row));
        } else {
            let found = if row.holds() { "nothing" } else { "**something**" };
            let _ = writeln!(page, "| `{}` | {found} |", row.name);
        }
    }
}

fn company(row: &Row) -> String {
    let others = row.fired.iter().filter(|fired| fired.role != Role::Own);
    let words = others.map(|fired| match fired.because {
        Some(because) => format!("{}: {}", fired.requirement, escaped(because)),
        None => format!("**{}**", fired.requirement),
    });
    words.collect::<Vec<_>>().join("; ")
}

fn write_coverage(page: &mut String, matrix: &Matrix) {
    page.push_str("\n## requirements\n\n| requirement | binds | level | known | broken by |\n|---|---|---|---|---|\n");
    for covered in &matrix.coverage {
        let names: Vec<String> = covered.broken_by.iter().map(|name| format!("`{name}`")).collect();
        let broken_by = match covered.unbroken_because {
            Some(because) if names.is_empty() => format!("nothing: {}", escaped(because)),
            Some(_) | None => names.join(" "),
        };
        let (binds, level, known) = (covered.binds, covered.level, covered.known);
        let _ = writeln!(page, "| {} | {binds} | {level} | {known} | {broken_by} |", covered.requirement);
    }
}

fn escaped(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}
