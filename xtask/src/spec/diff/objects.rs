//! Properties: which there are, which must be there, and whether others may be.

use std::collections::BTreeSet;

use anyhow::Result;
use serde_json::Value;

use super::change::Direction;
use super::part::below;
use super::rules as rule;
use super::schemas::{Walk, place};
use super::shape::{Schema, Shape};

/// Compares two objects. Shapes that are none have no properties, and so no changes here.
pub fn compare(walk: &mut Walk, direction: Direction, old: &Shape<'_>, new: &Shape<'_>) -> Result<()> {
    let names = [old, new].into_iter().flat_map(|shape| shape.properties.keys().chain(&shape.required));
    let names: BTreeSet<&str> = names.copied().collect();
    for name in names {
        let before = Property::of(name, old, direction)?;
        let after = Property::of(name, new, direction)?;
        match (before, after) {
            (None, None) => {}
            (None, Some(after)) => added(walk, direction, old, &after),
            (Some(before), None) => removed(walk, direction, new, &before),
            (Some(before), Some(after)) => {
                kept(walk, direction, &before, &after);
                walk.shapes(direction, &before.shape, &after.shape)?;
            }
        }
    }
    others(walk, direction, old, new)
}

/// A property on one side: one that is described, or one that is only demanded.
struct Property<'a> {
    at: String,
    shape: Shape<'a>,
    required: bool,
}

impl<'a> Property<'a> {
    /// `None` where there is none, or where it never travels this way.
    fn of(name: &str, object: &Shape<'a>, direction: Direction) -> Result<Option<Self>> {
        let required = object.required.contains(name);
        let schema = match object.properties.get(name) {
            Some(schema) => schema.clone(),
            None if required => Schema::anything(below(&below(&object.at, "properties"), name)),
            None => return Ok(None),
        };
        let shape = Shape::of(&schema)?;
        if shape.stays_away(direction) {
            return Ok(None);
        }
        Ok(Some(Self { at: schema.at, shape, required }))
    }
}

fn added(walk: &mut Walk, direction: Direction, old: &Shape<'_>, property: &Property<'_>) {
    let request =
        if property.required { &rule::REQUEST_PROPERTY_REQUIRED_ADDED } else { &rule::REQUEST_PROPERTY_ADDED };
    let response = if old.is_closed() { &rule::RESPONSE_PROPERTY_UNEXPECTED } else { &rule::RESPONSE_PROPERTY_ADDED };
    walk.changes.add(direction.pick(request, response), &property.at, Value::Null, property.shape.summary());
}

fn removed(walk: &mut Walk, direction: Direction, new: &Shape<'_>, property: &Property<'_>) {
    let request = if new.is_closed() { &rule::REQUEST_PROPERTY_REFUSED } else { &rule::REQUEST_PROPERTY_REMOVED };
    let rule = direction.pick(request, &rule::RESPONSE_PROPERTY_REMOVED);
    walk.changes.add(rule, &property.at, property.shape.summary(), Value::Null);
}

fn kept(walk: &mut Walk, direction: Direction, before: &Property<'_>, after: &Property<'_>) {
    let rule = match (before.required, after.required) {
        (false, true) => direction.pick(&rule::REQUEST_PROPERTY_REQUIRED, &rule::RESPONSE_PROPERTY_REQUIRED),
        (true, false) => direction.pick(&rule::REQUEST_PROPERTY_OPTIONAL, &rule::RESPONSE_PROPERTY_OPTIONAL),
        (true, true) | (false, false) => return,
    };
    walk.changes.add(rule, &after.at, need(before.required), need(after.required));
}

/// A word for whether something must be there.
pub fn need(required: bool) -> &'static str {
    if required { "required" } else { "optional" }
}

/// What an object takes besides its own properties.
enum Others<'a> {
    None,
    Any,
    Like(Schema<'a>),
}

impl<'a> Others<'a> {
    fn of(object: &Shape<'a>) -> Self {
        let key = "additionalProperties";
        let mut schema = object.schema(key);
        schema.parts.retain(|part| part.value.as_object().is_some_and(|object| !object.is_empty()));
        if object.is_closed() {
            Self::None
        } else if schema.parts.is_empty() {
            Self::Any
        } else {
            Self::Like(schema)
        }
    }

    fn summary(&self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Any => "any",
            Self::Like(_) => "of one shape",
        }
    }
}

fn others(walk: &mut Walk, direction: Direction, old: &Shape<'_>, new: &Shape<'_>) -> Result<()> {
    let (before, after) = (Others::of(old), Others::of(new));
    let rule = match (&before, &after) {
        (Others::Like(before), Others::Like(after)) => return walk.schemas(direction, before, after),
        (Others::None, Others::None) | (Others::Any, Others::Any) => return Ok(()),
        (Others::Any, Others::None | Others::Like(_)) | (Others::Like(_), Others::None) => {
            direction.pick(&rule::REQUEST_OTHERS_NARROWED, &rule::RESPONSE_OTHERS_NARROWED)
        }
        (Others::None, Others::Any | Others::Like(_)) | (Others::Like(_), Others::Any) => {
            direction.pick(&rule::REQUEST_OTHERS_WIDENED, &rule::RESPONSE_OTHERS_WIDENED)
        }
    };
    walk.changes.add(rule, place("additionalProperties", old, new), before.summary(), after.summary());
    Ok(())
}
