//! The times of a session: their form, their order, when they are null, and that they stay.

use serde_json::Value;

use super::items::each;
use super::poll::{Poll, all_polls, fresh_items, pairs, polls};
use super::state::is_final;
use crate::catalogue::documented::calmyx::{STATUS_COMPLETED, STATUS_PROCESSING, STATUS_QUEUED, TIME_PATTERN};
use crate::judge::access::creations;
use crate::judge::evidence::{Evidence, quote};
use crate::judge::stamp::{Reader, Stamp};
use crate::judge::view::{Call, View};

/// CAL-STARTED-NULL.
pub(super) fn started_null(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no status was answered");
    for poll in all_polls(view).filter(before_or_completed) {
        let (Some(state), Some(started)) = (poll.state(), poll.member("started_at")) else { continue };
        let is_queued = state == STATUS_QUEUED;
        let expected = format!("started_at {} while {state}", if is_queued { "null" } else { "set" });
        evidence.check(started.is_null() == is_queued, poll.call, &expected, || quote(started));
    }
    evidence
}

/// CAL-COMPLETED-NULL.
pub(super) fn completed_null(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no status was answered");
    for poll in all_polls(view).filter(before_or_completed) {
        let (Some(state), Some(completed)) = (poll.state(), poll.member("completed_at")) else { continue };
        let is_completed = state == STATUS_COMPLETED;
        let expected = format!("completed_at {} while {state}", if is_completed { "set" } else { "null" });
        evidence.check(completed.is_null() != is_completed, poll.call, &expected, || quote(completed));
    }
    evidence
}

/// CAL-TIME-FORMAT.
pub(super) fn format(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no time was seen");
    let reader = Reader::new(TIME_PATTERN);
    let mut check = |call: &Call<'_>, name: &str, value: &Value| {
        let read = reader.read(value);
        evidence.check(read.is_ok(), call, &format!("{name} as a text in ISO 8601"), || read.err().unwrap_or_default());
    };
    for call in creations(view).filter(|call| call.success().is_some()) {
        if let Some(submitted) = call.present("/submitted_at") {
            check(call, "submitted_at", submitted);
        }
    }
    for poll in all_polls(view) {
        for (name, value) in TOP.iter().filter_map(|name| Some((*name, set(poll.member(name))?))) {
            check(poll.call, name, value);
        }
    }
    for (poll, item) in each(view) {
        if let Some(analyzed) = set(item.get(ANALYZED)) {
            check(poll.call, ANALYZED, analyzed);
        }
    }
    evidence
}

/// CAL-TIME-ORDER.
pub(super) fn order(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no two times of a session were seen");
    let reader = Reader::new(TIME_PATTERN);
    for session in view.sessions() {
        let polls = polls(&session);
        for poll in &polls {
            let [submitted, started, completed] = TOP.map(|name| (name, time(&reader, poll.member(name))));
            for (first, second) in [(submitted, started), (started, completed), (submitted, completed)] {
                in_order(&mut evidence, poll, first, second);
            }
        }
        // Which item came when makes no difference to its own time, so each is looked at once, and all at the end.
        for (poll, item) in fresh_items(&session) {
            let started = ("started_at", time(&reader, poll.member("started_at")));
            in_order(&mut evidence, &poll, started, (ANALYZED, time(&reader, item.get(ANALYZED))));
        }
        if let Some(last) = polls.last() {
            let completed = ("completed_at", time(&reader, last.member("completed_at")));
            for item in last.results().unwrap_or_default() {
                in_order(&mut evidence, last, (ANALYZED, time(&reader, item.get(ANALYZED))), completed);
            }
        }
    }
    evidence
}

type Named = (&'static str, Option<Stamp>);

fn in_order(evidence: &mut Evidence, poll: &Poll<'_, '_>, (first, earlier): Named, (second, later): Named) {
    if let (Some(earlier), Some(later)) = (earlier, later) {
        let found = || both(poll, first, second);
        evidence.check(!earlier.is_after(later), poll.call, &format!("{first} no later than {second}"), found);
    }
}

fn time(reader: &Reader, value: Option<&Value>) -> Option<Stamp> {
    reader.read(set(value)?).ok()
}

fn set(value: Option<&Value>) -> Option<&Value> {
    value.filter(|value| !value.is_null())
}

/// CAL-TIME-STABLE.
pub(super) fn stable(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no session was asked about twice");
    let reader = Reader::new(TIME_PATTERN);
    for session in view.sessions() {
        let created = session.created().and_then(|call| call.present("/submitted_at"));
        if let (Some(created), Some(first)) = (created, session.answers().first()) {
            let first = Poll { call: first };
            unchanged(&mut evidence, &reader, &first, "submitted_at", created);
        }
        for (earlier, later) in pairs(&session) {
            for name in TOP {
                if let Some(before) = earlier.member(name).filter(|value| !value.is_null()) {
                    unchanged(&mut evidence, &reader, &later, name, before);
                }
            }
        }
    }
    evidence
}

/// After FAILED either time may be null, and nothing is known of a state that no document names.
fn before_or_completed(poll: &Poll<'_, '_>) -> bool {
    [STATUS_QUEUED, STATUS_PROCESSING, STATUS_COMPLETED].into_iter().any(|state| poll.is(state))
}

const ANALYZED: &str = "analyzed_at";
const TOP: [&str; 3] = ["submitted_at", "started_at", "completed_at"];

fn unchanged(evidence: &mut Evidence, reader: &Reader, later: &Poll<'_, '_>, name: &str, before: &Value) {
    let Some(after) = later.member(name) else { return };
    if before == after {
        evidence.held();
        return;
    }
    // The same moment in another spelling is no change.
    let same = |first: Stamp, second: Stamp| !first.is_after(second) && !second.is_after(first);
    let holds = match (reader.read(before), reader.read(after)) {
        (Ok(first), Ok(second)) => same(first, second),
        (Err(_), Err(_)) => false,
        // One of them is no time, which CAL-TIME-FORMAT tells.
        (Ok(_), Err(_)) | (Err(_), Ok(_)) => return,
    };
    evidence.check(holds, later.call, &format!("{name} to stay {}", quote(before)), || quote(after));
}

fn both(poll: &Poll<'_, '_>, first: &str, second: &str) -> String {
    let shown = |name: &str| match poll.member(name) {
        Some(value) => format!("{name} {}", quote(value)),
        None => format!("an {name} on the other side of it"),
    };
    let end = if is_final(poll) { " at the end" } else { "" };
    format!("{}, {}{end}", shown(first), shown(second))
}
