//! Tables of what each event does in each state: one row per event, one column per state.
//!
//! A missing cell does not compile, because the rows are arrays; a missing, doubled or misplaced row fails. The names of
//! states and events come from [`listed`], and each machine's table maps its own states onto them with a match that has no
//! catch-all, so that the compiler asks for the column of a state that is added.

use core::fmt::Debug;
use std::string::String;
use std::{format, vec::Vec};

/// An enum and the list of its values.
macro_rules! listed {
    ($(#[$about:meta])* enum $name:ident { $($value:ident),+ $(,)? }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        enum $name { $($value),+ }

        impl $name {
            const ALL: [Self; [$(Self::$value),+].len()] = [$(Self::$value),+];
        }
    };
}
pub(crate) use listed;

/// Compares every cell of the table with the outcome, and tells all that differ at once.
pub(crate) fn check<State, Event, Outcome, const STATES: usize, const EVENTS: usize>(
    states: [State; STATES],
    events: [Event; EVENTS],
    table: [(Event, [Outcome; STATES]); EVENTS],
    outcome: impl Fn(State, Event) -> Outcome,
) where
    State: Copy + Debug,
    Event: Copy + Debug + PartialEq,
    Outcome: Debug + PartialEq,
{
    let rows: Vec<_> = table.iter().map(|(event, _)| *event).collect();
    assert_eq!(rows, events, "one row per event, in the order of the list");
    let mut wrong = String::new();
    for (event, row) in table {
        for (state, expected) in states.into_iter().zip(row) {
            let found = outcome(state, event);
            if found != expected {
                wrong += &format!("\n{state:?} x {event:?}: {found:?} instead of {expected:?}");
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
