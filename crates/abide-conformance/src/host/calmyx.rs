//! The scenarios of a Calmyx client.
//!
//! Each ends within 65 s for a client that asks every 10 s, and a pause that is asked for is longer than the longest
//! documented gap, so that only who heeds it keeps it.

use serde_json::{Value, json};

use super::scenario::Pause::{Date, Seconds, Unsaid};
use super::scenario::Scenario;
use super::scenario::Scripted::{self, Json, Nothing, Page, PushedBack};
use crate::catalogue::Api;
use crate::catalogue::documented::calmyx::{
    ERROR_SCORE, ITEM_FAILED, ITEM_SUCCESS, LONGEST_GAP_SECONDS, MAX_LOCATIONS, STATUS_COMPLETED, STATUS_FAILED,
    STATUS_PROCESSING, STATUS_QUEUED,
};

/// Longer than any documented gap, with room for tolerance and for the second that a date is coarse by.
const PAUSE: u64 = LONGEST_GAP_SECONDS + 4;

/// Every scenario.
pub(super) fn all() -> Vec<Scenario> {
    vec![
        new("normal", "queued, at work, completed").polls([
            queued(3),
            processing(3, 1, 0),
            processing(3, 2, 0),
            completed(3, 0),
        ]),
        new("at-once", "completed before the first status call").polls([completed(3, 0)]),
        new("complete-by-count", "every location is processed, and the status says PROCESSING for ever").polls([
            queued(3),
            processing(3, 1, 0),
            processing(3, 3, 0),
        ]),
        new("count-with-failures", "the same with a failed location").polls([processing(3, 1, 0), processing(3, 2, 1)]),
        new("count-then-completed", "every location is processed one answer before COMPLETED").polls([
            processing(3, 1, 0),
            processing(3, 3, 0),
            completed(3, 0),
        ]),
        new("completed-before-count", "COMPLETED while the counters lag behind")
            .polls([processing(3, 1, 0), status(STATUS_COMPLETED, 3, 2, 0)]),
        new("partial", "completed with a failed location").polls([queued(3), processing(3, 1, 1), completed(2, 1)]),
        new("all-fail", "completed, and every location failed").polls([processing(3, 0, 1), completed(0, 3)]),
        new("failed", "the session fails at work").polls([queued(3), processing(3, 1, 0), failed(3, 1, 0)]),
        new("failed-at-once", "the session fails before it starts").polls([failed(3, 0, 0)]),
        new("failed-with-counters", "FAILED although every location is processed")
            .polls([processing(3, 1, 0), failed(3, 3, 0)]),
        new("long-queue", "queued for a while").polls([
            queued(3),
            queued(3),
            queued(3),
            queued(3),
            queued(3),
            completed(3, 0),
        ]),
        new("zero-of-zero", "queued with 0 of 0, which is not done").polls([
            queued(0),
            queued(0),
            processing(3, 1, 0),
            completed(3, 0),
        ]),
        new("nearly-done", "one location of ten takes longer than the others").polls([
            processing(10, 1, 0),
            processing(10, 9, 0),
            processing(10, 9, 0),
            completed(10, 0),
        ]),
        new("many", "as many locations as one session may have")
            .input_of(MAX_LOCATIONS)
            .polls([processing(MAX_LOCATIONS, 250, 3), completed(MAX_LOCATIONS - 5, 5)]),
        new("unknown-status", "a word that no document knows, then a known one").polls([
            queued(3),
            status("ANALYZING", 3, 1, 0),
            processing(3, 2, 0),
            completed(3, 0),
        ]),
        new("unknown-fields", "members that no document knows, on every level")
            .polls([queued(3), processing(3, 1, 0), completed(3, 0)].map(Scripted::with_unknown_fields)),
        new("error-500-once", "one 500 on the way").polls([processing(3, 1, 0), Page(500), completed(3, 0)]),
        new("truncated-once", "one answer breaks off").polls([
            processing(3, 1, 0),
            processing(3, 2, 0).truncated(),
            completed(3, 0),
        ]),
        new("reset-once", "one connection is closed without an answer").polls([
            processing(3, 1, 0),
            Nothing,
            completed(3, 0),
        ]),
        new("retry-after-seconds", "429 that names seconds").polls([
            processing(3, 1, 0),
            PushedBack(429, Seconds(PAUSE)),
            processing(3, 2, 0),
            completed(3, 0),
        ]),
        new("retry-after-date", "429 that names a date").polls([
            processing(3, 1, 0),
            PushedBack(429, Date(PAUSE)),
            processing(3, 2, 0),
            completed(3, 0),
        ]),
        new("throttled-without-hint", "429 that names nothing").polls([
            processing(3, 1, 0),
            PushedBack(429, Unsaid),
            completed(3, 0),
        ]),
        new("unavailable", "503 that names seconds").polls([
            processing(3, 1, 0),
            PushedBack(503, Seconds(PAUSE)),
            completed(3, 0),
        ]),
        new("throttled-creation", "the create call meets 429 first")
            .before_creation(PushedBack(429, Seconds(PAUSE)))
            .polls([processing(3, 1, 0), completed(3, 0)]),
        new("denied", "401 to every call").always(Page(401)),
        new("unknown-session", "404 to every status call").polls([Page(404)]),
    ]
}

