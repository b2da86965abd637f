//! Servers that are wrong on purpose, driven: found by the right requirement, with a short proof that is seen each time.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use abide_conformance::catalogue::Api;
use abide_conformance::judge;
use abide_conformance::report::{RequirementVerdict, Verdict, Whole, text};
use abide_server::Plan;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use serde_json::{Value, json};

use crate::reference::reference;

/// A request with this header is answered at once, with the status in it.
const ANSWER: &str = "x-answer";

/// What a wrong server does to a request and to its reply.
type Wrong = fn(&mut Request, u64) -> Option<fn(&mut Value)>;

async fn meddle(wrong: Wrong, count: u64, mut request: Request, next: Next) -> Response {
    let change = wrong(&mut request, count);
    if let Some(status) = request.headers().get(ANSWER) {
        return Response::builder().status(status.to_str().unwrap()).body(Body::from("{}")).unwrap();
    }
    let response = next.run(request).await;
    let (Some(change), true) = (change, response.status().is_success()) else { return response };
    let (mut head, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap();
    let mut json: Value = serde_json::from_slice(&bytes).unwrap();
    change(&mut json);
    head.headers.remove("content-length");
    Response::from_parts(head, Body::from(json.to_string()))
}

/// Runs the suite against the wrong server; gives the row of the requirement, after the usual promises.
async fn run(api: Api, wrong: Wrong, id: &str) -> RequirementVerdict {
    let (router, suite, advance) = reference(api, 30, Plan::Unlimited);
    let count = Arc::new(AtomicU64::new(0));
    let router = router.layer(from_fn(move |request: Request, next: Next| {
        meddle(wrong, count.fetch_add(1, Ordering::Relaxed), request, next)
    }));
    let run = suite.cases(3).seed(5).run(router, advance).await.unwrap();
    let report = run.report;
    assert_eq!(judge(&run.trace), report, "the trace gives the same verdict again");
    assert_eq!(report.verdict, Whole::NotConformant, "{}", text(&report));
    let failed: Vec<_> = report.with(Verdict::Failed).map(|row| row.id.as_str()).collect();
    assert_eq!(failed, [id], "{}", text(&report));
    report.requirement(id).unwrap().clone()
}

fn is_status(request: &Request) -> bool {
    request.uri().path() == "/v2/session/status"
}

#[tokio::test]
async fn a_score_out_of_range() {
    let row = run(
        Api::Calmyx,
        |request, _| {
            is_status(request).then_some(|json: &mut Value| {
                for item in json["results"].as_array_mut().unwrap() {
                    if item["status"] == "success" {
                        item["quiet_score"] = json!(101);
                    }
                }
            })
        },
        "CAL-SCORE-RANGE",
    )
    .await;
    let finding = &row.findings[0];
    assert_eq!((finding.seen.as_deref(), finding.found.as_str()), (Some("8 of 8"), "101"));
    let curl = finding.curl.as_deref().unwrap();
    assert!(curl.contains("$CALMYX_API_KEY") && curl.lines().count() == 2 && curl.len() < 600, "{curl}");
}

#[tokio::test]
async fn closing_without_a_credential_is_not_refused_as_such() {
    let row = run(
        Api::Hum,
        |request, _| {
            if request.method() == "DELETE" && !request.headers().contains_key("authorization") {
                request.headers_mut().insert(ANSWER, "404".parse().unwrap());
            }
            None
        },
        "HUM-AUTH",
    )
    .await;
    assert_eq!(row.findings[0].seen.as_deref(), Some("8 of 8"));
    assert!(row.findings[0].curl.as_deref().unwrap().contains("-X DELETE"));
}

/// Every second session, by its token.
static UNLUCKY: Mutex<(u64, BTreeSet<String>)> = Mutex::new((0, BTreeSet::new()));

fn token(json: &Value) -> String {
    json["meta"]["session_token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn every_second_session() {
    let row = run(
        Api::Hum,
        |request, _| match (request.method().as_str(), request.uri().path()) {
            ("POST", "/sessions") => Some(|json: &mut Value| {
                let mut unlucky = UNLUCKY.lock().unwrap();
                unlucky.0 += 1;
                if unlucky.0.is_multiple_of(2) {
                    unlucky.1.insert(token(json));
                }
            }),
            ("GET", _) => Some(|json: &mut Value| {
                if UNLUCKY.lock().unwrap().1.contains(&token(json)) {
                    json["meta"]["session_token"] = json!("other");
                }
            }),
            _ => None,
        },
        "HUM-TOKEN-ECHO",
    )
    .await;
    assert_eq!(row.findings[0].seen.as_deref(), Some("4 of 8"));
}

#[tokio::test]
async fn a_server_that_takes_too_many_locations() {
    let row = run(
        Api::Calmyx,
        |request, _| {
            if request.uri().path() == "/v2/session/new" {
                let body = std::mem::replace(request.body_mut(), Body::empty());
                *request.body_mut() = Body::from_stream(Trimmed(Some(body)).stream());
                request.headers_mut().remove("content-length");
            }
            None
        },
        "CAL-CREATE-LIMIT",
    )
    .await;
    assert_eq!(row.findings[0].seen.as_deref(), Some("8 of 8"));
}

#[tokio::test]
async fn a_server_that_stands_still() {
    let (router, suite, _) = reference(Api::Calmyx, 60, Plan::Unlimited);
    let run = suite.cases(3).patience(Duration::from_secs(10)).run(router, |_| {}).await.unwrap();
    let report = run.report;
    assert_eq!(report.verdict, Whole::Incomplete, "{}", text(&report));
    assert_eq!(report.requirement("CAL-LIVENESS").unwrap().verdict, Verdict::Warned);
    assert_eq!(report.requirement("CAL-COMPLETED-ALL").unwrap().verdict, Verdict::NotExercised);
    assert!(report.requirement("CAL-LIVENESS").unwrap().findings[0].found.contains("QUEUED, 0 of"));
}

/// A body of which only the first 500 locations are passed on.
struct Trimmed(Option<Body>);

impl Trimmed {
    fn stream(mut self) -> impl futures_util::Stream<Item = Result<Bytes, axum::Error>> {
        futures_util::stream::once(async move {
            let bytes = to_bytes(self.0.take().unwrap(), usize::MAX).await?;
            let mut json: Value = serde_json::from_slice(&bytes).unwrap();
            if let Some(list) = json.get_mut("locations").and_then(Value::as_array_mut)
                && list.len() > 500
            {
                list.truncate(500);
            }
            Ok(json.to_string().into())
        })
    }
}
