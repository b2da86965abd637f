//! Sending a request, within limits.
//!
//! No `Accept-Encoding` is sent: unpacking a status costs more than reading it, and what was packed cannot be skipped.

use std::fmt;
#[cfg(not(target_arch = "wasm32"))]
use std::sync::Arc;
use std::time::Duration;
#[cfg(not(target_arch = "wasm32"))]
use std::time::Instant;

use progenitor_client::OperationInfo;
use reqwest::header::{AUTHORIZATION, HeaderName};
use reqwest::{Client, Request, Response};
use tracing::debug;

#[cfg(not(target_arch = "wasm32"))]
use crate::observer::{Asked, Came, Exchange, Observer};
#[cfg(not(target_arch = "wasm32"))]
use crate::received::{Received, Success, TakenIn};
use crate::{BaseUrl, Credential, Error, Scheme};

/// How long an idle connection is kept: longer than any pause between two polls, so that each goes over the last one's.
#[cfg(not(target_arch = "wasm32"))]
const IDLE: Duration = Duration::from_secs(90);

/// The header that generated code adds to every request; neither API knows it.
const API_VERSION: HeaderName = HeaderName::from_static("api-version");

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
    /// Over TLS it speaks HTTP/2 where the server offers it, and HTTP/1.1 otherwise and in the clear. Requests share an
    /// HTTP/2 connection, which no failed request closes: so while one is unanswered, the connection must answer too, and a
    /// dead one is given up within the time of one request.
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
                .timeout(self.limits.request)
                .pool_idle_timeout(IDLE)
                .tcp_nodelay(true);
            #[cfg(feature = "rustls")]
            let builder = builder
                .http2_keep_alive_interval(self.limits.request / 3)
                .http2_keep_alive_timeout(self.limits.request / 3);
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
    #[cfg(not(target_arch = "wasm32"))]
    pub async fn exec(
        &self,
        client: &Client,
        request: Request,
        operation: &OperationInfo,
    ) -> reqwest::Result<Response> {
        self.send(client, request, operation.operation_id).await.map(Received::into_response)
    }

    /// Sends one request of a generated client. A browser bounds bodies and connections itself, and offers no way to set an
    /// answer aside.
    ///
    /// # Errors
    /// The connection failed.
    #[cfg(target_arch = "wasm32")]
    pub async fn exec(
        &self,
        client: &Client,
        request: Request,
        operation: &OperationInfo,
    ) -> reqwest::Result<Response> {
        let response = client.execute(self.authorized(request)).await?;
        debug!(operation = operation.operation_id, status = response.status().as_u16(), "answered");
        Ok(response)
    }

    /// Sends one request and gives a success as it came, its body without another copy: for answers that are read again and
    /// again. `operation` is the operationId.
    ///
    /// # Errors
    /// What went wrong with the exchange; every status but a success, and every success that no generated type could
    /// describe.
    #[cfg(not(target_arch = "wasm32"))]
    pub async fn exchange(&self, client: &Client, request: Request, operation: &'static str) -> Result<Success, Error> {
        match self.send(client, request, operation).await {
            Ok(received) => {
                received.into_success().map_err(|received| Error::from_received(operation, self, &received))
            }
            Err(cause) => Err(Error::from_reqwest(operation, &self.base, cause)),
        }
    }

    /// A request could not be built.
    pub fn unsent(&self, operation: &'static str, cause: reqwest::Error) -> Error {
        Error::from_reqwest(operation, &self.base, cause)
    }

    /// The body of a [`Success`] is not what the documents describe.
    pub fn undecodable(&self, operation: &'static str, cause: &serde_json::Error) -> Error {
        Error::from_decoder(operation, &self.base, cause)
    }

    #[cfg(not(target_arch = "wasm32"))]
    async fn send(&self, client: &Client, request: Request, operation: &str) -> reqwest::Result<Received> {
        let request = self.authorized(request);
        let received = match &self.observer {
            None => TakenIn::of(client.execute(request).await?, self.limits.body).await.received(self.limits.body)?,
            // Few are observed, and the futures of all others stay small.
            Some(observer) => Box::pin(self.send_observed(observer.as_ref(), client, request)).await?,
        };
        debug!(operation, status = received.status().as_u16(), "answered");
        Ok(received)
    }

    #[cfg(not(target_arch = "wasm32"))]
    async fn send_observed(
        &self,
        observer: &dyn Observer,
        client: &Client,
        request: Request,
    ) -> reqwest::Result<Received> {
        let asked = Asked::of(&request);
        let sent = Instant::now();
        let came = match client.execute(request).await {
            Ok(response) => Ok(TakenIn::of(response, self.limits.body).await),
            Err(error) => Err(error),
        };
        let received = Instant::now();
        let shown = match &came {
            Ok(taken) => taken.shown(self.limits.body),
            Err(error) => Came::Nothing(error),
        };
        observer.exchanged(&Exchange { asked: &asked, sent, received, came: shown });
        came?.received(self.limits.body)
    }

    fn authorized(&self, mut request: Request) -> Request {
        let headers = request.headers_mut();
        headers.remove(API_VERSION);
        if let Some(value) = self.credential.header(self.scheme) {
            headers.insert(AUTHORIZATION, value);
        }
        request
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