fn new(name: &'static str, shows: &'static str) -> Scenario {
    Scenario::new(Api::Calmyx, name, shows, input(3))
}

impl Scenario {
    fn input_of(self, locations: usize) -> Self {
        Self { input: input(locations), ..self }
    }
}

fn input(locations: usize) -> Value {
    json!({"locations": (0..locations).map(location).collect::<Vec<_>>()})
}

/// Places one block apart.
fn location(number: usize) -> Value {
    let step = f64::from(u32::try_from(number).unwrap_or_default()) * 0.0005;
    let degrees = |base: f64| ((base + step) * 1e4).round() / 1e4;
    json!({"lat": degrees(37.7749), "lng": degrees(-122.4194)})
}

fn queued(total: usize) -> Scripted {
    status(STATUS_QUEUED, total, 0, 0)
}

fn processing(total: usize, successful: usize, failed: usize) -> Scripted {
    status(STATUS_PROCESSING, total, successful, failed)
}

fn completed(successful: usize, failed: usize) -> Scripted {
    status(STATUS_COMPLETED, successful + failed, successful, failed)
}

fn failed(total: usize, successful: usize, failed: usize) -> Scripted {
    status(STATUS_FAILED, total, successful, failed)
}

fn status(word: &str, total: usize, successful: usize, failed: usize) -> Scripted {
    let processed = successful + failed;
    let is_started = word != STATUS_QUEUED && !(word == STATUS_FAILED && processed == 0);
    let is_over = [STATUS_COMPLETED, STATUS_FAILED].contains(&word);
    let body = json!({
        "status": word,
        "progress": {"total": total, "processed": processed, "successful": successful, "failed": failed},
        "results": (0..processed).map(|number| item(number, number < successful)).collect::<Vec<_>>(),
        "submitted_at": "2026-01-15T10:30:00.000000",
        "started_at": is_started.then_some("2026-01-15T10:30:05.000000"),
        "completed_at": is_over.then_some("2026-01-15T10:31:10.000000"),
    });
    Json(200, body)
}

fn item(number: usize, is_success: bool) -> Value {
    let mut item = location(number);
    let rest = if is_success {
        json!({"status": ITEM_SUCCESS, "quiet_score": 72 - number % 50, "listing_id": format!("a1b2c3d4-e5f6-4890-abcd-{number:012}")})
    } else {
        json!({"status": ITEM_FAILED, "error": ERROR_SCORE})
    };
    if let (Value::Object(item), Value::Object(rest)) = (&mut item, rest) {
        item.extend(rest);
        item.insert("analyzed_at".to_owned(), json!("2026-01-15T10:31:00.000000"));
    }
    item
}
