//! When each location of a session is finished, and with what: decided by what was stored at creation.
//!
//! At speed 1 a session waits about 2 s in the queue, and then finishes its locations in bursts of a few, spread over
//! about 6 s for five locations and 43 s for 500. Locations finish in nearly the order in which they were sent; nothing
//! in the documents promises that order, and a client must not need it.

use std::time::Duration;

use super::{listing_id, score::quiet_score};
use crate::{
    clock::Moment,
    documented::calmyx::SCORE,
    noise::{mix, seed},
    scenario::{CalmyxCourse, End, Fate},
    store::{CalmyxSession, Listing},
};

const QUEUE: Duration = Duration::from_millis(1_800);
const QUEUE_JITTER_MICROS: u64 = 400_000;
const WORK: Duration = Duration::from_millis(5_600);
const WORK_PER_LOCATION: Duration = Duration::from_millis(75);
const LARGEST_BURST: usize = 6;
/// A location is overtaken by at most this many that were sent after it.
const SHUFFLE: u64 = 8;

/// The course of one session.
#[derive(Debug)]
pub(super) struct Timeline {
    pub(super) started_at: Moment,
    /// When it ends, in one way or the other.
    pub(super) completed_at: Moment,
    /// Whether it ends as FAILED.
    pub(super) fails: bool,
    /// In the order in which they finish.
    pub(super) items: Vec<Item>,
}

/// A location that is finished at some moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Item {
    /// Its place in the create call.
    pub(super) index: usize,
    pub(super) finished_at: Moment,
    pub(super) outcome: Outcome,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Scored, with a listing of its own.
    Scored(i64),
    /// Not scored.
    Failed(Reason),
}

/// Why a location is not scored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    NoScore,
    Limit,
    /// The scenario has it so, with the message of that number.
    Scripted(usize),
}

impl Timeline {
    pub(super) fn of(session: &CalmyxSession) -> Self {
        let seed = seed(&[b"timeline", &session.secret]);
        let count = session.locations.len();
        let pace = session.speed.get();
        let queue = QUEUE + Duration::from_micros(mix(seed, 0) % QUEUE_JITTER_MICROS);
        let work = WORK + WORK_PER_LOCATION * u32::try_from(count).unwrap_or(u32::MAX);

        let started_at = session.submitted_at.plus(queue / pace);
        let mut items = Vec::with_capacity(count);
        let mut order = finishing_order(seed, count).into_iter();
        let mut outcomes = Outcomes::of(session);
        while !order.as_slice().is_empty() {
            let burst = burst_size(mix(seed, items.len() as u64), count);
            let done = (items.len() + burst).min(count);
            let finished_at = session.submitted_at.plus((queue + share(work, done, count)) / pace);
            items.extend(order.by_ref().take(burst).map(|index| Item {
                index,
                finished_at,
                outcome: outcomes.next_of(index),
            }));
        }
        let completed_at = items.last().map_or(started_at, |item| item.finished_at);
        let ordinary = Self { started_at, completed_at, fails: false, items };
        match &session.scenario {
            Some(course) => ordinary.following(course, session),
            None => ordinary,
        }
    }

    /// The same session as the scenario has it go.
    fn following(mut self, course: &CalmyxCourse, session: &CalmyxSession) -> Self {
        let pace = session.speed.get();
        let at = |after: Duration| session.submitted_at.plus(after / pace);
        let ordinary_start = self.started_at;
        let start = course.starts_after().unwrap_or(ordinary_start.since(session.submitted_at) * pace);
        self.started_at = at(start);
        for (position, item) in self.items.iter_mut().enumerate() {
            item.finished_at = match course.finishes_after(position, start) {
                Some(after) => at(after),
                None => self.started_at.plus(item.finished_at.since(ordinary_start)),
            };
        }
        let finished = course.finished_before_end(self.items.len());
        let last = finished.checked_sub(1).and_then(|last| self.items.get(last));
        let worked_until = last.map_or(self.started_at, |item| item.finished_at);
        self.completed_at = match course.end {
            End::Completed => worked_until,
            // The moment at which the next location would have finished: at work it is seen before that.
            End::Failed => self.items.get(finished).map_or(worked_until, |item| item.finished_at),
            End::FailedInQueue => self.started_at,
            End::Never => Moment::NEVER,
        };
        if course.end == End::FailedInQueue {
            self.started_at = Moment::NEVER;
        }
        self.fails = matches!(course.end, End::Failed | End::FailedInQueue);
        self.items.truncate(finished);
        self
    }
}

/// The listings that the session creates, each when its location is finished.
pub(crate) fn listings(session: &CalmyxSession) -> Vec<Listing> {
    let listing = |item: &Item| match item.outcome {
        Outcome::Scored(_) => Some(Listing {
            id: listing_id::of_result(session.secret, item.index),
            place: session.locations.get(item.index)?.place(),
            created_at: item.finished_at,
        }),
        Outcome::Failed(_) => None,
    };
    Timeline::of(session).items.iter().filter_map(listing).collect()
}

/// Hands out outcomes in finishing order, because the plan's limit strikes those that finish last.
struct Outcomes<'a> {
    session: &'a CalmyxSession,
    listings_left: Option<u64>,
}

impl<'a> Outcomes<'a> {
    fn of(session: &'a CalmyxSession) -> Self {
        Self { session, listings_left: session.allowance }
    }

