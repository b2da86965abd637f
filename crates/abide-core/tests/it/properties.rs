//! What must hold for every server, every clock and every seed.

use std::time::Duration;

use abide_core::{
    CompleteBy, Counters, Event, Failure, FirstPoll, Growth, Interval, Lifecycle, Observation, Options, Session,
    Setback, State, Step, Tick,
};
use proptest::prelude::*;

use crate::simulation::{Answer, run, status};

fn state() -> impl Strategy<Value = State> {
    prop::sample::select(vec![State::Queued, State::Running, State::Completed, State::Failed, State::Unknown])
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

/// Small numbers, where the interesting coincidences are, and any number.
fn number() -> impl Strategy<Value = i64> {
    prop_oneof![4 => -1_i64..4, 1 => any::<i64>()]
}

fn observation() -> impl Strategy<Value = Observation> {
    let counters = (number(), number(), number(), number())
        .prop_map(|(total, processed, successful, failed)| Counters { total, processed, successful, failed });
    (state(), counters, prop::option::of(prop_oneof![4 => 0_u64..4, 1 => any::<u64>()]), 0_u64..2)
        .prop_map(|(state, counters, delivered, mark)| Observation { state, counters, delivered, mark })
}

pub(crate) fn span() -> impl Strategy<Value = Duration> {
    prop_oneof![8 => (0_u64..20_000).prop_map(Duration::from_millis), 1 => Just(Duration::MAX)]
}

pub(crate) fn answer() -> impl Strategy<Value = Answer> {
    let retry_after = || prop::option::weighted(0.2, span());
    prop_oneof![
        8 => (observation(), retry_after()).prop_map(|(observation, wait)| Answer::Status(observation, wait)),
        8 => retry_after().prop_map(|wait| Answer::Status(status(State::Running, 1, 3), wait)),
        4 => retry_after().prop_map(|wait| Answer::Setback(Failure::Transient, wait)),
        4 => retry_after().prop_map(|wait| Answer::Setback(Failure::Throttled, wait)),
        1 => (failure(), retry_after()).prop_map(|(failure, wait)| Answer::Setback(failure, wait)),
        2 => Just(Answer::Abandoned),
        1 => Just(Answer::Silence),
    ]
}

pub(crate) fn lifecycle() -> impl Strategy<Value = Lifecycle> {
    let pace = (1_u64..6000, 0_u64..6000, prop::option::of((2_u32..5, 0_u64..20_000)));
    (any::<bool>(), pace, prop::option::of(1_u64..90_000), prop::option::of(1_u64..90_000), any::<bool>()).prop_map(
        |(immediate, (min, width, growth), cap, inactivity, by_count)| {
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

fn script() -> impl Strategy<Value = Vec<(u64, Answer)>> {
    prop::collection::vec((0_u64..3000, answer()), 1..40)
}

fn start() -> impl Strategy<Value = Tick> {
    prop_oneof![4 => Just(0), 1 => any::<u64>()].prop_map(Tick::from_nanos)
}

proptest! {
    #[test]
    fn sends_keep_the_gap_and_the_limit(lifecycle in lifecycle(), script in script(), max_wait in 0_u64..120_000, seed: u64, start in start()) {
        let max_wait = Duration::from_millis(max_wait);
        let serve = |poll: usize| {
            let (latency, answer) = script[poll % script.len()];
            (Duration::from_millis(latency), answer)
        };
        let options = Options::new(max_wait, seed);
        let trace = run(&lifecycle, options, start, serve);
        for gap in trace.gaps() {
            prop_assert!(gap >= lifecycle.interval.min, "{gap:?}");
        }
        let longest = lifecycle.cap.map_or(max_wait, |cap| cap.min(max_wait));
        if let (Some(first), Some(last)) = (trace.sends.first(), trace.sends.last()) {
            prop_assert!(last == first || last.since(*first) < longest);
        }
        prop_assert_eq!(trace.events.iter().filter(|event| matches!(event, Event::Ended(_))).count(), 1);
        prop_assert_eq!(trace.events.last(), Some(&Event::Ended(trace.end)));
        prop_assert_eq!(run(&lifecycle, options, start, serve), trace, "same seed, same trace");
    }

    #[test]
    fn an_unanswered_pace_stays_inside_its_range(lifecycle in lifecycle(), seed: u64) {
        let lifecycle = Lifecycle { cap: None, ..lifecycle };
        let options = Options::new(Duration::from_mins(10), seed);
        let trace = run(&lifecycle, options, Tick::ZERO, |_| (Duration::ZERO, Answer::Status(status(State::Running, 0, 1), None)));
        let gaps = trace.gaps();
        for (unchanged, gap) in gaps.iter().enumerate().take(gaps.len().saturating_sub(1)) {
            let factor = |growth: Growth| growth.factor.saturating_pow(u32::try_from(unchanged).unwrap_or(u32::MAX));
            let grown = |bound: Duration| lifecycle.growth.map_or(bound, |growth| bound.saturating_mul(factor(growth)).min(growth.max));
            let (min, max) = (grown(lifecycle.interval.min), grown(lifecycle.interval.max));
            prop_assert!((min..=max).contains(gap), "{gap:?} outside {min:?}..={max:?}");
        }
        prop_assert_eq!(usize::try_from(trace.unchanged).unwrap_or(usize::MAX), trace.sends.len().saturating_sub(1));
    }

    #[test]
    fn nothing_panics_and_an_end_absorbs(lifecycle in lifecycle(), calls in prop::collection::vec((any::<u64>(), 0_u8..5, answer()), 0..60), max_wait in span()) {
        let mut session = Session::new(&lifecycle, Options::new(max_wait, 1), Tick::ZERO).unwrap();
        let mut end = None;
        for (now, call, answer) in calls {
            let now = Tick::from_nanos(now);
            match (call, answer) {
                (0, _) => session.handle_sent(now),
                (1, _) => {
                    let _ = session.step(now);
                }
                (_, Answer::Status(observation, wait)) => session.handle_reply(now, &observation, wait),
                (_, Answer::Setback(failure, retry_after)) => session.handle_setback(now, Setback { failure, retry_after }),
                (_, Answer::Abandoned | Answer::Silence) => session.handle_abandoned(now),
            }
            let events: Vec<_> = std::iter::from_fn(|| session.poll_event()).collect();
            if let Some(end) = end {
                prop_assert_eq!(session.end(), Some(end));
                prop_assert_eq!(session.step(now), Step::Over(end));
                prop_assert_eq!(events, vec![]);
            }
            end = session.end();
        }
    }
}
