//! Ending the session from this side: what is in flight, what is sent afterwards, and what becomes of the wait.

use std::error::Error as _;
use std::pin::pin;
use std::task::{Context, Waker};

use abide_core::{End, Failure, GaveUp, Rule};
use abide_watch::{Answer, CloseError, TestClock, Watch};

use crate::scripted::{SECOND, Script, completed, failed, running, word};

const STATUS: End = End::Completed { rule: Rule::Status };

/// A wait whose first reply came at once and whose second request is in flight.
fn in_flight(source: &Script) -> Watch<Script, TestClock> {
    let mut watch = source.watch(SECOND * 60);
    source.run(async {
        while watch.last_status().is_none() {
            watch.next().await;
        }
    });
    while source.requests().0 < 2 {
        let polled = pin!(watch.next()).poll(&mut Context::from_waker(Waker::noop()));
        if polled.is_pending() && source.requests().0 < 2 {
            assert!(source.clock.advance_to_next());
        }
    }
    watch
}

#[test]
fn a_request_in_flight_is_dropped_and_nothing_is_sent_afterwards() {
    let source =
        Script::new(&[running("ab"), running("abc").after(SECOND * 5), completed("abcde")]).closing(SECOND, Ok(()));
    let mut watch = in_flight(&source);
    assert_eq!(source.requests(), (2, 0));
    source.run(watch.close()).unwrap();
    assert_eq!((source.requests(), source.closed()), ((2, 1), 1));

    assert_eq!(watch.end(), Some(End::Closed));
    let told: Vec<String> = source.told(&mut watch).into_iter().map(|(_, word)| word).collect();
    assert_eq!(told, ["Closed"], "the end, and it once");
    source.clock.advance(SECOND * 600);
    assert!(source.run(watch.next()).is_none());
    source.run(watch.close()).unwrap();
    assert_eq!((source.requests(), source.closed()), ((2, 1), 1), "nothing more was sent");

    let outcome = watch.into_outcome().unwrap();
    assert_eq!((outcome.last_status, outcome.items, outcome.elapsed), (Some("ab"), 2, SECOND * 3));
    assert_eq!(outcome.replies.get(&Answer::Nothing), Some(&1));
    assert!(outcome.into_result().unwrap_err().is_closed());
}

#[test]
fn events_not_taken_yet_come_before_the_end() {
    let source = Script::new(&[running("ab")]).closing(SECOND, Ok(()));
    let mut watch = source.watch(SECOND * 60);
    let first = source.run(watch.next()).map(|event| word(&event));
    assert_eq!(first.as_deref(), Some("running"));
    source.run(watch.close()).unwrap();
    let told: Vec<String> = source.told(&mut watch).into_iter().map(|(_, word)| word).collect();
    assert_eq!(told, ["1/5", "ab", "Closed"].map(|word| word.replace("1/5", "2/5")), "partial results are not lost");
}

#[test]
fn a_wait_that_has_not_begun_can_be_closed() {
    let source = Script::new(&[running("ab")]).closing(SECOND, Ok(()));
    let mut watch = source.watch(SECOND * 60);
    source.run(watch.close()).unwrap();
    let outcome = source.run(watch.outcome());
    assert_eq!((outcome.end, outcome.polls, source.requests()), (End::Closed, 0, (0, 0)));
}

#[test]
fn where_closing_is_not_offered_the_wait_goes_on_untouched() {
    let source = Script::new(&[running("ab"), completed("abcde").after(SECOND)]);
    let mut watch = in_flight(&source);
    let error = source.run(watch.close()).unwrap_err();
    assert!(matches!(error, CloseError::NotOffered));
    assert_eq!((watch.end(), source.requests()), (None, (2, 0)));
    let outcome = source.run(watch.outcome());
    assert_eq!((outcome.end, outcome.polls, source.requests()), (STATUS, 2, (2, 0)));
}

#[test]
fn a_closing_that_fails_leaves_the_wait_going_on() {
    let source = Script::new(&[running("ab"), running("abc").after(SECOND), completed("abcde")])
        .closing(SECOND, Err(Failure::Transient));
    let mut watch = in_flight(&source);
    let error = source.run(watch.close()).unwrap_err();
    assert!(matches!(error, CloseError::Failed(_)));
    assert_eq!(error.source().map(ToString::to_string).as_deref(), Some("the script says: a passing error"));
    assert_eq!(watch.end(), None);
    let outcome = source.run(watch.outcome());
    assert_eq!((outcome.end, outcome.polls, source.requests()), (STATUS, 3, (3, 1)));
    assert_eq!(outcome.replies.get(&Answer::Nothing), Some(&1));
    assert!(source.gaps().iter().all(|gap| *gap >= SECOND * 2), "{:?}", source.gaps());
}

#[test]
fn a_closing_that_is_dropped_can_be_made_again() {
    let source = Script::new(&[running("ab"), running("abc").after(SECOND)]).closing(SECOND, Ok(()));
    let mut watch = in_flight(&source);
    assert!(pin!(watch.close()).poll(&mut Context::from_waker(Waker::noop())).is_pending());
    assert_eq!((watch.end(), source.requests(), source.closed()), (None, (2, 1), 0));
    source.run(watch.close()).unwrap();
    assert_eq!((watch.end(), source.closed()), (Some(End::Closed), 1));
}

#[test]
fn after_the_end_a_session_that_may_live_on_is_closed() {
    for (script, end, closed) in [
        (vec![completed("ab")], STATUS, 1),
        (vec![running("a"); 100], End::GaveUp(GaveUp::MaxWait), 1),
        (vec![failed(Failure::Denied)], End::Refused(Failure::Denied), 1),
        (vec![failed(Failure::Gone)], End::Gone, 0),
    ] {
        let source = Script::new(&script).closing(SECOND, Ok(()));
        let mut watch = source.watch(SECOND * 60);
        source.told(&mut watch);
        source.run(watch.close()).unwrap();
        assert_eq!((watch.end(), source.closed()), (Some(end), closed));
        assert!(source.run(watch.next()).is_none(), "the end is told once");
    }
}

#[test]
fn gone_not_found_and_closed_are_three_ends() {
    let ended = |script, closing| {
        let source = Script::new(script).closing(SECOND, Ok(()));
        let mut watch = source.watch(SECOND * 60);
        if closing {
            source.run(watch.close()).unwrap();
        }
        source.run(watch.outcome()).into_result().unwrap_err()
    };
    let errors = [
        ended(&[failed(Failure::Gone)], false),
        ended(&[failed(Failure::NotFound)], false),
        ended(&[running("a")], true),
    ];
    let predicates = errors.map(|error| (error.is_gone(), error.is_refused(), error.is_closed()));
    assert_eq!(predicates, [(true, false, false), (false, true, false), (false, false, true)]);
}
