//! Typed client for the Hum session API: look up Internet services for an address.
//!
//! ```no_run
//! use hum_client::{BaseUrl, Client, Credential, types::NewSession};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let client = Client::new(BaseUrl::parse(hum_client::DEFAULT_BASE_URL)?, Credential::new("my-token")?)?;
//! let address = NewSession { zip: Some("48034".into()), ..hum_client::address("29090 Tiffany Drive E") };
//! let session = client.create_session(&address).await?;
//! let answer = client.session(&session.token).await?;
//! println!("data there: {}", answer.ready);
//! client.close_session(&session.token).await?;
//! # Ok(())
//! # }
//! ```
//!
//! With the feature `watch` (on by default) [`Client::watch`] waits by the documented etiquette: at once, then every 2
//! to 3 seconds, slower while nothing changes, for at most 30 seconds.
//!
//! [`types`] and [`lifecycle`] are generated from `spec/hum/openapi.yaml`; everything else is written by hand. The types
//! are lenient: what versions of the documents disagree on (an address as text or as parts, a ZIP code as text or
//! number) is a union, and an unknown word or shape is kept and not refused.

#![warn(missing_docs)]

mod analytics;
mod error;
#[rustfmt::skip]
#[allow(
    missing_docs,
    clippy::pedantic,
    clippy::wildcard_enum_match_arm,
    reason = "the generators decide how this file reads; what can panic stays forbidden"
)]
mod generated;
#[rustfmt::skip]
#[allow(clippy::pedantic, reason = "generated")]
pub mod lifecycle;
mod observe;
mod reply;
#[cfg(not(target_arch = "wasm32"))]
mod status_call;
mod validate;
#[cfg(feature = "watch")]
mod watch;

pub use abide_core::{End, Lifecycle, Options};
#[cfg(not(target_arch = "wasm32"))]
pub use abide_http::observer::Observer;
pub use abide_http::{
    BaseUrl, BaseUrlError, Credential, CredentialError, Limits, PathSegment, PathSegmentError, Secret, Timestamp,
};
#[cfg(feature = "blocking")]
pub use abide_watch::blocking::{Blocking, BlockingError};
#[cfg(feature = "watch")]
pub use abide_watch::{Budget, Event, Fleet, Notice, Outcome as WatchOutcome, Resume, Watch, WatchError};
pub use analytics::AnalyticsQuery;
pub use error::Error;
pub use generated::types;
pub use lifecycle::BASE_URL as DEFAULT_BASE_URL;
pub use observe::observe;
pub use reply::{Answer, Closed, CreatedSession};
pub use validate::{InvalidRequest, address, check};
#[cfg(feature = "watch")]
pub use watch::SessionSource;

use std::sync::Arc;

use abide_http::{Scheme, Transport};
use progenitor_client::{ClientHooks, OperationInfo, ResponseValue};
use types::{NewSession, SessionReply};

/// A client for one API token. Cloning is cheap and shares the connections.
#[derive(Clone, Debug)]
pub struct Client {
    generated: Arc<generated::Client>,
}

impl Client {
    /// A client that sends `credential` to `base` and nowhere else, with the default [`Limits`].
    ///
    /// # Errors
    /// When TLS cannot be set up on this machine.
    pub fn new(base: BaseUrl, credential: Credential) -> Result<Self, Error> {
        Self::with_limits(base, credential, Limits::default())
    }

    /// As [`Client::new`], with limits of your own.
    ///
    /// # Errors
    /// When TLS cannot be set up on this machine.
    pub fn with_limits(base: BaseUrl, credential: Credential, limits: Limits) -> Result<Self, Error> {
        Self::through(Transport::new(base, credential, Scheme::Bearer, limits))
    }

