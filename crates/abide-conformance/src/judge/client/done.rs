//! What a status answer means for the wait, in the words of the documents, and which outcome words fit it.

use serde_json::Value;

use crate::catalogue::documented::calmyx::{STATUS_COMPLETED, STATUS_FAILED};
use crate::catalogue::documented::hum::AWAITED;
use crate::judge::value::integer;
use crate::judge::view::Call;

/// What a Calmyx answer means for the wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Calmyx {
    Going,
    Done,
    Failed,
}

/// What a Calmyx answer means for the wait: done by the word, or by the counters.
pub(super) fn calmyx(call: &Call<'_>) -> Calmyx {
    match call.at("/status").and_then(Value::as_str) {
        Some(STATUS_FAILED) => Calmyx::Failed,
        Some(STATUS_COMPLETED) => Calmyx::Done,
        Some(_) | None => {
            let (processed, total) = (counter(call, "processed"), counter(call, "total"));
            if processed == total && total > Some(0) { Calmyx::Done } else { Calmyx::Going }
        }
    }
}

/// The words that fit a Calmyx session that ended with that answer.
pub(super) fn calmyx_words(call: &Call<'_>) -> &'static [&'static str] {
    let (failed, total) = (counter(call, "failed").unwrap_or(0), counter(call, "total").unwrap_or(0));
    match calmyx(call) {
        Calmyx::Failed => &["failed"],
        Calmyx::Done if failed == 0 => &["completed"],
        Calmyx::Done if failed >= total => &["partial", "failed"],
        Calmyx::Done => &["partial"],
        Calmyx::Going => &["gave-up", "error"],
    }
}

pub(super) fn counter(call: &Call<'_>, name: &str) -> Option<i64> {
    integer(call.at("/progress")?.get(name)?)
}

/// The words of the awaited agents; an agent that is not mentioned is still at work.
pub(super) fn agents<'v>(call: &'v Call<'_>) -> Vec<&'v str> {
    let word = |agent: &str| call.at("/meta/agent_status").and_then(|agents| agents.get(agent)?.as_str());
    AWAITED.iter().map(|agent| word(agent).unwrap_or("pending")).collect()
}

/// Which of the awaited agents the answer mentions at all.
pub(super) fn mentioned(call: &Call<'_>) -> Vec<bool> {
    AWAITED
        .iter()
        .map(|agent| call.at("/meta/agent_status").is_some_and(|agents| agents.get(*agent).is_some()))
        .collect()
}

/// Whether every awaited agent left pending for a word that is known.
pub(super) fn is_settled(call: &Call<'_>) -> bool {
    agents(call).iter().all(|word| OUTCOMES.contains(word))
}

/// Whether geocoding failed while internet is still pending: who stops there is right, and who goes on too.
pub(super) fn may_stop(call: &Call<'_>) -> bool {
    matches!(agents(call).as_slice(), ["failed", "pending"])
}

/// The words that fit a Hum session that ended with that answer.
pub(super) fn hum_words(call: &Call<'_>) -> &'static [&'static str] {
    let agents = agents(call);
    let matched = agents.iter().filter(|word| **word == "matched").count();
    if matched == agents.len() {
        &["completed"]
    } else if matched > 0 {
        &["partial"]
    } else {
        &["partial", "failed"]
    }
}

const OUTCOMES: [&str; 3] = ["matched", "multiple", "failed"];
