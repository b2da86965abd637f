//! The traps that other clients of such APIs fell into, each a whole wait in virtual time.
//!
//! | trap | test |
//! |---|---|
//! | a poll cancelled in the middle ends the wait | [`cancelled_mid_poll_then_polled_again`] |
//! | the stream, unlike the future, does not pace itself | [`a_stream_consumed_without_sleeping`] |
//! | the limit counts only on the way out | [`a_limit_while_always_in_progress`] |
//! | the limit reads another clock than the sleep | [`a_deadline_under_virtual_time`] |
//! | a failed session loses what it said | [`failed_keeps_its_body`] |
//! | an item waits for the pause that follows it | [`an_item_comes_before_the_delay`] |
//! | one broken connection ends the wait | [`one_reset_mid_poll`]; on a socket: `waits.rs` in `tests/e2e` |
//! | an unknown word is asked about without a pause, or is fatal | [`an_unknown_status_with_no_delay`] |
//! | a final reply just after the limit is thrown away | [`a_terminal_reply_just_after_the_deadline`] |
//! | a pause shrinks to nothing as the limit comes near | [`no_zero_delay_near_the_deadline`] |
//! | jitter is added above the cap | [`no_jitter_above_the_cap`] |
//! | `Retry-After` beyond what is left | [`a_retry_after_larger_than_the_remaining_time`] |
//! | `Retry-After` on the first reply only | [`a_retry_after_on_the_first_reply_only`] |
//! | `Retry-After` as a date | `waits.rs` in `tests/e2e` |
//! | `Retry-After: 0` | [`a_retry_after_of_zero`] |
//! | the first hint sticks | [`a_hint_that_changes_between_replies`] |
//! | all counted, the word says otherwise | [`counters_done_but_status_not`] |
//! | the word says done, the counters do not | [`status_done_but_counters_not`] |
//! | the total grows | [`a_growing_total`], [`a_total_that_grows_while_a_completion_is_confirmed`] |
//! | 410 after success | [`gone_after_success`] |
//! | a partial item given twice | [`a_partial_item_repeated_across_polls`] |
//! | done in the first reply | [`a_job_done_in_the_first_reply`] |
//! | a clock that steps back | `odd_clocks.rs`; the calendar: `resuming.rs` |

use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use abide_core::{CompleteBy, End, Failure, GaveUp, Growth, Interval, Lifecycle, Options, Rule, State};
use abide_watch::{Event, Outcome};
use futures_util::StreamExt;

use crate::scripted::{
    LIFECYCLE, SECOND, Script, Scripted, ScriptedError, completed, counted, failed, running, status, word,
};

const COUNT: End = End::Completed { rule: Rule::Count };
const STATUS: End = End::Completed { rule: Rule::Status };
const TIME_OUT: End = End::GaveUp(GaveUp::MaxWait);

/// One whole wait.
struct Played {
    source: Script,
    /// What was told, each with its second.
    told: Vec<(u64, String)>,
    outcome: Outcome<&'static str, ScriptedError>,
}

impl Played {
    /// When `word` was told, each time.
    fn times(&self, word: &str) -> Vec<u64> {
        self.told.iter().filter(|(_, told)| told == word).map(|(at, _)| *at).collect()
    }

    fn gaps(&self) -> Vec<Duration> {
        self.source.gaps()
    }
}

fn play(script: &[Scripted], longest: Duration) -> Played {
    play_with(script, &LIFECYCLE, Options::new(longest, 1))
}

fn play_with(script: &[Scripted], lifecycle: &Lifecycle, options: Options) -> Played {
    let source = Script::new(script);
    let mut watch = source.watch_with(lifecycle, options);
    let told = source.told(&mut watch);
    Played { source, told, outcome: watch.into_outcome().expect("it told its end") }
}

/// How a wait of at most ten seconds ends, and the seconds in which its requests were sent.
fn check(script: &[Scripted], end: End, sent: &[u64]) -> Played {
    let played = play(script, SECOND * 10);
    let expected: Vec<_> = sent.iter().copied().map(Duration::from_secs).collect();
    assert_eq!((played.outcome.end, played.source.sent()), (end, expected), "{:?}", played.told);
    played
}

