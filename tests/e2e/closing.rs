//! Hum sessions that are closed, expire, or never were: three different ends, and no request to a dead session.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use abide_core::{End, Failure, Options};
use abide_watch::{CloseError, Event, Watch};
use hum_client::types::NewSession;
use hum_client::{BaseUrl, Client, Credential, Lifecycle, PathSegment, SessionSource, lifecycle};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::Notify;

use crate::scripted_server::{CREDENTIAL, ScriptedServer, json};
use crate::virtual_time::VirtualTime;

const SECOND: Duration = Duration::from_secs(1);

fn address() -> NewSession {
    NewSession { zip: Some("48034".into()), ..hum_client::address("29090 Tiffany Drive E") }
}

fn options() -> Options {
    Options::new(SECOND * 30, 1)
}

#[test]
fn closed_gone_and_not_found_are_told_apart() {
    let time = VirtualTime::new();
    let server = time.reference();
    let client = server.hum();
    let token = time.real(client.create_session(&address())).unwrap().token;
    let watch =
        |token: &PathSegment| time.watch(client.session_source(token.clone()), &lifecycle::LIFECYCLE, options());

    let mut closing = watch(&token);
    assert!(time.run(closing.next()).is_some());
    time.run(closing.close()).unwrap();
    let closed = time.play(closing).outcome.into_result().unwrap_err();
    assert!(closed.is_closed() && closed.outcome().last_status.is_some(), "{closed}");

    let gone = time.play(watch(&token)).outcome.into_result().unwrap_err();
    assert!(gone.is_gone() && gone.outcome().polls == 1, "{gone}");
    let unknown = PathSegment::new("neverWasSuchAToken12345").unwrap();
    let unknown = time.play(watch(&unknown)).outcome.into_result().unwrap_err();
    assert_eq!(unknown.outcome().end, End::Refused(Failure::NotFound));
}

#[test]
fn a_session_that_nobody_asked_about_is_gone_and_closing_it_sends_nothing() {
    let time = VirtualTime::new();
    let server = time.reference();
    let client = server.hum();
    let token = time.real(client.create_session(&address())).unwrap().token;
    let patient = Lifecycle { cap: None, ..lifecycle::LIFECYCLE };
    let mut watch = time.watch(client.session_source(token), &patient, Options::new(SECOND * 7200, 1));
    time.clock.advance(lifecycle::LIFECYCLE.inactivity.unwrap() + SECOND);
    while time.run(watch.next()).is_some() {}
    assert_eq!((watch.end(), time.gaps().len()), (Some(End::Gone), 0));
    time.run(watch.close()).unwrap();
    assert_eq!(watch.end(), Some(End::Gone), "it was not closed from here");
}

#[test]
fn a_wait_that_was_given_up_can_still_close_its_session() {
    let time = VirtualTime::new();
    let server = time.reference();
    let client = server.hum();
    let token = time.real(client.create_session(&address())).unwrap().token;
    let hasty = Options::new(SECOND / 10, 1);
    let mut watch = time.watch(client.session_source(token.clone()), &lifecycle::LIFECYCLE, hasty);
    while time.run(watch.next()).is_some() {}
    assert!(watch.end().is_some_and(|end| !end.is_final()), "{:?}", watch.end());
    time.run(watch.close()).unwrap();
    assert!(time.real(client.session(&token)).unwrap_err().is_gone(), "no session is left behind");
}

#[test]
fn a_closing_that_fails_is_told_and_the_wait_goes_on() {
    let time = VirtualTime::new();
    let done = r#"{"meta": {"agent_status": {"geocoding": "matched", "internet": "matched"}}}"#;
    let server = time.real(ScriptedServer::start(vec![json(500, "{}"), json(200, done)]));
    let source = server.hum().session_source(PathSegment::new("tok").unwrap());
    let mut watch = time.watch(source, &lifecycle::LIFECYCLE, options());
    let Err(CloseError::Failed(error)) = time.run(watch.close()) else { panic!("500 is no success") };
    assert_eq!(error.request().unwrap().status(), Some(500));
    assert!(time.play(watch).outcome.into_result().is_ok());
}

#[test]
fn an_api_without_closing_says_so() {
    let time = VirtualTime::new();
    let server = time.real(ScriptedServer::start(vec![json(200, "{}")]));
    let source = server.calmyx().session_source("sess_1");
    let mut watch = time.watch(source, &calmyx_client::lifecycle::LIFECYCLE, options());
    assert!(matches!(time.run(watch.close()), Err(CloseError::NotOffered)));
    assert!(server.requests().is_empty());
}

/// In real time: the first request is never answered, and its connection must be given up by the closing.
#[tokio::test]
async fn closing_drops_the_request_in_flight_and_sends_no_other() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = BaseUrl::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    let (lines, hung_up) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Notify::new()));
    let (seen, told) = (Arc::clone(&lines), Arc::clone(&hung_up));
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let (seen, told) = (Arc::clone(&seen), Arc::clone(&told));
            tokio::spawn(async move {
                let mut bytes = [0; 4096];
                let read = stream.read(&mut bytes).await.unwrap();
                let head = String::from_utf8_lossy(&bytes[..read]).into_owned();
                let line = head.lines().next().unwrap_or_default().to_owned();
                let polled = line.starts_with("GET");
                seen.lock().unwrap().push(line);
                if polled {
                    while stream.read(&mut bytes).await.is_ok_and(|read| read > 0) {}
                    told.notify_one();
                } else {
                    stream.write_all(&json(200, "{}")).await.unwrap();
                }
            });
        }
    });
    let client = Client::new(base, Credential::new(CREDENTIAL).unwrap()).unwrap();
    let mut watch: Watch<SessionSource> = client.watch(PathSegment::new("tok").unwrap()).unwrap();
    while lines.lock().unwrap().is_empty() {
        assert!(tokio::time::timeout(Duration::from_millis(5), watch.next()).await.is_err(), "nothing can be told yet");
    }
    watch.close().await.unwrap();
    tokio::time::timeout(SECOND * 10, hung_up.notified()).await.expect("the request in flight is let go of");
    assert!(matches!(watch.next().await, Some(Event::Ended(End::Closed))));
    assert!(watch.next().await.is_none());
    let lines = lines.lock().unwrap().clone();
    let methods: Vec<&str> = lines.iter().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(methods.iter().filter(|method| **method == "GET").count(), 1, "{methods:?}");
    assert_eq!(methods.len(), 2, "{methods:?}");
}
