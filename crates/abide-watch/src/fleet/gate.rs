//! The one gate through which all requests of a fleet go: rate, requests in flight, and what the server pushed back.

use std::time::Duration;

use abide_core::{Failure, Interval, RateLimit, RetryBudget, Tick};

use super::budget::Budget;

/// So many sessions in a row are denied before the credential itself is taken for the reason.
const DENIALS: u32 = 3;

/// Lets requests through, one by one.
///
/// ```text
///                 429, 503 with Retry-After
///      +---------------------------------------------+
///      |          the pause is over       success    v
///    Open <---- more in flight each <---- Probing <---- Held
///      |                                   (one in flight)
///      |  so many sessions in a row denied
///      +--------------------------------------------> Suspended ---- readmitted ----> Open
/// ```
///
/// Held, probing and open are one thing with three numbers: the instant until which nothing goes, how many may be in
/// flight, and how far apart they are. A push-back sets the first, and cuts the other two; every success gives some back.
#[derive(Debug)]
pub(super) struct Gate {
    budget: Budget,
    pace: Interval,
    longest_hold: Duration,
    rate: RateLimit,
    in_flight: u32,
    window: u32,
    held_until: Tick,
    throttles: u32,
    retries: RetryBudget,
    denials: u32,
    suspended: bool,
    closed: bool,
}

/// When the next request may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Opening {
    Now,
    At(Tick),
    /// When a request in flight has come back.
    AfterReply,
    /// Not until somebody says so.
    Never,
}

impl Gate {
    /// `pace` is the documented one; where the server names no time, no pause is longer than `longest_hold`. Where it names
    /// one that is too long for a session, that session gives up at its own limit.
    pub(super) fn new(budget: Budget, pace: Interval, longest_hold: Duration) -> Gate {
        Gate {
            budget,
            pace,
            longest_hold,
            rate: RateLimit::new(budget.period, budget.burst),
            in_flight: 0,
            window: budget.in_flight.max(1),
            held_until: Tick::ZERO,
            throttles: 0,
            retries: RetryBudget::new(),
            denials: 0,
            suspended: false,
            closed: false,
        }
    }

    pub(super) fn opening(&self, now: Tick) -> Opening {
        if self.closed || self.suspended {
            Opening::Never
        } else if self.in_flight >= self.window {
            Opening::AfterReply
        } else if now < self.held_until {
            Opening::At(self.held_until)
        } else {
            let mut rate = self.rate;
            rate.admit(now).map_or_else(Opening::At, |()| Opening::Now)
        }
    }

    /// A request went through.
    pub(super) fn sent(&mut self, now: Tick) {
        self.in_flight = self.in_flight.saturating_add(1);
        // Whoever asked for the opening just before was admitted; whoever did not uses up nothing.
        let _ = self.rate.admit(now);
    }

    /// A request came back with a status.
    pub(super) fn succeeded(&mut self) {
        self.returned();
        self.retries.succeeded();
        (self.throttles, self.denials) = (0, 0);
        self.window = self.window.saturating_add(1).min(self.budget.in_flight.max(1));
        let period = self.rate.period();
        self.rate.slow_to(period.saturating_sub(period / 8).max(self.budget.period));
    }

    /// A request came back without one.
    pub(super) fn failed(&mut self, now: Tick, failure: Failure, retry_after: Option<Duration>) {
        self.returned();
        match failure {
            Failure::Throttled => self.throttled(now, retry_after),
            Failure::Transient => self.retries.failed(),
            Failure::Denied => {
                self.denials = self.denials.saturating_add(1);
                self.suspended |= self.denials >= DENIALS;
            }
            // About one session, not about the credential.
            Failure::Gone | Failure::NotFound | Failure::Rejected => {}
        }
    }

    /// A request was dropped before its answer.
    pub(super) fn returned(&mut self) {
        self.in_flight = self.in_flight.saturating_sub(1);
    }

    /// Quick retries would only add to the trouble.
    pub(super) fn retries_are_exhausted(&self) -> bool {
        self.retries.is_exhausted()
    }

    pub(super) fn is_suspended(&self) -> bool {
        self.suspended
    }

    /// The credential is to be tried again.
    pub(super) fn readmit(&mut self) {
        (self.denials, self.suspended) = (0, false);
    }

    /// Nothing goes any more.
    pub(super) fn close(&mut self) {
        self.closed = true;
    }

