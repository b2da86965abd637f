//! The scenarios of a Hum client.
//!
//! Each ends for a client that keeps to the documented cap; a pause that is asked for is longer than any gap that a client
//! would leave there by itself.

use serde_json::{Value, json};

use super::scenario::Pause::{Date, Seconds, Unsaid};
use super::scenario::Scenario;
use super::scenario::Scripted::{self, Json, Nothing, Page, PushedBack};
use crate::catalogue::Api;
use crate::catalogue::documented::hum::{CAP_SECONDS, LONGEST_GAP_SECONDS};

/// Well over the longest gap that is documented after a change.
const PAUSE: u64 = LONGEST_GAP_SECONDS * 3;

const PENDING: &str = "pending";
const MATCHED: &str = "matched";
const MULTIPLE: &str = "multiple";
const FAILED: &str = "failed";
const ADDRESS: &str = "29090 TIFFANY DR E, SOUTHFIELD, MI 48034";

/// Every scenario.
pub(super) fn all() -> Vec<Scenario> {
    let mut all = endings();
    all.extend(waits());
    all.extend(disturbances());
    all
}

/// How sessions end.
fn endings() -> Vec<Scenario> {
    vec![
        new("normal", "202, then 200, then both agents matched").polls([
            status(202, PENDING, PENDING),
            status(200, MATCHED, PENDING),
            status(200, MATCHED, MATCHED),
        ]),
        new("at-once", "both agents matched before the first status call").polls([status(200, MATCHED, MATCHED)]),
        new("accepted-for-ever", "both agents matched while the code stays 202").polls([
            status(202, PENDING, PENDING),
            status(202, MATCHED, PENDING),
            status(202, MATCHED, MATCHED),
        ]),
        new("multiple", "the address is not unique").polls([
            status(202, PENDING, PENDING),
            status(200, MULTIPLE, PENDING),
            status(200, MULTIPLE, FAILED),
        ]),
        new("multiple-matched", "the address is not unique, and providers are found all the same")
            .polls([status(202, PENDING, PENDING), status(200, MULTIPLE, MATCHED)]),
        new("no-internet", "no provider is found").polls([status(200, MATCHED, PENDING), status(200, MATCHED, FAILED)]),
        new("all-fail", "both agents fail").polls([status(202, PENDING, PENDING), status(200, FAILED, FAILED)]),
        new("no-address", "the first agent fails, and the second one later").polls([
            status(202, PENDING, PENDING),
            status(200, FAILED, PENDING),
            status(200, FAILED, PENDING),
            status(200, FAILED, FAILED),
        ]),
        new("expired", "410 in the middle").polls([
            status(202, PENDING, PENDING),
            status(200, MATCHED, PENDING),
            gone(),
        ]),
        new("closed", "410 to the first status call").polls([gone()]),
        new("denied", "401 to every call").always(Page(401)),
        new("unknown-session", "404 to every status call").polls([Page(404)]),
    ]
}

/// What a client has to wait for, and what not.
fn waits() -> Vec<Scenario> {
    vec![
        new("nothing-changes", "202 for ever").polls([status(202, PENDING, PENDING)]),
        new("only-times-change", "times and address change, the agents do not").polls(
            (0..20).map(|number| edited(status(202, PENDING, PENDING), |body| touch(body, number))).collect::<Vec<_>>(),
        ),
        new("changes-now-and-then", "an agent changes after a while, the other one after another while").polls([
            status(202, PENDING, PENDING),
            status(202, PENDING, PENDING),
            status(202, MATCHED, PENDING),
            status(202, MATCHED, PENDING),
            status(200, MATCHED, MATCHED),
        ]),
        new("code-changes", "202 becomes 200 while both agents are pending").polls([
            status(202, PENDING, PENDING),
            status(202, PENDING, PENDING),
            status(200, PENDING, PENDING),
            status(200, MATCHED, MATCHED),
        ]),
        new("ready-but-pending", "200 from the start, with pending agents").polls([
            status(200, PENDING, PENDING),
            status(200, MATCHED, PENDING),
            status(200, MATCHED, MATCHED),
        ]),
        new("only-checkout", "an agent that nobody awaits is done before the others").polls([
            edited(status(200, MATCHED, PENDING), |body| set(body, "/meta/agent_status", "checkout", json!(MATCHED))),
            edited(status(200, MATCHED, MATCHED), |body| set(body, "/meta/agent_status", "checkout", json!(MATCHED))),
        ]),
        new("late-agent", "an awaited agent is not mentioned at first").polls([
            edited(status(200, MATCHED, PENDING), |body| remove(body, "/meta/agent_status", "internet")),
            status(200, MATCHED, PENDING),
            status(200, MATCHED, MATCHED),
        ]),
        new("warning", "request_status is a warning while an agent is pending").polls([
            edited(status(200, MATCHED, PENDING), warn),
            edited(status(200, MATCHED, PENDING), warn),
            edited(status(200, MATCHED, MATCHED), warn),
        ]),
        new("unusual-token", "a token that needs percent-encoding in a path")
            .token("k/9+Q z%41?\u{e9}#;=")
            .polls([status(202, PENDING, PENDING), status(200, MATCHED, MATCHED)]),
        new("token-in-data", "the token where the oldest page has it")
            .token_in_data()
            .polls([status(202, PENDING, PENDING), status(200, MATCHED, MATCHED)]),
    ]
}

