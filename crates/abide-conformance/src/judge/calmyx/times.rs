//! The times of a session: their form, their order, when they are null, and that they stay.

use serde_json::Value;

use super::poll::{Poll, all_polls, pairs};
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
        for (name, value) in named_times(&poll) {
            check(poll.call, name, value);
        }
    }
    evidence
}

/// CAL-TIME-ORDER.
pub(super) fn order(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no two times of a session were seen");
    let reader = Reader::new(TIME_PATTERN);
    for poll in all_polls(view) {
        let single = |name: &str| poll.member(name).and_then(|value| reader.read(value).ok());
        let [submitted, started, completed] = ["submitted_at", "started_at", "completed_at"].map(single);
        let mut in_order = |first: (&str, Option<Stamp>), second: (&str, Option<Stamp>)| {
            if let (Some(earlier), Some(later)) = (first.1, second.1) {
                let expected = format!("{} no later than {}", first.0, second.0);
                evidence.check(!earlier.is_after(later), poll.call, &expected, || both(&poll, first.0, second.0));
            }
        };
        in_order(("submitted_at", submitted), ("started_at", started));
        in_order(("started_at", started), ("completed_at", completed));
        in_order(("submitted_at", submitted), ("completed_at", completed));
        for (_, value) in named_times(&poll).filter(|(name, _)| *name == ANALYZED) {
            let analyzed = reader.read(value).ok();
            in_order(("started_at", started), (ANALYZED, analyzed));
            in_order((ANALYZED, analyzed), ("completed_at", completed));
        }
    }
    evidence
}

/// CAL-TIME-STABLE.
pub(super) fn stable(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no session was asked about twice");
    for session in view.sessions() {
        let created = session.created().and_then(|call| call.present("/submitted_at"));
        if let (Some(created), Some(first)) = (created, session.answers().first()) {
            let first = Poll { call: first };
            unchanged(&mut evidence, &first, "submitted_at", created);
        }
        for (earlier, later) in pairs(&session) {
            for name in ["submitted_at", "started_at", "completed_at"] {
                if let Some(before) = earlier.member(name).filter(|value| !value.is_null()) {
                    unchanged(&mut evidence, &later, name, before);
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

fn unchanged(evidence: &mut Evidence, later: &Poll<'_, '_>, name: &str, before: &Value) {
    let Some(after) = later.member(name) else { return };
    let reader = Reader::new(TIME_PATTERN);
    // The same moment in another spelling is no change.
    let same = |first: Stamp, second: Stamp| !first.is_after(second) && !second.is_after(first);
    let holds = before == after
        || reader.read(before).ok().zip(reader.read(after).ok()).is_some_and(|(first, second)| same(first, second));
    evidence.check(holds, later.call, &format!("{name} to stay {}", quote(before)), || quote(after));
}

/// The times of an answer that are not null.
fn named_times<'v>(poll: &Poll<'v, '_>) -> impl Iterator<Item = (&'static str, &'v Value)> + use<'v> {
    let top = ["submitted_at", "started_at", "completed_at"].map(|name| (name, poll.member(name)));
    let items = poll.results().unwrap_or_default().iter().map(|item| (ANALYZED, item.get(ANALYZED)));
    top.into_iter().chain(items).filter_map(|(name, value)| Some((name, value.filter(|value| !value.is_null())?)))
}

fn both(poll: &Poll<'_, '_>, first: &str, second: &str) -> String {
    let shown = |name: &str| match poll.member(name) {
        Some(value) => format!("{name} {}", quote(value)),
        None => format!("an {name} on the other side of it"),
    };
    let end = if is_final(poll) { " at the end" } else { "" };
    format!("{}, {}{end}", shown(first), shown(second))
}
