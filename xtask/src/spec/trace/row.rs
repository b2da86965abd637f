//! One line of the table: a requirement, where it comes from, and what keeps it.

use anyhow::{Result, bail};
use serde::Serialize;

use super::checks::Checks;
use super::names::Names;
use super::place::{Source, generated};
use crate::document::Document;
use crate::spec::ambiguity::Ambiguities;
use crate::spec::requirement::{Binds, Kind, Level, Requirement, Requirements};

/// A requirement with everything that it is tied to.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Row {
    pub api: String,
    pub requirement: String,
    pub level: Level,
    pub kind: Kind,
    pub binds: Binds,
    pub document: String,
    pub section: String,
    pub when: Option<String>,
    pub says: String,
    /// A JSON pointer into the OpenAPI document.
    pub at: String,
    /// What the generated code has for that place; nothing where the place is not for clients.
    pub generated: Vec<String>,
    pub ambiguity: Option<String>,
    pub checks: Vec<String>,
    pub planted_bugs: Vec<String>,
}

/// One row for each requirement.
///
/// # Errors
/// All requirements that cannot be traced, not only the first.
pub fn rows(
    document: &Document,
    requirements: &Requirements,
    ambiguities: &Ambiguities,
    source: &Source,
    names: &Names,
) -> Result<Vec<Row>> {
    let api = source.api;
    let mut rows = Vec::new();
    let mut problems = Vec::new();
    for requirement in &requirements.requirement {
        let known = known_decision(requirement, ambiguities).and_then(|()| checks(requirement, source));
        match known.and_then(|checks| Ok((checks, items(document, requirement, source, names)?))) {
            Ok((checks, generated)) => rows.push(row(api, requirement, checks, generated)),
            Err(error) => problems.push(format!("spec/{api}/requirements.toml: {}: {error}", requirement.id)),
        }
    }
    problems.extend(without_requirement(requirements, source));
    if problems.is_empty() {
        return Ok(rows);
    }
    bail!("{}", problems.join("\n"))
}

fn known_decision(requirement: &Requirement, ambiguities: &Ambiguities) -> Result<()> {
    match &requirement.ambiguity {
        Some(id) if !ambiguities.ambiguity.iter().any(|ambiguity| ambiguity.id == *id) => {
            bail!("there is no ambiguity {id}; correct `ambiguity`, or add it to ambiguities.toml")
        }
        Some(_) | None => Ok(()),
    }
}

/// The generated items for a requirement, each known to exist.
fn items(document: &Document, requirement: &Requirement, source: &Source, names: &Names) -> Result<Vec<String>> {
    let pointer = &requirement.at;
    if document.value.pointer(pointer).is_none() {
        bail!("{} has nothing at {pointer}; correct `at`", document.path);
    }
    let items = generated(document, source, pointer);
    match items.iter().find(|name| !names.contains(name)) {
        None => Ok(items),
        Some(missing) => bail!(
            "{pointer} should be {missing}, which the generated code does not have; \
             run `cargo xtask generate`, or correct `at`"
        ),
    }
}

/// The checks of a requirement; there must be one where there is a judge.
fn checks(requirement: &Requirement, source: &Source) -> Result<Vec<String>> {
    let found = source.checks.map(|checks| checks.of(&requirement.id));
    match found {
        Some([]) => {
            bail!("the judge has no check for it; write one, and add it to a table in abide-conformance/src/judge")
        }
        Some(found) => Ok(found.to_vec()),
        None => Ok(Vec::new()),
    }
}

/// The checks of what is no requirement.
fn without_requirement(requirements: &Requirements, source: &Source) -> Vec<String> {
    let is_known = |id: &&str| requirements.requirement.iter().any(|requirement| requirement.id == **id);
    let checked = source.checks.into_iter().flat_map(Checks::requirements);
    let unknown = checked.filter(|id| !is_known(id));
    unknown
        .map(|id| format!("spec/{}/requirements.toml: the judge checks {id}, which is not there", source.api))
        .collect()
}

fn row(api: &str, requirement: &Requirement, checks: Vec<String>, generated: Vec<String>) -> Row {
    let Requirement { id, level, kind, binds, when, says, document, section, at, ambiguity, planted_bugs } =
        requirement.clone();
    let api = api.to_owned();
    Row {
        api,
        requirement: id,
        level,
        kind,
        binds,
        document,
        section,
        when,
        says,
        at,
        generated,
        ambiguity,
        checks,
        planted_bugs,
    }
}
