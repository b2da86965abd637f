//! How waits end, and what is told on the way.

use std::time::Duration;

use abide_core::{
    Anomaly, Counters, Deadline, End, Event, Failure, GaveUp, Lifecycle, LifecycleError, Observation, Options, Rule,
    Session, Setback, State, Step, Tick, Why,
};

use crate::lifecycles::{CALMYX, HUM};
use crate::simulation::{Answer, run, status};

const SECOND: Duration = Duration::from_secs(1);

/// One wait on Calmyx of at most a minute; once the answers run out the server keeps repeating the last.
fn check(answers: &[Answer], expected: End) -> Vec<Event> {
    let trace = run(&CALMYX, Options::new(SECOND * 60, 1), Tick::ZERO, |poll| {
        (Duration::ZERO, answers[poll.min(answers.len() - 1)])
    });
    assert_eq!(trace.end, expected, "{answers:?}");
    assert_eq!(trace.events.last(), Some(&Event::Ended(expected)), "{answers:?}");
    let ends = trace.events.iter().filter(|event| matches!(event, Event::Ended(_))).count();
    assert_eq!(ends, 1, "{answers:?}");
    trace.events
}

fn replied(state: State, processed: i64) -> Answer {
    Answer::Status(status(state, processed, 5), None)
}

fn failed(failure: Failure) -> Answer {
    Answer::Setback(failure, None)
}

const COUNT: End = End::Completed { rule: Rule::Count };
const STATUS: End = End::Completed { rule: Rule::Status };

#[test]
fn what_the_server_refuses_ends_the_wait_at_once() {
    for failure in [Failure::NotFound, Failure::Denied, Failure::Rejected] {
        check(&[failed(failure)], End::Refused(failure));
        check(&[replied(State::Running, 1), failed(failure)], End::Refused(failure));
    }
    check(&[failed(Failure::Gone)], End::Gone);
    check(&[replied(State::Running, 1), failed(Failure::Gone)], End::Gone);
}

#[test]
fn a_settling_wait_is_completed_by_whatever_comes() {
    let done = replied(State::Running, 5);
    for failure in
        [Failure::Transient, Failure::Throttled, Failure::NotFound, Failure::Denied, Failure::Rejected, Failure::Gone]
    {
        let events = check(&[done, failed(failure)], COUNT);
        let gone = events.contains(&Event::Anomaly(Anomaly::GoneAfterDone));
        assert_eq!(gone, failure == Failure::Gone, "{failure}");
        assert!(events.contains(&Event::Settling));
    }
    check(&[done, Answer::Abandoned], COUNT);
    check(&[done, Answer::Silence], COUNT);
    check(&[done, replied(State::Failed, 5)], End::Failed);
    check(&[done, replied(State::Completed, 5)], STATUS);
}

#[test]
fn settling_ends_at_once_where_no_confirmation_fits() {
    let options = Options::new(SECOND * 8, 1);
    let trace = run(&CALMYX, options, Tick::ZERO, |_| (SECOND * 5, replied(State::Running, 5)));
    assert_eq!((trace.end, trace.sends.len()), (COUNT, 1));
    assert!(!trace.events.contains(&Event::Settling));
}

#[test]
fn missing_items_are_asked_for_once_and_then_reported() {
    let observation = Observation { delivered: Some(4), ..status(State::Completed, 5, 5) };
    let answer = Answer::Status(observation, None);
    let events = check(&[answer, answer], STATUS);
    let expected = [
        Event::State { from: None, to: State::Completed },
        Event::Progress(observation.counters),
        Event::Settling,
        Event::Anomaly(Anomaly::FewerItemsThanProcessed { delivered: 4, processed: 5 }),
        Event::Ended(STATUS),
    ];
    assert_eq!(events, expected);
    let events = check(&[answer, replied(State::Completed, 5)], STATUS);
    assert!(!events.iter().any(|event| matches!(event, Event::Anomaly(_))));
}

