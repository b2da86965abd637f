//! Random histories of an expiry, against a model that looks for the last renewal again after each call.

use alloc::vec::Vec;
use core::time::Duration;

use proptest::prelude::*;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};

use super::Expiry;
use crate::histories::many;
use crate::tick::Tick;

prop_state_machine! {
    #![proptest_config(many())]
    #[test]
    fn agrees_with_its_whole_history(sequential 1..16 => Machine);
}

#[derive(Clone, Copy, Debug)]
enum Call {
    Renewed(u64),
    Elapsed(u64),
    Gone,
}

#[derive(Clone, Debug)]
struct History {
    window: Option<u64>,
    calls: Vec<Call>,
}

impl History {
    /// What the last call, a look at the clock, is to tell: the end of the window that the last renewal opened, if it has
    /// come, no earlier look told it, and the server has not said that the session is gone.
    fn told(&self, now: u64) -> Option<u64> {
        let (_, earlier) = self.calls.split_last()?;
        untold(self.window, earlier).filter(|until| now >= *until)
    }
}

/// The end of the window that the last renewal opened, if nothing told it or made it pointless.
fn untold(window: Option<u64>, calls: &[Call]) -> Option<u64> {
    let renewal = calls.iter().rposition(|call| matches!(call, Call::Renewed(_)))?;
    let Call::Renewed(sent) = calls[renewal] else { return None };
    let until = sent.saturating_add(window?);
    let gone = calls.iter().any(|call| matches!(call, Call::Gone));
    let told = calls[renewal..].iter().any(|call| matches!(call, Call::Elapsed(then) if *then >= until));
    (!told && !gone).then_some(until)
}

impl ReferenceStateMachine for History {
    type State = History;
    type Transition = Call;

    fn init_state() -> BoxedStrategy<History> {
        let window = prop_oneof![1 => Just(None), 8 => (1_u64..6).prop_map(Some), 1 => any::<u64>().prop_map(Some)];
        window.prop_map(|window| History { window, calls: Vec::new() }).boxed()
    }

    /// Any instant in any order: the machine does not lean on a clock that only goes forward.
    fn transitions(_: &History) -> BoxedStrategy<Call> {
        let instant = || prop_oneof![12 => 0_u64..16, 1 => any::<u64>(), 1 => Just(u64::MAX)];
        prop_oneof![
            8 => instant().prop_map(Call::Renewed),
            12 => instant().prop_map(Call::Elapsed),
            1 => Just(Call::Gone),
        ]
        .boxed()
    }

    fn apply(mut history: History, call: &Call) -> History {
        history.calls.push(*call);
        history
    }
}

struct Machine;

impl StateMachineTest for Machine {
    type SystemUnderTest = Expiry;
    type Reference = History;

    fn init_test(history: &History) -> Expiry {
        Expiry::new(history.window.map(Duration::from_nanos))
    }

    fn apply(mut expiry: Expiry, history: &History, call: Call) -> Expiry {
        match call {
            Call::Renewed(sent) => expiry.renewed(Tick::from_nanos(sent)),
            Call::Elapsed(now) => {
                let told = expiry.elapsed(Tick::from_nanos(now));
                assert_eq!(told.map(Tick::as_nanos), history.told(now));
            }
            Call::Gone => expiry.gone(),
        }
        // Taken down and gone on with, it is the same, unless it is gone.
        let mut resumed = Expiry::new(history.window.map(Duration::from_nanos));
        resumed.resume(expiry.window());
        if history.calls.iter().any(|call| matches!(call, Call::Gone)) { expiry } else { resumed }
    }

    fn check_invariants(expiry: &Expiry, history: &History) {
        assert_eq!(expiry.until().map(Tick::as_nanos), untold(history.window, &history.calls));
    }
}
