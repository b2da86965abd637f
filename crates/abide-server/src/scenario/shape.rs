//! Shapes of answers that older pages show, or that real servers are known for.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::documented::calmyx::STATUS_QUEUED;

/// A way in which an answer differs from that of the newest pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Shape {
    /// Hum: `service_address` is an object with the parts of the address.
    AddressAsObject,
    /// Hum: `zip` is a number where it has five digits and no leading zero.
    ZipAsNumber,
    /// Hum: creation gives the token in `data`, and not in `meta`.
    TokenInData,
    /// Calmyx: the counters are 0 of 0 while the session waits in the queue.
    ZeroTotalInQueue,
    /// Calmyx: a session in the queue is PENDING.
    PendingForQueued,
    /// Calmyx: there is no `results`.
    WithoutResults,
}

/// The answer as JSON, in those shapes.
pub(crate) fn dressed(answer: &impl Serialize, shapes: &[Shape]) -> serde_json::Result<Value> {
    let mut body = serde_json::to_value(answer)?;
    for shape in shapes {
        shape.dress(&mut body);
    }
    Ok(body)
}

impl Shape {
    /// Changes a body; one that the shape does not concern stays as it is.
    pub(crate) fn dress(self, body: &mut Value) {
        match self {
            Self::AddressAsObject => address_as_object(body),
            Self::ZipAsNumber => zip_as_number(body),
            Self::TokenInData => token_in_data(body),
            Self::ZeroTotalInQueue => {
                if in_queue(body)
                    && let Some(total) = body.pointer_mut("/progress/total")
                {
                    *total = json!(0);
                }
            }
            Self::PendingForQueued => {
                if in_queue(body)
                    && let Some(status) = body.get_mut("status")
                {
                    *status = json!("PENDING");
                }
            }
            Self::WithoutResults => {
                if let Some(body) = body.as_object_mut() {
                    body.remove("results");
                }
            }
        }
    }
}

fn in_queue(body: &Value) -> bool {
    body.get("status").and_then(Value::as_str) == Some(STATUS_QUEUED)
}

fn address_as_object(body: &mut Value) {
    let parameters = body.pointer("/meta/session_params").cloned().unwrap_or_default();
    for place in ["/data/service_address", "/meta/service_address"] {
        if let Some(address) = body.pointer_mut(place)
            && address.is_string()
        {
            let mut parts = json!({ "normalized": address, "latitude": 42.501_721, "longitude": -83.286_263 });
            for (from, to) in [("street1", "street"), ("city", "city"), ("state", "state"), ("zip", "zip")] {
                if let (Some(value), Some(parts)) = (parameters.get(from), parts.as_object_mut()) {
                    parts.insert(to.to_owned(), value.clone());
                }
            }
            *address = parts;
        }
    }
}

fn zip_as_number(body: &mut Value) {
    for place in ["/meta/session_params/zip", "/data/service_address/zip", "/meta/service_address/zip"] {
        if let Some(zip) = body.pointer_mut(place)
            && let Some(number) =
                zip.as_str().filter(|zip| !zip.starts_with('0')).and_then(|zip| zip.parse::<u32>().ok())
        {
            *zip = json!(number);
        }
    }
}

/// Only the answer to creation has an array, of providers, as its data.
fn token_in_data(body: &mut Value) {
    if !body.get("data").is_some_and(Value::is_array) {
        return;
    }
    let token = body.get_mut("meta").and_then(Value::as_object_mut).and_then(|meta| meta.remove("session_token"));
    if let (Some(token), Some(data)) = (token, body.get_mut("data")) {
        *data = json!({ "session_token": token });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(shape: Shape, mut body: Value, expected: &Value) {
        shape.dress(&mut body);
        assert_eq!(&body, expected, "{shape:?}");
    }

    #[test]
    fn shapes() {
        let queued = json!({ "status": "QUEUED", "progress": { "total": 3 }, "results": [] });
        let working = json!({ "status": "PROCESSING", "progress": { "total": 3 } });
        check(
            Shape::ZeroTotalInQueue,
            queued.clone(),
            &json!({ "status": "QUEUED", "progress": { "total": 0 }, "results": [] }),
        );
        check(Shape::ZeroTotalInQueue, working.clone(), &working);
        check(
            Shape::PendingForQueued,
            queued.clone(),
            &json!({ "status": "PENDING", "progress": { "total": 3 }, "results": [] }),
        );
        check(Shape::WithoutResults, queued, &json!({ "status": "QUEUED", "progress": { "total": 3 } }));

        let created = json!({ "data": [], "meta": { "session_token": "t", "more": 1 } });
        check(Shape::TokenInData, created, &json!({ "data": { "session_token": "t" }, "meta": { "more": 1 } }));
        let status = json!({ "data": { "service_address": "A" }, "meta": { "session_params": { "zip": "48034" } } });
        check(
            Shape::ZipAsNumber,
            status.clone(),
            &json!({ "data": { "service_address": "A" }, "meta": { "session_params": { "zip": 48034 } } }),
        );
        for zip in ["01234", "48034-1234"] {
            let body = json!({ "meta": { "session_params": { "zip": zip } } });
            check(Shape::ZipAsNumber, body.clone(), &body);
        }
        check(
            Shape::AddressAsObject,
            status,
            &json!({
                "data": { "service_address":
                    { "normalized": "A", "latitude": 42.501_721, "longitude": -83.286_263, "zip": "48034" } },
                "meta": { "session_params": { "zip": "48034" } },
            }),
        );
    }

    #[test]
    fn what_a_shape_does_not_concern_stays() {
        for body in [json!(null), json!([]), json!({ "error": "x" }), json!({ "data": null, "meta": 1 })] {
            for shape in [Shape::AddressAsObject, Shape::ZipAsNumber, Shape::TokenInData, Shape::ZeroTotalInQueue] {
                check(shape, body.clone(), &body);
            }
        }
    }
}
