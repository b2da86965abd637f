//! Clients, judged by what a host saw: small scripts of right and wrong ones.

use std::collections::BTreeMap;
use std::time::Duration;

use abide_conformance::catalogue::Api;
use abide_conformance::judge;
use abide_conformance::report::Verdict;
use abide_conformance::trace::{
    Answer, Body, Credential, Exchange, Fact, Header, How, NoReply, Operation, Reply, Request, Source, Subject, Trace,
    Which,
};
use serde_json::{Value, json};

/// A host's record of one client: replies by the second in which their request arrived.
struct Script {
    trace: Trace,
    credential: Credential,
}

impl Script {
    fn new(api: Api) -> Self {
        let mut header = Header::new(api, Subject::Client, Source::Driven, "client");
        "2026-01-15T10:30:00Z".clone_into(&mut header.started);
        header.tolerance = 250_000;
        let how = if api == Api::Calmyx { How::Bare } else { How::Bearer };
        let script = Self { trace: Trace::new(header), credential: Credential::new(how, Which::First) };
        script.call(
            0.0,
            Operation::CreateSession,
            None,
            answer(201, &json!({"session_id": "s", "meta": {"session_token": "s"}})),
        )
    }

    fn call(mut self, at: f64, operation: Operation, session: Option<&str>, reply: Reply) -> Self {
        let sent = u64::try_from(Duration::from_secs_f64(at).as_micros()).unwrap();
        let request = Request {
            operation,
            method: "GET".to_owned(),
            path: "/".to_owned(),
            credential: self.credential,
            session: session.map(str::to_owned),
            ..Request::default()
        };
        let number = u32::try_from(self.trace.exchanges.len()).unwrap() + 1;
        let case = "a".to_owned();
        self.trace.exchanges.push(Exchange { number, case, sent, received: sent + 5_000, request, reply });
        self
    }

    fn poll(self, at: f64, reply: Reply) -> Self {
        let api = self.trace.header.api;
        let operation = if api == Api::Calmyx { Operation::GetSessionStatus } else { Operation::GetSession };
        self.call(at, operation, Some("s"), reply)
    }

    fn polls(self, each: impl IntoIterator<Item = (f64, Reply)>) -> Self {
        each.into_iter().fold(self, |script, (at, reply)| script.poll(at, reply))
    }

    /// The host was that late, up to that instant.
    fn lagged(mut self, seconds: f64, until: f64) -> Self {
        let micros = |seconds| u64::try_from(Duration::from_secs_f64(seconds).as_micros()).unwrap();
        self.trace.facts.push(Fact::HostLag { case: String::new(), lag: micros(seconds), at: Some(micros(until)) });
        self
    }

    /// The client waited so long for a processor, between the two instants.
    fn starved(mut self, waited: f64, since: f64, until: f64) -> Self {
        let micros = |seconds| u64::try_from(Duration::from_secs_f64(seconds).as_micros()).unwrap();
        let (since, until, waited) = (micros(since), micros(until), micros(waited));
        self.trace.facts.push(Fact::ClientStarved { case: "a".to_owned(), since, until, waited });
        self
    }

    fn says(mut self, outcome: &str) -> Self {
        self.trace.facts.push(Fact::ClientEnded {
            case: "a".to_owned(),
            at: 0,
            outcome: Some(outcome.to_owned()),
            exit: Some(0),
            stopped: outcome.is_empty(),
            why: None,
        });
        self
    }

    #[track_caller]
    fn check(&self, id: &str, expected: Verdict) {
        let report = judge(&self.trace);
        let row = report.requirement(id).unwrap();
        assert_eq!(row.verdict, expected, "{row:#?}");
    }

    #[track_caller]
    fn check_all(&self, expected: Verdict) {
        for row in judge(&self.trace).requirements {
            assert!(row.verdict == expected || row.verdict == Verdict::NotExercised, "{row:#?}");
        }
    }
}

fn answer(status: u16, json: &Value) -> Reply {
    Reply::Answer(Answer { status, headers: BTreeMap::new(), body: Body::Json(json.to_string()) })
}

fn with_header(status: u16, name: &str, value: &str) -> Reply {
    Reply::Answer(Answer { status, headers: [(name.to_owned(), value.to_owned())].into(), body: Body::Empty })
}

fn calmyx(state: &str, processed: u64, failed: u64) -> Reply {
    let progress = json!({"total": 4, "processed": processed, "successful": processed - failed, "failed": failed});
    answer(200, &json!({"status": state, "progress": progress, "results": []}))
}

