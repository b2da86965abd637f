//! Planted changes of operations, parameters, bodies, statuses, hosts and security.

use serde_json::{Value, json};

use super::{Case, Move, Remove, Set, base, check, check_on, edited};

const CREATE: &str = "/paths/~1things/post";

#[test]
fn planted() {
    check(&cases());
    check(&security());
    check_on(&both_credentials(), &eased_security());
}

/// The base, with an operation that takes two credentials together.
fn both_credentials() -> Value {
    edited(base(), &[Set("/paths/~1things/post/security", json!([{"key": [], "oauth": ["read", "write"]}]))])
}

/// What asks for less than before, and what only looks like it.
pub fn eased_security() -> Vec<Case> {
    let to = |ways: Value| vec![Set("/paths/~1things/post/security", ways)];
    vec![
        (to(json!([{"key": []}])), &["security-alternative-eased harmless server"]),
        (to(json!([{"oauth": ["write"]}])), &["security-alternative-eased harmless server"]),
        (
            to(json!([{"key": []}, {"oauth": []}])),
            &["security-alternative-eased harmless server", "security-alternative-added harmless server"],
        ),
        (to(json!([{"key": [], "oauth": ["all"]}, {"key": []}])), &["security-alternative-eased harmless server"]),
        (to(json!([{"key": [], "oauth": ["read"]}])), &["security-scope-removed harmless server"]),
        (
            to(json!([{"oauth": ["all"]}])),
            &["security-alternative-removed breaking client", "security-alternative-added harmless server"],
        ),
    ]
}

