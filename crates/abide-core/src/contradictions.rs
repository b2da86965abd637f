//! Finds the anomalies of a reply: within itself, and against the replies before it.

use alloc::vec::Vec;
use core::mem::discriminant;

use crate::anomaly::Anomaly;
use crate::lifecycle::CompleteBy;
use crate::observation::{Counter, Counters, Observation, State};

/// Compares each reply with itself and with the ones before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Contradictions {
    complete_by: CompleteBy,
    earlier: Earlier,
}

/// What is remembered of the replies so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Earlier {
    /// The last one, whole.
    pub(crate) observation: Option<Observation>,
    /// The last status that was a known word: an unknown one in between must not hide a step back.
    pub(crate) known_state: Option<State>,
    /// The last number of items, wherever a reply held one.
    pub(crate) delivered: Option<u64>,
}

impl Contradictions {
    pub(crate) fn new(complete_by: CompleteBy) -> Contradictions {
        Contradictions { complete_by, earlier: Earlier::default() }
    }

    /// Goes on with what an earlier wait saw.
    pub(crate) fn resume(&mut self, earlier: Earlier) {
        self.earlier = earlier;
    }

    pub(crate) fn earlier(&self) -> Earlier {
        self.earlier
    }

    /// The anomalies that `observation` brings up.
    pub(crate) fn in_reply(&mut self, observation: &Observation) -> Vec<Anomaly> {
        let known = self.earlier.observation.map_or_else(Vec::new, |earlier| within(&earlier, self.complete_by));
        let mut found = self.against_earlier(observation);
        let standing = within(observation, self.complete_by);
        found.extend(standing.into_iter().filter(|anomaly| !known.iter().any(|known| same_kind(known, anomaly))));
        found
    }

    fn against_earlier(&mut self, observation: &Observation) -> Vec<Anomaly> {
        let mut found = Vec::new();
        found.extend(self.state_step(observation.state));
        if let Some(earlier) = self.earlier.observation.replace(*observation) {
            found.extend(counter_steps(earlier.counters, observation.counters));
        }
        if let Some(to) = observation.delivered
            && let Some(from) = self.earlier.delivered.replace(to)
            && to < from
        {
            found.push(Anomaly::ItemsVanished { from, to });
        }
        found
    }

    fn state_step(&mut self, to: State) -> Option<Anomaly> {
        let rank = rank(to)?;
        let from = self.earlier.known_state.replace(to)?;
        let went_back = self::rank(from).is_some_and(|earlier| rank < earlier || (rank == earlier && from != to));
        went_back.then_some(Anomaly::StateWentBack { from, to })
    }
}

/// The place of a status in its documented order; the two final ones share the last place.
fn rank(state: State) -> Option<u8> {
    match state {
        State::Queued => Some(0),
        State::Running => Some(1),
        State::Completed | State::Failed => Some(2),
        State::Unknown => None,
    }
}

fn counter_steps(earlier: Counters, later: Counters) -> impl Iterator<Item = Anomaly> {
    let total_moved =
        (earlier.total != later.total).then_some(Anomaly::TotalMoved { from: earlier.total, to: later.total });
    let went_back = growing(earlier)
        .into_iter()
        .zip(growing(later))
        .filter(|((_, from), (_, to))| to < from)
        .map(|((counter, from), (_, to))| Anomaly::CounterWentBack { counter, from, to });
    total_moved.into_iter().chain(went_back)
}

fn growing(counters: Counters) -> [(Counter, i64); 3] {
    let Counters { processed, successful, failed, .. } = counters;
    [(Counter::Processed, processed), (Counter::Successful, successful), (Counter::Failed, failed)]
}

/// The anomalies that one reply shows by itself.
fn within(observation: &Observation, complete_by: CompleteBy) -> Vec<Anomaly> {
    let counters = observation.counters;
    let Counters { total, processed, successful, failed } = counters;
    let mut found = Vec::new();
    if observation.state == State::Unknown {
        found.push(Anomaly::UnknownState);
    }
    found.extend(
        [(Counter::Total, total)]
            .into_iter()
            .chain(growing(counters))
            .filter(|(_, value)| *value < 0)
            .map(|(counter, value)| Anomaly::Negative { counter, value }),
    );
    if i128::from(successful) + i128::from(failed) != i128::from(processed) {
        found.push(Anomaly::SumMismatch(counters));
    }
    if processed > total {
        found.push(Anomaly::MoreThanTotal { processed, total });
    }
    if observation.state == State::Completed && processed < total && complete_by == CompleteBy::StatusOrCount {
        found.push(Anomaly::CompletedBeforeAll { processed, total });
    }
    found
}

