//! Measured times against limits: with a tolerance, and with what a busy machine may have added.
//!
//! The tolerance is there on every machine. The delay is what the host measured on itself, and what the client's processes
//! waited for a processor, while the time ran; a limit that is only missed by as much as that cannot tell.

use std::fmt;
use std::time::Duration;

use super::run::Run;
use crate::judge::evidence::Evidence;
use crate::judge::view::{Call, View};
use crate::trace::Fact;

/// What a busy machine did to the host and to the client of a scenario.
#[derive(Debug)]
pub(crate) struct Delays {
    tolerance: u64,
    lags: Vec<Lag>,
    starved: Vec<Starved>,
}

/// The host was late.
#[derive(Clone, Copy, Debug)]
struct Lag {
    long: u64,
    /// When it was over; none: at any time.
    at: Option<u64>,
}

/// The client waited for a processor, for so long of a stretch.
#[derive(Clone, Copy, Debug)]
struct Starved {
    since: u64,
    until: u64,
    waited: u64,
}

impl Delays {
    pub(crate) fn of(view: &View<'_>, scenario: &str) -> Self {
        let mut delays = Self { tolerance: view.trace.header.tolerance, lags: Vec::new(), starved: Vec::new() };
        for fact in &view.trace.facts {
            match fact {
                Fact::HostLag { case, lag, at } if case.is_empty() || case == scenario => {
                    delays.lags.push(Lag { long: *lag, at: *at });
                }
                Fact::ClientStarved { case, since, until, waited } if case == scenario => {
                    delays.starved.push(Starved { since: *since, until: *until, waited: *waited });
                }
                Fact::HostLag { .. }
                | Fact::ClientStarved { .. }
                | Fact::ClientEnded { .. }
                | Fact::ClientStarted { .. }
                | Fact::ClockMoved { .. }
                | Fact::ClockStuck { .. }
                | Fact::WaitedOut { .. }
                | Fact::Rerun { .. }
                | Fact::Stopped { .. } => {}
            }
        }
        delays
    }

    /// By how much a gap between these two instants may be wrong, for pictures. A gap may also be short because the client
    /// starved before it.
    pub(crate) fn between(&self, from: u64, to: u64) -> u64 {
        let around = Time { from: from.saturating_sub(to.saturating_sub(from)), to };
        self.of_host(Time { from, to }).saturating_add(self.of_client(around))
    }

    /// How late the host may have been about anything that it measured during that time.
    fn of_host(&self, time: Time) -> u64 {
        let Time { from, to } = self.widened(time);
        let touches = |lag: &&Lag| lag.at.is_none_or(|at| at >= from && at.saturating_sub(lag.long) <= to);
        self.lags.iter().filter(touches).fold(0, |sum, lag| sum.saturating_add(lag.long))
    }

    /// How long the client may have waited for a processor during that time.
    fn of_client(&self, time: Time) -> u64 {
        let Time { from, to } = self.widened(time);
        let shared = |starved: &Starved| {
            // No more of it than the two have in common.
            starved.until.min(to).saturating_sub(starved.since.max(from)).min(starved.waited)
        };
        self.starved.iter().map(shared).fold(0, u64::saturating_add)
    }

    fn widened(&self, time: Time) -> Time {
        Time { from: time.from.saturating_sub(self.tolerance), to: time.to.saturating_add(self.tolerance) }
    }
}

/// By how much a measured time may be wrong because the machine was busy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Delay {
    host: u64,
    client: u64,
}

impl Delay {
    fn long(self) -> u64 {
        self.host.saturating_add(self.client)
    }
}

impl fmt::Display for Delay {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (host, client) = (seconds(self.host), seconds(self.client));
        match (self.host, self.client) {
            (_, 0) => write!(formatter, "{host} late at the time"),
            (0, _) => write!(formatter, "the client waited {client} for a processor"),
            _ => write!(formatter, "the client waited {client} for a processor, and its host was {host} late"),
        }
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
    /// What the busy machine may have added is larger than what is missing.
    Unsure(Delay),
    /// What is asked for is no larger than this tolerance, so that nobody could ever miss it.
    TooClose(u64),
}

impl Run<'_, '_> {
    /// Whether the time from one call to the next was no shorter than that. A client that starves meanwhile only makes it
    /// longer; but one that keeps to a timetable, and starved before the first call, is early with the second one.
    pub(super) fn at_least(&self, time: Time, least: u64) -> Compared {
        let before = Time { from: time.from.saturating_sub(least), to: time.from };
        let delay = Delay { host: self.delays.of_host(time), client: self.delays.of_client(before) };
        self.missed(least.saturating_sub(time.long()), delay)
    }

    /// Whether the time from a reply to the next call was no shorter than that, which no starving excuses.
    pub(super) fn rested(&self, time: Time, least: u64) -> Compared {
        let delay = Delay { host: self.delays.of_host(time), client: 0 };
        self.missed(least.saturating_sub(time.long()), delay)
    }

    /// Whether the time was no longer than that.
    pub(super) fn at_most(&self, time: Time, most: u64) -> Compared {
        let delay = Delay { host: self.delays.of_host(time), client: self.delays.of_client(time) };
        self.missed(time.long().saturating_sub(most), delay)
    }

    /// Whether the second of two times in a row was longer by so much than the client waited in the first one. What delayed
    /// the first one tells against the comparison.
    pub(super) fn longer(&self, first: Time, second: Time, waited: u64, by: u64) -> Compared {
        let both = Time { from: first.from, to: second.to };
        let delay = Delay { host: self.delays.of_host(both), client: self.delays.of_client(first) };
        let missing = waited.saturating_add(by).saturating_sub(second.long());
        let compared = self.missed(missing, delay);
        let is_swallowed = compared == Compared::Holds && missing > 0 && by <= self.delays.tolerance;
        if is_swallowed { Compared::TooClose(self.delays.tolerance) } else { compared }
    }