fn hum(code: u16, geocoding: &str, internet: &str) -> Reply {
    let agents = json!({"geocoding": geocoding, "internet": internet, "checkout": "pending"});
    answer(code, &json!({"message": "m", "request_status": "ok", "data": {}, "meta": {"agent_status": agents}}))
}

fn nothing() -> Reply {
    Reply::None { why: NoReply::Reset, detail: String::new() }
}

const PENDING: (u16, &str, &str) = (202, "pending", "pending");

fn still((code, geocoding, internet): (u16, &str, &str), at: &[f64]) -> Vec<(f64, Reply)> {
    at.iter().map(|at| (*at, hum(code, geocoding, internet))).collect()
}

#[test]
fn right_calmyx_clients() {
    let start = || Script::new(Api::Calmyx).poll(0.1, calmyx("QUEUED", 0, 0)).poll(6.0, calmyx("PROCESSING", 2, 0));
    start().poll(12.0, calmyx("COMPLETED", 4, 0)).says("completed").check_all(Verdict::Passed);
    start().poll(12.0, calmyx("COMPLETED", 4, 1)).says("partial").check_all(Verdict::Passed);
    start().poll(12.0, calmyx("COMPLETED", 4, 4)).says("failed").check_all(Verdict::Passed);
    start().poll(12.0, calmyx("FAILED", 2, 0)).says("failed").check_all(Verdict::Passed);
    let confirmed = start().poll(12.0, calmyx("PROCESSING", 4, 0)).poll(18.0, calmyx("COMPLETED", 4, 0));
    confirmed.says("completed").check_all(Verdict::Passed);
    start().poll(12.0, nothing()).poll(14.0, calmyx("COMPLETED", 4, 0)).says("completed").check_all(Verdict::Passed);
    let pushed_back = start().poll(12.0, with_header(429, "retry-after", "20")).poll(32.1, calmyx("COMPLETED", 4, 0));
    pushed_back.says("completed").check_all(Verdict::Passed);
    start()
        .poll(12.0, calmyx("PAUSED", 2, 0))
        .poll(18.0, calmyx("COMPLETED", 4, 0))
        .says("completed")
        .check_all(Verdict::Passed);
}

#[test]
fn wrong_calmyx_clients() {
    let start = || Script::new(Api::Calmyx).poll(0.1, calmyx("QUEUED", 0, 0)).poll(6.0, calmyx("PROCESSING", 2, 0));
    let done = || start().poll(12.0, calmyx("COMPLETED", 4, 0));
    let mut bearer = done();
    bearer.trace.exchanges[2].request.credential.how = How::Bearer;
    bearer.says("completed").check("CAL-CLIENT-AUTH", Verdict::Failed);
    start().poll(9.0, calmyx("COMPLETED", 4, 0)).check("CAL-CLIENT-PACE", Verdict::Warned);
    start().poll(18.0, calmyx("COMPLETED", 4, 0)).check("CAL-CLIENT-PACE", Verdict::Warned);
    done().says("gave-up").check("CAL-CLIENT-DONE", Verdict::Failed);
    let by_count = start().polls([12.0, 18.0, 24.0].map(|at| (at, calmyx("PROCESSING", 4, 0))));
    by_count.says("").check("CAL-CLIENT-DONE", Verdict::Failed);
    start().says("completed").check("CAL-CLIENT-NOT-DONE", Verdict::Failed);
    start().poll(12.0, calmyx("FAILED", 0, 0)).says("completed").check("CAL-CLIENT-FAILED", Verdict::Failed);
    let after_failed = start().polls([12.0, 18.0, 24.0].map(|at| (at, calmyx("FAILED", 0, 0))));
    after_failed.says("failed").check("CAL-CLIENT-FAILED", Verdict::Failed);
    let on_and_on = done().poll(18.0, calmyx("COMPLETED", 4, 0)).poll(24.0, calmyx("COMPLETED", 4, 0));
    on_and_on.says("completed").check("CAL-CLIENT-STOP", Verdict::Failed);
    start().poll(12.0, calmyx("COMPLETED", 4, 1)).says("completed").check("CAL-CLIENT-PARTIAL", Verdict::Failed);
    for header in ["20", "Thu, 15 Jan 2026 10:30:40 GMT"] {
        let impatient =
            start().poll(12.0, with_header(503, "retry-after", header)).poll(20.0, calmyx("COMPLETED", 4, 0));
        impatient.says("completed").check("CAL-CLIENT-BACKOFF", Verdict::Failed);
    }
    start().poll(12.0, nothing()).says("error").check("CAL-CLIENT-TOLERANT", Verdict::Warned);
    start().poll(12.0, nothing()).says("").check("CAL-CLIENT-TOLERANT", Verdict::Inconclusive);
}

