//! A server without a socket, two callers of each API, and what they say.

use std::{
    num::NonZeroU32,
    path::Path,
    time::{Duration, SystemTime},
};

use abide_server::{Config, Credentials, Plan, ServerClock, router};
use axum::{
    Router,
    body::{Body, Bytes, HttpBody, to_bytes},
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use serde_json::{Value, json};
use tower::ServiceExt;

pub(crate) const CALMYX: &str = "calmyx-key-1";
pub(crate) const CALMYX_OTHER: &str = "calmyx-key-2";
pub(crate) const HUM: &str = "Bearer hum-token-1";
pub(crate) const HUM_OTHER: &str = "Bearer hum-token-2";

/// What a server of these tests is started with.
pub(crate) fn config(database: Option<&Path>, plan: Plan, speed: u32) -> Config {
    let credentials = Credentials {
        calmyx: ["calmyx-key-1".into(), "calmyx-key-2".into()],
        hum: ["hum-token-1".into(), "hum-token-2".into()],
    };
    Config {
        database: database.map(Path::to_owned),
        speed: NonZeroU32::new(speed).unwrap(),
        plan,
        ..Config::local(credentials)
    }
}

pub(crate) struct Service {
    router: Router,
    clock: ServerClock,
}

impl Service {
    pub(crate) fn new() -> Self {
        Self::with(None, Plan::Unlimited, 1)
    }

    pub(crate) fn with(database: Option<&Path>, plan: Plan, speed: u32) -> Self {
        Self::starting_after(0.0, &config(database, plan, speed))
    }

    /// A server whose clock stands that many seconds after 2026-01-15 10:30 UTC.
    pub(crate) fn starting_after(seconds: f64, config: &Config) -> Self {
        let start = Duration::from_secs_f64(29_474_550.0 * 60.0 + seconds);
        let clock = ServerClock::manual(SystemTime::UNIX_EPOCH + start);
        Self::of(router(config, clock.clone()).unwrap(), clock)
    }

    pub(crate) fn of(router: Router, clock: ServerClock) -> Self {
        Self { router, clock }
    }

    pub(crate) fn advance(&self, seconds: f64) {
        self.clock.advance(Duration::from_secs_f64(seconds));
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Reply {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let has_length = body.size_hint().exact().is_some();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        Reply { status: parts.status, headers: parts.headers, body, has_length }
    }

    pub(crate) async fn get(&self, path: &str, credential: &str) -> Reply {
        self.send(request(Method::GET, path, credential, Body::empty())).await
    }

    pub(crate) async fn post(&self, path: &str, credential: &str, body: impl Into<Body>) -> Reply {
        self.send(request(Method::POST, path, credential, body.into())).await
    }

    pub(crate) async fn delete(&self, path: &str, credential: &str) -> Reply {
        self.send(request(Method::DELETE, path, credential, Body::empty())).await
    }

    /// A new Calmyx session with that many locations.
    pub(crate) async fn calmyx_session(&self, locations: usize) -> String {
        let reply = self.post("/v2/session/new", CALMYX, calmyx_body(locations).to_string()).await;
        assert_eq!(reply.status, StatusCode::OK, "{:?}", reply.body);
        reply.json()["session_id"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn calmyx_status(&self, session_id: &str) -> Value {
        let reply = self.get(&status_path(session_id), CALMYX).await;
        assert_eq!(reply.status, StatusCode::OK);
        reply.json()
    }

    /// A new Hum session.
    pub(crate) async fn hum_session(&self) -> String {
        let reply = self.post("/sessions", HUM, hum_body().to_string()).await;
        assert_eq!(reply.status, StatusCode::CREATED, "{:?}", reply.body);
        reply.json()["meta"]["session_token"].as_str().unwrap().to_owned()
    }

    /// The status code of a Hum status call.
    pub(crate) async fn hum_code(&self, token: &str) -> u16 {
        self.get(&format!("/sessions/{token}"), HUM).await.status.as_u16()
    }
}

pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// Whether its length was known before it was read.
    pub(crate) has_length: bool,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.headers[header::CONTENT_TYPE], "application/json");
        serde_json::from_slice(&self.body).unwrap()
    }
}

pub(crate) fn request(method: Method, path: &str, credential: &str, body: Body) -> Request<Body> {
    Request::builder()
        .method(method)
        .uri(path)
        .header(header::AUTHORIZATION, credential)
        .header(header::CONTENT_TYPE, "application/json")
        .body(body)
        .unwrap()
}

pub(crate) fn calmyx_body(locations: usize) -> Value {
    let locations: Vec<Value> = (0..u32::try_from(locations).unwrap())
        .map(|number| json!({ "lat": 30.0 + f64::from(number) / 100.0, "lng": -120.5 }))
        .collect();
    json!({ "locations": locations })
}

pub(crate) fn hum_body() -> Value {
    json!({ "street1": "29090 Tiffany Drive E", "city": "Southfield", "state": "MI", "zip": "48034" })
}

pub(crate) fn status_path(session_id: &str) -> String {
    format!("/v2/session/status?session_id={session_id}")
}
