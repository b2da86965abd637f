//! A good server behind something that meddles: whatever stands between it and the judge, the server is not accused of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use abide_conformance::catalogue::Api;
use abide_conformance::judge;
use abide_conformance::report::{Report, Verdict, text};
use abide_conformance::trace::{Reply, Source};
use abide_server::Plan;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::reference::reference;

/// What becomes of the answer to the call of that number.
type Meddle = fn(u64, Response, Vec<u8>) -> Response;

async fn run(api: Api, meddle: Meddle) -> Report {
    let (router, suite, advance) = reference(api, 20, Plan::Unlimited);
    let calls = Arc::new(AtomicU64::new(0));
    let meddled = router.layer(from_fn(move |request: Request, next: Next| {
        let number = calls.fetch_add(1, Ordering::Relaxed);
        async move {
            let (head, body) = next.run(request).await.into_parts();
            let bytes = to_bytes(body, usize::MAX).await.unwrap();
            meddle(number, Response::from_parts(head, Body::empty()), bytes.to_vec())
        }
    }));
    suite.cases(1).patience(Duration::from_secs(10)).run(meddled, advance).await.unwrap().report
}

fn with_body(mut response: Response, body: impl Into<Body>) -> Response {
    response.headers_mut().remove("content-length");
    *response.body_mut() = body.into();
    response
}

/// Now and then the answer is another one, although the server did what it was asked for.
fn instead(number: u64, status: u16, response: Response, bytes: Vec<u8>) -> Response {
    if number % 7 == 5 {
        return (StatusCode::from_u16(status).unwrap(), "<html>").into_response();
    }
    with_body(response, bytes)
}

fn with_member(response: Response, bytes: &[u8], name: &str, value: &Value) -> Response {
    let mut json: Value = serde_json::from_slice(bytes).unwrap_or_default();
    match json.as_object_mut() {
        Some(members) => {
            members.insert(name.to_owned(), value.clone());
            with_body(response, json.to_string())
        }
        None => with_body(response, bytes.to_vec()),
    }
}

/// A word that is another one each time, and has no digit in it.
fn word(number: u64) -> String {
    (0..6).map(|place| char::from(b'a' + u8::try_from((number >> (3 * place)) & 7).unwrap())).collect()
}

const MEDDLERS: [(&str, Meddle); 6] = [
    ("errors of its own", |number, response, bytes| {
        let all = [407, 408, 421, 425, 502, 504];
        instead(number, all[usize::try_from(number / 7).unwrap() % all.len()], response, bytes)
    }),
    ("a member of its own", |number, response, bytes| with_member(response, &bytes, "x_trace", &json!(number))),
    ("a reference on refusals", |number, response, bytes| {
        let is_refusal = response.status().is_client_error();
        let value = if is_refusal { json!(word(number)) } else { json!(null) };
        with_member(response, &bytes, "reference", &value)
    }),
    ("a byte order mark", |_, response, bytes| with_body(response, [b"\xef\xbb\xbf".as_slice(), &bytes].concat())),
    ("compressed answers to polls", |number, mut response, bytes| {
        if number < 4 || response.status() == StatusCode::CREATED {
            return with_body(response, bytes);
        }
        response.headers_mut().insert("content-encoding", HeaderValue::from_static("gzip"));
        with_body(response, b"\x1f\x8b\x08 not to be read".to_vec())
    }),
    ("everything compressed", |_, mut response, _| {
        response.headers_mut().insert("content-encoding", HeaderValue::from_static("br"));
        with_body(response, b"\x1f\x8b\x08 not to be read".to_vec())
    }),
];

/// A server that has such an answer of its own for everything that it refuses: who asks again gets it again.
async fn refusing_with(api: Api, status: u16) -> Report {
    let (router, suite, advance) = reference(api, 20, Plan::Unlimited);
    let wrong = router.layer(from_fn(move |request: Request, next: Next| async move {
        let response = next.run(request).await;
        let is_refusal = matches!(response.status().as_u16(), 400 | 401 | 404 | 422);
        if is_refusal { StatusCode::from_u16(status).unwrap().into_response() } else { response }
    }));
    suite.cases(0).patience(Duration::from_secs(10)).run(wrong, advance).await.unwrap().report
}

#[tokio::test]
async fn a_server_is_accused_of_what_it_says_every_time() {
    for (api, status, expected) in [
        (
            Api::Calmyx,
            504,
            "CAL-CREATE-LIMIT CAL-CREATE-INVALID CAL-AUTH CAL-ID-REQUIRED CAL-ID-UNKNOWN CAL-ID-FOREIGN",
        ),
        // A 4xx it is, and any is right but for a credential.
        (Api::Calmyx, 408, "CAL-AUTH"),
        (Api::Hum, 502, "HUM-CREATE-INVALID HUM-AUTH HUM-TOKEN-UNKNOWN HUM-TOKEN-FOREIGN"),
        (Api::Hum, 425, "HUM-CREATE-INVALID HUM-AUTH"),
    ] {
        let report = refusing_with(api, status).await;
        let broken = report.requirements.iter().filter(|row| !row.findings.is_empty()).map(|row| row.id.as_str());
        assert_eq!(broken.collect::<Vec<_>>().join(" "), expected, "{api} {status}: {}", text(&report));
    }
}

/// The same in a recording is not known to be the server's: nobody asked again.
#[tokio::test]
async fn what_may_be_of_another_is_a_doubt() {
    let (router, suite, advance) = reference(Api::Calmyx, 20, Plan::Unlimited);
    let mut trace = suite.cases(0).run(router, advance).await.unwrap().trace;
    trace.header.source = Source::Recorded;
    for exchange in trace.exchanges.iter_mut().filter(|exchange| exchange.request.invented) {
        if let Reply::Answer(answer) = &mut exchange.reply {
            answer.status = 502;
        }
    }
    let report = judge(&trace);
    let row = report.requirement("CAL-ID-UNKNOWN").unwrap();
    assert_eq!(row.verdict, Verdict::Inconclusive, "{row:#?}");
    assert!(row.reason.as_deref().unwrap().contains("may be from something before the server"), "{row:#?}");
}

#[tokio::test]
async fn nobody_is_accused_of_it() {
    for api in Api::ALL {
        for (what, meddle) in MEDDLERS {
            let report = run(api, meddle).await;
            let broken: Vec<_> = report.requirements.iter().filter(|row| !row.findings.is_empty()).collect();
            assert!(broken.is_empty(), "{api} behind {what}: {broken:#?}\n{}", text(&report));
        }
    }
}
