//! Every built-in scenario, as a caller sees it second by second; stored with the session, over a restart.

use std::{collections::BTreeSet, path::Path, time::SystemTime};

use abide_server::{Breakage, Config, Plan, Scenario, ServerClock, router, scenarios};
use serde_json::{Value, json};

use crate::service::{CALMYX, HUM, Service, calmyx_body, config, hum_body, status_path};

/// The moments, in seconds, at which the sessions are looked at.
const MOMENTS: [f64; 6] = [0.0, 1.5, 3.0, 6.0, 10.0, 60.0];

fn service(scenario: Option<Scenario>, database: Option<&Path>, clock: &ServerClock) -> Service {
    let breakage = scenario.map_or(Breakage::none(), |scenario| Breakage::none().with_scenario(scenario));
    let config = Config { breakage, ..config(database, Plan::Unlimited, 1) };
    Service::of(router(&config, clock.clone()).unwrap(), clock.clone())
}

/// `QUEUED 0/6` at each moment, with what else tells one scenario from another.
async fn calmyx_course(scenario: Scenario) -> Vec<String> {
    let service = service(Some(scenario), None, &ServerClock::manual(SystemTime::UNIX_EPOCH));
    let session = service.calmyx_session(6).await;
    let mut course = Vec::new();
    for (moment, before) in MOMENTS.iter().zip([0.0].iter().chain(&MOMENTS)) {
        service.advance(moment - before);
        course.push(calmyx_line(&service.calmyx_status(&session).await));
    }
    course
}

fn calmyx_line(report: &Value) -> String {
    let progress = &report["progress"];
    let failed = progress["failed"].as_u64().unwrap();
    format!(
        "{} {}/{}{}{}",
        report["status"].as_str().unwrap(),
        progress["processed"],
        progress["total"],
        if failed > 0 { format!(" {failed} failed") } else { String::new() },
        if report.get("results").is_none() { " without results" } else { "" },
    )
}

/// `202 pending pending` at each moment.
async fn hum_course(scenario: Scenario) -> Vec<String> {
    let service = service(Some(scenario), None, &ServerClock::manual(SystemTime::UNIX_EPOCH));
    let created = service.post("/sessions", HUM, hum_body().to_string()).await.json();
    let token = created.pointer("/meta/session_token").or(created.pointer("/data/session_token")).unwrap();
    let path = format!("/sessions/{}", token.as_str().unwrap());
    let mut course = Vec::new();
    for (moment, before) in MOMENTS.iter().zip([0.0].iter().chain(&MOMENTS)) {
        service.advance(moment - before);
        let reply = service.get(&path, HUM).await;
        let body = reply.json();
        let agents = &body["meta"]["agent_status"];
        let word = |agent: &str| agents[agent].as_str().unwrap().to_owned();
        let address = if body["data"]["service_address"].is_object() { " address as object" } else { "" };
        course.push(format!("{} {} {}{address}", reply.status.as_u16(), word("geocoding"), word("internet")));
    }
    course
}

