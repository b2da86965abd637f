//! CAL-SCHEMA: the shape of a status answer.

use serde_json::Value;

use crate::judge::evidence::{Evidence, quote};
use crate::judge::value::integer;
use crate::judge::view::{Call, Session, View};

/// CAL-SCHEMA.
pub(super) fn schema(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no status was answered");
    for session in view.sessions() {
        let polls: Vec<_> = session.polls().filter(|call| !call.is_unanswered()).collect();
        for call in &polls {
            answer(&mut evidence, &session, call);
        }
        let only_errors = polls.iter().all(|call| call.status().is_some_and(|status| status >= 500));
        if let (Some(first), true) = (polls.first(), only_errors) {
            evidence.broke(first, "the state of the session", format!("{}, as to every poll of it", first.describe()));
        }
    }
    evidence
}

fn answer(evidence: &mut Evidence, session: &Session<'_, '_>, call: &Call<'_>) {
    let Some(answer) = call.answer() else { return };
    if answer.status >= 500 {
        // One broken answer is no wrong one; CAL-SCHEMA is about what is shown.
        return;
    }
    if !answer.is_success() {
        // Where nobody knows who created it, the session may be gone, or another's.
        if session.created().is_some() {
            evidence.broke(call, "the state of a session that was created", call.describe());
        }
        return;
    }
    match (call.unreadable(), &call.json) {
        (Some(why), _) => evidence.doubt(why),
        (None, None) => evidence.broke(call, "JSON", answer.body.describe()),
        (None, Some(json)) => match flaw(json) {
            None => evidence.held(),
            Some((expected, found)) => evidence.broke(call, expected, found),
        },
    }
}

fn flaw(json: &Value) -> Option<(String, String)> {
    let wrong = |place: &str, expected: &str| {
        let found = json.pointer(place).map_or_else(|| "nothing".to_owned(), quote);
        Some((format!("{} to be {expected}", place.trim_start_matches('/').replace('/', ".")), found))
    };
    if !json.is_object() {
        return Some(("a JSON object".to_owned(), quote(json)));
    }
    if !json.get("status").is_some_and(Value::is_string) {
        return wrong("/status", "a text");
    }
    for name in ["total", "processed", "successful", "failed"] {
        let place = format!("/progress/{name}");
        if json.pointer(&place).and_then(integer).is_none() {
            return wrong(&place, "an integer");
        }
    }
    if !json.get("results").is_some_and(Value::is_array) {
        return wrong("/results", "an array");
    }
    if let Some(items) = json.get("results").and_then(Value::as_array)
        && let Some(odd) = items.iter().position(|item| !item.is_object())
    {
        return wrong(&format!("/results/{odd}"), "an object");
    }
    if !json.get("submitted_at").is_some_and(Value::is_string) {
        return wrong("/submitted_at", "a text");
    }
    for name in ["started_at", "completed_at"] {
        if !json.get(name).is_some_and(|value| value.is_string() || value.is_null()) {
            return wrong(&format!("/{name}"), "a text or null");
        }
    }
    None
}
