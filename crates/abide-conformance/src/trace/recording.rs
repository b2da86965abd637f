//! Writing down what a client does anyway: each exchange a line, as soon as it is over.

use std::collections::BTreeMap;
use std::io::{self, Write};

use percent_encoding::percent_decode_str;

use super::{
    Answer, Body, Credential, Fact, Header, How, Operation, Recorder, Redactor, Reply, Request, Source, Subject, Which,
};
use crate::catalogue::Api;
use crate::wire;

/// What a program's own timers may be off by, in microseconds.
const TOLERANCE: u64 = 100_000;
/// What a reader of the trace may want to know of a request.
const KEPT_HEADERS: [&str; 3] = ["accept", "content-type", "user-agent"];

/// A trace of both sides, written by a client while it waits for sessions that it did not create. Instants are microseconds
/// from a moment of the caller's choosing. Of what was written no more is kept in memory than the digests of some thousand
/// bodies, and no credential is written.
///
/// ```
/// use abide_conformance::catalogue::Api;
/// use abide_conformance::trace::{Body, Recording, Reply, Said, read};
///
/// let mut file = Vec::new();
/// let mut recording = Recording::begin(Api::Hum, "http://127.0.0.1:8080", "a-secret-token", 1, &mut file)?;
/// recording.started("t0ken", 0)?;
/// let said = Said { method: "GET", path: "/sessions/t0ken", authorization: Some("Bearer a-secret-token"), ..Said::default() };
/// recording.exchange(10, 20, &said, Recording::<Vec<u8>>::answer(202, [], Body::Empty))?;
/// recording.ended("t0ken", 30, Some("gave-up"))?;
///
/// let text = String::from_utf8(file).expect("JSON is UTF-8");
/// assert!(!text.contains("a-secret-token"));
/// assert_eq!(read(text.as_bytes()).expect("it is a trace").exchanges.len(), 1);
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Recording<W> {
    api: Api,
    /// What stands in a path before the API's own part of it.
    prefix: String,
    credential: Redacted,
    recorder: Recorder<W>,
}

/// A credential that no log shows.
struct Redacted(String);

impl std::fmt::Debug for Redacted {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("[first credential]")
    }
}

/// A request in the words of HTTP.
#[derive(Clone, Copy, Default)]
pub struct Said<'a> {
    /// Such as `GET`.
    pub method: &'a str,
    /// As sent, percent-encoded, without the query.
    pub path: &'a str,
    /// Decoded.
    pub query: &'a [(String, String)],
    /// The others are of no interest to a judge.
    pub headers: &'a [(String, String)],
    /// The value of that header.
    pub authorization: Option<&'a str>,
    /// What was sent with it.
    pub body: &'a [u8],
}

/// Nothing that may be secret.
impl std::fmt::Debug for Said<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Said").field("method", &self.method).finish_non_exhaustive()
    }
}

impl<W: Write> Recording<W> {
    /// Begins a recording with its header. `base_url` is where the API is, `credential` what the client uses there, `speed`
    /// by how much the documented durations are divided.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn begin(api: Api, base_url: &str, credential: &str, speed: u32, file: W) -> io::Result<Self> {
        let mut header = Header::new(api, Subject::Both, Source::Recorded, base_url);
        header.driver = format!("abide {}", env!("CARGO_PKG_VERSION"));
        header.speed = speed;
        header.tolerance = TOLERANCE;
        let mut redactor = Redactor::default();
        redactor.learn(Which::First, credential);
        let prefix = reqwest::Url::parse(base_url).map(|url| url.path().trim_end_matches('/').to_owned());
        Ok(Self {
            api,
            prefix: prefix.unwrap_or_default(),
            credential: Redacted(credential.to_owned()),
            recorder: Recorder::new(header, redactor, Some(file))?.forgetful(),
        })
    }

    /// Notes that the client began to wait for a session.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn started(&mut self, session: &str, at: u64) -> io::Result<()> {
        self.recorder.fact(Fact::ClientStarted { case: session.to_owned(), at })
    }

    /// Notes that the wait for a session ended with this outcome, or was left off without one.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn ended(&mut self, session: &str, at: u64, outcome: Option<&str>) -> io::Result<()> {
        self.recorder.fact(Fact::ClientEnded {
            case: session.to_owned(),
            at,
            outcome: outcome.map(str::to_owned),
            exit: None,
            stopped: outcome.is_none(),
            why: None,
        })
    }

    /// Notes that the machine was so busy, or the process stopped for so long, that everything came late by this much.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn late(&mut self, lag: u64, at: u64) -> io::Result<()> {
        self.recorder.fact(Fact::HostLag { case: String::new(), lag, at: Some(at) })
    }

    /// Notes one exchange.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn exchange(&mut self, sent: u64, received: u64, said: &Said<'_>, reply: Reply) -> io::Result<()> {
        let request = self.request(said);
        let case = request.session.clone().unwrap_or_default();
        self.recorder.exchange(&case, sent, received, request, reply).map(|_| ())
    }

    /// An answer with what a verdict may need of its headers, whose names are in lower case.
    pub fn answer<'h>(status: u16, headers: impl IntoIterator<Item = (&'h str, String)>, body: Body) -> Reply {
        let known = headers.into_iter().filter(|(name, _)| wire::REPLY_HEADERS.contains(name));
        Reply::Answer(Answer { status, headers: known.map(|(name, value)| (name.to_owned(), value)).collect(), body })
    }

    /// What the bytes of a whole body are.
    pub fn body(bytes: &[u8]) -> Body {
        wire::body(bytes)
    }

    fn request(&self, said: &Said<'_>) -> Request {
        let path = said.path.strip_prefix(self.prefix.as_str()).unwrap_or(said.path);
        let (operation, session) = wire::operation(self.api, said.method, path);
        let in_query = said.query.iter().find(|(name, _)| name == "session_id").map(|(_, id)| id.clone());
        let session = match session {
            Some(encoded) => Some(percent_decode_str(encoded).decode_utf8_lossy().into_owned()),
            None => in_query.filter(|_| operation == Operation::GetSessionStatus),
        };
        let kept = said.headers.iter().filter(|(name, _)| KEPT_HEADERS.contains(&name.as_str()));
        Request {
            operation,
            method: said.method.to_owned(),
            path: path.to_owned(),
            query: said.query.to_vec(),
            headers: kept.cloned().collect::<BTreeMap<_, _>>(),
            credential: said.authorization.map_or(Credential::NONE, |value| self.credential(value)),
            session,
            invented: false,
            body: wire::body(said.body),
        }
    }

    fn credential(&self, value: &str) -> Credential {
        let (how, secret) = match value.split_once(' ') {
            Some((scheme, secret)) if scheme.eq_ignore_ascii_case("bearer") => (How::Bearer, secret.trim()),
            Some((_, secret)) => (How::Other, secret.trim()),
            None => (How::Bare, value),
        };
        Credential::new(how, if secret == self.credential.0 { Which::First } else { Which::Wrong })
    }
}
