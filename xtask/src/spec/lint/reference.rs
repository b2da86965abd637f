//! Rules about `$ref`: each points to something, and nothing lies about unused.

use std::collections::BTreeSet;

use serde_json::Value;

use super::grammar::COMPONENTS;
use crate::document::Document;
use crate::finding::{Finding, did_you_mean};
use crate::lines::escape;

/// A `$ref` to nothing.
pub fn references_resolve(document: &Document) -> Vec<Finding> {
    let components: Vec<String> = components(document).map(|(pointer, _)| format!("#{pointer}")).collect();
    let dangling = references(&document.value).into_iter().filter(|(_, target)| {
        !target.strip_prefix('#').is_some_and(|pointer| pointer.starts_with('/') && document.value.pointer(pointer).is_some())
    });
    let findings = dangling.map(|(pointer, target)| {
        let mend = did_you_mean(target, components.iter().map(String::as_str), "add it, or point to what is there");
        document.finding(pointer, format!("`{target}` points to nothing in this document"), mend)
    });
    findings.collect()
}

/// A component that no operation reaches is a rule of nothing.
pub fn components_are_used(document: &Document) -> Vec<Finding> {
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
    for (key, value) in document.value.as_object().into_iter().flatten().filter(|(key, _)| *key != COMPONENTS.name) {
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
            names.map(|name| format!("/components/securitySchemes/{}", escape(name))).collect()
        }
        Value::Array(array) => array.iter().flat_map(|child| schemes("", child)).collect(),
        Value::Object(object) => object.iter().flat_map(|(key, child)| schemes(key, child)).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
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
    collect(value, "", &mut found);
    found
}

fn collect<'a>(value: &'a Value, pointer: &str, found: &mut Vec<(String, &'a str)>) {
    match value {
        Value::Object(object) => {
            for (key, child) in object {
                let below = format!("{pointer}/{}", escape(key));
                match child.as_str() {
                    Some(target) if key == "$ref" || pointer.ends_with("/discriminator/mapping") => {
                        found.push((below, target));
                    }
                    _ if key == "example" || key.starts_with("x-") => {}
                    _ => collect(child, &below, found),
                }
            }
        }
        Value::Array(array) => {
            for (index, child) in array.iter().enumerate() {
                collect(child, &format!("{pointer}/{index}"), found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
