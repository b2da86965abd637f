//! Bugs of the calls themselves: what is created, who may call, which session is meant, and how often.

use axum::http::{StatusCode, header};
use serde_json::{Value, json};

use super::Bug;
use crate::{
    breakage::{
        call::Operation::{self, HumCreate, HumStatus},
        change::{Asking, Change, Exchange},
    },
    documented::hum::{STATES, STREET1_LENGTH},
};

/// Where a stranger's call is served, a stranger's closing ends the session for its owner too, before its time.
pub(super) const BUGS: &[Bug] = &[
    Bug {
        name: "hum-create-reply-200",
        requirement: "HUM-CREATE-REPLY",
        also_breaks: &[],
        says: "Creation is answered with 200.",
        change: Change::Created(|it| it.answer.status = StatusCode::OK),
    },
    Bug {
        name: "hum-create-reply-without-token",
        requirement: "HUM-CREATE-REPLY",
        also_breaks: &[],
        says: "The answer to creation does not give the token.",
        change: Change::Created(|it| it.answer.remove("/meta/session_token")),
    },
    Bug {
        name: "hum-create-invalid-takes-no-street",
        requirement: "HUM-CREATE-INVALID",
        also_breaks: &[],
        says: "An address without street1 is taken.",
        change: Change::Call(|it| {
            edit_field(it, "street1", |street| {
                if street.is_null() {
                    *street = json!("1 Main Street");
                }
            });
        }),
    },
    Bug {
        name: "hum-create-invalid-takes-no-place",
        requirement: "HUM-CREATE-INVALID",
        also_breaks: &[],
        says: "An address without zip, and without city or state, is taken.",
        change: Change::Call(|it| {
            edit_field(it, "zip", |zip| {
                if zip.is_null() {
                    *zip = json!("48034");
                }
            });
        }),
    },
    Bug {
        name: "hum-create-invalid-takes-any-zip",
        requirement: "HUM-CREATE-INVALID",
        also_breaks: &[],
        says: "Any text is taken for a zip.",
        change: Change::Call(|it| {
            edit_field(it, "zip", |zip| {
                if zip.is_string() {
                    *zip = json!("48034");
                }
            });
        }),
    },
    Bug {
        name: "hum-create-invalid-cuts-long-texts",
        requirement: "HUM-CREATE-INVALID",
        also_breaks: &[],
        says: "A street1 over its length is cut.",
        change: Change::Call(|it| {
            edit_field(it, "street1", |street| {
                let (_, most) = STREET1_LENGTH;
                if let Some(text) = street.as_str() {
                    *street = text.chars().take(most).collect::<String>().into();
                }
            });
        }),
    },
    Bug {
        name: "hum-create-invalid-takes-any-state",
        requirement: "HUM-CREATE-INVALID",
        also_breaks: &[],
        says: "Any text is taken for a state.",
        change: Change::Call(|it| {
            edit_field(it, "state", |state| {
                if state.as_str().is_some_and(|code| !STATES.contains(&code)) {
                    *state = json!("MI");
                }
            });
        }),
    },
    Bug {
        name: "hum-create-invalid-is-400",
        requirement: "HUM-CREATE-INVALID",
        also_breaks: &[],
        says: "An address that cannot be taken is answered with 400.",
        change: Change::Reply(|it| {
            if it.operation() == HumCreate && it.answer.status == StatusCode::UNPROCESSABLE_ENTITY {
                it.answer.status = StatusCode::BAD_REQUEST;
            }
        }),
    },
    Bug {
        name: "hum-auth-needs-no-token",
        requirement: "HUM-AUTH",
        also_breaks: &[("HUM-EXPIRY-SLIDES", "a call without a token is a call of the owner, and renews the session")],
        says: "A call without an API token is served as if it had the first one.",
        change: Change::Call(|it| {
            if it.call.authorization().is_none() {
                it.call_as_first();
            }
        }),
    },
    Bug {
        name: "hum-auth-takes-any-token",
        requirement: "HUM-AUTH",
        also_breaks: &[],
        says: "A wrong API token is served as if it were the first one.",
        change: Change::Call(|it| {
            if it.call.authorization().is_some() && !it.is_known() {
                it.call_as_first();
            }
        }),
    },
    Bug {
        name: "hum-auth-tells-anyway",
        requirement: "HUM-AUTH",
        also_breaks: &[("HUM-REQUEST-STATUS", "the body of the refusal is that of a success, with its request_status")],
        says: "A refusal for want of an API token holds the session's data.",
        change: Change::Reply(|it| {
            if it.answer.status == StatusCode::UNAUTHORIZED
                && let Some(last) = &it.memory.last
            {
                it.answer.body = last.body.clone();
            }
        }),
    },
    Bug {
        name: "hum-token-unknown-is-empty",
        requirement: "HUM-TOKEN-UNKNOWN",
        also_breaks: &[],
        says: "A token that was never given out is answered with an empty session.",
        change: Change::Reply(|it| {
            if is_unknown(it) {
                let body = json!({ "message": "Nothing yet", "request_status": "ok", "data": {}, "meta": {} });
                it.answer.refuse(StatusCode::OK, body);
            }
        }),
    },
    Bug {
        name: "hum-token-unknown-is-500",
        requirement: "HUM-TOKEN-UNKNOWN",
        also_breaks: &[],
        says: "A token that was never given out is answered with 500.",
        change: Change::Reply(|it| {
            if is_unknown(it) {
                it.refuse(StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong.");
            }
        }),
    },
    Bug {
        name: "hum-token-unknown-is-502",
        requirement: "HUM-TOKEN-UNKNOWN",
        also_breaks: &[],
        says: "A token that was never given out is answered with 502, as if something on the way had failed.",
        change: Change::Reply(|it| {
            if is_unknown(it) {
                it.refuse(StatusCode::BAD_GATEWAY, "Something went wrong.");
            }
        }),
    },
    Bug {
        name: "hum-token-foreign-is-visible",
        requirement: "HUM-TOKEN-FOREIGN",
        also_breaks: &[],
        says: "Every caller sees the sessions of the others.",
        change: Change::Call(|it| {
            if it.is_known()
                && let Some(owner) = &it.memory.owner
            {
                it.call.call_as(owner.clone());
            }
        }),
    },
    Bug {
        name: "hum-token-foreign-is-forbidden",
        requirement: "HUM-TOKEN-FOREIGN",
        also_breaks: &[],
        says: "The session of another caller is answered with 403, which tells that it exists.",
        change: Change::Reply(|it| {
            if it.answer.status == StatusCode::NOT_FOUND && it.is_foreign() {
                it.refuse(StatusCode::FORBIDDEN, "This session belongs to another caller.");
            }
        }),
    },
    Bug {
        name: "hum-rate-limit-without-retry-after",
        requirement: "HUM-RATE-LIMIT",
        also_breaks: &[],
        says: "Every eighth status call is answered with 429 and no Retry-After.",
        change: Change::Reply(|it| {
            if counted(it).is_multiple_of(8) {
                it.refuse(StatusCode::TOO_MANY_REQUESTS, "Slow down.");
                it.answer.headers.remove(header::RETRY_AFTER);
            }
        }),
    },
    Bug {
        name: "hum-rate-limit-asks-for-too-little",
        requirement: "HUM-RATE-LIMIT",
        also_breaks: &[],
        says: "Of every eight status calls the last three are answered with 429, however long the caller waits.",
        change: Change::Reply(|it| {
            if counted(it) % 8 > 4 {
                it.refuse(StatusCode::TOO_MANY_REQUESTS, "Slow down.");
                it.answer.header(header::RETRY_AFTER, "1");
            }
        }),
    },
];

fn is_unknown(it: &Exchange<'_>) -> bool {
    it.operation() != Operation::Other && it.answer.status == StatusCode::NOT_FOUND && it.memory.owner.is_none()
}

/// Counts the successful status calls on a session; any other call is a first one.
fn counted(it: &mut Exchange<'_>) -> u32 {
    if it.succeeded(HumStatus) {
        it.memory.count += 1;
        it.memory.count
    } else {
        1
    }
}

fn edit_field(it: &mut Asking<'_>, name: &str, edit: fn(&mut Value)) {
    if it.call.operation() == HumCreate {
        it.call.edit_json(|body| {
            if let Some(body) = body.as_object_mut() {
                let mut field = body.get(name).cloned().unwrap_or_default();
                edit(&mut field);
                if !field.is_null() {
                    body.insert(name.to_owned(), field);
                }
            }
        });
    }
}
