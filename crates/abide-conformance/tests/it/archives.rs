//! HTTP archives of a conversation with a good server, as browsers and proxies save them: whatever is left out of one, the
//! server is never accused of it.

use std::time::Duration;

use abide_conformance::catalogue::Api;
use abide_conformance::judge;
use abide_conformance::report::Verdict;
use abide_conformance::trace::{Body, Exchange, How, Trace, Which, read_file};
use abide_server::Plan;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use crate::reference::reference;

const BASE: &str = "http://127.0.0.1:8080/base";

/// A conversation that has everything in it: strangers, wrong ids, closed sessions.
async fn conversation(api: Api) -> Trace {
    let (router, suite, advance) = reference(api, 20, Plan::Unlimited);
    let mut trace = suite.cases(3).run(router, advance).await.unwrap().trace;
    // Long bodies show nothing here that short ones do not, and are slow to write and to judge.
    let length = |body: &Body| body.json().map_or(0, str::len);
    trace.exchanges.retain(|exchange| {
        length(&exchange.request.body) + exchange.reply.answer().map_or(0, |answer| length(&answer.body)) < 5_000
    });
    trace
}

fn archive(trace: &Trace, change: impl Fn(&mut Value)) -> Vec<u8> {
    let started: jiff::Timestamp = trace.header.started.parse().unwrap();
    let mut entries: Vec<Value> = trace.exchanges.iter().map(|exchange| entry(started, exchange)).collect();
    entries.iter_mut().for_each(change);
    json!({"log": {"version": "1.2", "creator": {"name": "browser", "version": "1"}, "entries": entries}})
        .to_string()
        .into_bytes()
}

fn entry(started: jiff::Timestamp, exchange: &Exchange) -> Value {
    let (request, answer) = (&exchange.request, exchange.reply.answer().unwrap());
    let secret = match request.credential.which {
        Some(Which::First) => "first-of-all",
        Some(Which::Second) => "second-to-none",
        Some(Which::Wrong) | None => "third-and-wrong",
    };
    let value = match request.credential.how {
        How::Bare => secret.to_owned(),
        How::Bearer => format!("Bearer {secret}"),
        How::None | How::Other | How::Unrecorded => String::new(),
    };
    let query: Vec<String> = request
        .query
        .iter()
        .map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC)))
        .collect();
    let headers: Vec<Value> =
        answer.headers.iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
    let text = answer.body.json().unwrap_or_default();
    let authorization: Vec<Value> =
        if value.is_empty() { Vec::new() } else { vec![json!({"name": "authorization", "value": value})] };
    json!({
        "startedDateTime": (started + std::time::Duration::from_micros(exchange.sent)).to_string(),
        // Nothing takes no time at all; what a clock in whole microseconds cannot tell is still less than one of them.
        "time": (Duration::from_micros(exchange.received - exchange.sent).as_secs_f64() * 1000.0).max(1e-6),
        "request": {
            "method": request.method, "url": format!("{BASE}{}?{}", request.path, query.join("&")),
            "headers": authorization,
            "postData": request.body.json().map(|text| json!({"mimeType": "application/json", "text": text})),
        },
        "response": {
            "status": answer.status, "headers": headers,
            "content": {"size": text.len(), "mimeType": "application/json", "text": text},
        },
    })
}

