//! What only a random case finds is shrunk to the steps that it needs.

use std::collections::BTreeMap;

use abide_conformance::catalogue::Api;
use abide_conformance::report::Whole;
use abide_conformance::trace::{Fact, Trace};
use abide_server::Plan;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use serde_json::{Value, json};

use crate::reference::reference;

/// A change to an answer, by the path of its request.
type Wrong = fn(&str, &mut Value);

async fn meddle(wrong: Wrong, request: Request, next: Next) -> Response {
    let path = format!("{} {}", request.method(), request.uri().path());
    let response = next.run(request).await;
    let (mut head, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap();
    let Ok(mut json) = serde_json::from_slice(&bytes) else { return Response::from_parts(head, Body::from(bytes)) };
    wrong(&path, &mut json);
    head.headers.remove("content-length");
    Response::from_parts(head, Body::from(json.to_string()))
}

/// The steps by which a requirement was shown broken in the end, one by one.
fn proof(trace: &Trace, id: &str) -> Vec<String> {
    let rerun = trace.facts.iter().find_map(|fact| {
        let Fact::Rerun { requirement, first, .. } = fact else { return None };
        (requirement == id).then_some(*first)
    });
    let case = &trace.exchange(rerun.expect("it was tried again")).unwrap().case;
    case.split_once(": ").unwrap().1.split(", ").map(str::to_owned).collect()
}

/// Which requirements a trace breaks before its first random case.
fn broken_by_fixed_cases(trace: &Trace) -> BTreeMap<String, u32> {
    let mut fixed = trace.clone();
    fixed.exchanges.retain(|exchange| !exchange.case.contains(": "));
    fixed.facts.clear();
    let report = abide_conformance::judge(&fixed);
    let broken = report.requirements.into_iter().filter(|row| !row.findings.is_empty());
    broken.map(|row| (row.id, row.findings[0].exchange)).collect()
}

async fn check(api: Api, wrong: Wrong, id: &str, expected: &[&str]) {
    let (router, suite, advance) = reference(api, 30, Plan::Unlimited);
    let router = router.layer(from_fn(move |request: Request, next: Next| meddle(wrong, request, next)));
    let run = suite.seed(3).cases(40).run(router, advance).await.unwrap();
    assert_eq!(broken_by_fixed_cases(&run.trace), BTreeMap::new(), "only chance finds it");
    assert_eq!(run.report.verdict, Whole::NotConformant);
    let steps = proof(&run.trace, id);
    assert_eq!(steps.len(), expected.len(), "{steps:?}");
    assert!(steps.iter().zip(expected).all(|(step, part)| step.starts_with(part)), "{steps:?}");
    let finding = &run.report.requirement(id).unwrap().findings[0];
    assert_eq!(finding.seen.as_deref(), Some("8 of 8"));
}

/// Which is the number of locations of no fixed case.
#[tokio::test]
async fn a_session_of_six_to_eleven_locations_is_never_completed_right() {
    let wrong: Wrong = |_, json| {
        let total = json["progress"]["total"].as_i64().unwrap_or_default();
        if (6..12).contains(&total) && json["status"] == "COMPLETED" {
            json["progress"]["processed"] = json!(total - 1);
            json["progress"]["successful"] = json!(json["progress"]["successful"].as_i64().unwrap() - 1);
        }
    };
    check(Api::Calmyx, wrong, "CAL-COMPLETED-ALL", &["create ", "poll #0 to the end"]).await;
}

/// The number of a street that no fixed case has.
fn is_far_along(json: &Value) -> bool {
    let street = json["meta"]["session_params"]["street1"].as_str().unwrap_or_default();
    let number: u32 = street.split(' ').next().and_then(|number| number.parse().ok()).unwrap_or_default();
    (130..20_000).contains(&number)
}

#[tokio::test]
async fn a_session_of_a_far_address_has_the_token_of_another() {
    let wrong: Wrong = |path, json| {
        if path.starts_with("GET") && is_far_along(json) {
            json["meta"]["session_token"] = json!("another");
        }
    };
    check(Api::Hum, wrong, "HUM-TOKEN-ECHO", &["create ", "services of #0"]).await;
}

#[tokio::test]
async fn a_session_of_a_far_address_ends_with_the_words_of_another_api() {
    let wrong: Wrong = |path, json| {
        if path.starts_with("GET") && is_far_along(json) && json["meta"]["agent_status"]["geocoding"] == "matched" {
            json["request_status"] = json!("COMPLETED");
        }
    };
    check(Api::Hum, wrong, "HUM-ENVELOPE", &["create ", "poll #0 to the end"]).await;
}
