//! Everything that is refused, in the shape of the API that was called, and without a trace in the database.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use serde_json::{Value, json};

use crate::service::{
    CALMYX, CALMYX_OTHER, HUM, HUM_OTHER, Reply, Service, calmyx_body, hum_body, request, status_path,
};

/// A refusal is JSON of the API's own shape and quotes nothing.
#[track_caller]
fn check(reply: &Reply, status: u16, calmyx: bool) {
    assert_eq!(reply.status.as_u16(), status, "{:?}", reply.body);
    let body = reply.json();
    if calmyx {
        assert_eq!(body.as_object().unwrap().len(), 1);
        assert!(body["error"].as_str().unwrap().ends_with('.'), "{body}");
    } else {
        assert_eq!(body["request_status"], "error");
        assert_eq!((&body["data"], &body["meta"]), (&json!({}), &json!({})));
        assert!(body["message"].as_str().unwrap().ends_with('.'), "{body}");
    }
    assert!(!String::from_utf8_lossy(&reply.body).contains("canary"));
}

fn bodies_that_are_not_json() -> Vec<(Vec<u8>, u16)> {
    let deep = "[".repeat(200) + &"]".repeat(200);
    vec![
        (b"".to_vec(), 400),
        (b"canary".to_vec(), 400),
        (b"{".to_vec(), 400),
        (b"{\"locations\":[{\"lat\":NaN,\"lng\":1}]}".to_vec(), 400),
        (b"{\"locations\":[{\"lat\":Infinity,\"lng\":1}]}".to_vec(), 400),
        (b"{\"locations\":[{\"lat\":1e400,\"lng\":1}]}".to_vec(), 400),
        (b"{\"street1\":\"\xff\xfe\"}".to_vec(), 400),
        (deep.into_bytes(), 400),
        (vec![b' '; 2 * 1024 * 1024], 413),
    ]
}

#[tokio::test]
async fn bad_bodies() {
    let service = Service::new();
    for (body, status) in bodies_that_are_not_json() {
        check(&service.post("/v2/session/new", CALMYX, body.clone()).await, status, true);
        check(&service.post("/sessions", HUM, body).await, status, false);
    }
    for body in [json!({}), json!([]), json!(null), calmyx_body(0), calmyx_body(501), json!({ "locations": [{}] })] {
        check(&service.post("/v2/session/new", CALMYX, body.to_string()).await, 400, true);
    }
    for body in [json!({}), json!([]), json!(null), json!({ "street1": "canary" }), json!({ "street1": 7, "zip": "1" })]
    {
        check(&service.post("/sessions", HUM, body.to_string()).await, 422, false);
    }
}

#[tokio::test]
async fn a_body_of_unknown_length_is_cut_off_too() {
    let service = Service::new();
    let chunks = std::iter::repeat_n(Ok::<_, std::convert::Infallible>("        ".repeat(1024)), 256);
    let body = Body::from_stream(futures_util::stream::iter(chunks));
    check(&service.post("/v2/session/new", CALMYX, body).await, 413, true);
}

#[tokio::test]
async fn other_media_types() {
    let service = Service::new();
    for (path, credential, calmyx) in [("/v2/session/new", CALMYX, true), ("/sessions", HUM, false)] {
        let mut post = request(Method::POST, path, credential, Body::from("lat=1"));
        let form = header::HeaderValue::from_static("application/x-www-form-urlencoded");
        post.headers_mut().insert(header::CONTENT_TYPE, form);
        check(&service.send(post).await, 415, calmyx);
    }
}

