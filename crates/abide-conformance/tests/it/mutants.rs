//! Each check can fail: the trace of a good server, changed in one way, breaks exactly the requirements that it should.

use std::collections::{BTreeMap, BTreeSet};

use abide_conformance::catalogue::Api;
use abide_conformance::judge;
use abide_conformance::report::Verdict;
use abide_conformance::trace::{Answer, Body, Exchange, How, Operation, Reply, Trace, Which};
use abide_server::Plan;
use serde_json::{Value, json};

use crate::reference::reference;

/// One exchange of a good server, open for change.
struct Change<'a> {
    exchange: &'a Exchange,
    /// Counted from 0 over the status calls of one session by its owner.
    poll: usize,
    status: &'a mut u16,
    json: &'a mut Value,
    headers: &'a mut BTreeMap<String, String>,
}

impl Change<'_> {
    fn operation(&self) -> Operation {
        self.exchange.request.operation
    }

    /// A status answer to the owner that is a success.
    fn is_poll(&self) -> bool {
        self.operation().is_status() && *self.status < 300
    }

    fn is_state(&self, state: &str) -> bool {
        self.is_poll() && self.json["status"] == state
    }

    fn is_wrong_credential(&self) -> bool {
        let credential = self.exchange.request.credential;
        credential.how == How::None || credential.which == Some(Which::Wrong)
    }

    fn counter(&self, name: &str) -> i64 {
        self.json["progress"][name].as_i64().unwrap()
    }

    fn items(&mut self) -> &mut Vec<Value> {
        self.json["results"].as_array_mut().unwrap()
    }

    fn agent(&self, name: &str) -> String {
        self.json["meta"]["agent_status"][name].as_str().unwrap_or_default().to_owned()
    }
}

async fn good(api: Api) -> Trace {
    let (router, suite, advance) = reference(api, if api == Api::Hum { 1 } else { 20 }, Plan::Unlimited);
    let mut trace = suite.cases(0).run(router, advance).await.unwrap().trace;
    // Long lists show nothing here that short ones do not, and are slow to change.
    let is_long = |exchange: &Exchange| {
        exchange.request.operation == Operation::CreateSession
            && exchange.reply.status() == Some(200)
            && exchange.request.body.json().is_some_and(|body| body.len() > 3_000)
    };
    let id = |exchange: &Exchange| -> Option<String> {
        let json: Value = serde_json::from_str(exchange.reply.answer()?.body.json()?).ok()?;
        Some(json["session_id"].as_str()?.to_owned())
    };
    let long: BTreeSet<String> = trace.exchanges.iter().filter(|exchange| is_long(exchange)).filter_map(id).collect();
    trace.exchanges.retain(|exchange| {
        !is_long(exchange) && !exchange.request.session.as_ref().is_some_and(|session| long.contains(session))
    });
    trace
}

fn changed(trace: &Trace, change: impl Fn(&mut Change<'_>)) -> Trace {
    let mut trace = trace.clone();
    let mut polls: BTreeMap<String, usize> = BTreeMap::new();
    for exchange in &mut trace.exchanges {
        let unchanged = exchange.clone();
        let poll = match &exchange.request.session {
            Some(session) if exchange.request.operation.is_status() && !exchange.request.invented => {
                let count = polls.entry(session.clone()).or_default();
                *count += 1;
                *count - 1
            }
            Some(_) | None => 0,
        };
        let Reply::Answer(Answer { status, body, headers }) = &mut exchange.reply else { continue };
        let Some(mut json) = body.json().map(|text| serde_json::from_str(text).unwrap()) else { continue };
        change(&mut Change { exchange: &unchanged, poll, status, json: &mut json, headers });
        *body = Body::Json(json.to_string());
    }
    trace
}

fn broken(trace: &Trace) -> BTreeSet<String> {
    let report = judge(trace);
    let rows = report.requirements.iter().filter(|row| matches!(row.verdict, Verdict::Failed | Verdict::Warned));
    rows.map(|row| row.id.clone()).collect()
}

type Mutant = (&'static str, fn(&mut Change<'_>));

