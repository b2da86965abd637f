//! Exact schedules, as lists of instants in milliseconds. The seed is fixed; the comments say what the numbers show.

use std::time::Duration;

use abide_core::{End, Failure, GaveUp, Lifecycle, Options, Rule, State, Tick};

use crate::simulation::{Answer, CALMYX, HUM, run, status};

const INSTANT: Duration = Duration::ZERO;
const GAVE_UP: End = End::GaveUp(GaveUp::MaxWait);

fn check(
    lifecycle: &Lifecycle,
    max_wait: u64,
    serve: impl FnMut(usize) -> (Duration, Answer),
    sends: &[u64],
    end: (End, u64),
) {
    let trace = run(lifecycle, Options::new(Duration::from_secs(max_wait), 1), Tick::ZERO, serve);
    let found = (trace.sends_in_millis(), trace.end, trace.ended_at.as_nanos() / 1_000_000);
    assert_eq!(found, (sends.to_vec(), end.0, end.1));
}

fn pending(processed: i64) -> Answer {
    Answer::Status(status(State::Running, processed, 50), None)
}

#[test]
fn steady_pace_while_nothing_changes() {
    // Calmyx: 5 to 10 s apart; the minute counts from the first request, and the last draw did not fit into it.
    check(
        &CALMYX,
        60,
        |_| (INSTANT, pending(1)),
        &[7549, 15_905, 25_275, 32_274, 39_273, 47_706, 56_654, 64_008],
        (GAVE_UP, 67_549),
    );
}

#[test]
fn growing_pace_while_nothing_changes() {
    // Hum: at once, 2 to 3 s, 4 to 6 s, 8 to 12 s, then the last poll 250 ms before the cap.
    check(&HUM, 30, |_| (INSTANT, pending(1)), &[0, 2509, 7852, 19_347, 29_750], (GAVE_UP, 30_000));
}

#[test]
fn a_change_brings_the_pace_back() {
    // The fourth reply is the change.
    let serve = |poll: usize| (INSTANT, pending(i64::from(poll >= 3)));
    check(&HUM, 30, serve, &[0, 2509, 7852, 19_347, 21_747, 26_547, 29_750], (GAVE_UP, 30_000));
}

#[test]
fn a_change_in_every_reply_keeps_the_pace() {
    let serve = |poll: usize| (INSTANT, pending(i64::try_from(poll).unwrap()));
    check(
        &HUM,
        30,
        serve,
        &[0, 2509, 5181, 8055, 10_454, 12_854, 15_541, 18_330, 20_801, 23_058, 25_773, 28_137],
        (GAVE_UP, 30_000),
    );
}

#[test]
fn a_documented_cap_binds_a_longer_wait() {
    check(&HUM, 3600, |_| (INSTANT, pending(1)), &[0, 2509, 7852, 19_347, 29_750], (GAVE_UP, 30_000));
}

#[test]
fn slow_replies_leave_the_gap_in_its_range() {
    // 5 s after a reply that took 9 s would be too late. The last reply does not come within the grace of 2 s.
    check(
        &CALMYX,
        60,
        |_| (Duration::from_secs(9), pending(1)),
        &[7549, 17_049, 26_549, 36_049, 45_549, 55_049, 64_549],
        (GAVE_UP, 69_549),
    );
}

#[test]
fn a_pause_that_the_server_names_is_kept() {
    let serve = |poll: usize| match poll {
        0 => (INSTANT, Answer::Setback(Failure::Throttled, Some(Duration::from_secs(20)))),
        _ => (INSTANT, Answer::Status(status(State::Completed, 50, 50), None)),
    };
    check(&CALMYX, 60, serve, &[7549, 29_041], (End::Completed { rule: Rule::Status }, 29_041));
}

#[test]
fn throttling_without_a_time_doubles() {
    // 5 s, 10 s, 20 s and a little more each time.
    let serve = |_| (INSTANT, Answer::Setback(Failure::Throttled, None));
    check(&CALMYX, 60, serve, &[7549, 12_922, 23_893, 44_782], (GAVE_UP, 67_549));
}

#[test]
fn errors_back_off_until_they_run_out() {
    // Two short draws are lifted to the pace's 2 s; the fourth error before any reply is one too many.
    let serve = |_| (INSTANT, Answer::Setback(Failure::Transient, None));
    check(&HUM, 30, serve, &[0, 2000, 4000, 7884], (End::GaveUp(GaveUp::TooManyErrors(4)), 7884));
}

#[test]
fn a_settling_poll_keeps_the_pace() {
    let serve = |_| (INSTANT, Answer::Status(status(State::Running, 50, 50), None));
    check(&CALMYX, 60, serve, &[7549, 15_905], (End::Completed { rule: Rule::Count }, 15_905));
}
