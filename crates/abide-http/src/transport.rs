//! Sending a request and taking in the whole answer, within limits.

#![cfg_attr(target_arch = "wasm32", allow(dead_code, reason = "a browser bounds bodies and connections itself"))]

use std::fmt;
use std::time::Duration;

use progenitor_client::OperationInfo;
use reqwest::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_LENGTH, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Request, Response, StatusCode};
use tracing::debug;

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
}

impl Transport {
    /// A transport for one API: this credential goes to this base URL and nowhere else.
    pub fn new(base: BaseUrl, credential: Credential, scheme: Scheme, limits: Limits) -> Self {
        Self { base, credential, scheme, limits }
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
        let response = client.execute(request).await?;
        let response = self.take_in(response).await?;
        debug!(operation = operation.operation_id, status = response.status().as_u16(), "answered");
        Ok(response)
    }

    /// A success is read whole or set aside with the reason. Of any other status the status is what counts: its body is
    /// read as far as it goes, for what the server says in it.
    #[cfg(not(target_arch = "wasm32"))]
    async fn take_in(&self, mut response: Response) -> reqwest::Result<Response> {
        let status = response.status();
        let headers = std::mem::take(response.headers_mut());
        let (body, oddity) = if status.is_success() {
            let (body, whole) = read_up_to(&mut response, self.limits.body).await?;
            let oddity = self.oddity(&headers, &body, whole);
            (body, oddity)
        } else {
            (read_what_comes(&mut response, ERROR_BODY).await, None)
        };
        let length = body.len();
        let mut answer = http::Response::new(body);
        *answer.status_mut() = status;
        *answer.headers_mut() = headers;
        // What is handed on is whole; how it came in pieces is of no more interest.
        answer.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(length));
        if let Some(oddity) = oddity {
            answer.extensions_mut().insert(SetAside { status, oddity });
            if let Ok(unexpected) = StatusCode::from_u16(SET_ASIDE) {
                *answer.status_mut() = unexpected;
            }
        }
        Ok(Response::from(answer))
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

    /// A browser bounds bodies and connections itself and offers no way to rebuild an answer.
    #[cfg(target_arch = "wasm32")]
    #[allow(clippy::unused_async)]
    async fn take_in(&self, response: Response) -> reqwest::Result<Response> {
        Ok(response)
    }
}

/// The body without a byte order mark, and whether it is whole: reading stops at the limit.
#[cfg(not(target_arch = "wasm32"))]
async fn read_up_to(response: &mut Response, limit: usize) -> reqwest::Result<(Vec<u8>, bool)> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > limit {
            return Ok((body, false));
        }
        body.extend_from_slice(&chunk);
    }
    if body.starts_with(BYTE_ORDER_MARK) {
        body.drain(..BYTE_ORDER_MARK.len());
    }
    Ok((body, true))
}

/// A body that breaks off or is too large is as long as what came of it.
#[cfg(not(target_arch = "wasm32"))]
async fn read_what_comes(response: &mut Response, limit: usize) -> Vec<u8> {
    let mut body = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        if body.len() + chunk.len() > limit {
            break;
        }
        body.extend_from_slice(&chunk);
    }
    body
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
