//! A fixed course of calls against a server, and everything that was answered: what a planted bug is looked for in.

use abide_server::{Api, Breakage, Config, Plan, ServerClock, router};
use axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};
use serde_json::{Value, json};
use std::time::{Duration, SystemTime};

use crate::service::{
    CALMYX, CALMYX_OTHER, HUM, HUM_OTHER, Reply, Service, calmyx_body, config, hum_body, status_path,
};

/// One answer.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) code: u16,
    pub(crate) body: Value,
    pub(crate) retry_after: bool,
}

impl From<Reply> for Seen {
    fn from(reply: Reply) -> Self {
        Self {
            code: reply.status.as_u16(),
            body: serde_json::from_slice(&reply.body).unwrap_or_default(),
            retry_after: reply.headers.contains_key("retry-after"),
        }
    }
}

impl Seen {
    pub(crate) fn at(&self, pointer: &str) -> &Value {
        self.body.pointer(pointer).unwrap_or(&Value::Null)
    }

    pub(crate) fn text(&self, pointer: &str) -> &str {
        self.at(pointer).as_str().unwrap_or_default()
    }

    pub(crate) fn number(&self, pointer: &str) -> i64 {
        self.at(pointer).as_i64().unwrap_or_default()
    }

    pub(crate) fn results(&self) -> &[Value] {
        self.at("/results").as_array().map_or(&[], Vec::as_slice)
    }

    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.code)
    }
}

/// What a Calmyx server answers to a session of 40 locations, and to calls that it must refuse.
#[derive(Debug)]
pub(crate) struct CalmyxHistory {
    pub(crate) created: Seen,
    /// Every 0.2 s until the end, and four times after it.
    pub(crate) polls: Vec<Seen>,
    pub(crate) no_key: Seen,
    pub(crate) wrong_key: Seen,
    pub(crate) no_id: Seen,
    pub(crate) unknown: Seen,
    pub(crate) foreign: Seen,
    pub(crate) as_many_as_allowed: Seen,
    pub(crate) too_many: Seen,
    /// Missing, text, beyond the pole.
    pub(crate) invalid: [Seen; 3],
}

/// What a Hum server answers to a session of one address, through its whole life, and to calls that it must refuse.
#[derive(Debug)]
pub(crate) struct HumHistory {
    pub(crate) token: String,
    pub(crate) created: Seen,
    /// Every 0.5 s for 12 s.
    pub(crate) polls: Vec<Seen>,
    pub(crate) early_services: Seen,
    pub(crate) services: Seen,
    pub(crate) no_token: Seen,
    pub(crate) wrong_token: Seen,
    pub(crate) unknown: Seen,
    pub(crate) foreign: Seen,
    /// No street, no place, a zip, a long street, a state.
    pub(crate) invalid: [Seen; 5],
    /// After 16 minutes of silence, and after 16 more.
    pub(crate) renewed: [Seen; 2],
    /// After 30 minutes of silence, thrice.
    pub(crate) expired: [Seen; 3],
    pub(crate) closing: Seen,
    pub(crate) after_closing: [Seen; 2],
}

/// A server with that breakage, in virtual time.
pub(crate) fn broken(breakage: Breakage) -> Service {
    let clock = ServerClock::manual(SystemTime::UNIX_EPOCH + Duration::from_mins(29_474_550));
    let config = Config { breakage, ..config(None, Plan::Unlimited, 1) };
    Service::of(router(&config, clock.clone()).unwrap(), clock)
}

async fn send(service: &Service, method: Method, path: &str, credential: Option<&str>, body: Value) -> Seen {
    let mut request = Request::builder().method(method).uri(path).header("content-type", "application/json");
    if let Some(credential) = credential {
        request = request.header("authorization", credential);
    }
    let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
    service.send(request.body(body).unwrap()).await.into()
}

impl CalmyxHistory {
    pub(crate) async fn of(service: &Service) -> Self {
        let create = |body: Value| send(service, Method::POST, "/v2/session/new", Some(CALMYX), body);
        let created = create(calmyx_body(40)).await;
        let id = created.text("/session_id").to_owned();
        let path = status_path(&id);
        let ask = |key: Option<&'static str>, path: String| async move {
            send(service, Method::GET, &path, key, Value::Null).await
        };
        let mut polls = Vec::new();
        // Long enough for every session that ends at all.
        for _ in 0..60 {
            polls.push(ask(Some(CALMYX), path.clone()).await);
            service.advance(0.2);
        }
        let with = |change: fn(&mut Value)| {
            let mut body = calmyx_body(2);
            change(&mut body["locations"][1]);
            create(body)
        };
        Self {
            no_key: ask(None, path.clone()).await,
            wrong_key: ask(Some("wrong"), path.clone()).await,
            no_id: ask(Some(CALMYX), "/v2/session/status".to_owned()).await,
            unknown: ask(Some(CALMYX), status_path("sess_0000000000000000000000")).await,
            foreign: ask(Some(CALMYX_OTHER), path.clone()).await,
            as_many_as_allowed: create(calmyx_body(500)).await,
            too_many: create(calmyx_body(501)).await,
            invalid: [
                with(|location| drop(location.as_object_mut().unwrap().remove("lng"))).await,
                with(|location| location["lat"] = json!("40.7")).await,
                with(|location| location["lat"] = json!(95)).await,
            ],
            created,
            polls,
        }
    }

    /// The answers that have this status.
    pub(crate) fn with_status(&self, status: &str) -> Vec<&Seen> {
        self.polls.iter().filter(|poll| poll.text("/status") == status).collect()
    }

    pub(crate) fn last(&self) -> &Seen {
        self.polls.last().unwrap()
    }

    /// Whether this holds for some answer and the one after it.
    pub(crate) fn changes(&self, how: fn(&Seen, &Seen) -> bool) -> bool {
        self.polls.windows(2).any(|pair| how(&pair[0], &pair[1]))
    }

    /// All result items of the last answer that have this status.
    pub(crate) fn items(&self, status: &str) -> Vec<&Value> {
        self.last().results().iter().filter(|item| item["status"] == status).collect()
    }
}