/// Each mutant with the requirements that it breaks; the first one is its own.
async fn check(api: Api, prefix: &str, mutants: &[Mutant]) {
    let trace = good(api).await;
    assert_eq!(broken(&trace), BTreeSet::new(), "the good server");
    let mut wrong = Vec::new();
    for (ids, change) in mutants {
        let expected: BTreeSet<String> = ids.split(' ').map(|id| format!("{prefix}{id}")).collect();
        let found = broken(&changed(&trace, change));
        if found != expected {
            wrong.push(format!("expected {expected:?}\n   found {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

const CALMYX: &[Mutant] = &[
    ("CREATE-REPLY", |change| {
        if change.operation() == Operation::CreateSession && *change.status < 300 {
            change.json["total_locations"] = json!(change.json["total_locations"].as_i64().unwrap() + 1);
        }
    }),
    ("CREATE-REPLY", |change| {
        if change.operation() == Operation::CreateSession && *change.status < 300 {
            change.json["submitted_at"] = Value::Null;
        }
    }),
    ("CREATE-LIMIT CREATE-INVALID", |change| {
        if change.operation() == Operation::CreateSession && *change.status == 400 {
            *change.status = 200;
        }
    }),
    ("AUTH", |change| {
        if change.is_wrong_credential() && change.operation() == Operation::CreateSession {
            *change.status = 400;
        }
    }),
    ("AUTH", |change| {
        if change.is_wrong_credential() {
            change.json["progress"] = json!({"total": 3});
        }
    }),
    ("ID-REQUIRED", |change| {
        if change.operation() == Operation::GetSessionStatus && change.exchange.request.session.is_none() {
            *change.status = 500;
        }
    }),
    ("ID-UNKNOWN", |change| {
        if change.exchange.request.invented {
            *change.status = 200;
        }
    }),
    ("ID-FOREIGN", |change| {
        if change.exchange.request.credential.which == Some(Which::Second) && !change.exchange.request.invented {
            *change.status = 403;
        }
    }),
    ("ID-FOREIGN", |change| {
        if change.exchange.request.credential.which == Some(Which::Second) && !change.exchange.request.invented {
            change.json["error"] = json!("This session belongs to somebody else.");
        }
    }),
    ("SCHEMA", |change| {
        if change.is_poll() {
            change.json["progress"]["failed"] = json!("0");
        }
    }),
    ("SCHEMA", |change| {
        if change.is_poll() {
            change.json.as_object_mut().unwrap().remove("completed_at");
        }
    }),
    ("STATUS-VALUE", |change| {
        if change.is_state("QUEUED") {
            change.json["status"] = json!("PENDING");
        }
    }),
    ("STATE-ORDER QUEUED-EMPTY STARTED-NULL", |change| {
        if change.is_state("PROCESSING") && change.poll % 2 == 0 && change.counter("processed") > 0 {
            change.json["status"] = json!("QUEUED");
        }
    }),
    ("COUNT-SUM RESULTS-COUNT QUEUED-EMPTY", |change| {
        if change.is_poll() {
            change.json["progress"]["failed"] = json!(change.counter("failed") + 1);
        }
    }),
    ("COUNT-BOUND COUNT-SUM COMPLETED-ALL", |change| {
        if change.is_poll() && change.counter("processed") == change.counter("total") {
            change.json["progress"]["processed"] = json!(change.counter("total") + 1);
        }
    }),
    ("COUNT-MONOTONE COUNT-SUM", |change| {
        if change.is_state("PROCESSING") && change.counter("processed") > 0 {
            change.json["progress"]["processed"] = json!(change.counter("total") - change.counter("processed"));
        }
    }),
    ("TOTAL-FIXED", |change| {
        if change.is_poll() && change.counter("processed") < change.counter("total") {
            change.json["progress"]["total"] = json!(change.counter("total") + 1);
        }
    }),
    ("QUEUED-EMPTY RESULTS-COUNT RESULTS-GROW RESULTS-LOCATION", |change| {
        if change.is_state("QUEUED") {
            let item = json!({"lat": 89.5, "lng": 1.5, "status": "failed", "error": "Listing limit reached",
                "analyzed_at": "2026-01-15T11:30:00"});
            change.items().push(item);
        }
    }),
    ("COMPLETED-ALL COUNT-SUM", |change| {
        if change.is_state("COMPLETED") {
            change.json["progress"]["processed"] = json!(change.counter("total") - 1);
        }
    }),
    ("STARTED-NULL TIME-STABLE", |change| {
        if change.is_state("QUEUED") {
            change.json["started_at"] = change.json["submitted_at"].clone();
        }
    }),
    ("COMPLETED-NULL", |change| {
        if change.is_state("COMPLETED") {
            change.json["completed_at"] = Value::Null;
        }
    }),
    ("RESULTS-GROW RESULTS-COUNT", |change| {
        if change.is_state("PROCESSING") && change.poll % 2 == 0 && change.counter("processed") > 0 {
            change.items().remove(0);
        }
    }),
    ("RESULTS-GROW READ-SAFE", |change| {
        if change.is_poll() {
            let poll = change.poll;
            for item in change.items().iter_mut().filter(|item| item["status"] == "success") {
                item["quiet_score"] = json!(poll % 100);
            }
        }
    }),
    ("RESULTS-PARTIAL RESULTS-COUNT", |change| {
        if change.is_state("PROCESSING") {
            change.items().clear();
        }
    }),
    ("RESULTS-COUNT RESULTS-ALL", |change| {
        if change.is_state("COMPLETED") && change.counter("total") == 40 {
            // Never shown: nothing shrinks.
            change.items().retain(|item| item["lat"] != 90.0);
        } else if change.is_poll() {
            change.items().retain(|item| item["lat"] != 90.0);
        }
    }),
    ("RESULTS-LOCATION RESULTS-ALL", |change| {
        if change.is_poll() {
            for item in change.items() {
                item["lat"] = json!(item["lat"].as_f64().unwrap() / 2.0 + 0.000_01);
            }
        }
    }),
    ("ITEM-SUCCESS", |change| {
        if change.is_poll() {
            for item in change.items() {
                item.as_object_mut().unwrap().remove("listing_id");
            }
        }
    }),
    ("ITEM-SUCCESS RESULTS-COUNT", |change| {
        if change.is_poll() {
            for item in change.items().iter_mut().filter(|item| item["status"] == "success") {
                item["status"] = json!("OK");
            }
        }
    }),
    ("ITEM-FAILED", |change| {
        if change.is_poll() {
            for item in change.items().iter_mut().filter(|item| item["status"] == "failed") {
                item["quiet_score"] = json!(0);
            }
        }
    }),
    ("SCORE-RANGE", |change| {
        if change.is_poll() {
            for item in change.items().iter_mut().filter(|item| item["status"] == "success") {
                item["quiet_score"] = json!(101);
            }
        }
    }),
    ("SCORE-RANGE", |change| {
        if change.is_poll() {
            for item in change.items().iter_mut().filter(|item| item["status"] == "success") {
                item["quiet_score"] = json!(50.5);
            }
        }
    }),
    ("ERROR-TEXT", |change| {
        if change.is_poll() {
            for item in change.items().iter_mut().filter(|item| item["status"] == "failed") {
                item["error"] = json!("It did not work.");
            }
        }
    }),
    ("LISTING-UNIQUE", |change| {
        if change.is_poll() {
            for item in change.items().iter_mut().filter(|item| item["status"] == "success") {
                item["listing_id"] = json!("a1b2c3d4-e5f6-7890-abcd-ef1234567890");
            }
        }
    }),
    ("TIME-FORMAT", |change| {
        if change.is_poll() {
            for item in change.items() {
                item["analyzed_at"] = json!("15 January 2026");
            }
        }
    }),
    ("TIME-FORMAT SCHEMA", |change| {
        if change.is_poll() {
            change.json["submitted_at"] = json!(1_768_473_000);
        }
    }),
    ("TIME-ORDER", |change| {
        if change.is_poll() {
            for item in change.items() {
                item["analyzed_at"] = json!("2020-01-15T10:30:00.000000");
            }
        }
    }),
    ("TIME-STABLE TIME-ORDER", |change| {
        if change.is_state("PROCESSING") {
            change.json["started_at"] = json!(format!("2030-01-15T10:30:00.{:06}", change.poll));
        }
    }),
    ("TIME-STABLE READ-SAFE", |change| {
        if change.is_state("COMPLETED") {
            change.json["completed_at"] = json!(format!("2030-01-15T10:30:00.{:06}", change.poll));
        }
    }),
    ("READ-SAFE SCHEMA", |change| {
        if change.is_state("COMPLETED") && change.poll % 2 == 0 {
            *change.status = 404;
        }
    }),
];

const HUM: &[Mutant] = &[
    ("CREATE-REPLY", |change| {
        if *change.status == 201 {
            *change.status = 200;
        }
    }),
    ("CREATE-REPLY", |change| {
        if *change.status == 201 && change.exchange.number > 20 {
            change.json["meta"]["session_token"] = Value::Null;
        }
    }),
    ("CREATE-INVALID", |change| {
        if *change.status == 422 {
            *change.status = 400;
        }
    }),
    ("AUTH", |change| {
        if *change.status == 401 {
            *change.status = 400;
        }
    }),
    ("AUTH", |change| {
        if *change.status == 401 {
            change.json["meta"] = json!({"agent_status": {"geocoding": "pending"}});
        }
    }),
    ("TOKEN-UNKNOWN", |change| {
        if change.exchange.request.invented {
            *change.status = 500;
        }
    }),
    ("TOKEN-FOREIGN", |change| {
        if change.exchange.request.credential.which == Some(Which::Second) && !change.exchange.request.invented {
            *change.status = 410;
        }
    }),
    ("ENVELOPE", |change| {
        if *change.status < 300 {
            change.json.as_object_mut().unwrap().remove("message");
        }
    }),
    ("ENVELOPE", |change| {
        if *change.status < 300 {
            change.json["request_status"] = json!("fine");
        }
    }),
    ("REQUEST-STATUS", |change| {
        if *change.status >= 400 {
            change.json["request_status"] = json!("ok");
        }
    }),
    ("REQUEST-STATUS", |change| {
        if *change.status == 202 {
            change.json["request_status"] = json!("error");
        }
    }),
    ("CODE", |change| {
        if change.is_poll() {
            *change.status = 203;
        }
    }),
    ("CODE-ORDER", |change| {
        if change.is_poll() && change.agent("internet") == "pending" && *change.status == 200 && change.poll % 2 == 0 {
            *change.status = 202;
        }
    }),
    ("AGENTS", |change| {
        if change.is_poll() && change.agent("internet") == "pending" {
            change.json["meta"]["agent_status"] = json!(["geocoding", "internet"]);
        }
    }),
    ("AGENT-FINAL", |change| {
        if change.is_poll()
            && change.agent("geocoding") == "matched"
            && change.poll % 2 == 0
            && change.agent("internet") == "pending"
        {
            change.json["meta"]["agent_status"]["geocoding"] = json!("multiple");
        }
    }),
    ("CODE-AGENTS CODE-ORDER", |change| {
        if change.is_poll() && change.agent("internet") != "pending" {
            *change.status = 202;
        }
    }),
    ("ADDRESS", |change| {
        if change.is_poll() {
            change.json["data"]["service_address"] = Value::Null;
            change.json["meta"]["service_address"] = Value::Null;
        }
    }),
    ("ADDRESS", |change| {
        if change.is_poll() && change.json["data"]["service_address"].is_string() {
            change.json["data"]["service_address"] = json!(format!("{} MAIN ST", change.poll));
        }
    }),
    ("SERVICES", |change| {
        if *change.status < 300 && change.json["data"]["internet"].is_array() {
            change.json["data"]["internet"] = json!([]);
        }
    }),
    ("TOKEN-ECHO", |change| {
        if change.is_poll() {
            change.json["meta"]["session_token"] = json!("another");
        }
    }),
    ("EXPIRY CLOSED", |change| {
        if change.exchange.case == "expiry" && *change.status == 410 {
            *change.status = 404;
        }
    }),
    ("EXPIRY-EARLY GONE-FINAL REQUEST-STATUS", |change| {
        if change.exchange.case == "closing" && change.is_poll() {
            *change.status = 410;
        }
    }),
    ("CLOSED REQUEST-STATUS", |change| {
        if change.operation() == Operation::CloseSession && *change.status == 200 {
            *change.status = 405;
        }
    }),
    ("CLOSED GONE-FINAL AGENTS REQUEST-STATUS", |change| {
        if change.exchange.case == "closing" && *change.status == 410 && change.poll % 2 == 1 {
            *change.status = 200;
        }
    }),
    ("GONE-FINAL", |change| {
        if change.exchange.case == "closing" && *change.status == 410 && change.poll > 2 {
            *change.status = 404;
        }
    }),
    ("RATE-LIMIT REQUEST-STATUS", |change| {
        if change.exchange.case == "burst" && change.is_poll() {
            *change.status = 429;
        }
    }),
    ("RATE-LIMIT REQUEST-STATUS", |change| {
        if change.exchange.case == "burst" && change.is_poll() {
            *change.status = 429;
            change.headers.insert("retry-after".to_owned(), "0".to_owned());
        }
    }),
    ("TIMES", |change| {
        if *change.status < 300 {
            change.json["meta"]["created_at"] = json!("2026-01-15T10:30:00");
        }
    }),
    ("TIMES", |change| {
        if *change.status < 300 {
            change.json["meta"]["responded_at"] = json!("2020-01-15T10:30:00Z");
        }
    }),
];

#[tokio::test]
async fn calmyx() {
    check(Api::Calmyx, "CAL-", CALMYX).await;
}

#[tokio::test]
async fn hum() {
    check(Api::Hum, "HUM-", HUM).await;
}

type Variation = (Api, fn(&mut Change<'_>));

/// Ways to answer that no document forbids.
#[tokio::test]
async fn legal_variations_break_nothing() {
    let variations: &[Variation] = &[
        (Api::Calmyx, |change| change.json["server"] = json!({"version": change.poll})),
        (Api::Calmyx, |change| {
            if change.is_poll() {
                change.items().reverse();
            }
        }),
        (Api::Calmyx, |change| {
            if change.is_poll() {
                for item in change.items() {
                    item["viewed"] = json!(true);
                }
                change.json["progress"]["total"] = json!(f64::from(i32::try_from(change.counter("total")).unwrap()));
            }
        }),
        (Api::Calmyx, |change| {
            for name in ["submitted_at", "started_at", "completed_at"] {
                if let Some(time) = change.json.get(name).and_then(Value::as_str) {
                    change.json[name] = json!(format!("{}Z", time.split('.').next().unwrap()));
                }
            }
            if change.is_poll() {
                for item in change.items() {
                    item["analyzed_at"] = json!(format!("{}+00:00", item["analyzed_at"].as_str().unwrap()));
                }
            }
        }),
        (Api::Calmyx, |change| {
            if change.is_wrong_credential() {
                *change.status = 403;
            }
            if *change.status == 404 {
                change.json["error"] =
                    json!(format!("no session {}", change.exchange.request.session.clone().unwrap_or_default()));
            }
        }),
        (Api::Hum, |change| change.json["meta"]["hum_data_set"] = json!("v.1006")),
        (Api::Hum, |change| {
            let meta = change.json["meta"].as_object_mut().unwrap();
            for name in ["created_at", "updated_at", "session_params", "service_address", "session_status"] {
                meta.remove(name);
            }
        }),
        (Api::Hum, |change| {
            if let Some(address) = change.json["data"].get("service_address").and_then(Value::as_str) {
                change.json["data"]["service_address"] = json!({"normalized": address, "zip": 48034});
            }
        }),
        (Api::Hum, |change| {
            if *change.status == 202 {
                *change.status = 200;
            }
        }),
    ];
    let traces = [good(Api::Calmyx).await, good(Api::Hum).await];
    for (place, (api, variation)) in variations.iter().enumerate() {
        let trace = traces.iter().find(|trace| trace.header.api == *api).unwrap();
        assert_eq!(broken(&changed(trace, variation)), BTreeSet::new(), "variation {place}");
    }
}
