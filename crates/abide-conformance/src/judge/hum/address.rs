//! HUM-ADDRESS: the normalised address of a session whose geocoding matched.

use serde_json::Value;

use super::agents::word;
use crate::judge::evidence::{Evidence, quote};
use crate::judge::value::canonical;
use crate::judge::view::{Call, View, in_order};

/// Where the address may stand.
const PLACES: [&str; 2] = ["/data/service_address", "/meta/service_address"];

/// HUM-ADDRESS.
pub(super) fn address(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no session had geocoding matched");
    for session in view.sessions() {
        let matched: Vec<_> =
            session.answers().into_iter().filter(|call| word(call, "geocoding") == Some("matched")).collect();
        for call in &matched {
            let there = PLACES.iter().any(|place| call.present(place).is_some_and(is_address));
            evidence.check(there, call, "service_address, in data or in meta, once geocoding matched", || {
                PLACES.iter().find_map(|place| call.at(place)).map_or_else(|| "nothing".to_owned(), quote)
            });
        }
        for (earlier, later) in in_order(&matched) {
            changed(&mut evidence, earlier, later);
        }
    }
    evidence
}

fn changed(evidence: &mut Evidence, earlier: &Call<'_>, later: &Call<'_>) {
    for place in PLACES {
        if let (Some(before), Some(after)) = (earlier.present(place), later.present(place)) {
            let expected = format!("the address to stay {}", quote(before));
            evidence.check(canonical(before) == canonical(after), later, &expected, || quote(after));
        }
    }
}

fn is_address(value: &Value) -> bool {
    match value {
        Value::String(text) => !text.trim().is_empty(),
        Value::Object(parts) => parts.values().any(|part| !part.is_null()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => false,
    }
}
