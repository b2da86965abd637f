//! Reading and writing traces: what survives, what is refused, and that no credential is ever in one.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{Arc, Mutex};

use abide_conformance::catalogue::Api;
use abide_conformance::judge;
use abide_conformance::trace::{
    Answer, Body, Fact, Header, Recorder, Redactor, Reply, Request, Source, Subject, Trace, Which, read, read_har,
};
use abide_server::Plan;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::reference::reference;

#[derive(Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

async fn recorded() -> (String, Trace) {
    let sink = Sink::default();
    let (router, suite, advance) = reference(Api::Hum, 10, Plan::Unlimited);
    let run = suite.cases(2).record(sink.clone()).run(router, advance).await.unwrap();
    let text = String::from_utf8(sink.0.lock().unwrap().clone()).unwrap();
    (text, run.trace)
}

#[tokio::test]
async fn what_is_written_is_read_again() {
    let (text, trace) = recorded().await;
    assert!(text.contains("same-as"), "a body that came before is pointed to");
    let again = read(text.as_bytes()).unwrap();
    assert_eq!(again, trace);
    assert_eq!(judge(&again), judge(&trace));

    let schema = serde_json::to_value(abide_conformance::trace::schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for line in text.lines().step_by(7) {
        let value: Value = serde_json::from_str(line).unwrap();
        assert!(validator.is_valid(&value), "{line}");
    }
}

#[tokio::test]
async fn a_cut_file_is_read_up_to_the_cut() {
    let (text, trace) = recorded().await;
    let cut = text.len() - 40;
    let cut = (cut..text.len()).find(|place| text.is_char_boundary(*place)).unwrap();
    let again = read(&text.as_bytes()[..cut]).unwrap();
    assert_eq!(again.exchanges.len(), trace.exchanges.len() - 1);
    assert!(again.remarks[0].ends_with("was cut off and is left out"), "{:?}", again.remarks);
}

#[test]
fn refused() {
    let header = serde_json::to_string(&json!({"line": "header", "format": "abide-trace/1", "api": "hum",
        "subject": "server", "target": "x", "driver": "x", "started": "2026-01-15T10:30:00Z"}))
    .unwrap();
    let exchange = |number: u32, sent: u64, received: u64| {
        json!({"line": "exchange", "number": number, "sent": sent, "received": received,
            "request": {"operation": "getSession", "method": "GET", "path": "/"}, "reply": {"none": {"why": "reset"}}})
    };
    for (text, expected) in [
        (String::new(), "the trace is empty"),
        ("hello\n".to_owned(), "line 1 is not the header of a trace"),
        ("{}\n".to_owned(), "it names no format"),
        (header.replace("trace/1", "trace/2"), "this is `abide-trace/2`, and this program reads abide-trace/1"),
        (format!("{header}\n{{\"line\":\"exchange\"}}\n{{}}\n"), "line 2 is damaged: missing field"),
        (format!("{header}\nnonsense\n\n"), "line 2 is damaged"),
        (format!("{header}\n{}\n", exchange(1, 5, 4)), "received before the request was sent"),
        (format!("{header}\n{}\n{}\n", exchange(1, 0, 1), exchange(1, 2, 3)), "do not rise"),
    ] {
        let error = read(text.as_bytes()).unwrap_err().to_string();
        assert!(error.contains(expected), "{text}\n  gave {error}");
    }
    let later =
        format!("{header}\n{}\n{}\n", json!({"line": "weather"}), json!({"line": "fact", "fact": "new", "x": 1}));
    let trace = read(later.as_bytes()).unwrap();
    assert!(trace.remarks[0].starts_with("2 lines of a kind"), "{:?}", trace.remarks);
    let strange = header.replace('{', "{\"colour\":\"blue\",");
    assert!(read(strange.as_bytes()).is_ok(), "unknown members are ignored");
}

proptest! {
    #[test]
    fn no_credential_is_in_a_trace(
        first in "[!-~]{1,30}", second in "[!-~]{8,30}", around in ".{0,20}", member in "[a-z]{0,6}",
    ) {
        prop_assume!(first != second && !HEADER_WORDS.iter().any(|word| word.contains(&first) || first.contains(word)));
        let mut redactor = Redactor::default();
        redactor.learn(Which::First, &first);
        redactor.learn(Which::Second, &second);
        let mut header = Header::new(Api::Hum, Subject::Server, Source::Driven, format!("http://127.0.0.1/{second}"));
        header.driver.push_str(&format!(" {second} "));
        let mut file = Vec::new();
        let mut recorder = Recorder::new(header, redactor, Some(&mut file)).unwrap();
        let body = json!({(member): format!("{around} {first} {around}"), "list": [second, format!("Bearer {first}")]});
        let said = format!("it is {second}");
        let mut request = Request { path: format!("/sessions/{second}"), body: Body::Json(body.to_string()), ..Request::default() };
        request.query.push(("key".to_owned(), second.clone()));
        request.headers.insert("authorization".to_owned(), format!("Bearer {first}"));
        request.session = Some(second.clone());
        let headers = [("location".to_owned(), said.clone())].into();
        let answer = Answer { status: 200, headers, body: Body::Json(body.to_string()) };
        recorder.exchange(&said, 1, 2, request.clone(), Reply::Answer(answer)).unwrap();
        let answer = Answer { status: 200, headers: BTreeMap::new(), body: Body::NotJson { starts: said.clone(), length: 9 } };
        recorder.exchange("", 3, 4, request, Reply::Answer(answer)).unwrap();
        recorder.fact(Fact::WaitedOut { exchange: 2, waited: 1 }).unwrap();
        recorder.finish().unwrap();
        let text = String::from_utf8(file).unwrap();
        prop_assert!(!text.contains(&second), "{second} in {text}");
        let escaped = serde_json::to_string(&second).unwrap();
        prop_assert!(!text.contains(escaped.trim_matches('"')));
        if first.len() >= 8 {
            prop_assert!(!text.contains(&first), "{first} in {text}");
        } else {
            prop_assert!(!text.contains(&format!("Bearer {first}\\\"")), "{first} in {text}");
        }
    }
}

/// What is cut is cut after its credentials were taken out: the half of one is not recognised.
#[test]
fn no_half_of_a_credential_is_left() {
    let secret = "0123456789abcdef";
    for before in 100..125 {
        let mut redactor = Redactor::default();
        redactor.learn(Which::First, secret);
        let header = Header::new(Api::Hum, Subject::Server, Source::Driven, "http://127.0.0.1");
        let mut recorder = Recorder::new(header, redactor, Some(Vec::new())).unwrap();
        let starts = format!("{}{secret} and more", "x".repeat(before));
        let answer = Answer { status: 200, headers: BTreeMap::new(), body: Body::NotJson { starts, length: 999 } };
        recorder.exchange("", 1, 2, Request::default(), Reply::Answer(answer)).unwrap();
        let Reply::Answer(Answer { body: Body::NotJson { starts, .. }, .. }) =
            recorder.finish().unwrap().exchanges[0].reply.clone()
        else {
            panic!()
        };
        assert!(!starts.contains("012") && starts.chars().count() <= 120, "{starts}");
    }
}

#[test]
fn no_credential_is_in_a_fact() {
    let secret = "0123456789abcdef";
    let said = || format!("it said {secret}");
    let facts = [
        Fact::ClockStuck { at: 1, why: said() },
        Fact::Stopped { at: 1, why: said() },
        Fact::HostLag { case: said(), lag: 1, at: None },
        Fact::ClientStarted { case: said(), at: 1 },
        Fact::ClientEnded { case: said(), at: 1, outcome: Some(said()), exit: None, stopped: true, why: Some(said()) },
    ];
    let mut redactor = Redactor::default();
    redactor.learn(Which::First, secret);
    let header = Header::new(Api::Hum, Subject::Client, Source::Driven, "client");
    let mut file = Vec::new();
    let mut recorder = Recorder::new(header, redactor, Some(&mut file)).unwrap();
    for fact in facts {
        recorder.fact(fact).unwrap();
    }
    recorder.finish().unwrap();
    let text = String::from_utf8(file).unwrap();
    assert!(!text.contains(secret) && text.matches("[first credential]").count() == 7, "{text}");
}

/// Words of the format itself; a credential that is one of them is no secret.
const HEADER_WORDS: [&str; 4] = ["credential", "abide-conformance", "[first credential]", "[second credential]"];

fn entry(method: &str, url: &str, authorization: &str, body: Option<&Value>, status: u16, reply: &Value) -> Value {
    json!({
        "startedDateTime": "2026-01-15T10:30:00.000Z", "time": 12.5,
        "request": {
            "method": method, "url": url, "headers": [{"name": "Authorization", "value": authorization}],
            "postData": body.map(|body| json!({"mimeType": "application/json", "text": body.to_string()})),
        },
        "response": {"status": status, "headers": [], "content": {"text": reply.to_string(), "size": 1}},
    })
}

#[test]
fn a_har_file_is_a_trace() {
    let base = "https://api.calmyx.com/v2/session";
    let created = json!({"session_id": "sess_1", "total_locations": 1, "submitted_at": "2026-01-15T10:30:00"});
    let state = json!({"status": "QUEUED", "progress": {"total": 1, "processed": 1, "successful": 0, "failed": 0},
        "results": [], "submitted_at": "2026-01-15T10:30:00", "started_at": null, "completed_at": null});
    let sent = json!({"locations": [{"lat": 1, "lng": 2}]});
    let archive = json!({"log": {"creator": {"name": "browser", "version": "1"}, "entries": [
        entry("GET", "https://cdn.example.com/logo.png", "", None, 200, &json!({})),
        entry("POST", &format!("{base}/new"), "the-secret-key", Some(&sent), 200, &created),
        entry("GET", &format!("{base}/status?session_id=sess_1"), "the-secret-key", None, 200, &state),
        entry("GET", &format!("{base}/status?session_id=sess_1"), "another-secret", None, 404, &json!({"error": "no"})),
        entry("GET", &format!("{base}/status?session_id=sess_1"), "a-third-one", None, 404, &json!({"error": "no"})),
    ]}});
    let trace = read_har(Api::Calmyx, &archive.to_string()).unwrap();
    assert_eq!(trace.exchanges.len(), 3);
    assert_eq!(trace.remarks, ["2 of 5 requests in the file were ignored"]);
    let shown = format!("{trace:?}");
    assert!(!shown.contains("secret"), "{shown}");
    let report = judge(&trace);
    let broken: Vec<_> =
        report.requirements.iter().filter(|row| !row.findings.is_empty()).map(|row| &*row.id).collect();
    assert_eq!(broken, ["CAL-COUNT-SUM", "CAL-QUEUED-EMPTY"]);

    for (text, expected) in [
        ("hello", "this is no HAR file"),
        ("{}", "it has no log.entries"),
        ("{\"log\":{\"entries\":[]}}", "no request in this HAR file is a Calmyx call"),
    ] {
        assert!(read_har(Api::Calmyx, text).unwrap_err().to_string().contains(expected), "{text}");
    }
}

/// The schemas beside the documents; `ABIDE_WRITE_SCHEMAS=1` writes them.
#[test]
fn schemas_are_published() {
    let schemas = [("trace", abide_conformance::trace::schema()), ("report", abide_conformance::report::schema())];
    for (name, schema) in schemas {
        let path = format!("{}/../../spec/{name}.schema.json", env!("CARGO_MANIFEST_DIR"));
        let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
        if std::env::var_os("ABIDE_WRITE_SCHEMAS").is_some() {
            std::fs::write(&path, &text).unwrap();
        }
        // As values: the order of keys depends on what else is compiled.
        let there: Value =
            serde_json::from_str(&std::fs::read_to_string(&path).unwrap_or_default()).unwrap_or_default();
        assert!(
            there == serde_json::to_value(&schema).unwrap(),
            "spec/{name}.schema.json is out of date: run this test with ABIDE_WRITE_SCHEMAS=1"
        );
    }
}
