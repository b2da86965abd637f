//! Rules about the document as OpenAPI 3.0: its keys, what stands under them, and our own extensions.

use serde_json::{Map, Value};

use super::grammar::{OPENAPI, OPERATION, Object, Place, SCHEMA, Shape, places};
use crate::document::Document;
use crate::finding::{Finding, did_you_mean};
use crate::lines::escape;

/// Our extensions, and the kind of object that each stands on; `None`: on any.
const EXTENSIONS: &[(&str, Option<&'static Object>)] = &[
    ("x-client-optional", Some(&SCHEMA)),
    ("x-client-type", Some(&SCHEMA)),
    ("x-documented-names", Some(&SCHEMA)),
    ("x-documented-values", Some(&SCHEMA)),
    ("x-documents", Some(&OPENAPI)),
    ("x-provenance", None),
    ("x-session-lifecycle", Some(&OPERATION)),
];

/// A key that nobody knows is a rule that nobody obeys.
pub fn keys_are_known(document: &Document) -> Vec<Finding> {
    each_object(document, |place, object| {
        let known = || place.object.keys.iter().map(|(key, _)| *key);
        let reference = place.object.referable && object.contains_key("$ref");
        let keys = object.keys().filter(move |key| !key.starts_with("x-") && (!reference || *key != "$ref"));
        let strange = keys.filter(|key| reference || !known().any(|known| known == key.as_str()));
        let findings = strange.map(|key| {
            let pointer = format!("{}/{}", place.pointer, escape(key));
            if reference {
                let what = format!("`{key}` stands beside a $ref, which hides it");
                return document.finding(
                    pointer,
                    what,
                    "move it to what the $ref points to, or wrap the $ref in allOf",
                );
            }
            let what = format!("{} of OpenAPI 3.0 has no key `{key}`", place.object.name);
            document.finding(pointer, what, did_you_mean(key, known(), "remove it"))
        });
        findings.collect()
    })
}

/// The parts that OpenAPI insists on.
pub fn required_keys_are_there(document: &Document) -> Vec<Finding> {
    each_object(document, |place, object| {
        let reference = place.object.referable && object.contains_key("$ref");
        let missing = place.object.required.iter().filter(|key| !reference && !object.contains_key(**key));
        let findings = missing.map(|key| {
            let what = format!("{} needs the key `{key}`", place.object.name);
            document.finding(&place.pointer, what, format!("add `{key}`"))
        });
        findings.collect()
    })
}

/// An object where a list is expected would be skipped by every other rule.
pub fn values_have_their_shape(document: &Document) -> Vec<Finding> {
    let mut findings = Vec::new();
    for place in places(document) {
        let Some(object) = place.value.as_object() else {
            let what = format!("{} must be an object", place.object.name);
            findings.push(document.finding(place.pointer, what, "write its keys and values"));
            continue;
        };
        for (key, shape) in place.object.keys {
            let Some(value) = object.get(*key) else { continue };
            let (fits, expected, mend) = match shape {
                Shape::Leaf | Shape::One(_) => (true, "", ""),
                Shape::Text => (value.is_string(), "a text", "put it in quotes"),
                Shape::Flag => (value.is_boolean(), "true or false", "write one of the two, without quotes"),
                Shape::List(_) => (value.is_array(), "a list", "write `- …` items"),
                Shape::Map(_) | Shape::Extensible(_) => (value.is_object(), "an object", "write its keys and values"),
                Shape::FlagOrOne(_) => {
                    (value.is_boolean() || value.is_object(), "true, false or an object", "write one of these")
                }
            };
            if !fits {
                let pointer = format!("{}/{}", place.pointer, escape(key));
                let what = format!("`{key}` of {} must be {expected}", place.object.name);
                findings.push(document.finding(pointer, what, mend));
            }
        }
    }
    findings
}

/// An extension with a slip of the pen, or in a place where nobody reads it, says nothing.
pub fn extensions_are_ours(document: &Document) -> Vec<Finding> {
    each_object(document, |place, object| {
        let extensions = object.keys().filter(|key| key.starts_with("x-"));
        let findings = extensions.filter_map(|key| {
            let pointer = format!("{}/{}", place.pointer, escape(key));
            match EXTENSIONS.iter().find(|(name, _)| name == key) {
                None => {
                    let mend = did_you_mean(key, EXTENSIONS.iter().map(|(name, _)| *name), "remove it");
                    Some(document.finding(pointer, format!("nobody reads the extension `{key}`"), mend))
                }
                Some((_, Some(carrier))) if !place.is(carrier) => {
                    let what = format!("nobody reads `{key}` on {}", place.object.name);
                    Some(document.finding(pointer, what, format!("put it on {}", carrier.name)))
                }
                Some(_) => None,
            }
        });
        findings.collect()
    })
}

/// A name in `required` or `x-client-optional` that is no property has no effect.
pub fn required_names_are_properties(document: &Document) -> Vec<Finding> {
    each_object(document, |place, object| {
        let mut findings = Vec::new();
        if !place.is(&SCHEMA) {
            return findings;
        }
        let properties = || object.get("properties").and_then(Value::as_object).into_iter().flat_map(Map::keys);
        for list in ["required", "x-client-optional"] {
            let Some(names) = object.get(list) else { continue };
            let pointer = format!("{}/{list}", place.pointer);
            let Some(names) = names.as_array() else {
                let what = format!("`{list}` of a schema must be a list of property names");
                findings.push(document.finding(pointer, what, format!("write `{list}: [name, …]`")));
                continue;
            };
            for (index, name) in names.iter().enumerate() {
                let text = name.as_str().unwrap_or_default();
                if !properties().any(|property| property == text) {
                    let what = format!("{name} is no property of this schema");
                    let mend = did_you_mean(text, properties().map(String::as_str), "remove it, or add the property");
                    findings.push(document.finding(format!("{pointer}/{index}"), what, mend));
                }
            }
        }
        findings
    })
}

fn each_object(document: &Document, check: impl Fn(&Place<'_>, &Map<String, Value>) -> Vec<Finding>) -> Vec<Finding> {
    let checked = places(document);
    checked.iter().filter_map(|place| Some(check(place, place.value.as_object()?))).flatten().collect()
}