#[tokio::test]
async fn a_missing_media_type_is_taken_for_json() {
    let service = Service::new();
    let mut post = request(Method::POST, "/sessions", HUM, Body::from(hum_body().to_string()));
    post.headers_mut().remove(header::CONTENT_TYPE);
    assert_eq!(service.send(post).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn credentials() {
    let service = Service::new();
    let calmyx = status_path(&service.calmyx_session(1).await);
    let hum = format!("/sessions/{}", service.hum_session().await);
    for wrong in
        ["", "canary", "Bearer calmyx-key-1", "Bearer canary", "Basic aHVtLXRva2VuLTE6", "calmyx-key-", "hum-token-1"]
    {
        check(&service.get(&calmyx, wrong).await, 401, true);
        check(&service.post("/v2/session/new", wrong, calmyx_body(1).to_string()).await, 401, true);
        check(&service.post("/sessions", wrong, hum_body().to_string()).await, 401, false);
        check(&service.get(&hum, wrong).await, 401, false);
        check(&service.get(&format!("{hum}/services/internet"), wrong).await, 401, false);
        let closing = service.delete(&hum, wrong).await;
        check(&closing, 401, false);
        assert_eq!(closing.headers[header::WWW_AUTHENTICATE], "Bearer");
    }
    for (path, calmyx) in [(&calmyx, true), (&hum, false)] {
        let without = Request::builder().uri(path).body(Body::empty()).unwrap();
        check(&service.send(without).await, 401, calmyx);
    }
    // The credential comes first: nobody learns from a body or an id whether it was right.
    check(&service.post("/v2/session/new", "canary", "not JSON").await, 401, true);
    check(&service.get(&status_path("nope"), "canary").await, 401, true);
    assert_eq!(service.get(&hum, HUM).await.status, StatusCode::ACCEPTED, "the session is untouched");
}

#[tokio::test]
async fn the_credential_of_one_api_is_none_of_the_other() {
    let service = Service::new();
    check(&service.get("/sessions/nope", CALMYX).await, 401, false);
    check(&service.get("/sessions/nope", "Bearer calmyx-key-1").await, 401, false);
    check(&service.get(&status_path("nope"), "hum-token-1").await, 401, true);
}

#[tokio::test]
async fn foreign_is_unknown_to_the_byte() {
    let service = Service::new();
    let calmyx = service.calmyx_session(1).await;
    let foreign = service.get(&status_path(&calmyx), CALMYX_OTHER).await;
    let unknown = service.get(&status_path("sess_0123456789abcdefghijkl"), CALMYX_OTHER).await;
    check(&foreign, 404, true);
    assert_eq!((&foreign.body, &foreign.headers), (&unknown.body, &unknown.headers));

    let hum = service.hum_session().await;
    for suffix in ["", "/services/internet"] {
        let foreign = service.get(&format!("/sessions/{hum}{suffix}"), HUM_OTHER).await;
        let unknown = service.get(&format!("/sessions/0123456789abcdefghijkl{suffix}"), HUM_OTHER).await;
        check(&foreign, 404, false);
        assert_eq!((&foreign.body, &foreign.headers), (&unknown.body, &unknown.headers));
    }
    check(&service.delete(&format!("/sessions/{hum}"), HUM_OTHER).await, 404, false);
    assert_eq!(service.hum_code(&hum).await, 202, "a stranger closes nothing");
}

#[tokio::test]
async fn strange_ids_are_unknown() {
    let service = Service::new();
    let (calmyx, hum) = (service.calmyx_session(1).await, service.hum_session().await);
    let long = "a".repeat(20_000);
    for id in [
        "nope",
        "%27%20OR%20%271%27=%271",
        "%27;DROP%20TABLE%20hum_session;--",
        "%00",
        "%0d%0aX:%20y",
        "..%2f..%2fetc",
        "%ff%fe",
        "%e2%80%ae",
        "%25",
        "_",
        "*",
        &long,
    ] {
        check(&service.get(&status_path(id), CALMYX).await, 404, true);
        check(&service.get(&format!("/sessions/{id}"), HUM).await, 404, false);
        check(&service.delete(&format!("/sessions/{id}"), HUM).await, 404, false);
        check(&service.get(&format!("/sessions/{id}/services/internet"), HUM).await, 404, false);
    }
    assert_eq!(service.get(&status_path(&calmyx), CALMYX).await.status, StatusCode::OK);
    assert_eq!(service.hum_code(&hum).await, 202);
}

#[tokio::test]
async fn a_status_call_needs_one_session_id() {
    let service = Service::new();
    let id = service.calmyx_session(1).await;
    for query in ["", "?", "?session_id", "?session_id=", "?session=x", &format!("?session_id={id}&session_id={id}")] {
        check(&service.get(&format!("/v2/session/status{query}"), CALMYX).await, 400, true);
    }
    let more = format!("/v2/session/status?x=%ff&session_id={id}&y");
    assert_eq!(service.get(&more, CALMYX).await.status, StatusCode::OK);
}

#[tokio::test]
async fn unknown_paths_and_methods() {
    let service = Service::new();
    for path in
        ["/v2", "/v2/", "/v2/session", "/v2/session/new/", "/v2/session/status/x", "/v2/listings", "/v2/listing/x"]
    {
        check(&service.get(path, CALMYX).await, 404, true);
    }
    for path in
        ["/", "/session", "/sessions/", "/sessions/a/", "/sessions/a/services", "/sessions//services/internet", "/v20"]
    {
        check(&service.get(path, HUM).await, 404, false);
    }
    for (method, path, allow) in [
        (Method::GET, "/v2/session/new", "POST"),
        (Method::POST, "/v2/session/status", "GET,HEAD"),
        (Method::GET, "/sessions", "POST"),
        (Method::PUT, "/sessions/a", "GET,HEAD,DELETE"),
        (Method::DELETE, "/sessions/a/services/internet", "GET,HEAD"),
        (Method::OPTIONS, "/sessions", "POST"),
    ] {
        let reply = service.send(request(method, path, "", Body::empty())).await;
        check(&reply, 405, path.starts_with("/v2"));
        assert_eq!(reply.headers[header::ALLOW], allow, "{path}");
    }
}

#[tokio::test]
async fn refused_creations_use_up_no_listings() {
    let service = Service::with(None, abide_server::Plan::Trial, 1);
    for _ in 0..3 {
        check(&service.post("/v2/session/new", CALMYX, calmyx_body(501).to_string()).await, 400, true);
    }
    let session = service.calmyx_session(100).await;
    service.advance(60.0);
    let report: Value = service.calmyx_status(&session).await;
    let limited = |item: &&Value| item["error"] == "Listing limit reached";
    assert_eq!(report["results"].as_array().unwrap().iter().filter(limited).count(), 0);
}