    /// The requests that were in flight together are pushed back together; only the first of them counts.
    fn throttled(&mut self, now: Tick, retry_after: Option<Duration>) {
        let again = now < self.held_until;
        if !again {
            let slower = self.rate.period().max(Duration::from_millis(1)).saturating_mul(2);
            self.rate.slow_to(slower.min(self.pace.min).max(self.budget.period));
        }
        let doubled = self.pace.min.saturating_mul(2_u32.saturating_pow(self.throttles)).min(self.longest_hold);
        let hold = retry_after.unwrap_or(doubled);
        self.throttles = self.throttles.saturating_add(u32::from(!again));
        self.held_until = self.held_until.max(now + hold);
        self.window = 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACE: Interval = Interval { min: Duration::from_secs(2), max: Duration::from_secs(30) };

    fn at(millis: u64) -> Tick {
        Tick::ZERO + Duration::from_millis(millis)
    }

    fn gate() -> Gate {
        Gate::new(Budget { period: Duration::from_millis(100), burst: 2, in_flight: 3 }, PACE, Duration::from_hours(1))
    }

    #[test]
    fn the_rate_and_the_requests_in_flight_bind() {
        let mut gate = gate();
        for (now, expected) in [
            (0, Opening::Now),
            (0, Opening::Now),
            (0, Opening::At(at(100))),
            (100, Opening::Now),
            (200, Opening::AfterReply),
        ] {
            assert_eq!(gate.opening(at(now)), expected, "{now}");
            if expected == Opening::Now {
                gate.sent(at(now));
            }
        }
        gate.returned();
        assert_eq!(gate.opening(at(200)), Opening::Now);
    }

    #[test]
    fn a_push_back_holds_everybody_and_then_lets_one_through() {
        let mut gate = gate();
        gate.sent(at(0));
        gate.sent(at(0));
        gate.failed(at(10), Failure::Throttled, Some(Duration::from_secs(9)));
        assert_eq!(gate.opening(at(500)), Opening::AfterReply);
        gate.failed(at(20), Failure::Throttled, None);
        assert_eq!(gate.opening(at(500)), Opening::At(at(9010)));
        assert_eq!(gate.opening(at(9010)), Opening::Now);
        gate.sent(at(9010));
        assert_eq!(gate.opening(at(20_000)), Opening::AfterReply, "one at a time until it is known to work");
        gate.succeeded();
        gate.sent(at(20_000));
        assert_eq!(gate.opening(at(30_000)), Opening::Now);
    }

    #[test]
    fn without_a_time_the_pause_doubles_and_a_time_is_kept() {
        let mut gate = gate();
        let mut now = at(0);
        for seconds in [2, 4, 8, 16] {
            gate.sent(now);
            gate.failed(now, Failure::Throttled, None);
            let until = now + Duration::from_secs(seconds);
            assert_eq!(gate.opening(now), Opening::At(until));
            now = until;
        }
        gate.failed(now, Failure::Throttled, Some(Duration::from_hours(2)));
        assert_eq!(gate.opening(now), Opening::At(now + Duration::from_hours(2)));
        let mut gate = self::gate();
        let mut now = at(0);
        for _ in 0..20 {
            gate.failed(now, Failure::Throttled, None);
            let Opening::At(until) = gate.opening(now) else { panic!("a pause") };
            assert!(until.since(now) <= Duration::from_hours(1));
            now = until;
        }
    }

    #[test]
    fn the_rate_recovers_step_by_step() {
        let mut gate = gate();
        gate.failed(at(0), Failure::Throttled, Some(Duration::ZERO));
        assert_eq!(gate.rate.period(), Duration::from_millis(200));
        (0..5).for_each(|_| gate.succeeded());
        assert!(gate.rate.period() < Duration::from_millis(120));
        (0..50).for_each(|_| gate.succeeded());
        assert_eq!((gate.rate.period(), gate.window), (Duration::from_millis(100), 3));
    }

    #[test]
    fn denials_in_a_row_suspend_until_readmitted() {
        let mut gate = gate();
        for (failure, suspended) in
            [(Failure::Denied, false), (Failure::Denied, false), (Failure::Gone, false), (Failure::Denied, true)]
        {
            gate.failed(at(0), failure, None);
            assert_eq!(gate.is_suspended(), suspended, "{failure}");
        }
        assert_eq!(gate.opening(at(1000)), Opening::Never);
        gate.succeeded();
        assert_eq!(gate.opening(at(1000)), Opening::Never, "a late answer to an earlier request readmits nobody");
        gate.readmit();
        assert_eq!(gate.opening(at(1000)), Opening::Now);
        gate.failed(at(0), Failure::Denied, None);
        gate.succeeded();
        gate.failed(at(0), Failure::Denied, None);
        gate.failed(at(0), Failure::Denied, None);
        assert!(!gate.is_suspended());
        gate.close();
        assert_eq!(gate.opening(at(1000)), Opening::Never);
    }

    #[test]
    fn errors_spend_the_retry_budget() {
        let mut gate = gate();
        (0..5).for_each(|_| gate.failed(at(0), Failure::Transient, None));
        assert!(gate.retries_are_exhausted());
        gate.succeeded();
        assert!(!gate.retries_are_exhausted());
    }
}
