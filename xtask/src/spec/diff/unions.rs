//! `oneOf` and `anyOf`: which variants there are, and how they are told apart.
//!
//! Variants of a union with a discriminator are the same when their word is the same. Without one, they are the same
//! when they have one name or one shape, and a changed variant is known by its JSON type.

use anyhow::Result;
use serde_json::Value;

use super::change::{Direction, Relation};
use super::part::Part;
use super::rules as rule;
use super::schemas::{Walk, place, type_rule};
use super::shape::{Schema, Shape};

/// Compares the union part of two shapes. `false` when that said all there is to say about them.
pub fn compare(walk: &mut Walk, direction: Direction, old: &Shape<'_>, new: &Shape<'_>) -> Result<bool> {
    match (old.variants_key(), new.variants_key()) {
        (None, None) => {
            discriminator(walk, direction, old, new);
            Ok(true)
        }
        (Some(key), None) => plain(walk, direction, Relation::Narrowed, key, new, old).map(|()| false),
        (None, Some(key)) => plain(walk, direction, Relation::Widened, key, old, new).map(|()| false),
        (Some(_), Some(_)) => {
            let by_word = discriminator(walk, direction, old, new);
            let (before, after) = (variants(old, by_word)?, variants(new, by_word)?);
            let at = place(new.variants_key().unwrap_or("oneOf"), old, new);
            variant_by_variant(walk, direction, &at, before, after)?;
            Ok(true)
        }
    }
}

/// Compares the property that tells variants apart; whether both sides have the same one.
fn discriminator(walk: &mut Walk, direction: Direction, old: &Shape<'_>, new: &Shape<'_>) -> bool {
    let name = |shape: &Shape<'_>| -> Value {
        let mut parts = shape.parts("discriminator").iter();
        parts.find_map(|part| part.text("propertyName")).into()
    };
    let (from, to) = (name(old), name(new));
    if from != to {
        let rule = direction.pick(&rule::REQUEST_DISCRIMINATOR, &rule::RESPONSE_DISCRIMINATOR);
        walk.changes.add(rule, place("discriminator", old, new), from, to);
        return false;
    }
    !from.is_null()
}

/// A union on one side and none on the other: harmless one way if the plain shape is among the variants.
fn plain(
    walk: &mut Walk,
    direction: Direction,
    relation: Relation,
    key: &str,
    plain: &Shape<'_>,
    union: &Shape<'_>,
) -> Result<()> {
    let mut among = false;
    for variant in variants(union, false)? {
        among = among || walk.same(direction, plain, &variant.shape)?;
    }
    let rule = type_rule(direction, if among { relation } else { Relation::Changed });
    let (from, to) = match relation {
        Relation::Narrowed => (union.summary(), plain.summary()),
        Relation::Widened | Relation::Changed => (plain.summary(), union.summary()),
    };
    walk.changes.add(rule, union.place(key), from, to);
    Ok(())
}

struct Variant<'a> {
    /// The word of the discriminator, else the name of the component.
    name: Option<&'a str>,
    /// Whether that name goes over the wire.
    by_word: bool,
    shape: Shape<'a>,
}

impl Variant<'_> {
    fn summary(&self) -> String {
        self.name.map_or_else(|| self.shape.summary(), str::to_owned)
    }
}

/// The variants of a union; by the words of its discriminator, if these count.
fn variants<'a>(union: &Shape<'a>, by_word: bool) -> Result<Vec<Variant<'a>>> {
    let mut found = Vec::new();
    let mut mapped = Vec::new();
    for part in union.parts("discriminator").iter().filter(|_| by_word) {
        for (word, target) in part.entries_of("mapping")? {
            let schema = mapping_target(&target)?.resolve()?;
            mapped.push(schema.at.clone());
            found.push(Variant { name: Some(word), by_word, shape: Shape::of(&schema.into())? });
        }
    }
    for list in union.variants_key().into_iter().flat_map(|key| union.parts(key)) {
        for member in list.items()? {
            if !mapped.contains(&member.resolve()?.at) {
                // A component without a word in the mapping goes by its own name.
                let name = member.text("$ref").and_then(|reference| reference.rsplit('/').next());
                let by_word = by_word && name.is_some();
                found.push(Variant { name, by_word, shape: Shape::of(&Schema::from(member))? });
            }
        }
    }
    Ok(found)
}

/// A word maps to a reference or to the bare name of a component.
fn mapping_target<'a>(target: &Part<'a>) -> Result<Part<'a>> {
    let reference = target.value.as_str().unwrap_or_default();
    if reference.contains(['#', '/', '.']) {
        target.follow(reference)
    } else {
        target.follow(&format!("#/components/schemas/{reference}"))
    }
}

fn variant_by_variant(
    walk: &mut Walk,
    direction: Direction,
    at: &str,
    mut before: Vec<Variant<'_>>,
    mut after: Vec<Variant<'_>>,
) -> Result<()> {
    let mut pairs = paired(&mut before, &mut after, |old, new| Ok(old.name.is_some() && old.name == new.name))?;
    pairs.extend(paired(&mut before, &mut after, |old, new| {
        Ok(!old.by_word && !new.by_word && walk.same(direction, &old.shape, &new.shape)?)
    })?);
    pairs.extend(paired(&mut before, &mut after, |old, new| {
        Ok(!old.by_word && !new.by_word && old.shape.json_type() == new.shape.json_type())
    })?);
    for variant in before {
        let rule = direction.pick(&rule::REQUEST_VARIANT_REMOVED, &rule::RESPONSE_VARIANT_REMOVED);
        walk.changes.add(rule, at, variant.summary(), Value::Null);
    }
    for variant in after {
        let rule = direction.pick(&rule::REQUEST_VARIANT_ADDED, &rule::RESPONSE_VARIANT_ADDED);
        walk.changes.add(rule, at, Value::Null, variant.summary());
    }
    pairs.iter().try_for_each(|(old, new)| walk.shapes(direction, &old.shape, &new.shape))
}

/// Takes out of both lists what fits together, each variant once.
fn paired<'a, 'b>(
    before: &mut Vec<Variant<'a>>,
    after: &mut Vec<Variant<'b>>,
    mut fit: impl FnMut(&Variant<'a>, &Variant<'b>) -> Result<bool>,
) -> Result<Vec<(Variant<'a>, Variant<'b>)>> {
    let mut pairs = Vec::new();
    for old in std::mem::take(before) {
        let mut found = None;
        for (index, new) in after.iter().enumerate() {
            if fit(&old, new)? {
                found = Some(index);
                break;
            }
        }
        match found {
            Some(index) => pairs.push((old, after.remove(index))),
            None => before.push(old),
        }
    }
    Ok(pairs)
}
