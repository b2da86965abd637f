//! Random lifecycles, options, replies and answers, with small numbers where the coincidences are.
//!
//! The larger ones are boxed: what is not boxed is moved about by value for every draw, and that took most of the time.

use std::time::Duration;

use abide_core::{
    CompleteBy, Counters, Failure, FirstPoll, Growth, Interval, Lifecycle, Observation, Options, State, Tick,
};
use proptest::prelude::*;

use crate::lifecycles::{CALMYX, HUM};
use crate::model::Answer;

/// What a session is made from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Setup {
    pub(crate) lifecycle: Lifecycle,
    pub(crate) options: Options,
    pub(crate) start: Tick,
}

pub(crate) fn setup() -> impl Strategy<Value = Setup> {
    let lifecycle = prop_oneof![1 => Just(CALMYX), 1 => Just(HUM), 3 => lifecycle()];
    (lifecycle, options(), start()).prop_map(|(lifecycle, options, start)| Setup { lifecycle, options, start })
}

pub(crate) fn lifecycle() -> impl Strategy<Value = Lifecycle> {
    let pace = (1_u64..6000, 0_u64..6000, prop::option::of((2_u32..5, 0_u64..20_000)));
    let spans = (prop::option::weighted(0.3, 1_u64..90_000), prop::option::of(1_u64..40_000));
    (any::<bool>(), pace, spans, any::<bool>()).prop_map(
        |(immediate, (min, width, growth), (cap, inactivity), by_count)| {
            let millis = Duration::from_millis;
            let max = millis(min + width);
            Lifecycle {
                first_poll: if immediate { FirstPoll::Immediate } else { FirstPoll::AfterInterval },
                interval: Interval { min: millis(min), max },
                growth: growth.map(|(factor, more)| Growth { factor, max: max + millis(more) }),
                cap: cap.map(millis),
                inactivity: inactivity.map(millis),
                complete_by: if by_count { CompleteBy::Count } else { CompleteBy::StatusOrCount },
            }
        },
    )
}

pub(crate) fn options() -> impl Strategy<Value = Options> {
    let max_wait = prop_oneof![
        6 => (0_u64..90_000).prop_map(Duration::from_millis),
        6 => (0_u64..900_000).prop_map(Duration::from_millis),
        1 => Just(Duration::MAX),
    ];
    let backoff = prop::option::of((0_u64..4000, 0_u64..20_000));
    let ceiling = prop::option::of(0_u64..20_000);
    (max_wait, any::<u64>(), (0_u32..9, 0_u32..5, 0_u32..3), backoff, ceiling, 0_u64..4000).prop_map(
        |(max_wait, seed, (errors, before_first, unknown), backoff, ceiling, grace)| {
            let millis = Duration::from_millis;
            let default = Options::new(max_wait, seed);
            Options {
                max_consecutive_errors: errors,
                max_errors_before_first_reply: before_first,
                max_not_found_before_first_reply: unknown,
                error_backoff: backoff.map_or(default.error_backoff, |(min, width)| Interval {
                    min: millis(min),
                    max: millis(min + width),
                }),
                retry_after_ceiling: ceiling.map_or(default.retry_after_ceiling, millis),
                last_reply_grace: millis(grace),
                ..default
            }
        },
    )
}

pub(crate) fn start() -> impl Strategy<Value = Tick> {
    prop_oneof![20 => Just(0), 2 => any::<u64>(), 1 => Just(u64::MAX)].prop_map(Tick::from_nanos)
}

pub(crate) fn answer() -> BoxedStrategy<Answer> {
    let asked = || prop::option::weighted(0.1, span());
    let unfinished = Observation {
        state: State::Running,
        counters: Counters { total: 3, processed: 1, successful: 1, failed: 0 },
        delivered: Some(1),
        mark: 0,
    };
    prop_oneof![
        3 => (observation(), asked()).prop_map(|(reply, asked)| Answer::Reply(reply, asked)),
        12 => asked().prop_map(move |asked| Answer::Reply(unfinished, asked)),
        3 => asked().prop_map(|asked| Answer::Setback(Failure::Transient, asked)),
        3 => asked().prop_map(|asked| Answer::Setback(Failure::Throttled, asked)),
        1 => (failure(), asked()).prop_map(|(failure, asked)| Answer::Setback(failure, asked)),
        1 => Just(Answer::Abandoned),
    ]
    .boxed()
}

pub(crate) fn observation() -> BoxedStrategy<Observation> {
    let counters = (number(), number(), number(), number())
        .prop_map(|(total, processed, successful, failed)| Counters { total, processed, successful, failed });
    (state(), counters, prop::option::of(prop_oneof![4 => 0_u64..4, 1 => any::<u64>()]), 0_u64..2)
        .prop_map(|(state, counters, delivered, mark)| Observation { state, counters, delivered, mark })
        .boxed()
}

pub(crate) fn span() -> BoxedStrategy<Duration> {
    prop_oneof![8 => (0_u64..20_000).prop_map(Duration::from_millis), 1 => Just(Duration::MAX)].boxed()
}

fn number() -> BoxedStrategy<i64> {
    prop_oneof![12 => -1_i64..4, 1 => any::<i64>()].boxed()
}

fn state() -> impl Strategy<Value = State> {
    prop_oneof![
        2 => Just(State::Queued),
        6 => Just(State::Running),
        2 => Just(State::Completed),
        1 => Just(State::Failed),
        1 => Just(State::Unknown),
    ]
}

fn failure() -> impl Strategy<Value = Failure> {
    prop::sample::select(vec![
        Failure::Transient,
        Failure::Throttled,
        Failure::Gone,
        Failure::NotFound,
        Failure::Denied,
        Failure::Rejected,
    ])
}
