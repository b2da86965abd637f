//! What people complain about in other clients that wait, as far as `traps.rs` does not hold it already.
//!
//! | complaint | test |
//! |---|---|
//! | the time limit is per request, so slow replies add up | [`the_limit_is_for_the_whole_wait`] |
//! | stopping is not heard during a pause | [`stopping_is_heard_during_a_pause`] |
//! | a denied request is retried until the time is up, and the reason is lost | [`a_denial_is_not_swallowed`] |
//! | giving up does not say why | [`giving_up_says_why`] |
//! | throttling is fatal | [`a_storm_of_throttling_is_sat_out`] |
//! | an absurd `Retry-After` binds the caller | [`an_absurd_hint_ends_the_wait_and_not_the_caller`] |
//! | pace, patience and retries cannot be chosen | [`the_caller_decides`] |
//! | one more request goes out after the limit | [`nothing_is_sent_at_or_after_the_limit`] |
//! | an expired session is asked for ever | [`a_dead_session_is_not_asked_again`] |
//! | an expired session takes its partial results along | [`gone_keeps_what_was_given`] |
//! | progress cannot be seen | [`progress_is_news_when_it_is_made`] |
//! | no single step | [`one_event_at_a_time`] |

use std::time::Duration;

use abide_core::{End, Failure, FirstPoll, GaveUp, Interval, Lifecycle, Options, Rule, State};
use abide_watch::{Answer, Event};

use crate::scripted::{LIFECYCLE, SECOND, Script, completed, counted, failed, running};

const STATUS: End = End::Completed { rule: Rule::Status };

#[test]
fn the_limit_is_for_the_whole_wait() {
    let slow: Vec<_> = (0..100).map(|processed| counted(State::Running, 1000, processed).after(SECOND * 3)).collect();
    let source = Script::new(&slow);
    let outcome = source.outcome(SECOND * 10);
    assert_eq!(outcome.end, End::GaveUp(GaveUp::MaxWait));
    assert!(outcome.elapsed <= SECOND * 12, "{:?}", outcome.elapsed);
}

#[test]
fn stopping_is_heard_during_a_pause() {
    let source = Script::new(&[running("ab").asking(SECOND * 3000), completed("abcde")]);
    let mut watch = source.watch(SECOND * 3600);
    source.run(async {
        while watch.last_status().is_none() {
            watch.next().await;
        }
    });
    source.clock.advance(SECOND * 5);
    let kept = watch.stop();
    assert_eq!(source.requests(), (1, 0));
    assert!(!source.clock.advance_to_next(), "nobody sleeps any more");
    assert!(kept.saved_at().elapsed().is_ok());
}

#[test]
fn a_denial_is_not_swallowed() {
    let source = Script::new(&[running("a"), failed(Failure::Denied), completed("abcde")]);
    let error = source.outcome(SECOND * 3600).into_result().unwrap_err();
    assert!(error.is_refused());
    assert_eq!((error.outcome().end, source.requests()), (End::Refused(Failure::Denied), (2, 0)));
}

#[test]
fn giving_up_says_why() {
    let script = [vec![running("a")], vec![failed(Failure::Transient); 3], vec![running("a"); 100]].concat();
    let outcome = Script::new(&script).outcome(SECOND * 60);
    assert_eq!(outcome.end, End::GaveUp(GaveUp::MaxWait));
    assert_eq!(outcome.replies[&Answer::Failed(Failure::Transient)], 3);
    assert!(outcome.last_error.is_some() && outcome.last_status.is_some());
    let told = outcome.into_result().unwrap_err().to_string();
    assert!(told.contains("3 transient"), "{told}");
}

#[test]
fn a_storm_of_throttling_is_sat_out() {
    for retry_after in [None, Some(SECOND * 3)] {
        let mut storm = vec![failed(Failure::Throttled); 40];
        for answer in &mut storm {
            answer.retry_after = retry_after;
        }
        storm.push(completed("ab"));
        let source = Script::new(&storm);
        let outcome = source.outcome(Duration::from_hours(72));
        assert_eq!((outcome.end, outcome.replies[&Answer::Failed(Failure::Throttled)]), (STATUS, 40));
        assert!(source.gaps().iter().all(|gap| *gap >= retry_after.unwrap_or(SECOND * 2)));
    }
}

