//! One row of the matrix: what was found in one server or client, and what is wrong about that.

use std::io;
use std::time::Duration;

use abide_conformance::catalogue::Api;
use abide_conformance::report::{Report, Verdict, Whole};
use serde::Serialize;

use crate::trial::{Kind, Trial};

/// What was found in one server or client.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Row {
    /// What is wrong, or legal, about it.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// The API.
    pub api: Api,
    /// The requirement that has to be found broken.
    pub requirement: Option<&'static str>,
    /// The requirements that were found broken, in the order of the catalogue.
    pub fired: Vec<Fired>,
    /// What keeps the matrix from being whole; empty where all is as it should be.
    pub problems: Vec<String>,
    /// How many exchanges were judged.
    pub exchanges: usize,
    /// How long it took, in seconds.
    pub seconds: f64,
}

/// A requirement that was found broken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Fired {
    /// Such as `CAL-COUNT-SUM`.
    pub requirement: String,
    /// What it has to do with what is wrong.
    pub role: Role,
    /// Why it fires along with another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<&'static str>,
}

/// What a finding has to do with what is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// It is what has to be found.
    Own,
    /// It follows, and the reason is known.
    Explained,
    /// Nobody knows why.
    Unexplained,
}

impl Row {
    /// Compares what was found with what has to be found.
    pub(crate) fn new(trial: &Trial, run: io::Result<(Report, usize)>, took: Duration) -> Self {
        let row = Self {
            kind: trial.kind,
            name: trial.name.clone(),
            api: trial.api,
            requirement: trial.requirement,
            fired: Vec::new(),
            problems: Vec::new(),
            exchanges: 0,
            seconds: took.as_secs_f64(),
        };
        match run {
            Err(error) => Self { problems: vec![format!("it could not be judged: {error}")], ..row },
            Ok((report, exchanges)) => {
                let fired = fired(trial, &report);
                let problems = problems(trial, &report, &fired);
                Self { fired, problems, exchanges, ..row }
            }
        }
    }

    /// Whether all is as it should be.
    pub fn holds(&self) -> bool {
        self.problems.is_empty()
    }

    /// Whether it was caught by its own requirement.
    pub fn is_caught(&self) -> bool {
        self.fired.iter().any(|fired| fired.role == Role::Own)
    }
}

fn fired(trial: &Trial, report: &Report) -> Vec<Fired> {
    let broken = report.requirements.iter().filter(|row| matches!(row.verdict, Verdict::Failed | Verdict::Warned));
    let fired = broken.map(|row| {
        let because = trial.also_breaks.iter().find(|(id, _)| *id == row.id).map(|(_, because)| *because);
        let role = match because {
            _ if trial.requirement == Some(row.id.as_str()) => Role::Own,
            Some(_) => Role::Explained,
            None => Role::Unexplained,
        };
        Fired { requirement: row.id.clone(), role, because }
    });
    fired.collect()
}

fn problems(trial: &Trial, report: &Report, fired: &[Fired]) -> Vec<String> {
    let mut problems = Vec::new();
    if let Some(id) = trial.requirement
        && !fired.iter().any(|one| one.role == Role::Own)
    {
        let verdict = report.requirement(id).map_or("not judged", |row| row.verdict.name());
        problems.push(format!("{id} does not catch it: {verdict}"));
    }
    for one in fired.iter().filter(|one| one.role == Role::Unexplained) {
        let seen = report.requirement(&one.requirement).and_then(|row| row.findings.first());
        let seen = seen.map(|seen| format!(": expected {}; found {}", seen.expected, seen.found)).unwrap_or_default();
        problems.push(format!("{} fires, and nothing says why{seen}", one.requirement));
    }
    let silent = trial.also_breaks.iter().filter(|(id, _)| !fired.iter().any(|one| one.requirement == *id));
    problems.extend(silent.map(|(id, _)| format!("{id} is said to fire too, and does not")));
    if !trial.kind.is_wrong() && report.verdict != Whole::Conformant {
        let problem = report.problem.as_deref().map(|problem| format!(": {problem}")).unwrap_or_default();
        problems.push(format!("the verdict is {}{problem}", report.verdict.name()));
    }
    problems
}

#[cfg(test)]
mod tests {
    use abide_conformance::judge;
    use abide_conformance::trace::{Header, Source, Subject, Trace};

    use super::*;
    use crate::trial::{Thoroughness, trials};

    /// The row of a trial in which exactly these requirements are found broken.
    fn row(name: &str, broken: &[&str]) -> Row {
        let all = trials(Thoroughness { seeds: 1, cases: 0 });
        let trial = all.into_iter().find(|trial| trial.name() == name).unwrap();
        let mut report = judge(&Trace::new(Header::new(trial.api, Subject::Server, Source::Driven, "x")));
        for row in &mut report.requirements {
            row.verdict = if broken.contains(&row.id.as_str()) { Verdict::Failed } else { Verdict::Passed };
        }
        report.problem = None;
        report.verdict = if broken.is_empty() { Whole::Conformant } else { Whole::NotConformant };
        Row::new(&trial, Ok((report, 1)), Duration::ZERO)
    }

    fn check(name: &str, broken: &[&str], expected: &[&str]) {
        let row = row(name, broken);
        assert_eq!(row.problems, expected, "{name}, where {broken:?} is broken");
        assert_eq!(row.holds(), expected.is_empty());
    }

    #[test]
    fn what_keeps_a_row_from_being_right() {
        let bug = "cal-completed-all-at-half";
        check(bug, &["CAL-COMPLETED-ALL", "CAL-RESULTS-ALL"], &[]);
        check(bug, &["CAL-RESULTS-ALL"], &["CAL-COMPLETED-ALL does not catch it: passed"]);
        check(bug, &["CAL-COMPLETED-ALL"], &["CAL-RESULTS-ALL is said to fire too, and does not"]);
        let three = ["CAL-AUTH", "CAL-COMPLETED-ALL", "CAL-RESULTS-ALL"];
        check(bug, &three, &["CAL-AUTH fires, and nothing says why"]);
        check("calmyx-server-pretty-json", &[], &[]);
        let found = ["CAL-AUTH fires, and nothing says why", "the verdict is not-conformant"];
        check("calmyx-server-pretty-json", &["CAL-AUTH"], &found);
    }

    #[test]
    fn what_could_not_be_judged_is_not_right() {
        let all = trials(Thoroughness { seeds: 1, cases: 0 });
        let row = Row::new(&all[0], Err(io::Error::other("no runtime")), Duration::ZERO);
        assert_eq!(row.problems, ["it could not be judged: no runtime"]);
    }
}
