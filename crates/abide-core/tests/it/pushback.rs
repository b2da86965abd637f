//! Exact schedules of a wait that meets errors, 429, 503 and `Retry-After`, as lists of instants in milliseconds.

use std::time::Duration;

use abide_core::{End, Failure, GaveUp, Interval, Lifecycle, Options, State, Tick};

use crate::lifecycles::{CALMYX, HUM};
use crate::simulation::{Answer, run, status};

const SECOND: Duration = Duration::from_secs(1);
const GAVE_UP: End = End::GaveUp(GaveUp::MaxWait);
/// Four before the first reply.
const TOO_MANY: End = End::GaveUp(GaveUp::TooManyErrors(4));
const UNFINISHED: Answer = replied(None);

/// One wait with instant answers; once they run out the server keeps repeating the last.
#[track_caller]
fn check(lifecycle: &Lifecycle, options: Options, answers: &[Answer], sends: &[u64], end: (End, u64)) {
    let serve = |poll: usize| (Duration::ZERO, answers[poll.min(answers.len() - 1)]);
    let trace = run(lifecycle, options, Tick::ZERO, serve);
    let found = (trace.sends_in_millis(), trace.end, trace.ended_at.as_nanos() / 1_000_000);
    assert_eq!(found, (sends.to_vec(), end.0, end.1), "{answers:?}");
}

fn wait(secs: u32) -> Options {
    Options::new(SECOND * secs, 1)
}

const fn replied(asked: Option<Duration>) -> Answer {
    Answer::Status(status(State::Running, 1, 50), asked)
}

/// 429, or 503 with `Retry-After`.
const fn pushed(asked: Option<Duration>) -> Answer {
    Answer::Setback(Failure::Throttled, asked)
}

/// Any other passing error, 503 without `Retry-After` among them.
const fn failed(asked: Option<Duration>) -> Answer {
    Answer::Setback(Failure::Transient, asked)
}

const fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

const fn too_long(asked: Duration) -> End {
    End::GaveUp(GaveUp::RetryAfterTooLong(asked))
}

#[test]
fn a_pause_that_the_server_names_is_kept_on_every_status() {
    // 20 s and at most a tenth more, instead of 5 to 10 s.
    check(
        &CALMYX,
        wait(45),
        &[replied(Some(secs(20))), UNFINISHED],
        &[0, 21_491, 30_861, 37_860, 44_750],
        (GAVE_UP, 45_000),
    );
    check(
        &CALMYX,
        wait(45),
        &[pushed(Some(secs(20))), UNFINISHED],
        &[0, 21_133, 29_489, 38_858, 44_750],
        (GAVE_UP, 45_000),
    );
    check(
        &CALMYX,
        wait(45),
        &[failed(Some(secs(20))), UNFINISHED],
        &[0, 21_491, 30_861, 37_860, 44_750],
        (GAVE_UP, 45_000),
    );
}

#[test]
fn a_pause_shorter_than_the_pace_changes_nothing() {
    check(&CALMYX, wait(30), &[UNFINISHED], &[0, 7549, 15_905, 25_275], (GAVE_UP, 30_000));
    // One draw more is made for the spread of the pause, which shifts the later ones.
    check(
        &CALMYX,
        wait(30),
        &[replied(Some(secs(0))), UNFINISHED],
        &[0, 7549, 16_919, 23_918, 29_750],
        (GAVE_UP, 30_000),
    );
    check(
        &CALMYX,
        wait(30),
        &[replied(Some(secs(4))), UNFINISHED],
        &[0, 7549, 16_919, 23_918, 29_750],
        (GAVE_UP, 30_000),
    );
}

#[test]
fn a_pause_of_zero_still_leaves_the_gap() {
    check(&HUM, wait(8), &[pushed(Some(secs(0)))], &[0, 2000, 4000, 6000], (GAVE_UP, 8000));
    check(&CALMYX, wait(30), &[pushed(Some(secs(0)))], &[0, 5000, 10_000, 15_000], (GAVE_UP, 30_000));
    check(&HUM, wait(10), &[failed(Some(secs(0)))], &[0, 2000, 4000, 6000], (TOO_MANY, 6000));
}

