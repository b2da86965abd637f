//! What went wrong with one request.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use abide_core::{Failure, Setback};
use reqwest::StatusCode;

use crate::oddity::{Oddity, SetAside};
#[cfg(not(target_arch = "wasm32"))]
use crate::received::Received;
use crate::retry_after::retry_after;
use crate::{BaseUrl, Transport};

/// The longest text of a server's explanation that is kept, in characters.
const MESSAGE_LENGTH: usize = 300;

/// A request that brought no usable answer.
///
/// `Display` is one line: the operation, what happened, where. It never holds a body, a query or a credential; what the
/// server said of its own accord stays apart in [`Error::server_message`]. [`Error::failure`] says what it means for a wait.
pub struct Error(Box<Inner>);

struct Inner {
    operation: &'static str,
    base: String,
    kind: Kind,
    retry_after: Option<Duration>,
    server_message: Option<String>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    Setup,
    Unreachable,
    TimedOut,
    Broken,
    Odd(StatusCode, Oddity),
    Undecodable(String),
    Status(StatusCode),
    Unsendable,
}

impl Error {
    /// Explains an error of a generated method; `operation` is its operationId.
    pub async fn from_generated(
        error: progenitor_client::Error<()>,
        operation: &'static str,
        transport: &Transport,
    ) -> Self {
        use progenitor_client::Error as Generated;
        let base = transport.base();
        match error {
            Generated::CommunicationError(cause)
            | Generated::ResponseBodyError(cause)
            | Generated::InvalidUpgrade(cause) => Self::from_reqwest(operation, base, cause),
            Generated::InvalidResponsePayload(_, cause) => Self::from_decoder(operation, base, &cause),
            Generated::UnexpectedResponse(response) => Self::from_response(operation, transport, response).await,
            Generated::ErrorResponse(value) => Self::new(operation, base, Kind::Status(value.status())),
            Generated::InvalidRequest(_) | Generated::Custom(_) => Self::new(operation, base, Kind::Unsendable),
        }
    }

    pub(crate) fn setup(base: &BaseUrl, cause: reqwest::Error) -> Self {
        let mut error = Self::new("setup", base, Kind::Setup);
        error.0.source = Some(Box::new(cause.without_url()));
        error
    }

    pub(crate) fn from_decoder(operation: &'static str, base: &BaseUrl, cause: &serde_json::Error) -> Self {
        Self::new(operation, base, Kind::Undecodable(expectation(cause)))
    }

    /// The order matters: a time limit that passed while connecting is an unreachable server.
    pub(crate) fn from_reqwest(operation: &'static str, base: &BaseUrl, cause: reqwest::Error) -> Self {
        #[cfg(not(target_arch = "wasm32"))]
        let unreachable = cause.is_connect();
        #[cfg(target_arch = "wasm32")]
        let unreachable = false;
        let kind = if unreachable {
            Kind::Unreachable
        } else if cause.is_timeout() {
            Kind::TimedOut
        } else if cause.is_builder() {
            Kind::Unsendable
        } else {
            Kind::Broken
        };
        let mut error = Self::new(operation, base, kind);
        error.0.source = Some(Box::new(cause.without_url()));
        error
    }

    async fn from_response(operation: &'static str, transport: &Transport, response: reqwest::Response) -> Self {
        let kind = match set_aside(&response) {
            Some(aside) => Kind::Odd(aside.status, aside.oddity),
            None => Kind::Status(response.status()),
        };
        let retry_after = retry_after(response.headers());
        let body = response.bytes().await.unwrap_or_default();
        Self::from_answer(operation, transport, kind, retry_after, &body)
    }

    /// An answer that is no success, or one that was set aside.
    #[cfg(not(target_arch = "wasm32"))]
    pub(crate) fn from_received(operation: &'static str, transport: &Transport, received: &Received) -> Self {
        let kind = match received.oddity() {
            Some(oddity) => Kind::Odd(received.status(), oddity),
            None => Kind::Status(received.status()),
        };
        Self::from_answer(operation, transport, kind, retry_after(received.headers()), received.body())
    }

    fn from_answer(
        operation: &'static str,
        transport: &Transport,
        kind: Kind,
        retry_after: Option<Duration>,
        body: &[u8],
    ) -> Self {
        let mut error = Self::new(operation, transport.base(), kind);
        error.0.retry_after = retry_after;
        let said = server_message(body).filter(|said| !transport.credential().occurs_in(said));
        error.0.server_message = said.map(|said| said.chars().take(MESSAGE_LENGTH).collect());
        error
    }

