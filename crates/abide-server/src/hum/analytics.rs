//! The calls on what became of sessions: a list of 50 a page, and one session.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Path, Query, State, rejection::PathRejection, rejection::QueryRejection},
    http::{HeaderMap, StatusCode},
    response::Response,
    routing::get,
};
use serde::Serialize;

use super::{
    Address, answer, bearer, caller,
    journey::{Journey, Order, Step},
    search::{Search, token_id},
    unknown,
};
use crate::{
    app::App,
    clock::{Moment, Text},
    noise::bits,
    reply::{Failure, reply},
    request::authorization,
    store::{self, HumSession},
    uuid::Uuid,
};

/// Sessions on a page (Hum analytics page).
const PAGE: u64 = 50;

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new().route("/analytics/sessions", get(list)).route("/analytics/sessions/{id}", get(detail))
}

/// The id by which analytics name a session. It opens nothing, unlike the token.
pub(crate) fn analytics_id(token: &str) -> Uuid {
    Uuid::of_bits(bits(&[b"analytics", token.as_bytes()]))
}

/// The parameters of a query, as the framework reads them.
type Parameters = Result<Query<Vec<(String, String)>>, QueryRejection>;

async fn list(State(app): State<Arc<App>>, headers: HeaderMap, parameters: Parameters) -> Response {
    answer(page(&app, &headers, parameters).await)
}

async fn page(app: &App, headers: &HeaderMap, parameters: Parameters) -> Result<Response, Failure> {
    let owner = caller(app, headers)?;
    let Query(parameters) = parameters.map_err(|_| super::search::unreadable())?;
    let own_id = authorization(headers).and_then(bearer).map(token_id).unwrap_or_default();
    let search = Search::read(&parameters, &own_id)?;
    let now = app.moment().await?;
    let body = app
        .store
        .read(move |database| {
            let mut found = Found::new(search, now);
            store::each_hum_session_of(database, owner, |token, session| found.look_at(&token, &session))?;
            Ok(found.into_page())
        })
        .await?;
    Ok(reply(StatusCode::OK, &body))
}

async fn detail(State(app): State<Arc<App>>, id: Result<Path<String>, PathRejection>, headers: HeaderMap) -> Response {
    answer(one(&app, id, &headers).await)
}

async fn one(app: &App, id: Result<Path<String>, PathRejection>, headers: &HeaderMap) -> Result<Response, Failure> {
    let owner = caller(app, headers)?;
    let id: Uuid = id.ok().and_then(|Path(text)| text.parse().ok()).ok_or_else(unknown)?;
    let now = app.moment().await?;
    let (token, session) = app
        .store
        .read(move |database| store::hum_session_by_analytics_id(database, id))
        .await?
        .filter(|(_, session)| session.owner == owner)
        .ok_or_else(unknown)?;
    let journey = Journey::of(&session, &token, now);
    let meta = Meta { responded_at: now.rfc3339(), counts: None };
    let data = Entry::of(&session, &token, &journey).with_details(&journey);
    Ok(reply(StatusCode::OK, &Envelope { message: "Session retrieved successfully", request_status: "ok", data, meta }))
}

/// A page being filled by a walk over all sessions of a caller, which also counts what is on the other pages.
#[derive(Debug)]
struct Found {
    search: Search,
    now: Moment,
    count: u64,
    entries: Vec<Entry>,
}

impl Found {
    fn new(search: Search, now: Moment) -> Self {
        Self { search, now, count: 0, entries: Vec::new() }
    }

    fn look_at(&mut self, token: &str, session: &HumSession) {
        if session.created_at > self.now || !self.search.takes_day(&session.created_at.rfc3339()) {
            return;
        }
        let on_this_page = |count: u64| count / PAGE == self.search.page - 1;
        if self.search.with_clicks || on_this_page(self.count) {
            let journey = Journey::of(session, token, self.now);
            if self.search.with_clicks && journey.steps.is_empty() {
                return;
            }
            if on_this_page(self.count) {
                self.entries.push(Entry::of(session, token, &journey));
            }
        }
        self.count += 1;
    }

    fn into_page(self) -> Envelope<Vec<Entry>> {
        let pages = self.count.div_ceil(PAGE).max(1);
        let counts = Some(Counts { page: self.search.page, pages, count: self.count });
        Envelope {
            message: "Sessions retrieved successfully",
            request_status: "ok",
            data: self.entries,
            meta: Meta { responded_at: self.now.rfc3339(), counts },
        }
    }
}

#[derive(Debug, Serialize)]
struct Envelope<T> {
    message: &'static str,
    request_status: &'static str,
    data: T,
    meta: Meta,
}

#[derive(Debug, Serialize)]
struct Meta {
    responded_at: Text,
    #[serde(flatten)]
    counts: Option<Counts>,
}

#[derive(Debug, Serialize)]
struct Counts {
    page: u64,
    pages: u64,
    count: u64,
}

/// One session.
#[derive(Debug, Serialize)]
struct Entry {
    id: Uuid,
    created_at: Text,
    campaign_id: Option<String>,
    address: Place,
    furthest_step: u64,
    order_number: Option<String>,
    ordered_at: Option<Text>,
    installed: Option<bool>,
    installed_at: Option<Text>,
    commission_cents: u64,
    #[serde(flatten)]
    details: Option<Details>,
}

#[derive(Debug, Serialize)]
struct Place {
    street1: String,
    street2: Option<String>,
    city: Option<String>,
    state: Option<String>,
    /// The one part that the documents never show as null.
    #[serde(skip_serializing_if = "Option::is_none")]
    zip: Option<String>,
}

/// What only the answer about one session has.
#[derive(Debug, Serialize)]
struct Details {
    order: Option<OrderDetails>,
    cart_progression: Vec<CartStep>,
}

#[derive(Debug, Serialize)]
struct OrderDetails {
    order_number: String,
    ordered_at: Text,
}

#[derive(Debug, Serialize)]
struct CartStep {
    step: u64,
    step_name: &'static str,
    timestamp: Text,
}

impl Entry {
    fn of(session: &HumSession, token: &str, journey: &Journey) -> Self {
        let order = journey.order.as_ref();
        Self {
            id: analytics_id(token),
            created_at: session.created_at.rfc3339(),
            campaign_id: session.address.campaign_id.clone(),
            address: Place::of(&session.address),
            furthest_step: journey.steps.last().map_or(0, |step| step.number),
            order_number: order.map(|order| order.number.clone()),
            ordered_at: order.map(|order| order.at.rfc3339()),
            installed: order.map(|order| order.installed_at.is_some()),
            installed_at: order.and_then(|order| order.installed_at).map(Moment::rfc3339),
            commission_cents: order.map_or(0, |order| order.commission_cents),
            details: None,
        }
    }

    fn with_details(self, journey: &Journey) -> Self {
        let order = |order: &Order| OrderDetails { order_number: order.number.clone(), ordered_at: order.at.rfc3339() };
        let step = |step: &Step| CartStep { step: step.number, step_name: step.name, timestamp: step.at.rfc3339() };
        let details = Details {
            order: journey.order.as_ref().map(order),
            cart_progression: journey.steps.iter().map(step).collect(),
        };
        Self { details: Some(details), ..self }
    }
}

impl Place {
    fn of(address: &Address) -> Self {
        Self {
            street1: address.street1.clone(),
            street2: address.street2.clone(),
            city: address.city.clone(),
            state: address.state.clone(),
            zip: address.zip.clone(),
        }
    }
}