#[test]
fn a_pause_that_is_too_short_again_and_again_is_no_longer_believed() {
    // Three times as the server says; then the doubling that it did without: 16 s, 32 s, 60 s and no more than that.
    let uncapped = Lifecycle { cap: None, ..HUM };
    for asked in [secs(0), secs(1)] {
        check(
            &uncapped,
            wait(200),
            &[pushed(Some(asked))],
            &[0, 2000, 4000, 6000, 22_710, 57_152, 119_767, 183_737],
            (GAVE_UP, 200_000),
        );
    }
    // A pause that is longer than the doubling stays as it is.
    check(
        &uncapped,
        wait(200),
        &[pushed(Some(secs(30)))],
        &[0, 31_699, 63_937, 96_850, 128_182, 162_624],
        (GAVE_UP, 200_000),
    );
    // Any reply earns trust again.
    let answers =
        [pushed(Some(secs(1))), pushed(Some(secs(1))), pushed(Some(secs(1))), UNFINISHED, pushed(Some(secs(1)))];
    check(
        &uncapped,
        wait(60),
        &answers,
        &[0, 2000, 4000, 6000, 8399, 10_399, 12_399, 14_399, 31_236],
        (GAVE_UP, 60_000),
    );
}

#[test]
fn a_pause_that_is_named_in_the_last_gap_is_not_blamed_for_the_end() {
    for answer in [pushed(Some(secs(0))), failed(Some(secs(3))), replied(Some(secs(1)))] {
        check(&HUM, wait(2), &[answer], &[0], (GAVE_UP, 2000));
    }
}

#[test]
fn an_enormous_pause_is_not_sat_out() {
    for asked in [Duration::from_secs(3601), Duration::from_secs(1_000_000_000_000), Duration::MAX] {
        check(&CALMYX, wait(86_400), &[pushed(Some(asked))], &[0], (too_long(asked), 0));
        check(&CALMYX, wait(86_400), &[failed(Some(asked))], &[0], (too_long(asked), 0));
        check(&CALMYX, wait(86_400), &[replied(Some(asked))], &[0], (too_long(asked), 0));
        // Nor where it would outlast the wait anyway.
        check(&CALMYX, wait(60), &[replied(Some(asked))], &[0], (too_long(asked), 0));
    }
    // The longest that is sat out.
    check(
        &CALMYX,
        wait(3620),
        &[pushed(Some(secs(3600))), UNFINISHED],
        &[0, 3_602_832, 3_611_188, 3_619_750],
        (GAVE_UP, 3_620_000),
    );
}

#[test]
fn a_pause_longer_than_the_time_left_ends_the_wait_at_once() {
    check(&HUM, wait(30), &[UNFINISHED, pushed(Some(secs(28)))], &[0, 2509], (too_long(SECOND * 28), 2509));
    check(&HUM, wait(30), &[UNFINISHED, failed(Some(secs(28)))], &[0, 2509], (too_long(SECOND * 28), 2509));
    check(&HUM, wait(30), &[UNFINISHED, replied(Some(secs(28)))], &[0, 2509], (too_long(SECOND * 28), 2509));
}

#[test]
fn a_pause_that_just_fits_is_not_stretched_beyond_the_last_instant() {
    // From 0 to 29.75 s exactly, and a nanosecond more.
    let fits = Duration::from_millis(29_750);
    for answer in [pushed(Some(fits)), failed(Some(fits)), replied(Some(fits))] {
        check(&HUM, wait(30), &[answer, UNFINISHED], &[0, 29_750], (GAVE_UP, 30_000));
    }
    let over = fits + Duration::from_nanos(1);
    for answer in [pushed(Some(over)), failed(Some(over)), replied(Some(over))] {
        check(&HUM, wait(30), &[answer], &[0], (too_long(over), 0));
    }
}

