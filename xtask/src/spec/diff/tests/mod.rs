//! The comparison against planted changes: each must be found, with its verdict, and nothing beside it.

mod lifecycle;
mod operations;
mod real_documents;
mod reports;
mod schemas;
mod unchanged;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::change::Change;
use super::{compare, rules};
use crate::document::Document;

const BASE: &str = include_str!("base.yaml");

/// A step from the base to the changed document.
#[derive(Clone, Debug)]
enum Edit {
    /// Sets a key, replaces an entry of a list, or with the last segment `-` adds one.
    Set(&'static str, Value),
    Remove(&'static str),
    /// Gives what stands at one pointer a place at another.
    Move(&'static str, &'static str),
}
use Edit::{Move, Remove, Set};

/// What is done to the base, and what must be reported: `rule severity for`.
type Case = (Vec<Edit>, &'static [&'static str]);

fn base() -> Value {
    Document::parse("base.yaml".into(), BASE).unwrap().value
}

/// An edited value as if it had been read.
fn document(path: &str, value: &Value) -> Document {
    Document {
        path: path.to_owned(),
        sha256: String::new(),
        value: value.clone(),
        lines: crate::lines::Lines::default(),
    }
}

fn edited(mut value: Value, edits: &[Edit]) -> Value {
    for edit in edits {
        match edit {
            Set(pointer, new) => set(&mut value, pointer, new.clone()),
            Remove(pointer) => drop(take(&mut value, pointer)),
            Move(from, to) => {
                let moved = take(&mut value, from);
                set(&mut value, to, moved);
            }
        }
    }
    value
}

fn parent<'a>(value: &'a mut Value, pointer: &str) -> (&'a mut Value, String) {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let parent = value.pointer_mut(parent).unwrap_or_else(|| panic!("nothing at {pointer}"));
    (parent, key.replace("~1", "/"))
}

fn set(value: &mut Value, pointer: &str, new: Value) {
    let (parent, key) = parent(value, pointer);
    match parent.as_array_mut() {
        Some(list) if key == "-" => list.push(new),
        Some(list) => list[key.parse::<usize>().unwrap()] = new,
        None => parent[key] = new,
    }
}

fn take(value: &mut Value, pointer: &str) -> Value {
    let (parent, key) = parent(value, pointer);
    match parent.as_array_mut() {
        Some(list) => list.remove(key.parse().unwrap()),
        None => parent.as_object_mut().unwrap().remove(&key).unwrap_or_else(|| panic!("nothing at {pointer}")),
    }
}

fn changes(old: &Value, new: &Value) -> Vec<Change> {
    compare(&document("old.yaml", old), &document("new.yaml", new)).unwrap()
}

fn verdicts(changes: &[Change]) -> Vec<String> {
    let word = |value: Value| value.as_str().unwrap().to_owned();
    let verdict = |change: &Change| {
        let rule = change.rule;
        format!("{} {} {}", rule.id, word(json!(rule.severity)), word(json!(rule.audience)))
    };
    changes.iter().map(verdict).collect()
}

/// Finds in the edited base of each case what the case expects, and nothing else.
fn check(cases: &[Case]) {
    check_on(&base(), cases);
}

fn check_on(base: &Value, cases: &[Case]) {
    let mut wrong = Vec::new();
    for (edits, expected) in cases {
        let changes = changes(base, &edited(base.clone(), edits));
        let mut found = verdicts(&changes);
        let mut expected: Vec<String> = expected.iter().map(|verdict| (*verdict).to_owned()).collect();
        found.sort();
        expected.sort();
        if found != expected {
            wrong.push(format!("{edits:?}\n  gave   {found:?}\n  wanted {expected:?}\n  {changes:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_is_planted() {
    let tables = [
        operations::cases(),
        operations::security(),
        operations::eased_security(),
        schemas::requests(),
        schemas::responses(),
    ];
    let tables = tables.into_iter().chain([schemas::both_ways(), lifecycle::cases()]);
    let planted: BTreeSet<&str> = tables.flatten().flat_map(|(_, expected)| expected).copied().collect();
    let planted: BTreeSet<&str> = planted.into_iter().filter_map(|verdict| verdict.split(' ').next()).collect();
    let missing: Vec<&str> = rules::ALL.iter().map(|rule| rule.id).filter(|id| !planted.contains(id)).collect();
    assert_eq!(missing, Vec::<&str>::new());
}