#[test]
fn failures_are_never_a_plain_success() {
    let partial = |state, processed, failed| {
        let counters = Counters { total: 5, processed, successful: processed - failed, failed };
        Answer::Status(Observation { counters, ..status(state, processed, 5) }, None)
    };
    check(&[partial(State::Completed, 5, 1)], End::CompletedWithFailures { rule: Rule::Status });
    check(&[partial(State::Running, 5, 1)], End::CompletedWithFailures { rule: Rule::Count });
    check(
        &[partial(State::Running, 5, 1), partial(State::Completed, 5, 0)],
        End::CompletedWithFailures { rule: Rule::Status },
    );
}

#[test]
fn passing_trouble_is_sat_out() {
    let trouble = [
        failed(Failure::Transient),
        failed(Failure::Throttled),
        Answer::Abandoned,
        replied(State::Unknown, 2),
        replied(State::Running, 3),
        replied(State::Completed, 5),
    ];
    let events = check(&trouble, STATUS);
    let attempts: Vec<_> =
        events
            .iter()
            .filter_map(|event| {
                if let Event::Retry { failure, attempt, .. } = event { Some((*failure, *attempt)) } else { None }
            })
            .collect();
    assert_eq!(attempts, [(Failure::Transient, 1), (Failure::Throttled, 2)]);
    assert!(events.contains(&Event::Anomaly(Anomaly::UnknownState)));
}

#[test]
fn a_pause_that_is_too_long_ends_the_wait() {
    let (asked, running) = (SECOND * 60, status(State::Running, 1, 5));
    let answers = |asked| {
        [
            Answer::Setback(Failure::Throttled, Some(asked)),
            Answer::Setback(Failure::Transient, Some(asked)),
            Answer::Status(running, Some(asked)),
        ]
    };
    for answer in answers(asked) {
        check(&[answer], End::GaveUp(GaveUp::RetryAfterTooLong(asked)));
    }
    // One request after 59 s, and then no pause fits, however short.
    for answer in answers(SECOND * 59) {
        check(&[answer], End::GaveUp(GaveUp::MaxWait));
    }

    let ceiling = Options { retry_after_ceiling: SECOND * 10, ..Options::new(SECOND * 60, 1) };
    for (answer, asked) in [
        (Answer::Setback(Failure::Throttled, Some(SECOND * 11)), SECOND * 11),
        (Answer::Status(status(State::Running, 1, 5), Some(SECOND * 11)), SECOND * 11),
    ] {
        let trace = run(&CALMYX, ceiling, Tick::ZERO, |_| (Duration::ZERO, answer));
        let expected = End::GaveUp(GaveUp::RetryAfterTooLong(asked));
        assert_eq!((trace.end, trace.sends.len()), (expected, 1));
    }
}

#[test]
fn a_long_pause_is_not_worth_a_confirmation() {
    let options = Options { retry_after_ceiling: SECOND * 10, ..Options::new(SECOND * 60, 1) };
    let answer = Answer::Status(status(State::Running, 5, 5), Some(SECOND * 11));
    let trace = run(&CALMYX, options, Tick::ZERO, |_| (Duration::ZERO, answer));
    assert_eq!((trace.end, trace.sends.len()), (COUNT, 1));
}

#[test]
fn a_pause_that_is_asked_for_at_the_limit_is_not_blamed_for_the_end() {
    let asked = Some(SECOND * 7200);
    for answer in [Answer::Status(status(State::Running, 1, 5), asked), Answer::Setback(Failure::Throttled, asked)] {
        for (latency, end) in [
            (SECOND * 30, GaveUp::MaxWait),
            (Duration::from_nanos(29_999_999_999), GaveUp::RetryAfterTooLong(SECOND * 7200)),
        ] {
            let trace = run(&HUM, Options::new(SECOND * 30, 1), Tick::ZERO, |_| (latency, answer));
            assert_eq!(trace.end, End::GaveUp(end), "{answer:?} after {latency:?}");
        }
    }
}

