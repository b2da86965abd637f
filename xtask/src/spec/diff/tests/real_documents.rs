//! Planted changes of the documents under `spec/`, where one component has many users.

use serde_json::{Value, json};

use super::{Case, Move, Remove, Set, check_on};
use crate::document::{Document, root};

fn check(api: &str, cases: &[Case]) {
    check_on(&Document::load(&root(), api).unwrap().value, cases);
}

#[test]
fn calmyx() {
    const LIFECYCLE: &str = "/paths/~1v2~1session~1status/get/x-session-lifecycle/interval-seconds";
    check(
        "calmyx",
        &[
            (
                vec![Set("/components/schemas/NewSession/properties/locations/maxItems", json!(100))],
                &["request-bound-tightened breaking client"],
            ),
            (
                vec![Set("/components/schemas/SessionState/enum/0", json!("PENDING"))],
                &["response-enum-value-added risky client", "response-enum-value-removed harmless server"],
            ),
            (
                vec![Set(LIFECYCLE, json!([10, 20]))],
                &["lifecycle-longest-gap-changed harmless client", "lifecycle-pace-slower breaking client"],
            ),
            (
                vec![Set("/components/schemas/Timestamp/pattern", json!("^\\d+$"))],
                &["response-bound-changed risky both"],
            ),
            (
                vec![Set("/components/schemas/Timestamp/x-client-type", json!("Secret"))],
                &["client-type-changed breaking client"],
            ),
            (
                vec![
                    Remove("/components/schemas/LocationResult/discriminator/mapping/failed"),
                    Remove("/components/schemas/LocationResult/oneOf/1"),
                ],
                &["response-variant-removed harmless server"],
            ),
            (
                vec![Set("/components/securitySchemes/apiKey/name", json!("X-Api-Key"))],
                &["security-scheme-changed breaking both"],
            ),
            (
                vec![Move("/paths/~1v2~1session~1status", "/paths/~1v3~1session~1status")],
                &["operation-moved breaking both"],
            ),
            (
                vec![Move(
                    "/paths/~1v2~1session~1new/post/responses/2XX",
                    "/paths/~1v2~1session~1new/post/responses/200",
                )],
                &["status-detailed harmless client"],
            ),
        ],
    );
}

#[test]
fn hum() {
    const CAP: &str = "/paths/~1sessions~1{token}/get/x-session-lifecycle/cap-seconds";
    const AWAITED: &str = "/paths/~1sessions~1{token}/get/x-session-lifecycle/agents/awaited/-";
    check(
        "hum",
        &[
            (
                vec![Set("/components/schemas/NewSession/required/-", json!("zip"))],
                &["request-property-became-required breaking client"],
            ),
            (vec![Set(CAP, json!(20))], &["lifecycle-cap-shorter breaking client"]),
            (vec![Set(AWAITED, json!("checkout"))], &["lifecycle-awaited-agents-changed breaking client"]),
            (
                vec![Set("/components/schemas/AgentState/enum/-", json!("lost"))],
                &["response-enum-value-added risky client"],
            ),
            (vec![Remove("/components/schemas/UsState/enum/0")], &["request-enum-value-removed breaking client"]),
            (
                vec![Set("/components/securitySchemes/apiToken/scheme", json!("basic"))],
                &["security-scheme-changed breaking both"],
            ),
            (
                vec![Set("/components/schemas/SessionToken/minLength", json!(22))],
                &["request-bound-tightened breaking client", "response-bound-tightened harmless server"],
            ),
            (vec![Remove("/components/schemas/SessionData/oneOf/1")], &["response-variant-removed harmless server"]),
            (vec![Remove("/paths/~1sessions~1{token}/get/responses/202")], &["success-status-removed breaking client"]),
            (vec![Remove("/paths/~1sessions~1{token}/get/responses/410")], &["error-status-removed risky client"]),
        ],
    );
}

#[test]
fn the_place_of_a_shared_component_is_its_definition() {
    let document: Value = Document::load(&root(), "calmyx").unwrap().value;
    let new = super::edited(document.clone(), &[Set("/components/schemas/Timestamp/pattern", json!("^a"))]);
    let places: Vec<String> = super::changes(&document, &new).into_iter().map(|change| change.at).collect();
    assert_eq!(places, ["/components/schemas/Timestamp/pattern"]);
}