    /// What it comes to that a limit was missed by so much, where the machine may have added that delay.
    fn missed(&self, missing: u64, delay: Delay) -> Compared {
        if missing <= self.delays.tolerance {
            Compared::Holds
        } else if missing <= self.delays.tolerance.saturating_add(delay.long()) {
            Compared::Unsure(delay)
        } else {
            Compared::Broken
        }
    }
}

impl Compared {
    /// Broken where either is, open where either is.
    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Broken, _) | (_, Self::Broken) => Self::Broken,
            (Self::Holds, other) => other,
            (open @ (Self::Unsure(_) | Self::TooClose(_)), _) => open,
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
            Self::Unsure(delay) => evidence.suspect(format!("the machine was too busy to tell: {delay}")),
            Self::TooClose(tolerance) => evidence.doubt(format!(
                "too close to tell: {expected}, and a time may be measured wrong by {}",
                seconds(tolerance)
            )),
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

    /// A run with a tolerance of 10, lags of the host (long, at), and stretches in which the client starved.
    fn run(lags: &[(u64, Option<u64>)], starved: &[Starved]) -> Run<'static, 'static> {
        let lags = lags.iter().map(|(long, at)| Lag { long: *long, at: *at }).collect();
        let delays = Delays { tolerance: 10, lags, starved: starved.to_vec() };
        Run { case: "", calls: Vec::new(), end: None, delays }
    }

    fn late(host: u64) -> Compared {
        Compared::Unsure(Delay { host, client: 0 })
    }

    #[test]
    fn limits() {
        use Compared::{Broken, Holds};
        let time = Time { from: 1000, to: 1100 };
        for (lags, limit, least, most) in [
            (&[][..], 100, Holds, Holds),
            (&[][..], 110, Holds, Holds),
            (&[][..], 111, Broken, Holds),
            (&[][..], 90, Holds, Holds),
            (&[][..], 89, Holds, Broken),
            (&[(30, None)][..], 140, late(30), Holds),
            (&[(30, None)][..], 141, Broken, Holds),
            (&[(30, Some(1050))][..], 60, Holds, late(30)),
            (&[(30, Some(1139))][..], 120, late(30), Holds),
            (&[(30, Some(1141))][..], 120, Broken, Holds),
            (&[(30, Some(989))][..], 120, Broken, Holds),
            (&[(30, Some(1020)), (30, Some(1060))][..], 170, late(60), Holds),
        ] {
            let run = run(lags, &[]);
            assert_eq!(run.at_least(time, limit), least, "{lags:?} at least {limit}");
            assert_eq!(run.at_most(time, limit), most, "{lags:?} at most {limit}");
        }
        assert_eq!(late(3).and(Holds), late(3));
        assert_eq!(Holds.and(late(3)), late(3));
        assert_eq!(late(3).and(Broken), Broken);
    }

    #[test]
    fn a_client_that_starved() {
        use Compared::{Broken, Unsure};
        let time = Time { from: 1000, to: 1100 };
        for (since, until, waited, limit, most) in [
            (1000, 1100, 60, 30, Unsure(Delay { host: 0, client: 60 })),
            (1000, 1100, 60, 29, Broken),
            // Only what it shares with the time counts.
            (900, 1020, 60, 60, Unsure(Delay { host: 0, client: 30 })),
            (900, 1020, 60, 59, Broken),
            (1090, 1500, 400, 70, Unsure(Delay { host: 0, client: 20 })),
            (1090, 1500, 400, 69, Broken),
            (900, 990, 90, 89, Broken),
            (1110, 1200, 90, 89, Broken),
            (900, 1200, 20, 69, Broken),
        ] {
            let run = run(&[], &[Starved { since, until, waited }]);
            assert_eq!(run.at_most(time, limit), most, "{since} to {until}, {waited}, at most {limit}");
        }
        // Before a time, starving can have made it shorter; during it, only longer; a rest it never shortens.
        let before = run(&[], &[Starved { since: 900, until: 1000, waited: 60 }]);
        assert_eq!(before.at_least(time, 170), Unsure(Delay { host: 0, client: 60 }));
        assert_eq!(before.at_least(time, 171), Broken);
        assert_eq!(before.rested(time, 111), Broken);
        let during = run(&[], &[Starved { since: 1010, until: 1100, waited: 60 }]);
        assert_eq!(during.at_least(time, 111), Broken);
        let both = run(&[(20, None)], &[Starved { since: 1000, until: 1100, waited: 30 }]);
        assert_eq!(both.at_most(time, 40), Unsure(Delay { host: 20, client: 30 }));
        assert_eq!(both.at_most(time, 39), Broken);
    }

    #[test]
    fn growth_that_the_tolerance_would_swallow() {
        use Compared::{Broken, Holds, TooClose};
        let time = Time { from: 1000, to: 1100 };
        for (than, by, expected) in [
            (90, 10, Holds),
            (91, 10, TooClose(10)),
            (100, 10, TooClose(10)),
            (101, 10, Broken),
            (95, 11, Holds),
            (100, 11, Broken),
        ] {
            assert_eq!(run(&[], &[]).longer(time, time, than, by), expected, "longer than {than} by {by}");
        }
    }

    #[test]
    fn what_is_said_of_a_delay() {
        for (host, client, expected) in [
            (2_000_000, 0, "2.00 s late at the time"),
            (0, 2_000_000, "the client waited 2.00 s for a processor"),
            (500_000, 2_000_000, "the client waited 2.00 s for a processor, and its host was 0.50 s late"),
        ] {
            assert_eq!(Delay { host, client }.to_string(), expected);
        }
    }
}
