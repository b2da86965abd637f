//! Bugs of single results: their fields, scores, messages and listings.

use serde_json::{Map, Value, json};

use super::Bug;
use crate::{
    breakage::{answer::Answer, change::Change},
    documented::calmyx::{ITEM_FAILED, ITEM_SUCCESS},
};

pub(super) const BUGS: &[Bug] = &[
    Bug {
        name: "cal-item-success-without-listing",
        requirement: "CAL-ITEM-SUCCESS",
        also_breaks: &[],
        says: "A scored location has no listing_id.",
        change: Change::Status(|it| {
            for item in items(it.answer, ITEM_SUCCESS) {
                item.remove("listing_id");
            }
        }),
    },
    Bug {
        name: "cal-item-success-without-time",
        requirement: "CAL-ITEM-SUCCESS",
        also_breaks: &[],
        says: "A scored location has no analyzed_at.",
        change: Change::Status(|it| {
            for item in items(it.answer, ITEM_SUCCESS) {
                item.remove("analyzed_at");
            }
        }),
    },
    Bug {
        name: "cal-item-failed-with-score",
        requirement: "CAL-ITEM-FAILED",
        also_breaks: &[],
        says: "A location that failed has the score 0.",
        change: Change::Status(|it| {
            for item in items(it.answer, ITEM_FAILED) {
                item.insert("quiet_score".into(), json!(0));
            }
        }),
    },
    Bug {
        name: "cal-item-failed-without-error",
        requirement: "CAL-ITEM-FAILED",
        also_breaks: &[],
        says: "A location that failed does not say why.",
        change: Change::Status(|it| {
            for item in items(it.answer, ITEM_FAILED) {
                item.remove("error");
            }
        }),
    },
    Bug {
        name: "cal-score-range-101",
        requirement: "CAL-SCORE-RANGE",
        also_breaks: &[],
        says: "Every location has the score 101.",
        change: Change::Status(|it| {
            for item in items(it.answer, ITEM_SUCCESS) {
                item.insert("quiet_score".into(), json!(101));
            }
        }),
    },
    Bug {
        name: "cal-score-range-fraction",
        requirement: "CAL-SCORE-RANGE",
        also_breaks: &[],
        says: "Scores have a fraction.",
        change: Change::Status(|it| {
            for item in items(it.answer, ITEM_SUCCESS) {
                let score = item.get("quiet_score").and_then(Value::as_f64).unwrap_or_default();
                item.insert("quiet_score".into(), json!((score - 0.5).max(0.5)));
            }
        }),
    },
    Bug {
        name: "cal-error-text-own-words",
        requirement: "CAL-ERROR-TEXT",
        also_breaks: &[],
        says: "A location that failed says so in words that no document has.",
        change: Change::Status(|it| {
            for item in items(it.answer, ITEM_FAILED) {
                item.insert("error".into(), json!("Upstream timeout"));
            }
        }),
    },
    Bug {
        name: "cal-listing-unique-shared",
        requirement: "CAL-LISTING-UNIQUE",
        also_breaks: &[],
        says: "All scored locations of a session share the listing of the first.",
        change: Change::Status(|it| {
            let mut first = None;
            for item in items(it.answer, ITEM_SUCCESS) {
                let own = item.get("listing_id").cloned().unwrap_or_default();
                item.insert("listing_id".into(), first.get_or_insert(own).clone());
            }
        }),
    },
    Bug {
        name: "cal-listing-usable-of-nobody",
        requirement: "CAL-LISTING-USABLE",
        also_breaks: &[],
        says: "The listings of results are none that the listing calls know.",
        change: Change::Status(|it| {
            for item in items(it.answer, ITEM_SUCCESS) {
                if let Some(id) = item.get_mut("listing_id") {
                    *id = id.as_str().unwrap_or_default().chars().rev().collect::<String>().into();
                }
            }
        }),
    },
];

fn items<'a>(answer: &'a mut Answer, status: &'a str) -> impl Iterator<Item = &'a mut Map<String, Value>> {
    let items = answer.array("/results").into_iter().flatten().filter_map(Value::as_object_mut);
    items.filter(move |item| item.get("status").and_then(Value::as_str) == Some(status))
}
