//! Every row must read the same.

use calmyx_client::types::SessionStatus;
use hum_client::types::SessionReply;
use serde_json::Value;

use crate::bodies::Body;

/// Compares what a row has read with what serde reads into our types.
pub fn check(row: &str, content: Option<Value>, body: &Body, incremental: bool) {
    let Some(content) = content else { return };
    let expected = match serde_json::from_slice::<SessionStatus>(&body.whole) {
        Ok(mut status) => {
            status.results.drain(..if incremental { body.known_results } else { 0 });
            serde_json::to_value(status)
        }
        Err(_) => serde_json::to_value(serde_json::from_slice::<SessionReply>(&body.whole).expect("a reply of Hum")),
    };
    let (content, expected) = (plain(content), plain(expected.expect("what was read can be written")));
    assert!(content == expected, "`{row}` reads otherwise:\n{content}\n{expected}");
}

/// A null key is as good as none, and so is an empty list; some models have floats only.
fn plain(value: Value) -> Value {
    match value {
        Value::Number(number) => Value::from(number.as_f64()),
        Value::Array(items) => Value::Array(items.into_iter().map(plain).collect()),
        Value::Object(object) => {
            let fields = object.into_iter().map(|(key, value)| (key, plain(value)));
            Value::Object(fields.filter(|(_, value)| !value.is_null() && *value != Value::Array(Vec::new())).collect())
        }
        other @ (Value::Null | Value::Bool(_) | Value::String(_)) => other,
    }
}
