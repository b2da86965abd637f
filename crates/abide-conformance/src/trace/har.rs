//! Reading an HTTP archive (HAR 1.2), as browsers and proxies write it.
//!
//! An archive is made for people who look at pages: credentials and bodies may be left out, answers may come from a cache,
//! and most of it is about other hosts. What it does not say is unknown here, never absent.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::{
    Answer, Body, Credential, Exchange, Header, How, NoReply, Operation, Redactor, Reply, Request, Source, Subject,
    Trace, TraceError, Which,
};
use crate::catalogue::Api;
use crate::wire;

/// Reads the exchanges of one API out of an archive.
///
/// Requests to other servers than the one that is the API's, and to other paths, are ignored and counted; so is what a
/// cache answered. The server is the one whose calls look most like the API's. `Authorization` values become first and second in the order in which they turn up; requests with a third
/// are ignored, and where there is none, or one that was made unreadable, the credential is
/// [not recorded](How::Unrecorded).
///
/// # Errors
/// [`TraceError::Har`] when the text is no archive, or holds no call of the API.
pub fn read_har(api: Api, text: &str) -> Result<Trace, TraceError> {
    let refused = |problem: &str| TraceError::Har(problem.to_owned());
    let archive: Value =
        serde_json::from_str(text).map_err(|error| TraceError::Har(format!("this is no HAR file: {error}")))?;
    let entries = archive.pointer("/log/entries").and_then(Value::as_array);
    let entries = entries.ok_or_else(|| refused("this is no HAR file: it has no log.entries"))?;

    let mut calls: Vec<Call> = entries.iter().filter_map(|entry| Call::of(api, entry)).collect();
    calls.sort_by_key(|call| call.started);
    let host = server(api, &calls);
    let host = host.ok_or_else(|| TraceError::Har(format!("no request in this HAR file is a {} call", api.title())))?;
    calls.retain(|call| call.base == host && call.request.operation != Operation::Other && !call.is_cached);
    let mut ignored = entries.len() - calls.len();

    let mut header = Header::new(api, Subject::Server, Source::Har, host);
    header.driver = creator(&archive);
    let start = calls.first().map_or(0, |call| call.started);
    header.started = jiff::Timestamp::from_microsecond(start).unwrap_or_default().to_string();
    let mut seen = Credentials::default();
    let mut redactor = Redactor::default();
    for call in &mut calls {
        match call.authorization.take() {
            None => call.request.credential = Credential::UNRECORDED,
            Some(value) => match seen.read(&value, &mut redactor) {
                Some(credential) => call.request.credential = credential,
                None => call.too_many = true,
            },
        }
    }
    ignored += calls.iter().filter(|call| call.too_many).count();
    let sent = |call: &Call| u64::try_from(call.started - start).unwrap_or_default();
    let end =
        calls.iter().map(|call| sent(call).saturating_add(call.took.unwrap_or_default())).max().unwrap_or_default();
    let mut recorder = super::Recorder::<std::io::Sink>::new(header, redactor, None).map_err(TraceError::Unreadable)?;
    for call in calls.into_iter().filter(|call| !call.too_many) {
        let sent = sent(&call);
        let received = call.took.map_or(end, |took| sent.saturating_add(took));
        recorder.exchange("", sent, received, call.request, call.reply).map_err(TraceError::Unreadable)?;
    }
    let mut trace = recorder.finish().map_err(TraceError::Unreadable)?;
    if ignored > 0 {
        trace.remarks.push(format!("{ignored} of {} requests in the file were ignored", entries.len()));
    }
    Ok(trace)
}

/// The server of the API: where most looks like it.
fn server(api: Api, calls: &[Call]) -> Option<String> {
    let mut signs: Vec<(&str, usize)> = Vec::new();
    for call in calls.iter().filter(|call| call.request.operation.is_session_call()) {
        let looks = usize::from(call.looks_like(api));
        match signs.iter_mut().find(|(base, _)| *base == call.base) {
            Some((_, seen)) => *seen += looks,
            None => signs.push((&call.base, looks)),
        }
    }
    // The first of those that have most: of equals the last one would win otherwise.
    signs.into_iter().rev().max_by_key(|(_, seen)| *seen).filter(|(_, seen)| *seen > 0).map(|(base, _)| base.to_owned())
}

/// Whether a value of `Authorization` was made unreadable before the archive was given away.
fn is_blotted_out(value: &str) -> bool {
    let secret = value.split_once(' ').map_or(value, |(_, secret)| secret).trim();
    let word = secret.trim_matches(|letter: char| !letter.is_alphanumeric()).to_ascii_lowercase();
    let is_pattern = !secret.chars().any(|letter| letter.is_alphanumeric() && !matches!(letter, 'x' | 'X'));
    let says = ["redact", "remov", "mask", "hidden", "filter", "sanitiz", "sanitis", "scrub", "omitted"];
    is_pattern || says.iter().any(|sign| word.starts_with(sign))
}

struct Call {
    /// The origin, with what stands before the API's own part of the path.
    base: String,
    started: i64,
    /// In microseconds. An archive that does not say leaves it open: the answer may have come at any time up to its end.
    took: Option<u64>,
    request: Request,
    authorization: Option<String>,
    reply: Reply,
    too_many: bool,
    /// The server never saw it, or answered only that nothing changed.
    is_cached: bool,
}

