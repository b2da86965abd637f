//! What a create call brought, read by the documented rules.

use serde_json::Value;

use crate::catalogue::documented::calmyx::{LATITUDE, LONGITUDE, MAX_LOCATIONS};
use crate::judge::value::microdegrees;
use crate::trace::Body;

/// What a create call brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Sent {
    /// As many locations as are allowed, all of them valid: in microdegrees.
    Valid(Vec<(i64, i64)>),
    /// Valid locations, but too many.
    TooMany(usize),
    /// A location that has to be refused, and why.
    Invalid(String),
    /// Something that no document speaks of.
    Unclear,
}

/// Reads the body of a create call.
pub(crate) fn read(body: &Body) -> Sent {
    let json: Option<Value> = body.json().and_then(|text| serde_json::from_str(text).ok());
    let Some(items) = json.as_ref().and_then(|json| json.get("locations")?.as_array()) else { return Sent::Unclear };
    let mut locations = Vec::with_capacity(items.len());
    for item in items {
        match location(item) {
            Ok(location) => locations.push(location),
            Err(why) => return Sent::Invalid(why),
        }
    }
    match locations.len() {
        0 => Sent::Unclear,
        count if count > MAX_LOCATIONS => Sent::TooMany(count),
        _ => Sent::Valid(locations),
    }
}

fn location(item: &Value) -> Result<(i64, i64), String> {
    let degrees = |name: &str, (least, most): (f64, f64)| {
        let value = item.get(name).ok_or_else(|| format!("a location without {name}"))?;
        let number = value.as_f64().ok_or_else(|| format!("a location whose {name} is {value}, no number"))?;
        let fits = (least..=most).contains(&number);
        microdegrees(value).filter(|_| fits).ok_or_else(|| format!("a location whose {name} is {value}"))
    };
    Ok((degrees("lat", LATITUDE)?, degrees("lng", LONGITUDE)?))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn bodies() {
        let valid = json!({"lat": 1.5, "lng": -2});
        for (body, expected) in [
            (json!({"locations": [valid]}), Sent::Valid(vec![(1_500_000, -2_000_000)])),
            (json!({"locations": vec![valid.clone(); 501]}), Sent::TooMany(501)),
            (json!({"locations": [valid, {"lat": 1}]}), Sent::Invalid("a location without lng".into())),
            (json!({"locations": [{"lat": 95, "lng": 1}]}), Sent::Invalid("a location whose lat is 95".into())),
            (json!({"locations": []}), Sent::Unclear),
            (json!({"geolocations": [valid]}), Sent::Unclear),
        ] {
            assert_eq!(read(&Body::Json(body.to_string())), expected, "{body}");
        }
        assert_eq!(read(&Body::Empty), Sent::Unclear);
    }
}
