//! A scenario being played: takes one request after the other, answers each, and writes both down.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::request::Parts;
use http::{HeaderName, HeaderValue, StatusCode, header};
use httpdate::fmt_http_date;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use tokio::sync::Notify;

use super::book::Book;
use super::scenario::{Pause, Scenario, Scripted};
use crate::catalogue::Api;
use crate::trace::{Answer, Body, Credential, How, NoReply, Operation, Reply, Request, Which};
use crate::wire;

/// After so many requests a client is not waiting but flooding. A patient one makes twenty in the longest scenario.
pub(crate) const MOST_REQUESTS: u32 = 300;
/// The same of the bytes in their bodies, all together: the trace holds them.
pub(crate) const MOST_BYTES: usize = 8 * 1024 * 1024;

/// A scenario being played.
pub(crate) struct Stage {
    scenario: Scenario,
    credential: String,
    /// By how much every duration is divided.
    speed: u32,
    book: Arc<Book>,
    progress: Mutex<Progress>,
    flooded: Notify,
}

/// What a client sent too much of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flood {
    Requests,
    Bytes,
}

impl Flood {
    /// In a sentence about the client.
    pub(crate) fn describe(self) -> String {
        match self {
            Self::Requests => format!("it sent more than {MOST_REQUESTS} requests"),
            Self::Bytes => format!("it sent more than {} MB", MOST_BYTES / (1024 * 1024)),
        }
    }
}

#[derive(Debug, Default)]
struct Progress {
    /// Whatever arrived, readable or not; connections without a request too.
    requests: u32,
    bytes: usize,
    flood: Option<Flood>,
    creations: usize,
    polls: usize,
    closed: bool,
}

/// What goes back over the wire.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Served {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) body: Vec<u8>,
    pub(crate) end: EndOfReply,
}

/// How a reply ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EndOfReply {
    /// As it should.
    Whole,
    /// The connection breaks after half of the body.
    Broken,
    /// There is no reply at all: the connection is closed.
    Withheld,
}

impl Stage {
    pub(crate) fn new(scenario: Scenario, credential: String, speed: u32, book: Arc<Book>) -> Self {
        let progress = Mutex::new(Progress::default());
        Self { scenario, credential, speed, book, progress, flooded: Notify::new() }
    }

    pub(crate) fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    pub(crate) fn book(&self) -> &Book {
        &self.book
    }

    /// Returns once the client has sent more than anybody who waits.
    pub(crate) async fn flooded(&self) -> Flood {
        self.flooded.notified().await;
        self.progress().flood.unwrap_or(Flood::Requests)
    }

    /// Answers a request that arrived at that instant.
    pub(crate) fn serve(&self, arrived: u64, parts: &Parts, body: &[u8]) -> Served {
        if !self.admits(body.len()) {
            return withheld();
        }
        let request = self.read(parts, body);
        let served = self.answer(&mut self.progress(), &request);
        self.book.exchange(self.scenario.name(), arrived, request, recorded(&served));
        served
    }

    /// Notes a request that was no HTTP, such as one with a space in its path.
    pub(crate) fn unreadable(&self, arrived: u64) {
        if self.admits(0) {
            self.refused(arrived, Request::default(), StatusCode::BAD_REQUEST);
        }
    }

    /// Notes a request whose body is longer than anybody needs, of which nothing was kept.
    pub(crate) fn too_large(&self, arrived: u64, parts: &Parts, limit: usize) {
        if self.admits(limit) {
            let body = Body::TooLarge { limit: limit as u64 };
            self.refused(arrived, Request { body, ..self.read(parts, &[]) }, StatusCode::PAYLOAD_TOO_LARGE);
        }
    }

    /// Counts a request that never came whole, or a connection without any.
    pub(crate) fn in_vain(&self) {
        self.admits(0);
    }

    fn refused(&self, arrived: u64, request: Request, status: StatusCode) {
        let answer = Answer { status: status.as_u16(), headers: std::collections::BTreeMap::new(), body: Body::Empty };
        self.book.exchange(self.scenario.name(), arrived, request, Reply::Answer(answer));
    }