#[test]
fn cancelled_mid_poll_then_polled_again() {
    let source = Script::new(&[running("a").after(SECOND), completed("abcde").after(SECOND)]);
    let mut watch = source.watch(SECOND * 10);
    let mut told = Vec::new();
    loop {
        // Every call is dropped at its first await and made again a little later.
        let polled = pin!(watch.next()).poll(&mut Context::from_waker(Waker::noop()));
        match polled {
            Poll::Ready(Some(event)) => told.push(word(&event)),
            Poll::Ready(None) => break,
            Poll::Pending => source.clock.advance(Duration::from_millis(100)),
        }
    }
    assert_eq!(source.requests(), (2, 0));
    assert_eq!(told, ["running", "1/5", "a", "completed", "5/5", "bcde", "Completed { rule: Status }"]);
}

#[test]
fn a_stream_consumed_without_sleeping() {
    let source = Script::new(&vec![running("a"); 100]);
    let events: Vec<_> = source.run(source.watch(SECOND * 10).collect());
    assert_eq!(source.sent(), [0, 2, 4, 6, 8].map(Duration::from_secs));
    assert!(matches!(events.last(), Some(Event::Ended(TIME_OUT))));
}

#[test]
fn a_limit_while_always_in_progress() {
    let played = check(&vec![running("a"); 100], TIME_OUT, &[0, 2, 4, 6, 8]);
    assert_eq!(played.outcome.elapsed, SECOND * 10);
    // Busy is not stuck: it counts as much while every reply brings news.
    let busy: Vec<_> = (0..100).map(|processed| counted(State::Running, 1000, processed)).collect();
    check(&busy, TIME_OUT, &[0, 2, 4, 6, 8]);
}

#[test]
fn a_deadline_under_virtual_time() {
    let played = play(&vec![running("a"); 10_000], Duration::from_hours(1));
    assert_eq!((played.outcome.end, played.outcome.elapsed), (TIME_OUT, Duration::from_hours(1)));
    assert_eq!((played.outcome.polls, played.source.requests()), (1800, (1800, 0)));
}

#[test]
fn failed_keeps_its_body() {
    let played = check(&[running("a"), status(State::Failed, 5, "ab")], End::Failed, &[0, 2]);
    assert_eq!((played.outcome.last_status, played.outcome.items), (Some("ab"), 2));
    assert_eq!(played.times("b"), [2]);
    let error = played.outcome.into_result().unwrap_err();
    assert!(error.is_failed());
    assert_eq!((error.outcome().last_status, error.outcome().counters.processed), (Some("ab"), 2));
}

#[test]
fn an_item_comes_before_the_delay() {
    let slow = running("a").asking(SECOND * 5);
    let played = play(&[slow, completed("abcde")], SECOND * 20);
    assert_eq!(played.times("a"), [0]);
    assert!(played.source.sent()[1] >= SECOND * 5);
}

#[test]
fn one_reset_mid_poll() {
    let reset = failed(Failure::Transient).after(SECOND);
    let played = check(&[running("a"), reset, completed("abcde")], STATUS, &[0, 2, 5]);
    let retries = played.told.iter().filter(|(_, word)| word.starts_with("retry 1")).count();
    assert_eq!(retries, 1, "{:?}", played.told);
    assert_eq!(played.times("bcde"), [5]);
}

#[test]
fn an_unknown_status_with_no_delay() {
    let unknown = status(State::Unknown, 5, "a");
    let played = check(&vec![unknown.clone(); 100], TIME_OUT, &[0, 2, 4, 6, 8]);
    assert_eq!(played.times("! The status is not one of the documented words."), [0], "told once");
    check(&[unknown, completed("abcde")], STATUS, &[0, 2]);
}

