//! Rules about the two registers, `requirements.toml` and `ambiguities.toml`: ids, and that everything named exists.

use std::collections::BTreeSet;

use super::provenance::{entries, unknown_document};
use super::subject::{Register, Subject};
use crate::finding::{Finding, did_you_mean};
use crate::spec::ambiguity::{Ambiguities, Ambiguity};
use crate::spec::requirement::{Kind, Requirement, Requirements};

/// An API of ours has both registers: without one, every rule about it would be silent.
pub fn registers_are_there(subject: &Subject) -> Vec<Finding> {
    let folder = subject.document.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let registers = [("requirements", subject.requirements.is_none()), ("ambiguities", subject.ambiguities.is_none())];
    let missing = registers.into_iter().filter(|(_, missing)| *missing);
    let findings = missing.map(|(name, _)| Finding {
        file: format!("{folder}/{name}.toml"),
        line: None,
        place: String::new(),
        what: "there is no such file".to_owned(),
        mend: format!("write it; spec/{name}.schema.json lists the keys"),
    });
    findings.collect()
}

/// An id is how people and reports speak of a rule.
pub fn ids_are_unique(subject: &Subject) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(register) = &subject.requirements {
        duplicates(register, requirements(subject).map(|requirement| requirement.id.as_str()), &mut findings);
    }
    if let Some(register) = &subject.ambiguities {
        duplicates(register, ambiguities(subject).map(|ambiguity| ambiguity.id.as_str()), &mut findings);
    }
    findings
}

fn duplicates<'a, T>(register: &Register<T>, ids: impl Iterator<Item = &'a str>, findings: &mut Vec<Finding>) {
    let mut seen = BTreeSet::new();
    for id in ids {
        if !seen.insert(id) {
            findings.push(register.finding(id, "the id is there twice", "give the newer one an id of its own"));
        }
    }
}

/// A requirement points into the document, and names the page that it comes from.
pub fn requirements_point_somewhere(subject: &Subject) -> Vec<Finding> {
    let Some(register) = &subject.requirements else { return Vec::new() };
    let mut findings = Vec::new();
    for requirement in requirements(subject) {
        if subject.document.value.pointer(&requirement.at).is_none() {
            let what = format!("there is nothing at {} in {}", requirement.at, subject.document.path);
            findings.push(register.finding(&requirement.id, what, "write the JSON pointer of the place in `at`"));
        }
        if let Some((what, mend)) = unknown_document(&subject.document, &requirement.document) {
            findings.push(register.finding(&requirement.id, what, mend));
        }
    }
    findings
}

/// What is assumed was decided somewhere.
pub fn assumed_requirements_name_their_ambiguity(subject: &Subject) -> Vec<Finding> {
    let Some(register) = &subject.requirements else { return Vec::new() };
    let findings = requirements(subject).filter_map(|requirement| match &requirement.ambiguity {
        None if requirement.kind == Kind::Assumed => Some(register.finding(
            &requirement.id,
            "it is assumed and names no ambiguity",
            "add `ambiguity` with the id of the decision behind it",
        )),
        None => None,
        Some(id) => {
            let (what, mend) = unknown_ambiguity(subject, id)?;
            Some(register.finding(&requirement.id, what, mend))
        }
    });
    findings.collect()
}

/// What is wrong with the id of an ambiguity, and what to do.
pub fn unknown_ambiguity(subject: &Subject, id: &str) -> Option<(String, String)> {
    let known = || ambiguities(subject).map(|ambiguity| ambiguity.id.as_str());
    if known().any(|other| other == id) {
        return None;
    }
    Some((format!("there is no ambiguity `{id}`"), did_you_mean(id, known(), "add it to ambiguities.toml")))
}

/// A decision needs something to decide between.
pub fn ambiguities_have_options(subject: &Subject) -> Vec<Finding> {
    each_ambiguity(subject, |ambiguity| {
        let few = ambiguity.options.len() < 2;
        few.then(|| ("it has fewer than two options".to_owned(), "add the readings that were turned down".to_owned()))
            .into_iter()
            .collect()
    })
}

/// What an ambiguity touches and rests on exists.
pub fn ambiguities_point_somewhere(subject: &Subject) -> Vec<Finding> {
    each_ambiguity(subject, |ambiguity| {
        let mut wrong = Vec::new();
        let touches = &ambiguity.touches;
        if touches.requirements.is_empty() && touches.at.is_empty() {
            wrong.push(("it touches nothing".to_owned(), "name requirements, or places of the document".to_owned()));
        }
        let known = || requirements(subject).map(|requirement| requirement.id.as_str());
        for id in touches.requirements.iter().filter(|id| !known().any(|known| known == id.as_str())) {
            let mend = did_you_mean(id, known(), "add it to requirements.toml");
            wrong.push((format!("there is no requirement `{id}`"), mend));
        }
        for place in touches.at.iter().filter(|place| subject.document.value.pointer(place).is_none()) {
            let what = format!("there is nothing at {place} in {}", subject.document.path);
            wrong.push((what, "write the JSON pointer of the place in `touches.at`".to_owned()));
        }
        wrong.extend(ambiguity.evidence.iter().filter_map(|item| unknown_document(&subject.document, &item.document)));
        wrong
    })
}

/// A decision that nothing rests on is none.
pub fn ambiguities_are_used(subject: &Subject) -> Vec<Finding> {
    let entries = entries(&subject.document);
    each_ambiguity(subject, |ambiguity| {
        let by_requirement = requirements(subject).any(|other| other.ambiguity.as_ref() == Some(&ambiguity.id));
        let by_entry = entries.iter().any(|entry| {
            let assumed = entry.text("kind") == Some("assumed");
            entry.text("ambiguity") == Some(&ambiguity.id)
                || (assumed && ambiguity.touches.at.iter().any(|place| entry.covers(place)))
        });
        let unused = !by_requirement && !by_entry;
        let mend = format!("name it with `ambiguity: {}` in a requirement or an x-provenance entry", ambiguity.id);
        unused.then(|| ("nothing rests on this decision".to_owned(), mend)).into_iter().collect()
    })
}

fn each_ambiguity(subject: &Subject, check: impl Fn(&Ambiguity) -> Vec<(String, String)>) -> Vec<Finding> {
    let Some(register) = &subject.ambiguities else { return Vec::new() };
    let each = ambiguities(subject).flat_map(|ambiguity| {
        let wrong = check(ambiguity).into_iter();
        wrong.map(|(what, mend)| register.finding(&ambiguity.id, what, mend))
    });
    each.collect()
}

fn requirements(subject: &Subject) -> impl Iterator<Item = &Requirement> {
    let register: Option<&Register<Requirements>> = subject.requirements.as_ref();
    register.into_iter().flat_map(|register| &register.content.requirement)
}

fn ambiguities(subject: &Subject) -> impl Iterator<Item = &Ambiguity> {
    let register: Option<&Register<Ambiguities>> = subject.ambiguities.as_ref();
    register.into_iter().flat_map(|register| &register.content.ambiguity)
}
