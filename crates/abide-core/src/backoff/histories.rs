//! Random histories of a backoff, against a model that counts the failures since the last success again after each call.

use alloc::vec::Vec;
use core::ops::RangeInclusive;
use core::time::Duration;

use proptest::prelude::*;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};

use super::{Backoff, Pause, Record};
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
    NotFound,
}

#[derive(Clone, Debug)]
struct History {
    pace: Interval,
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

    /// Since the last success, and as many as the machine bore.
    fn not_found(&self) -> u32 {
        let heard = self.calls.contains(&Call::Succeeded);
        let all = count(self.calls.iter().filter(|call| **call == Call::NotFound));
        if heard { 0 } else { all.min(self.options.max_not_found_before_first_reply) }
    }

    /// The server does not know the session, for the first time or again, and never did; nor so often that it never will.
    fn may_be_too_young(&self) -> bool {
        let times = count(self.calls.iter().filter(|call| **call == Call::NotFound));
        !self.calls.contains(&Call::Succeeded) && times <= self.options.max_not_found_before_first_reply
    }

    /// A bucket of a hundred: an error takes ten, a success brings one, and half of it is too little.
    fn is_out_of_retries(&self) -> bool {
        let left = self.calls.iter().fold(100_i32, |left, call| match call {
            Call::Succeeded => (left + 1).min(100),
            Call::Failed => (left - 10).max(0),
            Call::Throttled | Call::ThrottledFor(_) | Call::NotFound => left,
        });
        left <= 50
    }

    fn borne(&self) -> u32 {
        let Options { max_consecutive_errors, max_errors_before_first_reply, .. } = self.options;
        if self.calls.contains(&Call::Succeeded) {
            max_consecutive_errors
        } else {
            max_consecutive_errors.min(max_errors_before_first_reply)
        }
    }

    /// After the last call, an error: no less than the gap (the slowest pace, if too many retries came before), and no more
    /// than the first backoff doubled once per error before, unless that is less.
    fn error_bounds(&self) -> RangeInclusive<u128> {
        let Interval { min, max } = self.options.error_backoff;
        let least = if self.is_out_of_retries() { self.pace.max } else { self.pace.min }.as_nanos();
        least..=doubled(min, self.errors() - 1).min(max.as_nanos()).max(least)
    }

    /// After the last call, a push back that is answered with a pause of our own: the larger of gap and first backoff,
    /// doubled once per push before, up to `most`.
    fn push_bounds(&self, most: Duration) -> RangeInclusive<u128> {
        let first = self.pace.min.max(self.options.error_backoff.min);
        let least = doubled(first, self.pushes() - 1).min(most.as_nanos()).max(self.pace.min.as_nanos());
        least..=least + (least / 10).min(5_000_000_000)
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
        let pace = (1_u64..8000, 0_u64..30_000);
        (pace, span(), span(), span(), (0_u32..9, 0_u32..6, 0_u32..4))
            .prop_map(|((gap, width), least, most, ceiling, (borne, before_first, unknown))| History {
                pace: Interval { min: Duration::from_millis(gap), max: Duration::from_millis(gap + width) },
                options: Options {
                    max_not_found_before_first_reply: unknown,
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
            6 => Just(Call::Failed),
            3 => Just(Call::Throttled),
            3 => asked.prop_map(Call::ThrottledFor),
            1 => Just(Call::NotFound),
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
        let seed = u64::try_from(history.pace.min.as_nanos()).expect("a short gap");
        Watched { backoff: Backoff::new(history.pace, &history.options), jitter: Jitter::new(seed) }
    }

    fn apply(mut watched: Watched, history: &History, call: Call) -> Watched {
        let Watched { backoff, jitter } = &mut watched;
        let gap = Pause { least: history.pace.min, drawn: history.pace.min };
        match call {
            Call::Succeeded => backoff.succeeded(),
            Call::Failed => match backoff.failed(jitter) {
                Err(errors) => {
                    assert_eq!(errors, history.errors());
                    assert!(errors > history.borne());
                }
                Ok(Pause { least, drawn }) => {
                    assert!(history.errors() <= history.borne());
                    assert_eq!(least, history.pace.min);
                    assert!(history.error_bounds().contains(&drawn.as_nanos()), "{drawn:?}");
                }
            },
            Call::Throttled => {
                own(backoff.throttled(jitter, None), &history.push_bounds(history.options.retry_after_ceiling));
            }
            Call::ThrottledFor(asked) if history.pushes() > 3 => {
                let most = history.options.retry_after_ceiling.min(history.options.error_backoff.max);
                own(backoff.throttled(jitter, Some(asked)), &history.push_bounds(most));
            }
            Call::ThrottledFor(asked) => assert_eq!(backoff.throttled(jitter, Some(asked)), gap),
            Call::NotFound => assert_eq!(backoff.not_found(), history.may_be_too_young().then_some(gap)),
        }
        // Taken down and gone on with, it is the same.
        let record = backoff.record();
        *backoff = Backoff::new(history.pace, &history.options);
        backoff.resume(record);
        watched
    }

    fn check_invariants(watched: &Watched, history: &History) {
        let Record { budget, .. } = watched.backoff.record();
        assert_eq!(watched.backoff.in_a_row(), history.errors() + history.pushes() + history.not_found());
        assert_eq!(budget.is_exhausted(), history.is_out_of_retries());
    }
}

/// A pause without a time from the server: the least of it is certain, and what is drawn lies above.
fn own(Pause { least, drawn }: Pause, bounds: &RangeInclusive<u128>) {
    assert_eq!(least.as_nanos(), *bounds.start());
    assert!(bounds.contains(&drawn.as_nanos()), "{drawn:?} outside {bounds:?}");
}
