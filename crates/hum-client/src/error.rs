//! What can go wrong with a call of this API.

use abide_core::{Failure, Setback};

use crate::InvalidRequest;

/// A call that brought no result. Never shows a body, a session token or the API token.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// Refused here, before anything was sent.
    Invalid(InvalidRequest),
    /// The exchange with the server.
    Request(abide_http::Error),
    /// A create call went well and its answer holds no token: the session exists and cannot be reached.
    NoToken,
    /// The answer names another session than the one asked for: some cache or proxy mixed them up.
    OtherSession,
}

impl Error {
    /// The exchange that failed, with its status and what the server said; `None` otherwise.
    pub fn request(&self) -> Option<&abide_http::Error> {
        match self {
            Self::Request(error) => Some(error),
            Self::Invalid(_) | Self::NoToken | Self::OtherSession => None,
        }
    }

    /// Whether the API token was refused (401 or 403).
    pub fn is_denied(&self) -> bool {
        self.request().is_some_and(abide_http::Error::is_denied)
    }

    /// Whether this API token knows no such session (404).
    pub fn is_not_found(&self) -> bool {
        self.request().is_some_and(abide_http::Error::is_not_found)
    }

    /// Whether no connection came about.
    pub fn is_unreachable(&self) -> bool {
        self.request().is_some_and(abide_http::Error::is_unreachable)
    }

    /// Whether the session expired or was closed (410).
    pub fn is_gone(&self) -> bool {
        self.request().is_some_and(abide_http::Error::is_gone)
    }

    /// What it means for somebody who waits.
    pub fn setback(&self) -> Setback {
        match self {
            Self::Request(error) => error.setback(),
            Self::Invalid(_) | Self::NoToken => Setback { failure: Failure::Rejected, retry_after: None },
            Self::OtherSession => Setback { failure: Failure::Transient, retry_after: None },
        }
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Invalid(error) => error.fmt(formatter),
            Self::Request(error) => error.fmt(formatter),
            Self::NoToken => formatter.write_str("createSession: the answer holds no session token"),
            Self::OtherSession => formatter.write_str("getSession: the answer is about another session"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Invalid(_) | Self::NoToken | Self::OtherSession => None,
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
