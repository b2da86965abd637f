//! Random histories of a schedule, against a model that says between which instants each request may be placed.

use alloc::vec::Vec;
use core::ops::RangeInclusive;
use core::time::Duration;

use proptest::prelude::*;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};

use super::{Deadline, FirstPoll, Growth, Interval, Lifecycle, Pace, Pause, Schedule, Tick, Why};
use crate::histories::many;
use crate::lifecycle::CompleteBy;

prop_state_machine! {
    #![proptest_config(many())]
    #[test]
    fn agrees_with_its_whole_history(sequential 1..16 => Watched);
}

#[derive(Clone, Copy, Debug)]
enum Call {
    First,
    Started,
    Reply {
        took: Duration,
        unchanged: u32,
        settling: bool,
        retry_after: Option<Duration>,
    },
    Setback {
        took: Duration,
        least: Duration,
        more: Duration,
        retry_after: Option<Duration>,
    },
    Abandoned {
        took: Duration,
    },
    Fits {
        asked: Duration,
    },
    /// A request that is due so much later, and held back for so much more.
    Held {
        due: Duration,
        more: Duration,
    },
}

/// The calls, each with the time since the one before.
#[derive(Clone, Debug)]
struct History {
    lifecycle: Lifecycle,
    longest: Duration,
    start: Tick,
    seed: u64,
    calls: Vec<(Duration, Call)>,
}

/// Where the last call lets the next request be.
struct Room {
    floor: Tick,
    drawn: RangeInclusive<Tick>,
    whys: Vec<Why>,
}

impl History {
    /// When the last call was made: for an answer, when its request was sent.
    fn now(&self) -> Tick {
        self.calls.iter().fold(self.start, |now, (since, _)| now + *since)
    }

    /// From the first start on, or from the creation before there was any.
    fn limit(&self) -> Tick {
        let begun = self.calls.iter().rposition(|(_, call)| matches!(call, Call::Started));
        let sent = begun
            .map_or(self.start, |begun| self.calls[..=begun].iter().fold(self.start, |now, (since, _)| now + *since));
        sent + self.longest
    }

    /// The last instant for a request: a quarter of a second before the limit, or a tenth of a short wait.
    fn latest(&self) -> Tick {
        let margin = Duration::from_millis(250).min(self.longest / 10);
        self.limit().before(margin)
    }

    /// The interval after so many unchanged replies, and how far draws go in it: its last tenth stays free.
    fn range(&self, unchanged: u32) -> (Duration, Duration) {
        let Interval { min, max } = self.lifecycle.interval;
        let grown = |span: Duration| match self.lifecycle.growth {
            None => span,
            Some(Growth { factor, max }) => {
                (0..unchanged.min(40)).fold(span, |grown, _| grown.saturating_mul(factor).min(max))
            }
        };
        let (min, max) = (grown(min), grown(max));
        (min, max.saturating_sub(max.saturating_sub(min) / 10))
    }

    fn room(&self, call: Call) -> Option<Room> {
        let now = self.now();
        match call {
            Call::Started | Call::Fits { .. } => None,
            Call::Held { due, more } => {
                let (due, latest) = (now + due, self.latest());
                let until = if due <= latest { due + more } else { due.max(self.limit() + more) };
                Some(Room { floor: until, drawn: until..=until, whys: [Why::Held].to_vec() })
            }
            Call::First => {
                let (min, most) = match self.lifecycle.first_poll {
                    FirstPoll::Immediate => (Duration::ZERO, Duration::ZERO),
                    FirstPoll::AfterInterval => self.range(0),
                };
                Some(Room { floor: now + min, drawn: now + min..=now + most, whys: [Why::FirstPoll].to_vec() })
            }
            Call::Reply { took, unchanged, settling, retry_after } => {
                let (why, steps) = match (settling, self.lifecycle.growth) {
                    (true, _) => (Why::Settling, 0),
                    (false, Some(_)) if unchanged > 0 => (Why::Unchanged, unchanged),
                    (false, _) => (Why::Pace, 0),
                };
                let (min, most) = self.range(steps);
                let received = now + took;
                let floor = (received + self.lifecycle.interval.min).min(now + most).max(received);
                Some(asked(floor, floor.max(now + min)..=floor.max(now + most), why, received, retry_after))
            }
            Call::Setback { took, least, more, retry_after } => {
                let received = now + took;
                let drawn = received + least.saturating_add(more);
                Some(asked(received + least, drawn..=drawn, Why::Backoff, received, retry_after))
            }
            Call::Abandoned { took } => {
                let floor = (now + took).max(now + self.lifecycle.interval.min);
                Some(Room { floor, drawn: floor..=floor, whys: [Why::Pace].to_vec() })
            }
        }
    }

