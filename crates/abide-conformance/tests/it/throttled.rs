//! A good server that pushes back: every 429 is waited out, and the rest is judged as ever; and servers that are so slow, or
//! push back for so long, that there is no time for all of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use abide_conformance::catalogue::Api;
use abide_conformance::drive::{ServerClock, WebTarget};
use abide_conformance::report::{Verdict, Whole, text};
use abide_server::Plan;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};

use crate::reference::reference;

/// Calls in a second of the virtual clock.
const LIMIT: u32 = 40;

#[derive(Default)]
struct Window {
    now: AtomicU64,
    second: AtomicU64,
    calls: AtomicU32,
}

impl Window {
    fn is_full(&self) -> bool {
        let second = self.now.load(Ordering::Relaxed) / 1_000_000;
        if self.second.swap(second, Ordering::Relaxed) != second {
            self.calls.store(0, Ordering::Relaxed);
        }
        self.calls.fetch_add(1, Ordering::Relaxed) >= LIMIT
    }
}

async fn run(retry_after: &'static str, speed: u32) -> abide_conformance::Run {
    let (router, suite, mut advance) = reference(Api::Hum, speed, Plan::Unlimited);
    let window = Arc::new(Window::default());
    let seen = Arc::clone(&window);
    let limited = router.layer(from_fn(move |request: Request, next: Next| {
        let is_full = seen.is_full();
        async move { if is_full { refusal(retry_after) } else { next.run(request).await } }
    }));
    let move_both = move |by: Duration| {
        window.now.fetch_add(u64::try_from(by.as_micros()).unwrap(), Ordering::Relaxed);
        advance(by);
    };
    suite.cases(2).run(limited, move_both).await.unwrap()
}

fn refusal(retry_after: &'static str) -> Response {
    let mut response = axum::http::StatusCode::TOO_MANY_REQUESTS.into_response();
    if !retry_after.is_empty() {
        response.headers_mut().insert("retry-after", retry_after.parse().unwrap());
    }
    response
}

#[tokio::test]
async fn a_limit_that_says_how_long_to_wait() {
    let report = run("1", 1).await.report;
    assert_eq!(report.verdict, Whole::Conformant, "{}", text(&report));
    assert_eq!(report.requirement("HUM-RATE-LIMIT").unwrap().verdict, Verdict::Passed);
}

#[tokio::test]
async fn a_limit_that_does_not() {
    let report = run("", 1).await.report;
    assert_eq!(report.verdict, Whole::Conformant, "{}", text(&report));
    assert_eq!(report.requirement("HUM-RATE-LIMIT").unwrap().verdict, Verdict::Warned);
}

#[tokio::test]
async fn a_limit_that_is_too_long_to_wait_out() {
    let report = run("3600", 1).await.report;
    assert_eq!(report.verdict, Whole::Incomplete, "{}", text(&report));
    assert!(report.problem.unwrap().contains("asks to be left alone for 3600 s"));
}

/// Serves some calls; whoever comes later is told to come later still.
async fn worn_out(serves: u32) -> abide_conformance::Run {
    let (router, suite, advance) = reference(Api::Hum, 1, Plan::Unlimited);
    let calls = Arc::new(AtomicU32::new(0));
    let limited = router.layer(from_fn(move |request: Request, next: Next| {
        let is_over = calls.fetch_add(1, Ordering::Relaxed) >= serves;
        async move { if is_over { refusal("1") } else { next.run(request).await } }
    }));
    suite.limit(Duration::from_mins(5)).run(limited, advance).await.unwrap()
}

#[tokio::test]
async fn a_server_that_pushes_back_for_ever() {
    for (serves, verdict, problem) in [
        (0, Whole::NotJudged, "answers 429 to every POST /sessions, also after waiting"),
        (2, Whole::Incomplete, "the time for the whole run was over after 29"),
        (60, Whole::Incomplete, "the time for the whole run was over after 29"),
    ] {
        let report = worn_out(serves).await.report;
        assert_eq!(report.verdict, verdict, "{}", text(&report));
        assert!(report.problem.as_deref().unwrap().contains(problem), "{report:#?}");
        let closed = report.requirement("HUM-CLOSED").unwrap();
        assert_eq!(closed.verdict, Verdict::NotExercised);
        if verdict == Whole::Incomplete {
            assert_eq!(closed.reason.as_deref(), Some("no session was closed; the run ended early"));
        }
    }
}

#[tokio::test]
async fn a_server_that_takes_its_time() {
    let (router, suite, _) = reference(Api::Calmyx, 100, Plan::Unlimited);
    let slow = router.layer(from_fn(|request: Request, next: Next| async {
        tokio::time::sleep(Duration::from_millis(40)).await;
        next.run(request).await
    }));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let target = WebTarget::new(&format!("http://{}", listener.local_addr().unwrap()), false).unwrap();
    tokio::spawn(axum::serve(listener, slow).into_future());
    let told = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&told);
    let count = move |_: &str| {
        counted.fetch_add(1, Ordering::Relaxed);
    };
    let begun = std::time::Instant::now();
    let run = suite.limit(Duration::from_millis(400)).progress(count).run_against(target, ServerClock::None).await;
    assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
    assert!(told.load(Ordering::Relaxed) > 0);
    let report = run.unwrap().report;
    assert_eq!(report.verdict, Whole::Incomplete, "{}", text(&report));
    assert_eq!(report.with(Verdict::Failed).count(), 0, "{}", text(&report));
}
