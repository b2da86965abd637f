//! Rules about `x-provenance`: who has it, and what an entry must say.
//!
//! A place is *disputed* when an ambiguity names it under `touches.at`. A disputed place must be covered by an entry: one
//! that is about the place, about something that contains it, or about something inside it. That an operation as a whole
//! is documented covers no part of it.

use serde_json::{Map, Value};

use super::grammar::places;
use super::operation::operations;
use super::{Subject, register};
use crate::document::Document;
use crate::finding::{Finding, did_you_mean};

const KEY: &str = "x-provenance";
const KEYS: [&str; 6] = ["kind", "document", "section", "about", "note", "ambiguity"];
const KINDS: [&str; 3] = ["documented", "implied", "assumed"];

/// One entry of an `x-provenance` list.
#[derive(Debug)]
pub struct Entry<'a> {
    /// Where the list stands: the pointer of what carries it.
    pub carrier: String,
    /// The pointer of the entry itself.
    pub pointer: String,
    pub value: &'a Value,
}

impl<'a> Entry<'a> {
    pub fn text(&self, key: &str) -> Option<&'a str> {
        self.value.get(key).and_then(Value::as_str)
    }

    /// What it speaks about, as a pointer into the document.
    pub fn target(&self) -> String {
        format!("{}{}", self.carrier, self.text("about").unwrap_or_default())
    }

    /// Whether it says something about a place; see the module's definition.
    pub fn covers(&self, place: &str) -> bool {
        let target = self.target();
        let whole_operation = self.carrier.starts_with("/paths/") && self.text("about").is_none() && target != place;
        !whole_operation && (contains(&target, place) || contains(place, &target))
    }
}

fn contains(outer: &str, inner: &str) -> bool {
    inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Every entry of a document.
pub fn entries(document: &Document) -> Vec<Entry<'_>> {
    let carriers = places(document).into_iter().filter_map(|place| Some((place.pointer, place.value.get(KEY)?)));
    carriers
        .flat_map(|(carrier, list)| {
            list.as_array().into_iter().flatten().enumerate().map(move |(index, value)| Entry {
                pointer: format!("{carrier}/{KEY}/{index}"),
                carrier: carrier.clone(),
                value,
            })
        })
        .collect()
}

/// Every operation says how we know of it.
pub fn operations_have_provenance(document: &Document) -> Vec<Finding> {
    let findings = operations(document).into_iter().filter_map(|operation| {
        let list = operation.value.get(KEY).and_then(Value::as_array);
        list.is_none_or(Vec::is_empty).then(|| {
            let mend = "add a list with at least one entry {kind, document}";
            document.finding(operation.pointer, format!("the operation has no {KEY}"), mend)
        })
    });
    findings.collect()
}

/// Lists are lists, and entries have the keys that people look for.
pub fn entries_are_well_formed(document: &Document) -> Vec<Finding> {
    let mut findings = Vec::new();
    for place in places(document) {
        if place.value.get(KEY).is_some_and(|list| !list.is_array()) {
            let pointer = format!("{}/{KEY}", place.pointer);
            findings.push(document.finding(pointer, format!("{KEY} is no list"), "write `- {kind: …, document: …}`"));
        }
    }
    for entry in entries(document) {
        match entry.value.as_object() {
            Some(object) => entry_is_well_formed(document, &entry, object, &mut findings),
            None => {
                let what = "an entry must be an object";
                findings.push(document.finding(entry.pointer, what, "write {kind: …, document: …}"));
            }
        }
    }
    findings
}

fn entry_is_well_formed(
    document: &Document,
    entry: &Entry<'_>,
    object: &Map<String, Value>,
    findings: &mut Vec<Finding>,
) {
    let at = |key: &str| format!("{}/{key}", entry.pointer);
    for (key, value) in object {
        if !KEYS.contains(&key.as_str()) {
            let mend = did_you_mean(key, KEYS, "remove it");
            findings.push(document.finding(at(key), format!("an entry of {KEY} has no key `{key}`"), mend));
        } else if !value.is_string() {
            findings.push(document.finding(at(key), format!("`{key}` must be a text"), "write a text"));
        }
    }
    let kind = entry.text("kind").unwrap_or_default();
    if !KINDS.contains(&kind) {
        let what = format!("the kind is `{kind}`");
        let mend = did_you_mean(kind, KINDS, &format!("write one of {}", KINDS.join(", ")));
        findings.push(document.finding(at("kind"), what, mend));
    }
    let name = entry.text("document").unwrap_or_default();
    if let Some(finding) = unknown_document(document, name) {
        findings.push(document.finding(at("document"), finding.0, finding.1));
    }
    if kind == "assumed" && entry.text("note").is_none_or(str::is_empty) {
        let what = "an assumption without a note does not say what was decided";
        findings.push(document.finding(&entry.pointer, what, "add `note`"));
    }
    if let Some(about) = entry.text("about")
        && (!about.starts_with('/') || document.value.pointer(&entry.target()).is_none())
    {
        let what = format!("there is nothing at {about} below {}", entry.carrier);
        findings.push(document.finding(at("about"), what, "write a JSON pointer from where the list stands"));
    }
}

/// What is wrong with the name of a document, and what to do.
pub fn unknown_document(document: &Document, name: &str) -> Option<(String, String)> {
    let known = || document.value.get("x-documents").and_then(Value::as_object).into_iter().flatten();
    if known().any(|(key, _)| key == name) {
        return None;
    }
    let mend = did_you_mean(name, known().map(|(key, _)| key.as_str()), "add it to x-documents, or name one of those");
    Some((format!("`{name}` is no key of x-documents"), mend))
}

/// An entry may name the decision behind it.
pub fn ambiguities_of_entries_exist(subject: &Subject) -> Vec<Finding> {
    let document = &subject.document;
    let named = entries(document).into_iter().filter_map(|entry| {
        let id = entry.text("ambiguity")?;
        let (what, mend) = register::unknown_ambiguity(subject, id)?;
        Some(document.finding(format!("{}/ambiguity", entry.pointer), what, mend))
    });
    named.collect()
}

/// Who disputes a place must find there how we know what stands there.
pub fn disputed_places_have_provenance(subject: &Subject) -> Vec<Finding> {
    let document = &subject.document;
    let Some(ambiguities) = &subject.ambiguities else { return Vec::new() };
    let entries = entries(document);
    let mut findings = Vec::new();
    for ambiguity in &ambiguities.content.ambiguity {
        for place in ambiguity.touches.at.iter().filter(|place| document.value.pointer(place).is_some()) {
            if !entries.iter().any(|entry| entry.covers(place)) {
                let what = format!("{} disputes this place, and no {KEY} speaks about it", ambiguity.id);
                findings.push(document.finding(place, what, format!("add {KEY} here, or an entry with `about` above")));
            }
        }
    }
    findings
}
