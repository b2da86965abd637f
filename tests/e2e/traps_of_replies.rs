//! What generated code trips over in replies: each case fails without the change that answers it.

use abide_core::{Failure, State};
use calmyx_client::types::{LocationResult, SessionState};
use hum_client::types::{AgentState, RequestStatus, ServiceAddress, SessionData, Speed, ZipEcho};
use hum_client::{Answer, PathSegment};

use crate::scripted_server::{CREDENTIAL, ScriptedServer, json, reply};

const STATUS: &str = r#"{"status": "PROCESSING",
    "progress": {"total": 2, "processed": 1, "successful": 1, "failed": 0},
    "results": [{"lat": 1.5, "lng": 2.5, "status": "success", "quiet_score": 72, "listing_id": "l-1",
                 "analyzed_at": "2026-01-15T10:30:10.000000"}],
    "submitted_at": "2026-01-15T10:30:00.000000", "started_at": "2026-01-15T10:30:05.000000", "completed_at": null}"#;

async fn calmyx_status(body: &str) -> calmyx_client::types::SessionStatus {
    let server = ScriptedServer::start(vec![json(200, body)]).await;
    server.calmyx().session_status("sess_1").await.unwrap()
}

async fn hum_answer(status: u16, body: &str) -> Result<Answer, hum_client::Error> {
    let server = ScriptedServer::start(vec![json(status, body)]).await;
    server.hum().session(&PathSegment::new("token").unwrap()).await
}

#[tokio::test]
async fn a_time_without_an_offset_is_read_as_utc() {
    let status = calmyx_status(STATUS).await;
    assert_eq!(status.submitted_at.instant().unwrap().to_string(), "2026-01-15T10:30:00Z");
    assert!(!status.submitted_at.has_offset());
}

#[tokio::test]
async fn an_unknown_state_is_kept_and_ends_nothing() {
    let status = calmyx_status(&STATUS.replace("PROCESSING", "PAUSED")).await;
    assert_eq!(status.status, SessionState::Unknown("PAUSED".into()));
    assert_eq!(calmyx_client::observe(&status).state, State::Unknown);
    let known = calmyx_status(STATUS).await;
    assert_eq!(known.status, SessionState::Processing, "a known one stays known");
}

