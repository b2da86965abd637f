//! Sending a request and taking in the whole answer, within limits.

#![cfg_attr(target_arch = "wasm32", allow(dead_code, reason = "a browser bounds bodies and connections itself"))]

use std::fmt;
#[cfg(not(target_arch = "wasm32"))]
use std::sync::Arc;
use std::time::Duration;
#[cfg(not(target_arch = "wasm32"))]
use std::time::Instant;

use progenitor_client::OperationInfo;
use reqwest::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_LENGTH, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Request, Response, StatusCode};
use tracing::debug;

#[cfg(not(target_arch = "wasm32"))]
use crate::observer::{Asked, BodyEnd, Came, Exchange, Observer};
use crate::{BaseUrl, Credential, Error, Scheme};

/// The header that generated code adds to every request; neither API knows it.
const API_VERSION: HeaderName = HeaderName::from_static("api-version");

/// Marks an answer that was set aside (never in a browser): no documented operation expects it, so generated code hands it back whole.
const SET_ASIDE: u16 = 999;

/// How much of the body of an error is read, for what the server says in it.
const ERROR_BODY: usize = 64 << 10;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// How long and how much one request may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// To establish a connection. Default 10 s.
    pub connect: Duration,
    /// For the whole request, the body of the answer included. Default 10 s: shorter than any documented wait, so that one
    /// request that hangs does not use it up.
    pub request: Duration,
    /// The largest body of a success that is read, in bytes. Default 8 MiB; a Calmyx status of 500 locations has about 80 KB.
    pub body: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { connect: Duration::from_secs(10), request: Duration::from_secs(10), body: 8 << 20 }
    }
}

/// What a generated client sends through: the credential, the limits, and the rules of the crate documentation.
#[derive(Clone)]
pub struct Transport {
    base: BaseUrl,
    credential: Credential,
    scheme: Scheme,
    limits: Limits,
    #[cfg(not(target_arch = "wasm32"))]
    observer: Option<Arc<dyn Observer>>,
}

impl Transport {
    /// A transport for one API: this credential goes to this base URL and nowhere else.
    pub fn new(base: BaseUrl, credential: Credential, scheme: Scheme, limits: Limits) -> Self {
        Self {
            base,
            credential,
            scheme,
            limits,
            #[cfg(not(target_arch = "wasm32"))]
            observer: None,
        }
    }

    /// The same, with somebody who is told of every exchange.
    #[cfg(not(target_arch = "wasm32"))]
    #[must_use]
    pub fn observed(self, observer: Arc<dyn Observer>) -> Self {
        Self { observer: Some(observer), ..self }
    }

    /// The base URL that this transport sends to.
    pub fn base(&self) -> &BaseUrl {
        &self.base
    }

    pub(crate) fn credential(&self) -> &Credential {
        &self.credential
    }

    /// Builds the HTTP client: no redirects, no `Referer`, no retries of its own, time limits, and for loopback no proxy.
    ///
    /// # Errors
    /// When TLS cannot be set up on this machine.
    pub fn http_client(&self) -> Result<Client, Error> {
        let builder = Client::builder();
        #[cfg(not(target_arch = "wasm32"))]
        let builder = {
            let builder = builder
                .redirect(reqwest::redirect::Policy::none())
                .referer(false)
                .retry(reqwest::retry::never())
                .user_agent(concat!("abide/", env!("CARGO_PKG_VERSION")))
                .connect_timeout(self.limits.connect)
                .timeout(self.limits.request);
            if self.base.is_loopback() { builder.no_proxy() } else { builder }
        };
        builder.build().map_err(|cause| Error::setup(&self.base, cause))
    }

    /// Sends one request of a generated client. Called from its `ClientHooks::exec`.
    ///
    /// The answer comes back with its whole body in memory. One that no generated type could describe (empty, too
    /// large, compressed unasked) is set aside for [`Error`] to explain.
    ///
    /// # Errors
    /// The connection failed, the time was up, or the body broke off.
    pub async fn exec(
        &self,
        client: &Client,
        mut request: Request,
        operation: &OperationInfo,
    ) -> reqwest::Result<Response> {
        let headers = request.headers_mut();
        headers.remove(API_VERSION);
        if let Some(value) = self.credential.header(self.scheme) {
            headers.insert(AUTHORIZATION, value);
        }
        let response = self.send(client, request).await?;
        debug!(operation = operation.operation_id, status = response.status().as_u16(), "answered");
        Ok(response)
    }

    /// A browser bounds bodies and connections itself and offers no way to rebuild an answer.
    #[cfg(target_arch = "wasm32")]
    async fn send(&self, client: &Client, request: Request) -> reqwest::Result<Response> {
        client.execute(request).await
    }

    #[cfg(not(target_arch = "wasm32"))]
    async fn send(&self, client: &Client, request: Request) -> reqwest::Result<Response> {
        match &self.observer {
            None => self.take_in(client.execute(request).await?).await.answer(self),
            // Few are observed, and the futures of all others stay small.
            Some(observer) => Box::pin(self.send_observed(observer.as_ref(), client, request)).await,
        }
    }

