//! The completion rules, as conversations: what the server said poll by poll, how the wait ended, and at which poll.
//!
//! The last column is what the conversation is about. Replies after the end are there to show that nobody asks for them.

use std::time::Duration;

use abide_core::{Anomaly, Counters, End, Event, Lifecycle, Observation, Options, Rule, State, Tick};

use crate::lifecycles::{CALMYX, HUM};
use crate::simulation::{Answer, Trace, run};

const COUNT: End = End::Completed { rule: Rule::Count };
const WORD: End = End::Completed { rule: Rule::Status };
const COUNT_PARTIAL: End = End::CompletedWithFailures { rule: Rule::Count };
const WORD_PARTIAL: End = End::CompletedWithFailures { rule: Rule::Status };
const FAILED: End = End::Failed;
const GAVE_UP: End = End::GaveUp(abide_core::GaveUp::MaxWait);

/// State, processed of total, failed among them, items in the reply.
type Reply = (State, i64, i64, i64, Option<u64>);

/// A minute of waiting; after the last reply the server repeats it.
fn converse(lifecycle: &Lifecycle, replies: &[Reply]) -> Trace {
    run(lifecycle, Options::new(Duration::from_mins(1), 1), Tick::ZERO, |poll| {
        let (state, processed, total, failed, delivered) = replies[poll.min(replies.len() - 1)];
        let counters = Counters { total, processed, successful: processed - failed, failed };
        (Duration::ZERO, Answer::Status(Observation { state, counters, delivered, mark: 0 }, None))
    })
}

#[track_caller]
fn check(lifecycle: &Lifecycle, replies: &[Reply], end: End, polls: usize, about: &str) {
    let trace = converse(lifecycle, replies);
    assert_eq!((trace.end, trace.sends.len()), (end, polls), "{about}");
}

use State::{Completed, Failed, Queued, Running, Unknown};

#[test]
fn status_or_count_and_their_disagreement() {
    for (replies, end, polls, about) in [
        (
            vec![(Queued, 0, 5, 0, Some(0)), (Running, 3, 5, 0, Some(3)), (Completed, 5, 5, 0, Some(5))],
            WORD,
            3,
            "by the book",
        ),
        (vec![(Completed, 5, 5, 0, Some(5))], WORD, 1, "done in the first reply"),
        (vec![(Completed, 5, 5, 0, None)], WORD, 1, "no items to wait for"),
        // The word and the count disagree.
        (vec![(Running, 5, 5, 0, Some(5))], COUNT, 2, "counted, and the word never comes"),
        (vec![(Running, 5, 5, 0, Some(5)), (Completed, 5, 5, 0, Some(5))], WORD, 2, "counted, and the word follows"),
        (vec![(Queued, 5, 5, 0, Some(5)), (Completed, 5, 5, 0, Some(5))], WORD, 2, "counted while queued"),
        (vec![(Completed, 3, 5, 0, Some(3))], WORD, 1, "the word before the count"),
        (vec![(Completed, 0, 5, 0, Some(0))], WORD, 1, "the word without any count"),
        (vec![(Completed, 5, 5, 0, Some(3)), (Completed, 5, 5, 0, Some(5))], WORD, 2, "items come later"),
        (vec![(Completed, 5, 5, 0, Some(3))], WORD, 2, "items never come"),
        (
            vec![(Completed, 5, 5, 0, Some(3)), (Running, 5, 5, 0, Some(3))],
            COUNT,
            2,
            "the word goes back, the count stays",
        ),
        (
            vec![(Completed, 5, 5, 0, Some(3)), (Running, 3, 5, 0, Some(3))],
            WORD,
            2,
            "word and count go back after the end",
        ),
        // What only the counters said, the counters can take back.
        (
            vec![(Running, 5, 5, 0, Some(5)), (Running, 4, 5, 0, Some(4)), (Completed, 5, 5, 0, None)],
            WORD,
            3,
            "the count goes back",
        ),
        (
            vec![(Running, 5, 5, 0, Some(5)), (Running, 5, 9, 0, Some(5)), (Completed, 9, 9, 0, None)],
            WORD,
            3,
            "the total grows while it settles",
        ),
        (
            vec![(Running, 5, 5, 0, Some(5)), (Failed, 5, 5, 0, Some(5))],
            FAILED,
            2,
            "the session fails while it settles",
        ),
        (vec![(Running, 5, 5, 0, Some(5)), (Unknown, 5, 5, 0, Some(5))], COUNT, 2, "an unknown word while it settles"),
    ] {
        check(&CALMYX, &replies, end, polls, about);
    }
}

