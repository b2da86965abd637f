//! When a session is over, and how it ended.

use crate::end::{End, Rule};
use crate::lifecycle::CompleteBy;
use crate::observation::{Observation, State};
use crate::snapshot::Standing;

/// Follows one session to its end.
///
/// ```text
///            not done           the counters take it back
///            +-----+   +---------------------------+
///            v     |   v   done, unconfirmed       |   any other reply, setback or deadline
///   start -> Open -+---+--------------------> Settling --+
///   (queued,           |                                 |
///    running)          |  done, confirmed                v
///                      +--------------------------> Over(completed, with or without failures)
///                      |  status failed
///                      +--------------------------> Over(failed)         also from Settling
///                      |  gone, refused, given up
///                      +--------------------------> Over(gone | refused | gave up)
/// ```
///
/// Done is *unconfirmed* where the status word may complete a session and the two rules disagree: the counters say done
/// and the word does not, or the word says so and items are still missing from the reply. One more reply settles it. It
/// reopens the wait only where the counters alone had called it done and no longer do, because the total grew, for example;
/// only the status `failed` outranks the word. `Over` absorbs everything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Completion {
    complete_by: CompleteBy,
    phase: Phase,
    /// Some reply told of a failed item. A later one that does not cannot make it undone (CAL-CLIENT-PARTIAL).
    failures: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Open,
    Settling(Done),
    Over(End),
}

/// What a reply means for the wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    GoOn,
    Settle,
    Over(End),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Done {
    rule: Rule,
    failures: bool,
}

impl Done {
    fn end(self) -> End {
        let Done { rule, failures } = self;
        if failures { End::CompletedWithFailures { rule } } else { End::Completed { rule } }
    }

    /// The confirming reply's reading prevails; a failure once seen stays.
    fn confirmed_by(self, reading: Reading, failures: bool) -> Done {
        let rule = match reading {
            Reading::Done { rule, .. } => rule,
            Reading::NotDone | Reading::Failed => self.rule,
        };
        Done { rule, failures: self.failures || failures }
    }
}

/// What one reply says, taken alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reading {
    NotDone,
    Failed,
    Done { rule: Rule, confirmed: bool },
}

impl Completion {
    pub(crate) fn new(complete_by: CompleteBy) -> Completion {
        Completion { complete_by, phase: Phase::Open, failures: false }
    }

    /// Goes on with what an earlier wait came to.
    pub(crate) fn resume(&mut self, standing: Standing, failures: bool) {
        self.failures = failures;
        self.phase = match standing {
            Standing::Open => Phase::Open,
            Standing::Settling { rule } => Phase::Settling(Done { rule, failures }),
            Standing::Over(end) => Phase::Over(end),
        };
    }

    pub(crate) fn standing(&self) -> Standing {
        match self.phase {
            Phase::Open => Standing::Open,
            Phase::Settling(Done { rule, .. }) => Standing::Settling { rule },
            Phase::Over(end) => Standing::Over(end),
        }
    }

    /// Some reply told of a failed item.
    pub(crate) fn failures(&self) -> bool {
        self.failures
    }

    pub(crate) fn end(&self) -> Option<End> {
        match self.phase {
            Phase::Over(end) => Some(end),
            Phase::Open | Phase::Settling(_) => None,
        }
    }

    pub(crate) fn is_settling(&self) -> bool {
        matches!(self.phase, Phase::Settling(_))
    }

    /// A status reply came.
    pub(crate) fn observed(&mut self, observation: &Observation) -> Verdict {
        let reading = read(observation, self.complete_by);
        self.failures |= observation.counters.failed > 0;
        let failures = self.failures;
        self.phase = match self.phase {
            Phase::Open => match reading {
                Reading::NotDone => Phase::Open,
                Reading::Failed => Phase::Over(End::Failed),
                Reading::Done { rule, confirmed: true } => Phase::Over(Done { rule, failures }.end()),
                Reading::Done { rule, confirmed: false } => Phase::Settling(Done { rule, failures }),
            },
            Phase::Settling(done) => match reading {
                Reading::Failed => Phase::Over(End::Failed),
                // The counters take back what only they had said: more items came to be, for example.
                Reading::NotDone if done.rule == Rule::Count => Phase::Open,
                Reading::NotDone | Reading::Done { .. } => Phase::Over(done.confirmed_by(reading, failures).end()),
            },
            Phase::Over(end) => Phase::Over(end),
        };
        match self.phase {
            Phase::Open => Verdict::GoOn,
            Phase::Settling(_) => Verdict::Settle,
            Phase::Over(end) => Verdict::Over(end),
        }
    }

    /// The wait cannot go on, and would end as `otherwise` if nothing better were known.
    pub(crate) fn stopped(&mut self, otherwise: End) -> End {
        let end = match self.phase {
            Phase::Open => otherwise,
            Phase::Settling(done) => done.end(),
            Phase::Over(end) => end,
        };
        self.phase = Phase::Over(end);
        end
    }
}

fn read(observation: &Observation, complete_by: CompleteBy) -> Reading {
    let by_count = |confirmed| {
        let rule = Rule::Count;
        if observation.all_processed() { Reading::Done { rule, confirmed } } else { Reading::NotDone }
    };
    match (observation.state, complete_by) {
        (State::Failed, CompleteBy::Count | CompleteBy::StatusOrCount) => Reading::Failed,
        (State::Completed, CompleteBy::StatusOrCount) => {
            Reading::Done { rule: Rule::Status, confirmed: observation.missing_items().is_none() }
        }
        (State::Queued | State::Running | State::Unknown, CompleteBy::StatusOrCount) => by_count(false),
        (State::Queued | State::Running | State::Unknown | State::Completed, CompleteBy::Count) => by_count(true),
    }
}

