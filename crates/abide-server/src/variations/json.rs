//! Freedoms of JSON: what a value looks like, and fields that nobody asked for.

use serde_json::{Value, json};

use super::Variation;
use crate::breakage::change::Change;

pub(super) const VARIATIONS: &[Variation] = &[
    Variation {
        name: "pretty-json",
        api: None,
        says: "JSON comes with line breaks and spaces, before and after it too.",
        change: Change::Reply(|it| it.answer.writing.spacious = true),
    },
    Variation {
        name: "reversed-keys",
        api: None,
        says: "The members of every object come in reverse alphabetical order.",
        change: Change::Reply(|it| it.answer.writing.reversed = true),
    },
    Variation {
        name: "escaped-strings",
        api: None,
        says: "Every character of a string is written as an escape.",
        change: Change::Reply(|it| it.answer.writing.escaped = true),
    },
    Variation {
        name: "exponents",
        api: None,
        says: "Fractions are written as a power of ten.",
        change: Change::Reply(|it| it.answer.writing.exponents = true),
    },
    Variation {
        name: "extra-fields",
        api: None,
        says: "Every object has fields that no document names.",
        change: Change::Reply(|it| {
            if let Some(body) = it.answer.at_mut("") {
                add_fields(body, "");
            }
        }),
    },
];

/// The values of `agent_status` are agents, and those of `session_params` the caller's own: an addition there would say
/// something.
fn add_fields(value: &mut Value, name: &str) {
    match value {
        Value::Object(members) => {
            for (name, member) in members.iter_mut() {
                add_fields(member, name);
            }
            if !["agent_status", "session_params"].contains(&name) {
                members.insert("x_null".into(), Value::Null);
                members.insert("x_trace".into(), json!({ "id": "9f1c", "hops": [1, 2.5, "é"] }));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| add_fields(item, name)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
