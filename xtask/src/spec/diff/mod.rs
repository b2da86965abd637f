//! `cargo xtask spec diff OLD NEW`: what a change of an OpenAPI document does to clients and to servers.

mod bodies;
mod change;
mod components;
mod lifecycle;
mod limits;
mod objects;
mod operations;
mod parameters;
mod part;
mod render;
mod rules;
mod schemas;
mod security;
mod servers;
mod shape;
#[cfg(test)]
mod tests;
mod unions;

use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::document::Document;
use crate::stream;
use change::{Change, Severity};
use part::Part;
use schemas::Walk;

/// By what the rules judge.
const POLICY: &str = "\
Servers keep to NEW, clients are made from OLD: breaking is what such a client can no longer send, or cannot read.
Changes of names only (of a component, an operationId, an x-client-type) leave the wire as it is and still are
breaking: users of the generated crates have to change their code, and the reason says so.";

const HELP: &str = "\
Says what the change from one OpenAPI document to another does to clients and servers.

Usage: cargo xtask spec diff OLD NEW [--json]
       cargo xtask spec diff --rules

  OLD, NEW   paths of YAML files
  --json     the report as one JSON object
  --rules    every rule with its verdict and reason

Exit code: 0 nothing is breaking, 1 something is, 2 wrong usage or an unreadable document.

Example: git show main:spec/hum/openapi.yaml > old.yaml && cargo xtask spec diff old.yaml spec/hum/openapi.yaml";

/// Runs the command on its own arguments.
pub fn run(arguments: &[&str]) -> ExitCode {
    let (options, paths): (Vec<&str>, Vec<&str>) = arguments.iter().partition(|argument| argument.starts_with('-'));
    let (text, code) = match (options.as_slice(), paths.as_slice()) {
        ([] | ["--json"], [old, new]) => match report(old, new, !options.is_empty()) {
            Ok(outcome) => outcome,
            Err(error) => {
                stream::error(&format!("error: {error:#}"));
                return ExitCode::from(2);
            }
        },
        (["--rules"], []) => (render::rules(), ExitCode::SUCCESS),
        (["--help" | "-h"], []) => (HELP.to_owned(), ExitCode::SUCCESS),
        _ => {
            stream::error(HELP);
            return ExitCode::from(2);
        }
    };
    stream::out(text.trim_end_matches('\n'));
    code
}

fn report(old: &str, new: &str, json: bool) -> Result<(String, ExitCode)> {
    let (old, new) = (load(old)?, load(new)?);
    let changes = compare(&old, &new)?;
    let text = if json { render::json(&old, &new, &changes)? } else { render::text(&old, &new, &changes) };
    let breaking = changes.iter().any(|change| change.rule.severity == Severity::Breaking);
    Ok((text, if breaking { ExitCode::FAILURE } else { ExitCode::SUCCESS }))
}

fn load(path: &str) -> Result<Document> {
    let text = std::fs::read_to_string(path).with_context(|| format!("{path} cannot be read"))?;
    Document::parse(path.to_owned(), &text)
}

/// Every change between two documents, the worst first.
pub fn compare(old: &Document, new: &Document) -> Result<Vec<Change>> {
    let (old, new) = (Part::root(old), Part::root(new));
    let mut walk = Walk::between(&old, &new);
    servers::of_document(&mut walk, &old, &new)?;
    operations::compare(&mut walk, &old, &new)?;
    Ok(walk.changes.into_sorted())
}
