//! Bugs of the calls themselves: what is created, who may call, which session is meant.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::Bug;
use crate::{
    breakage::{
        call::Operation::{CalmyxCreate, CalmyxStatus},
        change::{Asking, Change, Exchange},
    },
    documented::calmyx::{LATITUDE, LONGITUDE, MAX_LOCATIONS},
};

pub(super) const BUGS: &[Bug] = &[
    Bug {
        name: "cal-create-reply-total-off-by-one",
        requirement: "CAL-CREATE-REPLY",
        also_breaks: &[],
        says: "The answer to creation counts one location more than was sent.",
        change: Change::Created(|it| it.answer.add("/total_locations", 1)),
    },
    Bug {
        name: "cal-create-reply-without-time",
        requirement: "CAL-CREATE-REPLY",
        also_breaks: &[],
        says: "The answer to creation has no submitted_at.",
        change: Change::Created(|it| it.answer.remove("/submitted_at")),
    },
    Bug {
        name: "cal-create-reply-refuses-the-last",
        requirement: "CAL-CREATE-REPLY",
        also_breaks: &[],
        says: "A session of exactly as many locations as are allowed is refused.",
        change: Change::Created(|it| {
            if sent_locations(it) == MAX_LOCATIONS {
                it.refuse(StatusCode::BAD_REQUEST, "There are too many locations.");
            }
        }),
    },
    Bug {
        name: "cal-create-limit-drops-the-rest",
        requirement: "CAL-CREATE-LIMIT",
        also_breaks: &[],
        says: "A session of more locations than are allowed is created from the first of them.",
        change: Change::Call(|it| {
            edit_locations(it, |locations| locations.truncate(MAX_LOCATIONS));
        }),
    },
    Bug {
        name: "cal-create-invalid-takes-missing",
        requirement: "CAL-CREATE-INVALID",
        also_breaks: &[],
        says: "A missing coordinate counts as zero.",
        change: Change::Call(|it| {
            edit_coordinates(it, |_, coordinate| {
                if coordinate.is_null() {
                    *coordinate = json!(0);
                }
            });
        }),
    },
    Bug {
        name: "cal-create-invalid-takes-text",
        requirement: "CAL-CREATE-INVALID",
        also_breaks: &[],
        says: "A coordinate that is text counts as zero.",
        change: Change::Call(|it| {
            edit_coordinates(it, |_, coordinate| {
                if coordinate.is_string() {
                    *coordinate = json!(0);
                }
            });
        }),
    },
    Bug {
        name: "cal-create-invalid-takes-beyond-the-pole",
        requirement: "CAL-CREATE-INVALID",
        also_breaks: &[],
        says: "A coordinate out of its range is brought back to the edge of it.",
        change: Change::Call(|it| {
            edit_coordinates(it, |name, coordinate| {
                let (least, most) = if name == "lat" { LATITUDE } else { LONGITUDE };
                if let Some(degrees) = coordinate.as_f64() {
                    *coordinate = json!(degrees.clamp(least, most));
                }
            });
        }),
    },
    Bug {
        name: "cal-create-invalid-is-500",
        requirement: "CAL-CREATE-INVALID",
        also_breaks: &[(
            "CAL-CREATE-LIMIT",
            "a session of too many locations cannot be created either, and is answered with 500 too",
        )],
        says: "What cannot be created is answered with 500.",
        change: Change::Reply(|it| {
            if it.operation() == CalmyxCreate && it.answer.status == StatusCode::BAD_REQUEST {
                it.refuse(StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong.");
            }
        }),
    },
    Bug {
        name: "cal-auth-needs-no-key",
        requirement: "CAL-AUTH",
        also_breaks: &[],
        says: "A call without a key is served as if it had the first one.",
        change: Change::Call(|it| {
            if it.call.authorization().is_none() {
                it.call_as_first();
            }
        }),
    },
    Bug {
        name: "cal-auth-takes-any-key",
        requirement: "CAL-AUTH",
        also_breaks: &[],
        says: "A wrong key is served as if it were the first one.",
        change: Change::Call(|it| {
            if it.call.authorization().is_some() && !it.is_known() {
                it.call_as_first();
            }
        }),
    },
    Bug {
        name: "cal-auth-tells-anyway",
        requirement: "CAL-AUTH",
        also_breaks: &[],
        says: "A refusal for want of a key holds the session's data.",
        change: Change::Reply(|it| {
            if it.operation() == CalmyxStatus
                && it.answer.status == StatusCode::UNAUTHORIZED
                && let Some(last) = &it.memory.last
            {
                it.answer.body = last.body.clone();
            }
        }),
    },
    Bug {
        name: "cal-id-required-answers-anyway",
        requirement: "CAL-ID-REQUIRED",
        also_breaks: &[],
        says: "Status without a session_id is answered with success.",
        change: Change::Reply(|it| {
            if it.operation() == CalmyxStatus
                && it.call.session().is_none()
                && it.answer.status == StatusCode::BAD_REQUEST
            {
                it.answer.refuse(StatusCode::OK, json!({ "sessions": [] }));
            }
        }),
    },
    Bug {
        name: "cal-id-unknown-is-empty",
        requirement: "CAL-ID-UNKNOWN",
        also_breaks: &[],
        says: "An id that was never given out is answered with an empty session.",
        change: Change::Reply(|it| {
            if is_unknown(it) {
                let progress = json!({ "total": 0, "processed": 0, "successful": 0, "failed": 0 });
                it.answer.refuse(StatusCode::OK, json!({ "status": "QUEUED", "progress": progress, "results": [] }));
            }
        }),
    },
    Bug {
        name: "cal-id-unknown-is-500",
        requirement: "CAL-ID-UNKNOWN",
        also_breaks: &[],
        says: "An id that was never given out is answered with 500.",
        change: Change::Reply(|it| {
            if is_unknown(it) {
                it.refuse(StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong.");
            }
        }),
    },
    Bug {
        name: "cal-id-foreign-is-visible",
        requirement: "CAL-ID-FOREIGN",
        also_breaks: &[],
        says: "Every key sees the sessions of the others.",
        change: Change::Call(|it| {
            if it.is_known()
                && let Some(owner) = &it.memory.owner
            {
                it.call.call_as(owner.clone());
            }
        }),
    },
    Bug {
        name: "cal-id-foreign-is-forbidden",
        requirement: "CAL-ID-FOREIGN",
        also_breaks: &[],
        says: "The session of another key is answered with 403, which tells that it exists.",
        change: Change::Reply(|it| {
            if it.operation() == CalmyxStatus && it.answer.status == StatusCode::NOT_FOUND && it.is_foreign() {
                it.refuse(StatusCode::FORBIDDEN, "This session belongs to another key.");
            }
        }),
    },
];

fn is_unknown(it: &Exchange<'_>) -> bool {
    it.operation() == CalmyxStatus && it.answer.status == StatusCode::NOT_FOUND && it.memory.owner.is_none()
}

fn sent_locations(it: &Exchange<'_>) -> usize {
    let body = it.call.json().unwrap_or_default();
    body.get("locations").and_then(Value::as_array).map_or(0, Vec::len)
}

fn edit_locations(it: &mut Asking<'_>, edit: impl FnOnce(&mut Vec<Value>)) {
    if it.call.operation() == CalmyxCreate {
        it.call.edit_json(|body| {
            if let Some(locations) = body.get_mut("locations").and_then(Value::as_array_mut) {
                edit(locations);
            }
        });
    }
}

fn edit_coordinates(it: &mut Asking<'_>, edit: fn(&str, &mut Value)) {
    edit_locations(it, |locations| {
        for location in locations.iter_mut().filter_map(Value::as_object_mut) {
            for name in ["lat", "lng"] {
                edit(name, location.entry(name).or_insert(Value::Null));
            }
        }
    });
}
