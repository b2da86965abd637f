//! Calmyx: sessions that score how quiet up to 500 locations are, and the listings that scores create.
//!
//! This file reads the requests about sessions and writes the replies; `scoring`, `deletion` and `usage` do so for
//! listings. What to answer is decided by the pure functions in the files beside them.

mod cache;
mod create;
mod deletion;
mod listing_id;
mod location;
mod quietness;
mod rendered;
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

pub(crate) use self::{
    cache::Cache,
    create::example,
    listing_id::ListingId,
    location::{Location, Place},
    timeline::listings,
};
use self::{create::Created, rendered::Rendered, room::Room};
use crate::{
    app::App,
    clock::Moment,
    credentials::Owner,
    error::ServerError,
    ids,
    plan::Plan,
    reply::{Api, Failure, json_reply, reply},
    request::{Refusal, authorization, json_body},
    scenario::Scenario,
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
    let session_id = new_id()?;
    let secret = ids::random_bits()?;
    let (clock, speed, plan) = (app.clock.clone(), app.speed, app.plan);
    let scenario = app.scenario.as_ref().and_then(Scenario::calmyx).cloned();

    let created = app
        .store
        .transaction(move |database| {
            let submitted_at = clock.now();
            let account = store::open_account(database, owner)?;
            let allowance = room_for_listings(database, account, plan, submitted_at)?.left();
            let session = CalmyxSession { owner, secret, submitted_at, speed, allowance, locations, scenario };
            store_new(database, &session_id, &session)?;
            Ok(Created::of(session_id, &session))
        })
        .await?;
    Ok(reply(StatusCode::OK, &created))
}

/// Stores a new session and what it brings about: its listings, and what its key has used up.
pub(crate) fn store_new(
    database: &Transaction<'_>,
    session_id: &str,
    session: &CalmyxSession,
) -> Result<(), ServerError> {
    store::insert_calmyx(database, session_id, session)?;
    let account = store::open_account(database, session.owner)?;
    store::insert_listings(database, account, &listings(session))?;
    let used = store::used_by(database, account, session.submitted_at)?;
    let scored = used.scored + session.locations.len() as u64;
    store::save_used(database, account, Used { scored, ..used }, session.submitted_at)
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
    Ok(json_reply(StatusCode::OK, session.body(app.moment().await?)?))
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
