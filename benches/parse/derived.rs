//! What one would write with serde's derive: an enum with its tag, or one without.

use chrono::NaiveDateTime;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[derive(Serialize, Deserialize)]
#[allow(clippy::struct_field_names, reason = "the key of the document")]
pub struct Status<Item, Time> {
    status: State,
    progress: Progress,
    results: Vec<Item>,
    submitted_at: Time,
    started_at: Option<Time>,
    completed_at: Option<Time>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum State {
    Queued,
    Processing,
    Completed,
    Failed,
}

#[derive(Serialize, Deserialize)]
struct Progress {
    total: u32,
    processed: u32,
    successful: u32,
    failed: u32,
}

/// With its tag, jiff and uuid.
pub type Tagged = Status<TaggedResult, DateTime>;

#[derive(Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "lowercase")]
pub enum TaggedResult {
    Success { lat: f64, lng: f64, quiet_score: u8, listing_id: Uuid, analyzed_at: DateTime },
    Failed { lat: f64, lng: f64, error: String, analyzed_at: DateTime },
}

/// As generators emit it where a document says `format: date-time` and `format: uuid`: untagged, chrono and uuid.
pub type Untagged = Status<UntaggedResult, NaiveDateTime>;

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
pub enum UntaggedResult {
    Scored { lat: f64, lng: f64, status: Success, quiet_score: i64, listing_id: Uuid, analyzed_at: NaiveDateTime },
    Failed { lat: f64, lng: f64, status: Failed, error: String, analyzed_at: NaiveDateTime },
}

#[derive(Serialize, Deserialize)]
pub enum Success {
    #[serde(rename = "success")]
    Success,
}

#[derive(Serialize, Deserialize)]
pub enum Failed {
    #[serde(rename = "failed")]
    Failed,
}
