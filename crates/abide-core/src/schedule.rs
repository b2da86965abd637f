//! When the next request is due, and why.

use core::time::Duration;

use crate::backoff::{Pause, stretched};
use crate::event::{Deadline, Why};
use crate::jitter::Jitter;
use crate::lifecycle::{FirstPoll, Growth, Interval, Lifecycle};
use crate::tick::Tick;

/// No request is planned closer to the end of the wait than this: it should reach the server before the cap does.
const MARGIN: Duration = Duration::from_millis(250);

/// Places requests between the documented pace, the server's wishes and the end of the wait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Schedule {
    first_poll: FirstPoll,
    interval: Interval,
    growth: Option<Growth>,
    jitter: Jitter,
    longest: Duration,
    limit: Tick,
    /// The earliest instant that the next request may have, whether or not one fits.
    floor: Tick,
}

/// Facts about a reply that decide the pace after it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    /// How many replies in a row, this one included, changed nothing.
    pub(crate) unchanged: u32,
    /// The next poll only confirms a completion.
    pub(crate) settling: bool,
    pub(crate) retry_after: Option<Duration>,
}

impl Schedule {
    /// A wait of at most `longest` from `now`, until the first request moves its start.
    pub(crate) fn new(lifecycle: &Lifecycle, longest: Duration, seed: u64, now: Tick) -> Schedule {
        Schedule {
            first_poll: lifecycle.first_poll,
            interval: lifecycle.interval,
            growth: lifecycle.growth,
            jitter: Jitter::new(seed),
            longest,
            limit: now + longest,
            floor: now,
        }
    }

    /// Goes on with an earlier wait's draws.
    pub(crate) fn resume(&mut self, jitter: u64) {
        self.jitter = Jitter::new(jitter);
    }

    /// Goes on with an earlier wait's limit, under which its next request is due at `due`.
    pub(crate) fn goes_on_until(&mut self, limit: Tick, due: Deadline) -> Deadline {
        (self.limit, self.floor) = (limit, due.at);
        let fits = due.why != Why::MaxWait && due.at < limit;
        if fits { due } else { Deadline { at: limit, why: Why::MaxWait } }
    }

    pub(crate) fn jitter_state(&self) -> u64 {
        self.jitter.state()
    }

    /// The earliest instant that the next request may have, also where the wait does not last that long.
    pub(crate) fn floor(&self) -> Tick {
        self.floor
    }

    /// The jitter source, shared with the backoff so that one seed decides the whole trace.
    pub(crate) fn jitter(&mut self) -> &mut Jitter {
        &mut self.jitter
    }

    /// When the wait is over. Nothing is sent then or later.
    pub(crate) fn limit(&self) -> Tick {
        self.limit
    }

    /// The first request.
    pub(crate) fn first(&mut self, now: Tick) -> Deadline {
        match self.first_poll {
            FirstPoll::Immediate => Deadline { at: now, why: Why::FirstPoll },
            FirstPoll::AfterInterval => {
                let drawn = now + self.draw(self.interval);
                self.plan(now + self.interval.min, drawn, Why::FirstPoll)
            }
        }
    }

    /// The first request went out: the wait counts from here (HUM-CLIENT-CAP).
    pub(crate) fn started(&mut self, sent: Tick) {
        self.limit = sent + self.longest;
    }

    /// A reply came to the request sent at `sent`.
    pub(crate) fn after_reply(&mut self, sent: Tick, received: Tick, pace: Pace) -> Deadline {
        let steps = if pace.settling { 0 } else { pace.unchanged };
        let (range, grown) = self.range(steps);
        let why = match (pace.settling, grown) {
            (true, _) => Why::Settling,
            (false, true) => Why::Unchanged,
            (false, false) => Why::Pace,
        };
        // From the answer, which a server cannot have seen later; but an answer so slow that this would stretch the gap
        // beyond its range gives way, down to the answer itself.
        let floor = (received + self.interval.min).min(sent + longest(range)).max(received);
        let drawn = floor.max(sent + self.draw(range));
        self.place_after(received, pace.retry_after, floor, drawn, why)
    }

    /// The request failed in a way that may pass.
    pub(crate) fn after_setback(
        &mut self,
        received: Tick,
        pause: Pause,
        retry_after: Option<Duration>,
        why: Why,
    ) -> Deadline {
        self.place_after(received, retry_after, received + pause.least, received + pause.drawn, why)
    }

