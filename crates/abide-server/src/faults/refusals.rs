//! Faults in which the call never reaches the server: errors, throttling, somebody else's answer.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde_json::json;

use super::{Fault, Strike};
use crate::breakage::{
    answer::{Answer, Content},
    writing::Writing,
};

const PAGE: &str =
    "<!doctype html><html><head><title>Sign in</title></head><body>Welcome to the network.</body></html>";

pub(super) const FAULTS: &[Fault] = &[
    Fault::new("error-500", "The answer is 500.", Strike::Refuse(|_, _| error(StatusCode::INTERNAL_SERVER_ERROR, &[]))),
    Fault::new("bad-gateway", "A proxy answers 502 with a page.", Strike::Refuse(|_, _| page(StatusCode::BAD_GATEWAY))),
    Fault::new(
        "unavailable-seconds",
        "The answer is 503, with a Retry-After of one second.",
        Strike::Refuse(|_, _| unavailable(b"1")),
    ),
    Fault::new(
        "unavailable-date",
        "The answer is 503, with a Retry-After that is a date one second ahead.",
        Strike::Refuse(|_, now| unavailable(now.plus(Duration::from_secs(1)).http_date().to_string().as_bytes())),
    ),
    Fault::new(
        "unavailable-past-date",
        "The answer is 503, with a Retry-After that is a date in the past.",
        Strike::Refuse(|_, _| unavailable(b"Thu, 01 Jan 2026 00:00:00 GMT")),
    ),
    Fault::new(
        "unavailable-nonsense",
        "The answer is 503, with a Retry-After that nobody can read.",
        Strike::Refuse(|chance, _| {
            let values: [&[u8]; 5] = [b"soon", b"-5", b"1.5", b"\xff\xfe", b""];
            unavailable(values.get(chance.below(values.len())).copied().unwrap_or_default())
        }),
    ),
    Fault {
        name: "storm-429",
        says: "Five calls in a row are answered with 429 and a Retry-After of one second.",
        strike: Strike::Refuse(|_, _| {
            error(StatusCode::TOO_MANY_REQUESTS, &[(header::RETRY_AFTER, HeaderValue::from_static("1"))])
        }),
        run: 5,
    },
    Fault::new(
        "bare-429",
        "The answer is 429 without a Retry-After.",
        Strike::Refuse(|_, _| error(StatusCode::TOO_MANY_REQUESTS, &[])),
    ),
    Fault::new(
        "redirect",
        "The caller is sent to another host.",
        Strike::Refuse(|_, _| {
            error(StatusCode::FOUND, &[(header::LOCATION, HeaderValue::from_static("http://elsewhere.invalid/login"))])
        }),
    ),
    Fault::new("html-200", "A network's sign-in page answers with 200.", Strike::Refuse(|_, _| page(StatusCode::OK))),
    Fault::new(
        "empty-200",
        "The answer is 200 with nothing in it.",
        Strike::Refuse(|_, _| answer(StatusCode::OK, Content::Bytes("".into()), &[])),
    ),
    Fault::new(
        "null-200",
        "The answer is 200 with null in it.",
        Strike::Refuse(|_, _| answer(StatusCode::OK, Content::Json(json!(null)), &[json_type()])),
    ),
];

fn error(status: StatusCode, headers: &[(HeaderName, HeaderValue)]) -> Answer {
    let body = json!({ "error": "Something is wrong.", "message": "Something is wrong.", "request_status": "error",
                       "data": {}, "meta": {} });
    let mut answer = answer(status, Content::Json(body), headers);
    let (name, value) = json_type();
    answer.headers.insert(name, value);
    answer
}

fn unavailable(retry_after: &[u8]) -> Answer {
    let value = HeaderValue::from_bytes(retry_after).unwrap_or(HeaderValue::from_static(""));
    error(StatusCode::SERVICE_UNAVAILABLE, &[(header::RETRY_AFTER, value)])
}

fn page(status: StatusCode) -> Answer {
    answer(status, Content::Bytes(PAGE.into()), &[(header::CONTENT_TYPE, HeaderValue::from_static("text/html"))])
}

fn json_type() -> (HeaderName, HeaderValue) {
    (header::CONTENT_TYPE, HeaderValue::from_static("application/json"))
}

fn answer(status: StatusCode, body: Content, headers: &[(HeaderName, HeaderValue)]) -> Answer {
    let headers: HeaderMap = headers.iter().cloned().collect();
    Answer { status, headers, body, writing: Writing::default() }
}