#[test]
fn pushing_back_without_a_time_doubles() {
    // 2 s, 4 s, 8 s and a tenth more at most; 16 s does not fit.
    check(&HUM, wait(30), &[pushed(None)], &[0, 2113, 6411, 15_188], (GAVE_UP, 30_000));
    // 5 s, 10 s, 20 s.
    check(&CALMYX, wait(60), &[pushed(None)], &[0, 5283, 16_029, 37_971], (GAVE_UP, 60_000));
}

#[test]
fn pushing_back_never_runs_out_and_stops_growing() {
    let patient = Options { retry_after_ceiling: SECOND * 30, ..wait(200) };
    check(
        &CALMYX,
        patient,
        &[pushed(None)],
        &[0, 5283, 16_029, 37_971, 69_304, 100_636, 132_925, 165_557, 197_126],
        (GAVE_UP, 200_000),
    );
}

#[test]
fn a_reply_ends_the_doubling() {
    check(
        &CALMYX,
        wait(60),
        &[pushed(None), pushed(None), UNFINISHED, pushed(None)],
        &[0, 5283, 16_029, 25_398, 30_620, 41_065],
        (GAVE_UP, 60_000),
    );
}

#[test]
fn errors_have_a_pace_of_their_own() {
    // The interval has grown to 8 s and more; an error is tried again after 2 s, and the grown interval goes on after it.
    let answers = [UNFINISHED, UNFINISHED, UNFINISHED, failed(None), UNFINISHED];
    let uncapped = Lifecycle { cap: None, ..HUM };
    check(&uncapped, wait(60), &answers, &[0, 2509, 7852, 19_347, 21_347, 40_546, 59_750], (GAVE_UP, 60_000));
}

#[test]
fn errors_before_any_reply_run_out_sooner() {
    check(&HUM, wait(30), &[failed(None)], &[0, 2000, 4000, 7884], (TOO_MANY, 7884));
    check(&CALMYX, wait(60), &[failed(None)], &[0, 5000, 10_000, 15_000], (TOO_MANY, 15_000));
}

#[test]
fn errors_after_a_reply_grow_to_their_bound_and_run_out() {
    // Full jitter below 1 s, 2 s, 4 s ... 60 s, lifted to the 5 s of the pace.
    check(
        &CALMYX,
        wait(3600),
        &[UNFINISHED, failed(None)],
        &[0, 7549, 12_549, 17_549, 22_549, 27_549, 39_755, 67_830, 99_215, 116_345],
        (End::GaveUp(GaveUp::TooManyErrors(9)), 116_345),
    );
}

#[test]
fn backoff_of_nothing_is_lifted_to_the_gap() {
    let eager = Options {
        error_backoff: Interval { min: Duration::ZERO, max: Duration::ZERO },
        retry_after_ceiling: Duration::ZERO,
        ..wait(10)
    };
    check(&HUM, eager, &[UNFINISHED, failed(None)], &[0, 2509, 4509, 6509, 8509], (GAVE_UP, 10_000));
    check(&HUM, eager, &[pushed(None)], &[0, 2113, 4262, 6456, 8545], (GAVE_UP, 10_000));
}

#[test]
fn no_errors_are_borne_where_none_are_allowed() {
    let strict = Options { max_consecutive_errors: 0, ..wait(30) };
    check(&HUM, strict, &[failed(None)], &[0], (End::GaveUp(GaveUp::TooManyErrors(1)), 0));
    check(&HUM, strict, &[UNFINISHED, failed(None)], &[0, 2509], (End::GaveUp(GaveUp::TooManyErrors(1)), 2509));
}

#[test]
fn dropped_requests_keep_the_gap_and_count_as_nothing() {
    check(&HUM, wait(10), &[Answer::Abandoned], &[0, 2000, 4000, 6000, 8000], (GAVE_UP, 10_000));
}
