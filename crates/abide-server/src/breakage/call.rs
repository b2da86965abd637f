//! A call, taken apart: what was asked, of which session, by whom, and the body as JSON.

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::Request,
    http::{HeaderValue, StatusCode, header, request::Parts},
};
use serde_json::Value;

use crate::{
    reply::Api,
    request::{BODY_LIMIT, Refusal},
};

/// What a call asks for, as far as a change to it or to its reply may depend on that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operation {
    CalmyxCreate,
    CalmyxStatus,
    HumCreate,
    HumStatus,
    HumServices,
    HumClose,
    /// Listings, usage, analytics, and what does not exist.
    Other,
}

/// A call that can be changed before it reaches the good server.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    parts: Parts,
    body: Bytes,
}

impl Call {
    /// Reads the whole body; one above the server's own limit is refused as the server would.
    pub(crate) async fn read(request: Request) -> Result<Self, Refusal> {
        let (parts, body) = request.into_parts();
        let body = to_bytes(body, BODY_LIMIT).await.map_err(|_| {
            Refusal::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                format!("The body could not be read, or is larger than {BODY_LIMIT} bytes."),
            )
        })?;
        Ok(Self { parts, body })
    }

    /// The request again, as it stands.
    pub(crate) fn into_request(self) -> Request {
        Request::from_parts(self.parts, Body::from(self.body))
    }

    pub(crate) fn api(&self) -> Api {
        Api::of_path(self.path())
    }

    pub(crate) fn operation(&self) -> Operation {
        let segments: Vec<&str> = self.path().trim_start_matches('/').split('/').collect();
        match (self.parts.method.as_str(), segments.as_slice()) {
            ("POST", ["v2", "session", "new"]) => Operation::CalmyxCreate,
            ("GET", ["v2", "session", "status"]) => Operation::CalmyxStatus,
            ("POST", ["sessions"]) => Operation::HumCreate,
            ("GET", ["sessions", _]) => Operation::HumStatus,
            ("GET", ["sessions", _, "services", "internet"]) => Operation::HumServices,
            ("DELETE", ["sessions", _]) => Operation::HumClose,
            (_, _) => Operation::Other,
        }
    }

    /// The session that the call names, as it is written in the call.
    pub(crate) fn session(&self) -> Option<&str> {
        match self.operation() {
            Operation::CalmyxStatus => {
                let mut pairs = self.parts.uri.query().unwrap_or_default().split('&');
                pairs.find_map(|pair| pair.strip_prefix("session_id=")).filter(|id| !id.is_empty())
            }
            Operation::HumStatus | Operation::HumServices | Operation::HumClose => {
                self.path().trim_start_matches('/').split('/').nth(1)
            }
            Operation::CalmyxCreate | Operation::HumCreate | Operation::Other => None,
        }
    }

    /// Lets the call be about another session, written as it goes into the address.
    pub(crate) fn name_session(&mut self, session: &str) {
        let address = match self.operation() {
            Operation::CalmyxStatus => format!("/v2/session/status?session_id={session}"),
            Operation::HumStatus | Operation::HumClose => format!("/sessions/{session}"),
            Operation::HumServices => format!("/sessions/{session}/services/internet"),
            Operation::CalmyxCreate | Operation::HumCreate | Operation::Other => return,
        };
        if let Ok(uri) = address.parse() {
            self.parts.uri = uri;
        }
    }

    pub(crate) fn path(&self) -> &str {
        self.parts.uri.path()
    }

    pub(crate) fn authorization(&self) -> Option<&HeaderValue> {
        self.parts.headers.get(header::AUTHORIZATION)
    }

    /// Lets somebody else be the caller.
    pub(crate) fn call_as(&mut self, authorization: HeaderValue) {
        self.parts.headers.insert(header::AUTHORIZATION, authorization);
    }

    /// The body, where it is JSON.
    pub(crate) fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// Changes the body, where it is JSON.
    pub(crate) fn edit_json(&mut self, edit: impl FnOnce(&mut Value)) {
        let Some(mut body) = self.json() else { return };
        edit(&mut body);
        self.body = body.to_string().into();
        // Its old value would cut the new body, or wait for more of it.
        self.parts.headers.remove(header::CONTENT_LENGTH);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(method: &str, address: &str, operation: Operation, session: Option<&str>) {
        let request = Request::builder().method(method).uri(address).body(()).unwrap();
        let call = Call { parts: request.into_parts().0, body: Bytes::new() };
        assert_eq!((call.operation(), call.session()), (operation, session), "{method} {address}");
    }

    #[test]
    fn calls_are_recognised() {
        check("POST", "/v2/session/new", Operation::CalmyxCreate, None);
        check("GET", "/v2/session/new", Operation::Other, None);
        check("GET", "/v2/session/status", Operation::CalmyxStatus, None);
        check("GET", "/v2/session/status?session_id=", Operation::CalmyxStatus, None);
        check("GET", "/v2/session/status?a=b&session_id=x%20y", Operation::CalmyxStatus, Some("x%20y"));
        check("POST", "/sessions", Operation::HumCreate, None);
        check("GET", "/sessions/abc", Operation::HumStatus, Some("abc"));
        check("DELETE", "/sessions/abc", Operation::HumClose, Some("abc"));
        check("GET", "/sessions/abc/services/internet", Operation::HumServices, Some("abc"));
        check("GET", "/sessions/abc/services", Operation::Other, None);
        check("DELETE", "/v2/listings/abc", Operation::Other, None);
    }

    #[test]
    fn a_call_can_be_about_another_session() {
        for (method, address, expected) in [
            ("GET", "/v2/session/status?session_id=a", "/v2/session/status?session_id=b"),
            ("DELETE", "/sessions/a", "/sessions/b"),
            ("GET", "/sessions/a/services/internet", "/sessions/b/services/internet"),
            ("POST", "/sessions", "/sessions"),
        ] {
            let request = Request::builder().method(method).uri(address).body(()).unwrap();
            let mut call = Call { parts: request.into_parts().0, body: Bytes::new() };
            call.name_session("b");
            assert_eq!(call.parts.uri, expected);
        }
    }
}