    #[cfg(not(target_arch = "wasm32"))]
    async fn send_observed(
        &self,
        observer: &dyn Observer,
        client: &Client,
        request: Request,
    ) -> reqwest::Result<Response> {
        let asked = Asked::of(&request);
        let sent = Instant::now();
        let (came, received) = match client.execute(request).await {
            Ok(response) => (Ok(self.take_in(response).await), Instant::now()),
            Err(error) => (Err(error), Instant::now()),
        };
        let shown = match &came {
            Ok(taken) => taken.shown(self.limits.body),
            Err(error) => Came::Nothing(error),
        };
        observer.exchanged(&Exchange { asked: &asked, sent, received, came: shown });
        came?.answer(self)
    }

    /// A success is read whole, or up to the limit. Of any other status the status is what counts: its body is read as far
    /// as it goes, for what the server says in it.
    #[cfg(not(target_arch = "wasm32"))]
    async fn take_in(&self, mut response: Response) -> TakenIn {
        let status = response.status();
        let headers = std::mem::take(response.headers_mut());
        let limit = if status.is_success() { self.limits.body } else { ERROR_BODY };
        let (body, end) = read_up_to(&mut response, limit).await;
        TakenIn { status, headers, body, end }
    }

    fn oddity(&self, headers: &HeaderMap, body: &[u8], whole: bool) -> Option<Oddity> {
        let encoding = headers.get(CONTENT_ENCODING).map(HeaderValue::as_bytes);
        if !whole {
            Some(Oddity::TooLarge { limit: self.limits.body })
        } else if encoding.is_some_and(|encoding| !encoding.eq_ignore_ascii_case(b"identity")) {
            Some(Oddity::Encoded)
        } else {
            match body.trim_ascii_start().first() {
                None => Some(Oddity::Empty),
                Some(b'{' | b'[') => None,
                Some(_) => Some(Oddity::NotJson),
            }
        }
    }
}

/// An answer as it was read.
#[cfg(not(target_arch = "wasm32"))]
struct TakenIn {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
    end: End,
}

/// How reading a body ended.
#[cfg(not(target_arch = "wasm32"))]
enum End {
    Whole,
    /// There is more, and it was not read.
    Limit,
    Broken(reqwest::Error),
}

#[cfg(not(target_arch = "wasm32"))]
impl TakenIn {
    /// For an observer.
    fn shown(&self, limit: usize) -> Came<'_> {
        let end = match &self.end {
            End::Whole => BodyEnd::Whole,
            End::Limit => BodyEnd::TooLarge { limit: if self.status.is_success() { limit } else { ERROR_BODY } },
            End::Broken(error) if error.is_timeout() => BodyEnd::TimedOut,
            End::Broken(_) => BodyEnd::Broken,
        };
        Came::Answer { status: self.status.as_u16(), headers: &self.headers, body: &self.body, end }
    }

    /// An answer with its whole body in memory, or set aside with the reason.
    fn answer(mut self, transport: &Transport) -> reqwest::Result<Response> {
        let mut oddity = None;
        if self.status.is_success() {
            if let End::Broken(error) = self.end {
                return Err(error);
            }
            if self.body.starts_with(BYTE_ORDER_MARK) {
                self.body.drain(..BYTE_ORDER_MARK.len());
            }
            oddity = transport.oddity(&self.headers, &self.body, matches!(self.end, End::Whole));
        }
        let length = self.body.len();
        let mut answer = http::Response::new(self.body);
        *answer.status_mut() = self.status;
        *answer.headers_mut() = self.headers;
        // What is handed on is whole; how it came in pieces is of no more interest.
        answer.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(length));
        if let Some(oddity) = oddity {
            answer.extensions_mut().insert(SetAside { status: self.status, oddity });
            if let Ok(unexpected) = StatusCode::from_u16(SET_ASIDE) {
                *answer.status_mut() = unexpected;
            }
        }
        Ok(Response::from(answer))
    }
}

/// The body up to a limit, and how it ended.
#[cfg(not(target_arch = "wasm32"))]
async fn read_up_to(response: &mut Response, limit: usize) -> (Vec<u8>, End) {
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() > limit => return (body, End::Limit),
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return (body, End::Whole),
            Err(error) => return (body, End::Broken(error)),
        }
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Transport")
            .field("base", &self.base)
            .field("scheme", &self.scheme)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

/// Why an answer was set aside, and the status it really had.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SetAside {
    pub(crate) status: StatusCode,
    pub(crate) oddity: Oddity,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Oddity {
    /// A success without a body.
    Empty,
    /// More bytes than the limit; reading stopped there.
    TooLarge { limit: usize },
    /// Compressed although no encoding was offered.
    Encoded,
    /// A success whose body is neither an object nor a list: a page of a portal, perhaps.
    NotJson,
}
