//! The switch of the faults, for tests: `GET`, `PUT` and `DELETE /_test/faults`.

use std::sync::Arc;

use axum::{
    Json, Router,
    body::Bytes,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Board, FaultRule};
use crate::error::ServerError;

/// The faults that are on, as they are written on a command line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Shown {
    #[serde(default)]
    seed: u64,
    faults: Vec<String>,
}

/// The route, which exists only where test hooks are wanted.
pub(crate) fn routes(board: Arc<Board>) -> Router {
    Router::new().route("/_test/faults", get(show).put(switch).delete(clear)).with_state(board)
}

async fn show(State(board): State<Arc<Board>>) -> Response {
    shown(&board)
}

/// Takes what [`show`] gives.
async fn switch(State(board): State<Arc<Board>>, body: Bytes) -> Response {
    let Ok(wanted) = serde_json::from_slice::<Shown>(&body) else {
        return refused("The body must be a JSON object with an array faults of strings, and seed where it matters.");
    };
    match wanted.faults.iter().map(|text| text.parse()).collect::<Result<Vec<FaultRule>, ServerError>>() {
        Ok(rules) => {
            board.switch(wanted.seed, rules);
            shown(&board)
        }
        Err(error) => refused(&error.to_string()),
    }
}

async fn clear(State(board): State<Arc<Board>>) -> Response {
    board.switch(0, Vec::new());
    shown(&board)
}

fn shown(board: &Board) -> Response {
    let (seed, faults) = board.shown();
    Json(Shown { seed, faults }).into_response()
}

fn refused(sentence: &str) -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({ "error": sentence }))).into_response()
}
