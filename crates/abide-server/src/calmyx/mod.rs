//! Calmyx: sessions that score how quiet up to 500 locations are, and the listings that scores create.
//!
//! This file reads the requests about sessions and writes the replies; `scoring`, `deletion` and `usage` do so for
//! listings. What to answer is decided by the pure functions in the files beside them.

mod create;
mod deletion;
mod listing_id;
mod location;
mod quietness;
mod room;
mod score;
mod scoring;
mod status;
mod timeline;
mod usage;

use std::sync::Arc;

use axum::{
    Router,
    extract::{Query, Request, State, rejection::QueryRejection},
    http::{HeaderMap, StatusCode},
    response::Response,
    routing::{get, post},
};
use rusqlite::Transaction;
use serde::Deserialize;

use self::{create::Created, room::Room, status::Report};
pub(crate) use self::{
    listing_id::ListingId,
    location::{Location, Place},
    timeline::listings,
};
use crate::{
    app::App,
    clock::Moment,
    credentials::Owner,
    error::ServerError,
    ids,
    plan::Plan,
    reply::{Api, Failure, reply},
    request::{Refusal, authorization, json_body},
    store::{self, Account, CalmyxSession, Used},
};

/// All calls of the API.
pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/v2/session/new", post(create_session))
        .route("/v2/session/status", get(session_status))
        .merge(scoring::routes())
        .merge(deletion::routes())
        .merge(usage::routes())
}

async fn create_session(State(app): State<Arc<App>>, request: Request) -> Response {
    Api::Calmyx.answer(create(&app, request).await)
}

async fn create(app: &App, request: Request) -> Result<Response, Failure> {
    let owner = caller(app, request.headers())?;
    let locations = location::locations(&json_body(request).await?, "locations")?;
    let session_id = format!("sess_{}", ids::random_id()?);
    let secret = ids::random_bits()?;
    let (clock, speed, plan) = (app.clock.clone(), app.speed, app.plan);

    let created = app
        .store
        .transaction(move |database| {
            let submitted_at = clock.now();
            let account = store::open_account(database, owner)?;
            let used = store::used_by(database, account, submitted_at)?;
            let allowance = room_for_listings(database, account, plan, submitted_at)?.left();
            let session = CalmyxSession { owner, secret, submitted_at, speed, allowance, locations };
            store::insert_calmyx(database, &session_id, &session)?;
            store::insert_listings(database, account, &listings(&session))?;
            let scored = used.scored + session.locations.len() as u64;
            store::save_used(database, account, Used { scored, ..used }, submitted_at)?;
            Ok(Created::of(session_id, &session))
        })
        .await?;
    Ok(reply(StatusCode::OK, &created))
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
    let session = app
        .store
        .read(move |database| store::calmyx_session(database, &session_id))
        .await?
        .filter(|session| session.owner == owner)
        .ok_or_else(|| Refusal::new(StatusCode::NOT_FOUND, "There is no such session."))?;
    Ok(reply(StatusCode::OK, &Report::of(&session, app.moment().await?)))
}

/// How many more listings the account may have; they are counted only where the plan has a limit.
fn room_for_listings(
    database: &Transaction<'_>,
    account: Account,
    plan: Plan,
    now: Moment,
) -> Result<Room, ServerError> {
    let taken = match plan.active_listings() {
        Some(_) => store::count_listings(database, account, now)?.taken,
        None => 0,
    };
    Ok(Room::for_listings(plan, taken))
}

/// Who calls (CAL-AUTH): the bare key, so that a scheme before it makes it another key.
fn caller(app: &App, headers: &HeaderMap) -> Result<Owner, Refusal> {
    let owner = authorization(headers).and_then(|value| app.calmyx_callers.recognise(value)).ok_or_else(|| {
        Refusal::new(StatusCode::UNAUTHORIZED, "The Authorization header must hold a valid API key and nothing else.")
    })?;
    app.admit(owner)?;
    Ok(owner)
}
