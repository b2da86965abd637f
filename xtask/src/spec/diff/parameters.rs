//! Parameters of an operation: query, header, cookie, and what stands in the path.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::bodies;
use super::change::Direction;
use super::objects::need;
use super::operations::Operation;
use super::part::{Part, below};
use super::rules as rule;
use super::schemas::Walk;
use super::shape::Schema;

/// Keys that have a rule of their own, or none because they bind nobody.
const RULED: &[&str] = &[
    "name",
    "in",
    "required",
    "schema",
    "content",
    "style",
    "explode",
    "deprecated",
    "description",
    "example",
    "examples",
];

/// Compares the parameters of two operations.
pub fn compare(walk: &mut Walk, old: &Operation<'_>, new: &Operation<'_>) -> Result<()> {
    let (mut before, mut after) = (of(old)?, of(new)?);
    let shared: Vec<Key> = before.keys().filter(|key| after.contains_key(*key)).cloned().collect();
    for key in shared {
        if let Some((old, new)) = before.remove(&key).zip(after.remove(&key)) {
            kept(walk, &old, &new)?;
        }
    }
    for (_, old) in before {
        // The same name in another location is a move; anything else is gone.
        let moved = after.iter().find(|(_, new)| new.name == old.name).map(|(key, _)| key.clone());
        match moved.and_then(|key| after.remove(&key)) {
            Some(new) => {
                walk.changes.add(&rule::PARAMETER_MOVED, &new.at, old.location, new.location);
                kept(walk, &old, &new)?;
            }
            None => walk.changes.add(&rule::PARAMETER_REMOVED, &old.at, need(old.required), Value::Null),
        }
    }
    for (_, new) in after {
        let rule = if new.required { &rule::PARAMETER_ADDED_REQUIRED } else { &rule::PARAMETER_ADDED_OPTIONAL };
        walk.changes.add(rule, &new.at, Value::Null, need(new.required));
    }
    Ok(())
}

/// What tells parameters of one operation apart: location and name, in a path the position.
type Key = (String, String);

struct Parameter<'a> {
    /// The place in the operation, for what comes and goes.
    at: String,
    name: &'a str,
    location: &'a str,
    required: bool,
    part: Part<'a>,
}

/// The parameters that hold for an operation: its own, and those of its path that it does not replace.
fn of<'a>(operation: &Operation<'a>) -> Result<BTreeMap<Key, Parameter<'a>>> {
    let mut found = BTreeMap::new();
    for part in operation.path_item.items_of("parameters")?.into_iter().chain(operation.part.items_of("parameters")?) {
        let part = part.resolve()?;
        let missing = |key: &str| format!("{}: the parameter has no `{key}`; write it", part.name());
        let name = part.text("name").with_context(|| missing("name"))?;
        let location = part.text("in").with_context(|| missing("in"))?;
        let key = match location {
            "path" => operation.position(name).unwrap_or_else(|| name.to_owned()),
            "header" => name.to_ascii_lowercase(),
            _ => name.to_owned(),
        };
        let at = below(&below(&below(&operation.inside, "parameters"), location), name);
        let required = part.flag("required");
        // What many operations share changes once, at its definition.
        let part = if part.at.starts_with("/components/") { part } else { part.called(at.clone()) };
        found.insert((location.to_owned(), key), Parameter { at, name, location, required, part });
    }
    Ok(found)
}

fn kept(walk: &mut Walk, old: &Parameter<'_>, new: &Parameter<'_>) -> Result<()> {
    if old.location == "path" && old.name != new.name {
        walk.changes.add(&rule::PARAMETER_RENAMED, &new.part.at, old.name, new.name);
    }
    match (old.required, new.required) {
        (false, true) => walk.changes.add(&rule::PARAMETER_REQUIRED, &new.part.at, need(false), need(true)),
        (true, false) => walk.changes.add(&rule::PARAMETER_OPTIONAL, &new.part.at, need(true), need(false)),
        (true, true) | (false, false) => {}
    }
    let (from, to) = (style(old), style(new));
    if old.location == new.location && from != to {
        walk.changes.add(&rule::PARAMETER_STYLE, &new.part.at, from, to);
    }
    bodies::deprecation(walk, &new.part.at, &old.part, &new.part);
    bodies::other_keys(walk, &new.part.at, &old.part, &new.part, RULED)?;
    walk.schemas(Direction::Request, &schema(old)?, &schema(new)?)
}

/// How the value is written, with the defaults of OpenAPI; the media type where that decides.
fn style(parameter: &Parameter<'_>) -> Value {
    let content = parameter.part.get("content").and_then(|content| content.value.as_object()?.keys().next().cloned());
    if let Some(media_type) = content {
        return media_type.into();
    }
    let usual = if matches!(parameter.location, "query" | "cookie") { "form" } else { "simple" };
    let style = parameter.part.text("style").unwrap_or(usual);
    let explode = parameter.part.value.get("explode").and_then(Value::as_bool).unwrap_or(style == "form");
    json!({"style": style, "explode": explode})
}

fn schema<'a>(parameter: &Parameter<'a>) -> Result<Schema<'a>> {
    let of_content = parameter.part.entries_of("content")?.into_iter().find_map(|(_, media)| media.get("schema"));
    let schema = parameter.part.get("schema").or(of_content);
    Ok(schema.map_or_else(|| Schema::anything(below(&parameter.part.at, "schema")), Schema::from))
}
