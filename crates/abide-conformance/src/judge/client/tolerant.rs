//! CAL-CLIENT-TOLERANT, HUM-CLIENT-TOLERANT: what a client survives.

use serde_json::Value;

use super::done::{Calmyx, agents, calmyx, calmyx_words, hum_words, is_settled};
use super::run::{is_answered, is_disturbed, runs};
use crate::catalogue::Api;
use crate::catalogue::documented::calmyx::{STATUS_COMPLETED, STATUS_FAILED, STATUS_PROCESSING, STATUS_QUEUED};
use crate::catalogue::documented::hum::AGENT_STATES;
use crate::judge::evidence::Evidence;
use crate::judge::view::{Call, View};

/// The members at the top of a Calmyx answer.
const CALMYX_MEMBERS: [&str; 6] = ["status", "progress", "results", "submitted_at", "started_at", "completed_at"];
/// The members at the top of a Hum answer.
const HUM_MEMBERS: [&str; 4] = ["message", "request_status", "data", "meta"];

/// CAL-CLIENT-TOLERANT, HUM-CLIENT-TOLERANT.
pub(super) fn tolerant(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("the client met nothing that it had to survive");
    for run in runs(view) {
        let polls = run.polls();
        let Some((place, odd)) = polls.iter().enumerate().find(|(_, call)| is_odd(view.api(), call)) else { continue };
        // One broken answer is to be survived; two in a row may be an outage.
        if polls.get(place + 1).is_some_and(|next| is_disturbed(next) && is_disturbed(odd)) {
            continue;
        }
        let expected = format!("{} to be survived", oddity(odd));
        let end = run.answered().into_iter().next_back().filter(|last| is_end(view.api(), last));
        match end {
            Some(end) if run.ended() => {
                let words = match view.api() {
                    Api::Calmyx => calmyx_words(end),
                    Api::Hum => hum_words(end),
                };
                let holds = run.outcome().is_some_and(|word| words.contains(&word));
                evidence.check(holds, odd, &expected, || run.said());
            }
            None if matches!(run.outcome(), Some("gave-up")) => evidence.held(),
            None if run.ended() => evidence.broke(odd, expected, run.said()),
            Some(_) | None => evidence.doubt("the client had to be stopped"),
        }
    }
    evidence
}

fn is_end(api: Api, call: &Call<'_>) -> bool {
    match api {
        Api::Calmyx => calmyx(call) != Calmyx::Going,
        Api::Hum => is_settled(call),
    }
}

/// Whether a client may stumble over it although it should not.
pub(super) fn is_odd(api: Api, call: &Call<'_>) -> bool {
    if !is_answered(call) {
        return is_disturbed(call) && !call.answer().is_some_and(|answer| answer.is_refusal() || answer.pushes_back());
    }
    let members: &[&str] = match api {
        Api::Calmyx => &CALMYX_MEMBERS,
        Api::Hum => &HUM_MEMBERS,
    };
    let extra = call
        .json
        .as_deref()
        .and_then(Value::as_object)
        .is_some_and(|json| json.keys().any(|name| !members.contains(&name.as_str())));
    let known = [STATUS_QUEUED, STATUS_PROCESSING, STATUS_COMPLETED, STATUS_FAILED];
    let strange = call.at("/status").and_then(Value::as_str).is_some_and(|state| !known.contains(&state));
    let address = call.at("/data/service_address").is_some_and(Value::is_object);
    let thinking = api == Api::Hum && agents(call).iter().any(|word| !AGENT_STATES.contains(word));
    let zip = call.at("/meta/session_params/zip").is_some_and(Value::is_number);
    extra || strange || address || thinking || zip
}

fn oddity(call: &Call<'_>) -> String {
    if is_answered(call) { "an answer with something unusual in it".to_owned() } else { call.describe() }
}
