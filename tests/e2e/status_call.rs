//! The status call of a watch, which reads bodies by itself, beside the generated call: the same request, the same refusals,
//! and one connection for all.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use abide_core::Options;
use abide_watch::{Budget, Fleet, Seen, StatusSource};
use calmyx_client::lifecycle::LIFECYCLE;
use calmyx_client::{BaseUrl, Client, Credential};
use hum_client::PathSegment;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::scripted_server::{CREDENTIAL, Request, ScriptedServer, json, reply};

const STATUS: &str = r#"{"status": "PROCESSING",
    "progress": {"total": 2, "processed": 0, "successful": 0, "failed": 0},
    "results": [], "submitted_at": "2026-01-15T10:30:00"}"#;
/// A pause of some 30 ms.
const FAST: NonZeroU32 = NonZeroU32::new(200).unwrap();
const ENVELOPE: &str = r#"{"data": {}, "meta": {}}"#;

fn shown(request: &Request) -> String {
    format!("{} {:?}", request.line, request.headers)
}

#[tokio::test]
async fn it_sends_what_the_generated_call_sends() {
    for id in ["sess_1", "a b&c=d", "ü%2e/..", "+"] {
        let server = ScriptedServer::start(vec![json(200, STATUS)]).await;
        let client = server.calmyx();
        client.session_status(id).await.unwrap();
        client.session_source(id).fetch(&Seen::nothing()).await.unwrap();
        let requests = server.requests();
        assert_eq!(shown(&requests[0]), shown(&requests[1]));
    }
    for token in ["tok", "..\\..\\admin", "a?b#c"] {
        let server = ScriptedServer::start(vec![json(200, ENVELOPE)]).await;
        let (client, token) = (server.hum(), PathSegment::new(token).unwrap());
        client.session(&token).await.unwrap();
        client.session_source(token).fetch(&Seen::nothing()).await.unwrap();
        let requests = server.requests();
        assert_eq!(shown(&requests[0]), shown(&requests[1]));
    }
}

#[tokio::test]
async fn it_refuses_what_the_generated_call_refuses_in_the_same_words() {
    let cut = |status: u16| {
        format!("HTTP/1.1 {status} X\r\nRetry-After: 30\r\nContent-Length: 100\r\n\r\n{{\"mess").into_bytes()
    };
    for answer in [
        json(200, ""),
        json(202, ""),
        json(200, " \n"),
        json(200, "{}"),
        json(200, "7"),
        json(200, "{\"status\": "),
        json(200, &STATUS.replace("\"total\": 2", "\"total\": \"s3cret\"")),
        json(200, "<html>"),
        json(404, r#"{"message": "no such session"}"#),
        json(401, &format!(r#"{{"message": "bad key {CREDENTIAL}"}}"#)),
        reply(429, "Retry-After: 7", "<html>"),
        reply(200, "Content-Encoding: gzip", "{}"),
        reply(302, "Location: /elsewhere", ""),
        cut(200),
        cut(503),
    ] {
        let server = ScriptedServer::start(vec![answer.clone()]).await;
        let client = server.calmyx();
        let called = client.session_status("s").await.unwrap_err();
        let watched = client.session_source("s").fetch(&Seen::nothing()).await.unwrap_err();
        let text = String::from_utf8_lossy(&answer).into_owned();
        assert_eq!(format!("{watched:?}"), format!("{:?}", refusal(called)), "{text}");

        let (client, token) = (server.hum(), PathSegment::new("t").unwrap());
        let called = client.session(&token).await.map(|answer| format!("{answer:?}"));
        let watched = client.session_source(token).fetch(&Seen::nothing()).await;
        match called {
            Ok(answer) => assert_eq!(format!("{:?}", watched.unwrap().status), answer, "{text}"),
            Err(called) => {
                let watched = watched.unwrap_err();
                let (said, saw) = (called.request().unwrap(), watched.error.request().unwrap());
                assert_eq!(said.server_message(), saw.server_message(), "{text}");
                assert_eq!((watched.setback, format!("{saw}{saw:?}")), (called.setback(), format!("{said}{said:?}")));
            }
        }
    }
}

fn refusal(error: calmyx_client::Error) -> abide_watch::Refusal<calmyx_client::Error> {
    abide_watch::Refusal { setback: error.setback(), error }
}

/// Answers every request of every connection, and counts the connections.
async fn kept_alive() -> (Client, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = BaseUrl::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    let connections = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&connections);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::Relaxed);
            tokio::spawn(answer_all(stream));
        }
    });
    (Client::new(base, Credential::new(CREDENTIAL).unwrap()).unwrap(), connections)
}

async fn answer_all(mut stream: TcpStream) {
    let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{STATUS}", STATUS.len());
    let (mut request, mut buffer) = (Vec::new(), [0; 4096]);
    while let Ok(read @ 1..) = stream.read(&mut buffer).await {
        request.extend_from_slice(&buffer[..read]);
        if request.ends_with(b"\r\n\r\n") {
            request.clear();
            // In two pieces, as a large body comes.
            let (head, tail) = answer.as_bytes().split_at(answer.len() - 20);
            stream.write_all(head).await.unwrap();
            tokio::task::yield_now().await;
            stream.write_all(tail).await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_watch_has_one_connection_for_all_its_polls() {
    let (client, connections) = kept_alive().await;
    let lifecycle = LIFECYCLE.sped_up(FAST);
    let watch = client.watch_with("s", &lifecycle, Options::new(Duration::from_millis(500), 1)).unwrap();
    let polls = watch.outcome().await.polls;
    assert!(polls > 3, "{polls}");
    assert_eq!(connections.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_fleet_has_no_more_connections_than_requests_in_flight() {
    let (client, connections) = kept_alive().await;
    let lifecycle = LIFECYCLE.sped_up(FAST);
    let budget = Budget { period: Duration::ZERO, burst: 1, in_flight: 3 };
    let mut fleet = Fleet::new(&lifecycle, Options::new(Duration::from_millis(200), 1), budget).unwrap();
    (0..20).for_each(|id| assert!(fleet.add(client.session_source(format!("s{id}"))).is_ok()));
    let mut polls = 0;
    while let Some(notice) = fleet.next().await {
        if let abide_watch::Notice::Over { outcome, .. } = notice {
            polls += outcome.polls;
        }
    }
    assert!(polls > 20, "{polls}");
    let connections = connections.load(Ordering::Relaxed);
    assert!((1..=3).contains(&connections), "{connections} connections for {polls} polls");
}

/// The first thing that a TLS client says names the protocols that it speaks, in the order in which it likes them.
#[tokio::test]
async fn http_2_is_offered_over_tls() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = BaseUrl::parse(&format!("https://{}", listener.local_addr().unwrap())).unwrap();
    let client = Client::new(base, Credential::new(CREDENTIAL).unwrap()).unwrap();
    let hello = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut header = [0; 5];
        stream.read_exact(&mut header).await.unwrap();
        let mut hello = vec![0; usize::from(u16::from_be_bytes([header[3], header[4]]))];
        stream.read_exact(&mut hello).await.unwrap();
        hello
    });
    client.session_status("s").await.unwrap_err();
    let (hello, offered) = (hello.await.unwrap(), b"\x02h2\x08http/1.1");
    assert!(hello.windows(offered.len()).any(|bytes| bytes == offered), "{hello:?}");
}
