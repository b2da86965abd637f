//! What is wrong with an input file: where, and how much of it.

use std::{error::Error, fmt};

use super::problem::InputProblem;
use crate::safe_text::Safe;

/// One thing that is wrong with an input file, shown as `file, line N: what is wrong and what to do`.
#[derive(Debug)]
pub struct InputError {
    /// The file, as it was named; `standard input` for `-`.
    pub file: String,
    /// The line in the file, from 1, where the problem belongs to one. A row over several lines counts by its first.
    pub line: Option<u64>,
    /// What is wrong.
    pub problem: InputProblem,
}

impl fmt::Display for InputError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", Safe(&self.file))?;
        if let Some(line) = self.line {
            write!(formatter, ", line {line}")?;
        }
        write!(formatter, ": {}", self.problem)
    }
}

impl Error for InputError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.problem.source()
    }
}

/// Everything that is wrong with an input file: the first [`SHOWN`](Self::SHOWN) problems, and how many more there are.
///
/// Shown as one line for each. There is always at least one problem.
#[derive(Debug)]
pub struct InputErrors {
    first: Vec<InputError>,
    more: usize,
}

impl InputErrors {
    /// How many problems are kept word for word.
    pub const SHOWN: usize = 20;

    /// The problems that were kept, in the order of the file.
    pub fn first(&self) -> &[InputError] {
        &self.first
    }

    /// How many problems there are, those not kept included.
    pub fn count(&self) -> usize {
        self.first.len() + self.more
    }
}

impl From<InputError> for InputErrors {
    fn from(error: InputError) -> Self {
        Self { first: vec![error], more: 0 }
    }
}

impl fmt::Display for InputErrors {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.first.iter().enumerate() {
            let separator = if index == 0 { "" } else { "\n" };
            write!(formatter, "{separator}{error}")?;
        }
        match self.more {
            0 => Ok(()),
            1 => write!(formatter, "\n… and 1 more problem"),
            more => write!(formatter, "\n… and {more} more problems"),
        }
    }
}

impl Error for InputErrors {
    /// The cause of a single problem; many problems have no one cause.
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self.first.as_slice() {
            [only] => only.source(),
            [] | [_, ..] => None,
        }
    }
}

/// Gathers problems while a file is read to its end.
pub(super) struct Problems {
    file: String,
    first: Vec<InputError>,
    more: usize,
}

impl Problems {
    pub(super) fn of(file: &str) -> Self {
        Self { file: file.to_owned(), first: Vec::new(), more: 0 }
    }

    /// Takes the next problem, in the order of the lines.
    pub(super) fn add(&mut self, line: u64, problem: InputProblem) {
        if self.first.len() < InputErrors::SHOWN {
            self.first.push(InputError { file: self.file.clone(), line: Some(line), problem });
        } else {
            self.more += 1;
        }
    }

    /// Both lists in the order of the lines: each kept its own first problems, so the first of all are among them.
    pub(super) fn and(mut self, other: Self) -> Self {
        self.first.extend(other.first);
        self.first.sort_by_key(|error| error.line);
        self.more += other.more + self.first.len().saturating_sub(InputErrors::SHOWN);
        self.first.truncate(InputErrors::SHOWN);
        self
    }

    /// All that was gathered as an error, if there was anything.
    pub(super) fn none_found(self) -> Result<(), InputErrors> {
        if self.first.is_empty() { Ok(()) } else { Err(InputErrors { first: self.first, more: self.more }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on_lines(lines: impl Iterator<Item = u64>) -> Problems {
        let mut problems = Problems::of("t.csv");
        lines.for_each(|line| problems.add(line, InputProblem::OpenQuote));
        problems
    }

    #[test]
    fn two_lists_become_one_in_order() {
        let both = on_lines((2..100).step_by(2)).and(on_lines((1..50).step_by(2)));
        let errors = both.none_found().unwrap_err();
        let lines: Vec<u64> = errors.first().iter().filter_map(|error| error.line).collect();
        assert_eq!(lines, (1..=20).collect::<Vec<_>>());
        assert_eq!(errors.count(), 49 + 25);
    }

    #[test]
    fn shown_as_lines() {
        for (count, last_line) in [
            (1, "t.csv, line 1: "),
            (20, "t.csv, line 20: "),
            (21, "… and 1 more problem"),
            (22, "… and 2 more problems"),
        ] {
            let errors = on_lines(1..=count).none_found().unwrap_err().to_string();
            assert!(errors.lines().last().unwrap().starts_with(last_line), "{errors}");
        }
        assert!(on_lines(0..0).none_found().is_ok());
    }

    #[test]
    fn only_a_single_problem_has_a_cause() {
        let unreadable = || InputProblem::Unreadable(std::io::ErrorKind::PermissionDenied.into());
        let one = InputError { file: "t.csv".to_owned(), line: None, problem: unreadable() };
        assert!(InputErrors::from(one).source().is_some());
        let mut two = Problems::of("t.csv");
        two.add(1, unreadable());
        two.add(2, unreadable());
        assert!(two.none_found().unwrap_err().source().is_none());
    }

    #[test]
    fn a_file_name_cannot_move_the_cursor() {
        let file = "a\u{1b}[2J.csv".to_owned();
        let error = InputError { file, line: None, problem: InputProblem::Missing };
        assert_eq!(error.to_string(), "a[2J.csv: there is no such file; check the path");
    }
}
