//! Places: as they were sent, and as Calmyx tells them apart.

use axum::http::StatusCode;
use serde::Serialize;
use serde_json::Value;

use crate::{
    documented::calmyx::{LATITUDE, LONGITUDE, MAX_LOCATIONS},
    request::Refusal,
};

const MICRODEGREES: f64 = 1_000_000.0;

/// A place to score, in decimal degrees exactly as it was sent.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(crate) struct Location {
    pub(crate) lat: f64,
    pub(crate) lng: f64,
}

/// A location at six decimals, in microdegrees: two locations that agree in it are the same place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) lat: i64,
    pub(crate) lng: i64,
}

impl Location {
    /// As it is compared and stored.
    pub(crate) fn place(self) -> Place {
        Place { lat: microdegrees(self.lat), lng: microdegrees(self.lng) }
    }
}

/// The list `name` of a body: 1 to 500 locations. Fields that the documents do not name are ignored.
///
/// The documents give the most for a session only (CAL-CREATE-LIMIT); a batch has the same here, because a server must
/// have one.
pub(super) fn locations(body: &Value, name: &str) -> Result<Vec<Location>, Refusal> {
    let items =
        body.get(name).and_then(Value::as_array).ok_or_else(|| bad(format!("The body needs an array {name}.")))?;
    if items.is_empty() {
        return Err(bad(format!("{name} must hold at least one location.")));
    }
    if items.len() > MAX_LOCATIONS {
        return Err(bad(format!("{name} must hold at most {MAX_LOCATIONS} locations.")));
    }
    items.iter().enumerate().map(|(index, item)| location(&format!("{name}[{index}]"), item)).collect()
}

/// The location of a query (CAL-CREATE-INVALID holds for it too).
pub(super) fn from_texts(lat: Option<&str>, lng: Option<&str>) -> Result<Location, Refusal> {
    let degrees = |name: &str, text: Option<&str>, range| {
        text.and_then(|text| text.parse().ok())
            .filter(|degrees| within(*degrees, range))
            .ok_or_else(|| out_of_range(&format!("The query parameter {name}"), range))
    };
    Ok(Location { lat: degrees("lat", lat, LATITUDE)?, lng: degrees("lng", lng, LONGITUDE)? })
}

fn location(item_name: &str, item: &Value) -> Result<Location, Refusal> {
    let degrees = |name: &str, range| {
        item.get(name)
            .and_then(Value::as_f64)
            .filter(|degrees| within(*degrees, range))
            .ok_or_else(|| out_of_range(&format!("{item_name}.{name}"), range))
    };
    Ok(Location { lat: degrees("lat", LATITUDE)?, lng: degrees("lng", LONGITUDE)? })
}

fn within(degrees: f64, (least, most): (f64, f64)) -> bool {
    (least..=most).contains(&degrees)
}

#[expect(clippy::cast_possible_truncation, reason = "a cast of a float saturates, and degrees are at most 180")]
fn microdegrees(degrees: f64) -> i64 {
    (degrees * MICRODEGREES).round() as i64
}

fn out_of_range(what: &str, (least, most): (f64, f64)) -> Refusal {
    bad(format!("{what} must be a number from {least} to {most}."))
}

fn bad(sentence: impl Into<String>) -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, sentence)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(body: &Value, expected: Result<usize, &str>) {
        match (locations(body, "locations"), expected) {
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

    #[test]
    fn texts_of_a_query() {
        for (lat, lng, expected) in [
            (Some("37.5"), Some("-122"), true),
            (Some("90"), Some("1e2"), true),
            (Some("90.000001"), Some("0"), false),
            (Some("nan"), Some("0"), false),
            (Some("inf"), Some("0"), false),
            (Some("1e400"), Some("0"), false),
            (Some("0"), Some("-180.5"), false),
            (Some(""), Some("0"), false),
            (Some(" 1"), Some("0"), false),
            (Some("0"), None, false),
            (None, None, false),
        ] {
            assert_eq!(from_texts(lat, lng).is_ok(), expected, "{lat:?} {lng:?}");
        }
    }

    #[test]
    fn places_are_told_apart_at_six_decimals() {
        let place = |lat, lng| Location { lat, lng }.place();
        assert_eq!(place(37.774_9, -122.419_4), Place { lat: 37_774_900, lng: -122_419_400 });
        assert_eq!(place(0.000_000_4, -0.0), place(0.0, -0.000_000_4));
        assert_ne!(place(0.000_001, 0.0), place(0.0, 0.0));
    }
}
