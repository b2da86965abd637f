//! Bodies: what an operation takes, and what it answers by status and media type.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use serde_json::Value;

use super::change::{Direction, Rule};
use super::objects::need;
use super::operations::Operation;
use super::part::{Part, below};
use super::rules as rule;
use super::schemas::Walk;
use super::shape::{Schema, is_silent};

/// Compares the request bodies of two operations.
pub fn request(walk: &mut Walk, old: &Operation<'_>, new: &Operation<'_>) -> Result<()> {
    let at = below(&new.inside, "requestBody");
    let (before, after) = match (old.part.get("requestBody"), new.part.get("requestBody")) {
        (None, None) => return Ok(()),
        (None, Some(after)) => {
            let required = after.resolve()?.flag("required");
            let rule = if required { &rule::BODY_ADDED_REQUIRED } else { &rule::BODY_ADDED_OPTIONAL };
            walk.changes.add(rule, at, Value::Null, need(required));
            return Ok(());
        }
        (Some(before), None) => {
            walk.changes.add(&rule::BODY_REMOVED, at, need(before.resolve()?.flag("required")), Value::Null);
            return Ok(());
        }
        (Some(before), Some(after)) => (before.resolve()?, after.resolve()?),
    };
    match (before.flag("required"), after.flag("required")) {
        (false, true) => walk.changes.add(&rule::BODY_REQUIRED, &after.at, need(false), need(true)),
        (true, false) => walk.changes.add(&rule::BODY_OPTIONAL, &after.at, need(true), need(false)),
        (true, true) | (false, false) => {}
    }
    other_keys(walk, &after.at, &before, &after, &["required", "content"])?;
    contents(walk, Direction::Request, &before, &after)
}

/// Compares what two operations answer.
///
/// An error that is named tells something of its own, such as that a session is over. A range beside it stands for the
/// rest, so it makes up neither for a named error that comes nor for one that goes.
pub fn responses(walk: &mut Walk, old: &Operation<'_>, new: &Operation<'_>) -> Result<()> {
    let (before, after) = (by_status(old)?, by_status(new)?);
    let responses = below(&new.inside, "responses");
    for (status, response) in &after {
        let at = below(&responses, status);
        match (before.get(status), covering(&before, status)) {
            (Some(known), _) => answer(walk, known, response)?,
            (None, Some((range, covered))) => {
                let rule = if is_named_error(status) { &rule::ERROR_ADDED } else { &rule::STATUS_DETAILED };
                walk.changes.add(rule, at, range, status.clone());
                answer(walk, covered, response)?;
            }
            (None, None) => {
                let rule = if is_success(status) { &rule::SUCCESS_ADDED } else { &rule::ERROR_ADDED };
                walk.changes.add(rule, at, Value::Null, status.clone());
            }
        }
    }
    for (status, response) in before.iter().filter(|(status, _)| !after.contains_key(*status)) {
        let at = below(&responses, status);
        if let Some((range, covered)) = covering(&after, status) {
            let rule = if is_named_error(status) { &rule::ERROR_REMOVED } else { &rule::STATUS_GENERALISED };
            walk.changes.add(rule, at, status.clone(), range);
            answer(walk, response, covered)?;
        } else if !after.keys().any(|other| !before.contains_key(other) && covers(status, other)) {
            // A range of which the new document details a part is told by that part.
            let rule = if is_success(status) { &rule::SUCCESS_REMOVED } else { &rule::ERROR_REMOVED };
            walk.changes.add(rule, at, status.clone(), Value::Null);
        }
    }
    Ok(())
}

fn by_status<'a>(operation: &Operation<'a>) -> Result<BTreeMap<String, Part<'a>>> {
    let responses = operation.part.entries_of("responses")?.into_iter().filter(|(status, _)| !status.starts_with("x-"));
    responses.map(|(status, response)| Ok((status.to_ascii_uppercase(), response.resolve()?))).collect()
}

fn is_success(status: &str) -> bool {
    status.starts_with('2')
}

/// Whether this is one error, and no range of them.
fn is_named_error(status: &str) -> bool {
    !is_success(status) && status.bytes().all(|byte| byte.is_ascii_digit())
}

/// The range among these statuses that a status falls under.
fn covering<'r, 'a>(responses: &'r BTreeMap<String, Part<'a>>, status: &str) -> Option<(&'r str, &'r Part<'a>)> {
    // `DEFAULT` sorts after the ranges, so the narrower one is found first.
    let (range, response) = responses.iter().find(|(range, _)| range.as_str() != status && covers(range, status))?;
    Some((range, response))
}

/// Whether one key of `responses` stands for another as well; `default` stands for errors only.
fn covers(range: &str, status: &str) -> bool {
    let same_class = range.ends_with("XX") && range.get(..1) == status.get(..1);
    same_class || range == "DEFAULT" && !is_success(status)
}

fn answer(walk: &mut Walk, old: &Part<'_>, new: &Part<'_>) -> Result<()> {
    other_keys(walk, &new.at, old, new, &["content", "headers"])?;
    headers(walk, old, new)?;
    contents(walk, Direction::Response, old, new)
}