#[test]
fn a_terminal_reply_just_after_the_deadline() {
    let late = completed("ab").after(SECOND * 11);
    let played = check(std::slice::from_ref(&late), STATUS, &[0]);
    assert_eq!((played.outcome.elapsed, played.times("ab")), (SECOND * 11, vec![11]));
    check(&[status(State::Failed, 5, "a").after(SECOND * 11)], End::Failed, &[0]);
    check(&[failed(Failure::Gone).after(SECOND * 11)], End::Gone, &[0]);
    let too_late = check(&[late.after(SECOND * 13)], TIME_OUT, &[0]);
    assert_eq!(too_late.outcome.elapsed, SECOND * 12);
}

#[test]
fn no_zero_delay_near_the_deadline() {
    for millis in (100..12_000).step_by(50) {
        for script in [vec![running("a"); 100], vec![running("a").asking(Duration::ZERO); 100]] {
            let longest = Duration::from_millis(millis);
            let played = play(&script, longest);
            assert_eq!((played.outcome.end, played.outcome.elapsed), (TIME_OUT, longest));
            let sent = played.source.sent();
            assert!(played.gaps().iter().all(|gap| *gap >= SECOND * 2), "{longest:?}: {sent:?}");
            assert!(sent.iter().all(|at| *at < longest), "{longest:?}: {sent:?}");
        }
    }
}

#[test]
fn no_jitter_above_the_cap() {
    let growing = Lifecycle {
        interval: Interval { min: SECOND * 2, max: SECOND * 3 },
        growth: Some(Growth { factor: 2, max: SECOND * 15 }),
        ..LIFECYCLE
    };
    let caps = Options {
        error_backoff: Interval { min: SECOND, max: SECOND * 20 },
        retry_after_ceiling: SECOND * 40,
        max_consecutive_errors: 12,
        max_errors_before_first_reply: 12,
        ..Options::new(SECOND * 3600, 0)
    };
    // Push-back is stretched upwards only, by a tenth: no server names an upper bound for it.
    for (answer, cap) in [(running("a"), 15), (failed(Failure::Transient), 20), (failed(Failure::Throttled), 44)] {
        for seed in 0..100 {
            let gaps = play_with(&vec![answer.clone(); 12], &growing, Options { seed, ..caps }).gaps();
            let in_bounds = gaps.iter().all(|gap| (SECOND * 2..=SECOND * cap).contains(gap));
            assert!(in_bounds && gaps.len() >= 11, "{:?} with seed {seed}: {gaps:?}", answer.answer);
        }
    }
}

#[test]
fn a_retry_after_larger_than_the_remaining_time() {
    let end = End::GaveUp(GaveUp::RetryAfterTooLong(SECOND * 60));
    for answer in [failed(Failure::Throttled), failed(Failure::Transient), running("ab")] {
        let played = check(&[running("a"), answer.asking(SECOND * 60)], end, &[0, 2]);
        assert_eq!(played.outcome.elapsed, SECOND * 2, "nobody waits for what cannot come");
    }
}

#[test]
fn a_retry_after_on_the_first_reply_only() {
    let script = [running("a").asking(SECOND * 5), running("ab"), running("abc"), completed("abcde")];
    let played = play(&script, SECOND * 60);
    let gaps = played.gaps();
    assert!((SECOND * 5..=SECOND * 6).contains(&gaps[0]), "{gaps:?}");
    assert_eq!(gaps[1..], [SECOND * 2; 2], "it holds for one request");
}

#[test]
fn a_retry_after_of_zero() {
    for answer in [running("a"), failed(Failure::Throttled), failed(Failure::Transient)] {
        let played = play(&[answer.asking(Duration::ZERO), completed("abcde")], SECOND * 60);
        assert!(played.gaps()[0] >= SECOND * 2, "{:?}", played.gaps());
        assert_eq!(played.outcome.end, STATUS);
    }
}

#[test]
fn a_hint_that_changes_between_replies() {
    let hints = [3, 7, 1, 20, 4].map(|secs| running("a").asking(SECOND * secs));
    let played = play(&[hints.as_slice(), &[completed("abcde")]].concat(), SECOND * 600);
    // Never below the documented pace, and at most a tenth longer than asked.
    for (gap, (least, most)) in played.gaps().into_iter().zip([(30, 33), (70, 77), (20, 20), (200, 220), (40, 44)]) {
        assert!((SECOND * least / 10..=SECOND * most / 10).contains(&gap), "{gap:?}: {least} to {most}");
    }
}

