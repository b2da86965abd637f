//! Typed client for the Calmyx session API: submit locations, ask for the status, wait for the results.
//!
//! ```no_run
//! use calmyx_client::{BaseUrl, Client, Credential, types::Location};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let client = Client::new(BaseUrl::parse(calmyx_client::DEFAULT_BASE_URL)?, Credential::new("my-key")?)?;
//! let session = client.create_session(&[Location { lat: 37.7749, lng: -122.4194 }]).await?;
//! let status = client.session_status(&session.session_id).await?;
//! println!("{} of {} done", status.progress.processed, status.progress.total);
//! # Ok(())
//! # }
//! ```
//!
//! With the feature `watch` (on by default) [`Client::watch`] waits at the documented pace and gives each result once,
//! as it appears.
//!
//! Beyond sessions: listings one by one ([`Client::quietness`], [`Client::delete_listing`], …) and the account
//! ([`Client::account_usage`]).
//!
//! [`types`] and [`lifecycle`] are generated from `spec/calmyx/openapi.yaml`; everything else is written by hand. The
//! types are lenient: an unknown state or result is kept and not refused, a time without an offset is read as UTC.

#![warn(missing_docs)]

mod account;
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
mod listings;
mod observe;
#[cfg(feature = "watch")]
mod reading;
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
pub use error::Error;
pub use generated::types;
pub use lifecycle::BASE_URL as DEFAULT_BASE_URL;
pub use observe::observe;
pub use validate::InvalidRequest;
#[cfg(feature = "watch")]
pub use watch::{DEFAULT_MAX_WAIT, SessionSource};

use std::sync::Arc;

use abide_http::{Scheme, Transport};
use progenitor_client::{ClientHooks, OperationInfo, ResponseValue};
use types::{CreatedSession, Location, NewSession, SessionStatus};

/// What a generated method gives.
type Outcome<T> = Result<ResponseValue<T>, generated::Error<()>>;

/// A client for one API key. Cloning is cheap and shares the connections.
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
        Self::through(Transport::new(base, credential, Scheme::Bare, limits))
    }

    /// As [`Client::new`], with somebody who is told of every exchange, credentials and all: for recordings.
    ///
    /// # Errors
    /// When TLS cannot be set up on this machine.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn observed(base: BaseUrl, credential: Credential, observer: Arc<dyn Observer>) -> Result<Self, Error> {
        Self::through(Transport::new(base, credential, Scheme::Bare, Limits::default()).observed(observer))
    }

    fn through(transport: Transport) -> Result<Self, Error> {
        let http = transport.http_client()?;
        let base = transport.base().as_str().to_owned();
        Ok(Self { generated: Arc::new(generated::Client::new_with_client(&base, http, transport)) })
    }

    /// Submits 1 to 500 locations (CAL-CREATE-REPLY, CAL-CREATE-LIMIT).
    ///
    /// Never repeated by itself: no document says that a server recognises a repeated submission.
    ///
    /// # Errors
    /// [`InvalidRequest`] before anything is sent, else what went wrong with the exchange.
    pub async fn create_session(&self, locations: &[Location]) -> Result<CreatedSession, Error> {
        validate::locations(locations)?;
        let body = NewSession { locations: locations.to_vec() };
        self.body_of(self.generated.create_session(&body).await, "createSession").await
    }

    /// How far a session is, with the results so far.
    ///
    /// # Errors
    /// [`Error::is_not_found`] for an id that this key does not know; else what went wrong with the exchange.
    pub async fn session_status(&self, session_id: &str) -> Result<SessionStatus, Error> {
        self.whole_status(session_id).await
    }

    /// A browser gives no bytes: the generated call reads the answer.
    #[cfg(target_arch = "wasm32")]
    async fn whole_status(&self, session_id: &str) -> Result<SessionStatus, Error> {
        validate::session_id(session_id)?;
        self.body_of(self.generated.get_session_status(session_id).await, "getSessionStatus").await
    }

    /// The address that everything goes to.
    #[cfg(feature = "watch")]
    pub(crate) fn base_url(&self) -> &str {
        self.generated.inner.base().as_str()
    }

    /// The body of a reply; `operation` is the operationId, for messages.
    async fn body_of<T>(&self, outcome: Outcome<T>, operation: &'static str) -> Result<T, Error> {
        match outcome {
            Ok(reply) => Ok(reply.into_inner()),
            Err(error) => Err(abide_http::Error::from_generated(error, operation, &self.generated.inner).await.into()),
        }
    }
}

impl ClientHooks<Transport> for generated::Client {
    async fn exec(&self, request: reqwest::Request, info: &OperationInfo) -> reqwest::Result<reqwest::Response> {
        self.inner.exec(&self.client, request, info).await
    }
}

/// The README's example compiles.
#[cfg(all(doctest, feature = "watch"))]
#[doc = include_str!("../../../README.md")]
struct Readme;