fn headers(walk: &mut Walk, old: &Part<'_>, new: &Part<'_>) -> Result<()> {
    let (before, after) = (in_lower_case(old, "headers")?, in_lower_case(new, "headers")?);
    for (name, header) in &before {
        let Some(other) = after.get(name) else {
            walk.changes.add(&rule::HEADER_REMOVED, &header.at, name.clone(), Value::Null);
            continue;
        };
        let (header, other) = (header.resolve()?, other.resolve()?);
        match (header.flag("required"), other.flag("required")) {
            (false, true) => walk.changes.add(&rule::HEADER_REQUIRED, &other.at, need(false), need(true)),
            (true, false) => walk.changes.add(&rule::HEADER_OPTIONAL, &other.at, need(true), need(false)),
            (true, true) | (false, false) => {}
        }
        deprecation(walk, &other.at, &header, &other);
        other_keys(walk, &other.at, &header, &other, &["required", "schema", "deprecated"])?;
        walk.schemas(Direction::Response, &schema(&header), &schema(&other))?;
    }
    for (name, header) in after.iter().filter(|(name, _)| !before.contains_key(*name)) {
        walk.changes.add(&rule::HEADER_ADDED, &header.at, Value::Null, name.clone());
    }
    Ok(())
}

/// Compares bodies by media type. One that became another is compared all the same.
fn contents(walk: &mut Walk, direction: Direction, old: &Part<'_>, new: &Part<'_>) -> Result<()> {
    let (before, after) = (by_media_type(old)?, by_media_type(new)?);
    let at = below(&new.at, "content");
    if before.len() == 1
        && after.len() == 1
        && let Some(((from, old), (to, new))) = before.iter().zip(&after).next()
    {
        if from != to {
            let rule = direction.pick(&rule::REQUEST_MEDIA_CHANGED, &rule::RESPONSE_MEDIA_CHANGED);
            walk.changes.add(rule, at, from.clone(), to.clone());
        }
        return content(walk, direction, old, new);
    }
    let (removed, added) = media_rules(direction, before.is_empty(), after.is_empty());
    for (media_type, old) in &before {
        match after.get(media_type) {
            Some(new) => content(walk, direction, old, new)?,
            None => walk.changes.add(removed, &at, media_type.clone(), Value::Null),
        }
    }
    for (media_type, _) in after.iter().filter(|(media_type, _)| !before.contains_key(*media_type)) {
        walk.changes.add(added, &at, Value::Null, media_type.clone());
    }
    Ok(())
}

/// The rules for a media type that is gone and for one that is new; the first and the last of a response are its body.
fn media_rules(direction: Direction, none_before: bool, none_after: bool) -> (&'static Rule, &'static Rule) {
    match direction {
        Direction::Request => (&rule::REQUEST_MEDIA_REMOVED, &rule::REQUEST_MEDIA_ADDED),
        Direction::Response => (
            if none_after { &rule::RESPONSE_BODY_REMOVED } else { &rule::RESPONSE_MEDIA_REMOVED },
            if none_before { &rule::RESPONSE_BODY_ADDED } else { &rule::RESPONSE_MEDIA_ADDED },
        ),
    }
}

/// The entries under a key, by names whose case says nothing.
fn in_lower_case<'a>(part: &Part<'a>, key: &str) -> Result<BTreeMap<String, Part<'a>>> {
    Ok(part.entries_of(key)?.into_iter().map(|(name, part)| (name.to_ascii_lowercase(), part)).collect())
}

/// Bodies by media type. Parameters such as `charset` say how to read a type and not which one it is; only where they
/// are all that tells two apart, they stay.
fn by_media_type<'a>(part: &Part<'a>) -> Result<BTreeMap<String, Part<'a>>> {
    let mut found = BTreeMap::new();
    for (written, part) in in_lower_case(part, "content")? {
        let bare = written.split(';').next().unwrap_or_default().trim().to_owned();
        let name = if found.contains_key(&bare) { written } else { bare };
        found.insert(name, part);
    }
    Ok(found)
}

fn content(walk: &mut Walk, direction: Direction, old: &Part<'_>, new: &Part<'_>) -> Result<()> {
    other_keys(walk, &new.at, old, new, &["schema"])?;
    walk.schemas(direction, &schema(old), &schema(new))
}

/// The schema under a media type or header; without one, anything goes.
fn schema<'a>(holder: &Part<'a>) -> Schema<'a> {
    holder.get("schema").map_or_else(|| Schema::anything(below(&holder.at, "schema")), Schema::from)
}

/// Compares `deprecated` of two operations, parameters or headers.
pub fn deprecation(walk: &mut Walk, at: &str, old: &Part<'_>, new: &Part<'_>) {
    let (from, to) = (old.flag("deprecated"), new.flag("deprecated"));
    if from != to {
        walk.changes.add(&rule::DEPRECATED, at, from, to);
    }
}

/// Reports every key that has no rule: what nobody judged must not pass in silence.
pub fn other_keys(walk: &mut Walk, at: &str, old: &Part<'_>, new: &Part<'_>, ruled: &[&str]) -> Result<()> {
    let (before, after) = (old.entries()?, new.entries()?);
    let keys: BTreeSet<&str> = before.iter().chain(&after).map(|(key, _)| *key).collect();
    for key in keys.into_iter().filter(|key| !is_silent(key) && !ruled.contains(key)) {
        let (from, to) = (old.value.get(key), new.value.get(key));
        if from != to {
            walk.changes.add(&rule::KEY_CHANGED, below(at, key), from.cloned(), to.cloned());
        }
    }
    Ok(())
}
