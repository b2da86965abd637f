//! How waits end: the outcome, its histogram, and the grace for a last reply.

use abide_core::{End, Failure, GaveUp, Rule, State};
use abide_watch::{Answer, Event};
use futures_util::StreamExt;

use crate::scripted::{SECOND, Script, Scripted, ScriptedError, completed, failed, running, status, word};

#[derive(Clone, Copy)]
struct Expected {
    end: End,
    elapsed: u64,
    answers: &'static [(&'static str, u32)],
}

/// Runs a wait of at most ten seconds three ways, which must agree: awaited, as a stream, and first one then the other.
fn check(script: &[Scripted], expected: Expected) {
    let awaited = Script::new(script).outcome(SECOND * 10);

    let source = Script::new(script);
    let mut streamed = source.watch(SECOND * 10);
    let events: Vec<_> = source.run(streamed.by_ref().collect());
    let items: u64 =
        events.iter().map(|event| if let Event::Items(items) = event { items.len() as u64 } else { 0 }).sum();
    assert_eq!(events.last().map(word), Some(format!("{:?}", expected.end)));
    assert_eq!(streamed.end(), Some(expected.end));
    let streamed = streamed.into_outcome().expect("ended");

    let source = Script::new(script);
    let mut both = source.watch(SECOND * 10);
    let both = source.run(async {
        both.next().await;
        both.outcome().await
    });

    for outcome in [awaited, streamed, both] {
        let answers: Vec<_> = outcome.replies.iter().map(|(answer, count)| (answer.as_str(), *count)).collect();
        assert_eq!((outcome.end, answers), (expected.end, expected.answers.to_vec()));
        assert_eq!(outcome.elapsed, SECOND * u32::try_from(expected.elapsed).unwrap());
        assert_eq!(outcome.items, items);
        assert_eq!(outcome.polls, outcome.replies.values().sum::<u32>());
    }
}

const STATUS: End = End::Completed { rule: Rule::Status };
const COUNT: End = End::Completed { rule: Rule::Count };
const GAVE_UP: End = End::GaveUp(GaveUp::MaxWait);

#[test]
fn a_plain_success() {
    let script = [running("a"), running("a"), completed("abcde")];
    check(&script, Expected { end: STATUS, elapsed: 4, answers: &[("ok", 3)] });
}

#[test]
fn refusals_and_their_errors() {
    for failure in [Failure::NotFound, Failure::Denied, Failure::Rejected] {
        let outcome = Script::new(&[failed(failure)]).outcome(SECOND * 10);
        assert_eq!(
            (outcome.end, outcome.last_error.as_deref()),
            (End::Refused(failure), Some(&ScriptedError(failure)))
        );
        assert_eq!(outcome.replies.get(&Answer::Failed(failure)), Some(&1));
        assert_eq!(outcome.last_status, None);
    }
    let script = [running("ab"), failed(Failure::Gone)];
    check(&script, Expected { end: End::Gone, elapsed: 2, answers: &[("ok", 1), ("gone", 1)] });
}

#[test]
fn gone_after_success_is_a_success() {
    let script = [status(State::Running, 2, "ab"), failed(Failure::Gone)];
    check(&script, Expected { end: COUNT, elapsed: 2, answers: &[("ok", 1), ("gone", 1)] });
}

#[test]
fn a_final_answer_within_the_grace_is_honoured() {
    let done = |latency| [completed("ab").after(latency)];
    check(&done(SECOND * 11), Expected { end: STATUS, elapsed: 11, answers: &[("ok", 1)] });
    check(&done(SECOND * 13), Expected { end: GAVE_UP, elapsed: 12, answers: &[("nothing", 1)] });
    let unfinished = [running("ab").after(SECOND * 11)];
    check(&unfinished, Expected { end: GAVE_UP, elapsed: 11, answers: &[("ok", 1)] });
}

#[test]
fn a_request_that_never_ends_is_dropped() {
    let script = Script::new(&[]);
    let outcome = script.outcome(SECOND * 10);
    assert_eq!((outcome.end, outcome.elapsed), (GAVE_UP, SECOND * 12));
    assert_eq!(script.requests(), (1, 1));
}

#[test]
fn a_wait_that_changes_nothing_is_given_up() {
    let script = vec![running("a"); 20];
    let outcome = Script::new(&script).outcome(SECOND * 9);
    assert_eq!((outcome.end, outcome.elapsed), (GAVE_UP, SECOND * 9));
    assert_eq!((outcome.polls, outcome.unchanged, outcome.items), (5, 4, 1));
    assert_eq!((outcome.counters.total, outcome.last_status), (5, Some("a")));
}

#[test]
fn errors_run_out() {
    let script = vec![failed(Failure::Transient); 10];
    let outcome = Script::new(&script).outcome(SECOND * 600);
    assert_eq!(outcome.end, End::GaveUp(GaveUp::TooManyErrors(4)));
    assert_eq!(outcome.replies.get(&Answer::Failed(Failure::Transient)), Some(&4));
}

#[test]
fn an_outcome_before_the_end_is_none() {
    let source = Script::new(&[running("a")]);
    let mut watch = source.watch(SECOND * 10);
    source.run(watch.next());
    assert_eq!((watch.end(), watch.last_status()), (None, Some(&"a")));
    assert!(watch.into_outcome().is_none());
}

#[test]
fn nothing_is_sent_before_it_is_asked_for() {
    let script = Script::new(&[running("a")]);
    let watch = script.watch(SECOND * 10);
    script.clock.advance(SECOND);
    drop(watch);
    assert_eq!(script.requests(), (0, 0));
}
