//! What must hold for every server, every clock and every seed.

use std::time::Duration;

use abide_core::{Event, Growth, Lifecycle, Options, Session, Setback, State, Step, Tick};
use proptest::prelude::*;

use crate::arbitrary::{lifecycle, span, start};
use crate::lifecycles::{CALMYX, HUM};
use crate::simulation::{Answer, run, status};
use crate::{arbitrary, model};

pub(crate) fn answer() -> impl Strategy<Value = Answer> {
    let answer = arbitrary::answer().prop_map(|answer| match answer {
        model::Answer::Reply(reply, asked) => Answer::Status(reply, asked),
        model::Answer::Setback(failure, asked) => Answer::Setback(failure, asked),
        model::Answer::Abandoned => Answer::Abandoned,
    });
    prop_oneof![24 => answer, 1 => Just(Answer::Silence)]
}

fn pending() -> (Duration, Answer) {
    (Duration::ZERO, Answer::Status(status(State::Running, 1, 50), None))
}

fn script() -> impl Strategy<Value = Vec<(u64, Answer)>> {
    prop::collection::vec((0_u64..3000, answer()), 1..40)
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
    fn documented_gaps_are_kept_for_every_seed(seed: u64) {
        let steady = run(&CALMYX, Options::new(Duration::from_mins(10), seed), Tick::ZERO, |_| pending());
        let gaps = steady.gaps();
        // The last one may be drawn back to the end of the wait, but not below the shortest.
        let (last, whole) = gaps.split_last().expect("many requests");
        prop_assert!(whole.iter().all(|gap| (5000..=9500).contains(&gap.as_millis())), "{gaps:?}");
        prop_assert!((5000..=9500).contains(&last.as_millis()), "{gaps:?}");
        let growing = run(&HUM, Options::new(Duration::from_mins(10), seed), Tick::ZERO, |_| pending());
        // At 2 to 3 s, 4 to 6 s and 8 to 12 s it depends on the draws whether a fifth request fits, or the last one is earlier.
        let gaps = growing.gaps();
        for (gap, range) in gaps.iter().zip([2000..=3000, 4000..=6000, 8000..=12_000, 2000..=30_000]) {
            prop_assert!(range.contains(&gap.as_millis()), "{gaps:?}");
        }
        prop_assert!(growing.sends.last().is_some_and(|last| last.as_nanos() <= 29_750_000_000));
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