    /// Counts what arrived; false once there was too much.
    fn admits(&self, bytes: usize) -> bool {
        let mut progress = self.progress();
        progress.requests = progress.requests.saturating_add(1);
        progress.bytes = progress.bytes.saturating_add(bytes);
        let flood = if progress.requests > MOST_REQUESTS {
            Some(Flood::Requests)
        } else {
            (progress.bytes > MOST_BYTES).then_some(Flood::Bytes)
        };
        progress.flood = progress.flood.or(flood);
        if progress.flood.is_some() {
            self.flooded.notify_one();
        }
        progress.flood.is_none()
    }

    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, progress: &mut Progress, request: &Request) -> Served {
        if let Some(always) = &self.scenario.always {
            return self.perform(always);
        }
        let is_ours = request.session.as_deref() == Some(self.scenario.session().as_str());
        match request.operation {
            Operation::CreateSession => {
                let place = progress.creations;
                progress.creations += 1;
                match self.scenario.before_creation.get(place) {
                    Some(first) => self.perform(first),
                    None => self.created(request),
                }
            }
            _ if !is_ours => page(404),
            _ if progress.closed => page(410),
            Operation::GetSessionStatus | Operation::GetSession => {
                let place = progress.polls;
                progress.polls += 1;
                self.scenario.reply(place).map_or_else(|| page(404), |reply| self.perform(reply))
            }
            Operation::CloseSession => {
                progress.closed = true;
                json_reply(200, &envelope("Session closed", &json!([]), &json!({})))
            }
            Operation::GetInternetServices => json_reply(200, &envelope("Services", &json!([]), &json!({}))),
            Operation::GetListingStats | Operation::DeleteListing | Operation::Other => page(404),
        }
    }

    fn created(&self, request: &Request) -> Served {
        let session = self.scenario.session();
        match self.scenario.api {
            Api::Calmyx => {
                let sent: Option<Value> = request.body.json().and_then(|text| serde_json::from_str(text).ok());
                let total = sent.and_then(|sent| Some(sent.get("locations")?.as_array()?.len()));
                let submitted = "2026-01-15T10:30:00.000000";
                let reply =
                    json!({"session_id": session, "total_locations": total.unwrap_or(0), "submitted_at": submitted});
                json_reply(200, &reply)
            }
            Api::Hum => {
                let meta = json!({"session_status": "open", "responded_at": "2026-01-15T10:30:00.179Z"});
                let mut reply = envelope("Session created", &json!([]), &meta);
                let place = if self.scenario.token_in_data { "data" } else { "meta" };
                if let Some(members) = reply.get_mut(place) {
                    if !members.is_object() {
                        *members = json!({});
                    }
                    if let Some(members) = members.as_object_mut() {
                        members.insert("session_token".to_owned(), json!(session));
                    }
                }
                json_reply(201, &reply)
            }
        }
    }

    fn perform(&self, reply: &Scripted) -> Served {
        match reply {
            Scripted::Json(status, body) => json_reply(*status, &self.named(body)),
            Scripted::Truncated(body) => Served { end: EndOfReply::Broken, ..json_reply(200, &self.named(body)) },
            Scripted::Page(status) => page(*status),
            Scripted::PushedBack(status, pause) => {
                let mut served = page(*status);
                served.headers.extend(self.retry_after(*pause));
                served
            }
            Scripted::Nothing => withheld(),
        }
    }

    /// The body with the token where the document echoes it.
    fn named(&self, body: &Value) -> Value {
        let mut body = body.clone();
        if let Some(token) = body.pointer_mut("/meta/session_token") {
            *token = json!(self.scenario.session());
        }
        body
    }

    fn retry_after(&self, pause: Pause) -> Vec<(HeaderName, HeaderValue)> {
        let scaled = |seconds: u64| seconds.div_ceil(u64::from(self.speed));
        let now = self.book.wall(self.book.now());
        match pause {
            Pause::Unsaid => Vec::new(),
            Pause::Seconds(seconds) => vec![(header::RETRY_AFTER, HeaderValue::from(scaled(seconds)))],
            Pause::Date(seconds) => {
                let date = |time: jiff::Timestamp| HeaderValue::from_str(&fmt_http_date(time.into())).ok();
                // A date has whole seconds: the next one begins after the pause, not within it.
                let until = now.checked_add(Duration::from_secs(scaled(seconds) + 1)).unwrap_or(now);
                let headers = [(header::DATE, date(now)), (header::RETRY_AFTER, date(until))];
                headers.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
            }
        }
    }

    fn read(&self, parts: &Parts, body: &[u8]) -> Request {
        let path = parts.uri.path();
        // The client was told where the API begins, so that anything before it is another address.
        let (prefix, _) = wire::split_prefix(self.scenario.api, path);
        let (operation, segment) = if prefix.is_empty() {
            wire::operation(self.scenario.api, parts.method.as_str(), path)
        } else {
            (Operation::Other, None)
        };
        let query = query(parts.uri.query().unwrap_or_default());
        let session = match segment {
            Some(encoded) => Some(percent_decode_str(encoded).decode_utf8_lossy().into_owned()),
            None => query.iter().find(|(name, _)| name == "session_id").map(|(_, id)| id.clone()),
        };
        let headers = parts.headers.iter().filter(|(name, _)| KEPT_HEADERS.contains(&name.as_str()));
        Request {
            operation,
            method: parts.method.to_string(),
            path: path.to_owned(),
            query,
            headers: headers
                .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
                .collect(),
            credential: self.credential(parts.headers.get(header::AUTHORIZATION)),
            session,
            invented: false,
            body: wire::body(body),
        }
    }

    fn credential(&self, value: Option<&HeaderValue>) -> Credential {
        let Some(value) = value else { return Credential::NONE };
        let text = String::from_utf8_lossy(value.as_bytes());
        let (how, secret) = match text.split_once(' ') {
            Some((scheme, secret)) if scheme.eq_ignore_ascii_case("bearer") => (How::Bearer, secret.trim()),
            Some((_, secret)) => (How::Other, secret.trim()),
            None => (How::Bare, text.as_ref()),
        };
        Credential::new(how, if secret == self.credential { Which::First } else { Which::Wrong })
    }
}

