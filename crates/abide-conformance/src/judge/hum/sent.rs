//! What a create call brought, read by the documented rules.

use regex_lite::Regex;
use serde_json::Value;

use crate::catalogue::documented::hum::{
    CAMPAIGN_LENGTH, CITY_LENGTH, STATES, STREET1_LENGTH, STREET2_LENGTH, ZIP_PATTERN,
};
use crate::trace::Body;

/// What a create call brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Sent {
    /// An address that has to be taken.
    Valid,
    /// An address that has to be refused, and why.
    Invalid(String),
    /// Something that no document speaks of.
    Unclear,
}

/// Reads the body of a create call.
pub(crate) fn read(body: &Body) -> Sent {
    let json: Option<Value> = body.json().and_then(|text| serde_json::from_str(text).ok());
    let Some(json) = json.filter(Value::is_object) else { return Sent::Unclear };
    match flaw(&json) {
        Some(why) => Sent::Invalid(why),
        None if is_clear(&json) => Sent::Valid,
        None => Sent::Unclear,
    }
}

/// The fields that are texts, with the longest that each may be.
const TEXTS: [(&str, usize); 4] = [
    ("street1", STREET1_LENGTH.1),
    ("street2", STREET2_LENGTH.1),
    ("city", CITY_LENGTH.1),
    ("campaign_id", CAMPAIGN_LENGTH.1),
];

fn flaw(json: &Value) -> Option<String> {
    let given = |name: &str| json.get(name).filter(|value| !value.is_null());
    if given("street1").is_none() {
        return Some("no street1".to_owned());
    }
    if given("zip").is_none() && (given("city").is_none() || given("state").is_none()) {
        return Some("neither zip nor both city and state".to_owned());
    }
    if let Some(zip) = given("zip").and_then(Value::as_str)
        && !Regex::new(ZIP_PATTERN).is_ok_and(|pattern| pattern.is_match(zip))
    {
        return Some(format!("the zip `{zip}`"));
    }
    for (name, most) in TEXTS {
        let length = given(name).and_then(Value::as_str).map_or(0, |text| text.chars().count());
        if length > most {
            return Some(format!("a {name} of {length} characters"));
        }
    }
    let state = given("state").and_then(Value::as_str).filter(|state| !is_listed(state));
    state.map(|state| format!("the state `{state}`"))
}

/// Capital letters are what the list has; whether others are taken is not said.
fn is_listed(state: &str) -> bool {
    STATES.iter().any(|listed| listed.eq_ignore_ascii_case(state))
}

/// Whether nothing is in it that a server may refuse for a reason of its own.
fn is_clear(json: &Value) -> bool {
    let text = |name: &str| match json.get(name) {
        None => true,
        Some(value) => value.as_str().is_some_and(|text| !text.trim().is_empty()),
    };
    let state = json.get("state").and_then(Value::as_str).is_none_or(|state| STATES.contains(&state));
    let number = |name: &str, most: f64| {
        json.get(name).is_none_or(|value| value.as_f64().is_some_and(|number| number.abs() <= most))
    };
    TEXTS.iter().all(|(name, _)| text(name))
        && text("zip")
        && text("state")
        && state
        && number("latitude", crate::catalogue::documented::hum::LATITUDE.1)
        && number("longitude", crate::catalogue::documented::hum::LONGITUDE.1)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn addresses() {
        let invalid = |why: &str| Sent::Invalid(why.to_owned());
        for (body, expected) in [
            (json!({"street1": "1 Main St", "zip": "48034"}), Sent::Valid),
            (json!({"street1": "1 Main St", "zip": "48034-1234"}), Sent::Valid),
            (json!({"street1": "1 Main St", "city": "X", "state": "MI"}), Sent::Valid),
            (json!({"zip": "48034"}), invalid("no street1")),
            (json!({"street1": null, "zip": "48034"}), invalid("no street1")),
            (json!({"street1": "1", "city": "X"}), invalid("neither zip nor both city and state")),
            (json!({"street1": "1", "zip": "4803"}), invalid("the zip `4803`")),
            (json!({"street1": "1", "zip": "48034", "state": "ZZ"}), invalid("the state `ZZ`")),
            (json!({"street1": "x".repeat(101), "zip": "48034"}), invalid("a street1 of 101 characters")),
            (json!({"street1": "é".repeat(100), "zip": "48034"}), Sent::Valid),
            (json!({"street1": "1", "zip": "48034", "state": "mi"}), Sent::Unclear),
            (json!({"street1": "1", "zip": 48034}), Sent::Unclear),
            (json!({"street1": "", "zip": "48034"}), Sent::Unclear),
            (json!([]), Sent::Unclear),
        ] {
            assert_eq!(read(&Body::Json(body.to_string())), expected, "{body}");
        }
    }
}
