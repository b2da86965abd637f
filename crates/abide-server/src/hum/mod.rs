//! Hum: sessions that look up the Internet providers of one address.
//!
//! This file reads the requests about sessions and writes the replies, and `analytics` does so for what became of them.
//! What to answer is decided by the pure functions in the files beside them.

mod address;
mod analytics;
mod journey;
mod life;
mod lookup;
mod providers;
mod reply;
mod search;

use std::{num::NonZeroU32, sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{Path, Request, State, rejection::PathRejection},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
    routing::{get, post},
};

use self::reply::Answer;
pub(crate) use self::{address::Address, analytics::analytics_id, life::Life};
use crate::{
    app::App,
    clock::Moment,
    credentials::Owner,
    documented::hum::INACTIVITY_SECONDS,
    ids,
    reply::{Api, Failure, reply as json_reply},
    request::{Refusal, authorization, json_body},
    scenario::{HumCourse, Scenario, dressed},
    store::{self, HumSession},
};

/// All calls of the API.
pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/sessions", post(create_session))
        .route("/sessions/{token}", get(session_status).delete(close_session))
        .route("/sessions/{token}/services/internet", get(internet_services))
        .merge(analytics::routes())
}

type Token = Result<Path<String>, PathRejection>;

async fn create_session(State(app): State<Arc<App>>, request: Request) -> Response {
    answer(create(&app, request).await)
}

async fn session_status(State(app): State<Arc<App>>, token: Token, headers: HeaderMap) -> Response {
    answer(visit(&app, token, &headers, Life::activity, Answer::status).await)
}

async fn internet_services(State(app): State<Arc<App>>, token: Token, headers: HeaderMap) -> Response {
    answer(visit(&app, token, &headers, Life::activity, Answer::services).await)
}

async fn close_session(State(app): State<Arc<App>>, token: Token, headers: HeaderMap) -> Response {
    answer(visit(&app, token, &headers, Life::close, Answer::closed).await)
}

async fn create(app: &App, request: Request) -> Result<Response, Failure> {
    let owner = caller(app, request.headers())?;
    let address = Address::read(&json_body(request).await?)?;
    let token = ids::random_id()?;
    let (clock, speed) = (app.clock.clone(), app.speed);
    let scenario = app.scenario.as_ref().and_then(Scenario::hum).cloned();
    let (answer, scenario) = app
        .store
        .transaction(move |database| {
            let created_at = clock.now();
            let session = HumSession { owner, created_at, speed, address, life: Life::begin(created_at), scenario };
            store::insert_hum(database, &token, &session)?;
            Ok((Answer::created(&session, &token, created_at), session.scenario))
        })
        .await?;
    described(&answer, scenario.as_ref())
}

/// A session as a create call would have made it, at an address of its own.
pub(crate) fn example(number: u32, owner: Owner, created_at: Moment, speed: NonZeroU32) -> HumSession {
    let address = Address {
        street1: format!("{number} Example St"),
        street2: None,
        city: Some("Southfield".to_owned()),
        state: Some("MI".to_owned()),
        zip: Some("48034".to_owned()),
        latitude: None,
        longitude: None,
        campaign_id: None,
    };
    HumSession { owner, created_at, speed, address, life: Life::begin(created_at), scenario: None }
}

/// A call on an existing session: `event` happens to its life, and `describe` answers when it is still alive.
///
/// Every such call is stored, a mere status read too: it renews the 30 minutes (HUM-EXPIRY-SLIDES), and a renewal that
/// a restart forgot would end the session early (HUM-EXPIRY-EARLY).
async fn visit(
    app: &App,
    token: Token,
    headers: &HeaderMap,
    event: fn(&mut Life, Moment, Duration) -> life::Alive,
    describe: fn(&HumSession, &str, Moment) -> Answer,
) -> Result<Response, Failure> {
    let owner = caller(app, headers)?;
    let Path(token) = token.map_err(|_| unknown())?;
    let clock = app.clock.clone();
    let outcome = app
        .store
        .transaction(move |database| {
            let Some(mut session) = store::hum_session(database, &token)?.filter(|session| session.owner == owner)
            else {
                return Ok(Err(unknown()));
            };
            let (now, before) = (clock.now(), session.life);
            let alive = event(&mut session.life, now, inactivity(session.speed));
            if session.life != before {
                store::save_life(database, &token, &session.life)?;
            }
            Ok(match alive {
                life::Alive::Yes => Ok((describe(&session, &token, now), session.scenario)),
                life::Alive::No => Err(gone()),
            })
        })
        .await?;
    let (answer, scenario) = outcome?;
    described(&answer, scenario.as_ref())
}

fn described(answer: &Answer, scenario: Option<&HumCourse>) -> Result<Response, Failure> {
    Ok(match scenario {
        Some(course) => json_reply(answer.status, &dressed(&answer.body, &course.shapes)?),
        None => json_reply(answer.status, &answer.body),
    })
}

/// How long a session of that speed lives without activity (HUM-EXPIRY).
fn inactivity(speed: NonZeroU32) -> Duration {
    Duration::from_secs(INACTIVITY_SECONDS) / speed.get()
}

/// The same for a token that was never given out and for one of another caller (HUM-TOKEN-FOREIGN).
fn unknown() -> Refusal {
    Refusal::new(StatusCode::NOT_FOUND, "There is no such session.")
}

fn gone() -> Refusal {
    Refusal::new(StatusCode::GONE, "The session has expired or was closed.")
}

/// Who calls (HUM-AUTH). The scheme's name is compared without regard to case, as HTTP has it.
fn caller(app: &App, headers: &HeaderMap) -> Result<Owner, Refusal> {
    let known = authorization(headers).and_then(bearer).and_then(|token| app.hum_callers.recognise(token));
    let owner = known.ok_or_else(|| {
        Refusal::new(StatusCode::UNAUTHORIZED, "The Authorization header must be Bearer and a valid API token.")
    })?;
    app.admit(owner)?;
    Ok(owner)
}

fn bearer(value: &[u8]) -> Option<&[u8]> {
    let (scheme, token) = value.split_at_checked(b"Bearer ".len())?;
    scheme.eq_ignore_ascii_case(b"Bearer ").then_some(token)
}

fn answer(result: Result<Response, Failure>) -> Response {
    let mut response = Api::Hum.answer(result);
    if response.status() == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bearer_values() {
        for (value, expected) in [
            ("", None),
            ("key", None),
            ("Bearer", None),
            ("Bearerkey", None),
            ("Basic key", None),
            ("Bearer ", Some("")),
            ("Bearer key", Some("key")),
            ("bearer key", Some("key")),
            ("Bearer  key", Some(" key")),
        ] {
            assert_eq!(bearer(value.as_bytes()), expected.map(str::as_bytes), "{value:?}");
        }
    }

    #[test]
    fn the_window_is_divided_by_the_speed() {
        for (speed, expected) in [(1, 1_800_000), (60, 30_000), (1_000, 1_800)] {
            assert_eq!(inactivity(NonZeroU32::new(speed).unwrap()), Duration::from_millis(expected));
        }
    }
}