/// What a reader of the trace may want to know of a request.
const KEPT_HEADERS: [&str; 3] = ["accept", "content-type", "user-agent"];

fn query(text: &str) -> Vec<(String, String)> {
    let base = reqwest::Url::parse("http://host/").ok();
    let url = base.map(|mut url| {
        url.set_query(Some(text).filter(|text| !text.is_empty()));
        url
    });
    url.map(|url| url.query_pairs().into_owned().collect()).unwrap_or_default()
}

fn envelope(message: &str, data: &Value, meta: &Value) -> Value {
    json!({"message": message, "request_status": "ok", "data": data, "meta": meta})
}

fn json_reply(status: u16, body: &Value) -> Served {
    let kind = HeaderValue::from_static("application/json");
    Served {
        status,
        headers: vec![(header::CONTENT_TYPE, kind)],
        body: body.to_string().into_bytes(),
        end: EndOfReply::Whole,
    }
}

fn page(status: u16) -> Served {
    let kind = HeaderValue::from_static("text/html");
    let body = format!("<html><body><h1>{status}</h1></body></html>").into_bytes();
    Served { status, headers: vec![(header::CONTENT_TYPE, kind)], body, end: EndOfReply::Whole }
}

fn withheld() -> Served {
    Served { status: 0, headers: Vec::new(), body: Vec::new(), end: EndOfReply::Withheld }
}

/// What the trace holds of a reply.
fn recorded(served: &Served) -> Reply {
    let body = match served.end {
        EndOfReply::Withheld => return Reply::None { why: NoReply::Withheld, detail: String::new() },
        EndOfReply::Whole => wire::body(&served.body),
        EndOfReply::Broken => Body::Truncated { received: served.first_half().len() as u64 },
    };
    let kept = served.headers.iter().filter(|(name, _)| wire::REPLY_HEADERS.contains(&name.as_str()));
    let headers =
        kept.map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())).collect();
    Reply::Answer(Answer { status: served.status, headers, body })
}

impl Served {
    /// What is sent of a body that breaks off.
    pub(crate) fn first_half(&self) -> &[u8] {
        self.body.get(..self.body.len() / 2).unwrap_or_default()
    }
}
