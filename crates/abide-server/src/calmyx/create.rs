//! What a create call must bring (CAL-CREATE-LIMIT, CAL-CREATE-INVALID) and what it answers (CAL-CREATE-REPLY).

use std::num::NonZeroU32;

use axum::http::StatusCode;
use serde::Serialize;
use serde_json::Value;

use crate::{
    clock::{Moment, Text},
    credentials::Owner,
    documented::calmyx::{LATITUDE, LONGITUDE, MAX_LOCATIONS},
    ids,
    request::Refusal,
    store::CalmyxSession,
};

/// A place to score, in decimal degrees exactly as it was sent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Location {
    pub(crate) lat: f64,
    pub(crate) lng: f64,
}

/// The locations of a create body. Fields that the documents do not name are ignored.
pub(super) fn locations(body: &Value) -> Result<Vec<Location>, Refusal> {
    let items =
        body.get("locations").and_then(Value::as_array).ok_or_else(|| bad("The body needs an array locations."))?;
    if items.is_empty() {
        return Err(bad("locations must hold at least one location."));
    }
    if items.len() > MAX_LOCATIONS {
        return Err(bad(format!("locations must hold at most {MAX_LOCATIONS} locations.")));
    }
    items.iter().enumerate().map(|(index, item)| location(index, item)).collect()
}

fn location(index: usize, item: &Value) -> Result<Location, Refusal> {
    let degrees = |name: &str, (least, most): (f64, f64)| {
        item.get(name)
            .and_then(Value::as_f64)
            .filter(|degrees| (least..=most).contains(degrees))
            .ok_or_else(|| bad(format!("locations[{index}].{name} must be a number from {least} to {most}.")))
    };
    Ok(Location { lat: degrees("lat", LATITUDE)?, lng: degrees("lng", LONGITUDE)? })
}

fn bad(sentence: impl Into<String>) -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, sentence)
}

/// A session as a create call would have made it, with places of its own that spread over the land.
pub(crate) fn example(
    number: u32,
    locations: u32,
    owner: Owner,
    submitted_at: Moment,
    speed: NonZeroU32,
) -> Result<CalmyxSession, getrandom::Error> {
    let place = |index: u32| {
        let (row, column) = (number.wrapping_mul(37) % 20_000, index.wrapping_mul(11).wrapping_add(number) % 50_000);
        Location { lat: 28.0 + f64::from(row) / 1_000.0, lng: -120.0 + f64::from(column) / 1_000.0 }
    };
    let locations = (0..locations).map(place).collect();
    Ok(CalmyxSession { owner, secret: ids::random_bits()?, submitted_at, speed, allowance: None, locations })
}

/// The answer to a create call.
#[derive(Debug, Serialize)]
pub(super) struct Created {
    session_id: String,
    total_locations: usize,
    submitted_at: Text,
}

impl Created {
    pub(super) fn of(session_id: String, session: &CalmyxSession) -> Self {
        Self { session_id, total_locations: session.locations.len(), submitted_at: session.submitted_at.without_zone() }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(body: &Value, expected: Result<usize, &str>) {
        match (locations(body), expected) {
            (Ok(found), Ok(count)) => assert_eq!(found.len(), count),
            (Err(refusal), Err(part)) => {
                assert_eq!(refusal.status, StatusCode::BAD_REQUEST);
                assert!(refusal.sentence.contains(part), "{}", refusal.sentence);
            }
            (found, expected) => panic!("{found:?}, expected {expected:?}"),
        }
    }

    fn many(count: usize) -> Value {
        json!({ "locations": vec![json!({ "lat": 1.0, "lng": 2.0 }); count] })
    }

    #[test]
    fn bodies_that_are_refused() {
        for body in [json!(null), json!([]), json!("locations"), json!({}), json!({ "locations": null })] {
            check(&body, Err("array locations"));
        }
        check(&json!({ "locations": {} }), Err("array locations"));
        check(&json!({ "geolocations": [{ "lat": 1, "lng": 2 }] }), Err("array locations"));
        check(&many(0), Err("at least one"));
        check(&many(501), Err("at most 500"));
    }

    #[test]
    fn locations_that_are_refused_are_named() {
        for (item, part) in [
            (json!({}), "locations[1].lat"),
            (json!(null), "locations[1].lat"),
            (json!([1, 2]), "locations[1].lat"),
            (json!({ "lat": 1 }), "locations[1].lng"),
            (json!({ "lat": "40.7", "lng": 2 }), "locations[1].lat"),
            (json!({ "lat": "95", "lng": 2 }), "locations[1].lat"),
            (json!({ "lat": null, "lng": 2 }), "locations[1].lat"),
            (json!({ "lat": true, "lng": 2 }), "locations[1].lat"),
            (json!({ "lat": 95, "lng": 2 }), "from -90 to 90"),
            (json!({ "lat": -90.000_001, "lng": 2 }), "from -90 to 90"),
            (json!({ "lat": 1, "lng": 180.000_001 }), "from -180 to 180"),
            (json!({ "lat": 1e308, "lng": 2 }), "from -90 to 90"),
            (json!({ "latitude": 1, "longitude": 2 }), "locations[1].lat"),
        ] {
            check(&json!({ "locations": [{ "lat": 0, "lng": 0 }, item] }), Err(part));
        }
    }

    #[test]
    fn bodies_that_are_taken() {
        check(&many(1), Ok(1));
        check(&many(500), Ok(500));
        let edges =
            json!([{ "lat": 90, "lng": 180 }, { "lat": -90.0, "lng": -180 }, { "lat": -0.0, "lng": 0, "name": "x" }]);
        check(&json!({ "locations": edges, "more": 1 }), Ok(3));
    }
}
