//! The state of a session: its words, its order, its end, and what holds in each.

use serde_json::Value;

use super::poll::{Poll, all_polls, pairs, polls};
use super::results::items;
use crate::catalogue::documented::calmyx::{STATUS_COMPLETED, STATUS_FAILED, STATUS_PROCESSING, STATUS_QUEUED};
use crate::judge::evidence::{Evidence, quote};
use crate::judge::patience;
use crate::judge::value::canonical;
use crate::judge::view::{Call, Session, View};
use crate::trace::{Answer, Exchange};

/// CAL-STATUS-VALUE.
pub(super) fn value(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no status was answered");
    for poll in all_polls(view) {
        if let Some(state) = poll.state() {
            let expected = "QUEUED, PROCESSING, COMPLETED or FAILED";
            evidence.check(rank(state).is_some(), poll.call, expected, || quote(&state));
        }
    }
    evidence
}

/// CAL-STATE-ORDER.
pub(super) fn order(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no session was asked about twice");
    for (earlier, later) in view.sessions().flat_map(|session| pairs(&session)) {
        if let (Some(before), Some(after)) = (earlier.state(), later.state())
            && let (Some(low), Some(high)) = (rank(before), rank(after))
        {
            let holds = low < high || before == after;
            evidence.check(holds, later.call, &format!("{before}, or what follows it"), || {
                format!("{after} after {before} (exchange {})", earlier.call.exchange.number)
            });
        }
    }
    evidence
}

/// CAL-QUEUED-EMPTY.
pub(super) fn queued_empty(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no poll met a session that was QUEUED");
    for poll in all_polls(view).filter(|poll| poll.is(STATUS_QUEUED)) {
        let counters = ["processed", "successful", "failed"].map(|name| poll.counter(name).unwrap_or(0));
        let results = poll.results().unwrap_or_default().len();
        evidence.check(counters == [0; 3] && results == 0, poll.call, "nothing processed while QUEUED", || {
            let [processed, successful, failed] = counters;
            format!("processed {processed}, successful {successful}, failed {failed}, {results} results")
        });
    }
    evidence
}

/// CAL-COMPLETED-ALL.
pub(super) fn completed_all(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no poll met a session that was COMPLETED");
    for poll in all_polls(view).filter(|poll| poll.is(STATUS_COMPLETED)) {
        if let (Some(processed), Some(total)) = (poll.counter("processed"), poll.counter("total")) {
            let expected = format!("processed {total} of {total} once COMPLETED");
            evidence.check(processed == total, poll.call, &expected, || format!("processed {processed} of {total}"));
        }
    }
    evidence
}

/// CAL-READ-SAFE.
pub(super) fn read_safe(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no session was asked about again after its end");
    for session in view.sessions() {
        gone_after_the_end(&mut evidence, &session);
        let ended: Vec<_> = polls(&session).into_iter().skip_while(|poll| !is_final(poll)).collect();
        let Some(first) = ended.first() else { continue };
        for (place, pair) in ended.windows(2).enumerate() {
            let [before, after] = pair else { continue };
            if !before.call.exchange.is_before(after.call.exchange) {
                continue;
            }
            // The first final answer may lack results that the next one has (CAL-RESULTS-ALL).
            let change = ["status", "progress", "submitted_at", "started_at", "completed_at"]
                .into_iter()
                .find(|name| member(before, name) != member(after, name))
                .or_else(|| (!same_results(before, after, place == 0)).then_some("results"));
            match change {
                None => evidence.held(),
                Some(name) => {
                    let found = format!("{name} {} and then {}", shown(before, name), shown(after, name));
                    let end = first.state().unwrap_or_default();
                    evidence.broke(after.call, format!("the same answer as before, since {end} is final"), found);
                }
            }
        }
    }
    evidence
}

/// A session that ended does not vanish: no document lets it expire.
fn gone_after_the_end(evidence: &mut Evidence, session: &Session<'_, '_>) {
    let Some(end) = polls(session).into_iter().find(is_final) else { return };
    let later = session.polls().filter(|call| end.call.exchange.is_before(call.exchange));
    let is_refused = |call: &&Call<'_>| call.answer().is_some_and(Answer::is_refusal) && !call.is_unanswered();
    if let Some(refused) = later.into_iter().find(is_refused) {
        evidence.broke(refused, "the same answer as before, since a session that ended stays", refused.describe());
    }
}

fn member(poll: &Poll<'_, '_>, name: &str) -> Option<String> {
    poll.member(name).map(canonical)
}

fn shown(poll: &Poll<'_, '_>, name: &str) -> String {
    match poll.member(name) {
        Some(Value::Array(items)) => format!("with {} items", items.len()),
        Some(value) => quote(value),
        None => "missing".to_owned(),
    }
}

fn same_results(before: &Poll<'_, '_>, after: &Poll<'_, '_>, may_grow: bool) -> bool {
    if before.results().is_some() && before.results() == after.results() {
        return true;
    }
    let (before, after) = (items(before), items(after));
    if may_grow {
        before.iter().all(|(item, times)| after.get(item).is_some_and(|more| more >= times))
    } else {
        before == after
    }
}

fn ended<'t>(session: &Session<'_, 't>) -> Option<&'t Exchange> {
    polls(session).into_iter().find(is_final).map(|poll| poll.call.exchange)
}

/// CAL-LIVENESS.
pub(super) fn liveness(view: &View<'_>) -> Evidence {
    patience::judge(view, ended, |session| polls(session).last().map_or_else(|| "no state".to_owned(), Poll::describe))
}

pub(super) fn is_final(poll: &Poll<'_, '_>) -> bool {
    poll.state().is_some_and(|state| FINAL.contains(&state))
}

const FINAL: [&str; 2] = [STATUS_COMPLETED, STATUS_FAILED];

fn rank(state: &str) -> Option<u8> {
    match state {
        STATUS_QUEUED => Some(0),
        STATUS_PROCESSING => Some(1),
        STATUS_COMPLETED | STATUS_FAILED => Some(2),
        _ => None,
    }
}
