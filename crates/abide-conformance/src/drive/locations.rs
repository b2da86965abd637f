//! Locations to submit: spread over the land of the world, no two alike unless asked for.

use serde_json::{Value, json};

/// The body of a create call with that many different locations; `salt` makes them others than those of another call.
pub(crate) fn body(count: usize, salt: u64) -> Value {
    json!({ "locations": (0..count).map(|place| location(place, salt)).collect::<Vec<_>>() })
}

/// The same, whose first location comes twice more and whose others touch the documented bounds.
pub(crate) fn body_with_edges(count: usize, salt: u64) -> Value {
    let mut list: Vec<Value> = (0..count.saturating_sub(6)).map(|place| location(place, salt)).collect();
    list.extend(list.first().cloned());
    list.extend(list.first().cloned());
    list.extend([(90.0, 180.0), (-90.0, -180.0), (0.0, 0.0), (37.774_912_34, -122.419_438_76)].map(pair));
    json!({ "locations": list })
}

/// Bodies that have to be refused, each with what is wrong.
pub(crate) fn invalid() -> Vec<Value> {
    let good = json!({"lat": 40.7128, "lng": -74.006});
    let bad = [
        json!({"lng": -74.006}),
        json!({"lat": 40.7128}),
        json!({}),
        json!({"lat": "40.7128", "lng": -74.006}),
        json!({"lat": 40.7128, "lng": "west"}),
        json!({"lat": null, "lng": -74.006}),
        json!({"lat": 90.000_1, "lng": 0.0}),
        json!({"lat": -91, "lng": 0.0}),
        json!({"lat": 0.0, "lng": 180.000_1}),
        json!({"lat": 0.0, "lng": -181}),
        json!({"lat": [40.7128], "lng": -74.006}),
        json!({"lat": true, "lng": false}),
    ];
    let alone = bad.iter().map(|location| json!({ "locations": [location] }));
    // One bad location among good ones must not be passed over.
    let among = bad.iter().take(2).map(|location| json!({ "locations": [good, location, good] }));
    alone.chain(among).collect()
}

fn location(place: usize, salt: u64) -> Value {
    let step = u64::try_from(place).unwrap_or_default().wrapping_add(salt.wrapping_mul(7_919));
    let spread = |factor: u64, range: u64| step.wrapping_mul(factor) % range;
    // Every step changes the last digits by an odd number, so that no two of a call are alike.
    let lat = spread(611_953, 1_100_000);
    let lng = spread(1_000_003, 3_400_000);
    pair((
        f64::from(u32::try_from(lat).unwrap_or_default()) / 1e4 - 50.0,
        f64::from(u32::try_from(lng).unwrap_or_default()) / 1e4 - 170.0,
    ))
}

fn pair((lat, lng): (f64, f64)) -> Value {
    json!({ "lat": round(lat), "lng": round(lng) })
}

fn round(degrees: f64) -> f64 {
    (degrees * 1e8).round() / 1e8
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::judge::CalmyxSent as Sent;
    use crate::judge::calmyx_sent;
    use crate::trace::Body;

    #[test]
    fn what_is_sent_is_what_it_is_meant_to_be() {
        let read = |body: &Value| calmyx_sent(&Body::Json(body.to_string()));
        for count in [1, 5, 40, 500] {
            let Sent::Valid(locations) = read(&body(count, 3)) else { panic!("{count}") };
            assert_eq!(locations.iter().collect::<BTreeSet<_>>().len(), count, "all different");
        }
        assert!(matches!(read(&body_with_edges(40, 3)), Sent::Valid(list) if list.len() == 40));
        assert_eq!(read(&body(501, 0)), Sent::TooMany(501));
        for body in invalid() {
            assert!(matches!(read(&body), Sent::Invalid(_)), "{body}");
        }
    }
}
