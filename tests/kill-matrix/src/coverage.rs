//! The matrix the other way round: what breaks each requirement.

use abide_conformance::catalogue::{Api, Binds, Kind as Known, Level};
use serde::Serialize;

use crate::row::Row;
use crate::trial::Trial;

/// Requirements that nothing planted breaks, each with the reason why nothing can.
const UNBROKEN: &[(&str, &str)] = &[];

/// A requirement with what breaks it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Covered {
    /// Such as `CAL-COUNT-SUM`.
    pub requirement: &'static str,
    /// The API.
    pub api: Api,
    /// Whom it binds.
    pub binds: Binds,
    /// How much it weighs.
    pub level: Level,
    /// How it is known.
    pub known: Known,
    /// The planted bugs, or faulty clients, that it has to catch.
    pub broken_by: Vec<String>,
    /// How many of them were judged, and it caught them.
    pub caught: usize,
    /// Why nothing breaks it, where that is so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unbroken_because: Option<&'static str>,
}

/// Every requirement of both APIs, with what breaks it of everything that is planted; `rows` is what was judged.
pub fn coverage(planted: &[Trial], rows: &[Row]) -> Vec<Covered> {
    let requirements = Api::ALL.into_iter().flat_map(|api| api.requirements().iter().map(move |row| (api, row)));
    let covered = requirements.map(|(api, requirement)| {
        let breaks = |trial: &&Trial| trial.requirement == Some(requirement.id);
        let caught = rows.iter().filter(|row| row.requirement == Some(requirement.id) && row.is_caught());
        Covered {
            requirement: requirement.id,
            api,
            binds: requirement.binds,
            level: requirement.level,
            known: requirement.kind,
            broken_by: planted.iter().filter(breaks).map(|trial| trial.name.clone()).collect(),
            caught: caught.count(),
            unbroken_because: UNBROKEN.iter().find(|(id, _)| *id == requirement.id).map(|(_, because)| *because),
        }
    });
    covered.collect()
}

impl Covered {
    /// What keeps the matrix from being whole.
    pub fn problem(&self) -> Option<String> {
        match (self.broken_by.is_empty(), self.unbroken_because) {
            (true, None) => Some(format!("nothing breaks {}: plant something", self.requirement)),
            (false, Some(_)) => Some(format!("{} is said to be unbroken, and is not", self.requirement)),
            (true, Some(_)) | (false, None) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trial::{Thoroughness, trials};

    #[test]
    fn a_requirement_that_nothing_breaks_is_told() {
        let all = trials(Thoroughness::default());
        assert!(coverage(&all, &[]).iter().all(|covered| covered.problem().is_none()));
        let without: Vec<Trial> =
            all.into_iter().filter(|trial| trial.requirement != Some("HUM-EXPIRY-SLIDES")).collect();
        let problems: Vec<String> = coverage(&without, &[]).iter().filter_map(Covered::problem).collect();
        assert_eq!(problems, ["nothing breaks HUM-EXPIRY-SLIDES: plant something"]);
    }
}
