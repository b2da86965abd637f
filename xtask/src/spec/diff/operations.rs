//! Operations: which there are, where, and under which name.

use anyhow::Result;
use serde_json::Value;

use super::part::{Part, below};
use super::rules as rule;
use super::schemas::Walk;
use super::{bodies, lifecycle, parameters, security, servers};

const METHODS: &[&str] = &["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// Keys of an operation that have a rule of their own, or none because they bind nobody.
const RULED: &[&str] = &[
    "operationId",
    "parameters",
    "requestBody",
    "responses",
    "security",
    "servers",
    "deprecated",
    "x-session-lifecycle",
    "tags",
    "summary",
    "description",
    "externalDocs",
    "x-provenance",
];

/// Compares all operations of two documents.
pub fn compare(walk: &mut Walk, old: &Part<'_>, new: &Part<'_>) -> Result<()> {
    let (mut before, mut after) = (Operation::all(old)?, Operation::all(new)?);
    let mut pairs = paired(&mut before, &mut after, |old, new| old.address() == new.address());
    pairs.extend(paired(&mut before, &mut after, |old, new| old.id().is_some() && old.id() == new.id()));
    for operation in before {
        walk.changes.add(&rule::OPERATION_REMOVED, operation.place(), operation.summary(), Value::Null);
    }
    for operation in after {
        walk.changes.add(&rule::OPERATION_ADDED, operation.place(), Value::Null, operation.summary());
    }
    pairs.iter().try_for_each(|(old, new)| pair(walk, old, new))
}

/// One operation and where it stands.
#[derive(Debug)]
pub struct Operation<'a> {
    method: &'a str,
    path: &'a str,
    /// What prefixes a place inside the operation.
    pub inside: String,
    pub root: Part<'a>,
    pub path_item: Part<'a>,
    pub part: Part<'a>,
}

impl<'a> Operation<'a> {
    fn all(root: &Part<'a>) -> Result<Vec<Self>> {
        let mut found = Vec::new();
        for (path, path_item) in root.entries_of("paths")? {
            if path.starts_with("x-") {
                continue;
            }
            let path_item = path_item.resolve()?;
            for (method, part) in path_item.entries()? {
                if METHODS.contains(&method) {
                    let inside = format!("{} {path}: ", method.to_uppercase());
                    let part = part.called(inside.clone());
                    part.entries()?;
                    found.push(Self { method, path, inside, root: root.clone(), path_item: path_item.clone(), part });
                }
            }
        }
        Ok(found)
    }

    /// `GET /sessions/{token}`.
    pub fn place(&self) -> String {
        format!("{} {}", self.method.to_uppercase(), self.path)
    }

    /// The position of a path parameter: its name never goes over the wire.
    pub fn position(&self, name: &str) -> Option<String> {
        let position = segments(self.path).position(|segment| segment == Segment::Parameter(name))?;
        Some(position.to_string())
    }

    /// Method and path as they go over the wire, with nameless parameters.
    fn address(&self) -> (&str, Vec<&str>) {
        let nameless = segments(self.path).map(|segment| match segment {
            Segment::Text(text) => text,
            Segment::Parameter(_) => "{}",
        });
        (self.method, nameless.collect())
    }

    fn id(&self) -> Option<&'a str> {
        self.part.text("operationId")
    }

    fn summary(&self) -> &'a str {
        self.id().unwrap_or("an operation without a name")
    }
}

#[derive(PartialEq, Eq)]
enum Segment<'a> {
    Text(&'a str),
    Parameter(&'a str),
}

fn segments(path: &str) -> impl Iterator<Item = Segment<'_>> {
    path.split(['{', '}']).enumerate().map(
        |(index, text)| {
            if index % 2 == 0 { Segment::Text(text) } else { Segment::Parameter(text) }
        },
    )
}

/// Takes out of both lists what belongs together.
fn paired<'a, 'b>(
    before: &mut Vec<Operation<'a>>,
    after: &mut Vec<Operation<'b>>,
    fit: impl Fn(&Operation<'a>, &Operation<'b>) -> bool,
) -> Vec<(Operation<'a>, Operation<'b>)> {
    let mut pairs = Vec::new();
    for old in std::mem::take(before) {
        match after.iter().position(|new| fit(&old, new)) {
            Some(index) => pairs.push((old, after.remove(index))),
            None => before.push(old),
        }
    }
    pairs
}

fn pair(walk: &mut Walk, old: &Operation<'_>, new: &Operation<'_>) -> Result<()> {
    if old.address() != new.address() {
        walk.changes.add(&rule::OPERATION_MOVED, new.place(), old.place(), new.place());
    } else if old.id() != new.id() {
        walk.changes.add(&rule::OPERATION_ID, below(&new.inside, "operationId"), old.id(), new.id());
    }
    bodies::deprecation(walk, &new.place(), &old.part, &new.part);
    bodies::other_keys(walk, &new.inside, &old.part, &new.part, RULED)?;
    let of_path = [METHODS, &["$ref", "parameters", "servers"]].concat();
    bodies::other_keys(walk, &new.path_item.at, &old.path_item, &new.path_item, &of_path)?;
    servers::of_operation(walk, old, new)?;
    security::compare(walk, old, new)?;
    parameters::compare(walk, old, new)?;
    bodies::request(walk, old, new)?;
    bodies::responses(walk, old, new)?;
    lifecycle::compare(walk, old, new)
}