#[tokio::test]
async fn an_unknown_or_malformed_result_does_not_cost_the_others() {
    for odd in [
        r#"{"lat": 1, "lng": 2, "status": "skipped", "why": "sea"}"#,
        r#"{"lat": 1, "lng": 2}"#,
        r#"{"lat": 1, "lng": 2, "status": "success", "quiet_score": null, "listing_id": "x", "analyzed_at": "y"}"#,
        "null",
        "7",
    ] {
        let status = calmyx_status(&STATUS.replace(r#""results": ["#, &format!(r#""results": [{odd}, "#))).await;
        assert!(matches!(status.results[0], LocationResult::Unrecognised(_)), "{odd}");
        assert!(matches!(&status.results[1], LocationResult::Success(scored) if scored.quiet_score == 72), "{odd}");
    }
}

#[tokio::test]
async fn extra_fields_are_ignored() {
    let body = STATUS.replace(r#""status": "PROCESSING""#, r#""status": "PROCESSING", "eta": {"s": 9}, "v": [1]"#);
    assert_eq!(calmyx_status(&body).await.progress.processed, 1);
}

#[tokio::test]
async fn null_and_absent_optional_fields_are_the_same() {
    for (old, new) in [
        (r#", "completed_at": null"#, ""),
        (r#""started_at": "2026-01-15T10:30:05.000000""#, r#""started_at": null"#),
        (r#""started_at": "2026-01-15T10:30:05.000000", "#, ""),
    ] {
        let body = STATUS.replace(old, new);
        assert_ne!(body, STATUS);
        assert!(calmyx_status(&body).await.completed_at.is_none());
    }
    for results in ["", r#""results": null,"#] {
        let body = r#"{"status": "QUEUED", "progress": {"total": 2, "processed": 0, "successful": 0, "failed": 0}, R
            "submitted_at": "2026-01-15T10:30:00.000000"}"#
            .replace('R', results);
        assert!(calmyx_status(&body).await.results.is_empty());
    }
    let answer = hum_answer(200, r#"{"data": null, "meta": {"agent_status": null, "service_address": null}}"#).await;
    assert_eq!(answer.unwrap().agent("internet"), None);
}

#[tokio::test]
async fn a_counter_below_zero_is_readable() {
    let status = calmyx_status(&STATUS.replace(r#""failed": 0"#, r#""failed": -1"#)).await;
    assert_eq!(status.progress.failed, -1);
}

#[tokio::test]
async fn both_success_codes_are_told_apart() {
    let body =
        r#"{"message": "m", "request_status": "ok", "data": {}, "meta": {"agent_status": {"internet": "pending"}}}"#;
    assert!(hum_answer(200, body).await.unwrap().ready);
    let working = hum_answer(202, body).await.unwrap();
    assert!(!working.ready);
    assert_eq!(working.agent("internet"), Some(&AgentState::Pending));
}

#[tokio::test]
async fn an_empty_202_is_still_at_work_and_an_empty_200_is_an_error() {
    let working = hum_answer(202, "").await.unwrap();
    assert!(!working.ready && working.reply.is_none());
    let error = hum_answer(200, " \n").await.unwrap_err();
    assert!(error.request().unwrap().is_empty_success());
    assert_eq!(error.setback().failure, Failure::Transient);
}

#[tokio::test]
async fn what_versions_disagree_on_is_a_union() {
    let answer = hum_answer(
        200,
        r#"{"message": "m", "request_status": "strange", "data": {
            "service_address": {"normalized": "1 A ST", "zip": 48034},
            "internet": [{"provider_id": 7, "offerings": [
                {"max_download_speed": 100, "max_upload_speed": "50-100"}, {"max_download_speed": ["?"]}]}]},
            "meta": {"session_params": {"zip": "48034"}, "agent_status": {"geocoding": "matched", "internet": 3}}}"#,
    )
    .await
    .unwrap();
    assert_eq!(answer.service_address(), Some("1 A ST"));
    let offers = &answer.providers()[0].offerings;
    assert!(matches!(&offers[0].max_download_speed, Some(Speed::Number(speed)) if speed.to_string() == "100"));
    assert!(matches!(&offers[0].max_upload_speed, Some(Speed::Text(text)) if text == "50-100"));
    assert!(matches!(offers[1].max_download_speed, Some(Speed::Unrecognised(_))));
    assert_eq!(answer.agent("internet"), Some(&AgentState::Unknown("3".into())));
    let reply = answer.reply.unwrap();
    assert_eq!(reply.request_status, Some(RequestStatus::Unknown("strange".into())));
    assert!(matches!(reply.meta.unwrap().session_params.unwrap().zip, Some(ZipEcho::Text(zip)) if zip == "48034"));
    let Some(SessionData::SessionDetails(details)) = reply.data else { panic!("an object is the details") };
    assert!(matches!(details.service_address, Some(ServiceAddress::AddressParts(_))));
}

/// An error status keeps its code, its headers and its meaning whatever the body is.
#[tokio::test]
async fn an_error_status_with_an_html_body_is_still_that_status() {
    for (status, headers, failure, seconds) in [
        (401, "Content-Type: text/html", Failure::Denied, None),
        (404, "Content-Type: text/html", Failure::NotFound, None),
        (410, "Content-Type: text/html", Failure::Gone, None),
        (429, "Content-Type: text/html\nRetry-After: 7", Failure::Throttled, Some(7)),
        (500, "Content-Type: text/html", Failure::Transient, None),
        (503, "Content-Type: application/json\nRetry-After: 9", Failure::Throttled, Some(9)),
    ] {
        let html = format!("<html>{CREDENTIAL} internal s3cret</html>");
        let server = ScriptedServer::start(vec![reply(status, headers, &html)]).await;
        let error = server.hum().session(&PathSegment::new("token").unwrap()).await.unwrap_err();
        assert_eq!(error.request().unwrap().status(), Some(status));
        assert_eq!(error.setback().failure, failure, "{status}");
        assert_eq!(error.setback().retry_after.map(|after| after.as_secs()), seconds, "{status}");
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("s3cret") && !shown.contains(CREDENTIAL), "{shown}");
    }
}

#[tokio::test]
async fn a_success_with_html_is_an_error_that_shows_no_body() {
    let server = ScriptedServer::start(vec![reply(200, "Content-Type: text/html", "<html>s3cret portal</html>")]).await;
    let error = server.calmyx().session_status("sess_1").await.unwrap_err();
    assert!(error.request().unwrap().is_undecodable());
    assert!(!format!("{error} {error:?}").contains("s3cret"));
    assert_eq!(error.setback().failure, Failure::Transient);
}

#[tokio::test]
async fn what_the_server_says_is_kept_apart_and_never_repeats_the_credential() {
    for (body, expected) in [
        (r#"{"message": "street1 is too long"}"#.to_owned(), Some("street1 is too long")),
        (format!(r#"{{"message": "bad key {CREDENTIAL}"}}"#), None),
    ] {
        let server = ScriptedServer::start(vec![json(422, &body)]).await;
        let error = server.hum().session(&PathSegment::new("token").unwrap()).await.unwrap_err();
        assert_eq!(error.request().unwrap().server_message(), expected);
        assert!(!format!("{error} {error:?}").contains("street1"));
    }
}

#[tokio::test]
async fn a_secret_in_a_body_shows_in_no_debug() {
    let answer = hum_answer(
        200,
        r#"{"data": {"internet": [{"provider_name": "P", "security_token": "s3cret"}]},
            "meta": {"session_token": "t0ken-of-the-session"}}"#,
    )
    .await
    .unwrap();
    let shown = format!("{answer:?}");
    assert!(shown.contains("provider_name") && !shown.contains("s3cret") && !shown.contains("t0ken"), "{shown}");
    let odd = hum_answer(200, r#"{"data": "s3cret", "meta": {"service_address": ["s3cret"]}}"#).await.unwrap();
    assert!(!format!("{odd:?}").contains("s3cret"), "{odd:?}");
}

/// A field that nobody waits for does not cost the fields that somebody does.
#[tokio::test]
async fn an_odd_field_costs_nothing_but_itself() {
    let answer = hum_answer(
        200,
        r#"{"message": 7, "data": {"session_token": "", "internet": [{"provider_name": "P", "telephone": 5}]},
            "meta": {"hum_data_set": 7, "created_at": 9, "session_params": [],
                     "agent_status": {"geocoding": "matched", "internet": "matched"}}}"#,
    )
    .await
    .unwrap();
    assert_eq!(hum_client::observe(&answer).counters.successful, 2);
    assert_eq!(answer.providers().len(), 1);

    let body =
        STATUS.replace(r#""total": 2"#, r#""total": 2.0"#).replace(r#""completed_at": null"#, r#""completed_at": 7"#);
    assert_eq!(calmyx_status(&body.replace(r#""2026-01-15T10:30:00.000000""#, "null")).await.progress.total, 2);
}

#[tokio::test]
async fn another_success_code_is_taken_by_its_body() {
    let body = r#"{"meta": {"agent_status": {"geocoding": "matched", "internet": "matched"}}}"#;
    assert!(hum_answer(203, body).await.unwrap().ready);
    let created = r#"{"meta": {"session_token": "tok"}}"#;
    let server = ScriptedServer::start(vec![json(200, created)]).await;
    let address = hum_client::types::NewSession { zip: Some("48034".into()), ..hum_client::address("1 A St") };
    assert_eq!(server.hum().create_session(&address).await.unwrap().token.as_str(), "tok");
}

#[tokio::test]
async fn closing_is_believed_without_a_body() {
    for (status, body) in [(200, ""), (204, ""), (202, "{}"), (200, "{}")] {
        let server = ScriptedServer::start(vec![json(status, body)]).await;
        let closed = server.hum().close_session(&PathSegment::new("tok").unwrap()).await;
        assert_eq!(closed.unwrap(), hum_client::Closed::Closed, "{status} {body}");
    }
    let portal = ScriptedServer::start(vec![json(200, "<html>")]).await;
    assert!(portal.hum().close_session(&PathSegment::new("tok").unwrap()).await.is_err());
    let server = ScriptedServer::start(vec![json(410, "")]).await;
    let closed = server.hum().close_session(&PathSegment::new("tok").unwrap()).await;
    assert_eq!(closed.unwrap(), hum_client::Closed::GoneBefore);
}

/// The status of an error counts, whatever becomes of its body.
#[tokio::test]
async fn an_error_status_outlives_its_body() {
    let cut = |status: u16| {
        format!("HTTP/1.1 {status} X\r\nRetry-After: 30\r\nContent-Length: 100\r\n\r\n{{\"mess").into_bytes()
    };
    let packed = |status: u16| reply(status, "Content-Encoding: gzip\nRetry-After: 30", "\u{1f}\u{8b}");
    let large = |status: u16| reply(status, "Retry-After: 30", &"x".repeat(1_000_000));
    for (status, failure) in [(410, Failure::Gone), (401, Failure::Denied), (429, Failure::Throttled)] {
        for bytes in [cut(status), packed(status), large(status)] {
            let server = ScriptedServer::start(vec![bytes]).await;
            let error = server.hum().session(&PathSegment::new("tok").unwrap()).await.unwrap_err();
            assert_eq!(error.setback().failure, failure, "{status}: {error}");
            assert_eq!(error.setback().retry_after.map(|after| after.as_secs()), Some(30), "{status}");
        }
    }
}

#[tokio::test]
async fn what_is_said_beside_the_credential_is_not_cut_into_it() {
    let body = format!(r#"{{"message": "{}{CREDENTIAL}"}}"#, "x".repeat(290));
    let server = ScriptedServer::start(vec![json(401, &body)]).await;
    let error = server.calmyx().session_status("s").await.unwrap_err();
    assert_eq!(error.request().unwrap().server_message(), None);
}