type Change = (&'static str, fn(&mut Value));

/// What those who save an archive do to it.
const CHANGES: [Change; 9] = [
    ("as it was", |_| {}),
    ("without Authorization", |entry| entry["request"]["headers"] = json!([])),
    ("with Authorization blotted out", |entry| {
        for header in entry["request"]["headers"].as_array_mut().unwrap() {
            header["value"] = json!("Bearer [REDACTED]");
        }
    }),
    ("without headers at all", |entry| {
        entry["request"].as_object_mut().unwrap().remove("headers");
        entry["response"].as_object_mut().unwrap().remove("headers");
    }),
    ("without the bodies of replies", |entry| {
        entry["response"]["content"].as_object_mut().unwrap().remove("text");
    }),
    ("with the beginnings of bodies", |entry| {
        let text = entry["response"]["content"]["text"].as_str().unwrap().to_owned();
        entry["response"]["content"]["text"] = json!(text.chars().take(20).collect::<String>());
    }),
    ("without the bodies of requests", |entry| {
        entry["request"].as_object_mut().unwrap().remove("postData");
    }),
    ("without the time that it took", |entry| entry["time"] = json!(-1)),
    ("from a cache", |entry| {
        entry["response"]["status"] = json!(304);
        entry["response"]["content"] = json!({"size": 0});
    }),
];

#[tokio::test]
async fn a_good_server_is_never_accused() {
    for api in Api::ALL {
        let trace = conversation(api).await;
        for (what, change) in CHANGES {
            let report = judge(&read_file(api, &archive(&trace, change)).unwrap());
            let broken: Vec<_> = report.requirements.iter().filter(|row| !row.findings.is_empty()).collect();
            assert!(broken.is_empty(), "{api} {what}: {broken:#?}");
        }
    }
}

#[tokio::test]
async fn what_was_not_recorded_is_not_known() {
    for (api, auth, judged_all_the_same) in
        [(Api::Calmyx, "CAL-AUTH", "CAL-COUNT-SUM"), (Api::Hum, "HUM-AUTH", "HUM-AGENT-FINAL")]
    {
        let trace = conversation(api).await;
        let without = |entry: &mut Value| entry["request"]["headers"] = json!([]);
        let report = judge(&read_file(api, &archive(&trace, without)).unwrap());
        let row = report.requirement(auth).unwrap();
        assert_eq!(row.verdict, Verdict::Inconclusive);
        assert!(row.reason.as_deref().unwrap().contains("leaves Authorization out"), "{row:?}");
        assert_eq!(report.requirement(judged_all_the_same).unwrap().verdict, Verdict::Passed);

        let spoilt = |entry: &mut Value| {
            entry["request"]["headers"] = json!([]);
            let text = entry["response"]["content"]["text"].as_str().unwrap();
            let text = text.replace("\"processed\":", "\"processed\":9").replace("\"request_status\"", "\"state\"");
            entry["response"]["content"]["text"] = json!(text);
        };
        let report = judge(&read_file(api, &archive(&trace, spoilt)).unwrap());
        assert!(report.with(Verdict::Failed).next().is_some(), "what is recorded is judged");
    }
}

/// Somebody else's calls that look alike, before all others.
fn foreign(method: &str, url: &str, status: u16, reply: &Value) -> Value {
    json!({
        "startedDateTime": "2020-01-15T10:30:00.000Z", "time": 1,
        "request": {"method": method, "url": url, "headers": []},
        "response": {"status": status, "content": {"size": 10, "text": reply.to_string()}},
    })
}

#[tokio::test]
async fn other_hosts_are_left_alone() {
    let trace = conversation(Api::Hum).await;
    let mut text: Value = serde_json::from_slice(&archive(&trace, |_| {})).unwrap();
    let entries = text["log"]["entries"].as_array_mut().unwrap();
    let all = entries.len();
    for place in 0..5 {
        let url = ["https://tracker.example.com/sessions", "http://127.0.0.1:8080/login/sessions"][place % 2];
        entries.insert(place, foreign("POST", url, 200, &json!({"id": place})));
        entries.insert(place, foreign("GET", &format!("{url}/1"), 500, &json!("no")));
    }
    for bytes in [text.to_string(), format!("\u{feff}{text}"), serde_json::to_string_pretty(&text).unwrap()] {
        let read = read_file(Api::Hum, bytes.as_bytes()).unwrap();
        assert_eq!(read.header.target, BASE);
        let broken: Vec<_> = judge(&read).requirements.into_iter().filter(|row| !row.findings.is_empty()).collect();
        assert!(broken.is_empty(), "{broken:#?}");
        assert!(read.exchanges.len() > all / 2 && read.remarks[0].ends_with("requests in the file were ignored"));
    }

    let only_others = json!({"log": {"entries": [foreign("POST", "https://a.example/sessions", 200, &json!({}))]}});
    let error = read_file(Api::Hum, only_others.to_string().as_bytes()).unwrap_err().to_string();
    assert_eq!(error, "no request in this HAR file is a Hum call");
}

#[tokio::test]
async fn a_key_that_was_refused_accuses_nobody() {
    let body = json!({"locations": [{"lat": 1, "lng": 2}]}).to_string();
    let entry = |key: &str, status: u16, reply: &str| {
        json!({
            "startedDateTime": "2026-01-15T10:30:00.000Z", "time": 1,
            "request": {"method": "POST", "url": "https://api.calmyx.com/v2/session/new",
                "headers": [{"name": "Authorization", "value": key}], "postData": {"text": body}},
            "response": {"status": status, "content": {"size": reply.len(), "text": reply}},
        })
    };
    let created = "{\"session_id\":\"s\",\"total_locations\":1,\"submitted_at\":\"2026-01-15T10:30:00Z\"}";
    let entries = [entry("mistyped", 401, "{}"), entry("unpaid", 402, "{}"), entry("right", 200, created)];
    for entries in [&entries[..2], &entries[1..]] {
        let report =
            judge(&read_file(Api::Calmyx, json!({"log": {"entries": entries}}).to_string().as_bytes()).unwrap());
        assert!(report.requirements.iter().all(|row| row.findings.is_empty()), "{report:#?}");
    }
}

/// Two polls on their way at the same time: which answer is the later one is only known where both times are.
#[test]
fn an_order_that_is_not_known_accuses_nobody() {
    let entry = |second: u32, time: &Value, processed: u32| {
        let status = json!({
            "status": "PROCESSING",
            "progress": {"total": 4, "processed": processed, "successful": processed, "failed": 0}, "results": [],
        });
        json!({
            "startedDateTime": format!("2026-01-15T10:30:{second:02}Z"), "time": time,
            "request": {"method": "GET", "url": format!("{BASE}/v2/session/status?session_id=s"), "headers": []},
            "response": {"status": 200, "headers": [], "content": {"size": 1, "text": status.to_string()}},
        })
    };
    for (time, is_known) in [(json!(100), true), (json!(0), false), (json!(-1), false), (json!(null), false)] {
        let entries = [entry(0, &time, 3), entry(1, &time, 2), entry(9, &json!(5), 4)];
        let text = json!({"log": {"entries": entries}}).to_string();
        let trace = read_file(Api::Calmyx, text.as_bytes()).unwrap();
        let broken = judge(&trace).requirements.into_iter().filter(|row| !row.findings.is_empty());
        let broken: Vec<String> = broken.map(|row| row.id).collect();
        assert_eq!(broken.contains(&"CAL-COUNT-MONOTONE".to_owned()), is_known, "{time}: {broken:?}");
    }
}