    fn next_of(&mut self, index: usize) -> Outcome {
        let score = match self.score(index) {
            Ok(score) => score,
            Err(reason) => return Outcome::Failed(reason),
        };
        match &mut self.listings_left {
            Some(0) => return Outcome::Failed(Reason::Limit),
            Some(left) => *left -= 1,
            None => {}
        }
        Outcome::Scored(score)
    }

    fn score(&self, index: usize) -> Result<i64, Reason> {
        let score = self.session.locations.get(index).copied().and_then(quiet_score);
        match self.session.scenario.as_ref().map_or(Fate::Unwritten, |course| course.fate(index)) {
            Fate::Fails(way) => Err(Reason::Scripted(way)),
            // A location that has no score of its own gets one from the middle.
            Fate::Succeeds => Ok(score.unwrap_or(i64::midpoint(SCORE.0, SCORE.1))),
            Fate::Unwritten => score.ok_or(Reason::NoScore),
        }
    }
}

fn finishing_order(seed: u64, count: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by_cached_key(|&index| (index as u64 + mix(seed, index as u64) % SHUFFLE, index));
    order
}

/// At least one, and at most half of a small session, so that partial results can be seen.
fn burst_size(random: u64, count: usize) -> usize {
    let largest = (count / 2).clamp(1, LARGEST_BURST);
    1 + usize::try_from(random % largest as u64).unwrap_or_default()
}

/// The part of `work` that is over when `done` of `count` locations are.
fn share(work: Duration, done: usize, count: usize) -> Duration {
    let part = work.as_micros() * done as u128 / count.max(1) as u128;
    Duration::from_micros(u64::try_from(part).unwrap_or(u64::MAX))
}

#[cfg(test)]
pub(super) mod tests {
    use std::num::NonZeroU32;

    use proptest::prelude::*;

    use super::*;
    use crate::{calmyx::Location, credentials::Owner};

    pub(in crate::calmyx) fn session(count: u32, speed: u32, allowance: Option<u64>, secret: u8) -> CalmyxSession {
        CalmyxSession {
            owner: Owner([0; 32]),
            secret: [secret; 16],
            submitted_at: Moment::from_micros(1_768_473_000_000_000),
            speed: NonZeroU32::new(speed).unwrap(),
            allowance,
            locations: (0..count).map(|n| Location { lat: f64::from(n) / 10.0, lng: f64::from(n) / -7.0 }).collect(),
            scenario: None,
        }
    }

    /// Every moment at which an answer changes.
    pub(in crate::calmyx) fn course(session: &CalmyxSession) -> Vec<Moment> {
        let timeline = Timeline::of(session);
        let items = timeline.items.iter().map(|item| item.finished_at);
        items.chain([timeline.started_at, timeline.completed_at]).collect()
    }

    /// Seconds from the submission to the start and to the end.
    #[track_caller]
    fn check(count: u32, speed: u32, start: std::ops::Range<f64>, end: std::ops::Range<f64>) {
        for secret in 0..20 {
            let session = session(count, speed, None, secret);
            let timeline = Timeline::of(&session);
            let started = timeline.started_at.since(session.submitted_at).as_secs_f64();
            let completed = timeline.completed_at.since(session.submitted_at).as_secs_f64();
            assert!(start.contains(&started), "started after {started} s");
            assert!(end.contains(&completed), "completed after {completed} s");
        }
    }

    #[test]
    fn pace() {
        check(1, 1, 1.8..2.2, 7.4..7.9);
        check(5, 1, 1.8..2.2, 7.7..8.3);
        check(500, 1, 1.8..2.2, 44.0..46.0);
        check(500, 60, 0.03..0.037, 0.73..0.77);
    }

    #[test]
    fn the_limit_strikes_the_last_ones() {
        for (allowance, expected) in [(None, None), (Some(1000), None), (Some(0), Some(0)), (Some(37), Some(37))] {
            let session = session(120, 1, allowance, 3);
            let items = Timeline::of(&session).items;
            let scored = items.iter().filter(|item| matches!(item.outcome, Outcome::Scored(_))).count() as u64;
            assert_eq!(scored, listings(&session).len() as u64);
            if let Some(expected) = expected {
                assert_eq!(scored, expected);
                let first = items.iter().position(|item| item.outcome == Outcome::Failed(Reason::Limit)).unwrap();
                assert!(items[first..].iter().all(|item| !matches!(item.outcome, Outcome::Scored(_))));
            } else {
                assert!(items.iter().all(|item| item.outcome != Outcome::Failed(Reason::Limit)));
            }
        }
    }

    proptest! {
        #[test]
        fn every_location_finishes_once_and_in_order(
            count in 1_u32..=500, speed in 1_u32..100_000, secret: u8, allowance in proptest::option::of(0_u64..600),
        ) {
            let session = session(count, speed, allowance, secret);
            let timeline = Timeline::of(&session);
            let mut indexes: Vec<usize> = timeline.items.iter().map(|item| item.index).collect();
            indexes.sort_unstable();
            prop_assert!(indexes.into_iter().eq(0..session.locations.len()));
            prop_assert!(timeline.items.is_sorted_by_key(|item| item.finished_at));
            prop_assert!(session.submitted_at <= timeline.started_at);
            prop_assert!(timeline.items.iter().all(|item| item.finished_at >= timeline.started_at));
        }

        #[test]
        fn several_locations_never_finish_all_at_once(count in 2_u32..=500, secret: u8) {
            let timeline = Timeline::of(&session(count, 1, None, secret));
            prop_assert!(timeline.items[0].finished_at < timeline.completed_at);
        }
    }
}
