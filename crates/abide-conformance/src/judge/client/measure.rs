//! Measured times against limits: with a tolerance, and with what a busy machine may have added.
//!
//! The tolerance is there on every machine. The lag is what the host measured on itself while the time ran; a limit that is
//! only missed by as much as that cannot tell.

use std::time::Duration;

use super::run::Run;
use crate::judge::evidence::Evidence;
use crate::judge::view::{Call, View};
use crate::trace::Fact;

/// What the host measured on itself during a scenario.
#[derive(Debug)]
pub(crate) struct Lags {
    tolerance: u64,
    lags: Vec<Lag>,
}

#[derive(Clone, Copy, Debug)]
struct Lag {
    long: u64,
    /// When it was over; none: at any time.
    at: Option<u64>,
}

impl Lags {
    pub(crate) fn of(view: &View<'_>, scenario: &str) -> Self {
        let lags = view.trace.facts.iter().filter_map(|fact| match fact {
            Fact::HostLag { case, lag, at } if case.is_empty() || case == scenario => Some(Lag { long: *lag, at: *at }),
            Fact::HostLag { .. }
            | Fact::ClientEnded { .. }
            | Fact::ClientStarted { .. }
            | Fact::ClockMoved { .. }
            | Fact::ClockStuck { .. }
            | Fact::WaitedOut { .. }
            | Fact::Rerun { .. }
            | Fact::Stopped { .. } => None,
        });
        Self { tolerance: view.trace.header.tolerance, lags: lags.collect() }
    }

    /// How late anything may have been that was measured between the two instants.
    pub(crate) fn between(&self, from: u64, to: u64) -> u64 {
        let (from, to) = (from.saturating_sub(self.tolerance), to.saturating_add(self.tolerance));
        let touches = |lag: &&Lag| lag.at.is_none_or(|at| at >= from && at.saturating_sub(lag.long) <= to);
        self.lags.iter().filter(touches).fold(0, |sum, lag| sum.saturating_add(lag.long))
    }
}

/// A time from one instant to another one, in microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Time {
    pub(super) from: u64,
    pub(super) to: u64,
}

impl Time {
    pub(super) fn long(self) -> u64 {
        self.to.saturating_sub(self.from)
    }
}

/// What a comparison of a measured time with a limit comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compared {
    Holds,
    Broken,
    /// The lag of the machine is larger than what is missing.
    Unsure(u64),
}

impl Run<'_, '_> {
    /// Whether the time was no shorter than that.
    pub(super) fn at_least(&self, time: Time, least: u64) -> Compared {
        self.compared(time, least.saturating_sub(time.long()))
    }

    /// Whether the time was no longer than that.
    pub(super) fn at_most(&self, time: Time, most: u64) -> Compared {
        self.compared(time, time.long().saturating_sub(most))
    }

    /// What it comes to that a limit was missed by so much, measured during that time.
    pub(super) fn compared(&self, time: Time, missing: u64) -> Compared {
        let lag = self.lags.between(time.from, time.to);
        if missing <= self.lags.tolerance {
            Compared::Holds
        } else if missing <= self.lags.tolerance.saturating_add(lag) {
            Compared::Unsure(lag)
        } else {
            Compared::Broken
        }
    }
}

impl Compared {
    /// Broken where either is, unsure where either is.
    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Broken, _) | (_, Self::Broken) => Self::Broken,
            (Self::Unsure(lag), _) | (_, Self::Unsure(lag)) => Self::Unsure(lag),
            (Self::Holds, Self::Holds) => Self::Holds,
        }
    }

    /// Enters the comparison as evidence.
    pub(super) fn enter(
        self,
        evidence: &mut Evidence,
        call: &Call<'_>,
        expected: &str,
        found: impl FnOnce() -> String,
    ) {
        match self {
            Self::Holds => evidence.held(),
            Self::Broken => evidence.broke(call, expected, found()),
            Self::Unsure(lag) => {
                evidence.doubt(format!("the machine was too busy to tell: {} late at the time", seconds(lag)));
            }
        }
    }
}

/// A time in a sentence.
pub(super) fn seconds(micros: u64) -> String {
    format!("{:.2} s", Duration::from_micros(micros).as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A run with a tolerance of 10 and lags of (long, at).
    fn run(lags: &[(u64, Option<u64>)]) -> Run<'static, 'static> {
        let lags = lags.iter().map(|(long, at)| Lag { long: *long, at: *at }).collect();
        Run { case: "", calls: Vec::new(), end: None, lags: Lags { tolerance: 10, lags } }
    }

    #[test]
    fn limits() {
        use Compared::{Broken, Holds, Unsure};
        let time = Time { from: 1000, to: 1100 };
        for (lags, limit, least, most) in [
            (&[][..], 100, Holds, Holds),
            (&[][..], 110, Holds, Holds),
            (&[][..], 111, Broken, Holds),
            (&[][..], 90, Holds, Holds),
            (&[][..], 89, Holds, Broken),
            (&[(30, None)][..], 140, Unsure(30), Holds),
            (&[(30, None)][..], 141, Broken, Holds),
            (&[(30, Some(1050))][..], 60, Holds, Unsure(30)),
            (&[(30, Some(1139))][..], 120, Unsure(30), Holds),
            (&[(30, Some(1141))][..], 120, Broken, Holds),
            (&[(30, Some(989))][..], 120, Broken, Holds),
            (&[(30, Some(1020)), (30, Some(1060))][..], 170, Unsure(60), Holds),
        ] {
            let run = run(lags);
            assert_eq!(run.at_least(time, limit), least, "{lags:?} at least {limit}");
            assert_eq!(run.at_most(time, limit), most, "{lags:?} at most {limit}");
        }
        assert_eq!(Unsure(3).and(Holds), Unsure(3));
        assert_eq!(Unsure(3).and(Broken), Broken);
    }
}