#[test]
fn counters_done_but_status_not() {
    let all = status(State::Running, 2, "ab");
    let played = check(&[all.clone(), all.clone()], COUNT, &[0, 2]);
    assert_eq!(played.times("settling"), [0], "one more poll, and only one");
    check(&[all, completed("ab")], STATUS, &[0, 2]);
}

#[test]
fn status_done_but_counters_not() {
    let early = status(State::Completed, 5, "abc");
    let played = play(&[early.clone(), completed("abcde")], SECOND * 10);
    assert_eq!(played.outcome.end, STATUS);
    assert_eq!(played.told.iter().filter(|(_, word)| word.starts_with("! The status is completed")).count(), 1);
    // Where only the count completes a session, the word is no more than news.
    let by_count = Lifecycle { complete_by: CompleteBy::Count, ..LIFECYCLE };
    let script = [early, counted(State::Completed, 5, 4), counted(State::Completed, 5, 5)];
    let played = play_with(&script, &by_count, Options::new(SECOND * 10, 1));
    assert_eq!((played.outcome.end, played.source.requests()), (COUNT, (3, 0)));
}

#[test]
fn a_growing_total() {
    let script = [(2, 1), (4, 2), (6, 4), (6, 6)].map(|(total, processed)| counted(State::Running, total, processed));
    let played = play(&[script.as_slice(), &[completed("abcdef")]].concat(), SECOND * 60);
    assert_eq!((played.outcome.end, played.outcome.counters.total), (STATUS, 6));
    assert_eq!(played.times("! The total changed from 2 to 4."), [2]);
    assert_eq!(played.times("! The total changed from 4 to 6."), [4]);
    assert_eq!(played.times("settling"), [6], "no completion before the last total is reached");
}

/// What only the counters said, the counters can take back.
#[test]
fn a_total_that_grows_while_a_completion_is_confirmed() {
    let script = [counted(State::Running, 2, 2), counted(State::Running, 4, 2), counted(State::Completed, 4, 4)];
    let played = check(&script, STATUS, &[0, 2, 4]);
    assert_eq!(played.times("! The total changed from 2 to 4."), [2]);
}

#[test]
fn gone_after_success() {
    let played = check(&[status(State::Running, 2, "ab"), failed(Failure::Gone)], COUNT, &[0, 2]);
    assert_eq!(played.times("! The session was gone when its completion was to be confirmed."), [2]);
    assert_eq!((played.outcome.items, played.outcome.last_status), (2, Some("ab")));
    // And a completed session is not asked again, so that no 410 can undo it.
    check(&[completed("ab"), failed(Failure::Gone)], STATUS, &[0]);
}

#[test]
fn a_partial_item_repeated_across_polls() {
    let script = [running("ab"), running("ab"), running("bac"), running("c"), completed("cabde")];
    let played = play(&script, SECOND * 60);
    let items = items_of(&played.told);
    assert_eq!((items.as_str(), played.outcome.items), ("abcde", 5));
}

#[test]
fn a_job_done_in_the_first_reply() {
    let played = check(&[completed("ab")], STATUS, &[0]);
    assert_eq!((played.outcome.elapsed, played.outcome.unseen), (Duration::ZERO, None));
    assert_eq!(played.times("ab"), [0]);
    for (answer, end) in [
        (status(State::Failed, 5, ""), End::Failed),
        (failed(Failure::Gone), End::Gone),
        (failed(Failure::NotFound), End::Refused(Failure::NotFound)),
    ] {
        check(&[answer], end, &[0]);
    }
}

/// All items told, one after the other.
fn items_of(told: &[(u64, String)]) -> String {
    let is_items = |word: &str| word.chars().all(|letter| ('a'..='e').contains(&letter));
    told.iter().filter(|(_, word)| is_items(word)).map(|(_, word)| word.as_str()).collect()
}
