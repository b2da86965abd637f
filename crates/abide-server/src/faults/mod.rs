//! Faults: what a network, a proxy or a bad moment does to calls and answers, by name and with a probability.
//!
//! A fault belongs to no requirement. It is what a client has to survive: each call may be struck, and the next one may
//! not. Which calls are struck follows from the seed and from the order of calls, and from nothing else.

mod board;
mod bodies;
mod content;
mod gzip;
mod hook;
mod layer;
mod recall;
mod refusals;
mod rule;
mod wire;

use std::time::Duration;

use axum::response::Response;

pub use self::rule::FaultRule;
use self::wire::Script;
pub(crate) use self::{
    board::Board,
    hook::routes,
    layer::strike,
    wire::{Breakable, Wire},
};
use crate::{
    breakage::{Named, answer::Answer},
    clock::Moment,
};

/// Something that can happen to a call.
///
/// ```
/// let fault = abide_server::faults().find(|fault| fault.name() == "reset-in-body").expect("it is one of them");
/// assert!(fault.says().starts_with("The connection is reset"));
/// ```
#[derive(Debug)]
pub struct Fault {
    name: &'static str,
    says: &'static str,
    strike: Strike,
    /// How many calls in a row share one decision.
    run: u64,
}

impl Fault {
    /// Its name.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// What happens, in one sentence.
    pub const fn says(&self) -> &'static str {
        self.says
    }

    const fn new(name: &'static str, says: &'static str, strike: Strike) -> Self {
        Self { name, says, strike, run: 1 }
    }
}

impl Named for Fault {
    const KIND: &'static str = "fault";

    fn name(&self) -> &str {
        self.name
    }
}

/// How a fault acts.
#[derive(Debug, Clone, Copy)]
enum Strike {
    /// The call waits that long, and then goes on.
    Wait(fn(Chance) -> Duration),
    /// The call never reaches the server, and this is the answer. The moment is that of the `Date` header.
    Refuse(fn(Chance, Moment) -> Answer),
    /// The answer is changed.
    Change(fn(&mut Struck<'_>)),
    /// The answer is sent in another way.
    Send(fn(Answer) -> Response),
    /// The answer's bytes are not what HTTP has them be.
    Wire(fn(Answer, Chance) -> Script),
}

/// An answer that a fault changes.
#[derive(Debug)]
struct Struck<'a> {
    answer: &'a mut Answer,
    /// The first answer to the same call.
    first: Option<Answer>,
    /// An answer about another session.
    other: Option<Answer>,
}

/// A random number that belongs to one strike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Chance(u64);

impl Chance {
    /// A number from 0 to `bound` - 1; 0 where there is none.
    fn below(self, bound: usize) -> usize {
        usize::try_from(self.0.checked_rem(bound as u64).unwrap_or(0)).unwrap_or(0)
    }
}

/// All faults: first those of time, then of refusals, of content, of bodies and of the wire.
pub fn faults() -> impl Iterator<Item = &'static Fault> {
    const GROUPS: [&[Fault]; 5] = [TIMES, refusals::FAULTS, content::FAULTS, bodies::FAULTS, wire::FAULTS];
    GROUPS.into_iter().flatten()
}

const TIMES: &[Fault] = &[
    Fault::new(
        "latency",
        "The answer comes 50 to 500 milliseconds later.",
        Strike::Wait(|chance| Duration::from_millis(50 + chance.below(451) as u64)),
    ),
    Fault::new("hang", "There is no answer for two minutes.", Strike::Wait(|_| Duration::from_mins(2))),
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_are_unique_and_told_in_one_sentence() {
        let mut names = HashSet::new();
        for fault in faults() {
            assert!(names.insert(fault.name), "{} is there twice", fault.name);
            assert!(fault.says.ends_with('.') && !fault.says.contains(". "), "{}", fault.name);
            assert!(!fault.name.contains([':', '@']), "{} can be written in a rule", fault.name);
        }
    }

    #[test]
    fn chances_below_a_bound() {
        assert_eq!((Chance(7).below(0), Chance(7).below(5), Chance(u64::MAX).below(1)), (0, 2, 0));
    }
}