#[cfg(test)]
mod cells;
#[cfg(test)]
mod histories;
#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Counters;

    const COUNT: End = End::Completed { rule: Rule::Count };
    const STATUS: End = End::Completed { rule: Rule::Status };
    const COUNT_PARTIAL: End = End::CompletedWithFailures { rule: Rule::Count };
    const STATUS_PARTIAL: End = End::CompletedWithFailures { rule: Rule::Status };

    fn reply(state: State, processed: i64, total: i64, failed: i64, delivered: Option<u64>) -> Observation {
        let counters = Counters { total, processed, successful: processed - failed, failed };
        Observation { state, counters, delivered, mark: 0 }
    }

    /// Feeds the replies in order and compares the verdict on the last.
    fn check(complete_by: CompleteBy, replies: &[Observation], expected: Verdict) {
        let mut completion = Completion::new(complete_by);
        let last = replies.iter().map(|reply| completion.observed(reply)).last();
        assert_eq!(last, Some(expected), "{complete_by:?} {replies:?}");
    }

    #[test]
    fn one_reply_where_status_or_count_completes() {
        use State::{Completed, Failed, Queued, Running, Unknown};
        use Verdict::{GoOn, Over, Settle};
        for (state, processed, total, failed, delivered, expected) in [
            (Queued, 0, 0, 0, Some(0), GoOn),
            (Queued, 0, 5, 0, Some(0), GoOn),
            (Queued, 5, 5, 0, Some(5), Settle),
            (Running, 4, 5, 0, Some(4), GoOn),
            (Running, 5, 5, 0, Some(5), Settle),
            (Running, 6, 5, 0, None, Settle),
            (Running, 0, 0, 0, None, GoOn),
            (Running, -5, -5, 0, None, GoOn),
            (Unknown, 4, 5, 0, None, GoOn),
            (Unknown, 5, 5, 0, None, Settle),
            (Completed, 5, 5, 0, Some(5), Over(STATUS)),
            (Completed, 5, 5, 0, None, Over(STATUS)),
            (Completed, 5, 5, 2, Some(5), Over(STATUS_PARTIAL)),
            (Completed, 5, 5, 5, Some(5), Over(STATUS_PARTIAL)),
            (Completed, 5, 5, 0, Some(4), Settle),
            (Completed, 4, 5, 0, Some(4), Over(STATUS)),
            (Completed, 0, 0, 0, Some(0), Over(STATUS)),
            (Failed, 0, 5, 0, None, Over(End::Failed)),
            (Failed, 5, 5, 0, Some(5), Over(End::Failed)),
        ] {
            check(CompleteBy::StatusOrCount, &[reply(state, processed, total, failed, delivered)], expected);
        }
    }

    #[test]
    fn one_reply_where_only_the_count_completes() {
        use State::{Completed, Failed, Queued, Running, Unknown};
        use Verdict::{GoOn, Over};
        for (state, processed, failed, expected) in [
            (Queued, 2, 0, Over(COUNT)),
            (Running, 1, 0, GoOn),
            (Running, 2, 0, Over(COUNT)),
            (Running, 2, 1, Over(COUNT_PARTIAL)),
            (Unknown, 2, 0, Over(COUNT)),
            (Completed, 1, 0, GoOn),
            (Completed, 2, 0, Over(COUNT)),
            (Failed, 1, 1, Over(End::Failed)),
        ] {
            check(CompleteBy::Count, &[reply(state, processed, 2, failed, Some(0))], expected);
        }
    }

    #[test]
    fn the_settling_reply_is_the_last() {
        use State::{Completed, Failed, Running, Unknown};
        let unconfirmed_count = reply(Running, 5, 5, 0, Some(5));
        let unconfirmed_status = reply(Completed, 5, 5, 0, Some(4));
        for (first, second, expected) in [
            (unconfirmed_count, unconfirmed_count, COUNT),
            (unconfirmed_count, reply(Completed, 5, 5, 0, Some(5)), STATUS),
            (unconfirmed_count, reply(Completed, 5, 5, 0, Some(3)), STATUS),
            (unconfirmed_count, reply(Unknown, 5, 5, 1, Some(5)), COUNT_PARTIAL),
            (unconfirmed_count, reply(Failed, 5, 5, 0, Some(5)), End::Failed),
            (unconfirmed_status, unconfirmed_status, STATUS),
            (unconfirmed_status, reply(Completed, 5, 5, 0, Some(5)), STATUS),
            (unconfirmed_status, reply(Running, 4, 5, 0, Some(5)), STATUS),
            (unconfirmed_status, reply(Failed, 5, 5, 0, Some(5)), End::Failed),
            (reply(Running, 5, 5, 2, None), reply(Completed, 5, 5, 0, None), STATUS_PARTIAL),
        ] {
            check(CompleteBy::StatusOrCount, &[first, second], Verdict::Over(expected));
        }
    }

    #[test]
    fn what_only_the_counters_said_the_counters_can_take_back() {
        use State::{Queued, Running};
        let unconfirmed = reply(Running, 5, 5, 0, Some(5));
        for second in [reply(Queued, 0, 5, 0, Some(0)), reply(Running, 5, 9, 0, Some(5))] {
            check(CompleteBy::StatusOrCount, &[unconfirmed, second], Verdict::GoOn);
            check(CompleteBy::StatusOrCount, &[unconfirmed, second, unconfirmed], Verdict::Settle);
            check(CompleteBy::StatusOrCount, &[unconfirmed, second, unconfirmed, unconfirmed], Verdict::Over(COUNT));
        }
    }
}