#[test]
fn nothing_counts_after_the_end() {
    // Ended with and without a request in flight.
    for in_flight in [false, true] {
        let mut session = Session::new(&HUM, Options::new(SECOND * 30, 1), Tick::ZERO).unwrap();
        session.handle_sent(Tick::ZERO);
        session.handle_reply(Tick::ZERO, &status(State::Running, 1, 5), None);
        let now = Tick::ZERO + SECOND * 3;
        if in_flight {
            session.handle_sent(now);
        }
        session.handle_closed(now);
        while session.poll_event().is_some() {}
        let kept = session.snapshot(now);
        session.handle_sent(now);
        session.handle_reply(now, &status(State::Completed, 5, 5), None);
        session.handle_setback(now, Setback { failure: Failure::Transient, retry_after: None });
        session.handle_abandoned(now);
        session.hold_until(now, now + SECOND * 7200);
        session.handle_closed(now);
        assert_eq!(session.step(now + SECOND * 7200), Step::Over(End::Closed));
        assert_eq!((session.snapshot(now), session.poll_event()), (kept, None), "{in_flight}");
    }
}

#[test]
fn pushing_back_after_the_limit_is_the_end_of_the_wait() {
    let answer = Answer::Setback(Failure::Throttled, Some(SECOND));
    let trace = run(&HUM, Options::new(SECOND * 30, 1), Tick::ZERO, |_| (SECOND * 31, answer));
    assert_eq!(trace.end, End::GaveUp(GaveUp::MaxWait));
}

#[test]
fn a_retry_that_will_not_happen_is_not_announced() {
    let answer = failed(Failure::Throttled);
    let trace = run(&CALMYX, Options::new(SECOND * 60, 1), Tick::ZERO, |_| (Duration::ZERO, answer));
    let retries = trace.events.iter().filter(|event| matches!(event, Event::Retry { .. })).count();
    assert_eq!(retries, trace.sends.len() - 1);
}

#[test]
fn a_reply_starts_the_count_of_errors_again() {
    let mut answers = vec![failed(Failure::Transient); 3];
    answers.push(replied(State::Running, 1));
    answers.extend([failed(Failure::Transient); 8]);
    answers.push(replied(State::Completed, 5));
    let lasting = Options::new(SECOND * 3600, 1);
    let trace = run(&CALMYX, lasting, Tick::ZERO, |poll| (Duration::ZERO, answers[poll]));
    assert_eq!(trace.end, STATUS);

    answers.insert(4, failed(Failure::Transient));
    let trace = run(&CALMYX, lasting, Tick::ZERO, |poll| (Duration::ZERO, answers[poll]));
    assert_eq!(trace.end, End::GaveUp(GaveUp::TooManyErrors(9)));
}

#[test]
fn a_clock_that_steps_back_stands_still() {
    let mut session = Session::new(&HUM, Options::new(SECOND * 30, 1), Tick::ZERO).unwrap();
    assert_eq!(session.step(Tick::ZERO + SECOND * 6), Step::Send);
    session.handle_sent(Tick::ZERO);
    session.handle_reply(Tick::ZERO, &status(State::Running, 1, 2), None);
    let Step::Wait(Deadline { at, why: Why::Pace }) = session.step(Tick::ZERO) else {
        panic!("a poll within the gap");
    };
    assert!(at >= Tick::ZERO + SECOND * 8, "{at:?}");
}

#[test]
fn an_answer_just_after_the_limit_still_counts() {
    let serve = |latency| move |_| (latency, Answer::Status(status(State::Completed, 2, 2), None));
    for (latency, expected) in
        [(SECOND * 31, COUNT), (Duration::from_millis(31_999), COUNT), (SECOND * 32, End::GaveUp(GaveUp::MaxWait))]
    {
        let trace = run(&HUM, Options::new(SECOND * 30, 1), Tick::ZERO, serve(latency));
        assert_eq!(trace.end, expected, "{latency:?}");
    }
    let unfinished = |_| (SECOND * 31, Answer::Status(status(State::Running, 1, 2), None));
    let trace = run(&HUM, Options::new(SECOND * 30, 1), Tick::ZERO, unfinished);
    assert_eq!((trace.end, trace.sends.len()), (End::GaveUp(GaveUp::MaxWait), 1));
}

