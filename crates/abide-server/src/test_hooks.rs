//! Paths for tests, which exist only where they were asked for: the clock can be moved.
//!
//! They ask for no credential. Whoever reaches the server may use them, so they belong on loopback.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{Request, State},
    http::StatusCode,
    response::Response,
    routing::post,
};
use serde_json::{Value, json};

use crate::{
    app::App,
    reply::{Api, Failure, reply},
    request::{Refusal, json_body},
    store,
};

/// The longest single move, in seconds: about 31 years.
const LONGEST_MOVE: f64 = 1e9;

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new().route("/_test/clock/advance", post(advance_clock))
}

async fn advance_clock(State(app): State<Arc<App>>, request: Request) -> Response {
    Api::Hum.answer(advance(&app, request).await)
}

/// Moves the clock for every session of both APIs. The move is stored before it is answered, and a restart on the same
/// file keeps it.
async fn advance(app: &App, request: Request) -> Result<Response, Failure> {
    let by = seconds(&json_body(request).await?)?;
    app.store.transaction(move |database| store::remember_move(database, by)).await?;
    app.clock.advance(by);
    let now = app.moment().await?;
    Ok(reply(StatusCode::OK, &json!({ "now": now.rfc3339() })))
}

fn seconds(body: &Value) -> Result<Duration, Refusal> {
    body.get("seconds")
        .and_then(Value::as_f64)
        .filter(|seconds| (0.0..=LONGEST_MOVE).contains(seconds))
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .ok_or_else(|| {
            let sentence = format!("The body needs a number seconds from 0 to {LONGEST_MOVE}.");
            Refusal::new(StatusCode::BAD_REQUEST, sentence)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies() {
        for (body, expected) in [
            (json!({ "seconds": 0 }), Some(0)),
            (json!({ "seconds": -0.0 }), Some(0)),
            (json!({ "seconds": 1.5, "more": 1 }), Some(1_500)),
            (json!({ "seconds": 1e9 }), Some(1_000_000_000_000)),
            (json!({ "seconds": 1e9 + 1.0 }), None),
            (json!({ "seconds": -0.001 }), None),
            (json!({ "seconds": "5" }), None),
            (json!({ "seconds": null }), None),
            (json!({}), None),
            (json!(5), None),
        ] {
            assert_eq!(seconds(&body).ok(), expected.map(Duration::from_millis), "{body}");
        }
    }
}
