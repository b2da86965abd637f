//! Bugs of a session's life: when it expires, what closing does, and that the end is the end.
//!
//! The good server ends sessions as it should. A bug that lets one live on repeats the last answer that was good; a bug
//! that ends one early refuses what the good server would answer.

use axum::http::StatusCode;
use serde_json::json;

use super::Bug;
use crate::breakage::{
    call::Operation::{CalmyxCreate, CalmyxStatus, HumClose, HumCreate, HumServices, HumStatus, Other},
    change::{Change, Exchange},
};

pub(super) const BUGS: &[Bug] = &[
    Bug {
        name: "hum-expiry-never",
        requirement: "HUM-EXPIRY",
        also_breaks: &[
            ("HUM-EXPIRY-SLIDES", "a session lives on after its last use too"),
            ("HUM-LIVENESS", "what lives on is the last answer, whose agents stay pending"),
        ],
        says: "A session that nobody closes lives for ever.",
        change: Change::Reply(|it| {
            if it.answer.status == StatusCode::GONE && !it.memory.closed {
                live_on(it);
            }
        }),
    },
    Bug {
        name: "hum-expiry-is-404",
        requirement: "HUM-EXPIRY",
        also_breaks: &[("HUM-CLOSED", "closing what has expired is answered with 404 too")],
        says: "A session that has expired is answered with 404.",
        change: Change::Reply(|it| {
            if it.answer.status == StatusCode::GONE && !it.memory.closed {
                it.refuse(StatusCode::NOT_FOUND, "There is no such session.");
            }
        }),
    },
    Bug {
        name: "hum-expiry-early-at-half",
        requirement: "HUM-EXPIRY-EARLY",
        also_breaks: &[],
        says: "A session expires after half of the documented inactivity.",
        change: Change::Reply(|it| {
            let idle = it.memory.last_activity.is_some_and(|last| it.now.since(last) >= it.inactivity / 2);
            expire_if(it, idle);
        }),
    },
    Bug {
        name: "hum-expiry-slides-not",
        requirement: "HUM-EXPIRY-SLIDES",
        also_breaks: &[],
        says: "A session expires that long after its creation, whatever happens to it.",
        change: Change::Reply(|it| {
            let old = it.memory.created_at.is_some_and(|created| it.now.since(created) >= it.inactivity);
            expire_if(it, old);
        }),
    },
    Bug {
        name: "hum-closed-lives-on",
        requirement: "HUM-CLOSED",
        also_breaks: &[],
        says: "A closed session is answered as before.",
        change: Change::Reply(|it| {
            if it.answer.status == StatusCode::GONE && it.memory.closed {
                live_on(it);
            }
        }),
    },
    Bug {
        name: "hum-closed-is-404",
        requirement: "HUM-CLOSED",
        also_breaks: &[],
        says: "A closed session is answered with 404.",
        change: Change::Reply(|it| {
            if it.answer.status == StatusCode::GONE && it.memory.closed {
                it.refuse(StatusCode::NOT_FOUND, "There is no such session.");
            }
        }),
    },
    Bug {
        name: "hum-closed-fails",
        requirement: "HUM-CLOSED",
        also_breaks: &[],
        says: "Closing is answered with 500, although it closes.",
        change: Change::Reply(|it| {
            if it.succeeded(HumClose) {
                it.refuse(StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong.");
            }
        }),
    },
    Bug {
        name: "hum-gone-final-comes-back",
        requirement: "HUM-GONE-FINAL",
        also_breaks: &[],
        says: "A session that was answered with 410 lives again at the next look.",
        change: Change::Reply(|it| {
            if it.answer.status == StatusCode::GONE && it.memory.gone > 1 {
                live_on(it);
            }
        }),
    },
];

/// Answers a call on a dead session with what was good last.
fn live_on(it: &mut Exchange<'_>) {
    let Some(last) = it.memory.last.clone() else { return };
    it.answer.become_like(&last);
    match it.operation() {
        HumClose => {
            it.memory.closed = true;
            it.answer.status = StatusCode::OK;
            it.answer.set("/data", json!({}));
        }
        HumStatus | HumServices | HumCreate | CalmyxCreate | CalmyxStatus | Other => {
            if it.answer.status == StatusCode::CREATED {
                it.answer.status = StatusCode::OK;
                it.answer.set("/data", json!({ "service_address": null }));
            }
        }
    }
    it.answer.set("/meta/responded_at", it.now.rfc3339().to_string());
}

/// Answers 410 from the moment on at which `over` holds.
fn expire_if(it: &mut Exchange<'_>, over: bool) {
    let over = over || it.memory.count > 0;
    if over && it.answer.is_success() && it.operation() != HumCreate {
        it.memory.count = 1;
        it.refuse(StatusCode::GONE, "The session has expired.");
    }
}
