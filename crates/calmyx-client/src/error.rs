//! What can go wrong with a call of this API.

use abide_core::{Failure, Setback};

use crate::InvalidRequest;

/// A call that brought no result. Never shows a body, a query or the key.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// Refused here, before anything was sent.
    Invalid(InvalidRequest),
    /// The exchange with the server.
    Request(abide_http::Error),
}

impl Error {
    /// The exchange that failed, with its status and what the server said; `None` when nothing was sent.
    pub fn request(&self) -> Option<&abide_http::Error> {
        match self {
            Self::Request(error) => Some(error),
            Self::Invalid(_) => None,
        }
    }

    /// Whether the key was refused (401 or 403).
    pub fn is_denied(&self) -> bool {
        self.request().is_some_and(abide_http::Error::is_denied)
    }

    /// Whether this key knows no such session (404).
    pub fn is_not_found(&self) -> bool {
        self.request().is_some_and(abide_http::Error::is_not_found)
    }

    /// Whether no connection came about.
    pub fn is_unreachable(&self) -> bool {
        self.request().is_some_and(abide_http::Error::is_unreachable)
    }

    /// What it means for somebody who waits.
    pub fn setback(&self) -> Setback {
        match self {
            Self::Request(error) => error.setback(),
            Self::Invalid(_) => Setback { failure: Failure::Rejected, retry_after: None },
        }
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Invalid(error) => error.fmt(formatter),
            Self::Request(error) => error.fmt(formatter),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Invalid(_) => None,
            Self::Request(error) => error.source(),
        }
    }
}

impl From<InvalidRequest> for Error {
    fn from(error: InvalidRequest) -> Self {
        Self::Invalid(error)
    }
}

impl From<abide_http::Error> for Error {
    fn from(error: abide_http::Error) -> Self {
        Self::Request(error)
    }
}