    /// The placement: as drawn where that is early enough, else at the latest instant, else not at all.
    fn check(&self, room: &Room, deadline: Deadline) {
        let Room { floor, drawn, whys } = room;
        let Deadline { at, why } = deadline;
        let latest = self.latest();
        let right = match why {
            Why::LastPoll => at == latest && *floor <= latest && latest < *drawn.end(),
            Why::MaxWait => at == self.limit() && *floor > latest,
            // At once means at once; that the wait may be over already is for the session to see.
            Why::FirstPoll if self.lifecycle.first_poll == FirstPoll::Immediate => at == self.now(),
            Why::FirstPoll
            | Why::Pace
            | Why::Unchanged
            | Why::RetryAfter
            | Why::Throttled
            | Why::Backoff
            | Why::Held
            | Why::Settling
            | Why::LastReply => whys.contains(&why) && drawn.contains(&at) && at <= latest,
        };
        assert!(right, "{deadline:?} from {floor:?} {drawn:?} {whys:?} before {latest:?}");
    }
}

/// With the pause that the server asked for: not before it, and at most a tenth (and 5 s) after it.
fn asked(floor: Tick, drawn: RangeInclusive<Tick>, why: Why, received: Tick, retry_after: Option<Duration>) -> Room {
    let Some(asked) = retry_after else {
        return Room { floor, drawn, whys: [why].to_vec() };
    };
    let earliest = received + asked;
    let spread = received + asked.saturating_add((asked / 10).min(Duration::from_secs(5)));
    let (low, high) = drawn.into_inner();
    let mut whys = Vec::new();
    if spread > low {
        whys.push(Why::RetryAfter);
    }
    if earliest <= high {
        whys.push(why);
    }
    Room { floor: floor.max(earliest), drawn: low.max(earliest)..=high.max(spread), whys }
}

fn span() -> impl Strategy<Value = Duration> {
    prop_oneof![16 => 0_u64..12_000, 1 => Just(0), 1 => Just(3_600_000)].prop_map(Duration::from_millis)
}

fn retry_after() -> impl Strategy<Value = Option<Duration>> {
    prop::option::weighted(0.3, prop_oneof![8 => span(), 1 => Just(Duration::MAX)])
}

fn lifecycle() -> impl Strategy<Value = Lifecycle> {
    let growth = prop::option::of((2_u32..5, 0_u64..20_000));
    (any::<bool>(), 1_u64..6000, 0_u64..6000, growth).prop_map(|(immediate, min, width, growth)| {
        let max = Duration::from_millis(min + width);
        Lifecycle {
            first_poll: if immediate { FirstPoll::Immediate } else { FirstPoll::AfterInterval },
            interval: Interval { min: Duration::from_millis(min), max },
            growth: growth.map(|(factor, more)| Growth { factor, max: max + Duration::from_millis(more) }),
            cap: None,
            inactivity: None,
            complete_by: CompleteBy::Count,
        }
    })
}

impl ReferenceStateMachine for History {
    type State = History;
    type Transition = (Duration, Call);

