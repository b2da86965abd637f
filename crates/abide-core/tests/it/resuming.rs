//! A wait that is taken down as data goes on as if nothing had happened.

use std::time::Duration;

use abide_core::{
    Deadline, End, Event, Failure, GaveUp, LifecycleError, Observation, Options, Session, Setback, Snapshot, Standing,
    State, Step, Tick, Why, Window,
};
use proptest::prelude::*;

use crate::arbitrary::{lifecycle, span};
use crate::lifecycles::{CALMYX, HUM};
use crate::properties::answer;
use crate::simulation::{run, run_and, status};

const SECOND: Duration = Duration::from_secs(1);

fn at(millis: u64) -> Tick {
    Tick::ZERO + Duration::from_millis(millis)
}

fn options() -> Options {
    Options::new(SECOND * 600, 3)
}

/// A Hum wait that has sent one request at zero and got `reply` a moment later.
pub(crate) fn after_one(reply: Result<Observation, Setback>, retry_after: Option<Duration>) -> Session {
    let mut session = Session::new(&HUM, options(), Tick::ZERO).expect("a sound lifecycle");
    assert_eq!(session.step(Tick::ZERO), Step::Send);
    session.handle_sent(Tick::ZERO);
    match reply {
        Ok(observation) => session.handle_reply(at(100), &observation, retry_after),
        Err(setback) => session.handle_setback(at(100), setback),
    }
    session
}

pub(crate) fn running() -> Observation {
    status(State::Running, 0, 2)
}

fn resumed(kept: &Snapshot) -> Session {
    Session::resume(&HUM, options(), kept).expect("a sound lifecycle")
}

proptest! {
    #[test]
    fn a_wait_that_sleeps_as_data_leaves_the_same_trace(
        lifecycle in lifecycle(),
        seed: u64,
        longest in 0_u64..120_000,
        answers in prop::collection::vec((span(), answer()), 1..30),
    ) {
        let options = Options { max_not_found_before_first_reply: 2, ..Options::new(Duration::from_millis(longest), seed) };
        let serve = |poll: usize| answers[poll % answers.len()];
        let through = run(&lifecycle, options, at(5), serve);
        let asleep = run_and(&lifecycle, options, at(5), serve, |session| {
            *session = Session::resume(&lifecycle, options, &session.snapshot(Tick::ZERO)).unwrap();
        });
        prop_assert_eq!(through, asleep);
    }

    #[test]
    fn a_damaged_wait_is_refused_or_goes_on_at_its_pace(
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        asked in prop::option::of(span()),
    ) {
        let mut bytes = Vec::new();
        after_one(Ok(running()), asked).snapshot(at(100)).pack(&mut bytes);
        for (index, flip) in flips {
            let place = index.index(bytes.len());
            bytes[place] ^= flip;
        }
        if let Ok(kept) = Snapshot::unpack(&mut bytes.as_slice()) {
            let (mut session, mut now, mut sent) = (resumed(&kept), kept.at, Vec::new());
            while sent.len() < 9 {
                match session.step(now) {
                    Step::Send => {
                        sent.push(now);
                        session.handle_sent(now);
                        session.handle_reply(now, &running(), None);
                    }
                    Step::Wait(deadline) => {
                        prop_assert!(deadline.at > now);
                        now = deadline.at;
                    }
                    Step::AwaitReply(_) => prop_assert!(false, "every answer has come"),
                    Step::Over(_) => break,
                }
            }
            for pair in sent.windows(2) {
                prop_assert!(pair[1].since(pair[0]) >= HUM.interval.min, "{:?}", sent);
            }
        }
    }

    #[test]
    fn moving_there_and_back_changes_nothing(from in 1_u64 << 40..1 << 60, to in 1_u64 << 40..1 << 60) {
        let kept = after_one(Ok(running()), None).snapshot(Tick::ZERO);
        let kept = kept.moved(Tick::from_nanos(from), Duration::ZERO);
        let back = kept.moved(Tick::from_nanos(to), Duration::ZERO).moved(kept.at, Duration::ZERO);
        prop_assert_eq!(back, kept);
    }
}

