//! The examples of the documents against the clients' types. `cargo xtask spec lint` checks them against the schemas.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

/// Folder of the documents.
fn spec() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec")
}

/// An example of a reply is read by the client's type and written again without losing a field.
#[test]
fn every_example_goes_through_its_type() {
    fn check<T: serde::de::DeserializeOwned + serde::Serialize>(example: &str) {
        let text = std::fs::read_to_string(spec().join(example)).unwrap();
        let before: Value = serde_json::from_str(&text).unwrap();
        let after = serde_json::to_value(serde_json::from_value::<T>(before.clone()).unwrap()).unwrap();
        assert_eq!(without_empty(&after), without_empty(&before), "{example}");
    }
    for case in ["200-queued", "200-partial", "200-completed", "200-failed"] {
        check::<calmyx_client::types::SessionStatus>(&format!("calmyx/examples/getSessionStatus/{case}.json"));
    }
    check::<calmyx_client::types::CreatedSession>("calmyx/examples/createSession/200-created.json");
    check::<calmyx_client::types::NewSession>("calmyx/examples/createSession/request-three-locations.json");
    for example in [
        "createSession/201-created",
        "createSession/201-token-in-data",
        "getSession/202-pending",
        "getSession/200-internet-pending",
        "getSession/200-matched",
        "getSession/200-address-as-object",
        "closeSession/200-closed",
        "getInternetServices/200-providers",
    ] {
        check::<hum_client::types::SessionReply>(&format!("hum/examples/{example}.json"));
    }
    check::<calmyx_client::types::QuietnessReply>("calmyx/examples/getQuietness/200-scored.json");
    check::<calmyx_client::types::QuietnessBatch>("calmyx/examples/getQuietnessBatch/request-two-locations.json");
    check::<calmyx_client::types::QuietnessBatchReply>("calmyx/examples/getQuietnessBatch/200-one-failed.json");
    check::<calmyx_client::types::ListingStats>("calmyx/examples/getListingStats/200-insight.json");
    check::<calmyx_client::types::DeletionReply>("calmyx/examples/deleteListing/200-deleted.json");
    check::<calmyx_client::types::ListingDeletion>("calmyx/examples/deleteListings/request-three.json");
    check::<calmyx_client::types::DeletionReply>("calmyx/examples/deleteListings/200-three.json");
    check::<calmyx_client::types::AccountUsage>("calmyx/examples/getAccountUsage/200-insight.json");
    check::<hum_client::types::AnalyticsPage>("hum/examples/listAnalyticsSessions/200-page.json");
    check::<hum_client::types::AnalyticsDetail>("hum/examples/getAnalyticsSession/200-ordered.json");
    for example in ["request-with-zip", "request-with-city-and-state"] {
        check::<hum_client::types::NewSession>(&format!("hum/examples/createSession/{example}.json"));
    }
}

/// Null, absent and empty mean the same to the types.
fn without_empty(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            let kept = object.iter().map(|(key, value)| (key.clone(), without_empty(value)));
            Value::Object(kept.filter(|(_, value)| !matches!(value, Value::Null) && *value != json!([])).collect())
        }
        Value::Array(array) => Value::Array(array.iter().map(without_empty).collect()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}
