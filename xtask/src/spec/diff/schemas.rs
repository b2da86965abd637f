//! The walk over two schemas side by side, in the direction in which they travel.

use std::collections::BTreeSet;

use anyhow::{Result, bail};
use serde_json::Value;

use super::change::{Changes, Direction, Relation, Rule};
use super::components::Components;
use super::part::{Part, below};
use super::rules as rule;
use super::shape::{Schema, Shape};
use super::{limits, objects, unions};

/// Schemas within schemas, deeper than any API nests them.
const DEEPEST: usize = 100;
/// Comparisons within one walk; unions inside unions multiply them.
const MOST_STEPS: usize = 50_000;

/// Keys that have a rule, or that the shape has used up already. Limits come on top.
const RULED: &[&str] = &[
    "$ref",
    "additionalProperties",
    "anyOf",
    "default",
    "deprecated",
    "discriminator",
    "enum",
    "format",
    "items",
    "oneOf",
    "readOnly",
    "type",
    "writeOnly",
    "x-client-optional",
    "x-client-type",
    "x-documented-names",
    "x-documented-values",
];

/// The changes found so far, and what was compared already, so that recursive schemas end.
#[derive(Debug, Default)]
pub struct Walk {
    pub changes: Changes,
    seen: BTreeSet<Pair>,
    /// What is being compared right now, from the outside in.
    open: Vec<Pair>,
    /// Whether only sameness is asked, so that the first change says all and names say nothing.
    trial: bool,
    components: Components,
    depth: usize,
    steps: usize,
}

/// Two shapes, by the places of their parts.
type Pair = (Direction, Vec<String>, Vec<String>);

impl Walk {
    /// A walk over two documents.
    pub fn between(old: &Part<'_>, new: &Part<'_>) -> Self {
        Self { components: Components::of(old, new), ..Self::default() }
    }

    /// Compares two schemas.
    pub fn schemas(&mut self, direction: Direction, old: &Schema<'_>, new: &Schema<'_>) -> Result<()> {
        self.shapes(direction, &Shape::of(old)?, &Shape::of(new)?)
    }

    /// Compares two schemas that are put together already.
    pub fn shapes(&mut self, direction: Direction, old: &Shape<'_>, new: &Shape<'_>) -> Result<()> {
        let pair = (direction, old.identity.clone(), new.identity.clone());
        if self.trial && !self.changes.is_empty() || !self.seen.insert(pair.clone()) {
            return Ok(());
        }
        self.steps += 1;
        if self.depth >= DEEPEST || self.steps >= MOST_STEPS {
            bail!("{}: the schemas from there are too deep or too entangled to be compared; untie them", new.at);
        }
        if !self.trial {
            self.components.renamed(&mut self.changes, old, new);
        }
        self.depth += 1;
        self.open.push(pair);
        let outcome = self.one_level(direction, old, new);
        self.open.pop();
        self.depth -= 1;
        outcome
    }

    /// Whether two shapes are the same, null aside. Pairs that are under comparison already count as equal here: what
    /// differs in them is told at their own place, and a union that holds itself comes to an end.
    pub fn same(&mut self, direction: Direction, old: &Shape<'_>, new: &Shape<'_>) -> Result<bool> {
        // What was compared to its end may have differed; only what is under way may count as the same.
        let mut trial = Self {
            seen: self.open.iter().cloned().collect(),
            open: self.open.clone(),
            trial: true,
            depth: self.depth,
            steps: self.steps,
            ..Self::default()
        };
        trial.shapes(direction, &old.clone().without_null(), &new.clone().without_null())?;
        self.steps = trial.steps;
        Ok(trial.changes.is_empty())
    }

    fn one_level(&mut self, direction: Direction, old: &Shape<'_>, new: &Shape<'_>) -> Result<()> {
        self.words_to_the_generator(old, new);
        self.null(direction, old, new);
        if !unions::compare(self, direction, old, new)? || !self.types(direction, old, new) {
            return Ok(());
        }
        self.limits(direction, old, new);
        self.words(direction, old, new);
        self.other_keys(direction, old, new);
        objects::compare(self, direction, old, new)?;
        if !old.parts("items").is_empty() || !new.parts("items").is_empty() {
            self.schemas(direction, &old.schema("items"), &new.schema("items"))?;
        }
        Ok(())
    }

    /// Reports one key of two shapes.
    fn key(&mut self, rule: &'static Rule, key: &str, old: &Shape<'_>, new: &Shape<'_>) {
        self.changes.add(rule, place(key, old, new), old.value(key), new.value(key));
    }

    fn words_to_the_generator(&mut self, old: &Shape<'_>, new: &Shape<'_>) {
        if old.value("x-client-type") != new.value("x-client-type") {
            self.key(&rule::CLIENT_TYPE, "x-client-type", old, new);
        }
        if texts(old, "x-client-optional") != texts(new, "x-client-optional") {
            self.key(&rule::CLIENT_OPTIONAL, "x-client-optional", old, new);
        }
        for key in ["x-documented-names", "x-documented-values"] {
            if texts(old, key) != texts(new, key) {
                self.key(&rule::DOCUMENTED_WORDS, key, old, new);
            }
        }
        if old.flag("deprecated") != new.flag("deprecated") {
            let at = place("deprecated", old, new);
            self.changes.add(&rule::DEPRECATED, at, old.flag("deprecated"), new.flag("deprecated"));
        }
    }

