//! Exact schedules of a wait that nothing disturbs, as lists of instants in milliseconds.
//!
//! The seed is fixed; the comments say what the numbers show.

use std::num::NonZeroU32;
use std::time::Duration;

use abide_core::{End, FirstPoll, GaveUp, Lifecycle, Options, Rule, State, Tick};

use crate::lifecycles::{CALMYX, HUM};
use crate::simulation::{Answer, run, status};

const INSTANT: Duration = Duration::ZERO;
const SECOND: Duration = Duration::from_secs(1);
const GAVE_UP: End = End::GaveUp(GaveUp::MaxWait);

#[track_caller]
fn check(
    lifecycle: &Lifecycle,
    options: Options,
    serve: impl FnMut(usize) -> (Duration, Answer),
    sends: &[u64],
    end: (End, u64),
) {
    let trace = run(lifecycle, options, Tick::ZERO, serve);
    let found = (trace.sends_in_millis(), trace.end, trace.ended_at.as_nanos() / 1_000_000);
    assert_eq!(found, (sends.to_vec(), end.0, end.1));
}

fn wait(secs: u64) -> Options {
    Options::new(SECOND * u32::try_from(secs).unwrap(), 1)
}

fn pending(processed: i64) -> Answer {
    Answer::Status(status(State::Running, processed, 50), None)
}

fn unchanged(_: usize) -> (Duration, Answer) {
    (INSTANT, pending(1))
}

#[test]
fn the_first_request_goes_out_at_once() {
    let done = |_| (INSTANT, Answer::Status(status(State::Completed, 2, 2), None));
    check(&CALMYX, wait(60), done, &[0], (End::Completed { rule: Rule::Status }, 0));
    check(&HUM, wait(30), done, &[0], (End::Completed { rule: Rule::Count }, 0));
}

#[test]
fn the_first_request_waits_where_the_document_says_so() {
    // The minute counts from the first request, not from the creation.
    let patient = Lifecycle { first_poll: FirstPoll::AfterInterval, ..CALMYX };
    check(
        &patient,
        wait(60),
        unchanged,
        &[7549, 15_905, 25_275, 32_274, 39_273, 47_706, 56_654, 64_008],
        (GAVE_UP, 67_549),
    );
}

#[test]
fn a_first_request_that_would_come_too_late_is_drawn_back() {
    // Until it goes out the wait counts from the creation: 5 s is the least, 7.549 s the draw, 5.75 s the latest. Then it
    // counts from that request. Within 5 s there is no room at all.
    let patient = Lifecycle { first_poll: FirstPoll::AfterInterval, ..CALMYX };
    check(&patient, wait(6), unchanged, &[5750, 11_500], (GAVE_UP, 11_750));
    check(&patient, wait(5), unchanged, &[], (GAVE_UP, 5000));
}

#[test]
fn a_steady_pace_while_nothing_changes() {
    // Calmyx: 5 to 9.5 s apart, whatever the seed; the last tenth of the interval is head room for late timers.
    check(&CALMYX, wait(60), unchanged, &[0, 7549, 15_905, 25_275, 32_274, 39_273, 47_706, 56_654], (GAVE_UP, 60_000));
    check(
        &CALMYX,
        Options::new(SECOND * 60, 2),
        unchanged,
        &[0, 7660, 16_031, 23_711, 32_156, 38_558, 45_118, 53_386, 59_750],
        (GAVE_UP, 60_000),
    );
}

#[test]
fn a_growing_pace_while_nothing_changes() {
    // Hum: 2 to 3 s, 4 to 6 s, 8 to 12 s, then the last request 250 ms before the cap.
    check(&HUM, wait(30), unchanged, &[0, 2509, 7852, 19_347, 29_750], (GAVE_UP, 30_000));
}

#[test]
fn growth_ends_at_its_own_limit() {
    let uncapped = Lifecycle { cap: None, ..HUM };
    check(
        &uncapped,
        wait(120),
        unchanged,
        &[0, 2509, 7852, 19_347, 38_547, 68_547, 98_547, 119_750],
        (GAVE_UP, 120_000),
    );
}

#[test]
fn a_change_brings_the_pace_back() {
    // The fourth reply is the change.
    let serve = |poll: usize| (INSTANT, pending(i64::from(poll >= 3)));
    check(&HUM, wait(30), serve, &[0, 2509, 7852, 19_347, 21_747, 26_547, 29_750], (GAVE_UP, 30_000));
}

