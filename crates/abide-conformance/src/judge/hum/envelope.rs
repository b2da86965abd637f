//! The envelope of every answer.

use serde_json::Value;

use crate::catalogue::documented::hum::REQUEST_STATES;
use crate::judge::evidence::{Evidence, quote};
use crate::judge::view::{Call, View};
use crate::trace::Operation;

/// HUM-ENVELOPE.
pub(super) fn envelope(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no session call was answered with a 2xx");
    for call in session_calls(view) {
        if call.success().is_none() {
            continue;
        }
        match (call.unreadable(), &call.json) {
            (Some(why), _) => evidence.doubt(why),
            (None, None) => evidence.broke(call, "JSON", call.describe()),
            (None, Some(json)) => match flaw(json) {
                None => evidence.held(),
                Some((expected, found)) => evidence.broke(call, expected, found),
            },
        }
    }
    evidence
}

fn flaw(json: &Value) -> Option<(&'static str, String)> {
    let shown = |name: &str| json.get(name).map_or_else(|| "nothing".to_owned(), quote);
    if !json.is_object() {
        return Some(("a JSON object", quote(json)));
    }
    if !json.get("message").is_some_and(Value::is_string) {
        return Some(("message, a text", shown("message")));
    }
    let state = json.get("request_status").and_then(Value::as_str);
    if !state.is_some_and(|state| REQUEST_STATES.contains(&state)) {
        return Some(("request_status ok, warning or error", shown("request_status")));
    }
    if !json.get("data").is_some_and(|data| data.is_object() || data.is_array()) {
        return Some(("data, an object or a list", shown("data")));
    }
    (!json.get("meta").is_some_and(Value::is_object)).then(|| ("meta, an object", shown("meta")))
}

/// HUM-REQUEST-STATUS.
pub(super) fn request_status(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no answer carried a request_status");
    for call in session_calls(view) {
        let Some(status) = call.status() else { continue };
        let Some(said) = call.at("/request_status").and_then(Value::as_str) else { continue };
        match status {
            200..=299 => {
                evidence.check(said != "error", call, "ok or warning on a 2xx", || format!("{said} on {status}"));
            }
            400..=599 => {
                evidence.check(said == "error", call, "error on a 4xx or 5xx", || format!("{said} on {status}"));
            }
            _ => {}
        }
    }
    evidence
}

/// HUM-TOKEN-ECHO.
pub(super) fn token_echo(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no answer repeated the token");
    for session in view.sessions() {
        for call in session.own().filter(|call| call.success().is_some()) {
            if let Some(token) = call.present("/meta/session_token") {
                let holds = token.as_str() == Some(session.id());
                evidence.check(holds, call, "the token that was asked for", || quote(token));
            }
        }
    }
    evidence
}

fn session_calls<'v, 't>(view: &'v View<'t>) -> impl Iterator<Item = &'v Call<'t>> {
    view.calls.iter().filter(|call| call.operation().is_session_call() && call.operation() != Operation::Other)
}
