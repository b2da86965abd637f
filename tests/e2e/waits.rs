//! Whole waits of the real clients in virtual time: what only a socket can bring about.

use std::time::Duration;

use abide_core::{End, Failure, Options, Rule};
use abide_watch::{Answer, Event};
use calmyx_client::types::Location;
use hum_client::PathSegment;
use hum_client::types::NewSession;

use crate::scripted_server::{ScriptedServer, json, reply};
use crate::virtual_time::VirtualTime;

const SECOND: Duration = Duration::from_secs(1);
const STATUS: End = End::Completed { rule: Rule::Status };

fn options() -> Options {
    Options::new(SECOND * 600, 1)
}

/// A Calmyx status of a session with three locations, so many of them scored.
fn status(word: &str, processed: usize) -> String {
    let result = |index: usize| {
        format!(
            r#"{{"lat": {index}.5, "lng": 2.5, "status": "success", "quiet_score": 72, "listing_id": "l-{index}",
                "analyzed_at": "2026-01-15T10:30:10.000000"}}"#
        )
    };
    let results: Vec<String> = (0..processed).map(result).collect();
    format!(
        r#"{{"status": "{word}", "progress": {{"total": 3, "processed": {processed}, "successful": {processed}, "failed": 0}},
            "results": [{}], "submitted_at": "2026-01-15T10:30:00.000000"}}"#,
        results.join(", ")
    )
}

fn address() -> NewSession {
    NewSession { zip: Some("48034".into()), ..hum_client::address("29090 Tiffany Drive E") }
}

#[test]
fn a_reset_in_the_middle_of_a_body_costs_one_request_and_no_item() {
    let body = status("PROCESSING", 2);
    let cut = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{}", body.len(), &body[..body.len() / 2]);
    let chunk = format!("{:x}\r\n{body}\r\n", body.len());
    let endless = format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{chunk}");
    for broken in [cut, endless, String::new()] {
        let time = VirtualTime::new();
        let replies =
            vec![json(200, &status("PROCESSING", 1)), broken.into_bytes(), json(200, &status("COMPLETED", 3))];
        let server = time.real(ScriptedServer::start(replies));
        let source = server.calmyx().session_source("sess_1");
        let played = time.play(time.watch(source, &calmyx_client::lifecycle::LIFECYCLE, options()));

        assert_eq!((played.outcome.end, played.outcome.items, server.requests().len()), (STATUS, 3, 3));
        assert_eq!(played.outcome.replies[&Answer::Failed(Failure::Transient)], 1);
        let retries = played.events.iter().filter(|event| matches!(event, Event::Retry { attempt: 1, .. })).count();
        assert_eq!(retries, 1);
        assert!(time.gaps().iter().all(|gap| *gap >= SECOND * 5), "{:?}", time.gaps());
    }
}

#[test]
fn a_retry_after_as_a_date_is_counted_from_the_servers_own_clock() {
    let asking = "Content-Type: application/json\nDate: Sun, 06 Nov 1994 08:49:00 GMT\n\
                  Retry-After: Sun, 06 Nov 1994 08:50:17 GMT";
    for answer in [reply(429, asking, "{}"), reply(503, asking, "{}"), reply(200, asking, &status("PROCESSING", 1))] {
        let time = VirtualTime::new();
        let server = time.real(ScriptedServer::start(vec![answer, json(200, &status("COMPLETED", 3))]));
        let source = server.calmyx().session_source("sess_1");
        let played = time.play(time.watch(source, &calmyx_client::lifecycle::LIFECYCLE, options()));
        assert_eq!(played.outcome.end, STATUS);
        let gap = time.gaps()[0];
        assert!((SECOND * 77..=SECOND * 82).contains(&gap), "{gap:?}");
    }
}

#[test]
fn a_reply_about_another_session_is_as_good_as_none() {
    let named = |token: &str, agent: &str| {
        let agents = format!(r#"{{"geocoding": "{agent}", "internet": "{agent}"}}"#);
        json(200, &format!(r#"{{"meta": {{"session_token": "{token}", "agent_status": {agents}}}}}"#))
    };
    let time = VirtualTime::new();
    let replies = vec![named("mine", "pending"), named("theirs", "matched"), named("mine", "matched")];
    let server = time.real(ScriptedServer::start(replies));
    let source = server.hum().session_source(PathSegment::new("mine").unwrap());
    let played = time.play(time.watch(source, &hum_client::lifecycle::LIFECYCLE, options()));
    assert_eq!((played.outcome.end, played.outcome.polls), (End::Completed { rule: Rule::Count }, 3));
    let error = played.outcome.last_error.unwrap();
    assert_eq!(error.to_string(), "getSession: the answer is about another session");
}

#[test]
fn a_whole_session_of_each_api_at_the_documented_pace() {
    let time = VirtualTime::new();
    let server = time.reference();
    let client = server.calmyx();
    let locations: Vec<Location> = (0..200).map(|index| Location { lat: f64::from(index) / 10.0, lng: 7.0 }).collect();
    let created = time.real(client.create_session(&locations)).unwrap();
    let source = client.session_source(created.session_id);
    let played = time.play(time.watch(source, &calmyx_client::lifecycle::LIFECYCLE, options()));
    assert!(played.outcome.end.is_final() && played.outcome.items == 200, "{:?}", played.outcome.end);
    assert!(time.gaps().iter().all(|gap| (SECOND * 5..=SECOND * 10).contains(gap)), "{:?}", time.gaps());
    assert!(played.outcome.unseen.is_some_and(|unseen| unseen <= SECOND * 10));

    let time = VirtualTime::new();
    let server = time.reference();
    let client = server.hum();
    let created = time.real(client.create_session(&address())).unwrap();
    let source = client.session_source(created.token);
    let played = time.play(time.watch(source, &hum_client::lifecycle::LIFECYCLE, options()));
    assert!(played.outcome.into_result().is_ok());
    assert!(time.gaps().iter().all(|gap| *gap >= SECOND * 2), "{:?}", time.gaps());
}
