//! Documents that are written in another way and say the same.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{Edit, Move, Remove, Set, base, changes, edited};
use crate::document::{Document, root};

/// Whatever is done to the text, nothing is reported, in either direction.
fn check(edits: &[Edit]) {
    let new = edited(base(), edits);
    assert_eq!(changes(&base(), &new), [], "{edits:?}");
    assert_eq!(changes(&new, &base()), [], "back from {edits:?}");
}

fn documents() -> Vec<Value> {
    let load = |api| Document::load(&root(), api).unwrap().value;
    vec![load("calmyx"), load("hum"), base()]
}

#[test]
fn a_document_against_itself() {
    for document in documents() {
        assert_eq!(changes(&document, &document), []);
    }
}

#[test]
fn the_order_of_keys() {
    fn reversed(value: &Value) -> Value {
        match value {
            Value::Object(object) => {
                Value::Object(object.iter().rev().map(|(key, value)| (key.clone(), reversed(value))).collect())
            }
            Value::Array(list) => Value::Array(list.iter().map(reversed).collect()),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
        }
    }
    for document in documents() {
        assert_eq!(changes(&document, &reversed(&document)), []);
    }
}

#[test]
fn what_is_for_people() {
    fn reworded(value: &mut Value) {
        match value {
            Value::Object(object) => {
                object.retain(|key, _| key != "x-provenance" && key != "example" && key != "examples");
                if let Some(description @ Value::String(_)) = object.get_mut("description") {
                    *description = json!("Other words.");
                }
                object.values_mut().for_each(reworded);
            }
            Value::Array(list) => list.iter_mut().for_each(reworded),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    for document in documents() {
        let mut new = document.clone();
        reworded(&mut new);
        assert_eq!(changes(&document, &new), []);
        assert_eq!(changes(&new, &document), []);
    }
}

#[test]
fn every_component_renamed_changes_names_only() {
    fn renamed(value: &Value) -> Value {
        const SCHEMAS: &str = "#/components/schemas/";
        match value {
            Value::String(text) => text.replace(SCHEMAS, &format!("{SCHEMAS}Renamed")).into(),
            Value::Object(object) => {
                Value::Object(object.iter().map(|(key, value)| (key.clone(), renamed(value))).collect())
            }
            Value::Array(list) => Value::Array(list.iter().map(renamed).collect()),
            Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
        }
    }
    let recursive = edited(
        base(),
        &[
            Set(
                "/components/schemas/Place",
                json!({"oneOf": [{"type": "string"}, {"$ref": "#/components/schemas/Tree"}]}),
            ),
            Set("/components/schemas/Tree", json!({"type": "array", "items": {"$ref": "#/components/schemas/Place"}})),
        ],
    );
    for document in documents().into_iter().chain([recursive]) {
        let mut new = renamed(&document);
        let schemas = new.pointer_mut("/components/schemas").unwrap().as_object_mut().unwrap();
        let names: Map<String, Value> =
            std::mem::take(schemas).into_iter().map(|(name, schema)| (format!("Renamed{name}"), schema)).collect();
        *schemas = names;
        let changes = changes(&document, &new);
        assert!(changes.iter().all(|change| change.rule.id == "component-renamed"), "{changes:?}");
        let told: BTreeSet<&str> = changes.iter().filter_map(|change| change.from.as_str()).collect();
        let schemas = document["components"]["schemas"].as_object().unwrap();
        assert_eq!(told, schemas.keys().map(String::as_str).collect());
    }
}

#[test]
fn a_definition_in_another_place() {
    check(&[
        Move("/components/schemas/Thing/properties/state", "/components/schemas/State"),
        Set("/components/schemas/Thing/properties/state", json!({"$ref": "#/components/schemas/State"})),
    ]);
    check(&[Set(
        "/components/schemas/Thing/properties/place",
        json!({"allOf": [{"$ref": "#/components/schemas/Place"}]}),
    )]);
    check(&[
        Move("/paths/~1things/post/responses/201", "/components/Made"),
        Set("/paths/~1things/post/responses/201", json!({"$ref": "#/components/Made"})),
    ]);
    check(&[
        Move("/paths/~1things/post/parameters/0", "/components/parameters/Dry"),
        Set("/paths/~1things/post/parameters/-", json!({"$ref": "#/components/parameters/Dry"})),
    ]);
    check(&[
        Move("/paths/~1things~1{id}/parameters", "/paths/~1things~1{id}/get/parameters"),
        Set("/paths/~1things~1{id}/put/parameters", json!([{"$ref": "#/components/parameters/Id"}])),
    ]);
    check(&[
        Move("/components/schemas/Thing/properties/ended", "/components/schemas/Ended"),
        Set(
            "/components/schemas/Thing/properties/ended",
            json!({"nullable": true, "allOf": [{"$ref": "#/components/schemas/Ended"}]}),
        ),
    ]);
}

#[test]
fn what_was_meant_already() {
    check(&[Remove("/components/schemas/Thing/type"), Remove("/components/schemas/Thing/properties/children/type")]);
    check(&[Set("/components/schemas/Thing/properties/children/minItems", json!(0))]);
    check(&[Set("/components/schemas/Thing/properties/error/nullable", json!(false))]);
    check(&[Set(
        "/components/schemas/Thing/properties/data/oneOf",
        json!([{"$ref": "#/components/schemas/Cat"}, {"type": "string"}]),
    )]);
    check(&[Set("/components/schemas/Thing/properties/state/enum", json!(["DONE", "OPEN", "BUSY"]))]);
    check(&[Set("/components/schemas/Unused", json!({"type": "string"}))]);
    check(&[Set("/paths/~1things/post/security", json!([{"key": []}]))]);
    check(&[Set("/paths/~1things/post/tags", json!(["things"]))]);
}

#[test]
fn a_renamed_security_scheme() {
    check(&[
        Move("/components/securitySchemes/key", "/components/securitySchemes/token"),
        Set("/security", json!([{"token": []}])),
        Set("/paths/~1things/get/security", json!([{}, {"token": []}])),
        Set("/paths/~1things~1{id}/get/security", json!([{"oauth": ["read"]}, {"token": []}])),
    ]);
}

/// A union that holds itself is compared to its end.
#[test]
fn a_union_that_holds_itself() {
    let nested = json!({"oneOf": [
        {"type": "string"},
        {"type": "array", "items": {"$ref": "#/components/schemas/Nested"}},
    ]});
    let reply = json!({"application/json": {"schema": {"$ref": "#/components/schemas/Nested"}}});
    let edits = [Set("/components/schemas/Nested", nested), Set("/paths/~1things/post/responses/201/content", reply)];
    let value = edited(base(), &edits);
    assert_eq!(changes(&value, &value), []);
}