#[test]
fn right_hum_clients() {
    let start = || Script::new(Api::Hum).polls(still(PENDING, &[0.1, 2.4, 6.8]));
    start().poll(14.0, hum(200, "matched", "matched")).says("completed").check_all(Verdict::Passed);
    start().poll(14.0, hum(200, "matched", "failed")).says("partial").check_all(Verdict::Passed);
    start().poll(14.0, hum(202, "multiple", "failed")).says("failed").check_all(Verdict::Passed);
    start().poll(14.0, hum(200, "failed", "pending")).says("failed").check_all(Verdict::Passed);
    start().poll(14.0, answer(410, &json!({}))).says("gone").check_all(Verdict::Passed);
    start().polls(still(PENDING, &[14.9, 29.9])).says("gave-up").check_all(Verdict::Passed);
    let changed = start().poll(14.0, hum(200, "matched", "pending")).poll(16.5, hum(200, "matched", "matched"));
    changed.says("completed").check_all(Verdict::Passed);
    let throttled = start().poll(14.0, with_header(429, "retry-after", "6")).poll(20.1, hum(200, "matched", "matched"));
    throttled.says("completed").check_all(Verdict::Passed);
    start().poll(14.0, with_header(429, "retry-after", "600")).says("gave-up").check_all(Verdict::Passed);
    // Who gives up may tidy up at once.
    let closing = start().poll(14.0, with_header(429, "retry-after", "600"));
    let closing = closing.call(14.1, Operation::CloseSession, Some("s"), answer(200, &json!({})));
    closing.says("gave-up").check_all(Verdict::Passed);
}

#[test]
fn wrong_hum_clients() {
    let start = || Script::new(Api::Hum).polls(still(PENDING, &[0.1, 2.4, 6.8]));
    let done = || start().poll(14.0, hum(200, "matched", "matched"));
    let mut bare = done();
    bare.trace.exchanges[2].request.credential.how = How::Bare;
    bare.says("completed").check("HUM-CLIENT-AUTH", Verdict::Failed);
    let mut encoded = done();
    encoded.trace.exchanges[2].request.session = Some("%73".to_owned());
    encoded.says("completed").check("HUM-CLIENT-AUTH", Verdict::Failed);
    Script::new(Api::Hum).polls(still(PENDING, &[2.0])).says("gave-up").check("HUM-CLIENT-FIRST", Verdict::Failed);
    start().poll(8.0, hum(200, "matched", "matched")).check("HUM-CLIENT-PACE", Verdict::Failed);
    let slow = start().poll(14.0, hum(200, "matched", "pending")).poll(18.5, hum(200, "matched", "matched"));
    slow.says("completed").check("HUM-CLIENT-PACE", Verdict::Failed);
    let steady = Script::new(Api::Hum).polls(still(PENDING, &[0.1, 2.2, 4.3, 6.4, 8.5]));
    steady.says("gave-up").check("HUM-CLIENT-BACKOFF", Verdict::Failed);
    start().polls(still(PENDING, &[14.9, 33.0])).says("gave-up").check("HUM-CLIENT-CAP", Verdict::Failed);
    start().polls(still(PENDING, &[14.9, 29.9])).says("error").check("HUM-CLIENT-CAP", Verdict::Failed);
    start().says("completed").check("HUM-CLIENT-202", Verdict::Failed);
    done().poll(17.0, hum(200, "matched", "matched")).says("completed").check("HUM-CLIENT-DONE", Verdict::Failed);
    start().poll(14.0, hum(200, "matched", "failed")).says("completed").check("HUM-CLIENT-DONE", Verdict::Failed);
    start().poll(14.0, answer(410, &json!({}))).says("failed").check("HUM-CLIENT-GONE", Verdict::Failed);
    let again = start().poll(14.0, answer(410, &json!({}))).poll(17.0, answer(410, &json!({})));
    again.says("gone").check("HUM-CLIENT-GONE", Verdict::Failed);
    let impatient = start().poll(14.0, with_header(429, "retry-after", "6")).poll(17.0, hum(200, "matched", "matched"));
    impatient.says("completed").check("HUM-CLIENT-THROTTLE", Verdict::Failed);
    let steady = start().polls([14.0, 16.5, 19.0, 21.5].map(|at| (at, answer(429, &json!({})))));
    steady.says("gave-up").check("HUM-CLIENT-THROTTLE", Verdict::Failed);
    start().poll(14.0, answer(500, &json!({}))).says("error").check("HUM-CLIENT-TOLERANT", Verdict::Warned);
}

