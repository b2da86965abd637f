//! What generated code trips over in requests and connections: each case fails without the change that answers it.

use std::error::Error as _;
use std::time::Duration;

use abide_core::Failure;
use calmyx_client::types::Location;
use hum_client::{Limits, PathSegment};

use crate::scripted_server::{CREDENTIAL, ScriptedServer, json, reply};

const CREATED: &str = r#"{"session_id": "s", "total_locations": 1, "submitted_at": "2026-01-15T10:30:00"}"#;
const ENVELOPE: &str = r#"{"message": "m", "request_status": "ok", "data": {}, "meta": {}}"#;

#[tokio::test]
async fn the_key_goes_bare_the_token_as_bearer_and_nothing_else_is_added() {
    let server = ScriptedServer::start(vec![json(200, CREATED)]).await;
    server.calmyx().create_session(&[Location { lat: 1.0, lng: 2.0 }]).await.unwrap();
    let request = server.requests().remove(0);
    assert_eq!(request.line, "POST /v2/session/new HTTP/1.1");
    assert_eq!(request.header("authorization"), Some(CREDENTIAL));
    assert_eq!(request.header("api-version"), None);
    assert_eq!(request.header("referer"), None);

    let server = ScriptedServer::start(vec![json(200, ENVELOPE)]).await;
    server.hum().session(&PathSegment::new("tok").unwrap()).await.unwrap();
    let request = server.requests().remove(0);
    assert_eq!(request.line, "GET /sessions/tok HTTP/1.1");
    assert_eq!(request.header("authorization"), Some(format!("Bearer {CREDENTIAL}").as_str()));
    assert_eq!(request.header("api-version"), None);
}

#[tokio::test]
async fn an_id_stays_one_segment_of_the_path() {
    for (token, expected) in [
        ("..\\..\\admin", "GET /sessions/..%5C..%5Cadmin HTTP/1.1"),
        ("../x", "GET /sessions/..%2Fx HTTP/1.1"),
        ("a?b#c", "GET /sessions/a%3Fb%23c HTTP/1.1"),
        ("%2e%2e", "GET /sessions/%252e%252e HTTP/1.1"),
        ("...", "GET /sessions/... HTTP/1.1"),
    ] {
        let server = ScriptedServer::start(vec![json(200, ENVELOPE)]).await;
        server.hum().session(&PathSegment::new(token).unwrap()).await.unwrap();
        assert_eq!(server.requests()[0].line, expected);
    }
    for token in ["", ".", "..", "a\r\nb"] {
        assert!(PathSegment::new(token).is_err(), "{token:?}");
    }
}

#[tokio::test]
async fn an_id_in_the_query_is_encoded() {
    let server = ScriptedServer::start(vec![json(404, "{}")]).await;
    server.calmyx().session_status("a&b=c d#e").await.unwrap_err();
    assert_eq!(server.requests()[0].line, "GET /v2/session/status?session_id=a%26b%3Dc+d%23e HTTP/1.1");
}

#[tokio::test]
async fn what_breaks_a_documented_bound_is_not_sent() {
    let server = ScriptedServer::start(vec![json(200, CREATED)]).await;
    let client = server.calmyx();
    let good = Location { lat: 0.0, lng: 0.0 };
    for locations in [vec![], vec![good.clone(); 501], vec![good, Location { lat: 95.0, lng: 0.0 }]] {
        assert!(client.create_session(&locations).await.unwrap_err().request().is_none());
    }
    assert!(client.session_status("").await.unwrap_err().request().is_none());
    assert!(server.hum().create_session(&hum_client::address("1 A St")).await.unwrap_err().request().is_none());
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = ScriptedServer::start(vec![json(200, ENVELOPE)]).await;
    for status in [301, 302, 303, 307, 308] {
        let location = format!("Location: {}/stolen", elsewhere.base());
        let server = ScriptedServer::start(vec![reply(status, &location, "")]).await;
        let error = server.hum().session(&PathSegment::new("tok").unwrap()).await.unwrap_err();
        assert_eq!(error.request().unwrap().status(), Some(status));
        assert_eq!(error.setback().failure, Failure::Rejected);
        assert!(!error.to_string().contains("stolen"), "{error}");
    }
    assert!(elsewhere.requests().is_empty());
}

#[tokio::test]
async fn a_body_is_read_up_to_the_limit_and_no_further() {
    let limits = Limits { body: 1000, ..Limits::default() };
    let fits =
        format!(r#"{{"meta": {{}}, "padding": "{}"}}"#, "x".repeat(1000 - r#"{"meta": {}, "padding": ""}"#.len()));
    for (body, headers, fits) in [
        (fits.clone(), "Content-Type: application/json", true),
        (format!("{fits} "), "Content-Type: application/json", false),
        ("x".repeat(5_000_000), "Content-Type: application/json", false),
    ] {
        let server = ScriptedServer::start(vec![reply(200, headers, &body)]).await;
        let outcome = server.hum_with(limits).session(&PathSegment::new("tok").unwrap()).await;
        match outcome {
            Ok(_) => assert!(fits, "{} bytes were taken", body.len()),
            Err(error) => {
                assert!(!fits, "{error}");
                assert!(error.to_string().ends_with("is larger than 1000 bytes"), "{error}");
            }
        }
    }
    let chunk = format!("{:x}\r\n{}\r\n", 600, "x".repeat(600));
    let endless = format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{}", chunk.repeat(1000));
    let server = ScriptedServer::start(vec![endless.into_bytes()]).await;
    let error = server.hum_with(limits).session(&PathSegment::new("tok").unwrap()).await.unwrap_err();
    assert!(error.to_string().ends_with("is larger than 1000 bytes"), "{error}");
}

#[tokio::test]
async fn a_compressed_body_that_nobody_asked_for_is_an_error() {
    let server = ScriptedServer::start(vec![reply(200, "Content-Encoding: gzip", "\u{1f}\u{8b}")]).await;
    let error = server.calmyx().session_status("s").await.unwrap_err();
    assert!(error.to_string().ends_with("sent a compressed body that was not asked for"), "{error}");
    assert_eq!(server.requests()[0].header("accept-encoding"), None);
}

#[tokio::test]
async fn a_broken_connection_is_transient_and_shows_no_query() {
    let cut = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"sta".to_vec();
    let nothing = Vec::new();
    let garbage = b"\x16\x03\x01 not http\r\n\r\n".to_vec();
    for bytes in [cut, nothing, garbage] {
        let server = ScriptedServer::start(vec![bytes]).await;
        let error = server.calmyx().session_status("sess_private").await.unwrap_err();
        assert_eq!(error.setback().failure, Failure::Transient, "{error:?}");
        let mut shown = format!("{error} {error:?}");
        let mut cause = error.source();
        while let Some(one) = cause {
            shown.push_str(&format!("{one} {one:?}"));
            cause = one.source();
        }
        assert!(!shown.contains("sess_private") && !shown.contains(CREDENTIAL), "{shown}");
    }
}

#[tokio::test]
async fn an_answer_that_never_ends_is_given_up_in_time() {
    let limits = Limits { request: Duration::from_millis(200), ..Limits::default() };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let client = hum_client::Client::with_limits(
        hum_client::BaseUrl::parse(&base).unwrap(),
        hum_client::Credential::new(CREDENTIAL).unwrap(),
        limits,
    )
    .unwrap();
    let error = client.session(&PathSegment::new("tok").unwrap()).await.unwrap_err();
    assert!(error.to_string().contains("no complete answer from"), "{error}");
    assert_eq!(error.setback().failure, Failure::Transient);
}