/// The courses at [`MOMENTS`] where a scenario has something to say.
const CALMYX_COURSES: &[(&str, [&str; 6])] = &[
    ("all-fail", ["QUEUED 0/6", "QUEUED 0/6", "", "", "COMPLETED 6/6 6 failed", "COMPLETED 6/6 6 failed"]),
    ("some-fail", ["QUEUED 0/6", "QUEUED 0/6", "", "", "COMPLETED 6/6 2 failed", "COMPLETED 6/6 2 failed"]),
    ("all-succeed", ["QUEUED 0/6", "QUEUED 0/6", "", "", "COMPLETED 6/6", "COMPLETED 6/6"]),
    ("at-once", ["COMPLETED 6/6", "COMPLETED 6/6", "COMPLETED 6/6", "COMPLETED 6/6", "COMPLETED 6/6", "COMPLETED 6/6"]),
    (
        "one-by-one",
        ["QUEUED 0/6", "PROCESSING 0/6", "PROCESSING 1/6", "PROCESSING 2/6", "PROCESSING 4/6", "COMPLETED 6/6"],
    ),
    (
        "stalls",
        ["QUEUED 0/6", "PROCESSING 0/6", "PROCESSING 2/6", "PROCESSING 2/6", "PROCESSING 2/6", "PROCESSING 2/6"],
    ),
    ("long-queue", ["QUEUED 0/6"; 6]),
    ("never-starts", ["QUEUED 0/6"; 6]),
    ("never-finishes", ["QUEUED 0/6", "QUEUED 0/6", "", "", "PROCESSING 5/6", "PROCESSING 5/6"]),
    ("session-fails", ["QUEUED 0/6", "QUEUED 0/6", "", "", "FAILED 0/6", "FAILED 0/6"]),
    ("session-fails-halfway", ["QUEUED 0/6", "QUEUED 0/6", "", "FAILED 3/6", "FAILED 3/6", "FAILED 3/6"]),
    ("session-fails-in-queue", ["QUEUED 0/6", "QUEUED 0/6", "FAILED 0/6", "FAILED 0/6", "FAILED 0/6", "FAILED 0/6"]),
    ("zero-of-zero", ["QUEUED 0/0", "QUEUED 0/0", "", "", "COMPLETED 6/6 1 failed", "COMPLETED 6/6 1 failed"]),
    (
        "older-calmyx",
        [
            "PENDING 0/6 without results",
            "PENDING 0/6 without results",
            "",
            "",
            "COMPLETED 6/6 1 failed without results",
            "COMPLETED 6/6 1 failed without results",
        ],
    ),
];

const HUM_COURSES: &[(&str, [&str; 6])] = &[
    (
        "all-succeed",
        ["202 pending pending", "202 pending pending", "", "", "200 matched matched", "200 matched matched"],
    ),
    (
        "all-fail",
        [
            "202 pending pending",
            "202 pending pending",
            "",
            "200 failed failed",
            "200 failed failed",
            "200 failed failed",
        ],
    ),
    ("at-once", ["200 matched matched"; 6]),
    (
        "never-finishes",
        [
            "202 pending pending",
            "202 pending pending",
            "",
            "200 matched pending",
            "200 matched pending",
            "200 matched pending",
        ],
    ),
    (
        "internet-stays-pending",
        [
            "202 pending pending",
            "202 pending pending",
            "",
            "200 matched pending",
            "200 matched pending",
            "200 matched pending",
        ],
    ),
    ("geocoding-stays-pending", ["202 pending pending"; 6]),
    (
        "geocoding-failed",
        [
            "202 pending pending",
            "202 pending pending",
            "",
            "200 failed pending",
            "200 failed pending",
            "200 failed pending",
        ],
    ),
    (
        "geocoding-multiple",
        [
            "202 pending pending",
            "202 pending pending",
            "",
            "200 multiple failed",
            "200 multiple failed",
            "200 multiple failed",
        ],
    ),
    (
        "no-providers",
        ["202 pending pending", "202 pending pending", "", "", "200 matched failed", "200 matched failed"],
    ),
    (
        "internet-first",
        [
            "202 pending pending",
            "202 pending pending",
            "202 pending matched",
            "200 matched matched",
            "200 matched matched",
            "200 matched matched",
        ],
    ),
    (
        "older-hum",
        [
            "202 pending pending",
            "202 pending pending",
            "",
            "",
            "200 matched matched address as object",
            "200 matched matched address as object",
        ],
    ),
];

/// An empty line is a moment at which chance decides.
#[track_caller]
fn check(name: &str, found: &[String], expected: &[&str; 6]) {
    for (found, expected) in found.iter().zip(expected) {
        assert!(expected.is_empty() || found == expected, "{name}: {found}, expected {expected}");
    }
}

