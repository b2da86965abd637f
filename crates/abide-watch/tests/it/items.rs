//! Every item once, and every event of a reply before the sleep after it.

use abide_core::{Failure, State};
use abide_watch::Event;
use tokio::time::Instant;

use crate::scripted::{SECOND, Script, Scripted, completed, failed, running, status, word};

/// Runs a wait of at most a minute and compares all its events, each with the second in which it came.
async fn check(script: &[Scripted], expected: &[(u64, &str)]) {
    let start = Instant::now();
    let mut watch = Script::new(script).watch(SECOND * 60);
    let mut told = Vec::new();
    while let Some(event) = watch.next().await {
        told.push((start.elapsed().as_secs(), word(&event)));
    }
    let expected: Vec<_> = expected.iter().map(|(at, word)| (*at, (*word).to_owned())).collect();
    assert_eq!(told, expected);
    for _ in 0..3 {
        assert!(watch.next().await.is_none(), "an ended watch stays ended");
    }
}

const BY_STATUS: &str = "Completed { rule: Status }";

#[tokio::test(start_paused = true)]
async fn items_come_as_they_appear_and_before_the_sleep() {
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
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn reordered_repeated_and_missing_items_come_once() {
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
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn late_items_come_with_the_settling_poll() {
    let few = Scripted {
        answer: completed("abc").answer.map(|(seen, _)| (abide_core::Observation { delivered: Some(2), ..seen }, "ab")),
        ..completed("abc")
    };
    check(
        &[few, completed("abc")],
        &[(0, "completed"), (0, "3/3"), (0, "ab"), (0, "settling"), (2, "c"), (2, BY_STATUS)],
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_job_done_in_the_first_reply() {
    check(&[completed("ab")], &[(0, "completed"), (0, "2/2"), (0, "ab"), (0, BY_STATUS)]).await;
}

#[tokio::test(start_paused = true)]
async fn a_reset_and_an_unknown_word_are_sat_out() {
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
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_throttled_poll_waits_as_long_as_asked() {
    let throttled = Scripted { retry_after: Some(SECOND * 20), ..failed(Failure::Throttled) };
    let start = Instant::now();
    let mut watch = Script::new(&[throttled, completed("a")]).watch(SECOND * 60);
    let Some(Event::Retry { after, attempt: 1, .. }) = watch.next().await else { panic!("no retry") };
    assert!(start.elapsed().is_zero() && (SECOND * 20..=SECOND * 22).contains(&after));
    watch.next().await;
    assert!(start.elapsed() >= after);
}
