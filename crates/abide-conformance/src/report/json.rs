//! The report for programs.

use schemars::{Schema, schema_for};

use super::Report;

/// What the report says about its format.
pub(crate) const FORMAT: &str = "abide-report/1";

/// `report.json`.
pub fn json(report: &Report) -> String {
    let mut text = serde_json::to_string_pretty(report).unwrap_or_default();
    text.push('\n');
    text
}

/// The JSON Schema of `report.json`, as `spec/report.schema.json` has it.
pub fn schema() -> Schema {
    schema_for!(Report)
}