#[test]
fn a_busy_machine_accuses_nobody() {
    use Verdict::{Failed, Inconclusive, Passed, Warned};
    let hurried = || Script::new(Api::Calmyx).poll(0.1, calmyx("QUEUED", 0, 0)).poll(4.0, calmyx("COMPLETED", 4, 0));
    hurried().check("CAL-CLIENT-PACE", Warned);
    hurried().lagged(1.0, 3.9).check("CAL-CLIENT-PACE", Inconclusive);
    hurried().lagged(0.5, 3.9).check("CAL-CLIENT-PACE", Warned);
    hurried().lagged(1.0, 9.0).check("CAL-CLIENT-PACE", Warned);
    let slow = || Script::new(Api::Calmyx).poll(0.1, calmyx("QUEUED", 0, 0)).poll(12.0, calmyx("COMPLETED", 4, 0));
    slow().check("CAL-CLIENT-PACE", Warned);
    slow().lagged(2.0, 5.0).check("CAL-CLIENT-PACE", Inconclusive);
    let late = || Script::new(Api::Hum).polls(still(PENDING, &[1.8])).says("gave-up");
    late().check("HUM-CLIENT-FIRST", Failed);
    late().lagged(0.7, 1.0).check("HUM-CLIENT-FIRST", Inconclusive);
    let over = || Script::new(Api::Hum).polls(still(PENDING, &[0.1, 2.4, 6.8, 14.9, 31.0])).says("gave-up");
    over().check("HUM-CLIENT-CAP", Failed);
    let doubtful = over().lagged(0.8, 31.0);
    doubtful.check("HUM-CLIENT-CAP", Inconclusive);
    doubtful.check("HUM-CLIENT-PACE", Passed);
    let impatient = || {
        let pushed_back = Script::new(Api::Hum).poll(0.1, with_header(429, "retry-after", "6"));
        pushed_back.poll(5.0, hum(200, "matched", "matched")).says("completed")
    };
    impatient().check("HUM-CLIENT-THROTTLE", Failed);
    impatient().lagged(1.0, 0.5).check("HUM-CLIENT-THROTTLE", Inconclusive);
    let steady = || Script::new(Api::Hum).polls(still(PENDING, &[0.1, 2.6, 5.1])).says("gave-up");
    steady().check("HUM-CLIENT-BACKOFF", Failed);
    steady().lagged(0.5, 1.0).check("HUM-CLIENT-BACKOFF", Inconclusive);
}

#[test]
fn a_client_that_was_starved_is_not_accused() {
    use Verdict::{Failed, Inconclusive, Warned};
    let late = |at| Script::new(Api::Hum).polls(still(PENDING, &[at])).says("gave-up");
    late(5.16).check("HUM-CLIENT-FIRST", Failed);
    late(5.16).starved(4.5, 0.0, 5.0).check("HUM-CLIENT-FIRST", Inconclusive);
    late(5.16).starved(3.0, 0.0, 5.0).check("HUM-CLIENT-FIRST", Failed);
    late(5.16).starved(4.5, 6.0, 11.0).check("HUM-CLIENT-FIRST", Failed);
    late(5.16).starved(0.9, 0.0, 1.0).starved(0.9, 1.0, 2.0).check("HUM-CLIENT-FIRST", Failed);
    let slow = || Script::new(Api::Calmyx).poll(0.1, calmyx("QUEUED", 0, 0)).poll(12.0, calmyx("COMPLETED", 4, 0));
    slow().starved(1.9, 0.1, 2.1).check("CAL-CLIENT-PACE", Inconclusive);
    slow().starved(1.5, 0.1, 2.1).check("CAL-CLIENT-PACE", Warned);
    let mixed = || slow().poll(19.0, calmyx("COMPLETED", 4, 0));
    mixed().starved(1.9, 0.1, 2.1).check("CAL-CLIENT-PACE", Inconclusive);
    let hurried = || Script::new(Api::Calmyx).poll(5.0, calmyx("QUEUED", 0, 0)).poll(9.0, calmyx("COMPLETED", 4, 0));
    hurried().check("CAL-CLIENT-PACE", Warned);
    hurried().starved(1.0, 3.5, 5.0).check("CAL-CLIENT-PACE", Inconclusive);
    hurried().starved(1.0, 6.0, 9.0).check("CAL-CLIENT-PACE", Warned);
    let steady = || Script::new(Api::Hum).polls(still(PENDING, &[0.1, 2.6, 5.1])).says("gave-up");
    steady().starved(0.5, 1.0, 2.0).check("HUM-CLIENT-BACKOFF", Inconclusive);
    steady().starved(0.5, 4.0, 5.0).check("HUM-CLIENT-BACKOFF", Failed);
    let hanging = |at| {
        let mut script = Script::new(Api::Hum).poll(0.1, hum(200, "matched", "matched")).says("");
        let Some(Fact::ClientEnded { at: end, .. }) = script.trace.facts.last_mut() else { unreachable!() };
        *end = at;
        script
    };
    hanging(7_000_000).check("HUM-CLIENT-DONE", Failed);
    hanging(7_000_000).starved(2.0, 0.1, 7.0).check("HUM-CLIENT-DONE", Inconclusive);
    hanging(5_000_000).check("HUM-CLIENT-DONE", Inconclusive);
}

