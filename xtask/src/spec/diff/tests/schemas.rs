//! Planted changes of schemas: what is sent, what is read, and what travels both ways.

use serde_json::json;

use super::{Case, Move, Remove, Set, check};

#[test]
fn planted() {
    check(&requests());
    check(&responses());
    check(&both_ways());
}

#[expect(clippy::too_many_lines, reason = "a table")]
pub fn requests() -> Vec<Case> {
    vec![
        (
            vec![Set("/components/schemas/NewThing/properties/size/type", json!("integer"))],
            &["request-type-narrowed breaking client"],
        ),
        (
            vec![
                Set("/components/schemas/NewThing/properties/count/type", json!("number")),
                Set("/components/schemas/NewThing/properties/count/format", json!("double")),
            ],
            &["request-type-widened harmless server"],
        ),
        (
            vec![Set("/components/schemas/NewThing/properties/note/type", json!("array"))],
            &["request-type-changed breaking both"],
        ),
        (
            vec![Set("/components/schemas/NewThing/properties/name/format", json!("uuid"))],
            &["request-format-narrowed breaking client"],
        ),
        (
            vec![Set("/components/schemas/NewThing/properties/count/format", json!("int64"))],
            &["request-format-widened harmless server"],
        ),
        (vec![Remove("/components/schemas/Place/properties/lat/format")], &[]),
        (vec![Set("/components/schemas/NewThing/properties/size/format", json!("double"))], &[]),
        (
            vec![Set("/components/schemas/NewThing/properties/size/format", json!("float"))],
            &["request-format-rounded harmless client"],
        ),
        (
            vec![Remove("/components/schemas/NewThing/properties/count/format")],
            &["request-format-widened harmless server"],
        ),
        (
            vec![Set("/components/schemas/NewThing/properties/when/format", json!("date-time"))],
            &["request-format-changed breaking both"],
        ),
        (
            vec![Set("/components/schemas/NewThing/properties/name/maxLength", json!(50))],
            &["request-bound-tightened breaking client"],
        ),
        (
            vec![Set("/components/schemas/NewThing/properties/name/minLength", json!(2))],
            &["request-bound-tightened breaking client"],
        ),
        (
            vec![Set("/components/schemas/NewThing/properties/count/maximum", json!(11))],
            &["request-bound-loosened harmless server"],
        ),
        (
            vec![Remove("/components/schemas/NewThing/properties/name/pattern")],
            &["request-bound-loosened harmless server"],
        ),
        (
            vec![Set("/components/schemas/NewThing/properties/name/pattern", json!("^b"))],
            &["request-bound-changed breaking both"],
        ),
        (
            vec![Set("/components/schemas/NewThing/properties/size/enum/-", json!(3))],
            &["request-enum-value-added harmless server"],
        ),
        (
            vec![Remove("/components/schemas/NewThing/properties/size/enum/0")],
            &["request-enum-value-removed breaking client"],
        ),
        (
            vec![Set("/components/schemas/NewThing/properties/name/enum", json!(["a"]))],
            &["request-enum-introduced breaking client"],
        ),
        (vec![Remove("/components/schemas/NewThing/properties/size/enum")], &["request-enum-lifted harmless server"]),
        (
            vec![Set("/components/schemas/NewThing/properties/name/nullable", json!(true))],
            &["request-became-nullable harmless server"],
        ),
        (
            vec![Remove("/components/schemas/NewThing/properties/note/nullable")],
            &["request-no-longer-nullable breaking client"],
        ),
        (
            vec![Set("/components/schemas/NewThing/properties/count/default", json!(2))],
            &["request-default-changed risky client"],
        ),
        (
            vec![
                Set("/components/schemas/NewThing/properties/more", json!({"type": "string"})),
                Set("/components/schemas/NewThing/required/-", json!("more")),
            ],
            &["request-property-added-required breaking client"],
        ),
        (
            vec![Set("/components/schemas/NewThing/properties/more", json!({"type": "string"}))],
            &["request-property-added-optional harmless server"],
        ),
        (vec![Set("/components/schemas/NewThing/properties/more", json!({"readOnly": true}))], &[]),
        (vec![Set("/components/schemas/NewThing/properties/size/writeOnly", json!(true))], &[]),
        (
            vec![Set("/components/schemas/NewThing/properties/size/readOnly", json!(true))],
            &["request-property-removed risky client"],
        ),
        (vec![Remove("/components/schemas/NewThing/properties/size")], &["request-property-removed risky client"]),
        (
            vec![Remove("/components/schemas/NewThing/properties/strict/properties/a")],
            &["request-property-refused breaking client"],
        ),
        (
            vec![Set("/components/schemas/NewThing/required/-", json!("size"))],
            &["request-property-became-required breaking client"],
        ),
        (
            vec![Remove("/components/schemas/NewThing/required/0")],
            &["request-property-became-optional harmless server"],
        ),
        (
            vec![Set("/components/schemas/NewThing/required/-", json!("undescribed"))],
            &["request-property-added-required breaking client"],
        ),
        (
            vec![Set("/components/schemas/NewThing/additionalProperties", json!(false))],
            &["request-additional-properties-narrowed breaking client"],
        ),
        (vec![Set("/components/schemas/NewThing/additionalProperties", json!({}))], &[]),
        (
            vec![Remove("/components/schemas/NewThing/properties/strict/additionalProperties")],
            &["request-additional-properties-widened harmless server"],
        ),
        (
            vec![Set("/components/schemas/NewThing/properties/labels/additionalProperties/type", json!("integer"))],
            &["request-type-changed breaking both"],
        ),
        (
            vec![Set(
                "/components/schemas/NewThing/properties/which/discriminator/mapping/puppy",
                json!("#/components/schemas/Dog"),
            )],
            &["request-variant-added harmless server"],
        ),
        (
            vec![
                Remove("/components/schemas/NewThing/properties/which/discriminator/mapping/dog"),
                Remove("/components/schemas/NewThing/properties/which/oneOf/1"),
            ],
            &["request-variant-removed breaking client"],
        ),
        (
            vec![Set("/components/schemas/NewThing/properties/which/discriminator/propertyName", json!("sort"))],
            &["request-discriminator-changed breaking both"],
        ),
        (
            vec![Set("/components/schemas/NewThing/properties/name/x-new", json!(1))],
            &["unruled-key-changed risky both"],
        ),
        (
            vec![Set("/components/schemas/NewThing/properties/name/deprecated", json!(true))],
            &["deprecation-changed harmless client"],
        ),
        (
            vec![Set(
                "/components/schemas/NewThing/properties/note",
                json!({"nullable": true, "oneOf": [{"type": "string"}, {"type": "number"}]}),
            )],
            &["request-type-widened harmless server"],
        ),
    ]
}

