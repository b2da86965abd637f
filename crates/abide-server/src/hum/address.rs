//! The address of a create call: what it must bring (HUM-CREATE-INVALID) and how it is normalised (HUM-ADDRESS).

use axum::http::StatusCode;
use regex_lite::Regex;
use serde_json::Value;

use crate::{
    documented::hum::{
        CAMPAIGN_LENGTH, CITY_LENGTH, LATITUDE, LONGITUDE, STATES, STREET1_LENGTH, STREET2_LENGTH, ZIP_PATTERN,
    },
    request::Refusal,
};

/// An address as it was sent, and what came with it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Address {
    pub(crate) street1: String,
    pub(crate) street2: Option<String>,
    pub(crate) city: Option<String>,
    pub(crate) state: Option<String>,
    pub(crate) zip: Option<String>,
    pub(crate) latitude: Option<f64>,
    pub(crate) longitude: Option<f64>,
    pub(crate) campaign_id: Option<String>,
}

impl Address {
    /// The address of a create body. No documented field may be null; those that are not documented are ignored.
    pub(super) fn read(body: &Value) -> Result<Self, Refusal> {
        if !body.is_object() {
            return Err(bad("The body must be a JSON object."));
        }
        let address = Self {
            street1: text(body, "street1", STREET1_LENGTH)?.ok_or_else(|| bad("street1 is missing."))?,
            street2: text(body, "street2", STREET2_LENGTH)?,
            city: text(body, "city", CITY_LENGTH)?,
            state: state(body)?,
            zip: zip(body)?,
            latitude: number(body, "latitude", LATITUDE)?,
            longitude: number(body, "longitude", LONGITUDE)?,
            campaign_id: text(body, "campaign_id", CAMPAIGN_LENGTH)?,
        };
        if address.zip.is_none() && (address.city.is_none() || address.state.is_none()) {
            return Err(bad("Either zip, or city and state, must be given."));
        }
        Ok(address)
    }

    /// In upper case, with single spaces: `STREET1, CITY, ST ZIP`, without the parts that were not sent.
    pub(super) fn normalised(&self) -> String {
        let state_and_zip = joined([self.state.as_deref(), self.zip.as_deref()], " ");
        joined([Some(&self.street1), self.city.as_deref(), Some(&state_and_zip)], ", ")
    }

    /// All that tells this place from others, normalised; what came along with it (campaign, coordinates) is not in it.
    pub(super) fn identity(&self) -> String {
        joined([Some(&self.normalised()), self.street2.as_deref()], "; ")
    }

    /// Whether the street has anything that a map could be searched for.
    pub(super) fn is_blank(&self) -> bool {
        self.street1.trim().is_empty()
    }
}

fn text(body: &Value, name: &str, (least, most): (usize, usize)) -> Result<Option<String>, Refusal> {
    let Some(value) = body.get(name) else {
        return Ok(None);
    };
    value
        .as_str()
        .filter(|text| (least..=most).contains(&text.chars().count()))
        .map(|text| Some(text.to_owned()))
        .ok_or_else(|| bad(format!("{name} must be a string of {least} to {most} characters.")))
}

fn state(body: &Value) -> Result<Option<String>, Refusal> {
    let Some(value) = body.get("state") else {
        return Ok(None);
    };
    value
        .as_str()
        .filter(|state| STATES.contains(state))
        .map(|state| Some(state.to_owned()))
        .ok_or_else(|| bad("state must be the two capital letters of a state."))
}

fn zip(body: &Value) -> Result<Option<String>, Refusal> {
    let Some(value) = body.get("zip") else {
        return Ok(None);
    };
    value
        .as_str()
        .filter(|zip| Regex::new(ZIP_PATTERN).is_ok_and(|pattern| pattern.is_match(zip)))
        .map(|zip| Some(zip.to_owned()))
        .ok_or_else(|| bad("zip must be a string such as 48034 or 48034-1234."))
}

fn number(body: &Value, name: &str, (least, most): (f64, f64)) -> Result<Option<f64>, Refusal> {
    let Some(value) = body.get(name) else {
        return Ok(None);
    };
    value
        .as_f64()
        .filter(|number| (least..=most).contains(number))
        .map(Some)
        .ok_or_else(|| bad(format!("{name} must be a number from {least} to {most}.")))
}

fn bad(sentence: impl Into<String>) -> Refusal {
    Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, sentence)
}

