//! Moving the clock from outside, and time that never goes back.

use std::path::Path;

use abide_server::{Config, Plan, Server, ServerClock, router};
use serde_json::json;

use crate::service::{CALMYX, HUM, Reply, Service, config};

const HOOK: &str = "/_test/clock/advance";

fn hooked(database: Option<&Path>) -> Config {
    Config { test_hooks: true, ..config(database, Plan::Unlimited, 1) }
}

async fn move_clock(service: &Service, seconds: f64) -> Reply {
    service.post(HOOK, "", json!({ "seconds": seconds }).to_string()).await
}

#[tokio::test]
async fn without_the_flag_there_is_no_such_path() {
    let service = Service::new();
    let (hook, unknown) = (move_clock(&service, 1.0).await, service.post("/_test/nothing", "", "{}").await);
    assert_eq!((hook.status.as_u16(), &hook.body), (404, &unknown.body));
}

#[tokio::test]
async fn everything_that_depends_on_time_goes_with_it() {
    let service = Service::starting_after(0.0, &Config { rate_limit: "9/5".parse().ok(), ..hooked(None) });
    let (session, token) = (service.calmyx_session(20).await, service.hum_session().await);
    let moved = move_clock(&service, 60.5).await;
    assert_eq!((moved.status.as_u16(), moved.json()), (200, json!({ "now": "2026-01-15T10:31:00.500Z" })));
    assert_eq!(service.calmyx_status(&session).await["status"], "COMPLETED");
    assert_eq!(service.hum_code(&token).await, 200);
    let stats = service.get("/v2/listings/stats", CALMYX).await.json();
    assert_ne!(stats["total_listings"], 0);
    for _ in 0..20 {
        service.hum_code(&token).await;
    }
    assert_eq!(service.hum_code(&token).await, 429);
    move_clock(&service, 5.0).await;
    assert_eq!(service.hum_code(&token).await, 200, "the window of calls too");
    move_clock(&service, 1799.9).await;
    move_clock(&service, 0.1).await;
    assert_eq!(service.hum_code(&token).await, 410);
    move_clock(&service, 0.0).await;
    assert_eq!(service.get("/analytics/sessions", HUM).await.json()["meta"]["count"], 1);
}

#[tokio::test]
async fn bad_moves() {
    let service = Service::starting_after(0.0, &hooked(None));
    for body in [
        "",
        "{}",
        "[]",
        "{\"seconds\":-1}",
        "{\"seconds\":\"1\"}",
        "{\"seconds\":NaN}",
        "{\"seconds\":1e400}",
        "{\"seconds\":1e12}",
    ] {
        assert_eq!(service.post(HOOK, "", body).await.status.as_u16(), 400, "{body}");
    }
    assert_eq!(service.get(HOOK, "").await.status.as_u16(), 405);
    assert_eq!(move_clock(&service, 0.0).await.json()["now"], "2026-01-15T10:30:00.000Z", "nothing was moved");
}

#[tokio::test]
async fn a_move_outlives_the_process() {
    let folder = tempfile::tempdir().unwrap();
    let config = hooked(Some(&folder.path().join("sessions.db")));
    let (token, session) = {
        let service = Service::starting_after(0.0, &config);
        let (token, session) = (service.hum_session().await, service.calmyx_session(20).await);
        move_clock(&service, 1000.0).await;
        move_clock(&service, 200.0).await;
        (token, session)
    };
    // The process was away for 100 s, and they count like any others.
    let service = Service::starting_after(100.0, &config);
    assert_eq!(service.calmyx_status(&session).await["status"], "COMPLETED");
    assert_eq!(
        service.get(&format!("/sessions/{token}"), HUM).await.json()["meta"]["responded_at"],
        "2026-01-15T10:51:40.000Z"
    );
}

/// What a read has shown stays shown when the wall clock is behind after a restart.
#[tokio::test]
async fn a_state_that_was_shown_is_not_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let config = config(Some(&folder.path().join("sessions.db")), Plan::Unlimited, 1);
    let (session, shown, stats) = {
        let service = Service::starting_after(0.0, &config);
        let session = service.calmyx_session(80).await;
        service.advance(7.0);
        let shown = service.calmyx_status(&session).await;
        (session, shown, service.get("/v2/listings/stats", CALMYX).await.json())
    };
    assert_eq!(shown["status"], "PROCESSING");
    let service = Service::starting_after(-3600.0, &config);
    assert_eq!(service.calmyx_status(&session).await, shown);
    assert_eq!(service.get("/v2/listings/stats", CALMYX).await.json(), stats);
}

/// The same over a real clock: neither a stop in order nor one without warning takes anything back.
#[tokio::test]
async fn a_real_clock_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let config = hooked(Some(&folder.path().join("sessions.db")));
    let moment = async |clock: &ServerClock| {
        let service = Service::of(router(&config, clock.clone()).unwrap(), clock.clone());
        move_clock(&service, 0.0).await.json()["now"].as_str().unwrap().to_owned()
    };
    let first = moment(&ServerClock::system()).await;
    let behind = ServerClock::manual(std::time::SystemTime::UNIX_EPOCH);
    let second = moment(&behind).await;
    assert!(second >= first, "{second} after {first}");
    let server = Server::start_with_clock(config.clone(), behind).await.unwrap();
    server.shutdown().await.unwrap();
    let third = moment(&ServerClock::manual(std::time::SystemTime::UNIX_EPOCH)).await;
    assert_eq!(third, second);
}
