//! What each call does in each state of a session: the request's place, and what completion knows.

use alloc::vec::Vec;
use core::time::Duration;

use super::{Request, Session};
use crate::cells::{check, listed};
use crate::end::{End, GaveUp, Rule};
use crate::event::{Event, Step};
use crate::failure::{Failure, Setback};
use crate::lifecycle::{CompleteBy, FirstPoll, Interval, Lifecycle};
use crate::observation::{Counters, Observation, State};
use crate::options::Options;
use crate::tick::Tick;

listed! {
    /// `First` before any request, `Flying` and `Confirming` with a request in flight, `Settling` before the confirming one.
    enum From { First, Due, Settling, Flying, Confirming, Over }
}

listed! {
    /// Calls, and for a step its place between the instants that matter.
    enum Call {
        Sent, Unfinished, Counted, Finished, FailedWord,
        Transient, Throttled, Gone, NotFound, Denied, Rejected, Abandoned,
        Closed, HeldBriefly, HeldLong, HeldBeyond,
        StepEarly, StepDue, StepBeforeLimit, StepAtLimit, StepBeforeGrace, StepAtGrace,
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum To {
    /// Moved to another state, or stayed where a step only waits.
    State(From),
    /// The call changed nothing and told nothing.
    Ignored,
    Send,
    End(End),
}

const SECOND: Duration = Duration::from_secs(1);

/// Every pause is exactly 10 s, the wait 60 s, the grace 2 s.
const LIFECYCLE: Lifecycle = Lifecycle {
    first_poll: FirstPoll::AfterInterval,
    interval: Interval { min: SECOND.saturating_mul(10), max: SECOND.saturating_mul(10) },
    growth: None,
    cap: None,
    inactivity: None,
    complete_by: CompleteBy::StatusOrCount,
};

const I: To = To::Ignored;
const D: To = To::State(From::Due);
const F: To = To::State(From::Flying);
const CF: To = To::State(From::Confirming);
const T: To = To::State(From::Settling);
const W: To = To::State(From::First);
const S: To = To::Send;
const COUNT: To = To::End(End::Completed { rule: Rule::Count });
const WORD: To = To::End(End::Completed { rule: Rule::Status });
const FAILED: To = To::End(End::Failed);
const GONE: To = To::End(End::Gone);
const CLOSED: To = To::End(End::Closed);
const MAX: To = To::End(End::GaveUp(GaveUp::MaxWait));

const fn refused(failure: Failure) -> To {
    To::End(End::Refused(failure))
}

#[test]
fn every_state_and_call() {
    let table = [
        //                     First Due Settling Flying Confirming Over
        (Call::Sent, [F, F, CF, I, I, I]),
        (Call::Unfinished, [I, I, I, D, D, I]),
        (Call::Counted, [I, I, I, T, COUNT, I]),
        (Call::Finished, [I, I, I, WORD, WORD, I]),
        (Call::FailedWord, [I, I, I, FAILED, FAILED, I]),
        (Call::Transient, [I, I, I, D, COUNT, I]),
        (Call::Throttled, [I, I, I, D, COUNT, I]),
        (Call::Gone, [I, I, I, GONE, COUNT, I]),
        (Call::NotFound, [I, I, I, refused(Failure::NotFound), COUNT, I]),
        (Call::Denied, [I, I, I, refused(Failure::Denied), COUNT, I]),
        (Call::Rejected, [I, I, I, refused(Failure::Rejected), COUNT, I]),
        (Call::Abandoned, [I, I, I, D, COUNT, I]),
        (Call::Closed, [CLOSED, CLOSED, COUNT, CLOSED, COUNT, I]),
        (Call::HeldBriefly, [I, I, I, I, I, I]),
        (Call::HeldLong, [W, D, T, I, I, I]),
        (Call::HeldBeyond, [W, D, T, I, I, I]),
        (Call::StepEarly, [W, D, T, F, CF, I]),
        (Call::StepDue, [S, S, S, F, CF, I]),
        (Call::StepBeforeLimit, [S, S, S, F, CF, I]),
        (Call::StepAtLimit, [MAX, MAX, COUNT, F, CF, I]),
        (Call::StepBeforeGrace, [MAX, MAX, COUNT, F, CF, I]),
        (Call::StepAtGrace, [MAX, MAX, COUNT, MAX, COUNT, I]),
    ];
    check(From::ALL, Call::ALL, table, outcome);
}

#[test]
fn where_a_session_may_be_too_young() {
    // Before any reply a 404 is borne; after one it is not, and a settling session is as good as completed.
    let young = |from| {
        let options = Options { max_not_found_before_first_reply: 1, ..Options::new(SECOND * 60, 1) };
        let mut session = Session::new(&LIFECYCLE, options, Tick::ZERO).expect("a sound lifecycle");
        go(&mut session, from);
        session
    };
    let unknown = To::End(End::Refused(Failure::NotFound));
    for (from, expected) in From::ALL.into_iter().zip([I, I, I, D, COUNT, I]) {
        assert_eq!(outcome_of(young(from), Call::NotFound), expected, "{from:?}");
    }
    let mut session = young(From::Flying);
    make(&mut session, Call::NotFound);
    make(&mut session, Call::Sent);
    assert_eq!(outcome_of(session, Call::NotFound), unknown, "once too often");
}

#[test]
fn every_state_has_its_column() {
    assert_eq!(From::ALL.map(|from| column(&led_to(from))), From::ALL);
}

fn outcome(from: From, call: Call) -> To {
    outcome_of(led_to(from), call)
}

fn outcome_of(mut session: Session, call: Call) -> To {
    while session.poll_event().is_some() {}
    let (request, end) = (session.request, session.end());
    let step = make(&mut session, call);
    let told: Vec<_> = core::iter::from_fn(|| session.poll_event()).collect();
    let changed = session.request != request || session.end() != end || !told.is_empty();
    match (step, session.end()) {
        (_, Some(_)) if !changed => To::Ignored,
        (_, Some(end)) => {
            assert_eq!(told.last(), Some(&Event::Ended(end)), "{call:?}");
            To::End(end)
        }
        (Some(Step::Send), None) => To::Send,
        (Some(Step::Wait(_) | Step::AwaitReply(_)), None) => To::State(column(&session)),
        (Some(Step::Over(_)), None) => panic!("over without an end: {call:?}"),
        (None, None) => {
            if changed {
                To::State(column(&session))
            } else {
                To::Ignored
            }
        }
    }
}

fn make(session: &mut Session, call: Call) -> Option<Step> {
    let (start, limit) = (session.now, session.schedule.limit());
    let (now, grace, nano) = (start + SECOND, limit + SECOND * 2, Duration::from_nanos(1));
    match call {
        Call::Sent => session.handle_sent(now),
        Call::Unfinished => session.handle_reply(now, &reply(State::Running, 1), None),
        Call::Counted => session.handle_reply(now, &reply(State::Running, 5), None),
        Call::Finished => session.handle_reply(now, &reply(State::Completed, 5), None),
        Call::FailedWord => session.handle_reply(now, &reply(State::Failed, 5), None),
        Call::Transient => session.handle_setback(now, setback(Failure::Transient)),
        Call::Throttled => session.handle_setback(now, setback(Failure::Throttled)),
        Call::Gone => session.handle_setback(now, setback(Failure::Gone)),
        Call::NotFound => session.handle_setback(now, setback(Failure::NotFound)),
        Call::Denied => session.handle_setback(now, setback(Failure::Denied)),
        Call::Rejected => session.handle_setback(now, setback(Failure::Rejected)),
        Call::Abandoned => session.handle_abandoned(now),
        Call::Closed => session.handle_closed(now),
        Call::HeldBriefly => session.hold_until(now, start + SECOND * 8),
        Call::HeldLong => session.hold_until(now, start + SECOND * 11),
        Call::HeldBeyond => session.hold_until(now, Tick::ZERO + SECOND * 7200),
        Call::StepEarly => return Some(session.step(now)),
        Call::StepDue => return Some(session.step(start + SECOND * 10)),
        Call::StepBeforeLimit => return Some(session.step(limit.before(nano))),
        Call::StepAtLimit => return Some(session.step(limit)),
        Call::StepBeforeGrace => return Some(session.step(grace.before(nano))),
        Call::StepAtGrace => return Some(session.step(grace)),
    }
    None
}

/// The session in a state, by the shortest way there; its clock stands at the last thing that happened.
fn led_to(from: From) -> Session {
    let mut session = Session::new(&LIFECYCLE, Options::new(SECOND * 60, 1), Tick::ZERO).expect("a sound lifecycle");
    go(&mut session, from);
    session
}

fn go(session: &mut Session, from: From) {
    let calls: &[Call] = match from {
        From::First => &[],
        From::Due => &[Call::Sent, Call::Unfinished],
        From::Settling => &[Call::Sent, Call::Counted],
        From::Flying => &[Call::Sent],
        From::Confirming => &[Call::Sent, Call::Counted, Call::Sent],
        From::Over => &[Call::Sent, Call::Finished],
    };
    for call in calls {
        make(session, *call);
    }
}

/// A place of the request that has no column here does not compile.
fn column(session: &Session) -> From {
    match (session.request, session.completion.is_settling(), session.end()) {
        (_, _, Some(_)) => From::Over,
        (Request::Due(_), true, None) => From::Settling,
        (Request::Due(_), false, None) if session.polls() == 0 => From::First,
        (Request::Due(_), false, None) => From::Due,
        (Request::InFlight { .. }, true, None) => From::Confirming,
        (Request::InFlight { .. }, false, None) => From::Flying,
    }
}

fn reply(state: State, processed: i64) -> Observation {
    let counters = Counters { total: 5, processed, successful: processed, failed: 0 };
    Observation { state, counters, delivered: u64::try_from(processed).ok(), mark: 0 }
}

/// Failures compared by a list, so that one that is added is asked for: its row is named like it.
fn setback(failure: Failure) -> Setback {
    match failure {
        Failure::Transient
        | Failure::Throttled
        | Failure::Gone
        | Failure::NotFound
        | Failure::Denied
        | Failure::Rejected => Setback { failure, retry_after: None },
    }
}
