//! Bugs of the replies' shape and code: the envelope, its words and times, 200 and 202.

use axum::http::StatusCode;
use serde_json::json;

use super::Bug;
use crate::breakage::{
    call::Operation::HumStatus,
    change::{Change, Exchange},
};

pub(super) const BUGS: &[Bug] = &[
    Bug {
        name: "hum-envelope-without-message",
        requirement: "HUM-ENVELOPE",
        also_breaks: &[],
        says: "Answers have no message.",
        change: Change::Status(|it| it.answer.remove("/message")),
    },
    Bug {
        name: "hum-envelope-own-word",
        requirement: "HUM-ENVELOPE",
        also_breaks: &[],
        says: "The request_status of a success is success.",
        change: Change::Status(|it| it.answer.set("/request_status", "success")),
    },
    Bug {
        name: "hum-request-status-error-on-success",
        requirement: "HUM-REQUEST-STATUS",
        also_breaks: &[],
        says: "While an agent is pending, the request_status of a success is error.",
        change: Change::Status(|it| {
            if it.memory.ends == 0 {
                it.answer.set("/request_status", "error");
            }
        }),
    },
    Bug {
        name: "hum-request-status-ok-on-refusal",
        requirement: "HUM-REQUEST-STATUS",
        also_breaks: &[],
        says: "The request_status of a refusal is ok.",
        change: Change::Reply(|it| {
            if !it.answer.is_success() {
                it.answer.set("/request_status", "ok");
            }
        }),
    },
    Bug {
        name: "hum-code-206-while-at-work",
        requirement: "HUM-CODE",
        also_breaks: &[],
        says: "A session at work is answered with 206.",
        change: Change::Status(|it| {
            if it.answer.status == StatusCode::ACCEPTED {
                it.answer.status = StatusCode::PARTIAL_CONTENT;
            }
        }),
    },
    Bug {
        name: "hum-code-404-while-at-work",
        requirement: "HUM-CODE",
        also_breaks: &[],
        says: "Every second look at a session at work is answered with 404.",
        change: Change::Status(|it| {
            if it.answer.status == StatusCode::ACCEPTED && it.memory.answers.is_multiple_of(2) {
                it.refuse(StatusCode::NOT_FOUND, "There is no such session.");
            }
        }),
    },
    Bug {
        name: "hum-code-order-202-again",
        requirement: "HUM-CODE-ORDER",
        also_breaks: &[],
        says: "After a 200, while internet is pending, every second look is answered with 202.",
        change: Change::Status(|it| {
            if it.answer.status == StatusCode::OK && it.memory.ends == 0 {
                it.memory.count += 1;
                if it.memory.count.is_multiple_of(2) {
                    it.answer.status = StatusCode::ACCEPTED;
                }
            }
        }),
    },
    Bug {
        name: "hum-code-agents-202-for-ever",
        requirement: "HUM-CODE-AGENTS",
        also_breaks: &[],
        says: "Every status is answered with 202, even when no agent is pending.",
        change: Change::Status(|it| it.answer.status = StatusCode::ACCEPTED),
    },
    Bug {
        name: "hum-token-echo-of-another",
        requirement: "HUM-TOKEN-ECHO",
        also_breaks: &[],
        says: "The status of a session carries another session's token.",
        change: Change::Reply(|it| {
            if it.succeeded(HumStatus) {
                let reversed: String = it.answer.text("/meta/session_token").chars().rev().collect();
                it.answer.set("/meta/session_token", reversed);
            }
        }),
    },
    Bug {
        name: "hum-times-created-last",
        requirement: "HUM-TIMES",
        also_breaks: &[],
        says: "A session was created after it was answered.",
        change: Change::Status(|it| it.answer.set("/meta/created_at", "9999-12-30T00:00:00.000Z")),
    },
    Bug {
        name: "hum-times-without-zone",
        requirement: "HUM-TIMES",
        also_breaks: &[],
        says: "Times have no offset.",
        change: Change::Status(|it| {
            for place in ["/meta/created_at", "/meta/updated_at", "/meta/responded_at"] {
                let time = it.answer.text(place).trim_end_matches('Z').to_owned();
                it.answer.set(place, time);
            }
        }),
    },
    Bug {
        name: "hum-address-missing",
        requirement: "HUM-ADDRESS",
        also_breaks: &[],
        says: "A matched address is never shown.",
        change: Change::Status(|it| {
            for place in ["/data/service_address", "/meta/service_address"] {
                it.answer.remove(place);
            }
        }),
    },
    Bug {
        name: "hum-address-wanders",
        requirement: "HUM-ADDRESS",
        also_breaks: &[],
        says: "A matched address ends in another number at every look.",
        change: Change::Status(wander),
    },
    Bug {
        name: "hum-services-missing",
        requirement: "HUM-SERVICES",
        also_breaks: &[],
        says: "Matched services can be read nowhere.",
        change: Change::Reply(|it| {
            if it.succeeded(HumStatus) {
                it.answer.remove("/data/internet");
            } else if it.answer.is_success() && !it.answer.at("/data/internet").is_null() {
                it.answer.set("/data/internet", json!([]));
            }
        }),
    },
];

fn wander(it: &mut Exchange<'_>) {
    for place in ["/data/service_address", "/meta/service_address"] {
        if it.answer.at(place).is_string() {
            let address = format!("{}-{:04}", it.answer.text(place), it.memory.answers);
            it.answer.set(place, address);
        }
    }
}