    fn init_state() -> BoxedStrategy<History> {
        let longest = prop_oneof![8 => (0_u64..90_000).prop_map(Duration::from_millis), 1 => Just(Duration::MAX)];
        let start = prop_oneof![8 => Just(0), 1 => any::<u64>(), 1 => Just(u64::MAX)].prop_map(Tick::from_nanos);
        (lifecycle(), longest, start, any::<u64>())
            .prop_map(|(lifecycle, longest, start, seed)| History {
                lifecycle,
                longest,
                start,
                seed,
                calls: Vec::new(),
            })
            .boxed()
    }

    fn transitions(_: &History) -> BoxedStrategy<(Duration, Call)> {
        let took = || (0_u64..9000).prop_map(Duration::from_millis);
        let unchanged = prop_oneof![8 => 0_u32..6, 1 => Just(u32::MAX)];
        let reply =
            (took(), unchanged, any::<bool>(), retry_after()).prop_map(|(took, unchanged, settling, retry_after)| {
                Call::Reply { took, unchanged, settling, retry_after }
            });
        let setback = (took(), span(), span(), retry_after())
            .prop_map(|(took, least, more, retry_after)| Call::Setback { took, least, more, retry_after });
        let call = prop_oneof![
            1 => Just(Call::First),
            1 => Just(Call::Started),
            6 => reply,
            4 => setback,
            1 => took().prop_map(|took| Call::Abandoned { took }),
            1 => span().prop_map(|asked| Call::Fits { asked }),
            1 => (span(), 1_u64..20_000)
                .prop_map(|(due, more)| Call::Held { due, more: Duration::from_millis(more) }),
        ];
        ((0_u64..6000).prop_map(Duration::from_millis), call).boxed()
    }

    fn apply(mut history: History, call: &(Duration, Call)) -> History {
        history.calls.push(*call);
        history
    }
}

/// Two schedules of the same seed.
struct Watched(Schedule, Schedule);

impl StateMachineTest for Watched {
    type SystemUnderTest = Watched;
    type Reference = History;

    fn init_test(history: &History) -> Watched {
        let new = || Schedule::new(&history.lifecycle, history.longest, history.seed, history.start);
        Watched(new(), new())
    }

    fn apply(mut watched: Watched, history: &History, (_, call): (Duration, Call)) -> Watched {
        let deadline = place(&mut watched.0, history.now(), call);
        assert_eq!(place(&mut watched.1, history.now(), call), deadline, "same seed, same schedule");
        if let Call::Fits { asked } = call {
            assert_eq!(watched.0.fits(history.now(), asked), history.now() + asked <= history.latest());
        }
        match (deadline, history.room(call)) {
            (Some(deadline), Some(room)) => {
                history.check(&room, deadline);
                assert!(matches!(call, Call::First) || watched.0.floor() == room.floor, "{:?}", watched.0.floor());
            }
            (None, None) => {}
            (found, _) => panic!("{found:?} after {call:?}"),
        }
        watched
    }

    fn check_invariants(watched: &Watched, history: &History) {
        assert_eq!((watched.0.limit(), watched.0.latest()), (history.limit(), history.latest()));
    }
}

fn place(schedule: &mut Schedule, now: Tick, call: Call) -> Option<Deadline> {
    match call {
        Call::First => Some(schedule.first(now)),
        Call::Started => {
            schedule.started(now);
            None
        }
        Call::Reply { took, unchanged, settling, retry_after } => {
            Some(schedule.after_reply(now, now + took, Pace { unchanged, settling, retry_after }))
        }
        Call::Setback { took, least, more, retry_after } => {
            let pause = Pause { least, drawn: least.saturating_add(more) };
            Some(schedule.after_setback(now + took, pause, retry_after, Why::Backoff))
        }
        Call::Abandoned { took } => Some(schedule.after_abandoned(now, now + took)),
        Call::Fits { .. } => None,
        Call::Held { due, more } => {
            let due = schedule.after_setback(now, Pause { least: due, drawn: due }, None, Why::Backoff);
            assert_eq!(schedule.held(due, due.at), due, "not held back");
            Some(schedule.held(due, due.at + more))
        }
    }
}
