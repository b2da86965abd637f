//! Bugs of a session's course: its states, their order, and whether it ends.

use serde_json::{Value, json};

use super::Bug;
use crate::{
    breakage::{
        answer::Answer,
        change::{Change, Exchange},
    },
    documented::calmyx::{STATUS_COMPLETED, STATUS_FAILED, STATUS_PROCESSING, STATUS_QUEUED},
};

pub(super) const BUGS: &[Bug] = &[
    Bug {
        name: "cal-schema-null-for-no-results",
        requirement: "CAL-SCHEMA",
        also_breaks: &[],
        says: "While there are no results, results is null and no array.",
        change: Change::Status(|it| {
            if it.answer.array("/results").is_some_and(|results| results.is_empty()) {
                it.answer.set("/results", Value::Null);
            }
        }),
    },
    Bug {
        name: "cal-schema-counter-as-text",
        requirement: "CAL-SCHEMA",
        also_breaks: &[],
        says: "The counter of failed locations is a string.",
        change: Change::Status(|it| {
            let failed = it.answer.number("/progress/failed").to_string();
            it.answer.set("/progress/failed", failed);
        }),
    },
    Bug {
        name: "cal-schema-leaves-out-null",
        requirement: "CAL-SCHEMA",
        also_breaks: &[],
        says: "A time that is null is left out.",
        change: Change::Status(|it| {
            for time in ["/started_at", "/completed_at"] {
                if it.answer.at(time).is_null() {
                    it.answer.remove(time);
                }
            }
        }),
    },
    Bug {
        name: "cal-status-value-pending",
        requirement: "CAL-STATUS-VALUE",
        also_breaks: &[],
        says: "A session in the queue is PENDING, as an older page has it.",
        change: Change::Status(|it| rename(it.answer, STATUS_QUEUED, "PENDING")),
    },
    Bug {
        name: "cal-status-value-lower-case",
        requirement: "CAL-STATUS-VALUE",
        also_breaks: &[],
        says: "A session at work is processing, in lower case.",
        change: Change::Status(|it| rename(it.answer, STATUS_PROCESSING, "processing")),
    },
    Bug {
        name: "cal-state-order-fails-after-the-end",
        requirement: "CAL-STATE-ORDER",
        also_breaks: &[("CAL-READ-SAFE", "reading an answer that was final gives another one")],
        says: "A completed session is FAILED when it is asked for again.",
        change: Change::Status(|it| {
            if it.memory.ends > 1 {
                rename(it.answer, STATUS_COMPLETED, STATUS_FAILED);
            }
        }),
    },
    Bug {
        name: "cal-state-order-back-in-the-queue",
        requirement: "CAL-STATE-ORDER",
        also_breaks: &[
            ("CAL-COUNT-MONOTONE", "back in the queue the counters are zero again"),
            ("CAL-RESULTS-GROW", "back in the queue there are no results any more"),
        ],
        says: "A session at work is back in the queue at every third look.",
        change: Change::Status(|it| {
            if it.answer.text("/status") == STATUS_PROCESSING {
                it.memory.count += 1;
                if it.memory.count.is_multiple_of(3) {
                    queue(it.answer);
                }
            }
        }),
    },
    Bug {
        name: "cal-queued-empty-counts-ahead",
        requirement: "CAL-QUEUED-EMPTY",
        also_breaks: &[
            ("CAL-COUNT-MONOTONE", "what was counted ahead is taken back when the work begins"),
            ("CAL-RESULTS-COUNT", "what is counted ahead has no result"),
        ],
        says: "A session in the queue counts a location as done.",
        change: Change::Status(|it| {
            if it.answer.text("/status") == STATUS_QUEUED {
                it.answer.set("/progress/processed", 1);
                it.answer.set("/progress/successful", 1);
            }
        }),
    },
    Bug {
        name: "cal-completed-all-at-half",
        requirement: "CAL-COMPLETED-ALL",
        also_breaks: &[("CAL-RESULTS-ALL", "the other half never has its results")],
        says: "A session is COMPLETED for good when half of its locations are done.",
        change: Change::Status(complete_at_half),
    },
    Bug {
        name: "cal-read-safe-score-wanders",
        requirement: "CAL-READ-SAFE",
        also_breaks: &[("CAL-RESULTS-GROW", "an item that was shown does not stay as it was")],
        says: "After the end each reading gives the first score another value.",
        change: Change::Status(|it| {
            let readings = it.memory.ends;
            let scored = |item: &&mut Value| item.get("quiet_score").is_some();
            if readings > 1
                && let Some(item) = it.answer.array("/results").and_then(|items| items.iter_mut().find(scored))
                && let Some(score) = item.get_mut("quiet_score")
            {
                *score = json!((score.as_i64().unwrap_or_default() + i64::from(readings)) % 101);
            }
        }),
    },
    Bug {
        name: "cal-read-safe-last-result-comes-late",
        requirement: "CAL-READ-SAFE",
        also_breaks: &[("CAL-RESULTS-COUNT", "the counters count the result before it is shown")],
        says: "The first two answers that say COMPLETED lack the last result, and only reading brings it forth.",
        change: Change::Status(|it| {
            if [1, 2].contains(&it.memory.ends) {
                it.answer.array("/results").and_then(Vec::pop);
            }
        }),
    },
    Bug {
        name: "cal-liveness-never-finishes",
        requirement: "CAL-LIVENESS",
        also_breaks: &[],
        says: "The last location of a session is never done.",
        change: Change::Status(never_finish),
    },
];

fn rename(answer: &mut Answer, from: &str, to: &str) {
    if answer.text("/status") == from {
        answer.set("/status", to);
    }
}

fn queue(answer: &mut Answer) {
    answer.set("/status", STATUS_QUEUED);
    for counter in ["/progress/processed", "/progress/successful", "/progress/failed"] {
        answer.set(counter, 0);
    }
    answer.set("/results", json!([]));
    answer.set("/started_at", Value::Null);
}

fn complete_at_half(it: &mut Exchange<'_>) {
    if let Some(kept) = &it.memory.kept {
        it.answer.become_like(kept);
        return;
    }
    let (total, processed) = (it.answer.number("/progress/total"), it.answer.number("/progress/processed"));
    if it.answer.text("/status") == STATUS_PROCESSING && processed * 2 >= total {
        let last = it.answer.at(&format!("/results/{}/analyzed_at", processed - 1)).clone();
        it.answer.set("/status", STATUS_COMPLETED);
        it.answer.set("/completed_at", last);
        it.memory.kept = Some(it.answer.clone());
    }
}

/// Takes the last location back from an answer that says COMPLETED; the last one is never seen before that.
fn never_finish(it: &mut Exchange<'_>) {
    if it.answer.text("/status") != STATUS_COMPLETED {
        return;
    }
    let Some(last) = it.answer.array("/results").and_then(Vec::pop) else { return };
    let counter = if last.get("error").is_some() { "/progress/failed" } else { "/progress/successful" };
    it.answer.add(counter, -1);
    it.answer.add("/progress/processed", -1);
    it.answer.set("/status", STATUS_PROCESSING);
    it.answer.set("/completed_at", Value::Null);
}
