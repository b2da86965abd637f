//! A server whose clock can be moved from outside, over a real socket.

use std::num::NonZeroU32;
use std::time::Duration;

use abide_conformance::drive::{ClockHook, ServerClock, WebTarget};
use abide_conformance::report::{Report, Verdict, Whole, text};
use abide_conformance::{Credentials, Suite};
use abide_server::Config;
use axum::routing::post;
use axum::{Json, Router};
use serde_json::Value;
use tokio::net::TcpListener;

async fn judged(hook: &str) -> Report {
    let keys = abide_server::Credentials::generate().unwrap();
    let speed = 20;
    let config = Config { speed: NonZeroU32::new(speed).unwrap(), ..Config::local(keys.clone()) };
    let clock = abide_server::ServerClock::system();
    let moved = clock.clone();
    let advance = move |Json(body): Json<Value>| async move {
        moved.advance(Duration::from_secs_f64(body["seconds"].as_f64().unwrap()));
    };
    let router: Router = abide_server::router(&config, clock).unwrap().route("/clock", post(advance));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(axum::serve(listener, router).into_future());

    let [first, second] = keys.hum;
    let suite = Suite::hum(Credentials::new(first, Some(second))).speed(speed).cases(3).seed(2);
    let hook = ClockHook::new(&format!("{base}{hook}"), false).unwrap();
    let target = WebTarget::new(&base, false).unwrap();
    suite.run_against(target, ServerClock::Hook(hook)).await.unwrap().report
}

#[tokio::test]
async fn expiry_is_judged_without_waiting() {
    let report = judged("/clock").await;
    assert_eq!(report.verdict, Whole::Conformant, "{}", text(&report));
    for id in ["HUM-EXPIRY", "HUM-EXPIRY-EARLY", "HUM-EXPIRY-SLIDES"] {
        assert_eq!(report.requirement(id).unwrap().verdict, Verdict::Passed, "{id}");
    }
}

#[tokio::test]
async fn a_clock_that_does_not_move_is_told() {
    let report = judged("/nowhere").await;
    assert_eq!(report.verdict, Whole::Incomplete, "{}", text(&report));
    let expiry = report.requirement("HUM-EXPIRY").unwrap();
    assert!(expiry.reason.as_deref().unwrap().contains("answers 404"), "{expiry:?}");
}