#[test]
fn expiry_is_news_and_the_servers_word_the_end() {
    let lifecycle = Lifecycle { cap: None, inactivity: Some(SECOND * 20), ..HUM };
    let answers = [
        replied(State::Running, 1),
        Answer::Setback(Failure::Throttled, Some(SECOND * 30)),
        replied(State::Running, 5),
    ];
    let trace = run(&lifecycle, Options::new(SECOND * 120, 1), Tick::ZERO, |poll| (SECOND, answers[poll]));
    // The window counts from the sending of the first request, not from its answer a second later.
    let overdue = Event::Overdue { since: Tick::ZERO + SECOND * 20 };
    assert_eq!(trace.events.iter().filter(|event| **event == overdue).count(), 1);
    assert_eq!(trace.end, COUNT);
}

#[test]
fn no_time_at_all_sends_nothing() {
    let trace = run(&HUM, Options::new(Duration::ZERO, 1), Tick::ZERO, |_| (Duration::ZERO, Answer::Silence));
    assert_eq!((trace.end, trace.sends.len()), (End::GaveUp(GaveUp::MaxWait), 0));
}

#[test]
fn calls_out_of_turn_are_ignored() {
    let mut session = Session::new(&HUM, Options::new(SECOND * 30, 1), Tick::ZERO).unwrap();
    session.handle_reply(Tick::ZERO, &status(State::Completed, 2, 2), None);
    session.handle_setback(Tick::ZERO, Setback { failure: Failure::Gone, retry_after: None });
    session.handle_abandoned(Tick::ZERO);
    assert_eq!((session.step(Tick::ZERO), session.step(Tick::ZERO)), (Step::Send, Step::Send));
    assert_eq!(session.poll_event(), None);

    session.handle_sent(Tick::ZERO);
    session.handle_sent(Tick::ZERO + SECOND);
    assert_eq!((session.polls(), session.last_observation()), (1, None));
    let awaited = Step::AwaitReply(Deadline { at: Tick::ZERO + SECOND * 32, why: Why::LastReply });
    assert_eq!(session.step(Tick::ZERO), awaited);
}

#[test]
fn a_lifecycle_that_contradicts_itself_is_refused() {
    let lifecycle = Lifecycle { cap: Some(Duration::ZERO), ..HUM };
    let refused = Session::new(&lifecycle, Options::new(SECOND, 1), Tick::ZERO);
    assert_eq!(refused.err(), Some(LifecycleError::ZeroCap));
}

#[test]
fn a_young_session_may_be_unknown_for_a_while() {
    let unknown = Answer::Setback(Failure::NotFound, None);
    let known = Answer::Status(status(State::Completed, 5, 5), None);
    for (borne, replies, end) in [
        (0, vec![unknown, known], End::Refused(Failure::NotFound)),
        (3, vec![unknown, unknown, unknown, known], End::Completed { rule: Rule::Status }),
        (3, vec![unknown], End::Refused(Failure::NotFound)),
        (3, vec![Answer::Status(status(State::Running, 1, 5), None), unknown], End::Refused(Failure::NotFound)),
    ] {
        let options = Options { max_not_found_before_first_reply: borne, ..Options::new(SECOND * 600, 3) };
        let trace = run(&CALMYX, options, Tick::ZERO, |poll| (Duration::ZERO, replies[poll.min(replies.len() - 1)]));
        assert_eq!(trace.end, end, "{borne} {replies:?}");
        assert!(trace.gaps().iter().all(|gap| *gap >= CALMYX.interval.min));
    }
}