#[test]
fn a_final_end_stays_the_end() {
    let gone = Err(Setback { failure: Failure::Gone, retry_after: None });
    let mut session = after_one(gone, None);
    assert_eq!(session.step(at(200)), Step::Over(End::Gone));
    let mut session = resumed(&session.snapshot(at(200)).moved(at(0), SECOND * 3600));
    assert_eq!(session.step(at(50)), Step::Over(End::Gone));

    let mut closed = after_one(Ok(running()), None);
    closed.handle_closed(at(200));
    assert_eq!(resumed(&closed.snapshot(at(200))).end(), Some(End::Closed));
}

#[test]
fn a_wait_that_was_given_up_begins_another_one() {
    let trouble = Setback { failure: Failure::Denied, retry_after: None };
    let session = after_one(Err(trouble), None);
    assert_eq!(session.end(), Some(End::Refused(Failure::Denied)));
    let mut session = resumed(&session.snapshot(at(100)));
    assert_eq!(session.end(), None);
    let Step::Wait(deadline) = session.step(at(100)) else { panic!("the gap must be kept") };
    assert_eq!((deadline.at, deadline.why), (at(2000), Why::Pace));
    assert_eq!(session.step(at(2000)), Step::Send);
    session.handle_sent(at(2000));
    assert_eq!(session.limit(), at(32_000));
    assert_eq!(session.polls(), 2);
}

#[test]
fn a_pause_that_the_server_asked_for_is_kept_by_the_next_wait() {
    // Longer than the first wait, at the end of it, or with an answer that ends it.
    let asked = Some(SECOND * 40);
    for (reply, retry_after) in [
        (Err(Setback { failure: Failure::Throttled, retry_after: asked }), None),
        (Err(Setback { failure: Failure::Denied, retry_after: asked }), None),
        (Err(Setback { failure: Failure::NotFound, retry_after: asked }), None),
        (Ok(running()), asked),
    ] {
        let session = after_one(reply, retry_after);
        assert!(session.end().is_some_and(|end| !end.is_final()), "{:?}", session.end());
        let kept = session.snapshot(at(15_000));
        let Step::Wait(deadline) = resumed(&kept).step(at(15_000)) else { panic!("the server asked for 40 s") };
        assert!(deadline.at >= at(40_100) && deadline.at <= at(44_100), "{deadline:?}");
    }
}

#[test]
fn a_pause_that_is_shorter_than_the_gap_does_not_shorten_it() {
    let refused = Err(Setback { failure: Failure::Denied, retry_after: Some(Duration::ZERO) });
    let mut session = resumed(&after_one(refused, None).snapshot(at(100)));
    assert_eq!(session.step(at(100)), Step::Wait(Deadline { at: at(2100), why: Why::Pace }));
}

#[test]
fn a_pause_that_the_next_wait_is_too_short_for_does_not_make_it_longer() {
    let session = after_one(Ok(running()), Some(SECOND * 3000));
    let mut session = resumed(&session.snapshot(at(200)));
    assert_eq!(session.step(at(200)), Step::Wait(Deadline { at: at(30_200), why: Why::MaxWait }));
    assert_eq!(session.step(at(30_200)), Step::Over(End::GaveUp(GaveUp::MaxWait)));
    // And it is still known then.
    let kept = session.snapshot(at(30_200));
    assert!(kept.due.at >= at(3_000_100), "{kept:?}");
}

#[test]
fn a_wait_that_has_no_room_left_sleeps_until_its_limit_and_not_longer() {
    for (sent, received) in [(29_000, 29_100), (25_000, 27_990)] {
        let mut session = after_one(Ok(running()), None);
        session.handle_sent(at(sent));
        session.handle_setback(at(received), Setback { failure: Failure::Throttled, retry_after: None });
        let over = Step::Wait(Deadline { at: at(30_000), why: Why::MaxWait });
        assert_eq!(session.step(at(received)), over);
        let mut session = resumed(&session.snapshot(at(received)));
        assert_eq!(session.step(at(received)), over);
        assert_eq!(session.step(at(29_999)), over);
        assert_eq!(session.step(at(30_000)), Step::Over(End::GaveUp(GaveUp::MaxWait)));
    }
}

#[test]
fn a_request_that_was_dropped_at_the_end_leaves_its_gap_to_the_next_wait() {
    // Dropped by the driver, and by the end of the wait.
    for dropped in [true, false] {
        let mut session = after_one(Ok(running()), None);
        session.handle_sent(at(29_500));
        if dropped {
            session.handle_abandoned(at(29_600));
        }
        assert_eq!(session.step(at(32_000)), Step::Over(End::GaveUp(GaveUp::MaxWait)));
        assert_eq!(session.snapshot(at(30_000)).due.at, at(31_500), "{dropped}");
    }
}