    fn null(&mut self, direction: Direction, old: &Shape<'_>, new: &Shape<'_>) {
        // The place of the side that says `nullable`: the other may be a component that others use.
        let (rule, at) = match (old.nullable, new.nullable) {
            (false, true) => (direction.pick(&rule::REQUEST_NULLABLE, &rule::RESPONSE_NULLABLE), &new.at),
            (true, false) => (direction.pick(&rule::REQUEST_NOT_NULLABLE, &rule::RESPONSE_NOT_NULLABLE), &old.at),
            (true, true) | (false, false) => return,
        };
        self.changes.add(rule, at, old.nullable, new.nullable);
    }

    /// Whether the types are near enough for the rest to be compared.
    fn types(&mut self, direction: Direction, old: &Shape<'_>, new: &Shape<'_>) -> bool {
        let (from, to) = (old.json_type(), new.json_type());
        if let Some(relation) = limits::types(&from, &to) {
            self.changes.add(type_rule(direction, relation), place("type", old, new), from, to);
            return relation != Relation::Changed;
        }
        if let Some(relation) = limits::formats(&to, &old.value("format"), &new.value("format")) {
            let rule = match relation {
                // A server reads as many digits as it can, and refuses none.
                Relation::Narrowed if new.value("format") == "float" => {
                    direction.pick(&rule::REQUEST_FORMAT_ROUNDED, &rule::RESPONSE_FORMAT_NARROWED)
                }
                Relation::Narrowed => direction.pick(&rule::REQUEST_FORMAT_NARROWED, &rule::RESPONSE_FORMAT_NARROWED),
                Relation::Widened => direction.pick(&rule::REQUEST_FORMAT_WIDENED, &rule::RESPONSE_FORMAT_WIDENED),
                Relation::Changed => direction.pick(&rule::REQUEST_FORMAT_CHANGED, &rule::RESPONSE_FORMAT_CHANGED),
            };
            self.key(rule, "format", old, new);
        }
        true
    }

    fn limits(&mut self, direction: Direction, old: &Shape<'_>, new: &Shape<'_>) {
        for limit in limits::moved(old, new) {
            let rule = match limit.relation {
                Relation::Narrowed => direction.pick(&rule::REQUEST_BOUND_TIGHTENED, &rule::RESPONSE_BOUND_TIGHTENED),
                Relation::Widened => direction.pick(&rule::REQUEST_BOUND_LOOSENED, &rule::RESPONSE_BOUND_LOOSENED),
                Relation::Changed => direction.pick(&rule::REQUEST_BOUND_CHANGED, &rule::RESPONSE_BOUND_CHANGED),
            };
            self.changes.add(rule, place(limit.key, old, new), limit.from, limit.to);
        }
    }

    /// The words of an enum, one by one.
    fn words(&mut self, direction: Direction, old: &Shape<'_>, new: &Shape<'_>) {
        let at = place("enum", old, new);
        let (from, to) = match (old.words(), new.words()) {
            (None, None) => return,
            (None, Some(to)) => {
                let rule = direction.pick(&rule::REQUEST_ENUM_INTRODUCED, &rule::RESPONSE_ENUM_INTRODUCED);
                return self.changes.add(rule, at, Value::Null, to);
            }
            (Some(from), None) => {
                let rule = direction.pick(&rule::REQUEST_ENUM_LIFTED, &rule::RESPONSE_ENUM_LIFTED);
                return self.changes.add(rule, at, from, Value::Null);
            }
            (Some(from), Some(to)) => (from, to),
        };
        for word in from.iter().filter(|word| !to.contains(word)) {
            let rule = direction.pick(&rule::REQUEST_WORD_REMOVED, &rule::RESPONSE_WORD_REMOVED);
            self.changes.add(rule, &at, word.clone(), Value::Null);
        }
        for word in to.iter().filter(|word| !from.contains(word)) {
            let rule = direction.pick(&rule::REQUEST_WORD_ADDED, &rule::RESPONSE_WORD_ADDED);
            self.changes.add(rule, &at, Value::Null, word.clone());
        }
    }

    fn other_keys(&mut self, direction: Direction, old: &Shape<'_>, new: &Shape<'_>) {
        if old.value("default") != new.value("default") {
            self.key(direction.pick(&rule::REQUEST_DEFAULT, &rule::RESPONSE_DEFAULT), "default", old, new);
        }
        let keys: BTreeSet<&str> = old.keys().chain(new.keys()).collect();
        for key in keys.into_iter().filter(|key| !RULED.contains(key) && !limits::is_limit(key)) {
            if old.value(key) != new.value(key) {
                self.key(&rule::KEY_CHANGED, key, old, new);
            }
        }
    }
}

/// The rule of a type that became another.
pub fn type_rule(direction: Direction, relation: Relation) -> &'static Rule {
    match relation {
        Relation::Narrowed => direction.pick(&rule::REQUEST_TYPE_NARROWED, &rule::RESPONSE_TYPE_NARROWED),
        Relation::Widened => direction.pick(&rule::REQUEST_TYPE_WIDENED, &rule::RESPONSE_TYPE_WIDENED),
        Relation::Changed => direction.pick(&rule::REQUEST_TYPE_CHANGED, &rule::RESPONSE_TYPE_CHANGED),
    }
}

/// Where a key stands: in the new document, else in the old one.
pub fn place(key: &str, old: &Shape<'_>, new: &Shape<'_>) -> String {
    match (new.parts(key), old.parts(key)) {
        ([], []) => below(&new.at, key),
        ([], _) => old.place(key),
        _ => new.place(key),
    }
}

/// A list of texts whose order says nothing.
fn texts<'a>(shape: &Shape<'a>, key: &str) -> BTreeSet<&'a str> {
    let lists = shape.parts(key).iter().filter_map(|part| part.value.as_array());
    lists.flatten().filter_map(Value::as_str).collect()
}
