//! The document's version and the hosts where its API lives.

use std::collections::BTreeSet;

use anyhow::Result;
use serde_json::Value;

use super::bodies::other_keys;
use super::operations::Operation;
use super::part::{Part, below};
use super::rules as rule;
use super::schemas::Walk;

/// Keys of a document that have rules of their own, or none because they bind nobody.
const RULED: &[&str] = &["openapi", "info", "servers", "security", "paths", "components", "tags", "x-documents"];

/// Compares what holds for the whole document.
pub fn of_document(walk: &mut Walk, old: &Part<'_>, new: &Part<'_>) -> Result<()> {
    let version = |root: &Part<'_>| root.value.pointer("/info/version").cloned().unwrap_or_default();
    if version(old) != version(new) {
        walk.changes.add(&rule::VERSION_CHANGED, "/info/version", version(old), version(new));
    }
    other_keys(walk, "", old, new, RULED)?;
    hosts(walk, "/servers", &urls(old)?.unwrap_or_default(), &urls(new)?.unwrap_or_default());
    Ok(())
}

/// Compares the hosts of an operation, where it or its path has any of its own.
pub fn of_operation(walk: &mut Walk, old: &Operation<'_>, new: &Operation<'_>) -> Result<()> {
    let own = |operation: &Operation<'_>| -> Result<Option<Vec<String>>> {
        Ok(urls(&operation.part)?.or(urls(&operation.path_item)?))
    };
    let (before, after) = (own(old)?, own(new)?);
    if before.is_some() || after.is_some() {
        let inherited = |operation: &Operation<'_>| Ok::<_, anyhow::Error>(urls(&operation.root)?.unwrap_or_default());
        let before = before.map_or_else(|| inherited(old), Ok)?;
        let after = after.map_or_else(|| inherited(new), Ok)?;
        hosts(walk, &below(&new.inside, "servers"), &before, &after);
    }
    Ok(())
}

fn hosts(walk: &mut Walk, at: &str, before: &[String], after: &[String]) {
    let mut named = BTreeSet::new();
    if before.first() != after.first() {
        walk.changes.add(&rule::SERVER_CHANGED, at, before.first().cloned(), after.first().cloned());
        named.extend(before.first().into_iter().chain(after.first()));
    }
    for host in before.iter().filter(|host| !after.contains(host) && !named.contains(host)) {
        walk.changes.add(&rule::SERVER_REMOVED, at, host.clone(), Value::Null);
    }
    for host in after.iter().filter(|host| !before.contains(host) && !named.contains(host)) {
        walk.changes.add(&rule::SERVER_ADDED, at, Value::Null, host.clone());
    }
}

/// The hosts under `servers`, with the defaults of their variables put in.
fn urls(part: &Part<'_>) -> Result<Option<Vec<String>>> {
    if part.get("servers").is_none() {
        return Ok(None);
    }
    let mut urls = Vec::new();
    for server in part.items_of("servers")? {
        let mut url = server.text("url").unwrap_or("/").to_owned();
        for (name, variable) in server.entries_of("variables")? {
            url = url.replace(&format!("{{{name}}}"), variable.text("default").unwrap_or_default());
        }
        urls.push(url);
    }
    Ok(Some(urls))
}