impl Call {
    fn of(api: Api, entry: &Value) -> Option<Self> {
        let asked = entry.get("request")?;
        let method = asked.get("method")?.as_str()?.to_owned();
        let url = reqwest::Url::parse(asked.get("url")?.as_str()?).ok()?;
        let started: jiff::Timestamp = entry.get("startedDateTime")?.as_str()?.parse().ok()?;
        let took = entry.get("time").and_then(Value::as_f64).filter(|took| *took > 0.0);
        let (prefix, path) = wire::split_prefix(api, url.path());
        let (operation, session) = wire::operation(api, &method, path);
        let query: Vec<(String, String)> =
            url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
        let in_query = query.iter().find(|(name, _)| name == "session_id").map(|(_, id)| id.clone());
        let session = match session {
            Some(encoded) => Some(percent_decode_str(encoded).decode_utf8_lossy().into_owned()),
            None => in_query.filter(|_| operation == Operation::GetSessionStatus),
        };
        let mut headers = header_map(asked);
        let authorization = headers.remove("authorization").filter(|value| !is_blotted_out(value));
        headers.retain(|name, _| name == "content-type");
        let request = Request {
            operation,
            method,
            path: path.to_owned(),
            query,
            headers,
            credential: Credential::NONE,
            session,
            invented: false,
            body: text_body(asked.pointer("/postData/text")),
        };
        Some(Self {
            base: format!("{}{}", url.origin().ascii_serialization(), prefix),
            started: started.as_microsecond(),
            took: took.map(microseconds),
            request,
            authorization,
            reply: reply(entry.get("response")),
            too_many: false,
            is_cached: is_cached(entry),
        })
    }

    /// Whether it speaks of what only this API has.
    fn looks_like(&self, api: Api) -> bool {
        let json = |body: &Body| body.json().and_then(|text| serde_json::from_str::<Value>(text).ok());
        let sent = json(&self.request.body);
        let came = self.reply.answer().and_then(|answer| json(&answer.body));
        let has = |json: &Option<Value>, place: &str| json.as_ref().is_some_and(|json| json.pointer(place).is_some());
        match api {
            // Its paths are its own.
            Api::Calmyx => true,
            Api::Hum => {
                has(&sent, "/street1")
                    || ["/request_status", "/meta/agent_status"].iter().any(|place| has(&came, place))
            }
        }
    }
}

/// Whether a browser's cache answered, which only some browsers tell.
fn is_cached(entry: &Value) -> bool {
    let marked = entry.get("_fromCache").is_some_and(|mark| !matches!(mark, Value::Null | Value::Bool(false)));
    marked || entry.pointer("/response/status").and_then(Value::as_u64) == Some(304)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to what fits")]
fn microseconds(milliseconds: f64) -> u64 {
    (milliseconds * 1000.0).clamp(0.0, 1e15) as u64
}

fn reply(response: Option<&Value>) -> Reply {
    let status =
        response.and_then(|response| response.get("status")?.as_u64()).and_then(|code| u16::try_from(code).ok());
    let (Some(response), Some(status @ 100..)) = (response, status) else {
        return Reply::None { why: NoReply::Reset, detail: "the archive holds no response".to_owned() };
    };
    let mut headers = header_map(response);
    headers.retain(|name, _| wire::REPLY_HEADERS.contains(&name.as_str()));
    Reply::Answer(Answer { status, headers, body: reply_body(response.get("content"), status) })
}

/// The body of a reply. Where the archive was saved without bodies, or only with their beginning, it is not known.
fn reply_body(content: Option<&Value>, status: u16) -> Body {
    let member = |name: &str| content.and_then(|content| content.get(name)).filter(|value| !value.is_null());
    let size = member("size").and_then(Value::as_u64).unwrap_or_default();
    let left_out = Body::Digest { length: size, sha256: String::new() };
    let Some(text) = member("text").and_then(Value::as_str).filter(|_| member("encoding").is_none()) else {
        return if status == 204 { Body::Empty } else { left_out };
    };
    let body = wire::body(text.as_bytes());
    let is_short = size > text.len() as u64;
    if is_short && body.is_empty() {
        left_out
    } else if is_short && matches!(body, Body::NotJson { .. }) {
        Body::Truncated { received: text.len() as u64 }
    } else {
        body
    }
}

fn text_body(text: Option<&Value>) -> Body {
    match text.and_then(Value::as_str) {
        None => Body::Empty,
        Some(text) => wire::body(text.as_bytes()),
    }
}

fn header_map(message: &Value) -> BTreeMap<String, String> {
    let list = message.get("headers").and_then(Value::as_array).into_iter().flatten();
    list.filter_map(|header| {
        Some((header.get("name")?.as_str()?.to_ascii_lowercase(), header.get("value")?.as_str()?.to_owned()))
    })
    .collect()
}

fn creator(archive: &Value) -> String {
    let word = |key: &str| archive.pointer(key).and_then(Value::as_str).unwrap_or_default();
    format!("HAR of {} {}", word("/log/creator/name"), word("/log/creator/version")).trim_end().to_owned()
}

/// The credentials of an archive, in the order in which they turn up.
#[derive(Default)]
struct Credentials(Vec<String>);

impl Credentials {
    fn read(&mut self, value: &str, redactor: &mut Redactor) -> Option<Credential> {
        let (how, secret) = match value.split_once(' ') {
            Some((scheme, secret)) if scheme.eq_ignore_ascii_case("bearer") => (How::Bearer, secret.trim()),
            Some(_) => (How::Other, value),
            None => (How::Bare, value),
        };
        let place = self.0.iter().position(|known| known == secret).unwrap_or_else(|| {
            self.0.push(secret.to_owned());
            self.0.len() - 1
        });
        let which = [Which::First, Which::Second].get(place).copied();
        redactor.learn(which.unwrap_or(Which::Wrong), secret);
        which.map(|which| Credential::new(how, which))
    }
}

impl Exchange {
    /// Whether this one was over before the other one was sent.
    pub fn is_before(&self, other: &Self) -> bool {
        self.received <= other.sent && self.number < other.number
    }
}
