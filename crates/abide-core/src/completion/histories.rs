//! Random histories of a completion, against a model that reads all replies again after each call.

use alloc::vec::Vec;

use proptest::prelude::*;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};

use super::{CompleteBy, Completion, End, Observation, Rule, State, Verdict};
use crate::end::GaveUp;
use crate::histories::{many, observation};

prop_state_machine! {
    #![proptest_config(many())]
    #[test]
    fn agrees_with_its_whole_history(sequential 1..12 => Machine);
}

#[derive(Clone, Copy, Debug)]
enum Call {
    Observed(Observation),
    Stopped(End),
}

#[derive(Clone, Debug)]
struct History {
    complete_by: CompleteBy,
    calls: Vec<Call>,
}

impl History {
    /// The end that the first of all calls to end the wait gave it.
    fn end(&self) -> Option<End> {
        (1..=self.calls.len()).find_map(|count| self.ended_by(&self.calls[..count]))
    }

    fn is_settling(&self) -> bool {
        self.end().is_none() && self.standing(&self.calls).is_some()
    }

    /// How the last of these calls ends the wait, if no earlier one did.
    fn ended_by(&self, calls: &[Call]) -> Option<End> {
        let (last, earlier) = calls.split_last()?;
        let looked_done = self.standing(earlier).is_some();
        match last {
            Call::Observed(reply) if reply.state == State::Failed => Some(End::Failed),
            Call::Observed(reply) => {
                let confirmed = looked_done || self.needs_no_confirmation(reply);
                self.standing(calls).filter(|_| confirmed).map(|rule| completed(rule, calls))
            }
            Call::Stopped(otherwise) => {
                Some(self.standing(earlier).map_or(*otherwise, |rule| completed(rule, earlier)))
            }
        }
    }

    /// By which rule it looks done after these calls: by the latest reply, or by the word of the one before it. What only
    /// the counters said, the counters can take back.
    fn standing(&self, calls: &[Call]) -> Option<Rule> {
        let mut latest = calls.iter().rev().filter(|call| matches!(call, Call::Observed(_)));
        let (last, before) = (latest.next()?, latest.next());
        let by_word = || before.and_then(|call| self.completed_by(call)).filter(|rule| *rule == Rule::Status);
        self.completed_by(last).or_else(by_word)
    }

    /// The rule by which a reply looks done, taken alone.
    fn completed_by(&self, call: &Call) -> Option<Rule> {
        let Call::Observed(reply) = call else { return None };
        let by_word = self.complete_by == CompleteBy::StatusOrCount && reply.state == State::Completed;
        let by_count = reply.counters.total >= 1 && reply.counters.total <= reply.counters.processed;
        match (by_word, by_count) {
            _ if reply.state == State::Failed => None,
            (true, _) => Some(Rule::Status),
            (false, true) => Some(Rule::Count),
            (false, false) => None,
        }
    }

    /// The count alone is enough, or the word is there and so are the items.
    fn needs_no_confirmation(&self, reply: &Observation) -> bool {
        let items_are_there =
            reply.delivered.is_none_or(|delivered| i128::from(delivered) >= i128::from(reply.counters.processed));
        match self.complete_by {
            CompleteBy::Count => true,
            CompleteBy::StatusOrCount => reply.state == State::Completed && items_are_there,
        }
    }
}

/// Completed by that rule; with failures, if any reply at all told of one.
fn completed(rule: Rule, calls: &[Call]) -> End {
    let failures = calls.iter().any(|call| matches!(call, Call::Observed(reply) if reply.counters.failed > 0));
    if failures { End::CompletedWithFailures { rule } } else { End::Completed { rule } }
}

impl ReferenceStateMachine for History {
    type State = History;
    type Transition = Call;

    fn init_state() -> BoxedStrategy<History> {
        prop_oneof![Just(CompleteBy::StatusOrCount), Just(CompleteBy::Count)]
            .prop_map(|complete_by| History { complete_by, calls: Vec::new() })
            .boxed()
    }

    fn transitions(_: &History) -> BoxedStrategy<Call> {
        let ends = prop_oneof![Just(End::GaveUp(GaveUp::MaxWait)), Just(End::Gone)];
        prop_oneof![12 => observation().prop_map(Call::Observed), 1 => ends.prop_map(Call::Stopped)].boxed()
    }

    fn apply(mut history: History, call: &Call) -> History {
        history.calls.push(*call);
        history
    }
}

struct Machine;

impl StateMachineTest for Machine {
    type SystemUnderTest = Completion;
    type Reference = History;

    fn init_test(history: &History) -> Completion {
        Completion::new(history.complete_by)
    }

    fn apply(mut completion: Completion, history: &History, call: Call) -> Completion {
        match call {
            Call::Observed(reply) => {
                let expected = match history.end() {
                    Some(end) => Verdict::Over(end),
                    None if history.is_settling() => Verdict::Settle,
                    None => Verdict::GoOn,
                };
                assert_eq!(completion.observed(&reply), expected);
            }
            Call::Stopped(otherwise) => assert_eq!(Some(completion.stopped(otherwise)), history.end()),
        }
        // Taken down and gone on with, it is the same.
        let mut resumed = Completion::new(history.complete_by);
        resumed.resume(completion.standing(), completion.failures());
        assert_eq!(resumed, completion);
        resumed
    }

    fn check_invariants(completion: &Completion, history: &History) {
        assert_eq!((completion.end(), completion.is_settling()), (history.end(), history.is_settling()));
    }
}
