//! The switchboard: which faults are on, whom they strike next, and the answers that some of them need.

use std::sync::{Mutex, PoisonError};

use super::{Chance, Fault, FaultRule, recall::Recall};
use crate::{
    breakage::{answer::Answer, call::Call},
    noise::{mix, seed},
};

/// The faults of one server; they can be switched while it runs.
#[derive(Debug, Default)]
pub(crate) struct Board {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    seed: u64,
    rules: Vec<Ruled>,
    recall: Recall,
}

#[derive(Debug)]
struct Ruled {
    rule: FaultRule,
    /// How many calls the rule has met.
    met: u64,
}

impl Board {
    pub(crate) fn new(seed: u64, rules: &[FaultRule]) -> Self {
        let board = Self::default();
        board.switch(seed, rules.to_vec());
        board
    }

    /// These faults from here on, as if no call had been met before.
    pub(super) fn switch(&self, seed: u64, rules: Vec<FaultRule>) {
        self.with(|state| {
            state.seed = seed;
            state.rules = rules.into_iter().map(|rule| Ruled { rule, met: 0 }).collect();
        });
    }

    /// The seed, and the faults that are on.
    pub(super) fn shown(&self) -> (u64, Vec<String>) {
        self.with(|state| (state.seed, state.rules.iter().map(|ruled| ruled.rule.to_string()).collect()))
    }

    /// The faults that strike a call on this path.
    pub(super) fn draw(&self, path: &str) -> Vec<(&'static Fault, Chance)> {
        self.with(|state| {
            let seed = state.seed;
            let met = state.rules.iter_mut().filter(|ruled| path.starts_with(ruled.rule.path()));
            met.filter_map(|ruled| ruled.meet(seed)).collect()
        })
    }

    /// Keeps an answer for the faults that repeat one.
    pub(super) fn remember(&self, call: &Call, answer: &Answer) {
        self.with(|state| state.recall.remember(call, answer));
    }

    /// The first answer to this call, and one about another session.
    pub(super) fn recall(&self, call: &Call) -> (Option<Answer>, Option<Answer>) {
        self.with(|state| state.recall.of(call))
    }

    fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Ruled {
    fn meet(&mut self, board_seed: u64) -> Option<(&'static Fault, Chance)> {
        let fault = self.rule.fault;
        let stream = mix(board_seed, seed(&[b"fault", fault.name.as_bytes(), self.rule.path().as_bytes()]));
        let turn = self.met / fault.run;
        let strikes = fraction(mix(stream, turn)) < self.rule.probability();
        let chance = Chance(mix(!stream, self.met));
        self.met += 1;
        strikes.then_some((fault, chance))
    }
}

/// A number from 0 to just under 1.
#[expect(clippy::cast_precision_loss, reason = "53 bits are what a double holds exactly")]
fn fraction(random: u64) -> f64 {
    (random >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(seed: u64, rules: &[&str], path: &str) -> Vec<bool> {
        let rules: Vec<FaultRule> = rules.iter().map(|rule| rule.parse().unwrap()).collect();
        let board = Board::new(seed, &rules);
        (0..1000).map(|_| !board.draw(path).is_empty()).collect()
    }

    #[test]
    fn the_seed_decides() {
        let rules = ["error-500:0.3"];
        assert_eq!(pattern(7, &rules, "/"), pattern(7, &rules, "/"));
        assert_ne!(pattern(7, &rules, "/"), pattern(8, &rules, "/"));
    }

    #[test]
    fn the_probability_holds() {
        for (rule, least, most) in [("latency:0", 0, 0), ("latency", 1000, 1000), ("latency:0.3", 250, 350)] {
            let struck = pattern(1, &[rule], "/").into_iter().filter(|&struck| struck).count();
            assert!((least..=most).contains(&struck), "{rule}: {struck}");
        }
    }

    #[test]
    fn only_its_paths_are_struck() {
        assert!(pattern(1, &["latency@/v2"], "/v2/session/status")[0]);
        assert!(!pattern(1, &["latency@/v2"], "/sessions/a")[0]);
    }

    #[test]
    fn a_storm_strikes_several_calls_in_a_row() {
        let storm = pattern(3, &["storm-429:0.3"], "/");
        assert!(storm.chunks(5).all(|run| run.iter().all(|&struck| struck == run[0])));
        assert!(storm.contains(&true) && storm.contains(&false));
    }
}
