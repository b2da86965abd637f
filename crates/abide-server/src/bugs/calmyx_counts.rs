//! Bugs of the counters, and of how many results there are.

use serde_json::{Value, json};

use super::Bug;
use crate::{
    breakage::change::{Change, Exchange},
    documented::calmyx::{STATUS_COMPLETED, STATUS_PROCESSING},
};

pub(super) const BUGS: &[Bug] = &[
    Bug {
        name: "cal-count-sum-off-by-one",
        requirement: "CAL-COUNT-SUM",
        also_breaks: &[],
        says: "While a session is at work, processed is one less than successful and failed together.",
        change: Change::Status(|it| {
            if is_working(it) && it.answer.number("/progress/processed") > 0 {
                it.answer.add("/progress/processed", -1);
            }
        }),
    },
    Bug {
        name: "cal-count-bound-past-the-total",
        requirement: "CAL-COUNT-BOUND",
        also_breaks: &[
            ("CAL-COMPLETED-ALL", "processed is more than total once COMPLETED"),
            ("CAL-RESULTS-COUNT", "successful counts a result that is not there"),
        ],
        says: "A completed session has processed one location more than there are.",
        change: Change::Status(|it| {
            if it.answer.text("/status") == STATUS_COMPLETED {
                it.answer.add("/progress/processed", 1);
                it.answer.add("/progress/successful", 1);
            }
        }),
    },
    Bug {
        name: "cal-count-bound-below-zero",
        requirement: "CAL-COUNT-BOUND",
        also_breaks: &[
            ("CAL-RESULTS-COUNT", "neither counter is the number of its results"),
            ("CAL-QUEUED-EMPTY", "the counters are minus one and one in the queue too"),
        ],
        says: "Counting of failures starts at minus one, and that of successes at one.",
        change: Change::Status(|it| {
            it.answer.add("/progress/failed", -1);
            it.answer.add("/progress/successful", 1);
        }),
    },
    Bug {
        name: "cal-count-monotone-dips",
        requirement: "CAL-COUNT-MONOTONE",
        also_breaks: &[("CAL-RESULTS-COUNT", "the results do not dip with their counter")],
        says: "Between two steps the counters of done and of successful locations dip by one.",
        change: Change::Status(|it| {
            let processed = it.answer.at("/progress/processed").clone();
            let stands = it.memory.last.as_ref().is_some_and(|last| last.at("/progress/processed") == &processed);
            if is_working(it)
                && stands
                && it.memory.answers.is_multiple_of(2)
                && it.answer.number("/progress/successful") > 0
            {
                it.answer.add("/progress/processed", -1);
                it.answer.add("/progress/successful", -1);
            }
        }),
    },
    Bug {
        name: "cal-total-fixed-grows",
        requirement: "CAL-TOTAL-FIXED",
        also_breaks: &[],
        says: "The total counts only what is done so far.",
        change: Change::Status(|it| {
            let processed = it.answer.at("/progress/processed").clone();
            it.answer.set("/progress/total", processed);
        }),
    },
    Bug {
        name: "cal-results-grow-only-the-newest",
        requirement: "CAL-RESULTS-GROW",
        also_breaks: &[("CAL-RESULTS-COUNT", "the counters go on counting what is no longer shown")],
        says: "While a session is at work, results holds only what came since the last look.",
        change: Change::Status(|it| {
            let seen = it.memory.last.as_ref().map_or(0, |last| last.at("/results").as_array().map_or(0, Vec::len));
            if is_working(it)
                && let Some(results) = it.answer.array("/results")
            {
                results.drain(..seen.min(results.len()));
            }
        }),
    },
    Bug {
        name: "cal-results-grow-rewrites",
        requirement: "CAL-RESULTS-GROW",
        also_breaks: &[],
        says: "At the end the first score that was shown gets another value.",
        change: Change::Status(|it| {
            if it.answer.text("/status") == STATUS_COMPLETED
                && let Some(results) = it.answer.array("/results")
                && let Some(score) = results.iter_mut().find_map(|item| item.get_mut("quiet_score"))
            {
                *score = json!((score.as_i64().unwrap_or_default() + 1) % 101);
            }
        }),
    },
    Bug {
        name: "cal-results-partial-only-at-the-end",
        requirement: "CAL-RESULTS-PARTIAL",
        also_breaks: &[("CAL-RESULTS-COUNT", "the counters count what is not shown")],
        says: "Results are shown at the end only.",
        change: Change::Status(|it| {
            if is_working(it) {
                it.answer.set("/results", json!([]));
            }
        }),
    },
    Bug {
        name: "cal-results-count-two-at-most",
        requirement: "CAL-RESULTS-COUNT",
        also_breaks: &[("CAL-RESULTS-ALL", "from the third on, no location has its result")],
        says: "Never more than two results are shown, as in the documented example.",
        change: Change::Status(|it| {
            if let Some(results) = it.answer.array("/results") {
                results.truncate(2);
            }
        }),
    },
    Bug {
        name: "cal-results-all-but-the-last",
        requirement: "CAL-RESULTS-ALL",
        also_breaks: &[("CAL-RESULTS-COUNT", "the counters count the result that is never shown")],
        says: "The result of the location that finished last is never shown.",
        change: Change::Status(|it| {
            if it.answer.text("/status") == STATUS_COMPLETED {
                it.answer.array("/results").and_then(Vec::pop);
            }
        }),
    },
    Bug {
        name: "cal-results-location-moves",
        requirement: "CAL-RESULTS-LOCATION",
        also_breaks: &[(
            "CAL-RESULTS-ALL",
            "no result stands where its location was submitted, so the location has none",
        )],
        says: "Results have a latitude that was not submitted.",
        change: Change::Status(|it| {
            for item in it.answer.array("/results").into_iter().flatten() {
                if let Some(latitude) = item.get_mut("lat") {
                    *latitude = json!((latitude.as_f64().unwrap_or_default() + 0.000_01).min(90.0));
                }
            }
        }),
    },
    Bug {
        name: "cal-results-location-swaps",
        requirement: "CAL-RESULTS-LOCATION",
        also_breaks: &[(
            "CAL-RESULTS-ALL",
            "no result stands where its location was submitted, so the location has none",
        )],
        says: "Results have latitude and longitude exchanged.",
        change: Change::Status(|it| {
            for item in it.answer.array("/results").into_iter().flatten().filter_map(Value::as_object_mut) {
                let (lat, lng) = (item.remove("lat"), item.remove("lng"));
                item.insert("lat".into(), lng.unwrap_or_default());
                item.insert("lng".into(), lat.unwrap_or_default());
            }
        }),
    },
];

fn is_working(it: &Exchange<'_>) -> bool {
    it.answer.text("/status") == STATUS_PROCESSING
}
