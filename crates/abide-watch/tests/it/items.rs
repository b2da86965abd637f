//! Every item once, and every event of a reply before the sleep after it.

use abide_core::{Failure, State};
use abide_watch::Event;

use crate::scripted::{SECOND, Script, Scripted, completed, failed, running, status};

/// Runs a wait of at most a minute and compares all its events, each with the second in which it came.
fn check(script: &[Scripted], expected: &[(u64, &str)]) {
    let source = Script::new(script);
    let mut watch = source.watch(SECOND * 60);
    let told = source.told(&mut watch);
    let expected: Vec<_> = expected.iter().map(|(at, word)| (*at, (*word).to_owned())).collect();
    assert_eq!(told, expected);
    for _ in 0..3 {
        assert!(source.run(watch.next()).is_none(), "an ended watch stays ended");
    }
}

const BY_STATUS: &str = "Completed { rule: Status }";

#[test]
fn items_come_as_they_appear_and_before_the_sleep() {
    check(
        &[
            status(State::Queued, 3, ""),
            status(State::Running, 3, "a"),
            status(State::Running, 3, "ab"),
            completed("abc"),
        ],
        &[
            (0, "queued"),
            (0, "0/3"),
            (2, "running"),
            (2, "1/3"),
            (2, "a"),
            (4, "2/3"),
            (4, "b"),
            (6, "completed"),
            (6, "3/3"),
            (6, "c"),
            (6, BY_STATUS),
        ],
    );
}

#[test]
fn reordered_repeated_and_missing_items_come_once() {
    check(
        &[running("ab"), running("ba"), running("b"), running("cab"), status(State::Completed, 4, "acdb")],
        &[
            (0, "running"),
            (0, "2/5"),
            (0, "ab"),
            (4, "! The number of processed items fell from 2 to 1."),
            (4, "! The number of successful items fell from 2 to 1."),
            (4, "! The reply holds 1 items where an earlier one held 2."),
            (4, "1/5"),
            (6, "3/5"),
            (6, "c"),
            (8, "! The total changed from 5 to 4."),
            (8, "completed"),
            (8, "4/4"),
            (8, "d"),
            (8, BY_STATUS),
        ],
    );
}

#[test]
fn late_items_come_with_the_settling_poll() {
    let few = Scripted {
        answer: completed("abc").answer.map(|(seen, _)| (abide_core::Observation { delivered: Some(2), ..seen }, "ab")),
        ..completed("abc")
    };
    check(
        &[few, completed("abc")],
        &[(0, "completed"), (0, "3/3"), (0, "ab"), (0, "settling"), (2, "c"), (2, BY_STATUS)],
    );
}

#[test]
fn a_job_done_in_the_first_reply() {
    check(&[completed("ab")], &[(0, "completed"), (0, "2/2"), (0, "ab"), (0, BY_STATUS)]);
}

#[test]
fn a_reset_and_an_unknown_word_are_sat_out() {
    check(
        &[running("a"), failed(Failure::Transient).after(SECOND), status(State::Unknown, 5, "ab"), completed("abcde")],
        &[
            (0, "running"),
            (0, "1/5"),
            (0, "a"),
            (3, "retry 1 in 2s: a passing error; the script says: a passing error"),
            (5, "! The status is not one of the documented words."),
            (5, "unknown"),
            (5, "2/5"),
            (5, "b"),
            (7, "completed"),
            (7, "5/5"),
            (7, "cde"),
            (7, BY_STATUS),
        ],
    );
}

#[test]
fn a_throttled_poll_waits_as_long_as_asked() {
    let throttled = failed(Failure::Throttled).asking(SECOND * 20);
    let source = Script::new(&[throttled, completed("a")]);
    let mut watch = source.watch(SECOND * 60);
    let Some(Event::Retry { after, attempt: 1, .. }) = source.run(watch.next()) else { panic!("no retry") };
    assert!(source.elapsed().is_zero() && (SECOND * 20..=SECOND * 22).contains(&after));
    source.run(watch.next());
    assert!(source.elapsed() >= after);
}