#[expect(clippy::too_many_lines, reason = "a table")]
pub fn cases() -> Vec<Case> {
    let get_thing = || json!({"operationId": "other", "responses": {}});
    vec![
        // The document.
        (vec![Set("/info/version", json!("2"))], &["version-changed harmless both"]),
        (vec![Set("/servers/0/url", json!("https://c.example"))], &["server-url-changed risky client"]),
        (vec![Set("/servers/-", json!({"url": "https://c.example"}))], &["server-added harmless client"]),
        (vec![Remove("/servers/1")], &["server-removed risky client"]),
        (
            vec![Set("/paths/~1things/post/servers", json!([{"url": "https://c.example"}]))],
            &["server-url-changed risky client", "server-removed risky client"],
        ),
        (vec![Set("/servers/0", json!({"url": "https://{x}", "variables": {"x": {"default": "a.example"}}}))], &[]),
        // Operations.
        (vec![Set("/paths/~1things/put", get_thing())], &["operation-added harmless server"]),
        (vec![Remove(CREATE)], &["operation-removed breaking client"]),
        (
            vec![Move("/paths/~1things", "/paths/~1items")],
            &["operation-moved breaking both", "operation-moved breaking both"],
        ),
        (vec![Move(CREATE, "/paths/~1things/patch")], &["operation-moved breaking both"]),
        (vec![Set("/paths/~1things/post/operationId", json!("newThing"))], &["operation-id-changed breaking client"]),
        (vec![Set("/paths/~1things/post/deprecated", json!(true))], &["deprecation-changed harmless client"]),
        (vec![Set("/paths/~1things/post/callbacks", json!({}))], &["unruled-key-changed risky both"]),
        (vec![Set("/paths/~1things/x-note", json!(1))], &["unruled-key-changed risky both"]),
        (vec![Set("/x-note", json!(1))], &["unruled-key-changed risky both"]),
        (vec![Set("/tags", json!([]))], &[]),
        // Parameters.
        (
            vec![Set("/paths/~1things/post/parameters/-", json!({"name": "n", "in": "query", "required": true}))],
            &["parameter-added-required breaking client"],
        ),
        (
            vec![Set("/paths/~1things/post/parameters/-", json!({"name": "n", "in": "query"}))],
            &["parameter-added-optional harmless server"],
        ),
        (vec![Remove("/paths/~1things/post/parameters/0")], &["parameter-removed risky client"]),
        (
            vec![Set("/paths/~1things/post/parameters/0/required", json!(true))],
            &["parameter-became-required breaking client"],
        ),
        (vec![Remove("/paths/~1things/post/parameters/1/required")], &["parameter-became-optional harmless server"]),
        (vec![Set("/paths/~1things/post/parameters/0/in", json!("header"))], &["parameter-moved breaking both"]),
        (
            vec![Set("/paths/~1things/post/parameters/0/explode", json!(false))],
            &["parameter-style-changed breaking both"],
        ),
        (vec![Set("/paths/~1things/post/parameters/0/style", json!("form"))], &[]),
        (vec![Set("/paths/~1things/post/parameters/2/name", json!("x-trace"))], &[]),
        (
            vec![Set("/paths/~1things/post/parameters/0/allowReserved", json!(true))],
            &["unruled-key-changed risky both"],
        ),
        (
            vec![
                Move("/paths/~1things~1{id}", "/paths/~1things~1{thing}"),
                Set("/components/parameters/Id/name", json!("thing")),
            ],
            &["path-parameter-renamed harmless client"],
        ),
        (
            vec![Set("/paths/~1things/post/parameters/0/schema/type", json!("string"))],
            &["request-type-changed breaking both"],
        ),
        (
            vec![Remove("/paths/~1things/post/parameters/1/schema/enum/0")],
            &["request-enum-value-removed breaking client"],
        ),
        // Request bodies.
        (
            vec![Set("/paths/~1things/get/requestBody", json!({"required": true, "content": {}}))],
            &["request-body-added-required breaking client"],
        ),
        (
            vec![Set("/paths/~1things/get/requestBody", json!({"content": {}}))],
            &["request-body-added-optional harmless server"],
        ),
        (vec![Remove("/paths/~1things/post/requestBody")], &["request-body-removed risky client"]),
        (
            vec![Set("/paths/~1things~1{id}/put/requestBody/required", json!(true))],
            &["request-body-became-required breaking client"],
        ),
        (
            vec![Set("/paths/~1things/post/requestBody/required", json!(false))],
            &["request-body-became-optional harmless server"],
        ),
        (
            vec![Set("/paths/~1things/post/requestBody/content/text~1plain", json!({}))],
            &["request-media-type-added harmless server"],
        ),
        (
            vec![Remove("/paths/~1things~1{id}/put/requestBody/content/text~1plain")],
            &["request-media-type-removed breaking client"],
        ),
        (
            vec![Move(
                "/paths/~1things/post/requestBody/content/application~1json",
                "/paths/~1things/post/requestBody/content/text~1plain",
            )],
            &["request-media-type-changed breaking both"],
        ),
        (
            vec![Move(
                "/paths/~1things/post/requestBody/content/application~1json",
                "/paths/~1things/post/requestBody/content/application~1json; charset=utf-8",
            )],
            &[],
        ),
        // Statuses.
        (
            vec![Set("/paths/~1things/post/responses/200", json!({"description": "Was there."}))],
            &["success-status-added risky client"],
        ),
        (vec![Remove("/paths/~1things/get/responses/202")], &["success-status-removed breaking client"]),
        (
            vec![Set("/paths/~1things/get/responses/429", json!({"description": "Too many."}))],
            &["error-status-added risky client"],
        ),
        (vec![Remove("/paths/~1things/get/responses/404")], &["error-status-removed risky client"]),
        // A named error says something that no range says.
        (
            vec![Set("/paths/~1things/post/responses/422", json!({"description": "No."}))],
            &["error-status-added risky client"],
        ),
        (
            vec![Move("/paths/~1things/post/responses/4XX", "/paths/~1things/post/responses/400")],
            &["error-status-added risky client"],
        ),
        (
            vec![Move("/paths/~1things/get/responses/404", "/paths/~1things/get/responses/default")],
            &["error-status-added risky client", "error-status-removed risky client"],
        ),
        (
            vec![Move("/paths/~1things/get/responses/404", "/paths/~1things/get/responses/4xx")],
            &["error-status-added risky client", "error-status-removed risky client"],
        ),
        (
            vec![Move("/paths/~1things/post/responses/4XX", "/paths/~1things/post/responses/default")],
            &["error-status-added risky client", "status-generalised harmless client"],
        ),
        (
            vec![Set("/paths/~1things~1{id}/get/responses/203", json!({"description": "From elsewhere."}))],
            &["status-detailed harmless client"],
        ),
        (
            vec![Move("/paths/~1things~1{id}/put/responses/204", "/paths/~1things~1{id}/put/responses/2XX")],
            &["success-status-added risky client", "status-generalised harmless client"],
        ),
        // Response bodies and headers.
        (
            vec![Set("/paths/~1things~1{id}/put/responses/204/content", json!({"text/plain": {}}))],
            &["response-body-added harmless server"],
        ),
        (vec![Remove("/paths/~1things/post/responses/201/content")], &["response-body-removed breaking client"]),
        (
            vec![Set("/paths/~1things/post/responses/201/content/text~1plain", json!({}))],
            &["response-media-type-added risky client"],
        ),
        (
            vec![Move(
                "/paths/~1things/get/responses/200/content/text~1csv",
                "/paths/~1things/get/responses/200/content/text~1csv;header=present",
            )],
            &[],
        ),
        (
            vec![Set("/paths/~1things/get/responses/200/content/text~1csv;header=absent", json!({}))],
            &["response-media-type-added risky client"],
        ),
        (
            vec![Remove("/paths/~1things/get/responses/200/content/text~1csv")],
            &["response-media-type-removed breaking client"],
        ),
        (
            vec![Move(
                "/paths/~1things/post/responses/201/content/application~1json",
                "/paths/~1things/post/responses/201/content/text~1plain",
            )],
            &["response-media-type-changed breaking both"],
        ),
        (
            vec![Set("/paths/~1things/post/responses/201/headers/X-New", json!({}))],
            &["response-header-added harmless server"],
        ),
        (
            vec![Remove("/paths/~1things/post/responses/201/headers/Location")],
            &["response-header-removed breaking client"],
        ),
        (
            vec![Remove("/paths/~1things/post/responses/201/headers/Location/required")],
            &["response-header-became-optional breaking client"],
        ),
        (
            vec![Set("/paths/~1things/post/responses/201/headers/X-Left/required", json!(true))],
            &["response-header-became-required harmless server"],
        ),
        (
            vec![Set("/paths/~1things/post/responses/201/headers/X-Left/schema/type", json!("string"))],
            &["response-type-changed breaking both"],
        ),
    ]
}

