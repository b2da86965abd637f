//! Rules about `$ref`: each points to something, and nothing lies about unused.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::operation::operations;
use crate::document::Document;
use crate::finding::{Finding, did_you_mean};
use crate::lines::escape;

/// A `$ref` to nothing. Where a whole part of the document is missing, that is said once.
pub fn references_resolve(document: &Document) -> Vec<Finding> {
    let components: Vec<String> = components(document).map(|(pointer, _)| format!("#{pointer}")).collect();
    let mut findings = Vec::new();
    let mut parts: BTreeMap<String, (String, usize)> = BTreeMap::new();
    for (pointer, target) in references(&document.value) {
        match missing(document, target) {
            None => {}
            Some(missing) if missing == target => {
                let known = components.iter().map(String::as_str);
                let mend = did_you_mean(target, known, "add it, or point to what is there");
                findings.push(document.finding(
                    pointer,
                    format!("`{target}` points to nothing in this document"),
                    mend,
                ));
            }
            Some(missing) => parts.entry(missing).or_insert((pointer, 0)).1 += 1,
        }
    }
    for (part, (first, count)) in parts {
        let what = format!("`{part}` is not there, and {count} references point into it");
        findings.push(document.finding(first, what, "add it, or look for a misspelt key"));
    }
    findings
}

/// The outermost part of a target that is not there, the target itself in the end; `None` where all is there.
fn missing(document: &Document, target: &str) -> Option<String> {
    let Some(segments) = target.strip_prefix("#/") else { return Some(target.to_owned()) };
    let mut part = String::from("#");
    for segment in segments.split('/') {
        part = format!("{part}/{segment}");
        if document.value.pointer(part.trim_start_matches('#')).is_none() {
            return Some(part);
        }
    }
    None
}

/// A component that no operation reaches is a rule of nothing. A dangling `$ref` may be the missing use, and is said first.
pub fn components_are_used(document: &Document) -> Vec<Finding> {
    if !references_resolve(document).is_empty() {
        return Vec::new();
    }
    let reached = reached(document);
    let unused = components(document).filter(|(pointer, _)| !reached.contains(pointer));
    let findings = unused.map(|(pointer, _)| {
        document.finding(pointer, "no operation uses this component", "remove it, or point to it with a $ref")
    });
    findings.collect()
}

/// Pointers of the components that are reached from outside of the components.
fn reached(document: &Document) -> BTreeSet<String> {
    let mut waiting: Vec<String> = Vec::new();
    for (key, value) in document.value.as_object().into_iter().flatten().filter(|(key, _)| *key != "components") {
        waiting.extend(references(value).into_iter().map(|(_, target)| target.trim_start_matches('#').to_owned()));
        waiting.extend(schemes(key, value));
    }
    follow(document, waiting)
}

/// Everything that is reached from these pointers, themselves included.
pub fn follow(document: &Document, mut waiting: Vec<String>) -> BTreeSet<String> {
    let mut reached = BTreeSet::new();
    while let Some(pointer) = waiting.pop() {
        if let Some(value) = document.value.pointer(&pointer)
            && reached.insert(pointer)
        {
            waiting.extend(references(value).into_iter().map(|(_, target)| target.trim_start_matches('#').to_owned()));
        }
    }
    reached
}

