//! One request to be made, in the terms of the API.

use bytes::Bytes;
use http::{Method, Request as HttpRequest, header};
use serde_json::Value;

use crate::catalogue::Api;
use crate::trace::{Body, Credential, How, Operation, Request, Which};
use crate::wire::segment;

/// One request to be made.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    pub(crate) operation: Operation,
    method: Method,
    path: String,
    query: Vec<(String, String)>,
    pub(crate) credential: Credential,
    session: Option<String>,
    invented: bool,
    body: Option<String>,
}

/// The documented form of a credential, of the first account unless said otherwise.
pub(crate) const fn right(api: Api, which: Which) -> Credential {
    match api {
        Api::Calmyx => Credential::new(How::Bare, which),
        Api::Hum => Credential::new(How::Bearer, which),
    }
}

impl Ask {
    fn new(api: Api, operation: Operation, method: Method, path: impl Into<String>) -> Self {
        Self {
            operation,
            method,
            path: path.into(),
            query: Vec::new(),
            credential: right(api, Which::First),
            session: None,
            invented: false,
            body: None,
        }
    }

    pub(crate) fn create(api: Api, body: &Value) -> Self {
        let path = match api {
            Api::Calmyx => "/v2/session/new",
            Api::Hum => "/sessions",
        };
        Self { body: Some(body.to_string()), ..Self::new(api, Operation::CreateSession, Method::POST, path) }
    }

    pub(crate) fn status(api: Api, session: &str) -> Self {
        let ask = match api {
            Api::Calmyx => {
                let query = vec![("session_id".to_owned(), session.to_owned())];
                Self { query, ..Self::status_without_id() }
            }
            Api::Hum => Self::new(api, Operation::GetSession, Method::GET, format!("/sessions/{}", segment(session))),
        };
        Self { session: Some(session.to_owned()), ..ask }
    }

    /// Calmyx only: a status call that names no session.
    pub(crate) fn status_without_id() -> Self {
        Self::new(Api::Calmyx, Operation::GetSessionStatus, Method::GET, "/v2/session/status")
    }

    pub(crate) fn close(token: &str) -> Self {
        let path = format!("/sessions/{}", segment(token));
        Self { session: Some(token.to_owned()), ..Self::new(Api::Hum, Operation::CloseSession, Method::DELETE, path) }
    }

    pub(crate) fn services(token: &str) -> Self {
        let path = format!("/sessions/{}/services/internet", segment(token));
        let ask = Self::new(Api::Hum, Operation::GetInternetServices, Method::GET, path);
        Self { session: Some(token.to_owned()), ..ask }
    }

    pub(crate) fn listing_stats() -> Self {
        Self::new(Api::Calmyx, Operation::GetListingStats, Method::GET, "/v2/listings/stats")
    }

    pub(crate) fn delete_listing(listing: &str) -> Self {
        let path = format!("/v2/listings/{}", segment(listing));
        Self::new(Api::Calmyx, Operation::DeleteListing, Method::DELETE, path)
    }

    /// With another credential, or another form of it.
    pub(crate) fn with(self, credential: Credential) -> Self {
        Self { credential, ..self }
    }

    /// The same, known to be about an id that nobody gave out.
    pub(crate) fn invented(self) -> Self {
        Self { invented: true, ..self }
    }

    /// Whether it may be asked again at any time: a creation, or a call that is to be refused. A call on a session of one's
    /// own may end that session, whoever answers it.
    pub(crate) fn is_repeatable(&self) -> bool {
        let is_own = self.credential.which == Some(Which::First) && self.session.is_some() && !self.invented;
        self.operation == Operation::CreateSession || !is_own
    }

    /// What a trace holds of it.
    pub(crate) fn request(&self) -> Request {
        Request {
            operation: self.operation,
            method: self.method.to_string(),
            path: self.path.clone(),
            query: self.query.clone(),
            headers: std::collections::BTreeMap::new(),
            credential: self.credential,
            session: self.session.clone(),
            invented: self.invented,
            body: self.body.clone().map_or(Body::Empty, Body::Json),
        }
    }

    /// What goes over the wire; `authorization` is the whole value of the header. `None` where it cannot be sent.
    pub(crate) fn message(&self, authorization: Option<&str>) -> Option<HttpRequest<Bytes>> {
        let mut uri = self.path.clone();
        for (place, (name, value)) in self.query.iter().enumerate() {
            uri.push(if place == 0 { '?' } else { '&' });
            uri.push_str(&format!("{}={}", segment(name), segment(value)));
        }
        let mut builder = HttpRequest::builder().method(self.method.clone()).uri(uri);
        builder = builder.header(header::ACCEPT, "application/json");
        if let Some(value) = authorization {
            let mut value = http::HeaderValue::from_str(value).ok()?;
            value.set_sensitive(true);
            builder = builder.header(header::AUTHORIZATION, value);
        }
        // Without it a server may compress as it likes.
        builder = builder.header(header::ACCEPT_ENCODING, "identity");
        if self.body.is_some() {
            builder = builder.header(header::CONTENT_TYPE, "application/json");
        }
        builder.body(self.body.clone().unwrap_or_default().into()).ok()
    }
}
