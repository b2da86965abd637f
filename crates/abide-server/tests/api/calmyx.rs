//! Calmyx from creation to completion.

use std::collections::HashSet;

use abide_server::{Plan, documented::calmyx as documented};
use axum::http::{StatusCode, header};
use futures_util::future::join_all;
use regex_lite::Regex;
use serde_json::{Value, json};

use crate::service::{CALMYX, CALMYX_OTHER, Service, calmyx_body, status_path};

#[tokio::test]
async fn create_answers_what_is_documented() {
    let service = Service::new();
    for locations in [1, 5, 500] {
        let reply = service.post("/v2/session/new", CALMYX, calmyx_body(locations).to_string()).await;
        assert_eq!(reply.status, StatusCode::OK);
        assert_eq!(reply.headers[header::CACHE_CONTROL], "no-store");
        let body = reply.json();
        assert_eq!(body["total_locations"], json!(locations));
        assert_eq!(body["submitted_at"], "2026-01-15T10:30:00.000000");
        let shape = Regex::new("^sess_[0-9A-Za-z]{22}$").unwrap();
        assert!(shape.is_match(body["session_id"].as_str().unwrap()));
    }
}

/// Asks every 0.1 s and holds each answer against the one before it.
#[tokio::test]
async fn a_session_runs_forward_only() {
    let service = Service::new();
    let session = service.calmyx_session(50).await;
    let mut before = service.calmyx_status(&session).await;
    assert_eq!(before["status"], "QUEUED");
    let mut statuses = vec![before["status"].clone()];
    let mut partial = false;
    while before["status"] != "COMPLETED" {
        service.advance(0.1);
        let after = service.calmyx_status(&session).await;
        judge(&before, &after);
        if statuses.last() != Some(&after["status"]) {
            statuses.push(after["status"].clone());
        }
        partial |= after["status"] == "PROCESSING" && after["progress"]["processed"] != 0;
        before = after;
    }
    assert_eq!(statuses, ["QUEUED", "PROCESSING", "COMPLETED"]);
    assert!(partial, "partial results are visible");

    service.advance(86_400.0);
    assert_eq!(service.calmyx_status(&session).await, before, "a final answer stays");
}

fn judge(before: &Value, after: &Value) {
    let count = |report: &Value, name: &str| report["progress"][name].as_u64().unwrap();
    let results = |report: &Value| report["results"].as_array().unwrap().clone();
    for name in ["processed", "successful", "failed"] {
        assert!(count(after, name) >= count(before, name), "{name} decreased");
    }
    assert_eq!(count(after, "total"), 50);
    assert_eq!(count(after, "processed"), count(after, "successful") + count(after, "failed"));
    assert_eq!(results(after).len() as u64, count(after, "processed"));
    assert!(results(after).starts_with(&results(before)), "results only grow");
    for name in ["started_at", "completed_at"] {
        assert!(before[name].is_null() || before[name] == after[name], "{name} moved");
    }
    assert_eq!(after["submitted_at"], before["submitted_at"]);
    assert_eq!(after["started_at"].is_null(), after["status"] == "QUEUED");
    assert_eq!(after["completed_at"].is_null(), after["status"] != "COMPLETED");
}

#[tokio::test]
async fn results_are_the_submitted_locations() {
    let service = Service::new();
    let session = service.calmyx_session(500).await;
    service.advance(60.0);
    let report = service.calmyx_status(&session).await;
    let sent = calmyx_body(500);
    let mut rest: Vec<&Value> = sent["locations"].as_array().unwrap().iter().collect();
    for item in report["results"].as_array().unwrap() {
        let index = rest.iter().position(|place| place["lat"] == item["lat"] && place["lng"] == item["lng"]).unwrap();
        rest.swap_remove(index);
        match item["status"].as_str().unwrap() {
            documented::ITEM_SUCCESS => {
                assert!((0..=100).contains(&item["quiet_score"].as_i64().unwrap()));
                assert!(item["listing_id"].is_string());
            }
            documented::ITEM_FAILED => {
                assert_eq!(item["error"], documented::ERROR_SCORE);
                assert!(item.get("quiet_score").is_none() && item.get("listing_id").is_none());
            }
            other => panic!("{other}"),
        }
        let times = [&report["started_at"], &item["analyzed_at"], &report["completed_at"]];
        assert!(times.map(|time| time.as_str().unwrap()).is_sorted());
    }
    assert!(rest.is_empty());
}

