//! Components that have another name: the same on the wire, another type in the generated crates.

use std::collections::BTreeSet;

use serde_json::Value;

use super::change::Changes;
use super::part::{Part, below};
use super::rules as rule;
use super::shape::Shape;

const SCHEMAS: &str = "/components/schemas";

/// The places of schemas that only one of two documents has.
#[derive(Debug, Default)]
pub struct Components {
    gone: BTreeSet<String>,
    come: BTreeSet<String>,
}

impl Components {
    pub fn of(old: &Part<'_>, new: &Part<'_>) -> Self {
        let places = |root: &Part<'_>| -> BTreeSet<String> {
            let schemas = root.value.pointer(SCHEMAS).and_then(Value::as_object);
            schemas.into_iter().flatten().map(|(name, _)| below(SCHEMAS, name)).collect()
        };
        let (before, after) = (places(old), places(new));
        Self { gone: &before - &after, come: &after - &before }
    }

    /// Reports a component that is gone and one that has come, where one thing was made of the one and is now made of
    /// the other. Whatever else changed in it is told beside that: users of the generated crates lose the name anyway.
    pub fn renamed(&self, changes: &mut Changes, old: &Shape<'_>, new: &Shape<'_>) {
        if old.json_type() != new.json_type() {
            return;
        }
        let gone: Vec<&String> = old.identity.iter().filter(|at| self.gone.contains(*at)).collect();
        let come: Vec<&String> = new.identity.iter().filter(|at| self.come.contains(*at)).collect();
        if gone.len() == come.len() {
            for (from, to) in gone.into_iter().zip(come) {
                changes.add(&rule::COMPONENT_RENAMED, to, name(from), name(to));
            }
        }
    }
}

fn name(place: &str) -> String {
    place.trim_start_matches(SCHEMAS).trim_start_matches('/').replace("~1", "/").replace("~0", "~")
}