/// What a client has to survive, and when it has to hold back.
fn disturbances() -> Vec<Scenario> {
    let on_the_way = |reply: Scripted| {
        [status(202, PENDING, PENDING), status(200, MATCHED, PENDING), reply, status(200, MATCHED, MATCHED)]
    };
    vec![
        new("address-as-object", "the address has parts, and a ZIP code that is a number").polls([
            edited(status(202, PENDING, PENDING), number_zip),
            edited(status(200, MATCHED, PENDING), address_parts),
            edited(status(200, MATCHED, MATCHED), address_parts),
        ]),
        new("unknown-word", "an agent says a word that no document knows, then a known one").polls([
            status(202, PENDING, PENDING),
            status(200, MATCHED, "thinking"),
            status(200, MATCHED, MATCHED),
        ]),
        new("unknown-fields", "members that no document knows, on every level").polls(
            [status(202, PENDING, PENDING), status(200, MATCHED, PENDING), status(200, MATCHED, MATCHED)]
                .map(Scripted::with_unknown_fields),
        ),
        new("error-500-once", "one 500 on the way").polls(on_the_way(Page(500))),
        new("truncated-once", "one answer breaks off").polls(on_the_way(status(200, MATCHED, PENDING).truncated())),
        new("reset-once", "one connection is closed without an answer").polls(on_the_way(Nothing)),
        new("unavailable", "503 that names seconds").polls(on_the_way(PushedBack(503, Seconds(PAUSE)))),
        new("retry-after-seconds", "429 that names seconds").polls(on_the_way(PushedBack(429, Seconds(PAUSE)))),
        new("retry-after-date", "429 that names a date").polls(on_the_way(PushedBack(429, Date(PAUSE)))),
        new("throttled-without-hint", "429 that names nothing, three times").polls([
            status(202, PENDING, PENDING),
            PushedBack(429, Unsaid),
            PushedBack(429, Unsaid),
            PushedBack(429, Unsaid),
            status(200, MATCHED, MATCHED),
        ]),
        new("throttled-beyond-cap", "429 that asks for more time than there is")
            .polls([status(202, PENDING, PENDING), PushedBack(429, Seconds(CAP_SECONDS * 2))]),
    ]
}

fn new(name: &'static str, shows: &'static str) -> Scenario {
    let input = json!({"street1": "29090 Tiffany Drive E", "city": "Southfield", "state": "MI", "zip": "48034"});
    Scenario::new(Api::Hum, name, shows, input)
}

fn status(code: u16, geocoding: &str, internet: &str) -> Scripted {
    let is_known = geocoding == MATCHED;
    let message = if code == 202 { "Session is still processing" } else { "Session data retrieved successfully" };
    let body = json!({
        "message": message,
        "request_status": "ok",
        "data": {"service_address": is_known.then_some(ADDRESS)},
        "meta": {
            "session_token": null,
            "session_status": "open",
            "agent_status": {"geocoding": geocoding, "internet": internet, "checkout": PENDING},
            "session_params": {"street1": "29090 Tiffany Drive E", "city": "Southfield", "state": "MI", "zip": "48034"},
            "created_at": "2026-01-15T10:30:00.000Z",
            "updated_at": "2026-01-15T10:30:05.250Z",
            "responded_at": "2026-01-15T10:30:06.001Z",
        },
    });
    Json(code, body)
}

fn gone() -> Scripted {
    Json(410, json!({"message": "Session expired", "request_status": "error", "data": [], "meta": {}}))
}

fn edited(reply: Scripted, edit: impl FnOnce(&mut Value)) -> Scripted {
    match reply {
        Json(code, mut body) => {
            edit(&mut body);
            Json(code, body)
        }
        Page(_) | PushedBack(..) | Scripted::Truncated(_) | Nothing => reply,
    }
}

fn set(body: &mut Value, place: &str, name: &str, value: Value) {
    if let Some(Value::Object(members)) = body.pointer_mut(place) {
        members.insert(name.to_owned(), value);
    }
}

fn remove(body: &mut Value, place: &str, name: &str) {
    if let Some(Value::Object(members)) = body.pointer_mut(place) {
        members.remove(name);
    }
}

fn warn(body: &mut Value) {
    set(body, "", "request_status", json!("warning"));
}

fn touch(body: &mut Value, number: u32) {
    set(body, "/meta", "updated_at", json!(format!("2026-01-15T10:30:{number:02}.250Z")));
    set(body, "/meta", "responded_at", json!(format!("2026-01-15T10:30:{number:02}.500Z")));
    set(body, "/data", "service_address", json!(format!("{} TIFFANY DR E, SOUTHFIELD, MI 48034", 29_090 + number)));
}

fn number_zip(body: &mut Value) {
    set(body, "/meta/session_params", "zip", json!(48_034));
}

fn address_parts(body: &mut Value) {
    number_zip(body);
    let parts =
        json!({"normalized": ADDRESS, "street": "TIFFANY DR E", "city": "SOUTHFIELD", "state": "MI", "zip": 48_034});
    set(body, "/data", "service_address", parts);
}
