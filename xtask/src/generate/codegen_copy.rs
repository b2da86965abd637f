//! The copy of a document that the code generator sees.
//!
//! The document tells the truth about the API; the generator needs a simpler story. Each function here is one named
//! change from the one to the other, with its reason. The document itself is never touched.

use serde_json::{Map, Value, json};

/// Applies every change. The order matters only where a function says so.
pub fn simplify(document: &mut Value) {
    keep_success_responses(document);
    take_any_success(document);
    forgive_missing(document);
    nullable_may_be_absent(document);
    lists_may_be_absent(document);
    let_references_speak(document);
    drop_tags_of_union_members(document);
    drop_unions_and_words(document);
    drop_bounds(document);
    // Last: the changes above are told by extensions what to do.
    drop_extensions_and_examples(document);
}

/// One success type per operation, no error types. Generated code gives an error status a type only when its body fits
/// it, and otherwise loses status and headers; without error responses every one of them comes back whole.
fn keep_success_responses(document: &mut Value) {
    for operation in operations(document) {
        if let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) {
            responses.retain(|status, _| status.starts_with('2'));
        }
    }
}

/// A client takes any success that carries the documented body; a 200 in place of a 201 is no reason to lose it. Which
/// code it was stands beside the body.
fn take_any_success(document: &mut Value) {
    for operation in operations(document) {
        if let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) {
            let schema = |response: &Value| response.pointer("/content/application~1json/schema").cloned();
            let first = responses.values().next().cloned().unwrap_or_default();
            if responses.values().all(|response| schema(response) == schema(&first)) && !responses.is_empty() {
                *responses = Map::from_iter([("2XX".to_owned(), first)]);
            }
        }
    }
}

/// `x-client-optional` lists properties that the documents promise but a client can live without.
fn forgive_missing(document: &mut Value) {
    for_each_schema(document, &mut |schema| {
        let Some(Value::Array(optional)) = schema.get("x-client-optional").cloned() else {
            return;
        };
        retain_required(schema, |name| !optional.iter().any(|other| other.as_str() == Some(name)));
    });
}

/// A property that may be null may as well be absent; the generator would insist on the key.
fn nullable_may_be_absent(document: &mut Value) {
    for_each_schema(document, &mut |schema| {
        let names = properties_with(schema, "nullable", &json!(true));
        retain_required(schema, |name| !names.iter().any(|other| other == name));
    });
}

/// A list that may be missing becomes an empty one, and `client` makes it read null as empty too.
fn lists_may_be_absent(document: &mut Value) {
    for_each_schema(document, &mut |schema| {
        let names = properties_with(schema, "type", &json!("array"));
        retain_required(schema, |name| !names.iter().any(|other| other == name));
    });
}

fn properties_with(schema: &Map<String, Value>, key: &str, value: &Value) -> Vec<String> {
    let properties = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    properties.filter(|(_, property)| property.get(key) == Some(value)).map(|(name, _)| name.clone()).collect()
}

/// OpenAPI 3.0 wants a `type` beside `nullable`; beside a reference the generator would make a type of its own from it.
fn let_references_speak(document: &mut Value) {
    for_each_schema(document, &mut |schema| {
        let references = schema.get("allOf").and_then(Value::as_array);
        if references.is_some_and(|references| references.iter().all(|one| one.get("$ref").is_some())) {
            schema.shift_remove("type");
        }
    });
}

/// The property that tells a union's members apart belongs to the union, which reads and writes it.
fn drop_tags_of_union_members(document: &mut Value) {
    let mut members: Vec<(String, String)> = Vec::new();
    for_each_schema(document, &mut |schema| {
        let discriminator = schema.get("discriminator");
        if let Some(tag) = discriminator.and_then(|discriminator| discriminator.get("propertyName")?.as_str())
            && let Some(one_of) = schema.get("oneOf").and_then(Value::as_array)
        {
            for member in one_of.iter().filter_map(|member| member.get("$ref")?.as_str()) {
                members.push((member.trim_start_matches('#').to_owned(), tag.to_owned()));
            }
        }
    });
    for (pointer, tag) in members {
        if let Some(schema) = document.pointer_mut(&pointer).and_then(Value::as_object_mut) {
            if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
                properties.shift_remove(&tag);
            }
            if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
                required.retain(|name| name.as_str() != Some(&tag));
            }
        }
    }
}

/// Unions and words get types of our own, by name; what they consist of must not confuse the generator.
fn drop_unions_and_words(document: &mut Value) {
    let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) else {
        return;
    };
    for schema in schemas.values_mut() {
        if schema.get("oneOf").is_some() || schema.get("enum").is_some() {
            *schema = json!({"type": "string"});
        }
    }
}

/// Bounds bind the sender; a reader that enforces them loses a whole answer to one odd field. The requests' bounds reach
/// the client as constants instead. `minimum: 0` would also make a counter unsigned, and a negative one unreadable.
fn drop_bounds(document: &mut Value) {
    for_each_schema(document, &mut |schema| {
        for key in ["minimum", "maximum", "minLength", "maxLength", "pattern", "minItems", "maxItems"] {
            schema.shift_remove(key);
        }
    });
}

