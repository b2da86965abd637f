//! Hum from creation to the end of a session.

use abide_server::Plan;
use axum::http::StatusCode;
use futures_util::future::join_all;
use regex_lite::Regex;
use serde_json::{Value, json};

use crate::service::{HUM, HUM_OTHER, Service, hum_body};

#[tokio::test]
async fn create_answers_what_is_documented() {
    let service = Service::new();
    let reply = service.post("/sessions", HUM, hum_body().to_string()).await;
    assert_eq!(reply.status, StatusCode::CREATED);
    let body = reply.json();
    assert_eq!((&body["request_status"], &body["data"]), (&json!("ok"), &json!([])));
    let token = body["meta"]["session_token"].as_str().unwrap();
    assert!(Regex::new("^[0-9A-Za-z]{22}$").unwrap().is_match(token));
    assert_eq!(body["meta"]["created_at"], "2026-01-15T10:30:00.000Z");
}

/// Opens sessions at many addresses, asks every 0.5 s, and holds each answer against the one before it.
#[tokio::test]
async fn agents_settle_once_and_the_address_stays() {
    let service = Service::new();
    for number in 0..30 {
        let mut body = hum_body();
        body["street1"] = json!(format!("{number} Example St"));
        let created = service.post("/sessions", HUM, body.to_string()).await.json();
        let path = format!("/sessions/{}", created["meta"]["session_token"].as_str().unwrap());
        let mut before = (202, created);
        for _ in 0..20 {
            service.advance(0.5);
            let reply = service.get(&path, HUM).await;
            let after = (reply.status.as_u16(), reply.json());
            judge(&before, &after);
            before = after;
        }
        assert_eq!(before.0, 200);
        for agent in ["geocoding", "internet"] {
            assert_ne!(before.1["meta"]["agent_status"][agent], "pending");
        }
    }
}

fn judge(before: &(u16, Value), after: &(u16, Value)) {
    assert!([200, 202].contains(&after.0));
    assert!(before.0 != 200 || after.0 == 200, "202 came back");
    let agents = |reply: &(u16, Value)| reply.1["meta"]["agent_status"].clone();
    for agent in ["geocoding", "internet"] {
        let earlier = &agents(before)[agent];
        assert!(*earlier == "pending" || *earlier == agents(after)[agent], "{agent} changed its mind");
    }
    assert_eq!(agents(after)["geocoding"] == "pending", after.0 == 202);
    let address = |reply: &(u16, Value)| reply.1["meta"]["service_address"].clone();
    assert!(address(before).is_null() || address(before) == address(after));
    assert_eq!(address(after).is_string(), agents(after)["geocoding"] == "matched");
    assert_ne!(after.1["request_status"], "error");
}

#[tokio::test]
async fn services_wait_for_the_internet_agent() {
    let service = Service::new();
    let token = service.hum_session().await;
    let path = format!("/sessions/{token}/services/internet");
    assert_eq!(service.get(&path, HUM).await.status, StatusCode::ACCEPTED);
    service.advance(9.0);
    let services = service.get(&path, HUM).await;
    assert_eq!(services.status, StatusCode::OK);
    let status = service.get(&format!("/sessions/{token}"), HUM).await.json();
    assert_eq!(status["meta"]["agent_status"]["internet"], "matched");
    assert_eq!(status["data"]["internet"], services.json()["data"]["internet"]);
    assert!(!services.json()["data"]["internet"].as_array().unwrap().is_empty());
    assert_eq!(status["data"]["service_address"], "29090 TIFFANY DRIVE E, SOUTHFIELD, MI 48034");
}

#[derive(Clone, Copy)]
enum Call {
    Status,
    Services,
    Close,
    Foreign,
    WrongToken,
}
use Call::{Close, Foreign, Services, Status, WrongToken};

/// Waits, calls, and compares the codes: each step is the seconds to wait, the call, and the code expected.
async fn check(speed: u32, steps: &[(f64, Call, u16)]) {
    let service = Service::with(None, Plan::Unlimited, speed);
    let token = service.hum_session().await;
    let path = format!("/sessions/{token}");
    for (number, &(seconds, call, expected)) in steps.iter().enumerate() {
        service.advance(seconds);
        let reply = match call {
            Status => service.get(&path, HUM).await,
            Services => service.get(&format!("{path}/services/internet"), HUM).await,
            Close => service.delete(&path, HUM).await,
            Foreign => service.get(&path, HUM_OTHER).await,
            WrongToken => service.get(&path, "Bearer nobody").await,
        };
        assert_eq!(reply.status.as_u16(), expected, "step {number}");
        if expected == 410 {
            assert_eq!(reply.json()["request_status"], "error");
        }
    }
}

#[tokio::test]
async fn expiry_is_neither_early_nor_late() {
    check(1, &[(1799.999, Status, 200)]).await;
    check(1, &[(1800.0, Status, 410), (0.0, Status, 410), (0.0, Services, 410), (0.0, Close, 410)]).await;
    check(60, &[(29.999, Status, 200), (30.0, Status, 410)]).await;
}

#[tokio::test]
async fn activity_renews_the_window() {
    check(1, &[(1700.0, Status, 200), (1700.0, Services, 200), (1799.0, Status, 200), (1800.0, Services, 410)]).await;
    check(1, &[(0.5, Status, 202), (1799.9, Services, 200), (1799.9, Status, 200)]).await;
}

#[tokio::test]
async fn refused_calls_are_no_activity() {
    check(1, &[(1000.0, Foreign, 404), (799.0, WrongToken, 401), (1.0, Status, 410)]).await;
}

#[tokio::test]
async fn closing_is_final() {
    check(1, &[(1.0, Close, 200), (0.0, Close, 410), (0.0, Status, 410), (1.0, Services, 410), (9e9, Status, 410)])
        .await;
    check(1, &[(1.0, Close, 200), (0.0, Foreign, 404)]).await;
}

#[tokio::test]
async fn one_session_ends_without_the_others() {
    let service = Service::new();
    let (first, second) = (service.hum_session().await, service.hum_session().await);
    assert_eq!(service.delete(&format!("/sessions/{first}"), HUM).await.status, StatusCode::OK);
    assert_eq!((service.hum_code(&first).await, service.hum_code(&second).await), (410, 202));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn calls_at_once_close_a_session_once() {
    let service = Service::new();
    let path = format!("/sessions/{}", service.hum_session().await);
    let closings = join_all((0..10).map(|_| service.delete(&path, HUM))).await;
    let closed = closings.iter().filter(|reply| reply.status == StatusCode::OK).count();
    let gone = closings.iter().filter(|reply| reply.status == StatusCode::GONE).count();
    assert_eq!((closed, gone), (1, 9));
}