#[test]
fn some_failed_or_the_session_did() {
    for (replies, end, polls, about) in [
        (vec![(Completed, 5, 5, 2, Some(5))], WORD_PARTIAL, 1, "some failed"),
        (vec![(Completed, 5, 5, 5, Some(5))], WORD_PARTIAL, 1, "all failed, and yet completed"),
        (vec![(Running, 5, 5, 1, Some(5))], COUNT_PARTIAL, 2, "some failed, by count"),
        (
            vec![(Running, 3, 5, 1, Some(3)), (Completed, 5, 5, 0, Some(5))],
            WORD_PARTIAL,
            2,
            "a failure that is taken back",
        ),
        (
            vec![(Running, 5, 5, 0, Some(5)), (Completed, 5, 5, 1, Some(5))],
            WORD_PARTIAL,
            2,
            "a failure seen while it settles",
        ),
        // The session as a whole.
        (vec![(Failed, 0, 5, 0, None)], FAILED, 1, "failed"),
        (vec![(Running, 3, 5, 0, Some(3)), (Failed, 3, 5, 0, Some(3))], FAILED, 2, "failed with partial results"),
        (vec![(Failed, 5, 5, 0, Some(5))], FAILED, 1, "failed although all is processed"),
        (vec![(Failed, 5, 5, 0, Some(5)), (Completed, 5, 5, 0, Some(5))], FAILED, 1, "failed is final"),
    ] {
        check(&CALMYX, &replies, end, polls, about);
    }
}

#[test]
fn numbers_and_words_that_make_no_sense() {
    for (replies, end, polls, about) in [
        // Nothing of nothing.
        (vec![(Queued, 0, 0, 0, Some(0)), (Completed, 5, 5, 0, Some(5))], WORD, 2, "0 of 0 is not done"),
        (
            vec![(Running, 0, 0, 0, None), (Running, 0, 0, 0, None), (Completed, 0, 0, 0, None)],
            WORD,
            3,
            "0 of 0 until the word",
        ),
        (vec![(Running, 3, 0, 0, None), (Completed, 3, 3, 0, None)], WORD, 2, "some of 0 is not done"),
        // Totals and counters that move.
        (
            vec![(Running, 2, 5, 0, None), (Running, 5, 9, 0, None), (Completed, 9, 9, 0, None)],
            WORD,
            3,
            "a total that grows in time",
        ),
        (
            vec![(Running, 4, 9, 0, None), (Running, 4, 4, 0, None), (Completed, 4, 4, 0, None)],
            WORD,
            3,
            "a total that shrinks to what is done",
        ),
        (
            vec![(Running, 4, 5, 0, None), (Running, 1, 5, 0, None), (Completed, 5, 5, 0, None)],
            WORD,
            3,
            "counters that go back are no end",
        ),
        (vec![(Running, 6, 5, 0, None)], COUNT, 2, "more than there is counts as all"),
        (vec![(Running, -1, 5, 0, None), (Completed, 5, 5, 0, None)], WORD, 2, "less than nothing"),
        (vec![(Running, 5, -5, 0, None), (Completed, 5, 5, 0, None)], WORD, 2, "a total below zero is not reached"),
        // Words that nobody knows.
        (
            vec![(Unknown, 0, 5, 0, None), (Unknown, 3, 5, 0, None), (Completed, 5, 5, 0, None)],
            WORD,
            3,
            "an unknown word ends nothing",
        ),
        (vec![(Unknown, 5, 5, 0, None), (Unknown, 5, 5, 0, None)], COUNT, 2, "unknown words, and the count is full"),
        (vec![(Unknown, 0, 5, 0, None)], GAVE_UP, 8, "an unknown word for ever"),
    ] {
        check(&CALMYX, &replies, end, polls, about);
    }
}

