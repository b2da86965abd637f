//! What people see: one small recording with two faults, in every form.

use std::collections::BTreeMap;

use abide_conformance::catalogue::Api;
use abide_conformance::judge;
use abide_conformance::report::{Terminal, junit, text, text_for};
use abide_conformance::trace::{
    Answer, Body, Credential, Exchange, Fact, Header, How, Operation, Reply, Request, Source, Subject, Trace, Which,
};
use serde_json::{Value, json};

pub(crate) fn exchange(number: u32, operation: Operation, sent: &Value, json: &Value) -> Exchange {
    let is_creation = operation == Operation::CreateSession;
    let request = Request {
        operation,
        method: if is_creation { "POST" } else { "GET" }.to_owned(),
        path: if is_creation { "/v2/session/new" } else { "/v2/session/status" }.to_owned(),
        query: if is_creation { Vec::new() } else { vec![("session_id".to_owned(), "sess_1".to_owned())] },
        credential: Credential::new(How::Bare, Which::First),
        session: (!is_creation).then(|| "sess_1".to_owned()),
        body: if is_creation { Body::Json(sent.to_string()) } else { Body::Empty },
        ..Request::default()
    };
    let answer = Answer { status: 200, headers: BTreeMap::new(), body: Body::Json(json.to_string()) };
    let sent = u64::from(number) * 1_000_000;
    let case = "fixed".to_owned();
    Exchange { number, case, sent, received: sent + 2_000, request, reply: Reply::Answer(answer) }
}

pub(crate) fn recording() -> Trace {
    let mut header = Header::new(Api::Calmyx, Subject::Server, Source::Driven, "http://127.0.0.1:8080");
    "2026-01-15T10:30:00Z".clone_into(&mut header.started);
    header.seed = 42;
    let mut trace = Trace::new(header);
    let sent = json!({"locations": [{"lat": 1, "lng": 2}]});
    let created = json!({"session_id": "sess_1", "total_locations": 1, "submitted_at": "2026-01-15T10:30:00"});
    let state = |status: &str, processed: u64, started: &Value| {
        json!({"status": status, "progress": {"total": 1, "processed": processed, "successful": 0, "failed": 0},
            "results": [], "submitted_at": "2026-01-15T10:30:00", "started_at": started, "completed_at": null})
    };
    trace.exchanges = vec![
        exchange(1, Operation::CreateSession, &sent, &created),
        exchange(2, Operation::GetSessionStatus, &sent, &state("QUEUED", 0, &Value::Null)),
        exchange(3, Operation::GetSessionStatus, &sent, &state("PROCESSING", 1, &json!("2026-01-15T10:30:01"))),
        exchange(4, Operation::GetSessionStatus, &sent, &state("<script>\u{1b}[2J", 1, &json!("2026-01-15T10:30:01"))),
    ];
    trace.facts.push(Fact::Rerun { requirement: "CAL-STATUS-VALUE".to_owned(), first: 4, last: 4, seen: 8, runs: 8 });
    trace
}

#[test]
fn on_a_terminal() {
    insta::assert_snapshot!(text(&judge(&recording())));
}

#[test]
fn on_a_terminal_of_80_columns() {
    let report = judge(&recording());
    let shown = text_for(&report, Terminal { columns: Some(80), colour: false });
    let is_short = |line: &str| line.contains("curl -sS") || line.chars().count() <= 80;
    assert!(shown.lines().all(is_short), "{shown}");
    insta::assert_snapshot!(shown);
    let coloured = text_for(&report, Terminal { columns: Some(80), colour: true });
    assert_ne!(coloured, shown);
    let paints = ["1;31", "33", "1;32", "2", "1", "0"].map(|code| format!("\u{1b}[{code}m"));
    let without = paints.iter().fold(coloured, |text, paint| text.replace(paint, ""));
    assert_eq!(without, shown, "colours add nothing else, and a server adds none");
}

#[test]
fn to_a_build_server() {
    let shown = junit(&judge(&recording()));
    assert!(!shown.contains('\u{1b}'));
    insta::assert_snapshot!(shown);
}
