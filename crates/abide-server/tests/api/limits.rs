//! How often one may call, how large a head may be, and for which host.

use abide_server::{Config, Plan};
use axum::{
    body::Body,
    http::{HeaderValue, Method, StatusCode, header},
};

use crate::service::{CALMYX, CALMYX_OTHER, HUM, HUM_OTHER, Service, config, hum_body, request, status_path};

fn limited(limit: &str) -> Service {
    Service::starting_after(0.0, &Config { rate_limit: limit.parse().ok(), ..config(None, Plan::Unlimited, 1) })
}

#[tokio::test]
async fn a_credential_may_call_so_often() {
    let service = limited("3/10");
    let token = service.hum_session().await;
    let path = format!("/sessions/{token}");
    for expected in [202, 202, 429, 429] {
        assert_eq!(service.hum_code(&token).await, expected);
    }
    service.advance(2.5);
    let pushed_back = service.get(&path, HUM).await;
    assert_eq!(pushed_back.headers[header::RETRY_AFTER], "8", "rounded up");
    assert_eq!(pushed_back.headers[header::CACHE_CONTROL], "no-store");
    assert_eq!(pushed_back.json()["request_status"], "error");
    service.advance(7.49);
    assert_eq!(service.hum_code(&token).await, 429);
    service.advance(0.01);
    assert_eq!(service.hum_code(&token).await, 200);
}

#[tokio::test]
async fn each_credential_of_each_api_is_counted_by_itself() {
    let service = limited("1/60");
    for (path, credential, first) in [
        (status_path("nope"), CALMYX, 404),
        (status_path("nope"), CALMYX_OTHER, 404),
        ("/sessions/nope".to_owned(), HUM, 404),
        ("/analytics/sessions".to_owned(), HUM_OTHER, 200),
    ] {
        for expected in [first, 429, 429] {
            assert_eq!(service.get(&path, credential).await.status.as_u16(), expected, "{path}");
        }
        assert_eq!(service.get(&path, "nobody").await.status, StatusCode::UNAUTHORIZED, "strangers have no window");
    }
}

/// A refused call does nothing: it neither creates nor renews.
#[tokio::test]
async fn a_call_that_is_pushed_back_is_no_activity() {
    let service = limited("1/1000");
    let token = service.hum_session().await;
    service.advance(900.0);
    assert_eq!(service.hum_code(&token).await, 429);
    assert_eq!(service.post("/sessions", HUM, hum_body().to_string()).await.status, StatusCode::TOO_MANY_REQUESTS);
    service.advance(900.0);
    assert_eq!(service.hum_code(&token).await, 410);
}

#[tokio::test]
async fn without_a_limit_there_is_none() {
    let service = Service::new();
    for _ in 0..200 {
        assert_eq!(service.hum_code("nope").await, 404);
    }
}

#[tokio::test]
async fn a_head_has_a_limit() {
    let service = Service::new();
    for (size, expected) in [(60_000, StatusCode::NOT_FOUND), (70_000, StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE)] {
        for (path, credential) in [(status_path("nope"), CALMYX), ("/sessions/nope".to_owned(), HUM)] {
            let mut get = request(Method::GET, &path, credential, Body::empty());
            get.headers_mut().insert("x-large", HeaderValue::from_str(&"x".repeat(size)).unwrap());
            let reply = service.send(get).await;
            assert_eq!(reply.status, expected);
            reply.json();
        }
    }
}

#[tokio::test]
async fn only_names_of_this_machine_are_answered() {
    let local = Service::new();
    let everywhere = Config { listen: ([0, 0, 0, 0], 0).into(), ..config(None, Plan::Unlimited, 1) };
    let everywhere = Service::starting_after(0.0, &everywhere);
    for (host, status) in [("localhost:8080", 404), ("127.0.0.1", 404), ("[::1]:1", 404), ("rebound.example", 421)] {
        for (path, credential, shape) in
            [(status_path("nope"), CALMYX, "error"), ("/sessions/nope".to_owned(), HUM, "message")]
        {
            let get = || {
                let mut get = request(Method::GET, &path, credential, Body::empty());
                get.headers_mut().insert(header::HOST, HeaderValue::from_static(host));
                get
            };
            let reply = local.send(get()).await;
            assert_eq!(reply.status.as_u16(), status, "{host}");
            assert!(reply.json()[shape].is_string());
            assert_eq!(everywhere.send(get()).await.status, StatusCode::NOT_FOUND, "its names are not known");
        }
    }
}

#[tokio::test]
async fn the_paths_for_tests_have_the_same_limits() {
    let hooked = Service::starting_after(0.0, &Config { test_hooks: true, ..config(None, Plan::Unlimited, 1) });
    for (method, path) in [(Method::POST, "/_test/clock/advance"), (Method::GET, "/_test/faults")] {
        let call = |name, value: &str| {
            let mut call = request(method.clone(), path, "", Body::from(r#"{"seconds": 1}"#));
            call.headers_mut().insert(name, HeaderValue::from_str(value).unwrap());
            hooked.send(call)
        };
        assert_eq!(call(header::HOST, "rebound.example").await.status, StatusCode::MISDIRECTED_REQUEST, "{path}");
        assert_eq!(call(header::COOKIE, &"x".repeat(70_000)).await.status.as_u16(), 431, "{path}");
        assert_eq!(call(header::HOST, "localhost").await.status, StatusCode::OK, "{path}");
        let wrong = hooked.send(request(Method::PATCH, path, "", Body::empty())).await;
        assert_eq!(wrong.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
        wrong.json();
    }
}