/// One lasting anomaly, whatever its numbers.
fn same_kind(one: &Anomaly, other: &Anomaly) -> bool {
    if let (Anomaly::Negative { counter: one, .. }, Anomaly::Negative { counter: other, .. }) = (one, other) {
        return one == other;
    }
    discriminant(one) == discriminant(other)
}

#[cfg(test)]
mod histories;
#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    fn reply(state: State, [total, processed, successful, failed]: [i64; 4], delivered: Option<u64>) -> Observation {
        Observation { state, counters: Counters { total, processed, successful, failed }, delivered, mark: 0 }
    }

    fn check(replies: &[Observation], expected: &[Vec<Anomaly>]) {
        let mut contradictions = Contradictions::new(CompleteBy::StatusOrCount);
        let found: Vec<_> = replies.iter().map(|reply| contradictions.in_reply(reply)).collect();
        assert_eq!(found, expected);
    }

    const NONE: Vec<Anomaly> = Vec::new();

    #[test]
    fn a_correct_session_raises_nothing() {
        check(
            &[
                reply(State::Queued, [5, 0, 0, 0], Some(0)),
                reply(State::Running, [5, 2, 1, 1], Some(2)),
                reply(State::Running, [5, 4, 3, 1], Some(1 + 3)),
                reply(State::Completed, [5, 5, 4, 1], Some(5)),
            ],
            &[NONE, NONE, NONE, NONE],
        );
    }

    #[test]
    fn a_lasting_anomaly_is_told_once_per_appearance() {
        let (good, bad) = (reply(State::Running, [5, 2, 2, 0], None), reply(State::Unknown, [5, 2, 2, 0], None));
        check(&[bad, bad, good, bad], &[vec![Anomaly::UnknownState], NONE, NONE, vec![Anomaly::UnknownState]]);

        let sum = |processed| reply(State::Running, [9, processed, processed - 1, 0], None);
        check(&[sum(2), sum(3), sum(4)], &[vec![Anomaly::SumMismatch(sum(2).counters)], NONE, NONE]);
    }

    #[test]
    fn an_unknown_word_does_not_hide_a_step_back() {
        let at = |state| reply(state, [5, 5, 5, 0], None);
        check(
            &[at(State::Running), at(State::Unknown), at(State::Queued)],
            &[
                NONE,
                vec![Anomaly::UnknownState],
                vec![Anomaly::StateWentBack { from: State::Running, to: State::Queued }],
            ],
        );
    }

    #[test]
    fn final_states_are_final() {
        let at = |state| reply(state, [5, 5, 5, 0], None);
        for (from, to) in
            [(State::Completed, State::Failed), (State::Failed, State::Completed), (State::Completed, State::Running)]
        {
            check(&[at(from), at(to)], &[NONE, vec![Anomaly::StateWentBack { from, to }]]);
        }
    }

    #[test]
    fn numbers_that_fall_or_move() {
        check(
            &[reply(State::Running, [5, 4, 3, 1], Some(4)), reply(State::Running, [6, 2, 2, 0], Some(2))],
            &[
                NONE,
                vec![
                    Anomaly::TotalMoved { from: 5, to: 6 },
                    Anomaly::CounterWentBack { counter: Counter::Processed, from: 4, to: 2 },
                    Anomaly::CounterWentBack { counter: Counter::Successful, from: 3, to: 2 },
                    Anomaly::CounterWentBack { counter: Counter::Failed, from: 1, to: 0 },
                    Anomaly::ItemsVanished { from: 4, to: 2 },
                ],
            ],
        );
    }

    #[test]
    fn extreme_numbers_are_reported_without_overflow() {
        let counters = [i64::MIN, i64::MAX, i64::MIN, i64::MIN];
        let found = Contradictions::new(CompleteBy::Count).in_reply(&reply(State::Running, counters, None));
        assert_eq!(
            found,
            [
                Anomaly::Negative { counter: Counter::Total, value: i64::MIN },
                Anomaly::Negative { counter: Counter::Successful, value: i64::MIN },
                Anomaly::Negative { counter: Counter::Failed, value: i64::MIN },
                Anomaly::SumMismatch(reply(State::Running, counters, None).counters),
                Anomaly::MoreThanTotal { processed: i64::MAX, total: i64::MIN },
            ]
        );
    }

    #[test]
    fn completed_too_early_matters_only_where_the_status_completes() {
        let early = reply(State::Completed, [5, 4, 4, 0], None);
        check(&[early], &[vec![Anomaly::CompletedBeforeAll { processed: 4, total: 5 }]]);
        assert_eq!(Contradictions::new(CompleteBy::Count).in_reply(&early), NONE);
    }
}