#[test]
fn an_absurd_hint_ends_the_wait_and_not_the_caller() {
    let year = Duration::from_hours(24 * 365);
    for answer in [failed(Failure::Throttled), failed(Failure::Transient), running("a")] {
        let source = Script::new(&[answer.asking(year)]);
        let outcome = source.outcome(year * 3);
        assert_eq!(outcome.end, End::GaveUp(GaveUp::RetryAfterTooLong(year)));
        assert_eq!(outcome.elapsed, Duration::ZERO);
    }
    let source = Script::new(&[running("a").asking(year), completed("ab")]);
    let patient = Options { retry_after_ceiling: year, ..Options::new(year * 3, 1) };
    let outcome = source.run(source.watch_with(&LIFECYCLE, patient).outcome());
    assert_eq!(outcome.end, STATUS, "who wants to sit it out may");
}

#[test]
fn the_caller_decides() {
    let lifecycle = Lifecycle {
        first_poll: FirstPoll::AfterInterval,
        interval: Interval { min: SECOND * 7, max: SECOND * 7 },
        ..LIFECYCLE
    };
    let source = Script::new(&vec![running("a"); 100]);
    source.run(source.watch_with(&lifecycle, Options::new(SECOND * 30, 1)).outcome());
    assert_eq!(source.sent(), [7, 14, 21, 28, 35].map(Duration::from_secs));

    let error_backoff = Interval { min: SECOND * 2, max: SECOND * 2 };
    let stubborn = Options {
        max_consecutive_errors: 20,
        max_errors_before_first_reply: 20,
        error_backoff,
        ..Options::new(SECOND * 600, 1)
    };
    let source = Script::new(&vec![failed(Failure::Transient); 100]);
    let outcome = source.run(source.watch_with(&LIFECYCLE, stubborn).outcome());
    assert_eq!((outcome.end, outcome.polls), (End::GaveUp(GaveUp::TooManyErrors(21)), 21));
    assert!(source.gaps().iter().all(|gap| *gap == SECOND * 2));
}

#[test]
fn nothing_is_sent_at_or_after_the_limit() {
    for longest in [0, 1, 2, 4, 6] {
        let source = Script::new(&vec![running("a"); 100]);
        let outcome = source.outcome(SECOND * longest);
        assert!(source.sent().iter().all(|at| *at < SECOND * longest), "{:?}", source.sent());
        assert_eq!(outcome.elapsed, SECOND * longest);
    }
    // Nor when somebody comes to ask for the next event only after it.
    let source = Script::new(&vec![running("a"); 100]);
    let mut watch = source.watch(SECOND * 10);
    source.clock.advance(SECOND * 11);
    assert!(matches!(source.run(watch.next()), Some(Event::Ended(End::GaveUp(GaveUp::MaxWait)))));
    assert_eq!(source.requests(), (0, 0));
}

#[test]
fn a_dead_session_is_not_asked_again() {
    let source = Script::new(&[running("a"), failed(Failure::Gone), running("ab")]);
    let mut watch = source.watch(SECOND * 60);
    source.told(&mut watch);
    for _ in 0..3 {
        source.clock.advance(SECOND * 60);
        assert!(source.run(watch.next()).is_none());
    }
    assert_eq!((source.requests(), watch.end()), ((2, 0), Some(End::Gone)));
}

#[test]
fn gone_keeps_what_was_given() {
    let source = Script::new(&[running("ab"), failed(Failure::Gone)]);
    let mut watch = source.watch(SECOND * 60);
    let told = source.told(&mut watch);
    assert!(told.contains(&(0, "ab".to_owned())));
    let error = watch.into_outcome().unwrap().into_result().unwrap_err();
    assert_eq!((error.outcome().items, error.outcome().last_status), (2, Some("ab")));
    assert_eq!((error.outcome().counters.processed, error.outcome().counters.total), (2, 5));
}

#[test]
fn progress_is_news_when_it_is_made() {
    let script =
        [(10, 0), (10, 0), (10, 4), (10, 4), (10, 9)].map(|(total, done)| counted(State::Running, total, done));
    let source = Script::new(&[script.as_slice(), &[counted(State::Completed, 10, 10)]].concat());
    let told = source.told(&mut source.watch(SECOND * 60));
    let progress: Vec<_> = told.iter().filter(|(_, word)| word.contains('/')).cloned().collect();
    assert_eq!(
        progress,
        [(0, "0/10"), (4, "4/10"), (8, "9/10"), (10, "10/10")].map(|(at, word)| (at, word.to_owned()))
    );
}

#[test]
fn one_event_at_a_time() {
    let source = Script::new(&[running("a"), running("ab")]);
    let mut watch = source.watch(SECOND * 60);
    for (taken, requests) in [(1, 1), (2, 1), (3, 1), (4, 2)] {
        assert!(source.run(watch.next()).is_some());
        assert_eq!(source.requests().0, requests, "after {taken} events");
    }
}
