//! Random histories of a rate limit, against a model that counts the admitted requests in every span of time again.

use alloc::vec::Vec;
use core::time::Duration;

use proptest::prelude::*;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};

use super::RateLimit;
use crate::histories::many;
use crate::tick::Tick;

prop_state_machine! {
    #![proptest_config(many())]
    #[test]
    fn agrees_with_its_whole_history(sequential 1..24 => Watched);
}

#[derive(Clone, Copy, Debug)]
enum Call {
    /// Asks for so many requests, so many nanoseconds later.
    Admit {
        later: u64,
        requests: usize,
    },
    /// Asks once by a clock that was set back.
    AdmitEarlier {
        by: u64,
    },
    SlowTo {
        period: u64,
    },
}

#[derive(Clone, Debug)]
struct History {
    period: u64,
    burst: u32,
    start: u64,
}

impl ReferenceStateMachine for History {
    type State = History;
    type Transition = Call;

    fn init_state() -> BoxedStrategy<History> {
        let start = prop_oneof![8 => 0_u64..100, 1 => Just(1 << 40)];
        (0_u64..30, 0_u32..5, start).prop_map(|(period, burst, start)| History { period, burst, start }).boxed()
    }

    fn transitions(_: &History) -> BoxedStrategy<Call> {
        prop_oneof![
            24 => (0_u64..40, 1_usize..4).prop_map(|(later, requests)| Call::Admit { later, requests }),
            2 => (0_u64..100).prop_map(|by| Call::AdmitEarlier { by }),
            1 => (0_u64..60).prop_map(|period| Call::SlowTo { period }),
        ]
        .boxed()
    }

    fn apply(history: History, _: &Call) -> History {
        history
    }
}

struct Watched {
    limit: RateLimit,
    now: u64,
    period: u64,
    burst: u64,
    /// When requests were admitted, and how many of these were before the period last changed.
    admitted: Vec<u64>,
    changed: usize,
}

impl Watched {
    /// One more request at `now` leaves no span, from any admitted request on, with more than its share.
    fn has_room(&self, now: u64) -> bool {
        let since = self.admitted.get(self.changed..).unwrap_or_default();
        let with_this: Vec<u64> = since.iter().copied().chain([now]).collect();
        (0..with_this.len()).all(|first| {
            let (requests, span) = ((with_this.len() - first) as u64, now - with_this[first]);
            span.checked_div(self.period).is_none_or(|more| requests <= self.burst + more)
        })
    }

    fn ask(&mut self, shown: u64) {
        let now = self.now;
        match self.limit.admit(Tick::from_nanos(shown)) {
            Ok(()) => {
                assert!(self.has_room(now), "{now} after {:?}", self.admitted);
                self.admitted.push(now);
            }
            Err(at) => {
                let at = at.as_nanos();
                assert!(at > now, "refused until {at}, which has come");
                // What was admitted at another period weighs on, so that only the first period tells exactly when.
                if self.changed == 0 {
                    assert!(!self.has_room(at - 1) && self.has_room(at), "{at} after {:?}", self.admitted);
                }
            }
        }
    }
}

impl StateMachineTest for Watched {
    type SystemUnderTest = Watched;
    type Reference = History;

    fn init_test(history: &History) -> Watched {
        let History { period, burst, start } = *history;
        let limit = RateLimit::new(Duration::from_nanos(period), burst);
        Watched { limit, now: start, period, burst: burst.max(1).into(), admitted: Vec::new(), changed: 0 }
    }

    fn apply(mut watched: Watched, _: &History, call: Call) -> Watched {
        match call {
            Call::Admit { later, requests } => {
                watched.now += later;
                (0..requests).for_each(|_| watched.ask(watched.now));
            }
            // Before the first request no clock was shown that could be set back.
            Call::AdmitEarlier { .. } if watched.admitted.is_empty() => {}
            Call::AdmitEarlier { by } => watched.ask(watched.now.saturating_sub(by)),
            Call::SlowTo { period } => {
                watched.limit.slow_to(Duration::from_nanos(period));
                assert_eq!(watched.limit.period(), Duration::from_nanos(period));
                (watched.period, watched.changed) = (period, watched.admitted.len());
            }
        }
        watched
    }
}
