//! The documents against what runs: examples fit their schemas and the clients, the server's answers fit both.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

/// Folder of the documents.
fn spec() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec")
}

fn document(api: &str) -> Value {
    let text = std::fs::read_to_string(spec().join(api).join("openapi.yaml")).unwrap();
    serde_saphyr::from_str(&text).unwrap()
}

/// The content objects of an operation: `(place, schema and examples)`.
fn contents(document: &Value) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let place = format!("{method} {path}");
            if let Some(content) = operation.pointer("/requestBody/content/application~1json") {
                found.push((format!("{place} request"), content.clone()));
            }
            for (status, response) in operation.get("responses").and_then(Value::as_object).into_iter().flatten() {
                if let Some(content) = response.pointer("/content/application~1json") {
                    found.push((format!("{place} {status}"), content.clone()));
                }
            }
        }
    }
    found
}

/// A schema of OpenAPI 3.0 as JSON Schema: `nullable` becomes one more alternative.
fn as_json_schema(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            let nullable = object.get("nullable") == Some(&Value::Bool(true));
            let inner: serde_json::Map<String, Value> = object
                .iter()
                .filter(|(key, _)| key.as_str() != "nullable" && key.as_str() != "discriminator")
                .map(|(key, value)| (key.clone(), as_json_schema(value)))
                .collect();
            if nullable { json!({"anyOf": [{"type": "null"}, Value::Object(inner)]}) } else { Value::Object(inner) }
        }
        Value::Array(array) => Value::Array(array.iter().map(as_json_schema).collect()),
        other => other.clone(),
    }
}

fn validator(document: &Value, schema: &Value) -> jsonschema::Validator {
    let mut root = as_json_schema(schema);
    root["components"] = as_json_schema(&document["components"]);
    jsonschema::options().with_draft(jsonschema::Draft::Draft4).build(&with_siblings(root)).unwrap()
}

/// In draft 4 a `$ref` hides its siblings, `components` at the root among them.
fn with_siblings(mut root: Value) -> Value {
    let reference = root.as_object_mut().unwrap().remove("$ref");
    if let Some(reference) = reference {
        root["allOf"] = json!([{"$ref": reference}]);
    }
    root
}

fn errors(validator: &jsonschema::Validator, value: &Value) -> Vec<String> {
    validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn every_example_fits_its_schema() {
    let mut checked = 0;
    for api in ["calmyx", "hum"] {
        let document = document(api);
        for (place, content) in contents(&document) {
            let validator = validator(&document, &content["schema"]);
            for (name, example) in content["examples"].as_object().into_iter().flatten() {
                let file = spec().join(api).join(example["externalValue"].as_str().unwrap());
                let value: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
                assert_eq!(errors(&validator, &value), Vec::<String>::new(), "{api} {place}, example {name}");
                checked += 1;
            }
        }
    }
    assert_eq!(checked, files(&spec()).len(), "an example file that no operation names");
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect()
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

/// Null, absent and empty mean the same to the types; numbers are compared as numbers.
fn without_empty(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            let kept = object.iter().map(|(key, value)| (key.clone(), without_empty(value)));
            Value::Object(kept.filter(|(_, value)| !matches!(value, Value::Null) && *value != json!([])).collect())
        }
        Value::Array(array) => Value::Array(array.iter().map(without_empty).collect()),
        Value::Number(number) => json!(number.as_f64()),
        other => other.clone(),
    }
}
