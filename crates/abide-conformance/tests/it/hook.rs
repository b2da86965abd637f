//! Servers over a real socket whose sessions have to expire: with a clock that can be moved from outside, and without.

use std::num::NonZeroU32;
use std::time::Duration;

use abide_conformance::drive::{ClockHook, ServerClock, WebTarget};
use abide_conformance::report::{Report, Verdict, Whole, text};
use abide_conformance::{Credentials, Suite};
use abide_server::Config;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What becomes of one call of the hook.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fate {
    Done,
    /// The clock moves, and the connection breaks before the reply.
    DoneUnheard,
    /// The connection breaks, and nothing moves.
    Lost,
    /// Nothing moves, and a proxy says so in its way.
    BadGateway,
    NotFound,
}

/// A hook that calls meet by turns; the last fate stays.
async fn hook(clock: abide_server::ServerClock, fates: Vec<Fate>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let mut calls = 0;
        while let Ok((stream, _)) = listener.accept().await {
            let fate = *fates.get(calls).or(fates.last()).unwrap();
            calls += 1;
            answer(stream, &clock, fate).await;
        }
    });
    format!("http://{address}/clock")
}

async fn answer(mut stream: TcpStream, clock: &abide_server::ServerClock, fate: Fate) {
    let mut request = Vec::new();
    while !request.ends_with(b"}") {
        stream.read_buf(&mut request).await.unwrap();
    }
    let start = request.iter().position(|byte| *byte == b'{').unwrap();
    let body: Value = serde_json::from_slice(&request[start..]).unwrap();
    if matches!(fate, Fate::Done | Fate::DoneUnheard) {
        clock.advance(Duration::from_secs_f64(body["seconds"].as_f64().unwrap()));
    }
    let status = match fate {
        Fate::Done => "204 No Content",
        Fate::BadGateway => "502 Bad Gateway",
        Fate::NotFound => "404 Not Found",
        Fate::DoneUnheard | Fate::Lost => return,
    };
    let head = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
}

async fn judged(fates: &[Fate]) -> Report {
    let keys = abide_server::Credentials::generate().unwrap();
    let speed = 20;
    let config = Config { speed: NonZeroU32::new(speed).unwrap(), ..Config::local(keys.clone()) };
    let clock = abide_server::ServerClock::system();
    let router = abide_server::router(&config, clock.clone()).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(axum::serve(listener, router).into_future());

    let [first, second] = keys.hum;
    let suite = Suite::hum(Credentials::new(first, Some(second))).speed(speed).cases(3).seed(2);
    let hook = ClockHook::new(&hook(clock, fates.to_vec()).await, false).unwrap();
    let target = WebTarget::new(&base, false).unwrap();
    suite.run_against(target, ServerClock::Hook(hook)).await.unwrap().report
}

const EXPIRY: [&str; 3] = ["HUM-EXPIRY", "HUM-EXPIRY-EARLY", "HUM-EXPIRY-SLIDES"];

#[tokio::test]
async fn expiry_is_judged_without_waiting() {
    let report = judged(&[Fate::Done]).await;
    assert_eq!(report.verdict, Whole::Conformant, "{}", text(&report));
    for id in EXPIRY {
        assert_eq!(report.requirement(id).unwrap().verdict, Verdict::Passed, "{id}");
    }
}

#[tokio::test]
async fn a_clock_that_does_not_move_is_told() {
    let report = judged(&[Fate::NotFound]).await;
    assert_eq!(report.verdict, Whole::Incomplete, "{}", text(&report));
    let expiry = report.requirement("HUM-EXPIRY").unwrap();
    assert!(expiry.reason.as_deref().unwrap().contains("answers 404"), "{expiry:?}");
}

/// Whether the clock moved is not known then, and nobody is accused for what it may have done.
#[tokio::test]
async fn a_move_that_nobody_confirmed_accuses_nobody() {
    let mut runs = Vec::new();
    for fate in [Fate::DoneUnheard, Fate::Lost, Fate::BadGateway] {
        for before in 0..3 {
            let fates = [vec![Fate::Done; before], vec![fate]].concat();
            runs.push(async move { (judged(&fates).await, fates) });
        }
    }
    for (report, fates) in futures_util::future::join_all(runs).await {
        let broken: Vec<_> = report.requirements.iter().filter(|row| !row.findings.is_empty()).collect();
        assert!(broken.is_empty(), "{fates:?}\n{}", text(&report));
        // On a slow machine other cases may already have shown what this one leaves open.
        assert_ne!(report.verdict, Whole::NotJudged, "{fates:?}\n{}", text(&report));
    }
}

/// Half an hour of a server that has no hook is waited for once, and the report says so.
#[tokio::test]
async fn what_took_long_to_see_was_seen_once() {
    let keys = abide_server::Credentials::generate().unwrap();
    let router = abide_server::router(&Config::local(keys.clone()), abide_server::ServerClock::system()).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let target = WebTarget::new(&format!("http://{}", listener.local_addr().unwrap()), false).unwrap();
    tokio::spawn(axum::serve(listener, router).into_future());

    let [first, second] = keys.hum;
    // The judge takes the server for one whose half hour is over in two seconds.
    let suite = Suite::hum(Credentials::new(first, Some(second))).speed(900).cases(0);
    let run = suite.patience(Duration::from_millis(20)).run_against(target, ServerClock::Real).await.unwrap();
    let row = run.report.requirement("HUM-EXPIRY").unwrap();
    assert_eq!(row.verdict, Verdict::Failed, "{}", text(&run.report));
    assert_eq!(row.findings[0].seen.as_deref(), Some("1 of 1"), "{row:#?}");
    let told = |row: &abide_conformance::report::RequirementVerdict| row.findings.iter().any(|it| it.seen.is_some());
    assert!(run.report.requirements.iter().all(|row| row.findings.is_empty() || told(row)), "{:#?}", run.report);
}