/// Extensions make the generator miss its own patterns, and it has no use for examples.
fn drop_extensions_and_examples(document: &mut Value) {
    each_object(document, &mut |object| {
        object.retain(|key, _| !key.starts_with("x-") && key != "example" && key != "examples");
    });
}

fn retain_required(schema: &mut Map<String, Value>, keep: impl Fn(&str) -> bool) {
    if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
        required.retain(|name| name.as_str().is_none_or(&keep));
    }
}

fn operations(document: &mut Value) -> impl Iterator<Item = &mut Value> {
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    paths
        .into_iter()
        .flat_map(|paths| paths.values_mut())
        .filter_map(Value::as_object_mut)
        .flat_map(|path_item| path_item.values_mut())
        .filter(|operation| operation.get("operationId").is_some())
}

/// Visits every object that can be a schema: under `components` and under `paths`.
fn for_each_schema(document: &mut Value, visit: &mut impl FnMut(&mut Map<String, Value>)) {
    for part in ["components", "paths"] {
        if let Some(part) = document.get_mut(part) {
            each_object(part, visit);
        }
    }
}

/// Visits every object but the maps from names to things, in which a key is anybody's word and no keyword.
fn each_object(value: &mut Value, visit: &mut impl FnMut(&mut Map<String, Value>)) {
    match value {
        Value::Object(object) => {
            visit(object);
            for (key, child) in object {
                let names = matches!(key.as_str(), "properties" | "schemas" | "mapping");
                match child.as_object_mut().filter(|_| names) {
                    Some(things) => things.values_mut().for_each(|thing| each_object(thing, visit)),
                    None => each_object(child, visit),
                }
            }
        }
        Value::Array(array) => array.iter_mut().for_each(|child| each_object(child, visit)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(change: fn(&mut Value), mut before: Value, after: &Value) {
        change(&mut before);
        assert_eq!(&before, after);
    }

    #[test]
    fn only_success_responses_stay() {
        check(
            keep_success_responses,
            json!({"paths": {"/s": {"get": {"operationId": "a", "responses": {"200": 1, "202": 2, "410": 3, "4XX": 4}}}}}),
            &json!({"paths": {"/s": {"get": {"operationId": "a", "responses": {"200": 1, "202": 2}}}}}),
        );
    }

    #[test]
    fn any_success_of_the_same_shape_is_taken() {
        let response = |schema: &str| json!({"content": {"application/json": {"schema": {"$ref": schema}}}});
        let operation =
            |responses: Value| json!({"paths": {"/s": {"get": {"operationId": "a", "responses": responses}}}});
        check(
            take_any_success,
            operation(json!({"200": response("A"), "202": response("A")})),
            &operation(json!({"2XX": response("A")})),
        );
        let two = operation(json!({"200": response("A"), "202": response("B")}));
        check(take_any_success, two.clone(), &two);
    }

    #[test]
    fn what_a_client_can_miss_is_optional() {
        check(
            forgive_missing,
            json!({"components": {"required": ["a", "b"], "x-client-optional": ["b"]}}),
            &json!({"components": {"required": ["a"], "x-client-optional": ["b"]}}),
        );
    }

    #[test]
    fn null_and_lists_may_be_absent() {
        check(
            nullable_may_be_absent,
            json!({"components": {"required": ["a", "b", "c"], "properties": {"a": {"nullable": true}, "b": {"type": "array"}, "c": {}}}}),
            &json!({"components": {"required": ["b", "c"], "properties": {"a": {"nullable": true}, "b": {"type": "array"}, "c": {}}}}),
        );
        check(
            lists_may_be_absent,
            json!({"components": {"required": ["b", "c"], "properties": {"b": {"type": "array"}, "c": {}}}}),
            &json!({"components": {"required": ["c"], "properties": {"b": {"type": "array"}, "c": {}}}}),
        );
    }

    #[test]
    fn a_reference_brings_its_own_type() {
        check(
            let_references_speak,
            json!({"components": {"a": {"type": "string", "nullable": true, "allOf": [{"$ref": "#/b"}]}}}),
            &json!({"components": {"a": {"nullable": true, "allOf": [{"$ref": "#/b"}]}}}),
        );
    }

    #[test]
    fn bounds_go() {
        check(
            drop_bounds,
            json!({"components": {"n": {"type": "integer", "minimum": 0}, "s": {"type": "string", "pattern": "^a$"}}}),
            &json!({"components": {"n": {"type": "integer"}, "s": {"type": "string"}}}),
        );
    }

    #[test]
    fn a_property_may_have_the_name_of_a_keyword() {
        let document =
            json!({"components": {"schemas": {"A": {"properties": {"pattern": {}, "example": {}, "x-a": {}}}}}});
        check(drop_bounds, document.clone(), &document);
        check(drop_extensions_and_examples, document.clone(), &document);
    }

    #[test]
    fn tags_belong_to_the_union() {
        let mut document = json!({"components": {"schemas": {
            "U": {"oneOf": [{"$ref": "#/components/schemas/A"}], "discriminator": {"propertyName": "status"}},
            "A": {"required": ["status", "x"], "properties": {"status": {}, "x": {}}}
        }}});
        drop_tags_of_union_members(&mut document);
        assert_eq!(document["components"]["schemas"]["A"], json!({"required": ["x"], "properties": {"x": {}}}));
    }
}
