//! The scenario of a session, as the JSON text in which it is stored.

use rusqlite::Row;
use serde::{Serialize, de::DeserializeOwned};

use super::corrupt;

/// What can be read from a file can be written as JSON: it has no map with keys that are no strings.
pub(super) fn to_text(course: &impl Serialize) -> String {
    serde_json::to_string(course).unwrap_or_default()
}

pub(super) fn from_row<T: DeserializeOwned>(row: &Row<'_>) -> rusqlite::Result<Option<T>> {
    let text: Option<String> = row.get("scenario")?;
    text.map(|text| serde_json::from_str(&text).map_err(|_| corrupt(0, "an unreadable scenario"))).transpose()
}
