//! The same seed asks the same: of one server twice, and of a server that answers otherwise.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::future::{Ready, ready};
use std::task::{Context, Poll};

use abide_conformance::catalogue::Api;
use abide_conformance::report::Verdict;
use abide_conformance::trace::{Exchange, Trace};
use abide_conformance::{Credentials, Run, Suite};
use axum::body::{Body, Bytes};
use axum::http::{Request, Response};
use http_body_util::Full;
use serde_json::{Value, json};
use tower::Service;

const SEED: u64 = 11;

/// A small Hum server whose every answer depends on the calls before it, and on nothing else. Far from a good one: what the
/// judge finds is proved and shrunk, which has to be the same each time too.
#[derive(Clone, Default)]
struct Small {
    /// How often each session was asked about.
    asked: BTreeMap<String, u32>,
    closed: BTreeSet<String>,
    /// How many answers say that it is still at work.
    looks: u32,
}

impl Small {
    fn answer(&mut self, method: &str, path: &str) -> (u16, Value) {
        let token = path.split('/').nth(2).unwrap_or_default().to_owned();
        match (method, self.asked.get_mut(&token)) {
            ("POST", _) => {
                let token = format!("token-{}", self.asked.len());
                self.asked.insert(token.clone(), 0);
                (201, said(&token, "pending"))
            }
            (_, None) => (404, said("", "pending")),
            (_, Some(_)) if self.closed.contains(&token) => (410, said(&token, "pending")),
            ("DELETE", Some(_)) => {
                self.closed.insert(token.clone());
                (200, said(&token, "matched"))
            }
            (_, Some(asked)) => {
                *asked += 1;
                let word = if *asked > self.looks { "matched" } else { "pending" };
                (if word == "pending" { 202 } else { 200 }, said(&token, word))
            }
        }
    }
}

fn said(token: &str, word: &str) -> Value {
    let agents = json!({"geocoding": word, "internet": word, "checkout": "pending"});
    let data = json!({"service_address": "1 Main Street", "internet": []});
    json!({"request_status": "ok", "message": "", "data": data, "meta": {"session_token": token, "agent_status": agents}})
}

impl Service<Request<Full<Bytes>>> for Small {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Full<Bytes>>) -> Self::Future {
        let (status, json) = self.answer(request.method().as_str(), request.uri().path());
        let response = Response::builder().status(status).header("content-type", "application/json");
        ready(Ok(response.body(Body::from(json.to_string())).unwrap()))
    }
}

async fn run(api: Api, looks: u32, seed: u64) -> Run {
    let suite = Suite::new(api, Credentials::new("one", Some("two"))).seed(seed).cases(15);
    suite.run(Small { looks, ..Small::default() }, |_| {}).await.unwrap()
}

/// All that happened; only the wall time at which the run began is another one.
fn happened(trace: &Trace) -> Trace {
    let mut trace = trace.clone();
    trace.header.started.clear();
    trace
}

/// What the random cases ask, without what the server chose: the case, the body, and the id where nobody gave it out.
fn asked(trace: &Trace) -> Vec<(String, String)> {
    let random = trace.exchanges.iter().filter(|exchange| exchange.case.starts_with("random "));
    let creation = |exchange: &&Exchange| exchange.request.body.json().is_some() || exchange.request.invented;
    let words = |exchange: &Exchange| {
        let request = &exchange.request;
        let unknown = if request.invented { request.session.as_deref() } else { None };
        format!("{} {}", request.body.json().unwrap_or_default(), unknown.unwrap_or_default())
    };
    random.filter(creation).map(|exchange| (exchange.case.clone(), words(exchange))).collect()
}

#[tokio::test]
async fn the_same_server_twice() {
    let (first, second) = (run(Api::Hum, 3, SEED).await, run(Api::Hum, 3, SEED).await);
    assert!(first.report.with(Verdict::Failed).count() > 0, "there is something to shrink");
    assert_eq!(happened(&first.trace), happened(&second.trace));
    assert_eq!(first.report, second.report);
    assert!(asked(&first.trace).len() > 15, "{:?}", asked(&first.trace));
}

#[tokio::test]
async fn a_server_that_answers_otherwise() {
    let (usual, slower) = (run(Api::Hum, 3, SEED).await, run(Api::Hum, 40, SEED).await);
    assert_ne!(usual.trace.exchanges.len(), slower.trace.exchanges.len());
    assert_eq!(asked(&usual.trace), asked(&slower.trace));
    assert_ne!(asked(&usual.trace), asked(&run(Api::Hum, 3, SEED + 1).await.trace), "another seed asks something else");
}

/// The locations of Calmyx are made up too.
#[tokio::test]
async fn locations_do_not_depend_on_what_came_before() {
    use crate::reference::reference;
    let mut lists = Vec::new();
    for speed in [20, 60] {
        let (router, suite, advance) = reference(Api::Calmyx, speed, abide_server::Plan::Unlimited);
        lists.push(asked(&suite.seed(SEED).cases(8).run(router, advance).await.unwrap().trace));
    }
    assert!(lists[0].len() > 8);
    assert_eq!(lists[0], lists[1]);
}