/// `security` names its schemes without `$ref`.
fn schemes(key: &str, value: &Value) -> Vec<String> {
    match value {
        Value::Array(requirements) if key == "security" => {
            let names = requirements.iter().filter_map(Value::as_object).flat_map(|requirement| requirement.keys());
            names.map(|name| scheme(name)).collect()
        }
        Value::Array(array) => array.iter().flat_map(|child| schemes("", child)).collect(),
        Value::Object(object) => object.iter().flat_map(|(key, child)| schemes(key, child)).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}

fn scheme(name: &str) -> String {
    format!("/components/securitySchemes/{}", escape(name))
}

/// A requirement of an unknown scheme would send requests without a credential.
pub fn security_names_schemes(document: &Document) -> Vec<Finding> {
    let of_document = document.value.get("security").map(|list| ("/security".to_owned(), list));
    let of_operations = operations(document)
        .into_iter()
        .filter_map(|operation| Some((format!("{}/security", operation.pointer), operation.value.get("security")?)));
    let known = document.value.pointer("/components/securitySchemes").and_then(Value::as_object);
    let known = || known.into_iter().flatten().map(|(name, _)| name.as_str());
    let mut findings = Vec::new();
    for (pointer, list) in of_document.into_iter().chain(of_operations) {
        let requirements = list.as_array().map(|list| list.iter().map(Value::as_object).collect::<Vec<_>>());
        let Some(requirements) = requirements.filter(|list| list.iter().all(Option::is_some)) else {
            let what = "`security` must be a list of objects";
            findings.push(document.finding(pointer, what, "write `- {scheme: []}`"));
            continue;
        };
        for (index, requirement) in requirements.into_iter().flatten().enumerate() {
            for name in requirement.keys().filter(|name| document.value.pointer(&scheme(name)).is_none()) {
                let pointer = format!("{pointer}/{index}/{}", escape(name));
                let mend = did_you_mean(name, known(), "add it to components/securitySchemes");
                findings.push(document.finding(pointer, format!("there is no security scheme `{name}`"), mend));
            }
        }
    }
    findings
}

/// Every component: its pointer and its value.
pub fn components(document: &Document) -> impl Iterator<Item = (String, &Value)> {
    let sections = document.value.get("components").and_then(Value::as_object).into_iter().flatten();
    sections.filter(|(section, _)| !section.starts_with("x-")).flat_map(|(section, components)| {
        let components = components.as_object().into_iter().flatten();
        components.map(move |(name, value)| (format!("/components/{}/{}", escape(section), escape(name)), value))
    })
}

/// Every `$ref` and every target of a discriminator: where it stands (from `value`), and what it says.
pub fn references(value: &Value) -> Vec<(String, &str)> {
    let mut found = Vec::new();
    collect(value, "", Keys::Fixed, &mut found);
    found
}

/// What the keys of an object are.
#[derive(Clone, Copy)]
enum Keys {
    /// Words of OpenAPI, and extensions.
    Fixed,
    /// Names that the document gives: one may be called `example` or `x-rate` and means nothing by it.
    Names,
}

/// The keys under which an object has names for keys.
const MAPS: [&str; 11] = [
    "callbacks",
    "content",
    "examples",
    "headers",
    "links",
    "parameters",
    "properties",
    "requestBodies",
    "responses",
    "schemas",
    "securitySchemes",
];

/// The keys under which an object has data that only looks like a document.
const DATA: [&str; 4] = ["default", "enum", "example", "value"];

fn collect<'a>(value: &'a Value, pointer: &str, keys: Keys, found: &mut Vec<(String, &'a str)>) {
    match value {
        Value::Object(object) => {
            for (key, child) in object {
                let below = format!("{pointer}/{}", escape(key));
                match (keys, child.as_str()) {
                    (Keys::Names, _) => collect(child, &below, Keys::Fixed, found),
                    (Keys::Fixed, Some(target)) if key == "$ref" || pointer.ends_with("/discriminator/mapping") => {
                        found.push((below, target));
                    }
                    (Keys::Fixed, _) if DATA.contains(&key.as_str()) || key.starts_with("x-") => {}
                    (Keys::Fixed, _) => {
                        let inside = if MAPS.contains(&key.as_str()) { Keys::Names } else { Keys::Fixed };
                        collect(child, &below, inside, found);
                    }
                }
            }
        }
        Value::Array(array) => {
            for (index, child) in array.iter().enumerate() {
                collect(child, &format!("{pointer}/{index}"), Keys::Fixed, found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
