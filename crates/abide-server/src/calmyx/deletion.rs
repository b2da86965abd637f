//! Deleting listings for good: one, the one at a place, or up to a hundred.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Path, Request, State, rejection::PathRejection},
    http::{HeaderMap, StatusCode},
    response::Response,
    routing::{delete, post},
};
use rusqlite::Transaction;
use serde::Serialize;
use serde_json::Value;

use super::{
    caller,
    listing_id::ListingId,
    location::Place,
    room::{Room, in_numbers},
    scoring::{CoordinatesQuery, location_of},
};
use crate::{
    app::App,
    clock::Moment,
    credentials::Owner,
    documented::calmyx::MAX_DELETIONS,
    error::ServerError,
    plan::Plan,
    reply::{Api, Failure, reply},
    request::{Refusal, json_body},
    store::{self, Account, Listing, Used},
};

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/v2/listings/by-coordinates", delete(delete_at_place))
        .route("/v2/listings/delete-batch", post(delete_batch))
        .route("/v2/listings/{listing_id}", delete(delete_one))
}

async fn delete_one(
    State(app): State<Arc<App>>,
    id: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Response {
    Api::Calmyx.answer(one(&app, id, &headers).await)
}

async fn one(app: &App, id: Result<Path<String>, PathRejection>, headers: &HeaderMap) -> Result<Response, Failure> {
    let owner = caller(app, headers)?;
    let id = id.ok().and_then(|Path(text)| text.parse().ok()).ok_or_else(unknown)?;
    carry_out(app, owner, Wanted::One(id)).await
}

async fn delete_at_place(State(app): State<Arc<App>>, headers: HeaderMap, query: CoordinatesQuery) -> Response {
    Api::Calmyx.answer(at_place(&app, &headers, query).await)
}

async fn at_place(app: &App, headers: &HeaderMap, query: CoordinatesQuery) -> Result<Response, Failure> {
    let owner = caller(app, headers)?;
    carry_out(app, owner, Wanted::At(location_of(query)?.place())).await
}

async fn delete_batch(State(app): State<Arc<App>>, request: Request) -> Response {
    Api::Calmyx.answer(batch(&app, request).await)
}

async fn batch(app: &App, request: Request) -> Result<Response, Failure> {
    let owner = caller(app, request.headers())?;
    let ids = listing_ids(&json_body(request).await?)?;
    carry_out(app, owner, Wanted::Batch(ids)).await
}

/// The ids of a batch. What is no UUID is the id of no listing, and passed over like an unknown one.
fn listing_ids(body: &Value) -> Result<Vec<ListingId>, Refusal> {
    let bad = |sentence: String| Refusal::new(StatusCode::BAD_REQUEST, sentence);
    let items = body
        .get("listing_ids")
        .and_then(Value::as_array)
        .filter(|items| (1..=MAX_DELETIONS).contains(&items.len()))
        .ok_or_else(|| bad(format!("The body needs an array listing_ids of 1 to {MAX_DELETIONS} ids.")))?;
    let texts: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
    let texts = texts.ok_or_else(|| bad("Every item of listing_ids must be a string.".to_owned()))?;
    let mut ids: Vec<ListingId> = texts.into_iter().filter_map(|text| text.parse().ok()).collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

/// What is to be deleted.
#[derive(Debug, PartialEq)]
enum Wanted {
    One(ListingId),
    /// The oldest listing of the place: a place has several when several sessions scored it.
    At(Place),
    /// As many as there are.
    Batch(Vec<ListingId>),
}

/// The answer to a deletion.
#[derive(Debug, PartialEq, Serialize)]
#[expect(clippy::struct_field_names, reason = "the fields are the documented ones")]
struct Deleted {
    success: bool,
    message: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    deleted_count: Option<usize>,
    new_listing_count: u64,
    deletions_used: u64,
    deletions_max: i64,
}

async fn carry_out(app: &App, owner: Owner, wanted: Wanted) -> Result<Response, Failure> {
    let (clock, plan) = (app.clock.clone(), app.plan);
    let outcome = app
        .store
        .transaction(move |database| {
            let account = store::open_account(database, owner)?;
            let now = clock.now();
            store::allow_until(database, now)?;
            delete_listings(database, account, plan, &wanted, now)
        })
        .await?;
    Ok(reply(StatusCode::OK, &outcome?))
}

/// Deletes all that is wanted and there, or nothing.
fn delete_listings(
    database: &Transaction<'_>,
    account: Account,
    plan: Plan,
    wanted: &Wanted,
    now: Moment,
) -> Result<Result<Deleted, Refusal>, ServerError> {
    let listings = wanted.find(database, account, now)?;
    let mut used = store::used_by(database, account, now)?;
    let count = listings.len() as u64;
    if listings.is_empty() && !matches!(wanted, Wanted::Batch(_)) {
        return Ok(Err(unknown()));
    }
    if !Room::for_deletions(plan, used.deletions).take(count) {
        return Ok(Err(Refusal::new(StatusCode::FORBIDDEN, "The plan has not so many deletions left.")));
    }
    for listing in &listings {
        store::delete_listing(database, *listing)?;
    }
    used = Used { deletions: used.deletions + count, ..used };
    store::save_used(database, account, used, now)?;
    let batch = matches!(wanted, Wanted::Batch(_));
    Ok(Ok(Deleted {
        success: true,
        message: if batch { "Listings deleted" } else { "Listing deleted" },
        deleted_count: batch.then_some(listings.len()),
        new_listing_count: store::count_listings(database, account, now)?.existing,
        deletions_used: used.deletions,
        deletions_max: in_numbers(plan.deletions()),
    }))
}

impl Wanted {
    fn find(&self, database: &Transaction<'_>, account: Account, now: Moment) -> Result<Vec<Listing>, ServerError> {
        let of_id = |id: &ListingId| store::listing_of_id(database, account, *id, now).transpose();
        match self {
            Self::One(id) => of_id(id).into_iter().collect(),
            Self::At(place) => Ok(store::listing_at(database, account, *place, now)?.into_iter().collect()),
            Self::Batch(ids) => ids.iter().filter_map(of_id).collect(),
        }
    }
}

/// The same for a listing that never was, one that was deleted and one of another key.
fn unknown() -> Refusal {
    Refusal::new(StatusCode::NOT_FOUND, "There is no such listing.")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn batches() {
        let id = "a1b2c3d4-e5f6-4890-abcd-ef1234567890";
        for (ids, expected) in [
            (json!([id]), Some(1)),
            (json!([id, id.to_uppercase()]), Some(1)),
            (json!(["nope", ""]), Some(0)),
            (json!(vec![id; 100]), Some(1)),
            (json!(vec![id; 101]), None),
            (json!([]), None),
            (json!([id, 7]), None),
            (json!(id), None),
            (json!(null), None),
        ] {
            let found = listing_ids(&json!({ "listing_ids": ids })).ok();
            assert_eq!(found.map(|ids| ids.len()), expected, "{ids}");
        }
        assert!(listing_ids(&json!([id])).is_err());
    }
}
