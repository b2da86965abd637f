//! Single results: what a scored location shows, and what a failed one.

use serde_json::Value;

use super::poll::{Poll, fresh_items};
use crate::catalogue::documented::calmyx::{ERROR_LIMIT, ERROR_SCORE, ITEM_FAILED, ITEM_SUCCESS, SCORE};
use crate::judge::evidence::{Evidence, quote};
use crate::judge::value::{integer, text};
use crate::judge::view::View;

/// CAL-ITEM-SUCCESS.
pub(super) fn success(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no location succeeded");
    for (poll, item) in each(view).filter(|(_, item)| is_success(item)) {
        let wrong = place_flaw(item)
            .or_else(|| (word(item) != Some(ITEM_SUCCESS)).then_some(("status", "`success`")))
            .or_else(|| present(item, "quiet_score").is_none().then_some(("quiet_score", "there")))
            .or_else(|| present(item, "listing_id").and_then(text).is_none().then_some(("listing_id", "a text")))
            .or_else(|| present(item, "analyzed_at").is_none().then_some(("analyzed_at", "there")));
        told(&mut evidence, &poll, item, wrong);
    }
    evidence
}

/// CAL-ITEM-FAILED.
pub(super) fn failed(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no location failed");
    for (poll, item) in each(view).filter(|(_, item)| is_failed(item)) {
        let wrong = place_flaw(item)
            .or_else(|| (word(item) != Some(ITEM_FAILED)).then_some(("status", "`failed`")))
            .or_else(|| present(item, "error").and_then(text).is_none().then_some(("error", "a text")))
            .or_else(|| present(item, "analyzed_at").is_none().then_some(("analyzed_at", "there")))
            .or_else(|| present(item, "quiet_score").is_some().then_some(("quiet_score", "absent")));
        told(&mut evidence, &poll, item, wrong);
    }
    evidence
}

/// CAL-SCORE-RANGE.
pub(super) fn score(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no score was seen");
    let (least, most) = SCORE;
    for (poll, item) in each(view).filter(|(_, item)| !is_failed(item)) {
        if let Some(score) = present(item, "quiet_score") {
            let holds = integer(score).is_some_and(|score| (least..=most).contains(&score));
            evidence.check(holds, poll.call, &format!("an integer from {least} to {most}"), || quote(score));
        }
    }
    evidence
}

/// CAL-ERROR-TEXT.
pub(super) fn error_text(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no location failed");
    for (poll, item) in each(view).filter(|(_, item)| is_failed(item)) {
        if let Some(error) = present(item, "error") {
            let holds = error.as_str().is_some_and(|error| [ERROR_SCORE, ERROR_LIMIT].contains(&error));
            let expected = format!("`{ERROR_SCORE}` or `{ERROR_LIMIT}`");
            evidence.check(holds, poll.call, &expected, || quote(error));
        }
    }
    evidence
}

pub(super) fn is_success(item: &Value) -> bool {
    match word(item) {
        Some(ITEM_SUCCESS) => true,
        Some(ITEM_FAILED) => false,
        Some(_) | None => present(item, "quiet_score").is_some() || present(item, "listing_id").is_some(),
    }
}

fn is_failed(item: &Value) -> bool {
    word(item) == Some(ITEM_FAILED) || (!is_success(item) && present(item, "error").is_some())
}

/// Every item of every session.
pub(super) fn each<'v, 't>(view: &'v View<'t>) -> impl Iterator<Item = (Poll<'v, 't>, &'v Value)> {
    view.sessions().flat_map(|session| fresh_items(&session))
}

fn told(evidence: &mut Evidence, poll: &Poll<'_, '_>, item: &Value, wrong: Option<(&str, &str)>) {
    match wrong {
        None => evidence.held(),
        Some((member, expected)) => evidence.broke(poll.call, format!("{member} {expected}"), quote(item)),
    }
}

fn place_flaw(item: &Value) -> Option<(&'static str, &'static str)> {
    ["lat", "lng"].into_iter().find(|name| !item.get(name).is_some_and(Value::is_number)).map(|name| (name, "a number"))
}

fn word(item: &Value) -> Option<&str> {
    item.get("status")?.as_str()
}

pub(super) fn present<'v>(item: &'v Value, name: &str) -> Option<&'v Value> {
    item.get(name).filter(|value| !value.is_null())
}
