//! Random histories of a backoff, against a model that counts the failures since the last success again after each call.

use alloc::vec::Vec;
use core::time::Duration;

use proptest::prelude::*;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};

use super::{Backoff, Pause};
use crate::histories::many;
use crate::jitter::Jitter;
use crate::lifecycle::Interval;
use crate::options::Options;

prop_state_machine! {
    #![proptest_config(many())]
    #[test]
    fn agrees_with_its_whole_history(sequential 1..20 => Watched);
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Call {
    Succeeded,
    Failed,
    Throttled,
    ThrottledFor(Duration),
}

#[derive(Clone, Debug)]
struct History {
    gap: Duration,
    options: Options,
    calls: Vec<Call>,
}

impl History {
    fn since_success(&self) -> impl Iterator<Item = &Call> {
        self.calls.iter().rev().take_while(|call| **call != Call::Succeeded)
    }

    fn errors(&self) -> u32 {
        count(self.since_success().filter(|call| **call == Call::Failed))
    }

    fn pushes(&self) -> u32 {
        count(self.since_success().filter(|call| matches!(call, Call::Throttled | Call::ThrottledFor(_))))
    }

    fn borne(&self) -> u32 {
        let Options { max_consecutive_errors, max_errors_before_first_reply, .. } = self.options;
        if self.calls.contains(&Call::Succeeded) {
            max_consecutive_errors
        } else {
            max_consecutive_errors.min(max_errors_before_first_reply)
        }
    }

    /// After the last call, an error: no less than the gap, and no more than the first backoff doubled once per error
    /// before, unless the gap is more.
    fn error_bound(&self) -> u128 {
        let Interval { min, max } = self.options.error_backoff;
        doubled(min, self.errors() - 1).min(max.as_nanos()).max(self.gap.as_nanos())
    }

    /// After the last call, a push back without a time: the larger of gap and first backoff, doubled once per push before.
    fn push_floor(&self) -> u128 {
        let first = self.gap.max(self.options.error_backoff.min);
        doubled(first, self.pushes() - 1).min(self.options.retry_after_ceiling.as_nanos()).max(self.gap.as_nanos())
    }
}

/// By repeated addition, in numbers that cannot overflow before they are beyond every duration.
fn doubled(span: Duration, times: u32) -> u128 {
    (0..times.min(24)).fold(span.as_nanos(), |doubled, _| doubled + doubled)
}

fn count<'a>(calls: impl Iterator<Item = &'a Call>) -> u32 {
    u32::try_from(calls.count()).expect("a short history")
}

impl ReferenceStateMachine for History {
    type State = History;
    type Transition = Call;

    fn init_state() -> BoxedStrategy<History> {
        let span = || prop_oneof![8 => 0_u64..50_000, 1 => 0_u64..4].prop_map(Duration::from_millis);
        (1_u64..8000, span(), span(), span(), 0_u32..6, 0_u32..6)
            .prop_map(|(gap, least, most, ceiling, borne, before_first)| History {
                gap: Duration::from_millis(gap),
                options: Options {
                    max_consecutive_errors: borne,
                    max_errors_before_first_reply: before_first,
                    error_backoff: Interval { min: least, max: most },
                    retry_after_ceiling: ceiling,
                    ..Options::new(Duration::MAX, 0)
                },
                calls: Vec::new(),
            })
            .boxed()
    }

    fn transitions(_: &History) -> BoxedStrategy<Call> {
        let asked = prop_oneof![4 => (0_u64..9).prop_map(Duration::from_secs), 1 => Just(Duration::MAX)];
        prop_oneof![
            1 => Just(Call::Succeeded),
            4 => Just(Call::Failed),
            3 => Just(Call::Throttled),
            1 => asked.prop_map(Call::ThrottledFor),
        ]
        .boxed()
    }

    fn apply(mut history: History, call: &Call) -> History {
        history.calls.push(*call);
        history
    }
}

struct Watched {
    backoff: Backoff,
    jitter: Jitter,
}

impl StateMachineTest for Watched {
    type SystemUnderTest = Watched;
    type Reference = History;

    fn init_test(history: &History) -> Watched {
        let seed = u64::try_from(history.gap.as_nanos()).expect("a short gap");
        Watched { backoff: Backoff::new(history.gap, &history.options), jitter: Jitter::new(seed) }
    }

    fn apply(mut watched: Watched, history: &History, call: Call) -> Watched {
        let Watched { backoff, jitter } = &mut watched;
        match call {
            Call::Succeeded => backoff.succeeded(),
            Call::Failed => match backoff.failed(jitter) {
                Err(errors) => {
                    assert_eq!(errors, history.errors());
                    assert!(errors > history.borne());
                }
                Ok(pause) => {
                    assert!(history.errors() <= history.borne());
                    assert_eq!(pause.least, history.gap);
                    assert!(pause.drawn >= pause.least && pause.drawn.as_nanos() <= history.error_bound(), "{pause:?}");
                }
            },
            Call::Throttled => {
                let Pause { least, drawn } = backoff.throttled(jitter, None);
                let floor = history.push_floor();
                assert_eq!(least.as_nanos(), floor);
                let most = floor + (floor / 10).min(5_000_000_000);
                assert!((floor..=most).contains(&drawn.as_nanos()), "{drawn:?} above {most}");
            }
            Call::ThrottledFor(asked) => {
                let pause = backoff.throttled(jitter, Some(asked));
                assert_eq!(pause, Pause { least: history.gap, drawn: history.gap });
            }
        }
        watched
    }

    fn check_invariants(watched: &Watched, history: &History) {
        assert_eq!(watched.backoff.in_a_row(), history.errors() + history.pushes());
    }
}
