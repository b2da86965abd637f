//! The list of results: that it grows, what it holds, and whose locations these are.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::poll::{Poll, all_polls, pairs, polls};
use super::sent::{Sent, read};
use crate::catalogue::documented::calmyx::{ITEM_FAILED, ITEM_SUCCESS, STATUS_COMPLETED, STATUS_PROCESSING};
use crate::judge::evidence::{Evidence, quote};
use crate::judge::value::{canonical, microdegrees};
use crate::judge::view::{Session, View};

/// The documented members of an item; a member beyond them may change.
const MEMBERS: [&str; 7] = ["lat", "lng", "status", "quiet_score", "listing_id", "error", "analyzed_at"];

/// The items of an answer by all that they say, with how often each is there.
pub(super) fn items(poll: &Poll<'_, '_>) -> BTreeMap<String, usize> {
    let mut items = BTreeMap::new();
    for item in poll.results().unwrap_or_default() {
        let known: Map<String, Value> =
            MEMBERS.iter().filter_map(|name| Some(((*name).to_owned(), item.get(name)?.clone()))).collect();
        *items.entry(canonical(&known.into())).or_default() += 1;
    }
    items
}

/// CAL-RESULTS-GROW.
pub(super) fn grow(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no session with results was asked about again");
    for (earlier, later) in view.sessions().flat_map(|session| pairs(&session)) {
        if continues(&earlier, &later) {
            evidence.held();
            continue;
        }
        let before = items(&earlier);
        if before.is_empty() || later.results().is_none() {
            continue;
        }
        let after = items(&later);
        let lost = before.iter().find(|(item, times)| after.get(*item).is_none_or(|still| still < times));
        match lost {
            None => evidence.held(),
            Some((item, _)) => {
                let found = format!("it is gone or changed since exchange {}", earlier.call.exchange.number);
                evidence.broke(later.call, format!("the item {} to stay", quote(item)), found);
            }
        }
    }
    evidence
}

/// Whether the later list begins with the earlier one: the usual case, told without taking the items apart.
fn continues(earlier: &Poll<'_, '_>, later: &Poll<'_, '_>) -> bool {
    match (earlier.results(), later.results()) {
        (Some(before), Some(after)) => !before.is_empty() && after.starts_with(before),
        (Some(_) | None, _) => false,
    }
}

/// CAL-RESULTS-PARTIAL.
pub(super) fn partial(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no poll met PROCESSING with something processed");
    for session in view.sessions() {
        let midway = |poll: &Poll<'_, '_>| {
            poll.is(STATUS_PROCESSING) && poll.counter("processed").is_some_and(|processed| processed > 0)
        };
        let midway: Vec<_> = polls(&session).into_iter().filter(midway).collect();
        let visible = midway.iter().any(|poll| poll.results().is_some_and(|items| !items.is_empty()));
        match midway.as_slice() {
            [] => {}
            _ if visible => evidence.held(),
            [first, .., last] if far_apart(first, last) => {
                let found = format!("no results in {} polls, the last one at {}", midway.len(), last.describe());
                evidence.broke(last.call, "results while the session is PROCESSING", found);
            }
            [..] => evidence.doubt("the first results of a session may still have been on their way"),
        }
    }
    evidence
}

/// How long results may lag behind the counters before they count as hidden, in microseconds.
const LAG: u64 = 80_000;

fn far_apart(first: &Poll<'_, '_>, last: &Poll<'_, '_>) -> bool {
    last.call.exchange.sent.saturating_sub(first.call.exchange.received) >= LAG
}

/// CAL-RESULTS-COUNT.
pub(super) fn count(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no status was answered");
    for poll in all_polls(view) {
        let Some(results) = poll.results() else { continue };
        for (word, name) in [(ITEM_SUCCESS, "successful"), (ITEM_FAILED, "failed")] {
            let there = results.iter().filter(|item| item.get("status").and_then(Value::as_str) == Some(word)).count();
            if let Some(counted) = poll.counter(name) {
                let holds = i64::try_from(there) == Ok(counted);
                evidence.check(holds, poll.call, &format!("{counted} items with status {word}"), || format!("{there}"));
            }
        }
    }
    evidence
}

/// CAL-RESULTS-LOCATION.
pub(super) fn location(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no result of a session whose locations are known was seen");
    for session in view.sessions() {
        let Some(sent) = submitted(&session) else { continue };
        let mut before: Option<&[Value]> = None;
        for poll in polls(&session) {
            if before.replace(poll.results().unwrap_or_default()) == poll.results() {
                continue;
            }
            let mut left = sent.clone();
            for item in poll.results().unwrap_or_default() {
                let place = item.get("lat").and_then(microdegrees).zip(item.get("lng").and_then(microdegrees));
                let Some(place) = place else { continue };
                let shown = || format!("lat {}, lng {}", shown(item, "lat"), shown(item, "lng"));
                match left.get_mut(&place) {
                    None => evidence.broke(poll.call, "a location that was submitted", shown()),
                    Some(0) => evidence.broke(
                        poll.call,
                        "one result each time that a location was submitted",
                        format!("another one for {}", shown()),
                    ),
                    Some(times) => {
                        *times -= 1;
                        evidence.held();
                    }
                }
            }
        }
    }
    evidence
}

/// CAL-RESULTS-ALL.
pub(super) fn all(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no session was asked about again after COMPLETED");
    for session in view.sessions() {
        let Some(mut sent) = submitted(&session) else { continue };
        let completed: Vec<_> = polls(&session).into_iter().filter(|poll| poll.is(STATUS_COMPLETED)).collect();
        let [_, .., last] = completed.as_slice() else { continue };
        for item in last.results().unwrap_or_default() {
            let place = item.get("lat").and_then(microdegrees).zip(item.get("lng").and_then(microdegrees));
            if let Some(times) = place.and_then(|place| sent.get_mut(&place)) {
                *times = times.saturating_sub(1);
            }
        }
        let missing: usize = sent.values().sum();
        evidence.check(missing == 0, last.call, "a result for every location", || format!("{missing} without one"));
    }
    evidence
}

fn shown(item: &Value, name: &str) -> String {
    item.get(name).map_or_else(|| "missing".to_owned(), quote)
}

/// The submitted locations, with how often each was submitted.
fn submitted(session: &Session<'_, '_>) -> Option<BTreeMap<(i64, i64), usize>> {
    match read(&session.created()?.exchange.request.body) {
        Sent::Valid(locations) => {
            let mut times = BTreeMap::new();
            for location in locations {
                *times.entry(location).or_default() += 1;
            }
            Some(times)
        }
        Sent::TooMany(_) | Sent::Invalid(_) | Sent::Unclear => None,
    }
}
