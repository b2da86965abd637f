//! Bugs of the agents: how they are told, that they settle, and that they stay settled.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::Bug;
use crate::breakage::{call::Operation::HumServices, change::Change};

const GEOCODING: &str = "/meta/agent_status/geocoding";
const INTERNET: &str = "/meta/agent_status/internet";

pub(super) const BUGS: &[Bug] = &[
    Bug {
        name: "hum-agents-missing",
        requirement: "HUM-AGENTS",
        also_breaks: &[("HUM-LIVENESS", "agents that nobody tells of are never seen to settle")],
        says: "The status of a session does not tell its agents.",
        change: Change::Status(|it| it.answer.remove("/meta/agent_status")),
    },
    Bug {
        name: "hum-agents-as-flags",
        requirement: "HUM-AGENTS",
        also_breaks: &[("HUM-LIVENESS", "a value that is no word is never seen to settle")],
        says: "The value of an agent is true or false, and no string.",
        change: Change::Status(|it| {
            for agent in [GEOCODING, INTERNET] {
                let settled = it.answer.text(agent) != "pending";
                it.answer.set(agent, settled);
            }
        }),
    },
    Bug {
        name: "hum-agent-final-pending-again",
        requirement: "HUM-AGENT-FINAL",
        also_breaks: &[],
        says: "Geocoding that has settled is pending again at every third look.",
        change: Change::Status(|it| {
            if !["", "pending"].contains(&it.answer.text(GEOCODING)) {
                it.memory.count += 1;
                if it.memory.count.is_multiple_of(3) {
                    it.answer.set(GEOCODING, "pending");
                }
            }
        }),
    },
    Bug {
        name: "hum-agent-final-changes-its-mind",
        requirement: "HUM-AGENT-FINAL",
        also_breaks: &[],
        says: "From the third look at its outcome on, internet has the opposite one.",
        change: Change::Status(|it| {
            if it.memory.ends > 2 {
                let opposite = if it.answer.text(INTERNET) == "matched" { "failed" } else { "matched" };
                it.answer.set(INTERNET, opposite);
            }
        }),
    },
    Bug {
        name: "hum-liveness-internet-never-settles",
        requirement: "HUM-LIVENESS",
        also_breaks: &[],
        says: "Internet is pending for ever.",
        change: Change::Reply(|it| {
            if it.answer.is_success() && it.answer.at(INTERNET).is_string() {
                it.answer.set(INTERNET, "pending");
                if it.operation() == HumServices {
                    it.answer.status = StatusCode::ACCEPTED;
                    it.answer.set("/data/internet", json!([]));
                } else if let Some(data) = it.answer.at_mut("/data").and_then(Value::as_object_mut) {
                    data.remove("internet");
                }
            }
        }),
    },
];
