//! Watching what goes over the wire: for recordings.

use std::time::Instant;

use reqwest::header::HeaderMap;
use reqwest::{Method, Request, Url};

/// Is told of every exchange of a [`Transport`](crate::Transport) once it is over.
///
/// It is called on the task that sent the request, so it must not block for long. A request that was given up before its
/// answer, because whoever waited for it was dropped, is not told.
pub trait Observer: Send + Sync {
    /// One request and what came back.
    fn exchanged(&self, exchange: &Exchange<'_>);
}

/// One request and what came back, as it went over the wire. `Debug` shows no query, no header and no body.
#[derive(Debug)]
pub struct Exchange<'a> {
    /// What was asked.
    pub asked: &'a Asked,
    /// When the request was about to leave.
    pub sent: Instant,
    /// When the answer was read, or given up.
    pub received: Instant,
    /// What came back.
    pub came: Came<'a>,
}

/// A request as it was sent. Its headers hold the credential.
#[derive(Clone)]
pub struct Asked {
    /// Such as `GET`.
    pub method: Method,
    /// Where it went, with its query.
    pub url: Url,
    /// `Authorization` among them.
    pub headers: HeaderMap,
    /// What was sent with it.
    pub body: Vec<u8>,
}

impl Asked {
    pub(crate) fn of(request: &Request) -> Self {
        let body = request.body().and_then(reqwest::Body::as_bytes).unwrap_or_default();
        Self {
            method: request.method().clone(),
            url: request.url().clone(),
            headers: request.headers().clone(),
            body: body.to_vec(),
        }
    }
}

/// Nothing of the query, the headers and the body: they are not for logs.
impl std::fmt::Debug for Asked {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Asked").field("method", &self.method).finish_non_exhaustive()
    }
}

/// What came back.
pub enum Came<'a> {
    /// A status, at least.
    Answer {
        /// The status code.
        status: u16,
        /// The headers.
        headers: &'a HeaderMap,
        /// What was read of the body.
        body: &'a [u8],
        /// How the body ended.
        end: BodyEnd,
    },
    /// Nothing that could be called an answer.
    Nothing(&'a Failure),
}

/// How much there is, and nothing of it.
impl std::fmt::Debug for Came<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Answer { status, headers, body, end } => formatter
                .debug_struct("Answer")
                .field("status", status)
                .field("headers", &headers.len())
                .field("bytes", &body.len())
                .field("end", end)
                .finish(),
            // It knows the address, query and all.
            Self::Nothing(failure) => {
                let kind = if failure.is_timeout() { "timed out" } else { "no answer" };
                formatter.debug_tuple("Nothing").field(&kind).finish()
            }
        }
    }
}

/// Why nothing came back.
pub type Failure = reqwest::Error;

/// How a body ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyEnd {
    /// As it should.
    Whole,
    /// Reading stopped at this many bytes.
    TooLarge {
        /// The limit.
        limit: usize,
    },
    /// The connection broke.
    Broken,
    /// The time was up.
    TimedOut,
}

#[cfg(test)]
mod tests {
    use reqwest::header::{AUTHORIZATION, HeaderValue};

    use super::*;

    #[test]
    fn nothing_secret_is_shown() {
        let headers = HeaderMap::from_iter([(AUTHORIZATION, HeaderValue::from_static("canary"))]);
        let url = Url::parse("https://api.example/v2?session_id=canary").unwrap();
        let asked = Asked { method: Method::GET, url, headers: headers.clone(), body: b"canary".to_vec() };
        let came = Came::Answer { status: 200, headers: &headers, body: b"canary", end: BodyEnd::Whole };
        let now = Instant::now();
        let shown = format!("{:?}", Exchange { asked: &asked, sent: now, received: now, came });
        assert!(shown.contains("bytes: 6") && !shown.contains("canary"), "{shown}");
    }
}
