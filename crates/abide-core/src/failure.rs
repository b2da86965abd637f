//! What a request can come back with when it does not come back with a status.

use core::fmt;
use core::time::Duration;

/// Why a status request brought no status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Failure {
    /// May pass: no connection, a timeout, a 5xx, an unreadable body.
    Transient,
    /// The server asks for fewer requests: 429, or 503 with `Retry-After` (CAL-CLIENT-BACKOFF, HUM-CLIENT-THROTTLE).
    Throttled,
    /// 410: the session expired or was closed (HUM-CLIENT-GONE).
    Gone,
    /// 404: the server does not know the session.
    NotFound,
    /// 401 or 403: the credential was not accepted.
    Denied,
    /// Any other answer that will not change by asking again: the rest of 4xx, and 3xx.
    Rejected,
}

impl Failure {
    /// Asking again cannot help.
    pub fn is_permanent(self) -> bool {
        match self {
            Self::Transient | Self::Throttled => false,
            Self::Gone | Self::NotFound | Self::Denied | Self::Rejected => true,
        }
    }

    /// Counts towards the limit of errors in a row.
    pub fn is_transient(self) -> bool {
        self == Self::Transient
    }

    /// The server pushed back; not an error of the session, and never counted as one.
    pub fn is_throttled(self) -> bool {
        self == Self::Throttled
    }

    /// The session existed and no longer does.
    pub fn is_gone(self) -> bool {
        self == Self::Gone
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Transient => "a passing error",
            Self::Throttled => "too many requests",
            Self::Gone => "expired or closed",
            Self::NotFound => "not found",
            Self::Denied => "access denied",
            Self::Rejected => "rejected",
        })
    }
}

/// A failed request as the core sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Setback {
    /// What went wrong.
    pub failure: Failure,
    /// How long the server asked to wait, counted from the receipt of the answer (`Retry-After`, already in relative terms).
    pub retry_after: Option<Duration>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn predicates() {
        for (failure, permanent, transient, throttled, gone) in [
            (Failure::Transient, false, true, false, false),
            (Failure::Throttled, false, false, true, false),
            (Failure::Gone, true, false, false, true),
            (Failure::NotFound, true, false, false, false),
            (Failure::Denied, true, false, false, false),
            (Failure::Rejected, true, false, false, false),
        ] {
            let found = (failure.is_permanent(), failure.is_transient(), failure.is_throttled(), failure.is_gone());
            assert_eq!(found, (permanent, transient, throttled, gone), "{failure}");
        }
    }

    #[test]
    fn words() {
        for (failure, words) in [
            (Failure::Transient, "a passing error"),
            (Failure::Throttled, "too many requests"),
            (Failure::Gone, "expired or closed"),
            (Failure::NotFound, "not found"),
            (Failure::Denied, "access denied"),
            (Failure::Rejected, "rejected"),
        ] {
            assert_eq!(failure.to_string(), words);
        }
    }
}
