//! What a key has used of its plan: "Listing Statistics" and "Account Usage".

use std::sync::Arc;

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
    routing::get,
};
use serde::Serialize;

use super::{
    caller,
    room::{Room, in_numbers},
};
use crate::{
    app::App,
    credentials::Owner,
    error::ServerError,
    plan::Plan,
    reply::{Api, Failure, reply},
    request::authorization,
    store::{self, ListingCounts, Used},
};

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new().route("/v2/listings/stats", get(listing_statistics)).route("/v2/account/usage", get(account_usage))
}

async fn listing_statistics(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    Api::Calmyx.answer(statistics(&app, &headers).await)
}

async fn statistics(app: &App, headers: &HeaderMap) -> Result<Response, Failure> {
    let (counts, used) = counted(app, caller(app, headers)?).await?;
    Ok(reply(StatusCode::OK, &Statistics::of(app.plan, counts, used)))
}

async fn account_usage(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    Api::Calmyx.answer(usage(&app, &headers).await)
}

async fn usage(app: &App, headers: &HeaderMap) -> Result<Response, Failure> {
    let (counts, used) = counted(app, caller(app, headers)?).await?;
    let key = authorization(headers).unwrap_or_default();
    Ok(reply(StatusCode::OK, &AccountUsage::of(&String::from_utf8_lossy(key), app.plan, counts, used)))
}

async fn counted(app: &App, owner: Owner) -> Result<(ListingCounts, Used), ServerError> {
    let now = app.moment().await?;
    app.store
        .read(move |database| {
            let Some(account) = store::find_account(database, owner)? else { return Ok(Default::default()) };
            Ok((store::count_listings(database, account, now)?, store::used_by(database, account, now)?))
        })
        .await
}

/// The answer to "Listing Statistics"; -1 where there is no limit.
#[derive(Debug, PartialEq, Serialize)]
struct Statistics {
    success: bool,
    total_listings: u64,
    max_listings: i64,
    listings_today: u64,
    listings_this_month: u64,
    is_at_limit: bool,
    remaining: i64,
    deletions_count: u64,
    deletions_max: i64,
    deletions_remaining: i64,
    is_at_churn_limit: bool,
}

impl Statistics {
    /// What sessions at work were promised is no listing yet, but is not free any more either.
    fn of(plan: Plan, counts: ListingCounts, used: Used) -> Self {
        let remaining = Room::for_listings(plan, counts.taken).left();
        let deletions_remaining = Room::for_deletions(plan, used.deletions).left();
        Self {
            success: true,
            total_listings: counts.existing,
            max_listings: in_numbers(plan.active_listings()),
            listings_today: counts.today,
            listings_this_month: counts.this_month,
            is_at_limit: remaining == Some(0),
            remaining: in_numbers(remaining),
            deletions_count: used.deletions,
            deletions_max: in_numbers(plan.deletions()),
            deletions_remaining: in_numbers(deletions_remaining),
            is_at_churn_limit: deletions_remaining == Some(0),
        }
    }
}

/// The answer to "Account Usage".
#[derive(Debug, Serialize)]
struct AccountUsage<'a> {
    status: &'static str,
    request: Request<'a>,
    response: Usage,
}

/// The key is repeated, as documented.
#[derive(Debug, Serialize)]
struct Request<'a> {
    api_key: &'a str,
}

#[derive(Debug, PartialEq, Serialize)]
struct Usage {
    /// A request is a location that was sent to be scored; asking how far a session is costs nothing. The documents
    /// leave open what counts.
    #[serde(rename = "API Key Current Usage")]
    current: u64,
    #[serde(rename = "API Key Max Plan Usage")]
    most: Allowance,
    #[serde(rename = "Subscription Plan")]
    plan: &'static str,
    #[serde(rename = "Active Listings Count")]
    listings: u64,
    #[serde(rename = "Active Listings Max")]
    most_listings: Allowance,
}

/// A number, or the word where there is no limit.
#[derive(Debug, PartialEq, Serialize)]
#[serde(untagged)]
enum Allowance {
    Number(u64),
    Word(&'static str),
}

impl<'a> AccountUsage<'a> {
    fn of(api_key: &'a str, plan: Plan, counts: ListingCounts, used: Used) -> Self {
        let response = Usage {
            current: used.scored,
            most: Allowance::of(plan.requests()),
            plan: plan.name(),
            listings: counts.existing,
            most_listings: Allowance::of(plan.active_listings()),
        };
        Self { status: "OK", request: Request { api_key }, response }
    }
}

impl Allowance {
    fn of(limit: Option<u64>) -> Self {
        limit.map_or(Self::Word("unlimited"), Self::Number)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn counts() -> ListingCounts {
        ListingCounts { taken: 90, existing: 70, today: 5, this_month: 30 }
    }

    #[track_caller]
    fn check(found: impl Serialize, expected: &Value) {
        assert_eq!(&serde_json::to_value(found).unwrap(), expected);
    }

    #[test]
    fn statistics() {
        check(
            Statistics::of(Plan::Trial, counts(), Used { deletions: 20, scored: 1 }),
            &json!({
                "success": true, "total_listings": 70, "max_listings": 100, "listings_today": 5,
                "listings_this_month": 30, "is_at_limit": false, "remaining": 10, "deletions_count": 20,
                "deletions_max": 20, "deletions_remaining": 0, "is_at_churn_limit": true
            }),
        );
        check(
            Statistics::of(Plan::Unlimited, counts(), Used::default()),
            &json!({
                "success": true, "total_listings": 70, "max_listings": -1, "listings_today": 5,
                "listings_this_month": 30, "is_at_limit": false, "remaining": -1, "deletions_count": 0,
                "deletions_max": -1, "deletions_remaining": -1, "is_at_churn_limit": false
            }),
        );
        let full = ListingCounts { taken: 100, ..counts() };
        assert!(Statistics::of(Plan::Trial, full, Used::default()).is_at_limit);
    }

    #[test]
    fn usage() {
        let used = Used { deletions: 0, scored: 42 };
        check(
            AccountUsage::of("key", Plan::Insight, counts(), used),
            &json!({
                "status": "OK",
                "request": { "api_key": "key" },
                "response": {
                    "API Key Current Usage": 42, "API Key Max Plan Usage": 50_000, "Subscription Plan": "insight",
                    "Active Listings Count": 70, "Active Listings Max": 10_000
                }
            }),
        );
        let unlimited = AccountUsage::of("key", Plan::Enterprise, counts(), used).response;
        assert_eq!(
            (unlimited.most, unlimited.most_listings),
            (Allowance::Word("unlimited"), Allowance::Word("unlimited"))
        );
    }
}
