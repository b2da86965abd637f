//! Bugs of the times: when they are null, how they are written, their order, and that they stay.

use serde_json::{Value, json};

use super::Bug;
use crate::{
    breakage::change::Change,
    documented::calmyx::{STATUS_COMPLETED, STATUS_PROCESSING, STATUS_QUEUED},
};

pub(super) const BUGS: &[Bug] = &[
    Bug {
        name: "cal-started-null-set-in-the-queue",
        requirement: "CAL-STARTED-NULL",
        also_breaks: &[],
        says: "started_at is the moment of submission, from the beginning.",
        change: Change::Status(|it| {
            let submitted = it.answer.at("/submitted_at").clone();
            it.answer.set("/started_at", submitted);
        }),
    },
    Bug {
        name: "cal-started-null-while-at-work",
        requirement: "CAL-STARTED-NULL",
        also_breaks: &[],
        says: "started_at is null until the end.",
        change: Change::Status(|it| {
            if it.answer.text("/status") == STATUS_PROCESSING {
                it.answer.set("/started_at", Value::Null);
            }
        }),
    },
    Bug {
        name: "cal-completed-null-for-ever",
        requirement: "CAL-COMPLETED-NULL",
        also_breaks: &[],
        says: "completed_at is null at the end too.",
        change: Change::Status(|it| it.answer.set("/completed_at", Value::Null)),
    },
    Bug {
        name: "cal-completed-null-far-ahead",
        requirement: "CAL-COMPLETED-NULL",
        also_breaks: &[],
        says: "completed_at is a moment in the far future, from the beginning.",
        change: Change::Status(|it| it.answer.set("/completed_at", "9999-12-31T00:00:00.000000")),
    },
    Bug {
        name: "cal-time-format-numbers",
        requirement: "CAL-TIME-FORMAT",
        also_breaks: &[],
        says: "analyzed_at is a number of seconds.",
        change: Change::Status(|it| {
            for item in it.answer.array("/results").into_iter().flatten() {
                if let Some(time) = item.get_mut("analyzed_at") {
                    *time = json!(1_768_473_000);
                }
            }
        }),
    },
    Bug {
        name: "cal-time-format-day-first",
        requirement: "CAL-TIME-FORMAT",
        also_breaks: &[],
        says: "submitted_at begins with the day, with points between.",
        change: Change::Status(|it| {
            let submitted = it.answer.text("/submitted_at").to_owned();
            let (date, time) = submitted.split_once('T').unwrap_or_default();
            let date = date.rsplit('-').collect::<Vec<_>>().join(".");
            it.answer.set("/submitted_at", format!("{date} {time}"));
        }),
    },
    Bug {
        name: "cal-time-order-analyzed-before-all",
        requirement: "CAL-TIME-ORDER",
        also_breaks: &[],
        says: "Every location was analyzed long before the session was submitted.",
        change: Change::Status(|it| {
            for item in it.answer.array("/results").into_iter().flatten() {
                if let Some(time) = item.get_mut("analyzed_at") {
                    *time = json!("2001-01-01T00:00:00.000000");
                }
            }
        }),
    },
    Bug {
        name: "cal-time-order-completed-at-once",
        requirement: "CAL-TIME-ORDER",
        also_breaks: &[],
        says: "completed_at is the moment of submission.",
        change: Change::Status(|it| {
            if it.answer.text("/status") == STATUS_COMPLETED {
                let submitted = it.answer.at("/submitted_at").clone();
                it.answer.set("/completed_at", submitted);
            }
        }),
    },
    Bug {
        name: "cal-time-stable-submitted-wanders",
        requirement: "CAL-TIME-STABLE",
        also_breaks: &[],
        says: "Until the end the last digit of submitted_at is another one at every look.",
        change: Change::Status(|it| {
            if [STATUS_QUEUED, STATUS_PROCESSING].contains(&it.answer.text("/status")) {
                let mut submitted = it.answer.text("/submitted_at").to_owned();
                submitted.pop();
                it.answer.set("/submitted_at", format!("{submitted}{}", it.memory.answers % 10));
            }
        }),
    },
    Bug {
        name: "cal-time-stable-started-wanders",
        requirement: "CAL-TIME-STABLE",
        also_breaks: &[],
        says: "At work, started_at is the moment of the session's submission at every second look.",
        change: Change::Status(|it| {
            if it.answer.text("/status") == STATUS_PROCESSING && it.memory.answers.is_multiple_of(2) {
                let submitted = it.answer.at("/submitted_at").clone();
                it.answer.set("/started_at", submitted);
            }
        }),
    },
];
