//! What each call answers about a live session: a pure function of the stored session and the moment of asking.

use axum::http::StatusCode;
use serde::Serialize;

use super::{
    lookup::{Geocoding, Internet, Lookup},
    providers::{Provider, providers},
};
use crate::{
    clock::{Moment, Text},
    store::HumSession,
};

/// The only session status that any document shows, in the answer to closing too.
const SESSION_STATUS: &str = "open";
/// The data set that results come from; the documents show a different one in every version.
const DATA_SET: &str = "reference";

/// A successful answer.
#[derive(Debug, PartialEq)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) body: Envelope,
}

/// What every answer is wrapped in (HUM-ENVELOPE).
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Envelope {
    message: &'static str,
    request_status: &'static str,
    data: Data,
    meta: Meta,
}

#[derive(Debug, PartialEq, Serialize)]
#[serde(untagged)]
enum Data {
    Created(Vec<Provider>),
    Status {
        service_address: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        internet: Option<Vec<Provider>>,
    },
    Services {
        internet: Vec<Provider>,
    },
    Closed {},
}

#[derive(Debug, PartialEq, Serialize)]
struct Meta {
    session_token: String,
    session_status: &'static str,
    agent_status: AgentStatus,
    session_params: Parameters,
    service_address: Option<String>,
    created_at: Text,
    updated_at: Text,
    responded_at: Text,
    hum_data_set: &'static str,
}

/// `checkout` means "ready for checkout" and is never awaited: no document shows another value of it.
#[derive(Debug, PartialEq, Serialize)]
struct AgentStatus {
    geocoding: Geocoding,
    internet: &'static str,
    checkout: &'static str,
}

/// What the session was created with, as far as it was given.
#[derive(Debug, PartialEq, Serialize)]
struct Parameters {
    street1: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    street2: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    city: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    zip: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    campaign_id: Option<String>,
}

impl Answer {
    /// 201, with the providers that are known at once: none (HUM-CREATE-REPLY).
    pub(super) fn created(session: &HumSession, token: &str, now: Moment) -> Self {
        let view = View::of(session, token, now);
        view.answer(StatusCode::CREATED, "Session created successfully", Data::Created(view.providers()))
    }

    /// 202 until the address is known, then 200 (HUM-CODE, HUM-CODE-ORDER).
    pub(super) fn status(session: &HumSession, token: &str, now: Moment) -> Self {
        let view = View::of(session, token, now);
        let code = match view.lookup.geocoding {
            Geocoding::Pending => StatusCode::ACCEPTED,
            Geocoding::Matched | Geocoding::Multiple | Geocoding::Failed => StatusCode::OK,
        };
        let internet = match view.lookup.internet {
            Internet::Matched(_) => Some(view.providers()),
            Internet::Pending | Internet::Failed => None,
        };
        let data = Data::Status { service_address: view.service_address(), internet };
        view.answer(code, "Session data retrieved successfully", data)
    }

    /// 202 until the providers are known, then 200 (HUM-SERVICES).
    pub(super) fn services(session: &HumSession, token: &str, now: Moment) -> Self {
        let view = View::of(session, token, now);
        let (code, message) = match view.lookup.internet {
            Internet::Pending => (StatusCode::ACCEPTED, "Internet services are still being looked up"),
            Internet::Matched(_) => (StatusCode::OK, "Internet services retrieved successfully"),
            Internet::Failed => (StatusCode::OK, "No Internet services were found"),
        };
        view.answer(code, message, Data::Services { internet: view.providers() })
    }

    /// 200, the last success of this session (HUM-CLOSED).
    pub(super) fn closed(session: &HumSession, token: &str, now: Moment) -> Self {
        let view = View::of(session, token, now);
        view.answer(StatusCode::OK, "Session closed successfully", Data::Closed {})
    }
}

/// A session as seen at one moment.
struct View<'a> {
    session: &'a HumSession,
    token: &'a str,
    now: Moment,
    lookup: Lookup,
}

impl<'a> View<'a> {
    fn of(session: &'a HumSession, token: &'a str, now: Moment) -> Self {
        Self { session, token, now, lookup: Lookup::of(session, token, now) }
    }

    fn service_address(&self) -> Option<String> {
        match self.lookup.geocoding {
            Geocoding::Matched => Some(self.session.address.normalised()),
            Geocoding::Pending | Geocoding::Multiple | Geocoding::Failed => None,
        }
    }

    fn providers(&self) -> Vec<Provider> {
        match self.lookup.internet {
            Internet::Matched(count) => providers(&self.session.address.identity(), self.token, count),
            Internet::Pending | Internet::Failed => Vec::new(),
        }
    }

    fn answer(&self, status: StatusCode, message: &'static str, data: Data) -> Answer {
        let request_status = if self.lookup.has_issues() { "warning" } else { "ok" };
        Answer { status, body: Envelope { message, request_status, data, meta: self.meta() } }
    }

