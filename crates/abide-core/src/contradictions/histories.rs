//! Random histories of replies, against a model that looks back through all of them for each anomaly.

use alloc::vec::Vec;
use std::format;

use proptest::prelude::*;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};

use super::{Anomaly, CompleteBy, Contradictions, Counter, Counters, Observation, State};
use crate::histories::{many, observation};

prop_state_machine! {
    #![proptest_config(many())]
    #[test]
    fn agrees_with_its_whole_history(sequential 1..10 => Machine);
}

#[derive(Clone, Debug)]
struct History {
    complete_by: CompleteBy,
    replies: Vec<Observation>,
}

impl History {
    /// What the last reply brings up.
    fn found(&self) -> Vec<Anomaly> {
        let (last, earlier) = self.replies.split_last().expect("a reply");
        let mut found = Vec::new();
        found.extend(state_went_back(*last, earlier));
        found.extend(items_vanished(*last, earlier));
        if let Some(before) = earlier.last() {
            found.extend(numbers_moved(before.counters, last.counters));
        }
        let standing = earlier.last().map(|before| self.shown_by(before)).unwrap_or_default();
        found.extend(
            self.shown_by(last).into_iter().filter(|anomaly| !standing.iter().any(|old| kind(old) == kind(anomaly))),
        );
        found
    }

    /// The anomalies that a reply shows by itself.
    fn shown_by(&self, reply: &Observation) -> Vec<Anomaly> {
        let Counters { total, processed, successful, failed } = reply.counters;
        let early =
            reply.state == State::Completed && self.complete_by == CompleteBy::StatusOrCount && processed < total;
        [
            (reply.state == State::Unknown, Anomaly::UnknownState),
            (total < 0, Anomaly::Negative { counter: Counter::Total, value: total }),
            (processed < 0, Anomaly::Negative { counter: Counter::Processed, value: processed }),
            (successful < 0, Anomaly::Negative { counter: Counter::Successful, value: successful }),
            (failed < 0, Anomaly::Negative { counter: Counter::Failed, value: failed }),
            (successful.checked_add(failed) != Some(processed), Anomaly::SumMismatch(reply.counters)),
            (total < processed, Anomaly::MoreThanTotal { processed, total }),
            (early, Anomaly::CompletedBeforeAll { processed, total }),
        ]
        .into_iter()
        .filter_map(|(holds, anomaly)| holds.then_some(anomaly))
        .collect()
    }
}

/// Against the last word that was known.
fn state_went_back(last: Observation, earlier: &[Observation]) -> Option<Anomaly> {
    let known = earlier.iter().rev().map(|reply| reply.state).find(|state| *state != State::Unknown)?;
    let may_follow: &[State] = match known {
        State::Queued => &[State::Queued, State::Running, State::Completed, State::Failed],
        State::Running => &[State::Running, State::Completed, State::Failed],
        State::Completed => &[State::Completed],
        State::Failed => &[State::Failed],
        State::Unknown => return None,
    };
    let wrong = last.state != State::Unknown && !may_follow.contains(&last.state);
    wrong.then_some(Anomaly::StateWentBack { from: known, to: last.state })
}

/// Against the last reply that held results.
fn items_vanished(last: Observation, earlier: &[Observation]) -> Option<Anomaly> {
    let (from, to) = (earlier.iter().rev().find_map(|reply| reply.delivered)?, last.delivered?);
    (to < from).then_some(Anomaly::ItemsVanished { from, to })
}

fn numbers_moved(before: Counters, last: Counters) -> Vec<Anomaly> {
    let fell = |counter, from, to| (to < from).then_some(Anomaly::CounterWentBack { counter, from, to });
    let total = Anomaly::TotalMoved { from: before.total, to: last.total };
    [
        (before.total != last.total).then_some(total),
        fell(Counter::Processed, before.processed, last.processed),
        fell(Counter::Successful, before.successful, last.successful),
        fell(Counter::Failed, before.failed, last.failed),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What makes two anomalies the same one: everything but the numbers.
fn kind(anomaly: &Anomaly) -> (core::mem::Discriminant<Anomaly>, Option<Counter>) {
    let counter = if let Anomaly::Negative { counter, .. } = anomaly { Some(*counter) } else { None };
    (core::mem::discriminant(anomaly), counter)
}

impl ReferenceStateMachine for History {
    type State = History;
    type Transition = Observation;

    fn init_state() -> BoxedStrategy<History> {
        prop_oneof![Just(CompleteBy::StatusOrCount), Just(CompleteBy::Count)]
            .prop_map(|complete_by| History { complete_by, replies: Vec::new() })
            .boxed()
    }

    fn transitions(_: &History) -> BoxedStrategy<Observation> {
        observation().boxed()
    }

    fn apply(mut history: History, reply: &Observation) -> History {
        history.replies.push(*reply);
        history
    }
}

struct Machine;

impl StateMachineTest for Machine {
    type SystemUnderTest = Contradictions;
    type Reference = History;

    fn init_test(history: &History) -> Contradictions {
        Contradictions::new(history.complete_by)
    }

    fn apply(mut contradictions: Contradictions, history: &History, reply: Observation) -> Contradictions {
        assert_eq!(sorted(contradictions.in_reply(&reply)), sorted(history.found()));
        // Taken down and gone on with, it finds the same.
        let mut resumed = Contradictions::new(history.complete_by);
        resumed.resume(contradictions.earlier());
        resumed
    }
}

/// The order within one reply is nobody's business.
fn sorted(mut anomalies: Vec<Anomaly>) -> Vec<Anomaly> {
    anomalies.sort_by_cached_key(|anomaly| format!("{anomaly:?}"));
    anomalies
}