    /// The request was dropped: nothing was learnt, only the gap is kept.
    pub(crate) fn after_abandoned(&mut self, sent: Tick, now: Tick) -> Deadline {
        let floor = now.max(sent + self.interval.min);
        self.plan(floor, floor, Why::Pace)
    }

    /// A request that is due is held back until `at`, where the wait lasts that long.
    pub(crate) fn held(&mut self, due: Deadline, at: Tick) -> Deadline {
        let floor = self.floor.max(at);
        if at <= due.at { due } else { self.plan(floor, floor, Why::Held) }
    }

    /// The first request of a wait that begins at `now`, where an earlier one left a gap or a pause until `at`.
    pub(crate) fn taken_up(&mut self, now: Tick, at: Tick) -> Deadline {
        let floor = at.max(now);
        self.plan(floor, floor, Why::Pace)
    }

    /// A confirmation is worth no longer pause than the documented pace has.
    pub(crate) fn is_beyond_the_pace(&self, pause: Duration) -> bool {
        pause > self.interval.max
    }

    /// A pause of this length ends early enough for one more request.
    pub(crate) fn fits(&self, received: Tick, pause: Duration) -> bool {
        received + pause <= self.latest()
    }

    /// The least time between two requests.
    pub(crate) fn gap(&self) -> Duration {
        self.interval.min
    }

    /// The shortest gap ends early enough for one more request.
    pub(crate) fn has_room(&self, received: Tick) -> bool {
        self.fits(received, self.interval.min)
    }

    /// Places a request that the server may have asked to come later.
    fn place_after(
        &mut self,
        received: Tick,
        retry_after: Option<Duration>,
        floor: Tick,
        drawn: Tick,
        why: Why,
    ) -> Deadline {
        let Some(asked) = retry_after else {
            return self.plan(floor, drawn, why);
        };
        let earliest = received + asked;
        let spread = received + stretched(asked, &mut self.jitter);
        let why = if spread > drawn { Why::RetryAfter } else { why };
        self.plan(floor.max(earliest), drawn.max(spread), why)
    }

    fn plan(&mut self, floor: Tick, drawn: Tick, why: Why) -> Deadline {
        self.floor = floor;
        self.place(floor, drawn, why)
    }

    /// `drawn` where it fits; the latest instant where only `floor` does; otherwise nothing but the end of the wait.
    fn place(&self, floor: Tick, drawn: Tick, why: Why) -> Deadline {
        let latest = self.latest();
        if drawn <= latest {
            Deadline { at: drawn, why }
        } else if floor <= latest {
            Deadline { at: latest, why: Why::LastPoll }
        } else {
            Deadline { at: self.limit, why: Why::MaxWait }
        }
    }

    fn latest(&self) -> Tick {
        self.limit.before(MARGIN.min(self.longest / 10))
    }

    /// The documented interval, multiplied while nothing changes.
    fn range(&self, unchanged: u32) -> (Interval, bool) {
        match self.growth {
            Some(Growth { factor, max }) if unchanged > 0 => {
                let multiple = factor.saturating_pow(unchanged);
                let grow = |span: Duration| span.saturating_mul(multiple).min(max);
                (Interval { min: grow(self.interval.min), max: grow(self.interval.max) }, true)
            }
            Some(_) | None => (self.interval, false),
        }
    }

    /// Uniform in the range without its last tenth, which is head room for a timer that fires late.
    fn draw(&mut self, range: Interval) -> Duration {
        self.jitter.between(range.min, longest(range))
    }
}

fn longest(range: Interval) -> Duration {
    let room = range.max.saturating_sub(range.min) / 10;
    range.max.saturating_sub(room)
}

