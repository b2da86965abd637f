//! What each reply does in each phase of a completion.

use super::{CompleteBy, Completion, Done, End, Observation, Phase, Rule, State};
use crate::cells::{check, listed};
use crate::end::GaveUp;
use crate::failure::Failure;
use crate::observation::Counters;

listed! {
    /// The phases, told apart by what they remember; *partial* where a failed item was seen.
    enum From { Open, OpenPartial, ByCount, ByCountPartial, ByStatus, ByStatusPartial, Over }
}

listed! {
    /// Every kind of reply, and the end from outside.
    enum Event {
        Nothing, Unfinished, UnfinishedPartial, UnknownWord, Counted, CountedPartial, CountedUnknownWord,
        Finished, FinishedPartial, FinishedAllFailed, Lacking, LackingPartial, Early, FinishedEmpty,
        Failed, FailedWithResults, Stopped,
    }
}

listed! {
    enum Ending { Completed, CompletedWithFailures, Failed, Gone, Closed, GaveUp, Refused }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum To {
    Phase(From),
    End(End),
    /// `Over` keeps the end that it had.
    Kept,
}

const OTHERWISE: End = End::GaveUp(GaveUp::MaxWait);

const O: To = To::Phase(From::Open);
const OP: To = To::Phase(From::OpenPartial);
const SC: To = To::Phase(From::ByCount);
const SCP: To = To::Phase(From::ByCountPartial);
const SS: To = To::Phase(From::ByStatus);
const SSP: To = To::Phase(From::ByStatusPartial);
const C: To = To::End(End::Completed { rule: Rule::Count });
const CP: To = To::End(End::CompletedWithFailures { rule: Rule::Count });
const S: To = To::End(End::Completed { rule: Rule::Status });
const SP: To = To::End(End::CompletedWithFailures { rule: Rule::Status });
const F: To = To::End(End::Failed);
const X: To = To::End(OTHERWISE);
const K: To = To::Kept;

#[test]
fn where_the_status_or_the_count_completes() {
    let table = [
        //                         Open Partial ByCount Partial ByStatus Partial Over
        (Event::Nothing, [O, OP, O, OP, S, SP, K]),
        (Event::Unfinished, [O, OP, O, OP, S, SP, K]),
        (Event::UnfinishedPartial, [OP, OP, OP, OP, SP, SP, K]),
        (Event::UnknownWord, [O, OP, O, OP, S, SP, K]),
        (Event::Counted, [SC, SCP, C, CP, C, CP, K]),
        (Event::CountedPartial, [SCP, SCP, CP, CP, CP, CP, K]),
        (Event::CountedUnknownWord, [SC, SCP, C, CP, C, CP, K]),
        (Event::Finished, [S, SP, S, SP, S, SP, K]),
        (Event::FinishedPartial, [SP, SP, SP, SP, SP, SP, K]),
        (Event::FinishedAllFailed, [SP, SP, SP, SP, SP, SP, K]),
        (Event::Lacking, [SS, SSP, S, SP, S, SP, K]),
        (Event::LackingPartial, [SSP, SSP, SP, SP, SP, SP, K]),
        (Event::Early, [S, SP, S, SP, S, SP, K]),
        (Event::FinishedEmpty, [S, SP, S, SP, S, SP, K]),
        (Event::Failed, [F, F, F, F, F, F, K]),
        (Event::FailedWithResults, [F, F, F, F, F, F, K]),
        (Event::Stopped, [X, X, C, CP, S, SP, K]),
    ];
    check(From::ALL, Event::ALL, table, |from, event| outcome(CompleteBy::StatusOrCount, from, event));
}

#[test]
fn where_only_the_count_completes() {
    // Nothing settles here, so the phases in the middle are never entered; they are total all the same.
    let table = [
        //                         Open Partial ByCount Partial ByStatus Partial Over
        (Event::Nothing, [O, OP, O, OP, S, SP, K]),
        (Event::Unfinished, [O, OP, O, OP, S, SP, K]),
        (Event::UnfinishedPartial, [OP, OP, OP, OP, SP, SP, K]),
        (Event::UnknownWord, [O, OP, O, OP, S, SP, K]),
        (Event::Counted, [C, CP, C, CP, C, CP, K]),
        (Event::CountedPartial, [CP, CP, CP, CP, CP, CP, K]),
        (Event::CountedUnknownWord, [C, CP, C, CP, C, CP, K]),
        (Event::Finished, [C, CP, C, CP, C, CP, K]),
        (Event::FinishedPartial, [CP, CP, CP, CP, CP, CP, K]),
        (Event::FinishedAllFailed, [CP, CP, CP, CP, CP, CP, K]),
        (Event::Lacking, [C, CP, C, CP, C, CP, K]),
        (Event::LackingPartial, [CP, CP, CP, CP, CP, CP, K]),
        (Event::Early, [O, OP, O, OP, S, SP, K]),
        (Event::FinishedEmpty, [O, OP, O, OP, S, SP, K]),
        (Event::Failed, [F, F, F, F, F, F, K]),
        (Event::FailedWithResults, [F, F, F, F, F, F, K]),
        (Event::Stopped, [X, X, C, CP, S, SP, K]),
    ];
    check(From::ALL, Event::ALL, table, |from, event| outcome(CompleteBy::Count, from, event));
}

#[test]
fn every_phase_has_its_column() {
    for from in From::ALL {
        let phase = phase(from, OTHERWISE);
        assert_eq!(column(phase, partial(from)), from);
    }
}

#[test]
fn every_end_is_kept() {
    assert_eq!(Ending::ALL.map(|ending| self::ending(end(ending))), Ending::ALL);
}

#[test]
fn every_phase_is_taken_down_and_gone_on_with() {
    for from in From::ALL {
        for end in Ending::ALL.map(end) {
            let kept = Completion { complete_by: CompleteBy::Count, phase: phase(from, end), failures: partial(from) };
            let mut resumed = Completion::new(CompleteBy::Count);
            resumed.resume(kept.standing(), kept.failures());
            assert_eq!(resumed, kept);
        }
    }
}

fn outcome(complete_by: CompleteBy, from: From, event: Event) -> To {
    let ends = if from == From::Over { Ending::ALL.map(end).to_vec() } else { [OTHERWISE].to_vec() };
    let mut outcomes = ends.into_iter().map(|before| outcome_after(complete_by, from, before, event));
    let first = outcomes.next().expect("at least one");
    assert!(outcomes.all(|outcome| outcome == first), "the same for every end: {event:?}");
    first
}

fn outcome_after(complete_by: CompleteBy, from: From, before: End, event: Event) -> To {
    let mut completion = Completion { complete_by, phase: phase(from, before), failures: partial(from) };
    match observation(event) {
        Some(observation) => {
            completion.observed(&observation);
        }
        None => {
            completion.stopped(OTHERWISE);
        }
    }
    match column(completion.phase, completion.failures) {
        From::Over if from == From::Over && completion.end() == Some(before) => To::Kept,
        From::Over => To::End(completion.end().expect("over")),
        phase @ (From::Open
        | From::OpenPartial
        | From::ByCount
        | From::ByCountPartial
        | From::ByStatus
        | From::ByStatusPartial) => To::Phase(phase),
    }
}

fn phase(from: From, end: End) -> Phase {
    let settling = |rule| Phase::Settling(Done { rule, failures: partial(from) });
    match from {
        From::Open | From::OpenPartial => Phase::Open,
        From::ByCount | From::ByCountPartial => settling(Rule::Count),
        From::ByStatus | From::ByStatusPartial => settling(Rule::Status),
        From::Over => Phase::Over(end),
    }
}

fn partial(from: From) -> bool {
    matches!(from, From::OpenPartial | From::ByCountPartial | From::ByStatusPartial)
}

fn column(phase: Phase, failures: bool) -> From {
    match (phase, failures) {
        (Phase::Open, false) => From::Open,
        (Phase::Open, true) => From::OpenPartial,
        (Phase::Settling(Done { rule: Rule::Count, failures: false }), _) => From::ByCount,
        (Phase::Settling(Done { rule: Rule::Count, failures: true }), _) => From::ByCountPartial,
        (Phase::Settling(Done { rule: Rule::Status, failures: false }), _) => From::ByStatus,
        (Phase::Settling(Done { rule: Rule::Status, failures: true }), _) => From::ByStatusPartial,
        (Phase::Over(_), _) => From::Over,
    }
}

/// The reply that an event stands for; none for the end from outside.
fn observation(event: Event) -> Option<Observation> {
    use State::{Completed, Failed, Queued, Running, Unknown};
    let (state, [total, processed, failed], delivered) = match event {
        Event::Nothing => (Queued, [0, 0, 0], Some(0)),
        Event::Unfinished => (Running, [5, 2, 0], Some(2)),
        Event::UnfinishedPartial => (Running, [5, 2, 1], Some(2)),
        Event::UnknownWord => (Unknown, [5, 2, 0], Some(2)),
        Event::Counted => (Running, [5, 5, 0], Some(5)),
        Event::CountedPartial => (Running, [5, 5, 1], Some(5)),
        Event::CountedUnknownWord => (Unknown, [5, 5, 0], Some(5)),
        Event::Finished => (Completed, [5, 5, 0], Some(5)),
        Event::FinishedPartial => (Completed, [5, 5, 1], Some(5)),
        Event::FinishedAllFailed => (Completed, [5, 5, 5], Some(5)),
        Event::Lacking => (Completed, [5, 5, 0], Some(4)),
        Event::LackingPartial => (Completed, [5, 5, 1], Some(4)),
        Event::Early => (Completed, [5, 4, 0], Some(4)),
        Event::FinishedEmpty => (Completed, [0, 0, 0], Some(0)),
        Event::Failed => (Failed, [5, 0, 0], None),
        Event::FailedWithResults => (Failed, [5, 5, 2], Some(5)),
        Event::Stopped => return None,
    };
    let counters = Counters { total, processed, successful: processed - failed, failed };
    Some(Observation { state, counters, delivered, mark: 0 })
}

fn end(ending: Ending) -> End {
    match ending {
        Ending::Completed => End::Completed { rule: Rule::Count },
        Ending::CompletedWithFailures => End::CompletedWithFailures { rule: Rule::Status },
        Ending::Failed => End::Failed,
        Ending::Gone => End::Gone,
        Ending::Closed => End::Closed,
        Ending::GaveUp => End::GaveUp(GaveUp::TooManyErrors(9)),
        Ending::Refused => End::Refused(Failure::Denied),
    }
}

fn ending(end: End) -> Ending {
    match end {
        End::Completed { .. } => Ending::Completed,
        End::CompletedWithFailures { .. } => Ending::CompletedWithFailures,
        End::Failed => Ending::Failed,
        End::Gone => Ending::Gone,
        End::Closed => Ending::Closed,
        End::GaveUp(_) => Ending::GaveUp,
        End::Refused(_) => Ending::Refused,
    }
}