    /// As [`Client::new`], with somebody who is told of every exchange, credentials and all: for recordings.
    ///
    /// # Errors
    /// When TLS cannot be set up on this machine.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn observed(base: BaseUrl, credential: Credential, observer: Arc<dyn Observer>) -> Result<Self, Error> {
        Self::through(Transport::new(base, credential, Scheme::Bearer, Limits::default()).observed(observer))
    }

    fn through(transport: Transport) -> Result<Self, Error> {
        let http = transport.http_client()?;
        let base = transport.base().as_str().to_owned();
        Ok(Self { generated: Arc::new(generated::Client::new_with_client(&base, http, transport)) })
    }

    /// Starts looking up an address (HUM-CREATE-REPLY). Close the session when you are done with it.
    ///
    /// Never repeated by itself: no document says that a server recognises a repeated address.
    ///
    /// # Errors
    /// [`InvalidRequest`] before anything is sent, [`Error::NoToken`] when the answer holds no token, else what went
    /// wrong with the exchange.
    pub async fn create_session(&self, address: &NewSession) -> Result<CreatedSession, Error> {
        validate::check(address)?;
        match self.generated.create_session(address).await {
            Ok(reply) => CreatedSession::new(reply.into_inner()).ok_or(Error::NoToken),
            Err(error) => Err(self.explain(error, "createSession").await),
        }
    }

    /// How far the agents are. Counts as activity: the session lives on for 30 minutes (HUM-EXPIRY-SLIDES).
    ///
    /// # Errors
    /// [`Error::is_gone`] once the session expired or was closed; else what went wrong with the exchange.
    pub async fn session(&self, token: &PathSegment) -> Result<Answer, Error> {
        #[cfg(not(target_arch = "wasm32"))]
        let answer = self.status(token).await.map(|received| received.answer);
        // A browser gives no bytes: the generated call reads the answer.
        #[cfg(target_arch = "wasm32")]
        let answer = self.answer(self.generated.get_session(token).await, "getSession").await;
        answer
    }

    /// The Internet providers at the address; [`Answer::ready`] is false while they are still looked up.
    ///
    /// # Errors
    /// [`Error::is_gone`] once the session expired or was closed; else what went wrong with the exchange.
    pub async fn internet_services(&self, token: &PathSegment) -> Result<Answer, Error> {
        let outcome = self.generated.get_internet_services(token).await;
        self.answer(outcome, "getInternetServices").await
    }

    /// Closes a session for good. One that is gone already counts as closed.
    ///
    /// # Errors
    /// What went wrong with the exchange; 410 is no error here.
    pub async fn close_session(&self, token: &PathSegment) -> Result<Closed, Error> {
        match self.generated.close_session(token).await {
            Ok(_) => Ok(Closed::Closed),
            Err(error) => {
                let error = self.explain(error, "closeSession").await;
                if error.is_gone() {
                    Ok(Closed::GoneBefore)
                } else if error.request().is_some_and(abide_http::Error::is_empty_success) {
                    // Closing answers 2xx (HUM-CLOSED); nobody misses what else it could say.
                    Ok(Closed::Closed)
                } else {
                    Err(error)
                }
            }
        }
    }

    /// A 202 without a body is an answer too: still at work.
    async fn answer(
        &self,
        outcome: Result<ResponseValue<SessionReply>, generated::Error<()>>,
        operation: &'static str,
    ) -> Result<Answer, Error> {
        match outcome {
            Ok(reply) => Ok(Answer { ready: is_ready(reply.status()), reply: Some(reply.into_inner()) }),
            Err(error) => {
                let error = abide_http::Error::from_generated(error, operation, &self.generated.inner).await;
                if is_empty_202(&error) { Ok(Answer { ready: false, reply: None }) } else { Err(error.into()) }
            }
        }
    }

    /// The address that everything goes to.
    #[cfg(feature = "watch")]
    pub(crate) fn base_url(&self) -> &str {
        self.generated.inner.base().as_str()
    }

    async fn explain(&self, error: generated::Error<()>, operation: &'static str) -> Error {
        abide_http::Error::from_generated(error, operation, &self.generated.inner).await.into()
    }
}

fn is_ready(status: reqwest::StatusCode) -> bool {
    status != reqwest::StatusCode::ACCEPTED
}

fn is_empty_202(error: &abide_http::Error) -> bool {
    error.is_empty_success() && error.status() == Some(202)
}

impl ClientHooks<Transport> for generated::Client {
    async fn exec(&self, request: reqwest::Request, info: &OperationInfo) -> reqwest::Result<reqwest::Response> {
        self.inner.exec(&self.client, request, info).await
    }
}