#[cfg(test)]
mod histories;
#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifecycle::CompleteBy;

    const fn secs(secs: u64) -> Duration {
        Duration::from_secs(secs)
    }

    fn at(millis: u64) -> Tick {
        Tick::ZERO + Duration::from_millis(millis)
    }

    /// A pace without any randomness, so that every case is exact.
    fn schedule(longest: Duration) -> Schedule {
        let lifecycle = Lifecycle {
            first_poll: FirstPoll::AfterInterval,
            interval: Interval { min: secs(2), max: secs(2) },
            growth: Some(Growth { factor: 3, max: secs(10) }),
            cap: None,
            inactivity: None,
            complete_by: CompleteBy::Count,
        };
        Schedule::new(&lifecycle, longest, 7, Tick::ZERO)
    }

    #[test]
    fn pace_after_a_reply() {
        for (sent, received, unchanged, settling, expected, why) in [
            (1000, 1000, 0, false, 3000, Why::Pace),
            (1000, 1500, 0, false, 3000, Why::Pace),
            (1000, 1000, 1, false, 7000, Why::Unchanged),
            (1000, 6500, 1, false, 7000, Why::Unchanged),
            (1000, 1000, 2, false, 11_000, Why::Unchanged),
            (1000, 1000, u32::MAX, false, 11_000, Why::Unchanged),
            (1000, 1000, 5, true, 3000, Why::Settling),
            (27_000, 27_000, 0, false, 29_000, Why::Pace),
            (27_750, 27_750, 0, false, 29_750, Why::Pace),
            (27_751, 27_751, 0, false, 30_000, Why::MaxWait),
            (25_000, 25_000, 1, false, 29_750, Why::LastPoll),
            (29_000, 31_000, 0, false, 30_000, Why::MaxWait),
        ] {
            let pace = Pace { unchanged, settling, retry_after: None };
            let deadline = schedule(secs(30)).after_reply(at(sent), at(received), pace);
            assert_eq!(deadline, Deadline { at: at(expected), why }, "{sent} {received} {pace:?}");
        }
    }

    #[test]
    fn retry_after_is_a_floor() {
        for (asked, earliest, latest, why) in [
            (Duration::ZERO, 3000, 3000, Why::Pace),
            (secs(1), 3000, 3000, Why::Pace),
            (secs(10), 11_000, 12_000, Why::RetryAfter),
            (secs(20), 21_000, 23_000, Why::RetryAfter),
            (Duration::from_millis(28_750), 29_750, 29_750, Why::LastPoll),
            (secs(29), 30_000, 30_000, Why::MaxWait),
            (Duration::MAX, 30_000, 30_000, Why::MaxWait),
        ] {
            let pace = Pace { unchanged: 0, settling: false, retry_after: Some(asked) };
            let deadline = schedule(secs(30)).after_reply(at(1000), at(1000), pace);
            assert_eq!(deadline.why, why, "{asked:?}");
            assert!((at(earliest)..=at(latest)).contains(&deadline.at), "{asked:?} {deadline:?}");
        }
    }

    #[test]
    fn a_pause_that_the_server_named_is_the_reason_where_it_is_longer() {
        // Not stretched, because a tenth of so little is nothing.
        let nanos = Duration::from_nanos;
        for (own, asked, why) in [(5, 4, Why::Throttled), (5, 5, Why::Throttled), (5, 6, Why::RetryAfter)] {
            let pause = Pause { least: nanos(own), drawn: nanos(own) };
            let deadline = schedule(secs(30)).after_setback(at(0), pause, Some(nanos(asked)), Why::Throttled);
            assert_eq!(deadline, Deadline { at: at(0) + nanos(own.max(asked)), why }, "{asked}");
        }
    }

    #[test]
    fn a_throttled_pause_is_never_shortened_for_a_last_poll() {
        let pause = Pause { least: secs(10), drawn: secs(10) };
        let deadline = schedule(secs(30)).after_setback(at(25_000), pause, None, Why::Throttled);
        assert_eq!(deadline, Deadline { at: at(30_000), why: Why::MaxWait });
    }

    #[test]
    fn a_confirmation_is_worth_the_longest_documented_pause_and_no_more() {
        for (pause, beyond) in [(secs(2), false), (secs(2) + Duration::from_nanos(1), true)] {
            assert_eq!(schedule(secs(30)).is_beyond_the_pace(pause), beyond, "{pause:?}");
        }
    }

    #[test]
    fn an_abandoned_request_keeps_the_gap() {
        for (sent, now, expected) in [(1000, 1200, 3000), (1000, 9000, 9000)] {
            let deadline = schedule(secs(30)).after_abandoned(at(sent), at(now));
            assert_eq!(deadline, Deadline { at: at(expected), why: Why::Pace });
        }
    }

    #[test]
    fn the_margin_shrinks_with_the_wait() {
        let mut schedule = schedule(secs(1));
        assert_eq!(schedule.latest(), at(900));
        schedule.started(at(500));
        assert_eq!((schedule.latest(), schedule.limit()), (at(1400), at(1500)));
    }

    #[test]
    fn the_end_of_time_is_not_a_hot_loop() {
        let mut schedule = schedule(Duration::MAX);
        let end = Tick::from_nanos(u64::MAX);
        let deadline = schedule.after_abandoned(end, end);
        assert_eq!(deadline, Deadline { at: end, why: Why::MaxWait });
    }
}
