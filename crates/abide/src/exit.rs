//! Exit codes: what the end of a wait means to a script.

use abide_conformance::report::Whole;
use abide_core::{End, GaveUp};
use serde::{Deserialize, Serialize};

/// The exit codes of `watch`, `run` and `demo`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Exit {
    /// 0: completed, nothing failed.
    Completed,
    /// 1: an error that is none of the others.
    Error,
    /// 2: wrong usage or a bad input file.
    Usage,
    /// 3: completed, some items failed.
    SomeFailed,
    /// 4: the session failed.
    SessionFailed,
    /// 5: expired or closed.
    Gone,
    /// 6: gave up waiting; the session may still live.
    GaveUp,
    /// 130: interrupted.
    Interrupted,
}

impl Exit {
    /// What a verdict means to a script: conformant 0, not conformant 1, not judged 2, incomplete 3.
    pub(crate) fn of_verdict(verdict: Whole) -> Self {
        match verdict {
            Whole::Conformant => Self::Completed,
            Whole::NotConformant => Self::Error,
            Whole::NotJudged => Self::Usage,
            Whole::Incomplete => Self::SomeFailed,
        }
    }

    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Completed => 0,
            Self::Error => 1,
            Self::Usage => 2,
            Self::SomeFailed => 3,
            Self::SessionFailed => 4,
            Self::Gone => 5,
            Self::GaveUp => 6,
            Self::Interrupted => 130,
        }
    }

    /// The word for the end of a wait that a recording holds, from the list of what a client under test may say.
    pub(crate) fn outcome_word(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::SomeFailed => "partial",
            Self::SessionFailed => "failed",
            Self::Gone => "gone",
            Self::GaveUp => "gave-up",
            Self::Error | Self::Usage | Self::Interrupted => "error",
        }
    }

    /// The code of several sessions: the first of 1, 5, 4, 6, 3 that any of them had. An interruption outranks them all.
    pub(crate) fn and(self, other: Self) -> Self {
        if self.rank() <= other.rank() { self } else { other }
    }

    fn rank(self) -> u8 {
        match self {
            Self::Interrupted => 0,
            Self::Usage => 1,
            Self::Error => 2,
            Self::Gone => 3,
            Self::SessionFailed => 4,
            Self::GaveUp => 5,
            Self::SomeFailed => 6,
            Self::Completed => 7,
        }
    }
}

impl From<End> for Exit {
    fn from(end: End) -> Self {
        match end {
            End::Completed { .. } => Self::Completed,
            End::CompletedWithFailures { .. } => Self::SomeFailed,
            End::Failed => Self::SessionFailed,
            End::Gone | End::Closed => Self::Gone,
            End::GaveUp(GaveUp::MaxWait | GaveUp::RetryAfterTooLong(_)) => Self::GaveUp,
            // What ended the wait is the errors, not the patience.
            End::GaveUp(GaveUp::TooManyErrors(_)) | End::Refused(_) => Self::Error,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts() {
        for verdict in [Whole::Conformant, Whole::NotConformant, Whole::NotJudged, Whole::Incomplete] {
            assert_eq!(Exit::of_verdict(verdict).code(), verdict.exit_code(), "{verdict:?}");
        }
    }

    #[test]
    fn the_first_of_1_5_4_6_3_counts() {
        use Exit::{Completed, Error, GaveUp, Gone, Interrupted, SessionFailed, SomeFailed};
        for (all, expected) in [
            (vec![], 0),
            (vec![Completed, Completed], 0),
            (vec![Completed, SomeFailed], 3),
            (vec![SomeFailed, GaveUp], 6),
            (vec![GaveUp, SessionFailed], 4),
            (vec![SessionFailed, Gone, GaveUp], 5),
            (vec![Gone, Error, SomeFailed], 1),
            (vec![Error, Interrupted], 130),
        ] {
            let code = all.iter().fold(Completed, |worst, exit| worst.and(*exit)).code();
            assert_eq!(code, expected, "{all:?}");
        }
    }
}