#[tokio::test]
async fn numbers_come_back_with_all_their_digits() {
    let service = Service::new();
    for text in ["20.548000000000002", "-73.98513100000001", "0.1", "-1e-7", "41.999999999999993", "1.7976931348623157"]
    {
        let body = format!(r#"{{"locations":[{{"lat":{text},"lng":{text}}}]}}"#);
        let created = service.post("/v2/session/new", CALMYX, body).await.json();
        service.advance(60.0);
        let path = status_path(created["session_id"].as_str().unwrap());
        let reply = String::from_utf8(service.get(&path, CALMYX).await.body.to_vec()).unwrap();
        let (_, behind) = reply.split_once(r#""lat":"#).unwrap();
        let (found, _) = behind.split_once(',').unwrap();
        assert_eq!(found.parse::<f64>(), text.parse::<f64>(), "{text}");
    }
}

#[tokio::test]
async fn the_same_place_scores_the_same_in_every_session_with_other_listings() {
    let service = Service::new();
    let (first, second) = (service.calmyx_session(40).await, service.calmyx_session(40).await);
    service.advance(60.0);
    let scores = |report: &Value| -> Vec<(String, Value)> {
        let items = report["results"].as_array().unwrap().iter();
        let mut scores: Vec<_> = items.map(|item| (item["lat"].to_string(), item["quiet_score"].clone())).collect();
        scores.sort_by(|one, other| one.0.cmp(&other.0));
        scores
    };
    let listings = |report: &Value| -> HashSet<String> {
        let items = report["results"].as_array().unwrap().iter();
        items.filter_map(|item| item["listing_id"].as_str().map(str::to_owned)).collect()
    };
    let (first, second) = (service.calmyx_status(&first).await, service.calmyx_status(&second).await);
    assert_eq!(scores(&first), scores(&second));
    assert!(listings(&first).is_disjoint(&listings(&second)));
}

#[tokio::test]
async fn speed_divides_the_pace() {
    let service = Service::with(None, Plan::Unlimited, 100);
    let session = service.calmyx_session(5).await;
    service.advance(0.1);
    assert_eq!(service.calmyx_status(&session).await["status"], "COMPLETED");
}

/// Creates sessions of these sizes and compares how many locations of each met the limit.
async fn check_limit(plan: Plan, sizes: &[usize], expected: &[usize]) {
    let service = Service::with(None, plan, 1);
    let mut limited = Vec::new();
    for &size in sizes {
        let session = service.calmyx_session(size).await;
        service.advance(60.0);
        let report = service.calmyx_status(&session).await;
        assert_eq!(report["status"], "COMPLETED", "a session past the limit still completes");
        let results = report["results"].as_array().unwrap();
        limited.push(results.iter().filter(|item| item["error"] == documented::ERROR_LIMIT).count());
    }
    // A few locations of each session have no score and need no listing, which leaves room for others.
    for (limited, expected) in limited.iter().zip(expected) {
        assert!((expected.saturating_sub(12)..=*expected).contains(limited), "{limited} of about {expected}");
    }
}

#[tokio::test]
async fn the_plan_limits_listings() {
    check_limit(Plan::Trial, &[60, 60, 60], &[0, 20, 60]).await;
    check_limit(Plan::Trial, &[150], &[50]).await;
    check_limit(Plan::Insight, &[500, 500], &[0, 0]).await;
    check_limit(Plan::Unlimited, &[500], &[0]).await;
}

#[tokio::test]
async fn the_limit_belongs_to_one_key() {
    let service = Service::with(None, Plan::Trial, 1);
    service.calmyx_session(500).await;
    let reply = service.post("/v2/session/new", CALMYX_OTHER, calmyx_body(50).to_string()).await;
    service.advance(60.0);
    let path = status_path(reply.json()["session_id"].as_str().unwrap());
    let report = service.get(&path, CALMYX_OTHER).await.json();
    let results = report["results"].as_array().unwrap();
    assert!(results.iter().all(|item| item["error"] != documented::ERROR_LIMIT));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_limit_holds_when_sessions_are_created_at_once() {
    let service = Service::with(None, Plan::Trial, 1);
    let sessions = join_all((0..20).map(|_| service.calmyx_session(30))).await;
    assert_eq!(sessions.iter().collect::<HashSet<_>>().len(), 20);
    service.advance(60.0);
    let mut listings = HashSet::new();
    for session in &sessions {
        let report = service.calmyx_status(session).await;
        let items = report["results"].as_array().unwrap().clone();
        listings.extend(items.into_iter().filter_map(|item| item["listing_id"].as_str().map(str::to_owned)));
    }
    assert_eq!(listings.len(), 100, "as many as the plan allows, all different");
}
