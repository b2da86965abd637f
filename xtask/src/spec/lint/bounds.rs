//! Rules about the limits of a schema: each can be kept, and none contradicts another.

use jsonschema::Draft;
use serde_json::{Value, json};

use super::grammar::{SCHEMA, places};
use crate::document::Document;
use crate::finding::Finding;

/// What counts letters, items or properties.
const SIZES: [&str; 6] = ["minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"];

/// The lower and the upper end of each range.
const RANGES: [(&str, &str); 4] =
    [("minimum", "maximum"), ("minLength", "maxLength"), ("minItems", "maxItems"), ("minProperties", "maxProperties")];

/// A limit that nothing can keep refuses everything, or is silently none.
pub fn limits_can_be_kept(document: &Document) -> Vec<Finding> {
    each_schema(document, |schema| {
        let mut wrong = Vec::new();
        for key in ["minimum", "maximum", "multipleOf"] {
            if schema.get(key).is_some_and(|value| !value.is_number()) {
                wrong.push((key, format!("`{key}` must be a number"), "write a number, without quotes"));
            }
        }
        for key in SIZES {
            if let Some(size) = schema.get(key).filter(|size| !size.is_u64()) {
                wrong.push((key, format!("`{key}` is {size}"), "write a whole number from 0 on"));
            }
        }
        for (low, high) in RANGES {
            if let (Some(least), Some(most)) = (number(schema, low), number(schema, high))
                && least > most
            {
                wrong.push((low, format!("`{low}` is above `{high}`"), "exchange the two, or mend one"));
            }
        }
        wrong
    })
}

/// A text must be able to be one of the words, and to match the pattern.
pub fn words_and_patterns_can_be_met(document: &Document) -> Vec<Finding> {
    each_schema(document, |schema| {
        let mut wrong = Vec::new();
        if let Some(words) = schema.get("enum")
            && words.as_array().is_none_or(Vec::is_empty)
        {
            wrong.push(("enum", "`enum` has no words".to_owned(), "write `enum: [word, …]`, or remove it"));
        }
        if let Some(pattern) = schema.get("pattern").filter(|pattern| pattern.is_string()) {
            let compiled = jsonschema::options().with_draft(Draft::Draft4).build(&json!({"pattern": pattern}));
            if compiled.is_err() {
                wrong.push(("pattern", format!("{pattern} is no regular expression"), "mend its brackets and escapes"));
            }
        }
        wrong
    })
}

fn number(schema: &Value, key: &str) -> Option<f64> {
    schema.get(key).and_then(Value::as_f64)
}

/// Findings as key, what is wrong, and what to do.
fn each_schema(
    document: &Document,
    check: impl Fn(&Value) -> Vec<(&'static str, String, &'static str)>,
) -> Vec<Finding> {
    let schemas = places(document).into_iter().filter(|place| place.is(&SCHEMA));
    let findings = schemas.flat_map(|place| {
        let wrong = check(place.value).into_iter();
        let found = wrong.map(|(key, what, mend)| document.finding(format!("{}/{key}", place.pointer), what, mend));
        found.collect::<Vec<_>>()
    });
    findings.collect()
}
