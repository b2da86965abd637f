//! `abide serve --bug …`: a server that is wrong, or merely different, on purpose, and the lists of what it can be.

#![allow(clippy::doc_markdown, reason = "the comments are help texts, and a terminal shows no backticks")]

use std::fs;
use std::io::Write;
use std::path::Path;

use abide_server::{Breakage, Scenario, bugs, faults, scenarios, variations};
use clap::{Args, ValueEnum};

use crate::problem::Problem;

/// A scenario is a few lines; whatever is larger is another file.
const LARGEST_FILE: u64 = 1024 * 1024;

/// What a server is to be like that is not as it should be.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "A server that is wrong, or different, on purpose")]
pub(crate) struct BreakageArguments {
    /// Plant a bug that breaks one requirement; may be given several times
    #[arg(long = "bug", value_name = "NAME")]
    bugs: Vec<String>,
    /// Take a freedom that the documents leave; may be given several times
    #[arg(long = "variation", value_name = "NAME")]
    variations: Vec<String>,
    /// Let calls be struck by a fault, with a probability from 0 to 1 [default: 1] and on paths that begin so [default: all]; may be given several times
    #[arg(long = "fault", value_name = "NAME[:P][@/PATH]")]
    faults: Vec<String>,
    /// Which calls faults strike: the same number strikes the same calls
    #[arg(long, value_name = "N", default_value_t = 0)]
    fault_seed: u64,
    /// How sessions go: a built-in scenario, or a file that describes one
    #[arg(long, value_name = "NAME|FILE.toml")]
    scenario: Option<String>,
    /// Print the names that these flags take, and do not serve
    #[arg(long, value_name = "KIND")]
    pub(crate) list: Option<Kind>,
}

/// What can be listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    Bugs,
    Variations,
    Faults,
    Scenarios,
}

impl BreakageArguments {
    /// The breakage that the flags ask for.
    pub(crate) fn breakage(&self) -> Result<Breakage, Problem> {
        let none = Breakage::none().with_fault_seed(self.fault_seed);
        let bugs = self.bugs.iter().try_fold(none, |all, name| all.with_bug(name))?;
        let variations = self.variations.iter().try_fold(bugs, |all, name| all.with_variation(name))?;
        let faults = self.faults.iter().try_fold(variations, |all, rule| all.with_fault(rule))?;
        Ok(match &self.scenario {
            Some(named) => faults.with_scenario(scenario(named)?),
            None => faults,
        })
    }

    /// Whether there is anything to warn of.
    pub(crate) fn is_none(&self) -> bool {
        self.bugs.is_empty() && self.variations.is_empty() && self.faults.is_empty() && self.scenario.is_none()
    }
}

/// The built-in scenario of that name, or the one in that file.
fn scenario(named: &str) -> Result<Scenario, Problem> {
    let is_file = Path::new(named).extension().is_some_and(|end| end.eq_ignore_ascii_case("toml"));
    if !is_file {
        return Ok(Scenario::named(named)?);
    }
    let unreadable = |reason: String| Problem::usage(format!("cannot read the scenario {named}: {reason}"));
    let size = fs::metadata(named).map_err(|error| unreadable(error.to_string()))?.len();
    if size > LARGEST_FILE {
        return Err(unreadable("it is larger than a scenario can be".to_owned()));
    }
    let text = fs::read_to_string(named).map_err(|error| unreadable(error.to_string()))?;
    Ok(Scenario::from_toml(named, &text)?)
}

/// Prints a table: the name, what it concerns where that is one thing, and a sentence.
pub(crate) fn print(kind: Kind) {
    let mut out = std::io::stdout().lock();
    // Somebody may have read enough and closed the pipe.
    let _ = out.write_all(table(&rows(kind)).as_bytes());
}

fn rows(kind: Kind) -> Vec<[String; 3]> {
    let row = |name: &str, concerns: &str, says: &str| [name, concerns, says].map(str::to_owned);
    match kind {
        Kind::Bugs => bugs().map(|it| row(it.name(), it.requirement(), it.says())).collect(),
        Kind::Variations => variations()
            .map(|it| row(it.name(), &it.api().map_or("both".to_owned(), |api| api.to_string()), it.says()))
            .collect(),
        Kind::Faults => faults().map(|it| row(it.name(), "", it.says())).collect(),
        Kind::Scenarios => scenarios().map(|it| row(it.name(), "", it.says())).collect(),
    }
}

fn table(rows: &[[String; 3]]) -> String {
    let width = |column: fn(&[String; 3]) -> usize| rows.iter().map(column).max().unwrap_or(0);
    let (names, concerns) = (width(|[name, _, _]| name.len()), width(|[_, concerns, _]| concerns.len()));
    let mut text = String::new();
    for [name, concern, says] in rows {
        text.push_str(&format!("{name:names$}  "));
        if concerns > 0 {
            text.push_str(&format!("{concern:concerns$}  "));
        }
        text.push_str(says);
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_they_must_be() {
        let rows = [["a", "X-1", "One."], ["longer", "", "Two."]].map(|row| row.map(str::to_owned));
        assert_eq!(table(&rows), "a       X-1  One.\nlonger       Two.\n");
        let rows = [["a", "", "One."]].map(|row| row.map(str::to_owned));
        assert_eq!(table(&rows), "a  One.\n");
    }
}
