//! Scoring at once, without a session: one location, or a batch of them.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Query, Request, State, rejection::QueryRejection},
    http::{HeaderMap, StatusCode},
    response::Response,
    routing::get,
};
use rusqlite::Transaction;
use serde::{Deserialize, Serialize};

use super::{
    caller, listing_id,
    location::{self, Location, from_texts},
    quietness::Quietness,
    room::Room,
    room_for_listings,
};
use crate::{
    app::App,
    clock::Moment,
    credentials::Owner,
    documented::calmyx::{ERROR_LIMIT, ERROR_SCORE, ITEM_FAILED, ITEM_SUCCESS},
    error::ServerError,
    reply::{Api, Failure, reply},
    request::{Refusal, json_body},
    store::{self, Account, Listing, Used},
};

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new().route("/v2/listing/quietness", get(score_one).post(score_batch))
}

/// Where a query says something happens, both times as it was sent.
#[derive(Debug, Deserialize)]
pub(super) struct Coordinates {
    lat: Option<String>,
    lng: Option<String>,
}

/// A query with coordinates, as the framework reads it.
pub(super) type CoordinatesQuery = Result<Query<Coordinates>, QueryRejection>;

/// The location of such a query.
pub(super) fn location_of(query: CoordinatesQuery) -> Result<Location, Refusal> {
    let Query(Coordinates { lat, lng }) =
        query.map_err(|_| Refusal::new(StatusCode::BAD_REQUEST, "The query needs one lat and one lng."))?;
    from_texts(lat.as_deref(), lng.as_deref())
}

/// The answer about one location.
#[derive(Debug, Serialize)]
struct Reply {
    status: &'static str,
    request: Location,
    response: Box<Quietness>,
}

/// The answer about a batch.
#[derive(Debug, Serialize)]
struct BatchReply {
    status: &'static str,
    summary: Summary,
    results: Vec<BatchResult>,
}

#[derive(Debug, Serialize)]
struct Summary {
    total: usize,
    successful: usize,
    failed: usize,
}

#[derive(Debug, Serialize)]
struct BatchResult {
    id: String,
    status: &'static str,
    request: Location,
    response: Option<Box<Quietness>>,
}

async fn score_one(State(app): State<Arc<App>>, headers: HeaderMap, query: CoordinatesQuery) -> Response {
    Api::Calmyx.answer(one(&app, &headers, query).await)
}

async fn one(app: &App, headers: &HeaderMap, query: CoordinatesQuery) -> Result<Response, Failure> {
    let owner = caller(app, headers)?;
    let location = location_of(query)?;
    match score(app, owner, vec![location]).await?.pop() {
        Some(Score::Known(response)) => Ok(reply(StatusCode::OK, &Reply { status: "OK", request: location, response })),
        Some(Score::LimitReached) => Err(Refusal::new(StatusCode::FORBIDDEN, ERROR_LIMIT).into()),
        // Nothing is wrong with the request; there is no score to be had for this place.
        Some(Score::Unknown) | None => Err(Refusal::new(StatusCode::NOT_FOUND, ERROR_SCORE).into()),
    }
}

async fn score_batch(State(app): State<Arc<App>>, request: Request) -> Response {
    Api::Calmyx.answer(batch(&app, request).await)
}

async fn batch(app: &App, request: Request) -> Result<Response, Failure> {
    let owner = caller(app, request.headers())?;
    let locations = location::locations(&json_body(request).await?, "listings")?;
    let scores = score(app, owner, locations.clone()).await?;
    Ok(reply(StatusCode::OK, &BatchReply::of(&locations, scores)))
}

impl BatchReply {
    /// Failures have temporary ids, numbered in their order.
    fn of(locations: &[Location], scores: Vec<Score>) -> Self {
        let mut failed = 0;
        let mut failure = |kind: &str| {
            failed += 1;
            (format!("{kind}_{failed}"), ITEM_FAILED, None)
        };
        let result = |(request, score): (&Location, Score)| {
            let (id, status, response) = match score {
                Score::Known(quietness) => (quietness.listing_id().to_string(), ITEM_SUCCESS, Some(quietness)),
                Score::Unknown => failure("error"),
                Score::LimitReached => failure("limit_reached"),
            };
            BatchResult { id, status, request: *request, response }
        };
        let results: Vec<BatchResult> = locations.iter().zip(scores).map(result).collect();
        let summary = Summary { total: results.len(), successful: results.len() - failed, failed };
        Self { status: "OK", summary, results }
    }
}

/// What came of one location.
#[derive(Debug)]
enum Score {
    Known(Box<Quietness>),
    /// The calculation "failed".
    Unknown,
    /// It would need a listing that the plan has no room for.
    LimitReached,
}

/// Scores the locations, in their order, and creates the listings that are not there yet.
async fn score(app: &App, owner: Owner, locations: Vec<Location>) -> Result<Vec<Score>, ServerError> {
    let (clock, plan) = (app.clock.clone(), app.plan);
    app.store
        .transaction(move |database| {
            let account = store::open_account(database, owner)?;
            let now = clock.now();
            // What the answer says was created at this moment must not lie in the future after a restart.
            store::allow_until(database, now)?;
            let used = store::used_by(database, account, now)?;
            store::save_used(database, account, Used { scored: used.scored + locations.len() as u64, ..used }, now)?;
            let room = room_for_listings(database, account, plan, now)?;
            let mut desk = Desk { database, account, now, room };
            locations.into_iter().map(|location| desk.score(location)).collect()
        })
        .await
}

/// One caller's locations being scored at one moment.
struct Desk<'a> {
    database: &'a Transaction<'a>,
    account: Account,
    now: Moment,
    room: Room,
}

impl Desk<'_> {
    fn score(&mut self, location: Location) -> Result<Score, ServerError> {
        let place = location.place();
        let existing = store::listing_at(self.database, self.account, place, self.now)?;
        let created = existing.is_none();
        let listing = match existing {
            Some(listing) => listing,
            None => Listing { id: listing_id::fresh()?, place, created_at: self.now },
        };
        let Some(quietness) = Quietness::of(location, &listing) else { return Ok(Score::Unknown) };
        if created {
            if !self.room.take(1) {
                return Ok(Score::LimitReached);
            }
            store::insert_listings(self.database, self.account, &[listing])?;
        }
        Ok(Score::Known(Box::new(quietness)))
    }
}
