//! How each API says no, and the headers that every reply carries.

use std::{fmt, time::Duration};

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use serde_json::{Value, json};

use crate::{error::ServerError, request::Refusal};

/// One of the two APIs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Api {
    /// Scores how quiet locations are; its paths are under `/v2`.
    Calmyx,
    /// Looks up Internet providers of addresses; it has all other paths.
    Hum,
}

impl fmt::Display for Api {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Calmyx => "calmyx",
            Self::Hum => "hum",
        })
    }
}

impl Api {
    /// The API that a path belongs to: Calmyx lives under `/v2`, everything else is Hum's.
    pub(crate) fn of_path(path: &str) -> Self {
        match path.strip_prefix("/v2") {
            Some(rest) if rest.is_empty() || rest.starts_with('/') => Self::Calmyx,
            Some(_) | None => Self::Hum,
        }
    }

    /// A refusal in this API's own shape. `sentence` is shown to people and never quotes what was sent.
    ///
    /// The documents give no error body. Calmyx gets an object with one sentence; Hum its envelope (HUM-REQUEST-STATUS).
    pub(crate) fn refuse(self, status: StatusCode, sentence: &str) -> Response {
        reply(status, &self.refusal(sentence))
    }

    /// The body of a refusal.
    pub(crate) fn refusal(self, sentence: &str) -> Value {
        match self {
            Self::Calmyx => json!({ "error": sentence }),
            Self::Hum => json!({ "message": sentence, "request_status": "error", "data": {}, "meta": {} }),
        }
    }

    /// What a handler came to, as a reply.
    pub(crate) fn answer(self, result: Result<Response, Failure>) -> Response {
        match result {
            Ok(response) => response,
            Err(Failure::Refused(refusal)) => self.refuse_as(&refusal),
            Err(Failure::Broken(error)) => self.unavailable(&error),
        }
    }

    fn refuse_as(self, refusal: &Refusal) -> Response {
        let mut response = self.refuse(refusal.status, &refusal.sentence);
        if let Some(wait) = refusal.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(whole_seconds(wait)));
        }
        response
    }

    /// The storage failed: nothing is acknowledged, and it may be worth asking again.
    fn unavailable(self, error: &ServerError) -> Response {
        tracing::error!(error = error as &dyn std::error::Error, api = ?self, "a call was given up");
        let mut response =
            self.refuse(StatusCode::SERVICE_UNAVAILABLE, "The server cannot reach its storage. Try again later.");
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        response
    }
}

/// Rounded up: who waits that long has waited long enough.
fn whole_seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}

/// Why a call got no answer of the documented kind.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The caller's doing.
    Refused(Refusal),
    /// The server's.
    Broken(ServerError),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl<E: Into<ServerError>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Broken(error.into())
    }
}

/// A JSON reply that no cache may keep: it describes one caller's session at one moment.
pub(crate) fn reply(status: StatusCode, body: &impl Serialize) -> Response {
    (status, [(header::CACHE_CONTROL, "no-store")], Json(body)).into_response()
}

/// The same with a body that is JSON already.
pub(crate) fn json_reply(status: StatusCode, body: Vec<u8>) -> Response {
    let json = HeaderValue::from_static("application/json");
    let no_store = HeaderValue::from_static("no-store");
    (status, [(header::CACHE_CONTROL, no_store), (header::CONTENT_TYPE, json)], body).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_belong_to_an_api() {
        for (path, expected) in [
            ("/v2", Api::Calmyx),
            ("/v2/", Api::Calmyx),
            ("/v2/session/nope", Api::Calmyx),
            ("/v20/session", Api::Hum),
            ("/sessions", Api::Hum),
            ("/", Api::Hum),
            ("", Api::Hum),
        ] {
            assert_eq!(Api::of_path(path), expected, "{path:?}");
        }
    }
}
