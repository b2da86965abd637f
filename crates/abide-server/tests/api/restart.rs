//! What survives the end of a process: everything that was acknowledged.

use std::{
    path::Path,
    time::{Duration, SystemTime},
};

use abide_server::{Plan, ServerClock, router};
use axum::http::StatusCode;

use crate::service::{CALMYX, HUM, Service, config, status_path};

fn file(folder: &tempfile::TempDir) -> std::path::PathBuf {
    folder.path().join("sessions.db")
}

/// A server whose wall clock stands that long after the beginning of the test.
fn start(path: &Path, seconds: f64) -> Service {
    Service::starting_after(seconds, &config(Some(path), Plan::Trial, 1))
}

#[tokio::test]
async fn sessions_go_on_where_they_were() {
    let folder = tempfile::tempdir().unwrap();
    let (before, session, token) = {
        let service = start(&file(&folder), 0.0);
        let (session, token) = (service.calmyx_session(120).await, service.hum_session().await);
        service.advance(8.0);
        (service.calmyx_status(&session).await, session, token)
    };
    assert_eq!(before["status"], "PROCESSING");

    let service = start(&file(&folder), 8.0);
    assert_eq!(service.calmyx_status(&session).await, before, "the same answer at the same instant");
    assert_eq!(service.hum_code(&token).await, 200);
    service.advance(60.0);
    let after = service.calmyx_status(&session).await;
    assert_eq!(after["status"], "COMPLETED");
    assert!(after["results"].as_array().unwrap().starts_with(before["results"].as_array().unwrap()));
}

#[tokio::test]
async fn another_speed_or_plan_changes_no_session_that_exists() {
    let folder = tempfile::tempdir().unwrap();
    let (before, session, token) = {
        let service = start(&file(&folder), 0.0);
        let (session, token) = (service.calmyx_session(150).await, service.hum_session().await);
        service.advance(9.0);
        (service.calmyx_status(&session).await, session, token)
    };
    let service = Service::starting_after(9.0, &config(Some(&file(&folder)), Plan::Unlimited, 1000));
    assert_eq!(service.calmyx_status(&session).await, before);
    assert_eq!(service.hum_code(&token).await, 200, "1.8 s of a thousandfold window have passed, and do not count");
}

#[tokio::test]
async fn activity_and_endings_are_remembered() {
    let folder = tempfile::tempdir().unwrap();
    let (used, closed, expired) = {
        let service = start(&file(&folder), 0.0);
        let (used, closed) = (service.hum_session().await, service.hum_session().await);
        let expired = service.hum_session().await;
        assert_eq!(service.delete(&format!("/sessions/{closed}"), HUM).await.status, StatusCode::OK);
        service.advance(1700.0);
        assert_eq!(service.hum_code(&used).await, 200);
        service.advance(1700.0);
        assert_eq!(service.hum_code(&used).await, 200);
        assert_eq!(service.hum_code(&expired).await, 410);
        (used, closed, expired)
    };
    // The clock goes on from the last call, 3400 s after the start.
    let service = start(&file(&folder), 0.0);
    service.advance(1799.0);
    for (token, expected) in [(&used, 200), (&closed, 410), (&expired, 410)] {
        assert_eq!(service.hum_code(token).await, expected);
    }
}

#[tokio::test]
async fn a_clock_that_was_set_back_brings_nothing_back() {
    let folder = tempfile::tempdir().unwrap();
    let (expired, live) = {
        let service = start(&file(&folder), 0.0);
        let expired = service.hum_session().await;
        service.advance(4000.0);
        assert_eq!(service.hum_code(&expired).await, 410);
        (expired, service.hum_session().await)
    };
    let clock = ServerClock::manual(SystemTime::UNIX_EPOCH);
    let service =
        Service::of(router(&config(Some(&file(&folder)), Plan::Trial, 1), clock.clone()).unwrap(), clock.clone());
    assert_eq!((service.hum_code(&expired).await, service.hum_code(&live).await), (410, 202));
    clock.advance(Duration::from_mins(30));
    assert_eq!(service.hum_code(&live).await, 410, "and the clock goes on");
}

#[tokio::test]
async fn a_file_has_one_server_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let first = start(&file(&folder), 0.0);
    let session = first.calmyx_session(5).await;
    let clock = ServerClock::manual(SystemTime::UNIX_EPOCH);
    let error = router(&config(Some(&file(&folder)), Plan::Trial, 1), clock).unwrap_err();
    assert!(error.is_database() && error.to_string().contains("in use by another server"), "{error}");
    assert_eq!(first.calmyx_status(&session).await["status"], "QUEUED", "the first one goes on");
    drop(first);
    assert_eq!(start(&file(&folder), 9.0).calmyx_status(&session).await["status"], "COMPLETED");
}

#[tokio::test]
async fn no_credential_is_in_the_files() {
    let folder = tempfile::tempdir().unwrap();
    let service = start(&file(&folder), 0.0);
    let session = service.calmyx_session(3).await;
    service.hum_session().await;
    service.get(&status_path(&session), CALMYX).await;
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        for secret in ["calmyx-key-1", "hum-token-1"] {
            assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()));
        }
    }
}

/// Damages the file under a running server, and checks that calls are given up with a reason to come back.
async fn check_damage(sql: &str) {
    let folder = tempfile::tempdir().unwrap();
    let service = start(&file(&folder), 0.0);
    let (session, token) = (service.calmyx_session(3).await, service.hum_session().await);
    rusqlite::Connection::open(file(&folder)).unwrap().execute_batch(sql).unwrap();
    for reply in [
        service.get(&status_path(&session), CALMYX).await,
        service.get(&format!("/sessions/{token}"), HUM).await,
        service.delete(&format!("/sessions/{token}"), HUM).await,
    ] {
        assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE, "{sql}");
        assert_eq!(reply.headers["retry-after"], "1");
        assert!(!String::from_utf8_lossy(&reply.body).contains("sql"), "{:?}", reply.body);
        reply.json();
    }
}

#[tokio::test]
async fn damage_is_answered_and_harms_nothing_else() {
    check_damage("DROP TABLE calmyx_session; DROP TABLE hum_session").await;
    check_damage("UPDATE calmyx_session SET speed = 0; UPDATE hum_session SET speed = 0").await;
    check_damage("UPDATE calmyx_session SET speed = -1; UPDATE hum_session SET speed = 4294967296").await;
    check_damage("UPDATE calmyx_session SET owner = x'00'; UPDATE hum_session SET owner = x''").await;
}

#[tokio::test]
async fn odd_values_are_survived() {
    let folder = tempfile::tempdir().unwrap();
    let service = start(&file(&folder), 0.0);
    for sql in [
        "UPDATE calmyx_session SET allowance = -1",
        "UPDATE calmyx_session SET submitted_at = 9223372036854775807",
        "UPDATE calmyx_session SET submitted_at = -9223372036854775807",
        "UPDATE calmyx_session SET locations = zeroblob(17)",
        "UPDATE calmyx_session SET locations = randomblob(160)",
        "UPDATE calmyx_session SET locations = x''",
    ] {
        // One that nobody has asked for yet: what was answered once is not read again.
        let session = service.calmyx_session(3).await;
        rusqlite::Connection::open(file(&folder)).unwrap().execute_batch(sql).unwrap();
        assert!(service.calmyx_status(&session).await["status"].is_string(), "{sql}");
    }
}
