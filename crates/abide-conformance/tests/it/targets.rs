//! Targets that are not what they were taken for: a plain sentence, and a report all the same.

use std::time::Duration;

use abide_conformance::catalogue::Api;
use abide_conformance::drive::{ServerClock, WebTarget};
use abide_conformance::report::{Whole, html, json, junit};
use abide_conformance::{Credentials, Run, Suite};
use axum::Router;
use axum::http::StatusCode;
use axum::response::Html;
use axum::routing::any;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;

async fn in_process(api: Api, router: Router) -> Run {
    Suite::new(api, Credentials::new("first-credential", Some("second-credential"))).run(router, |_| {}).await.unwrap()
}

async fn over_http(address: &str) -> Run {
    let target = WebTarget::new(&format!("http://{address}"), false).unwrap();
    let suite =
        Suite::calmyx(Credentials::new("first-credential", None::<String>)).patience(Duration::from_millis(500));
    suite.run_against(target, ServerClock::None).await.unwrap()
}

#[track_caller]
fn check(run: &Run, verdict: Whole, sentence: &str) {
    let report = &run.report;
    let problem = report.problem.as_deref().unwrap_or_default();
    assert_eq!(report.verdict, verdict, "{problem}");
    assert!(problem.contains(sentence), "{problem}");
    assert!(json(report).contains("\"requirements\"") && junit(report).contains("<testcase"));
    assert!(html(report, &run.trace).contains("</html>"));
}

#[tokio::test]
async fn another_page() {
    let router = Router::new().fallback(any(|| async { Html("<h1>\u{1b}[31mhello") }));
    check(&in_process(Api::Calmyx, router).await, Whole::NotJudged, "no JSON but `<h1>[31mhello` (text/html");
}

#[tokio::test]
async fn the_other_api() {
    let (router, _, _) = crate::reference::reference(Api::Calmyx, 60, abide_server::Plan::Unlimited);
    let calmyx_only = Router::new().nest_service("/v2", router);
    check(&in_process(Api::Hum, calmyx_only).await, Whole::NotJudged, "answers 404 to POST /sessions; is ");
}

#[tokio::test]
async fn another_key() {
    let (router, _, _) = crate::reference::reference(Api::Calmyx, 60, abide_server::Plan::Unlimited);
    check(&in_process(Api::Calmyx, router).await, Whole::NotJudged, "does not take the credential in CALMYX_API_KEY");
}

#[tokio::test]
async fn errors_only() {
    let router = Router::new().fallback(any(|| async { (StatusCode::INTERNAL_SERVER_ERROR, "{}") }));
    let run = in_process(Api::Hum, router).await;
    assert_eq!(run.report.verdict, Whole::NotConformant);
}

#[tokio::test]
async fn a_redirect() {
    let router = Router::new().fallback(any(|| async { axum::response::Redirect::permanent("https://example.com/") }));
    check(&in_process(Api::Hum, router).await, Whole::NotJudged, "redirects elsewhere");
}

#[tokio::test]
async fn nobody_there() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    drop(listener);
    check(&over_http(&address).await, Whole::NotJudged, "could not be reached");
}

#[tokio::test]
async fn closes_at_once() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            drop(stream);
        }
    });
    check(&over_http(&address).await, Whole::NotJudged, "closed the connection without an answer");
}

#[tokio::test]
async fn no_http() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.write_all(b"SSH-2.0-OpenSSH_9.6\r\n").await;
        }
    });
    check(&over_http(&address).await, Whole::NotJudged, "something that is no HTTP");
}

/// Ten times the longest patience is no time that there is.
#[tokio::test]
async fn a_patience_without_end() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    drop(listener);
    let target = WebTarget::new(&format!("http://{address}"), false).unwrap();
    let suite = Suite::calmyx(Credentials::new("first-credential", None::<String>)).patience(Duration::MAX);
    check(&suite.run_against(target, ServerClock::None).await.unwrap(), Whole::NotJudged, "could not be reached");
}
