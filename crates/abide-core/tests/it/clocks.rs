//! Clocks that jump: what a session does when the driver's clock leaps a day ahead, or steps an hour back.

use std::time::Duration;

use abide_core::{End, GaveUp, Lifecycle, Options, Session, State, Step, Tick};

use crate::lifecycles::{CALMYX, HUM};
use crate::simulation::status;

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
const GAVE_UP: End = End::GaveUp(GaveUp::MaxWait);

/// Asks the session every 50 ms of true time, by a clock that shows `jump` more (or less) from the instant `when` on.
/// The answers come at once and change nothing. Expects the requests and the end at these true times, in milliseconds.
#[track_caller]
fn check(lifecycle: &Lifecycle, max_wait: Duration, (when, jump): (i64, i64), sends: &[i64], end: Option<(End, i64)>) {
    let shown = |time: i64| {
        let millis = if time >= when { time + jump } else { time };
        Tick::ZERO + Duration::from_millis(u64::try_from(DAY + millis).unwrap())
    };
    let mut session = Session::new(lifecycle, Options::new(max_wait, 1), shown(0)).unwrap();
    let mut sent = Vec::new();
    let mut over = None;
    for time in (0..2 * HOUR).step_by(50) {
        match session.step(shown(time)) {
            Step::Send => {
                sent.push(time);
                session.handle_sent(shown(time));
                session.handle_reply(shown(time), &status(State::Running, 1, 50), None);
            }
            Step::Wait(_) => {}
            Step::AwaitReply(_) => panic!("every answer has come"),
            Step::Over(end) => {
                over = Some((end, time));
                break;
            }
        }
    }
    assert_eq!((sent.as_slice(), over), (sends, end));
}

#[test]
fn a_steady_clock() {
    check(&HUM, Duration::from_mins(1), (0, 0), &[0, 2550, 7900, 19_400, 29_750], Some((GAVE_UP, 30_000)));
    check(
        &CALMYX,
        Duration::from_secs(40),
        (0, 0),
        &[0, 7550, 15_950, 25_350, 32_350, 39_350],
        Some((GAVE_UP, 40_000)),
    );
}

#[test]
fn a_day_ahead_ends_a_wait_that_is_shorter_without_a_request() {
    check(&HUM, Duration::from_mins(1), (5000, DAY), &[0, 2550], Some((GAVE_UP, 5000)));
}

#[test]
fn a_day_ahead_brings_one_request_and_no_burst() {
    let wait = Duration::from_hours(24) + Duration::from_secs(40);
    check(&CALMYX, wait, (10_000, DAY), &[0, 7550, 10_000, 19_400, 26_400, 33_400, 39_750], Some((GAVE_UP, 40_000)));
}

#[test]
fn a_day_ahead_while_a_request_is_due_brings_that_one_only() {
    let wait = Duration::from_hours(24) + Duration::from_secs(40);
    check(&CALMYX, wait, (7_550, DAY), &[0, 7550, 15_950, 25_350, 32_350, 39_350], Some((GAVE_UP, 40_000)));
}

#[test]
fn an_hour_back_stands_still_until_the_clock_has_caught_up() {
    // Nothing is sent twice, and nothing early: the hour passes, and the wait goes on where it was.
    check(
        &HUM,
        Duration::from_mins(1),
        (5000, -HOUR),
        &[0, 2550, 3_607_900, 3_619_400, 3_629_750],
        Some((GAVE_UP, 3_630_000)),
    );
    check(
        &CALMYX,
        Duration::from_secs(40),
        (10_000, -HOUR),
        &[0, 7550, 3_615_950, 3_625_350, 3_632_350, 3_639_350],
        Some((GAVE_UP, 3_640_000)),
    );
}