#[expect(clippy::too_many_lines, reason = "a table")]
pub fn responses() -> Vec<Case> {
    vec![
        (
            vec![
                Set("/components/schemas/Thing/properties/share/type", json!("integer")),
                Set("/components/schemas/Thing/properties/share/format", json!("int64")),
            ],
            &["response-type-narrowed harmless server"],
        ),
        (
            vec![Set("/components/schemas/Thing/properties/score/type", json!("number"))],
            &["response-type-widened breaking client"],
        ),
        (
            vec![Set("/components/schemas/Thing/properties/error/type", json!("object"))],
            &["response-type-changed breaking both"],
        ),
        (
            vec![Set("/components/schemas/Thing/properties/share/format", json!("float"))],
            &["response-format-narrowed harmless server"],
        ),
        (
            vec![Remove("/components/schemas/Thing/properties/when/format")],
            &["response-format-widened breaking client"],
        ),
        (
            vec![Set("/components/schemas/Thing/properties/when/format", json!("date-time"))],
            &["response-format-changed breaking both"],
        ),
        (
            vec![Set("/components/schemas/Thing/properties/score/maximum", json!(10))],
            &["response-bound-tightened harmless server"],
        ),
        (vec![Remove("/components/schemas/Thing/properties/score/minimum")], &["response-bound-loosened risky client"]),
        (
            vec![Set("/components/schemas/Thing/properties/code/pattern", json!("^b"))],
            &["response-bound-changed risky both"],
        ),
        (
            vec![Set("/components/schemas/Thing/properties/state/enum/-", json!("LOST"))],
            &["response-enum-value-added risky client"],
        ),
        (
            vec![Remove("/components/schemas/Thing/properties/state/enum/0")],
            &["response-enum-value-removed harmless server"],
        ),
        (
            vec![Set("/components/schemas/Thing/properties/state/enum/0", json!("NEW"))],
            &["response-enum-value-added risky client", "response-enum-value-removed harmless server"],
        ),
        (
            vec![Set("/components/schemas/Thing/properties/error/enum", json!(["too late"]))],
            &["response-enum-introduced harmless server"],
        ),
        (vec![Remove("/components/schemas/Thing/properties/state/enum")], &["response-enum-lifted risky client"]),
        (
            vec![Set("/components/schemas/Thing/properties/error/x-documented-values/-", json!("too soon"))],
            &["documented-words-changed harmless both"],
        ),
        (
            vec![Set("/components/schemas/Thing/properties/error/nullable", json!(true))],
            &["response-became-nullable breaking client"],
        ),
        (
            vec![Set(
                "/components/schemas/Thing/properties/place",
                json!({"nullable": true, "allOf": [{"$ref": "#/components/schemas/Place"}]}),
            )],
            &["response-became-nullable breaking client"],
        ),
        (
            vec![Remove("/components/schemas/Thing/properties/ended/nullable")],
            &["response-no-longer-nullable harmless server"],
        ),
        (
            vec![Set("/components/schemas/Thing/properties/score/default", json!(1))],
            &["response-default-changed risky client"],
        ),
        (
            vec![Set("/components/schemas/Thing/properties/more", json!({"type": "string"}))],
            &["response-property-added harmless server"],
        ),
        (
            vec![Set("/components/schemas/Thing/properties/strict/properties/b", json!({}))],
            &["response-property-unexpected breaking client"],
        ),
        (vec![Remove("/components/schemas/Thing/properties/score")], &["response-property-removed breaking client"]),
        (
            vec![Set("/components/schemas/Thing/required/-", json!("score"))],
            &["response-property-became-required harmless server"],
        ),
        (vec![Remove("/components/schemas/Thing/required/0")], &["response-property-became-optional breaking client"]),
        (
            vec![Set("/components/schemas/Thing/additionalProperties", json!(false))],
            &["response-additional-properties-narrowed harmless server"],
        ),
        (
            vec![Set("/components/schemas/Thing/properties/labels/additionalProperties", json!(true))],
            &["response-additional-properties-widened breaking client"],
        ),
        (
            vec![Set("/components/schemas/Thing/properties/data/oneOf/-", json!({"type": "number"}))],
            &["response-variant-added risky client"],
        ),
        (
            vec![Remove("/components/schemas/Thing/properties/data/oneOf/0")],
            &["response-variant-removed harmless server"],
        ),
        (
            vec![Set("/components/schemas/Thing/properties/data/oneOf/0/format", json!("date"))],
            &["response-format-narrowed harmless server"],
        ),
        (
            vec![Remove("/components/schemas/Thing/properties/which/discriminator")],
            &["response-discriminator-changed breaking both"],
        ),
        (
            vec![Move(
                "/components/schemas/Thing/properties/which/discriminator/mapping/dog",
                "/components/schemas/Thing/properties/which/discriminator/mapping/hound",
            )],
            &["response-variant-added risky client", "response-variant-removed harmless server"],
        ),
        (
            vec![Set(
                "/components/schemas/Thing/properties/error",
                json!({"oneOf": [{"type": "string", "x-documented-values": ["too late"]}, {"type": "number"}]}),
            )],
            &["documented-words-changed harmless both", "response-type-widened breaking client"],
        ),
        (
            vec![Move("/components/schemas/Thing/properties/which", "/components/schemas/Thing/properties/place")],
            &["response-property-removed breaking client", "response-type-changed breaking both"],
        ),
        (
            vec![Set("/components/schemas/Thing/properties/data", json!({"type": "string"}))],
            &["response-type-narrowed harmless server"],
        ),
        (
            vec![Set("/components/schemas/Thing/properties/data", json!({"type": "boolean"}))],
            &["response-type-changed breaking both"],
        ),
        (
            vec![
                Move("/components/schemas/Dog", "/components/schemas/Hound"),
                Set("/components/schemas/Thing/properties/which/oneOf/1/$ref", json!("#/components/schemas/Hound")),
                Set(
                    "/components/schemas/Thing/properties/which/discriminator/mapping/dog",
                    json!("#/components/schemas/Hound"),
                ),
                Set(
                    "/components/schemas/NewThing/properties/which",
                    json!({"$ref": "#/components/schemas/Thing/properties/which"}),
                ),
            ],
            &["component-renamed breaking client"],
        ),
        (vec![Set("/components/schemas/Id/x-client-type", json!("Secret"))], &["client-type-changed breaking client"]),
        (
            vec![Set("/components/schemas/Thing/x-client-optional", json!([]))],
            &["client-optional-changed breaking client"],
        ),
    ]
}

pub fn both_ways() -> Vec<Case> {
    vec![
        (
            vec![Set("/components/schemas/Place/properties/lat/minimum", json!(0))],
            &["request-bound-tightened breaking client", "response-bound-tightened harmless server"],
        ),
        (
            vec![Set("/components/schemas/Place/required/-", json!("note"))],
            &["request-property-became-required breaking client", "response-property-became-required harmless server"],
        ),
        (
            vec![Remove("/components/schemas/Place/properties/note")],
            &["request-property-removed risky client", "response-property-removed breaking client"],
        ),
        (
            vec![Set("/components/schemas/Cat/properties/kind/enum/-", json!("kitten"))],
            &["request-enum-value-added harmless server", "response-enum-value-added risky client"],
        ),
    ]
}