#[test]
fn agents_complete_by_the_count_alone() {
    // Hum: the awaited agents are the items. No reply is asked for twice.
    for (replies, end, polls, about) in [
        (vec![(Running, 0, 2, 0, None), (Running, 1, 2, 0, None), (Running, 2, 2, 0, None)], COUNT, 3, "by the book"),
        (vec![(Running, 2, 2, 0, None)], COUNT, 1, "done in the first reply"),
        (vec![(Running, 2, 2, 1, None)], COUNT_PARTIAL, 1, "an agent found nothing, or too much"),
        (vec![(Running, 2, 2, 2, None)], COUNT_PARTIAL, 1, "no agent found anything"),
        (
            vec![(Running, 1, 2, 1, None), (Running, 2, 2, 1, None)],
            COUNT_PARTIAL,
            2,
            "a failed agent does not stop the others",
        ),
        (
            vec![(Running, 1, 2, 1, None), (Running, 2, 2, 0, None)],
            COUNT_PARTIAL,
            2,
            "an agent that changes its outcome",
        ),
        (vec![(Completed, 1, 2, 0, None), (Running, 2, 2, 0, None)], COUNT, 2, "no word completes the wait"),
        (
            vec![(Completed, 0, 0, 0, None), (Running, 2, 2, 0, None)],
            COUNT,
            2,
            "no word completes it without agents either",
        ),
        (vec![(Unknown, 1, 2, 0, None), (Running, 2, 2, 0, None)], COUNT, 2, "an agent says what nobody knows"),
        (vec![(Unknown, 2, 2, 0, None)], COUNT, 1, "all left pending, one with an unknown word"),
        (
            vec![(Running, 1, 2, 0, None), (Running, 0, 2, 0, None), (Running, 2, 2, 0, None)],
            COUNT,
            3,
            "an agent goes back to pending",
        ),
        (
            vec![(Running, 1, 2, 0, None), (Running, 2, 3, 0, None), (Running, 3, 3, 0, None)],
            COUNT,
            3,
            "one agent more",
        ),
        (vec![(Failed, 1, 2, 1, None)], FAILED, 1, "the session fails"),
        (vec![(Running, 1, 2, 0, None)], GAVE_UP, 5, "an agent never ends"),
    ] {
        check(&HUM, &replies, end, polls, about);
    }
}

#[test]
fn a_disagreement_is_told_where_the_document_settles_it() {
    let anomalies = |replies: &[Reply]| -> Vec<Anomaly> {
        let told = converse(&CALMYX, replies).events;
        told.into_iter()
            .filter_map(|event| if let Event::Anomaly(anomaly) = event { Some(anomaly) } else { None })
            .collect()
    };
    for (replies, expected) in [
        (vec![(Running, 5, 5, 0, Some(5)), (Completed, 5, 5, 0, Some(5))], vec![]),
        (vec![(Completed, 3, 5, 0, Some(3))], vec![Anomaly::CompletedBeforeAll { processed: 3, total: 5 }]),
        (vec![(Completed, 5, 5, 0, Some(3))], vec![Anomaly::FewerItemsThanProcessed { delivered: 3, processed: 5 }]),
        (vec![(Running, 5, 5, 0, Some(5)), (Running, 5, 9, 0, Some(5))], vec![Anomaly::TotalMoved { from: 5, to: 9 }]),
        (
            vec![(Running, 5, 5, 0, Some(3)), (Queued, 5, 5, 0, Some(3))],
            vec![
                Anomaly::StateWentBack { from: Running, to: Queued },
                Anomaly::FewerItemsThanProcessed { delivered: 3, processed: 5 },
            ],
        ),
    ] {
        assert_eq!(anomalies(&replies), expected, "{replies:?}");
    }
}