#[test]
fn gaps_too_short_to_show_growth() {
    use Verdict::{Failed, Inconclusive, Passed};
    for (at, expected) in [
        (&[0.1, 1.1, 2.1, 3.1][..], Inconclusive),
        (&[0.1, 1.1, 2.3, 3.75], Passed),
        (&[0.1, 1.4, 2.7, 4.0], Failed),
        (&[0.1, 2.1, 4.1], Failed),
        (&[0.1, 2.1, 4.4], Passed),
        (&[0.1, 2.1, 4.7], Passed),
    ] {
        Script::new(Api::Hum).polls(still(PENDING, at)).says("gave-up").check("HUM-CLIENT-BACKOFF", expected);
    }
}

/// Somebody else held the output of the client, so that nobody knows what it said.
#[test]
fn a_client_that_could_not_be_heard_is_not_accused() {
    for api in Api::ALL {
        let (going, done) = match api {
            Api::Calmyx => (calmyx("PROCESSING", 2, 0), calmyx("COMPLETED", 4, 0)),
            Api::Hum => (hum(202, "pending", "pending"), hum(200, "matched", "matched")),
        };
        for last in [going, done, answer(404, &json!({}))] {
            let mut script = Script::new(api).poll(0.1, last).says("");
            let Some(Fact::ClientEnded { outcome, stopped, why, .. }) = script.trace.facts.last_mut() else { panic!() };
            (*outcome, *stopped, *why) = (None, false, Some("somebody else held its output".to_owned()));
            let report = judge(&script.trace);
            let broken: Vec<_> = report.requirements.iter().filter(|row| !row.findings.is_empty()).collect();
            assert!(broken.is_empty(), "{api}: {broken:#?}");
            assert_eq!(report.problem, None, "it did call");
        }
    }
}

/// The reply of a scenario is the host's, and no breakdown of a server.
#[test]
fn what_the_host_scripted_is_no_problem_of_the_client() {
    let mut script = Script::new(Api::Hum);
    let creation = &mut script.trace.exchanges[0];
    creation.request.body = Body::Json(json!({"street1": "1 Main Street", "zip": "48034"}).to_string());
    creation.reply = answer(500, &json!({}));
    assert_eq!(judge(&script.says("error").trace).problem, None);
}

/// A call that was on its way when the end came says nothing about who sent it.
#[test]
fn what_was_sent_before_the_end_was_known_is_no_further_call() {
    let overlapping = |mut script: Script| {
        let [.., end, later] = script.trace.exchanges.as_mut_slice() else { panic!() };
        end.received = later.sent + 1;
        script
    };
    let done =
        Script::new(Api::Hum).poll(0.1, hum(200, "matched", "matched")).poll(0.2, hum(200, "matched", "matched"));
    let gone = Script::new(Api::Hum).poll(0.1, answer(410, &json!({}))).poll(0.2, answer(410, &json!({})));
    let failed = Script::new(Api::Calmyx).poll(0.1, calmyx("PROCESSING", 0, 0)).poll(5.2, calmyx("FAILED", 0, 0));
    let failed = [10.4, 15.6].into_iter().fold(failed, |script, at| script.poll(at, calmyx("FAILED", 0, 0)));
    let mut early = failed.trace.clone();
    for (script, id, word) in [(done, "HUM-CLIENT-DONE", "completed"), (gone, "HUM-CLIENT-GONE", "gone")] {
        let script = script.says(word);
        script.check(id, Verdict::Failed);
        overlapping(script).check(id, Verdict::Passed);
    }
    let failed = failed.says("failed");
    failed.check("CAL-CLIENT-FAILED", Verdict::Failed);
    early.facts.clone_from(&failed.trace.facts);
    early.exchanges[2].received = early.exchanges[4].sent + 1;
    let row = judge(&early).requirement("CAL-CLIENT-FAILED").cloned().unwrap();
    assert_eq!(row.verdict, Verdict::Passed, "{row:#?}");
}
