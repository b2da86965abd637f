//! What is printed: ratios, for a terminal or in Markdown.

use crate::measure::{Case, Figures};
use crate::rows::{BASE, LIBRARIES, OURS};

pub struct Tables {
    pub markdown: bool,
}

/// What the decoder must reach: beside the base, and beside the fastest library.
const GOALS: (f64, f64) = (5.0, 1.5);

impl Tables {
    pub fn heading(&self, title: &str, explanation: &str) {
        let mark = if self.markdown { "### " } else { "" };
        println!("\n{mark}{title}\n\n{explanation}.\n");
    }

    /// One line a row: a ratio for each case, and the allocations of one parse in the last case.
    pub fn print(&self, cases: &[Case]) {
        let last = cases.last().expect("a case");
        let names = cases.iter().map(|case| case.name.clone());
        self.line("", names.chain(["allocations".to_owned()]));
        if self.markdown {
            println!("|:--|{}", "--:|".repeat(cases.len() + 1));
        }
        self.line("bytes", cases.iter().map(|case| case.bytes.to_string()).chain([String::new()]));
        self.line(
            &format!("`{BASE}`, µs"),
            cases.iter().map(|case| format!("{:.2}", case.of(BASE) / 1_000.0)).chain([String::new()]),
        );
        for Figures { row, .. } in &last.figures {
            let ratios = cases.iter().map(|case| {
                let measured = case.figures.iter().any(|figures| figures.row == *row);
                if measured { ratio(case.of(BASE) / case.of(row)) } else { "–".to_owned() }
            });
            let allocations =
                last.figures.iter().find(|figures| figures.row == *row).map(|figures| figures.allocations);
            self.line(row, ratios.chain([allocations.unwrap_or_default().to_string()]));
        }
    }

    fn line(&self, name: &str, cells: impl Iterator<Item = String>) {
        if self.markdown {
            println!("| {name} | {} |", cells.collect::<Vec<_>>().join(" | "));
        } else {
            let cells: Vec<String> = cells.map(|cell| format!("{cell:>13}")).collect();
            println!("{name:<26}{}", cells.concat());
        }
    }

    /// Whether the decoder is as fast as it must be.
    pub fn goals(&self, cases: &[Case]) {
        println!();
        for case in cases {
            let fastest = LIBRARIES.iter().map(|library| case.of(library)).fold(f64::INFINITY, f64::min);
            let (base, library) = (case.of(BASE) / case.of(OURS), fastest / case.of(OURS));
            // Small replies need only not be slower.
            let (base_goal, library_goal) = if case.name.starts_with("2 ") { (1.0, 1.0) } else { GOALS };
            let mark = |reached: bool| if reached { "reached" } else { "MISSED" };
            let list = if self.markdown { "- " } else { "" };
            println!(
                "{list}{}: {base:.1} times `{BASE}` (goal {base_goal}: {}), {library:.1} times the fastest library (goal {library_goal}: {})",
                case.name,
                mark(base >= base_goal),
                mark(library >= library_goal)
            );
        }
    }
}

impl Case {
    /// Nanoseconds of a row.
    fn of(&self, row: &str) -> f64 {
        self.figures.iter().find(|figures| figures.row == row).map_or(f64::NAN, |figures| figures.nanoseconds)
    }
}

fn ratio(ratio: f64) -> String {
    if ratio >= 20.0 { format!("{ratio:.0}") } else { format!("{ratio:.2}") }
}