/// The parts that are there, in upper case and with single spaces.
fn joined<const N: usize>(parts: [Option<&str>; N], separator: &str) -> String {
    let normalised = |part: &str| part.split_whitespace().collect::<Vec<_>>().join(" ").to_uppercase();
    let parts = parts.into_iter().flatten().map(normalised).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(separator)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sample() -> Value {
        json!({ "street1": "29090 Tiffany Drive E", "city": "Southfield", "state": "MI", "zip": "48034" })
    }

    /// The sample with some fields changed (`null` removes one), and what the refusal speaks of, if any.
    #[track_caller]
    fn check(changes: &Value, expected: Result<&str, &str>) {
        let mut body = sample();
        for (name, value) in changes.as_object().unwrap() {
            body[name] = value.clone();
            if value.is_null() {
                body.as_object_mut().unwrap().remove(name);
            }
        }
        match (Address::read(&body), expected) {
            (Ok(address), Ok(normalised)) => assert_eq!(address.normalised(), normalised),
            (Err(refusal), Err(part)) => {
                assert_eq!(refusal.status, StatusCode::UNPROCESSABLE_ENTITY);
                assert!(refusal.sentence.contains(part), "{}", refusal.sentence);
            }
            (found, expected) => panic!("{changes}: {found:?}, expected {expected:?}"),
        }
    }

    #[test]
    fn addresses_that_are_refused() {
        check(&json!({ "street1": null }), Err("street1"));
        check(&json!({ "street1": "" }), Err("street1"));
        check(&json!({ "street1": 5 }), Err("street1"));
        check(&json!({ "street1": "x".repeat(101) }), Err("street1"));
        check(&json!({ "street2": "" }), Err("street2"));
        check(&json!({ "street2": "x".repeat(51) }), Err("street2"));
        check(&json!({ "city": "é".repeat(51) }), Err("city"));
        check(&json!({ "city": ["Southfield"] }), Err("city"));
        check(&json!({ "campaign_id": "x".repeat(101) }), Err("campaign_id"));
        check(&json!({ "latitude": "42.5" }), Err("latitude"));
        check(&json!({ "latitude": 90.1 }), Err("latitude"));
        check(&json!({ "longitude": -180.1 }), Err("longitude"));
        check(&json!({ "zip": null, "city": null }), Err("Either zip"));
        check(&json!({ "zip": null, "state": null }), Err("Either zip"));
        for state in ["mi", "DC", "XX", "", "Michigan", "MI "] {
            check(&json!({ "state": state }), Err("state"));
        }
        for zip in ["4803", "480345", "48034-", "48034-123", "48034-12345", " 48034", "48034\n", "٤٨٠٣٤", "abcde", ""]
        {
            check(&json!({ "zip": zip }), Err("zip"));
        }
        check(&json!({ "zip": 48034 }), Err("zip"));
    }

    #[test]
    fn null_is_no_text_and_no_number() {
        for name in ["street1", "street2", "city", "state", "zip", "latitude", "longitude", "campaign_id"] {
            let mut body = sample();
            body[name] = Value::Null;
            let refusal = Address::read(&body).unwrap_err();
            assert!(refusal.sentence.contains(name), "{}", refusal.sentence);
        }
    }

    #[test]
    fn bodies_that_are_no_object_are_refused() {
        for body in [json!(null), json!([]), json!("street1"), json!(7)] {
            assert_eq!(Address::read(&body).unwrap_err().status, StatusCode::UNPROCESSABLE_ENTITY);
        }
    }

    #[test]
    fn addresses_that_are_taken() {
        check(&json!({}), Ok("29090 TIFFANY DRIVE E, SOUTHFIELD, MI 48034"));
        check(&json!({ "street2": "A2", "sync": ["geocode"] }), Ok("29090 TIFFANY DRIVE E, SOUTHFIELD, MI 48034"));
        check(&json!({ "zip": "48034-1234" }), Ok("29090 TIFFANY DRIVE E, SOUTHFIELD, MI 48034-1234"));
        check(&json!({ "zip": null }), Ok("29090 TIFFANY DRIVE E, SOUTHFIELD, MI"));
        check(&json!({ "city": null, "state": null }), Ok("29090 TIFFANY DRIVE E, 48034"));
        check(&json!({ "state": "PR" }), Ok("29090 TIFFANY DRIVE E, SOUTHFIELD, PR 48034"));
        check(
            &json!({ "street1": "é".repeat(100), "city": null, "state": null }),
            Ok(&format!("{}, 48034", "É".repeat(100))),
        );
        check(&json!({ "street1": "  1\tMain \n St " }), Ok("1 MAIN ST, SOUTHFIELD, MI 48034"));
        check(
            &json!({ "latitude": 42, "longitude": -83.2, "campaign_id": "c" }),
            Ok("29090 TIFFANY DRIVE E, SOUTHFIELD, MI 48034"),
        );
    }

    #[test]
    fn identity_ignores_case_spaces_and_company() {
        let identity = |body: &Value| Address::read(body).unwrap().identity();
        let base = identity(&sample());
        for (changes, same) in [
            (json!({ "street1": "29090  tiffany drive e " }), true),
            (json!({ "latitude": 1.0, "campaign_id": "c" }), true),
            (json!({ "street2": "A2" }), false),
            (json!({ "zip": "48035" }), false),
        ] {
            let mut body = sample();
            for (name, value) in changes.as_object().unwrap() {
                body[name] = value.clone();
            }
            assert_eq!(identity(&body) == base, same, "{changes}");
        }
    }
}