    fn meta(&self) -> Meta {
        let address = &self.session.address;
        Meta {
            session_token: self.token.to_owned(),
            session_status: SESSION_STATUS,
            agent_status: AgentStatus {
                geocoding: self.lookup.geocoding,
                internet: self.lookup.internet.name(),
                checkout: "pending",
            },
            session_params: Parameters {
                street1: address.street1.clone(),
                street2: address.street2.clone(),
                city: address.city.clone(),
                state: address.state.clone(),
                zip: address.zip.clone(),
                campaign_id: address.campaign_id.clone(),
            },
            service_address: self.service_address(),
            created_at: self.session.created_at.rfc3339(),
            updated_at: self.lookup.updated_at.rfc3339(),
            responded_at: self.now.rfc3339(),
            hum_data_set: DATA_SET,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::{Value, json};

    use super::*;
    use crate::{documented::hum::AGENTS, hum::lookup::tests::session_with};

    const TOKEN: &str = "0123456789abcdefghijkl";

    type Describe = fn(&HumSession, &str, Moment) -> Answer;

    /// The code and the body at that many seconds after creation.
    fn at(session: &HumSession, describe: Describe, seconds: u64) -> (u16, Value) {
        let answer = describe(session, TOKEN, session.created_at.plus(Duration::from_secs(seconds)));
        (answer.status.as_u16(), serde_json::to_value(answer.body).unwrap())
    }

    /// Status at 1, 4.. and 10 s: code, request status, geocoding, internet.
    #[track_caller]
    fn check(geocoding: Geocoding, matched: bool, expected: [(u16, &str, &str, &str); 3]) {
        let session = session_with(geocoding, matched);
        let found = [1, 4, 10].map(|seconds| at(&session, Answer::status, seconds));
        for ((code, body), expected) in found.iter().zip(expected) {
            let agents = &body["meta"]["agent_status"];
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let found = (*code, text(&body["request_status"]), text(&agents["geocoding"]), text(&agents["internet"]));
            assert_eq!((found.0, &*found.1, &*found.2, &*found.3), expected);
            assert_eq!(agents["checkout"], "pending");
            assert_eq!(body["data"]["service_address"].is_string(), found.2 == "matched");
            assert_eq!(body["data"]["service_address"], body["meta"]["service_address"]);
            assert_eq!(body["data"].get("internet").is_some(), found.3 == "matched");
        }
    }

    #[test]
    fn status_over_time() {
        let pending = (202, "ok", "pending", "pending");
        check(
            Geocoding::Matched,
            true,
            [pending, (200, "ok", "matched", "pending"), (200, "ok", "matched", "matched")],
        );
        check(
            Geocoding::Matched,
            false,
            [pending, (200, "ok", "matched", "pending"), (200, "warning", "matched", "failed")],
        );
        let multiple = (200, "warning", "multiple", "failed");
        check(Geocoding::Multiple, false, [pending, multiple, multiple]);
        let failed = (200, "warning", "failed", "failed");
        check(Geocoding::Failed, false, [pending, failed, failed]);
    }

    #[test]
    fn services_over_time() {
        let session = session_with(Geocoding::Matched, true);
        for (seconds, code, any) in [(1, 202, false), (4, 202, false), (10, 200, true)] {
            let (found, body) = at(&session, Answer::services, seconds);
            assert_eq!(found, code, "after {seconds} s");
            assert_eq!(!body["data"]["internet"].as_array().unwrap().is_empty(), any);
        }
        let (code, body) = at(&session_with(Geocoding::Failed, false), Answer::services, 10);
        assert_eq!(
            (code, &body["data"], &body["request_status"]),
            (200, &json!({ "internet": [] }), &json!("warning"))
        );
    }

    #[test]
    fn creating_and_closing() {
        let session = session_with(Geocoding::Matched, true);
        let (code, body) = at(&session, Answer::created, 0);
        assert_eq!((code, &body["data"], &body["meta"]["session_token"]), (201, &json!([]), &json!(TOKEN)));
        let (code, body) = at(&session, Answer::closed, 1);
        assert_eq!((code, &body["data"]), (200, &json!({})));
        assert_eq!(body["message"], "Session closed successfully");
    }

    #[test]
    fn meta_names_the_documented_agents_and_orders_its_times() {
        let session = session_with(Geocoding::Matched, true);
        for seconds in 0..12 {
            let (_, body) = at(&session, Answer::status, seconds);
            let meta = &body["meta"];
            assert!(AGENTS.iter().all(|agent| meta["agent_status"][agent].is_string()));
            let times = ["created_at", "updated_at", "responded_at"].map(|name| meta[name].as_str().unwrap());
            assert!(times.is_sorted(), "{times:?}");
            assert!(times.iter().all(|time| time.len() == "2024-09-20T23:13:31.179Z".len() && time.ends_with('Z')));
        }
    }
}
