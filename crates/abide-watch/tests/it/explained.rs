//! What people read about an end: the text, the cause, and the questions an error answers.

use std::error::Error;
use std::fmt::Write as _;

use abide_core::{Counters, End, Failure, Observation, Options, Rule, State};
use abide_watch::{CloseError, Outcome, Resume, WatchError};

use crate::scripted::{LIFECYCLE, SECOND, Script, Scripted, ScriptedError, completed, failed, running, status};

/// Text, causes and predicates of an error.
fn explained(error: &WatchError<&'static str, ScriptedError>) -> String {
    let mut text = format!("{:?}\n  {error}\n", error.outcome().end);
    let mut cause = error.source();
    while let Some(one) = cause {
        writeln!(text, "  because: {one}").unwrap();
        cause = one.source();
    }
    let answers = [
        ("failed", error.is_failed()),
        ("gone", error.is_gone()),
        ("closed", error.is_closed()),
        ("given up", error.is_given_up()),
        ("refused", error.is_refused()),
    ];
    let yes: Vec<&str> = answers.into_iter().filter(|(_, yes)| *yes).map(|(word, _)| word).collect();
    writeln!(text, "  is: {}", yes.join(", ")).unwrap();
    text
}

fn ended(script: &[Scripted]) -> Outcome<&'static str, ScriptedError> {
    Script::new(script).outcome(SECOND * 10)
}

#[test]
fn every_end_explains_itself() {
    let mut errors = vec![
        ended(&[running("ab"), status(State::Failed, 5, "ab")]),
        ended(&[running("ab"), failed(Failure::Gone)]),
        ended(&vec![running("ab"); 9]),
        ended(&[running("ab")]),
        ended(&[running("ab"), failed(Failure::Transient), running("ab"), running("ab"), running("ab")]),
        ended(&[running("ab"), failed(Failure::Throttled).asking(SECOND * 3600)]),
        ended(&vec![failed(Failure::Transient); 9]),
        ended(&[failed(Failure::NotFound)]),
        ended(&[running("ab"), failed(Failure::Denied)]),
        ended(&[failed(Failure::Transient), failed(Failure::Rejected)]),
    ];
    let source = Script::new(&[running("ab")]).closing(SECOND, Ok(()));
    let mut watch = source.watch(SECOND * 10);
    source.run(watch.close()).unwrap();
    errors.push(source.run(watch.outcome()));
    let text: String = errors.into_iter().map(|outcome| explained(&outcome.into_result().unwrap_err())).collect();
    insta::assert_snapshot!(text);
}

#[test]
fn a_completed_session_is_no_error_and_failed_items_are_none_either() {
    let outcome = ended(&[completed("ab")]).into_result().unwrap();
    assert_eq!(outcome.end, End::Completed { rule: Rule::Status });

    let counters = Counters { total: 2, processed: 2, successful: 1, failed: 1 };
    let partial = completed("ab");
    let answer = partial.answer.map(|(seen, body)| (Observation { counters, ..seen }, body));
    let outcome = ended(&[Scripted { answer, ..partial }]).into_result().unwrap();
    assert_eq!((outcome.end, outcome.counters.failed), (End::CompletedWithFailures { rule: Rule::Status }, 1));
}

#[test]
fn an_error_holds_all_that_is_known() {
    let error = ended(&[running("ab"), failed(Failure::Gone)]).into_result().unwrap_err();
    assert_eq!((error.outcome().last_status, error.outcome().items), (Some("ab"), 2));
    assert_eq!(error.resume(), &error.outcome().resume);
    assert_eq!(format!("{error:?}"), "WatchError { end: Gone, replies: {Ok: 1, Failed(Gone): 1}, .. }");
    let outcome = error.into_outcome();
    assert_eq!(outcome.last_error.as_deref(), Some(&ScriptedError(Failure::Gone)));
}

#[test]
fn other_errors_explain_themselves() {
    let text = |error: &dyn Error| {
        let cause = error.source().map(|cause| format!("; because: {cause}")).unwrap_or_default();
        format!("{error}{cause}\n")
    };
    let kept = Script::new(&[]).watch(SECOND).stop();
    let other_version = kept.to_json().replace(r#""abide_resume":1"#, r#""abide_resume":2"#);
    let broken = abide_core::Lifecycle { cap: Some(std::time::Duration::ZERO), ..LIFECYCLE };
    let resume = |source, lifecycle| {
        let options = Options::new(SECOND, 1);
        abide_watch::Watch::resume_with_clock(source, lifecycle, options, &kept, abide_watch::TestClock::new())
    };
    let texts = [
        text(&CloseError::<ScriptedError>::NotOffered),
        text(&CloseError::Failed(ScriptedError(Failure::Denied))),
        text(&Resume::from_json("").unwrap_err()),
        text(&Resume::from_json(&other_version).unwrap_err()),
        text(&resume(Script::new(&[]).of_session(8), &LIFECYCLE).unwrap_err()),
        text(&resume(Script::new(&[]), &broken).unwrap_err()),
    ];
    insta::assert_snapshot!(texts.concat());
}