impl HumHistory {
    pub(crate) async fn of(service: &Service) -> Self {
        let create = |body: Value| send(service, Method::POST, "/sessions", Some(HUM), body);
        let call = |method: Method, path: String, token: Option<&'static str>| async move {
            send(service, method, &path, token, Value::Null).await
        };
        let created = create(hum_body()).await;
        let token = token_of(&created);
        let path = format!("/sessions/{token}");
        let ask = || call(Method::GET, path.clone(), Some(HUM));
        let early_services = call(Method::GET, format!("{path}/services/internet"), Some(HUM)).await;
        let mut polls = Vec::new();
        for _ in 0..24 {
            polls.push(ask().await);
            service.advance(0.5);
        }
        let services = call(Method::GET, format!("{path}/services/internet"), Some(HUM)).await;
        let no_token = call(Method::GET, path.clone(), None).await;
        let wrong_token = call(Method::GET, path.clone(), Some("Bearer wrong")).await;
        let foreign = call(Method::GET, path.clone(), Some(HUM_OTHER)).await;
        let unknown = call(Method::GET, "/sessions/0000000000000000000000".to_owned(), Some(HUM)).await;
        let mut renewed = Vec::new();
        for _ in 0..2 {
            service.advance(16.0 * 60.0);
            renewed.push(ask().await);
        }
        service.advance(30.0 * 60.0);
        let expired = [ask().await, ask().await, ask().await];

        let second = token_of(&create(hum_body()).await);
        let path = format!("/sessions/{second}");
        call(Method::GET, path.clone(), Some(HUM)).await;
        let closing = call(Method::DELETE, path.clone(), Some(HUM)).await;
        let after_closing =
            [call(Method::GET, path.clone(), Some(HUM)).await, call(Method::GET, path, Some(HUM)).await];
        // A null takes the field out.
        let with = |changes: Value| {
            let mut body = hum_body();
            for (name, value) in changes.as_object().unwrap() {
                if value.is_null() {
                    body.as_object_mut().unwrap().remove(name);
                } else {
                    body[name] = value.clone();
                }
            }
            create(body)
        };
        Self {
            token,
            created,
            polls,
            early_services,
            services,
            no_token,
            wrong_token,
            unknown,
            foreign,
            invalid: [
                with(json!({ "street1": null })).await,
                with(json!({ "zip": null, "city": null })).await,
                with(json!({ "zip": "4803" })).await,
                with(json!({ "street1": "x".repeat(101) })).await,
                with(json!({ "state": "ZZ" })).await,
            ],
            renewed: renewed.try_into().unwrap(),
            expired,
            closing,
            after_closing,
        }
    }

    pub(crate) fn last(&self) -> &Seen {
        self.polls.last().unwrap()
    }

    pub(crate) fn agent(seen: &Seen, name: &str) -> String {
        seen.text(&format!("/meta/agent_status/{name}")).to_owned()
    }
}

/// The token is in meta, or in data as an older page has it.
fn token_of(created: &Seen) -> String {
    [created.text("/meta/session_token"), created.text("/data/session_token")].concat()
}

/// A history with that bug planted, or with none, as its predicates take it.
#[derive(Debug)]
pub(crate) enum History {
    Calmyx(Box<CalmyxHistory>),
    Hum(Box<HumHistory>),
}

impl History {
    pub(crate) async fn of(api: Api, breakage: Breakage) -> Self {
        let service = broken(breakage);
        match api {
            Api::Calmyx => Self::Calmyx(Box::new(CalmyxHistory::of(&service).await)),
            Api::Hum => Self::Hum(Box::new(HumHistory::of(&service).await)),
        }
    }
}

/// Whether a call that should have been refused was answered with success.
pub(crate) fn taken(seen: &Seen) -> bool {
    StatusCode::from_u16(seen.code).is_ok_and(|code| code.is_success())
}