pub fn security() -> Vec<Case> {
    let changed: &[&str] = &["security-scheme-changed breaking both"];
    vec![
        (vec![Set("/components/securitySchemes/key/name", json!("X-Key"))], changed),
        (vec![Set("/components/securitySchemes/key/in", json!("query"))], changed),
        (vec![Set("/components/securitySchemes/key/type", json!("http"))], changed),
        (vec![Set("/components/securitySchemes/key/scheme", json!("bearer"))], changed),
        (vec![Set("/components/securitySchemes/key/description", json!("Alone."))], &[]),
        (vec![Set("/components/securitySchemes/unused", json!({"type": "http"}))], &[]),
        (vec![Remove("/paths/~1things/get/security/0")], &["security-required breaking client"]),
        (vec![Set("/security", json!([]))], &["security-lifted risky server"]),
        (vec![Remove("/paths/~1things/get/security/1")], &[]),
        (vec![Set("/security/-", json!({"oauth": ["read"]}))], &["security-alternative-added harmless server"]),
        (vec![Remove("/paths/~1things~1{id}/get/security/1")], &["security-alternative-removed breaking client"]),
        (
            vec![Set("/paths/~1things~1{id}/get/security/0/oauth/-", json!("write"))],
            &["security-scope-added breaking client"],
        ),
        (vec![Remove("/paths/~1things~1{id}/get/security/0/oauth/0")], &["security-scope-removed harmless server"]),
        (
            vec![Set("/paths/~1things~1{id}/get/security/0/key", json!([]))],
            &["security-alternative-removed breaking client", "security-alternative-added harmless server"],
        ),
    ]
}
