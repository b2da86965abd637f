//! Calmyx: sessions that score how quiet up to 500 locations are.
//!
//! This file reads requests and writes replies; what to answer is decided by the pure functions in the files below it.

mod cache;
mod create;
mod rendered;
mod score;
mod status;
mod timeline;

use std::sync::Arc;

use axum::{
    Router,
    extract::{Query, Request, State, rejection::QueryRejection},
    http::{HeaderMap, StatusCode},
    response::Response,
    routing::{get, post},
};
use serde::Deserialize;

pub(crate) use self::{
    cache::Cache,
    create::{Location, example},
    timeline::listings,
};
use self::{create::Created, rendered::Rendered};
use crate::{
    app::App,
    credentials::Owner,
    ids,
    reply::{Api, Failure, json_reply, reply},
    request::{Refusal, authorization, json_body},
    store::{self, CalmyxSession},
};

/// The session calls of the API.
pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new().route("/v2/session/new", post(create_session)).route("/v2/session/status", get(session_status))
}

async fn create_session(State(app): State<Arc<App>>, request: Request) -> Response {
    Api::Calmyx.answer(create(&app, request).await)
}

async fn create(app: &App, request: Request) -> Result<Response, Failure> {
    let owner = caller(app, request.headers())?;
    let locations = create::locations(&json_body(request).await?)?;
    let session_id = new_id()?;
    let secret = ids::random_bits()?;
    let (clock, speed, limit) = (app.clock.clone(), app.speed, app.plan.active_listings());

    let created = app
        .store
        .transaction(move |database| {
            let used = if limit.is_some() { store::listings_of(database, owner)? } else { 0 };
            let allowance = limit.map(|limit| limit.saturating_sub(used));
            let submitted_at = clock.now();
            let session = CalmyxSession { owner, secret, submitted_at, speed, allowance, locations };
            store::insert_calmyx(database, &session_id, &session, listings(&session))?;
            Ok(Created::of(session_id, &session))
        })
        .await?;
    Ok(reply(StatusCode::OK, &created))
}

pub(crate) fn new_id() -> Result<String, getrandom::Error> {
    ids::random_id().map(|id| format!("sess_{id}"))
}

#[derive(Debug, Deserialize)]
struct StatusQuery {
    session_id: Option<String>,
}

async fn session_status(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    query: Result<Query<StatusQuery>, QueryRejection>,
) -> Response {
    Api::Calmyx.answer(status(&app, &headers, query).await)
}

async fn status(
    app: &App,
    headers: &HeaderMap,
    query: Result<Query<StatusQuery>, QueryRejection>,
) -> Result<Response, Failure> {
    let owner = caller(app, headers)?;
    let session_id = match query {
        Ok(Query(StatusQuery { session_id: Some(id) })) if !id.is_empty() => id,
        Ok(_) | Err(_) => {
            return Err(Refusal::new(StatusCode::BAD_REQUEST, "The query needs one session_id.").into());
        }
    };
    let session = match app.calmyx_cache.find(&session_id) {
        Some(known) => Some(known),
        None => look_up(app, session_id).await?,
    };
    let session = session
        .filter(|session| session.owner() == owner)
        .ok_or_else(|| Refusal::new(StatusCode::NOT_FOUND, "There is no such session."))?;
    Ok(json_reply(StatusCode::OK, session.body(app.clock.now())?))
}

/// The session in the store, which is kept ready from then on.
async fn look_up(app: &App, session_id: String) -> Result<Option<Arc<Rendered>>, Failure> {
    let (session_id, rendered) = app
        .store
        .read(move |database| {
            let session = store::calmyx_session(database, &session_id)?;
            let rendered = session.map(|session| Rendered::of(&session)).transpose()?;
            Ok((session_id, rendered.map(Arc::new)))
        })
        .await?;
    if let Some(rendered) = &rendered {
        app.calmyx_cache.insert(session_id, Arc::clone(rendered));
    }
    Ok(rendered)
}

/// Who calls (CAL-AUTH): the bare key, so that a scheme before it makes it another key.
fn caller(app: &App, headers: &HeaderMap) -> Result<Owner, Refusal> {
    authorization(headers).and_then(|value| app.calmyx_callers.recognise(value)).ok_or_else(|| {
        Refusal::new(StatusCode::UNAUTHORIZED, "The Authorization header must hold a valid API key and nothing else.")
    })
}
