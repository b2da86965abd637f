//! What the comparison finds: changes, each judged by a rule.
//!
//! A verdict follows the order in which an API changes: servers keep to the new document first, while clients made from
//! the old one stay in use. What such a client can no longer do is breaking. So is a change of names
//! only: the wire stays as it is, but users of the generated crates have to change their code, and the reason says so.

use serde::Serialize;
use serde_json::Value;

/// How much a change costs. The order is the order of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Something that worked stops working.
    Breaking,
    /// It works on, unless the other side is stricter than it has to be.
    Risky,
    /// Nothing that worked stops working.
    Harmless,
}

/// Whose code a change concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Audience {
    Client,
    Server,
    Both,
}

/// One kind of change, with its verdict.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rule {
    pub severity: Severity,
    /// Fixed for ever, such as `request-enum-value-removed`.
    pub id: &'static str,
    pub audience: Audience,
    pub why: &'static str,
}

/// One change between two documents.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    pub rule: &'static Rule,
    /// A JSON pointer into the document; inside an operation, `METHOD /path: ` and a pointer from there.
    pub at: String,
    /// `null` where there was nothing.
    pub from: Value,
    /// `null` where there is nothing any more.
    pub to: Value,
}

/// The changes found so far, each once.
#[derive(Debug, Default)]
pub struct Changes(Vec<Change>);

impl Changes {
    /// Adds a change, unless it is known: a component that many places use changes once.
    pub fn add(&mut self, rule: &'static Rule, at: impl Into<String>, from: impl Into<Value>, to: impl Into<Value>) {
        let change = Change { rule, at: at.into(), from: from.into(), to: to.into() };
        if !self.0.contains(&change) {
            self.0.push(change);
        }
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The worst first, then by place, so that the order of keys in the documents does not show.
    pub fn into_sorted(mut self) -> Vec<Change> {
        self.0.sort_by(|left, right| {
            let key =
                |change: &Change| (change.rule.severity, change.at.clone(), change.rule.id, change.to.to_string());
            key(left).cmp(&key(right))
        });
        self.0
    }
}

/// Which way a schema travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// The client writes, the server reads.
    Request,
    /// The server writes, the client reads.
    Response,
}

impl Direction {
    /// The one that belongs to this direction.
    pub fn pick<T>(self, request: T, response: T) -> T {
        match self {
            Self::Request => request,
            Self::Response => response,
        }
    }
}

/// How what is allowed after a change stands to what was allowed before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// A part of it.
    Narrowed,
    /// All of it and more.
    Widened,
    /// Neither.
    Changed,
}
