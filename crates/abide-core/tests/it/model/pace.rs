//! Between which instants the next request may be placed, and for which reasons.

use std::ops::RangeInclusive;
use std::time::Duration;

use abide_core::{Deadline, Failure, FirstPoll, Growth, Interval, Options, Tick, Why};

use super::{Answer, Exchange, History, replies};

/// Where the next request may be.
#[derive(Clone, Debug)]
pub(crate) struct Room {
    /// No earlier than this, even where it would not fit otherwise.
    pub(crate) floor: Tick,
    drawn: RangeInclusive<Tick>,
    whys: Vec<Why>,
    /// Others come first until then.
    held: Option<Tick>,
    latest: Tick,
    limit: Tick,
}

impl Room {
    /// One more request fits.
    pub(crate) fn exists(&self) -> bool {
        self.floor <= self.latest && self.held.is_none_or(|held| held <= self.latest)
    }

    pub(crate) fn allows(&self, deadline: Deadline) -> bool {
        let Deadline { at, why } = deadline;
        let held_longer = self.held.is_some_and(|held| held > at);
        match why {
            Why::Held => self.exists() && self.held == Some(at) && at > *self.drawn.start().min(&self.latest),
            Why::LastPoll => !held_longer && at == self.latest && self.exists() && self.latest < *self.drawn.end(),
            Why::MaxWait => at == self.limit && !self.exists(),
            Why::FirstPoll
            | Why::Pace
            | Why::Unchanged
            | Why::RetryAfter
            | Why::Throttled
            | Why::Backoff
            | Why::Settling
            | Why::LastReply => {
                !held_longer && self.whys.contains(&why) && self.drawn.contains(&at) && at <= self.latest
            }
        }
    }

    /// A request may go out at `now`.
    pub(crate) fn has_come(&self, now: Tick) -> bool {
        self.exists() && now >= *self.drawn.start().min(&self.latest) && self.held.is_none_or(|held| now >= held)
    }
}

impl History {
    /// Room for the next request after what came so far.
    pub(crate) fn room(&self) -> Room {
        let (floor, drawn, whys) = match self.exchanges.last() {
            None => self.first(),
            Some(Exchange { sent, answer: Some((received, answer)), .. }) => self.after(*sent, *received, *answer),
            Some(Exchange { answer: None, .. }) => panic!("one request at a time"),
        };
        Room { floor, drawn, whys, held: self.held(), latest: self.latest(), limit: self.limit() }
    }

    /// A pause of this length leaves room for a request after it.
    pub(super) fn fits(&self, asked: Duration) -> bool {
        self.now() + asked <= self.latest()
    }

    /// A quarter of a second before the limit; a tenth of the wait before it where that is less.
    fn latest(&self) -> Tick {
        let margin = Duration::from_millis(250).min(self.longest() / 10);
        let nanos = u64::try_from(margin.as_nanos()).expect("a short margin");
        Tick::from_nanos(self.limit().as_nanos().saturating_sub(nanos))
    }

    fn first(&self) -> (Tick, RangeInclusive<Tick>, Vec<Why>) {
        let (least, most) = match self.lifecycle.first_poll {
            FirstPoll::Immediate => (Duration::ZERO, Duration::ZERO),
            FirstPoll::AfterInterval => self.range(0),
        };
        (self.start + least, self.start + least..=self.start + most, vec![Why::FirstPoll])
    }

    fn after(&self, sent: Tick, received: Tick, answer: Answer) -> (Tick, RangeInclusive<Tick>, Vec<Why>) {
        let gap = self.lifecycle.interval.min;
        match answer {
            Answer::Reply(reply, asked) => {
                let unchanged = self.unchanged_in_a_row();
                let (why, unchanged) = match (self.looks_done(&reply), self.lifecycle.growth) {
                    (Some(_), _) => (Why::Settling, 0),
                    (None, Some(_)) if unchanged > 0 => (Why::Unchanged, unchanged),
                    (None, _) => (Why::Pace, 0),
                };
                let (least, most) = self.range(unchanged);
                let floor = (received + gap).min(sent + most).max(received);
                with_wish(floor, floor.max(sent + least)..=floor.max(sent + most), why, received, asked)
            }
            Answer::Setback(Failure::Throttled, asked) => {
                let Options { error_backoff, retry_after_ceiling: ceiling, .. } = self.options;
                let pushes = self.in_a_row(Failure::Throttled);
                let own = |most: Duration| {
                    let pause = doubled(gap.max(error_backoff.min), pushes).min(most).max(gap);
                    (pause, spread(pause))
                };
                let (pause, more) = match asked {
                    None => own(ceiling),
                    Some(_) if pushes <= 3 => (gap, Duration::ZERO),
                    Some(_) => own(ceiling.min(error_backoff.max)),
                };
                let earliest = received + pause;
                with_wish(earliest, earliest..=earliest + more, Why::Throttled, received, asked)
            }
            Answer::Setback(Failure::NotFound, asked) => {
                with_wish(received + gap, received + gap..=received + gap, Why::Backoff, received, asked)
            }
            Answer::Setback(_, asked) => {
                let Interval { min, max } = self.options.error_backoff;
                let slowest = self.lifecycle.growth.map_or(self.lifecycle.interval.max, |growth| growth.max);
                let least = if self.is_out_of_retries() { slowest } else { gap };
                let most = doubled(min, self.in_a_row(Failure::Transient)).min(max).max(least);
                with_wish(received + gap, received + least..=received + most, Why::Backoff, received, asked)
            }
            Answer::Abandoned => {
                let floor = received.max(sent + gap);
                (floor, floor..=floor, vec![Why::Pace])
            }
        }
    }

    /// The documented interval, grown once per unchanged reply; draws leave its last tenth free.
    fn range(&self, unchanged: usize) -> (Duration, Duration) {
        let grown = |span: Duration| match self.lifecycle.growth {
            None => span,
            Some(Growth { factor, max }) => (0..unchanged).fold(span, |span, _| span.saturating_mul(factor).min(max)),
        };
        let (min, max) = (grown(self.lifecycle.interval.min), grown(self.lifecycle.interval.max));
        (min, max.saturating_sub(max.saturating_sub(min) / 10))
    }

    /// How many of the latest replies were equal to the one before.
    fn unchanged_in_a_row(&self) -> usize {
        replies(&self.exchanges).windows(2).rev().take_while(|pair| pair[0] == pair[1]).count()
    }
}

/// The server's wish is a floor, and what it is overstepped by is a tenth of it at most.
fn with_wish(
    floor: Tick,
    drawn: RangeInclusive<Tick>,
    why: Why,
    received: Tick,
    asked: Option<Duration>,
) -> (Tick, RangeInclusive<Tick>, Vec<Why>) {
    let Some(asked) = asked else {
        return (floor, drawn, vec![why]);
    };
    let (earliest, last) = (received + asked, received + asked.saturating_add(spread(asked)));
    let (low, high) = drawn.into_inner();
    let by_wish = (last > low).then_some(Why::RetryAfter);
    let by_pace = (earliest <= high).then_some(why);
    let whys = by_wish.into_iter().chain(by_pace).collect();
    (floor.max(earliest), low.max(earliest)..=high.max(last), whys)
}

/// A tenth, and 5 s at most.
fn spread(span: Duration) -> Duration {
    (span / 10).min(Duration::from_secs(5))
}

/// For the first of some failures in a row once, for the second twice, and so on.
fn doubled(span: Duration, in_a_row: usize) -> Duration {
    (1..in_a_row).fold(span, |span, _| span.saturating_mul(2))
}
