//! Freedoms of Hum: what older pages show, fields that may be missing, further agents, and when 202 becomes 200.

use axum::http::{StatusCode, header};
use serde_json::json;

use super::Variation;
use crate::{
    breakage::{
        call::{
            Call,
            Operation::{HumServices, HumStatus},
        },
        change::{Change, Exchange},
        memory::Memory,
    },
    reply::Api,
    scenario::Shape,
};

pub(super) const VARIATIONS: &[Variation] = &[
    Variation {
        name: "address-as-object",
        api: Some(Api::Hum),
        says: "The service address is an object, as an older page has it.",
        change: Change::Reply(|it| dress(it, Shape::AddressAsObject)),
    },
    Variation {
        name: "zip-as-number",
        api: Some(Api::Hum),
        says: "The zip that is echoed is a number, as the documented examples have it.",
        change: Change::Reply(|it| dress(it, Shape::ZipAsNumber)),
    },
    Variation {
        name: "token-in-data",
        api: Some(Api::Hum),
        says: "Creation gives the token in data and not in meta, as an older page has it.",
        change: Change::Reply(|it| dress(it, Shape::TokenInData)),
    },
    Variation {
        name: "address-in-meta-only",
        api: Some(Api::Hum),
        says: "The service address stands in meta, and data has none.",
        change: Change::Status(|it| it.answer.remove("/data/service_address")),
    },
    Variation {
        name: "services-apart",
        api: Some(Api::Hum),
        says: "Services are read at their own address, and the status does not hold them.",
        change: Change::Status(|it| it.answer.remove("/data/internet")),
    },
    Variation {
        name: "without-optional-fields",
        api: Some(Api::Hum),
        says: "The meta of an answer holds the token and the agents, and nothing else.",
        change: Change::Reply(|it| {
            for field in
                ["session_status", "session_params", "created_at", "updated_at", "responded_at", "hum_data_set"]
            {
                it.answer.remove(&format!("/meta/{field}"));
            }
        }),
    },
    Variation {
        name: "times-with-offset-of-zero",
        api: Some(Api::Hum),
        says: "Times have the offset +00:00 and no fraction.",
        change: Change::Reply(|it| {
            for place in ["/meta/created_at", "/meta/updated_at", "/meta/responded_at"] {
                if let Some((seconds, _)) = it.answer.text(place).split_once('.') {
                    let time = format!("{seconds}+00:00");
                    it.answer.set(place, time);
                }
            }
        }),
    },
    Variation {
        name: "more-agents",
        api: Some(Api::Hum),
        says: "There are agents that no document names, and they stay pending.",
        change: Change::Reply(|it| {
            if it.answer.at("/meta/agent_status").is_object() {
                it.answer.set("/meta/agent_status/phone", "pending");
                it.answer.set("/meta/agent_status/tv", "unavailable");
            }
        }),
    },
    Variation {
        name: "always-a-warning",
        api: Some(Api::Hum),
        says: "Every success has the request_status warning.",
        change: Change::Reply(|it| {
            if it.answer.is_success() {
                it.answer.set("/request_status", "warning");
            }
        }),
    },
    Variation {
        name: "202-until-all-is-settled",
        api: Some(Api::Hum),
        says: "Status is 202 until the last agent has settled.",
        change: Change::Status(|it| {
            if it.memory.ends == 0 {
                it.answer.status = StatusCode::ACCEPTED;
            }
        }),
    },
    Variation {
        name: "200-from-the-start",
        api: Some(Api::Hum),
        says: "Status is 200 while agents are pending too.",
        change: Change::Status(|it| it.answer.status = StatusCode::OK),
    },
    Variation {
        name: "services-202-without-list",
        api: Some(Api::Hum),
        says: "Services that are still being looked up have an empty data.",
        change: Change::Reply(|it| {
            if it.operation() == HumServices && it.answer.status == StatusCode::ACCEPTED {
                it.answer.set("/data", json!({}));
            }
        }),
    },
    Variation {
        name: "pushes-back",
        api: Some(Api::Hum),
        says: "Every tenth call on a session is answered with 429 and a Retry-After of one second, which is enough.",
        change: Change::Both(
            |it| {
                // The call must not renew the session; so the good server is asked about one that does not exist.
                if is_pushed_back(it.call, it.memory, it.memory.count + 1) {
                    it.call.name_session("nobody");
                }
            },
            |it| {
                it.memory.count += 1;
                if is_pushed_back(it.call, it.memory, it.memory.count) {
                    it.refuse(StatusCode::TOO_MANY_REQUESTS, "Slow down.");
                    it.answer.header(header::RETRY_AFTER, "1");
                }
            },
        ),
    },
];

/// Whether this reading call, the `count`-th on a living session of the caller's own, is a tenth one.
fn is_pushed_back(call: &Call, memory: &Memory, count: u32) -> bool {
    let reads = [HumStatus, HumServices].contains(&call.operation());
    let own = memory.owner.is_some() && memory.owner.as_ref() == call.authorization();
    reads && own && !memory.closed && memory.gone == 0 && count.is_multiple_of(10)
}

fn dress(it: &mut Exchange<'_>, shape: Shape) {
    if let Some(body) = it.answer.at_mut("") {
        shape.dress(body);
    }
}