#[tokio::test]
async fn calmyx_courses() {
    for (name, expected) in CALMYX_COURSES {
        check(name, &calmyx_course(Scenario::named(name).unwrap()).await, expected);
    }
}

#[tokio::test]
async fn hum_courses() {
    for (name, expected) in HUM_COURSES {
        check(name, &hum_course(Scenario::named(name).unwrap()).await, expected);
    }
}

#[test]
fn every_built_in_scenario_has_its_course() {
    let courses: BTreeSet<String> =
        CALMYX_COURSES.iter().chain(HUM_COURSES).map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(courses, scenarios().map(|scenario| scenario.name().to_owned()).collect());
}

#[tokio::test]
async fn a_scripted_location_fails_with_its_message() {
    let text = "says = \"One.\"\n[calmyx]\nqueued = 0\npace = 1\nfail = [{ locations = [2], error = \"Own words\" }]";
    let scenario = Scenario::from_toml("own", text).unwrap();
    let service = service(Some(scenario), None, &ServerClock::manual(SystemTime::UNIX_EPOCH));
    let session = service.calmyx_session(6).await;
    service.advance(6.0);
    let report = service.calmyx_status(&session).await;
    let failed: Vec<&Value> =
        report["results"].as_array().unwrap().iter().filter(|it| it["status"] == "failed").collect();
    assert_eq!(failed.len(), 1);
    assert_eq!((&failed[0]["error"], &failed[0]["lat"]), (&json!("Own words"), &calmyx_body(6)["locations"][2]["lat"]));
}

#[tokio::test]
async fn a_failed_session_says_when() {
    for (name, started) in [("session-fails-halfway", true), ("session-fails-in-queue", false)] {
        let clock = ServerClock::manual(SystemTime::UNIX_EPOCH);
        let service = service(Some(Scenario::named(name).unwrap()), None, &clock);
        let session = service.calmyx_session(6).await;
        service.advance(60.0);
        let report = service.calmyx_status(&session).await;
        assert_eq!((report["started_at"].is_string(), report["completed_at"].is_string()), (started, true), "{name}");
        service.advance(60.0);
        assert_eq!(service.calmyx_status(&session).await, report, "{name}: the end is the end");
    }
}

/// A session goes as it was to go when it was created, whatever the server is started with later.
#[tokio::test]
async fn a_scenario_is_stored_with_the_session() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("sessions.db");
    let clock = ServerClock::manual(SystemTime::UNIX_EPOCH);
    let failing = Scenario::named("session-fails-halfway").unwrap();
    let (session, plain);
    {
        let before = service(Some(failing.clone()), Some(&database), &clock);
        session = before.calmyx_session(6).await;
    }
    {
        let between = service(None, Some(&database), &clock);
        plain = between.calmyx_session(6).await;
    }
    let after = service(Some(failing), Some(&database), &clock);
    after.advance(60.0);
    // Which of its locations failed by then is the session's own chance.
    let line = calmyx_line(&after.calmyx_status(&session).await);
    assert!(line.starts_with("FAILED 3/6"), "{line}");
    assert_eq!(after.calmyx_status(&plain).await["status"], "COMPLETED");
    assert_eq!(after.get(&status_path("nope"), CALMYX).await.status, 404);
}

/// Speed divides the seconds of a scenario.
#[tokio::test]
async fn speed_divides_the_seconds() {
    let clock = ServerClock::manual(SystemTime::UNIX_EPOCH);
    let breakage = Breakage::none().with_scenario(Scenario::named("one-by-one").unwrap());
    let config = Config { breakage, ..config(None, Plan::Unlimited, 10) };
    let service = Service::of(router(&config, clock.clone()).unwrap(), clock);
    let session = service.calmyx_session(6).await;
    service.advance(0.3);
    assert_eq!(calmyx_line(&service.calmyx_status(&session).await), "PROCESSING 1/6");
}
