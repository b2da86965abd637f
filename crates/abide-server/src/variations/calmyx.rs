//! Freedoms of Calmyx: codes, times, the order of results, coordinates, and which states are seen.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::Variation;
use crate::{
    breakage::change::{Change, Exchange},
    documented::calmyx::{ITEM_SUCCESS, STATUS_COMPLETED, STATUS_PROCESSING, STATUS_QUEUED},
    reply::Api,
};

pub(super) const VARIATIONS: &[Variation] = &[
    Variation {
        name: "created-201",
        api: Some(Api::Calmyx),
        says: "Creation is answered with 201.",
        change: Change::Created(|it| it.answer.status = StatusCode::CREATED),
    },
    Variation {
        name: "created-202",
        api: Some(Api::Calmyx),
        says: "Creation is answered with 202.",
        change: Change::Created(|it| it.answer.status = StatusCode::ACCEPTED),
    },
    Variation {
        name: "times-with-offset",
        api: Some(Api::Calmyx),
        says: "Times have the offset Z.",
        change: Change::Reply(|it| every_time(it, |time| format!("{time}Z"))),
    },
    Variation {
        name: "times-with-numeric-offset",
        api: Some(Api::Calmyx),
        says: "Times have the offset +00:00.",
        change: Change::Reply(|it| every_time(it, |time| format!("{time}+00:00"))),
    },
    Variation {
        name: "times-in-seconds",
        api: Some(Api::Calmyx),
        says: "Times are whole seconds.",
        change: Change::Reply(|it| every_time(it, |time| time.split('.').next().unwrap_or_default().to_owned())),
    },
    Variation {
        name: "results-reversed",
        api: Some(Api::Calmyx),
        says: "The newest result comes first.",
        change: Change::Status(|it| {
            if let Some(results) = it.answer.array("/results") {
                results.reverse();
            }
        }),
    },
    Variation {
        name: "results-in-another-order",
        api: Some(Api::Calmyx),
        says: "Until the end, results come in another order at every look.",
        change: Change::Status(|it| {
            let looks = it.memory.answers as usize;
            if it.answer.text("/status") == STATUS_PROCESSING
                && let Some(results) = it.answer.array("/results")
            {
                let steps = looks % results.len().max(1);
                results.rotate_left(steps);
            }
        }),
    },
    Variation {
        name: "coordinates-to-six-decimals",
        api: Some(Api::Calmyx),
        says: "Coordinates of results are rounded to six decimals.",
        change: Change::Status(|it| {
            every_coordinate(it, |degrees| json!((degrees * 1_000_000.0).round() / 1_000_000.0));
        }),
    },
    Variation {
        name: "whole-coordinates-as-integers",
        api: Some(Api::Calmyx),
        says: "A coordinate of whole degrees is written without a fraction.",
        change: Change::Status(|it| {
            #[expect(clippy::cast_possible_truncation, reason = "degrees are at most 180")]
            every_coordinate(it, |degrees| if degrees.fract() == 0.0 { json!(degrees as i64) } else { json!(degrees) });
        }),
    },
    Variation {
        name: "null-error-of-success",
        api: Some(Api::Calmyx),
        says: "A scored location has an error that is null.",
        change: Change::Status(|it| {
            for item in it.answer.array("/results").into_iter().flatten().filter_map(Value::as_object_mut) {
                if item.get("status").and_then(Value::as_str) == Some(ITEM_SUCCESS) {
                    item.insert("error".into(), Value::Null);
                }
            }
        }),
    },
    Variation {
        name: "one-more-look",
        api: Some(Api::Calmyx),
        says: "The first answer with all results still says PROCESSING.",
        change: Change::Status(|it| {
            if it.memory.ends == 1 && it.answer.text("/status") == STATUS_COMPLETED {
                it.answer.set("/status", STATUS_PROCESSING);
                it.answer.set("/completed_at", Value::Null);
            }
        }),
    },
    Variation {
        name: "from-queue-to-end",
        api: Some(Api::Calmyx),
        says: "A session is QUEUED until it is COMPLETED.",
        change: Change::Status(|it| {
            if it.answer.text("/status") == STATUS_PROCESSING {
                it.answer.set("/status", STATUS_QUEUED);
                it.answer.set("/started_at", Value::Null);
                it.answer.set("/results", json!([]));
                for counter in ["/progress/processed", "/progress/successful", "/progress/failed"] {
                    it.answer.set(counter, 0);
                }
            }
        }),
    },
];

fn every_time(it: &mut Exchange<'_>, write: impl Fn(&str) -> String) {
    let items = it.answer.array("/results").map_or(0, |items| items.len());
    let places = (0..items).map(|index| format!("/results/{index}/analyzed_at"));
    for place in places.chain(["/submitted_at", "/started_at", "/completed_at"].map(str::to_owned)) {
        if it.answer.at(&place).is_string() {
            let time = write(it.answer.text(&place));
            it.answer.set(&place, time);
        }
    }
}

fn every_coordinate(it: &mut Exchange<'_>, write: impl Fn(f64) -> Value) {
    for item in it.answer.array("/results").into_iter().flatten() {
        for name in ["lat", "lng"] {
            if let Some(coordinate) = item.get_mut(name)
                && let Some(degrees) = coordinate.as_f64()
            {
                *coordinate = write(degrees);
            }
        }
    }
}
