//! What is told of the session's life beside the end of the wait: that it will expire, and how long its end went unseen.

use std::time::Duration;

use abide_core::{Event, Interval, Lifecycle, Options, Session, State, Step, Tick};

use crate::lifecycles::{CALMYX, HUM};
use crate::resuming::{after_one, running};
use crate::simulation::status;

const SECOND: Duration = Duration::from_secs(1);

fn at(millis: u64) -> Tick {
    Tick::ZERO + Duration::from_millis(millis)
}

fn options() -> Options {
    Options::new(SECOND * 600, 3)
}

#[test]
fn a_pause_that_outlives_the_session_is_told_when_it_is_planned() {
    let lifecycle = Lifecycle { cap: None, ..HUM };
    let mut session = Session::new(&lifecycle, Options::new(SECOND * 36_000, 3), Tick::ZERO).unwrap();
    assert_eq!(session.step(Tick::ZERO), Step::Send);
    session.handle_sent(Tick::ZERO);
    session.handle_reply(at(100), &running(), Some(SECOND * 1900));
    let told: Vec<_> = std::iter::from_fn(|| session.poll_event()).collect();
    let Some(Event::WillExpire { at: expiry, next }) = told.last() else { panic!("{told:?}") };
    assert_eq!(*expiry, at(1_800_000));
    assert!(*next >= at(1_900_100));
}

#[test]
fn a_request_at_the_very_end_of_the_window_is_no_reason_for_a_warning() {
    for (window, warned) in [(1999, true), (2000, false), (2001, false)] {
        let lifecycle = Lifecycle {
            interval: Interval { min: SECOND * 2, max: SECOND * 2 },
            inactivity: Some(Duration::from_millis(window)),
            ..CALMYX
        };
        let mut session = Session::new(&lifecycle, options(), Tick::ZERO).unwrap();
        session.handle_sent(Tick::ZERO);
        session.handle_reply(Tick::ZERO, &running(), None);
        let told = std::iter::from_fn(|| session.poll_event()).any(|event| matches!(event, Event::WillExpire { .. }));
        assert_eq!(told, warned, "{window}");
    }
}

#[test]
fn how_long_the_end_was_unseen() {
    let (running, done) = (status(State::Running, 1, 5), status(State::Completed, 5, 5));
    let mut session = Session::new(&CALMYX, options(), Tick::ZERO).unwrap();
    let mut sent = Vec::new();
    let mut now = Tick::ZERO;
    while session.end().is_none() {
        match session.step(now) {
            Step::Send => {
                session.handle_sent(now);
                sent.push(now);
                let reply = if sent.len() < 3 { running } else { done };
                now = now + Duration::from_millis(300);
                session.handle_reply(now, &reply, None);
            }
            Step::Wait(deadline) => now = deadline.at,
            Step::AwaitReply(_) | Step::Over(_) => panic!("answered at once"),
        }
    }
    assert_eq!(session.unseen(), Some(now.since(sent[1])));
    assert_eq!(after_one(Ok(status(State::Running, 2, 2)), None).unseen(), None);
}