#[test]
fn a_change_in_every_reply_keeps_the_pace() {
    let serve = |poll: usize| (INSTANT, pending(i64::try_from(poll).unwrap()));
    check(
        &HUM,
        wait(30),
        serve,
        &[0, 2509, 5181, 8055, 10_454, 12_854, 15_541, 18_330, 20_801, 23_058, 25_773, 28_137],
        (GAVE_UP, 30_000),
    );
}

#[test]
fn a_documented_cap_binds_a_longer_wait() {
    check(&HUM, wait(3600), unchanged, &[0, 2509, 7852, 19_347, 29_750], (GAVE_UP, 30_000));
}

#[test]
fn a_shorter_wait_binds_the_documented_cap() {
    // The draw of 7.852 s is too late: it is moved to a quarter of a second before the end.
    check(&HUM, wait(8), unchanged, &[0, 2509, 7750], (GAVE_UP, 8000));
    check(&HUM, wait(7), unchanged, &[0, 2509, 6750], (GAVE_UP, 7000));
}

#[test]
fn a_last_request_that_would_break_the_gap_is_not_made() {
    // After the request at 2.509 s none is allowed before 4.509 s. The latest instant is 4.5 s, then 4.51 s.
    check(&HUM, Options::new(Duration::from_millis(4750), 1), unchanged, &[0, 2509], (GAVE_UP, 4750));
    check(&HUM, Options::new(Duration::from_millis(4760), 1), unchanged, &[0, 2509, 4510], (GAVE_UP, 4760));
}

#[test]
fn a_wait_without_room_for_a_second_request() {
    check(&HUM, wait(2), unchanged, &[0], (GAVE_UP, 2000));
    check(&CALMYX, wait(1), unchanged, &[0], (GAVE_UP, 1000));
    check(&HUM, wait(0), unchanged, &[], (GAVE_UP, 0));
}

#[test]
fn the_margin_before_the_end_shrinks_with_the_wait() {
    // A hundred times faster: the wait lasts 300 ms, and the last request comes a tenth of it before the end.
    let fast = HUM.sped_up(NonZeroU32::new(100).unwrap());
    check(&fast, wait(30), unchanged, &[0, 25, 78, 193, 270], (GAVE_UP, 300));
}

#[test]
fn slow_replies_leave_the_gap_in_its_range() {
    // 5 s after a reply that took 9 s would be too late. The last reply does not come within the grace of 2 s.
    let serve = |_| (SECOND * 9, pending(1));
    check(&CALMYX, wait(60), serve, &[0, 9500, 19_000, 28_500, 38_000, 47_500, 57_000], (GAVE_UP, 62_000));
}

#[test]
fn replies_slower_than_the_interval_are_followed_at_once() {
    let serve = |_| (SECOND * 12, pending(1));
    check(&CALMYX, wait(60), serve, &[0, 12_000, 24_000, 36_000, 48_000], (GAVE_UP, 60_000));
}

#[test]
fn a_reply_moves_the_gap_to_its_own_arrival() {
    // 2 s after a reply that took 600 ms is later than a short draw, and within 3 s of its request.
    let serve = |poll: usize| (Duration::from_millis(600), pending(i64::try_from(poll).unwrap()));
    check(&HUM, wait(15), serve, &[0, 2600, 5271, 8145, 10_745, 13_345], (GAVE_UP, 15_000));
}

#[test]
fn a_confirming_request_keeps_the_pace() {
    let serve = |_| (INSTANT, Answer::Status(status(State::Running, 50, 50), None));
    check(&CALMYX, wait(60), serve, &[0, 7549], (End::Completed { rule: Rule::Count }, 7549));
}

#[test]
fn a_confirming_request_comes_before_the_end_or_not_at_all() {
    let serve = |_| (INSTANT, Answer::Status(status(State::Running, 50, 50), None));
    let count = End::Completed { rule: Rule::Count };
    check(&CALMYX, wait(6), serve, &[0, 5750], (count, 5750));
    check(&CALMYX, wait(5), serve, &[0], (count, 0));
}

#[test]
fn the_start_of_the_clock_shifts_every_instant_and_nothing_else() {
    let at = |start: Tick| {
        let trace = run(&HUM, wait(30), start, unchanged);
        trace.sends.iter().map(|sent| sent.since(start)).collect::<Vec<_>>()
    };
    assert_eq!(at(Tick::ZERO), at(Tick::from_nanos(1 << 60)));
}