#[test]
fn what_a_wait_learnt_of_the_server_outlives_it_and_its_errors_do_not() {
    let mut session = after_one(Ok(running()), None);
    let mut now = at(100);
    while session.end().is_none() {
        match session.step(now) {
            Step::Send => {
                session.handle_sent(now);
                session.handle_setback(now, Setback { failure: Failure::Transient, retry_after: None });
            }
            Step::Wait(deadline) => now = deadline.at,
            Step::Over(_) => break,
            Step::AwaitReply(_) => panic!("answered at once"),
        }
    }
    let over = session.snapshot(now);
    let again = resumed(&over).snapshot(now);
    assert!(over.replied && over.errors > 0 && over.budget.tenths() < 100, "{over:?}");
    let expected = Snapshot {
        standing: Standing::Open,
        errors: 0,
        due: Deadline { why: Why::Pace, ..over.due },
        limit: now + SECOND * 30,
        begun: false,
        ..over
    };
    assert_eq!(again, expected);
}

#[test]
fn instants_that_leave_the_clock_stop_at_its_ends() {
    let kept = after_one(Ok(running()), None).snapshot(at(100)).moved(at(1_000_000), Duration::ZERO);
    let (first, last) = (Tick::ZERO, Tick::from_nanos(u64::MAX));
    let before = kept.moved(first, SECOND * 60);
    assert_eq!((before.at, before.due.at, before.limit, before.seen), (first, first, first, None));
    let after = kept.moved(last, Duration::ZERO);
    assert_eq!((after.at, after.due.at, after.limit), (last, last, last));
    assert_eq!(after.seen.map(|seen| last.since(seen)), Some(SECOND / 10), "it lies in the past");
    let Window::Until(until) = after.window else { panic!("a window") };
    assert_eq!(until, last);
}

#[test]
fn a_limit_that_passed_meanwhile_begins_another_wait() {
    let kept = after_one(Ok(running()), None).snapshot(at(100));
    assert_eq!(kept.limit, at(30_000));
    let later = kept.moved(at(7), SECOND * 3600);
    let mut session = resumed(&later);
    assert_eq!(session.step(at(7)), Step::Send);
    session.handle_sent(at(7));
    assert_eq!(session.limit(), at(30_007));
    let told = std::iter::from_fn(|| session.poll_event()).collect::<Vec<_>>();
    assert!(matches!(told.as_slice(), [Event::Overdue { .. }]), "{told:?}");
}

#[test]
fn a_request_in_flight_counts_as_dropped() {
    let mut session = Session::new(&CALMYX, options(), Tick::ZERO).unwrap();
    assert_eq!(session.step(Tick::ZERO), Step::Send);
    session.handle_sent(Tick::ZERO);
    for (now, due) in [(0, 5000), (4999, 5000), (5001, 5001)] {
        let kept = session.snapshot(at(now));
        assert_eq!((kept.due.at, kept.standing, kept.polls), (at(due), Standing::Open, 1));
    }
}

#[test]
fn a_lifecycle_that_contradicts_itself_is_refused() {
    let kept = after_one(Ok(running()), None).snapshot(at(100));
    let broken = abide_core::Lifecycle { cap: Some(Duration::ZERO), ..HUM };
    assert_eq!(Session::resume(&broken, options(), &kept).unwrap_err(), LifecycleError::ZeroCap);
}

#[test]
fn a_hold_moves_the_next_request_and_never_the_limit() {
    for (until, expected, why) in [
        (at(0), None, Why::Unchanged),
        (at(9_000), Some(at(9_000)), Why::Held),
        (at(40_000), Some(at(30_000)), Why::MaxWait),
    ] {
        let mut session = after_one(Ok(running()), None);
        let Step::Wait(before) = session.step(at(100)) else { panic!("a pause") };
        session.hold_until(at(100), until);
        let Step::Wait(after) = session.step(at(100)) else { panic!("a pause") };
        let why = if expected.is_some() { why } else { before.why };
        assert_eq!((after.at, after.why), (expected.unwrap_or(before.at), why), "{until:?}");
    }
    let mut session = after_one(Ok(running()), None);
    session.hold_until(at(100), at(40_000));
    assert_eq!(session.step(at(30_000)), Step::Over(End::GaveUp(GaveUp::MaxWait)));
}