    fn new(operation: &'static str, base: &BaseUrl, kind: Kind) -> Self {
        Self(Box::new(Inner {
            operation,
            base: base.as_str().to_owned(),
            kind,
            retry_after: None,
            server_message: None,
            source: None,
        }))
    }

    /// The operationId of the call.
    pub fn operation(&self) -> &'static str {
        self.0.operation
    }

    /// The HTTP status, when an answer came. A success whose JSON is not what the documents describe has none: the decoder
    /// does not keep it.
    pub fn status(&self) -> Option<u16> {
        match &self.0.kind {
            Kind::Status(status) | Kind::Odd(status, _) => Some(status.as_u16()),
            Kind::Setup
            | Kind::Unreachable
            | Kind::TimedOut
            | Kind::Broken
            | Kind::Undecodable(_)
            | Kind::Unsendable => None,
        }
    }

    /// How long the server asked to be left alone.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// What the server said about it, from a JSON body's `message`, `error` or `detail`. Untrusted text: escape it
    /// before it reaches a terminal. At most 300 characters, and never one that repeats the credential.
    pub fn server_message(&self) -> Option<&str> {
        self.0.server_message.as_deref()
    }

    /// Whether no connection came about: nothing was sent.
    pub fn is_unreachable(&self) -> bool {
        self.0.kind == Kind::Unreachable
    }

    /// Whether a success came without a body.
    pub fn is_empty_success(&self) -> bool {
        matches!(self.0.kind, Kind::Odd(_, Oddity::Empty))
    }

    /// Whether a success came with a body that is not what the documents describe.
    pub fn is_undecodable(&self) -> bool {
        matches!(self.0.kind, Kind::Undecodable(_) | Kind::Odd(_, Oddity::NotJson))
    }

    /// Whether the credential was refused (401 or 403).
    pub fn is_denied(&self) -> bool {
        self.failure() == Failure::Denied
    }

    /// Whether the session is gone (410).
    pub fn is_gone(&self) -> bool {
        self.failure() == Failure::Gone
    }

    /// Whether the thing asked for is not known to the server (404).
    pub fn is_not_found(&self) -> bool {
        self.failure() == Failure::NotFound
    }

    /// What it means for somebody who waits.
    pub fn failure(&self) -> Failure {
        match &self.0.kind {
            Kind::Unreachable | Kind::TimedOut | Kind::Broken | Kind::Odd(..) | Kind::Undecodable(_) => {
                Failure::Transient
            }
            Kind::Setup | Kind::Unsendable => Failure::Rejected,
            Kind::Status(status) => match status.as_u16() {
                401 | 403 => Failure::Denied,
                404 => Failure::NotFound,
                410 => Failure::Gone,
                429 => Failure::Throttled,
                503 if self.0.retry_after.is_some() => Failure::Throttled,
                408 | 425 | 500.. | ..300 => Failure::Transient,
                300..500 => Failure::Rejected,
            },
        }
    }

    /// [`Error::failure`] together with [`Error::retry_after`]: what the machines of `abide-core` take.
    pub fn setback(&self) -> Setback {
        Setback { failure: self.failure(), retry_after: self.retry_after() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { operation, base, kind, .. } = &*self.0;
        write!(formatter, "{operation}: ")?;
        match kind {
            Kind::Setup => write!(formatter, "the HTTP client could not be set up"),
            Kind::Unreachable => write!(formatter, "no connection to {base}"),
            Kind::TimedOut => write!(formatter, "no complete answer from {base} in time"),
            Kind::Broken => write!(formatter, "the exchange with {base} broke off"),
            Kind::Odd(status, Oddity::Empty) => {
                write!(formatter, "{base} answered {} with an empty body", status.as_u16())
            }
            Kind::Odd(_, Oddity::TooLarge { limit }) => {
                write!(formatter, "the answer of {base} is larger than {limit} bytes")
            }
            Kind::Odd(_, Oddity::NotJson) => {
                write!(formatter, "the answer of {base} is not the documented JSON (it is no JSON object)")
            }
            Kind::Odd(_, Oddity::Encoded) => {
                write!(formatter, "{base} sent a compressed body that was not asked for")
            }
            Kind::Undecodable(expectation) => {
                write!(formatter, "the answer of {base} is not the documented JSON ({expectation})")
            }
            Kind::Status(status) if status.is_redirection() => write!(
                formatter,
                "{base} answered {} (a redirect, not followed; is the base URL right?)",
                status.as_u16()
            ),
            Kind::Status(status) => match status.canonical_reason() {
                Some(reason) => write!(formatter, "{base} answered {} {reason}", status.as_u16()),
                None => write!(formatter, "{base} answered {}", status.as_u16()),
            },
            Kind::Unsendable => write!(formatter, "the request could not be built"),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Error")
            .field("operation", &self.0.operation)
            .field("kind", &self.0.kind)
            .field("retry_after", &self.0.retry_after)
            .field("source", &self.0.source)
            .finish_non_exhaustive()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn set_aside(response: &reqwest::Response) -> Option<SetAside> {
    response.extensions().get().copied()
}

/// In a browser no answer is set aside: see `Transport::exec`.
#[cfg(target_arch = "wasm32")]
fn set_aside(_: &reqwest::Response) -> Option<SetAside> {
    None
}

/// What the decoder wanted, without what it found: serde quotes the offending value, and that is part of the body.
fn expectation(cause: &serde_json::Error) -> String {
    let text = cause.to_string();
    let place = format!("line {}, column {}", cause.line(), cause.column());
    if let Some(wanted) = text.rfind(", expected ").and_then(|at| text.get(at + 2..)) {
        return wanted.to_owned();
    }
    if text.starts_with("missing field ") {
        return text;
    }
    match cause.classify() {
        serde_json::error::Category::Eof => format!("it ends too early, {place}"),
        serde_json::error::Category::Syntax => format!("no JSON at {place}"),
        serde_json::error::Category::Data | serde_json::error::Category::Io => format!("unfit value at {place}"),
    }
}

fn server_message(body: &[u8]) -> Option<String> {
    let value: serde_json::Value = serde_json::from_slice(body).ok()?;
    let text = ["message", "error", "detail"].iter().find_map(|key| value.get(key)?.as_str())?;
    Some(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode<T: serde::de::DeserializeOwned + fmt::Debug>(text: &str) -> String {
        expectation(&serde_json::from_str::<T>(text).unwrap_err())
    }

    #[derive(Debug, serde::Deserialize)]
    struct Row {
        #[serde(rename = "score")]
        _score: i64,
    }

    #[test]
    fn expectations_never_quote_the_body() {
        for (text, expected) in [
            (r#"{"score":"s3cr3t"}"#, "expected i64 at line 1 column 17"),
            (r#"{"score":"s3cr3t, expected x"}"#, "expected i64 at line 1 column 29"),
            (r#"{"s3cr3t":1}"#, "missing field `score` at line 1 column 12"),
            ("<html>s3cr3t", "no JSON at line 1, column 1"),
            (r#"{"score": 1"#, "it ends too early, line 1, column 11"),
        ] {
            let found = decode::<Row>(text);
            assert_eq!(found, expected, "{text}");
            assert!(!found.contains("s3cr3t"));
        }
    }

    #[test]
    fn failures_by_status() {
        let base = BaseUrl::parse("http://127.0.0.1:1").unwrap();
        for (status, retry_after, expected) in [
            (204, None, Failure::Transient),
            (302, None, Failure::Rejected),
            (400, None, Failure::Rejected),
            (401, None, Failure::Denied),
            (403, None, Failure::Denied),
            (404, None, Failure::NotFound),
            (408, None, Failure::Transient),
            (410, None, Failure::Gone),
            (422, None, Failure::Rejected),
            (425, None, Failure::Transient),
            (429, None, Failure::Throttled),
            (500, None, Failure::Transient),
            (503, None, Failure::Transient),
            (503, Some(1), Failure::Throttled),
            (504, None, Failure::Transient),
            (999, None, Failure::Transient),
        ] {
            let mut error = Error::new("op", &base, Kind::Status(StatusCode::from_u16(status).unwrap()));
            error.0.retry_after = retry_after.map(Duration::from_secs);
            assert_eq!(error.failure(), expected, "{status}");
        }
    }

    #[test]
    fn messages() {
        for (body, expected) in [
            (r#"{"message":"no such session"}"#, Some("no such session")),
            (r#"{"error":"bad","status":4}"#, Some("bad")),
            (r#"{"error":{"code":1}}"#, None),
            ("<html>", None),
            ("", None),
        ] {
            assert_eq!(server_message(body.as_bytes()).as_deref(), expected, "{body}");
        }
    }
}
