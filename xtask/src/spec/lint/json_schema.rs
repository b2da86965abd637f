//! A schema of OpenAPI 3.0 as JSON Schema, so that a validator can judge examples by it.

use jsonschema::error::ValidationErrorKind;
use jsonschema::{Draft, ValidationError, Validator};
use serde_json::{Map, Value, json};

use crate::document::Document;

/// A validator for a schema that stands in the document.
pub fn validator(document: &Document, schema: &Value) -> Result<Validator, String> {
    let mut root = as_json_schema(schema);
    if let Some(root) = root.as_object_mut() {
        // In draft 4 a `$ref` hides its siblings, `components` at the root among them.
        if let Some(reference) = root.remove("$ref") {
            root.insert("allOf".to_owned(), json!([{"$ref": reference}]));
        }
        let components = document.value.get("components").map(as_json_schema).unwrap_or_default();
        root.insert("components".to_owned(), components);
    }
    jsonschema::options().with_draft(Draft::Draft4).build(&root).map_err(|cause| cause.to_string())
}

/// Everything that a validator has against a value, each as `place: reason`; for a union, what each member has against it.
pub fn errors(validator: &Validator, value: &Value) -> Vec<String> {
    let mut words = Vec::new();
    for error in validator.iter_errors(value) {
        explain(&error, "", &mut words);
    }
    words
}

fn explain(error: &ValidationError<'_>, member: &str, words: &mut Vec<String>) {
    words.push(format!("{member}{}: {error}", error.instance_path()));
    if let ValidationErrorKind::OneOfNotValid { context } | ValidationErrorKind::AnyOf { context } = error.kind() {
        for (index, inner) in context.iter().enumerate() {
            for error in inner {
                explain(error, &format!("{member}as member {}: ", index + 1), words);
            }
        }
    }
}

/// `nullable` becomes one more alternative; what has no meaning for a validator goes.
fn as_json_schema(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            let kept = object.iter().filter(|(key, value)| !(key.as_str() == "discriminator" && value.is_object()));
            let mut inner: Map<String, Value> = kept.map(|(key, value)| (key.clone(), as_json_schema(value))).collect();
            if object.get("nullable") == Some(&Value::Bool(true)) {
                inner.remove("nullable");
                return json!({"anyOf": [{"type": "null"}, inner]});
            }
            Value::Object(inner)
        }
        Value::Array(array) => Value::Array(array.iter().map(as_json_schema).collect()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(schema: &str, value: &Value, expected: &[&str]) {
        let text =
            format!("openapi: 3.0.3\ncomponents: {{schemas: {{S: {{type: integer, minimum: 0}}}}}}\nschema: {schema}");
        let document = Document::parse("x.yaml".into(), &text).unwrap();
        let found = errors(&validator(&document, document.at("/schema").unwrap()).unwrap(), value);
        assert_eq!(found, expected, "{schema}");
    }

    #[test]
    fn verdicts() {
        let reference = r##"{$ref: "#/components/schemas/S"}"##;
        check(reference, &json!(1), &[]);
        check(reference, &json!(-1), &[": -1 is less than the minimum of 0"]);
        check("{type: string, nullable: true}", &json!(null), &[]);
        check("{type: object, required: [a]}", &json!({}), &[": \"a\" is a required property"]);
        check(
            &format!("{{type: object, properties: {{u: {{oneOf: [{reference}, {{type: string}}]}}}}}}"),
            &json!({"u": -1}),
            &[
                "/u: -1 is not valid under any of the schemas listed in the 'oneOf' keyword",
                "as member 1: /u: -1 is less than the minimum of 0",
                "as member 2: /u: -1 is not of type \"string\"",
            ],
        );
    }
}
