//! A client that is put together from its habits.

use std::time::Duration;

use http::{Request, header};
use serde_json::Value;
use tokio::time::sleep;

use super::super::stage::{EndOfReply, Served, Stage};
use super::habits::{Fault, Habits};
use super::{CREDENTIAL, tenths};
use crate::catalogue::Api;
use crate::wire::segment;

/// What a reply says about the wait.
enum Said {
    Going,
    /// By the counters only.
    Counted(&'static str),
    Over(&'static str),
}

pub(super) struct Client {
    stage: Stage,
    habits: Habits,
    api: Api,
    /// Since the first status call.
    asked: Duration,
    throttled: u32,
    unchanged: u32,
    last: Option<String>,
}

struct Reply {
    status: u16,
    json: Option<Value>,
    retry_after: Option<Duration>,
}

impl Client {
    pub(super) fn new(stage: Stage, habits: Habits) -> Self {
        let api = stage.scenario().api;
        let zero = Duration::ZERO;
        Self { stage, habits, api, asked: zero, throttled: 0, unchanged: 0, last: None }
    }

    fn has(&self, fault: Fault) -> bool {
        self.habits.fault == Some(fault)
    }

    /// The word that it ends with, if it says one.
    pub(super) async fn run(mut self) -> Option<&'static str> {
        let word = self.wait().await;
        if self.has(Fault::Hangs) {
            std::future::pending::<()>().await;
        }
        if self.has(Fault::KeepsAsking) {
            for _ in 0..3 {
                self.pause(self.habits.gap).await;
                self.poll();
            }
        }
        match word {
            _ if self.has(Fault::SaysNothing) => None,
            "completed" if self.has(Fault::SaysError) => Some("error"),
            "failed" if self.has(Fault::HidesFailed) => Some("gave-up"),
            "partial" if self.has(Fault::HidesPartial) => Some("completed"),
            "gave-up" if self.has(Fault::GivesUpWithAnError) => Some("error"),
            "gone" if self.has(Fault::TakesGoneForFailed) => Some("failed"),
            "error" if self.has(Fault::TakesDeniedForGone) => Some("gone"),
            word => Some(word),
        }
    }

    async fn wait(&mut self) -> &'static str {
        loop {
            let reply = self.create();
            match (reply.status, reply.retry_after) {
                (200..=299, _) => break,
                (429, Some(pause)) if !self.has(Fault::IgnoresRetryAfter) => self.pause(pause).await,
                (429, _) => self.pause(tenths(20)).await,
                _ => return "error",
            }
        }
        let first = if self.has(Fault::StartsLate) { tenths(25) } else { self.habits.first };
        sleep(first).await;
        loop {
            let reply = self.poll();
            let pause = match self.judge(&reply) {
                Ok(Said::Over(word)) => return self.finish(word),
                Ok(Said::Counted(word)) if !self.habits.confirms => return word,
                Ok(Said::Counted(word)) => {
                    self.pause(self.habits.gap).await;
                    let again = self.poll();
                    return match self.judge(&again) {
                        Ok(Said::Over(word)) => word,
                        Ok(_) | Err(_) => word,
                    };
                }
                Ok(Said::Going) => self.gap(&reply),
                Err(Some(pause)) => pause,
                Err(None) => return "error",
            };
            if self.api == Api::Hum && !self.has(Fault::IgnoresTheCap) && self.asked + pause > tenths(300) {
                self.pause(tenths(300).saturating_sub(self.asked)).await;
                return self.finish("gave-up");
            }
            self.pause(pause).await;
        }
    }

    fn finish(&mut self, word: &'static str) -> &'static str {
        if self.habits.closes && word != "gone" {
            self.send("DELETE", &format!("/sessions/{}", segment(&self.stage.scenario().session())), "");
        }
        word
    }

    /// What a reply means; otherwise how long to hold back, or that nothing helps.
    fn judge(&mut self, reply: &Reply) -> Result<Said, Option<Duration>> {
        match reply.status {
            429 | 503 => return Err(Some(self.push_back(reply))),
            410 if self.has(Fault::RetriesGone) => return Ok(Said::Going),
            410 => return Ok(Said::Over("gone")),
            401 | 403 | 404 => return Err(None),
            500.. if self.has(Fault::DiesOfErrors) => return Err(None),
            500.. => return Err(Some(tenths(30))),
            _ => {}
        }
        self.throttled = 0;
        let Some(json) = reply.json.clone() else {
            return Err((!self.has(Fault::DiesOfBrokenBodies)).then_some(tenths(30)));
        };
        if self.has(Fault::DiesOfUnknownFields) && json.get("x_since_next_year").is_some() {
            return Err(None);
        }
        match self.api {
            Api::Calmyx => self.calmyx(&json),
            Api::Hum => self.hum(reply.status, &json),
        }
    }

    fn calmyx(&self, json: &Value) -> Result<Said, Option<Duration>> {
        let counter =
            |name: &str| json.pointer(&format!("/progress/{name}")).and_then(Value::as_i64).unwrap_or_default();
        let (total, processed, failed) = (counter("total"), counter("processed"), counter("failed"));
        let word = if failed > 0 { "partial" } else { "completed" };
        let is_counted = processed == total && (total > 0 || self.has(Fault::TakesZeroForDone));
        match text(json, "/status") {
            "COMPLETED" => Ok(Said::Over(word)),
            "FAILED" if self.has(Fault::IgnoresFailed) => Ok(Said::Going),
            "FAILED" => Ok(Said::Over("failed")),
            "QUEUED" | "PROCESSING" if self.has(Fault::AwaitsTheWord) => Ok(Said::Going),
            "QUEUED" if is_counted => Ok(Said::Over(word)),
            "QUEUED" | "PROCESSING" if is_counted => Ok(Said::Counted(word)),
            "PROCESSING" if self.has(Fault::TakesMostForDone) && processed * 10 >= total * 9 => Ok(Said::Over(word)),
            "QUEUED" | "PROCESSING" => Ok(Said::Going),
            _ if self.has(Fault::DiesOfUnknownWords) => Err(None),
            _ => Ok(Said::Going),
        }
    }

    fn hum(&self, code: u16, json: &Value) -> Result<Said, Option<Duration>> {
        let mut names = vec!["geocoding", "internet"];
        if self.has(Fault::AwaitsCheckout) {
            names.push("checkout");
        }
        let words: Vec<&str> = names.iter().map(|name| text(json, &format!("/meta/agent_status/{name}"))).collect();
        if self.has(Fault::DiesOfAddressParts) && json.pointer("/data/service_address").is_some_and(Value::is_object) {
            return Err(None);
        }
        let is_pending = |word: &&&str| match **word {
            "multiple" => self.has(Fault::MultipleIsPending),
            "failed" => self.has(Fault::FailedIsPending),
            "matched" => false,
            _ => true,
        };
        if self.has(Fault::DiesOfUnknownWords) && words.contains(&"thinking") {
            return Err(None);
        }
        let matched = words.iter().filter(|word| **word == "matched").count();
        let word = match matched {
            0 => "failed",
            matched if matched == words.len() => "completed",
            _ => "partial",
        };
        let is_settled = words.iter().filter(is_pending).count() == 0;
        let trusts = self.has(Fault::TrustsTheCode) && code == 200;
        let warned = self.has(Fault::TakesWarningForDone) && text(json, "/request_status") == "warning";
        let stops = self.habits.stops_without_address && words.first() == Some(&"failed");
        if trusts || warned || stops || (is_settled && !(self.has(Fault::AwaitsTheCode) && code == 202)) {
            return Ok(Said::Over(word));
        }
        Ok(Said::Going)
    }

    fn push_back(&mut self, reply: &Reply) -> Duration {
        self.throttled += 1;
        if let Some(asked) = reply.retry_after.filter(|_| !self.has(Fault::IgnoresRetryAfter)) {
            return asked;
        }
        let steps = if self.has(Fault::SameThrottlePause) { 0 } else { self.throttled - 1 };
        tenths(20) * 2_u32.pow(steps)
    }

    /// How long to wait after a reply that says that the session is at work.
    fn gap(&mut self, reply: &Reply) -> Duration {
        if self.has(Fault::Hurries) {
            return tenths(10);
        }
        if self.has(Fault::Dawdles) {
            return self.habits.gap.mul_f64(2.5);
        }
        if self.api == Api::Calmyx {
            return self.habits.gap;
        }
        let json = reply.json.clone().unwrap_or_default();
        let agents = ["geocoding", "internet"].map(|name| text(&json, &format!("/meta/agent_status/{name}")));
        let mut seen = format!("{} {agents:?}", reply.status);
        if self.has(Fault::TakesTimesForChanges) {
            seen.push_str(text(&json, "/meta/updated_at"));
        }
        let is_same = self.last.replace(seen.clone()).is_some_and(|last| last == seen);
        let is_first = self.asked.is_zero();
        self.unchanged = match (is_same, is_first) {
            (true, _) => self.unchanged + 1,
            (false, false) if self.has(Fault::BacksOffForEver) => self.unchanged + 1,
            (false, _) => 0,
        };
        if self.has(Fault::NeverBacksOff) {
            self.unchanged = 0;
        }
        (0..self.unchanged).fold(self.habits.gap, |gap, _| (gap * self.habits.growth / 10).min(tenths(300)))
    }

    async fn pause(&mut self, pause: Duration) {
        sleep(pause).await;
        self.asked += pause;
    }

    fn create(&self) -> Reply {
        let path = match self.api {
            Api::Calmyx => "/v2/session/new",
            Api::Hum => "/sessions",
        };
        self.send("POST", path, &self.stage.scenario().input.to_string())
    }

    fn poll(&self) -> Reply {
        let session = self.stage.scenario().session();
        let path = match self.api {
            Api::Calmyx => format!("/v2/session/status?session_id={}", segment(&session)),
            Api::Hum if self.has(Fault::RawToken) => {
                format!("/sessions/{}", session.replace(' ', "%20").replace(|symbol: char| !symbol.is_ascii(), ""))
            }
            Api::Hum => format!("/sessions/{}", segment(&session)),
        };
        self.send("GET", &path, "")
    }

    fn send(&self, method: &str, path: &str, body: &str) -> Reply {
        let value = match self.api {
            Api::Calmyx if self.has(Fault::OtherScheme) => Some(format!("Bearer {CREDENTIAL}")),
            Api::Hum if self.has(Fault::OtherScheme) => Some(CREDENTIAL.to_owned()),
            Api::Calmyx | Api::Hum if self.has(Fault::NoCredential) => None,
            Api::Calmyx => Some(CREDENTIAL.to_owned()),
            Api::Hum => Some(format!("Bearer {CREDENTIAL}")),
        };
        let mut request = Request::builder().method(method).uri(path);
        if let Some(value) = value {
            request = request.header(header::AUTHORIZATION, value);
        }
        let Ok(request) = request.body(()) else {
            return Reply { status: 400, json: None, retry_after: None };
        };
        let (parts, ()) = request.into_parts();
        let served = self.stage.serve(self.stage.book().now(), &parts, body.as_bytes());
        self.read(&served)
    }

    fn read(&self, served: &Served) -> Reply {
        let header =
            |name| served.headers.iter().find(|(other, _)| other == name).and_then(|(_, value)| value.to_str().ok());
        let retry_after = header(header::RETRY_AFTER).and_then(|value| {
            if let Ok(seconds) = value.parse() {
                return Some(Duration::from_secs(seconds));
            }
            let now = self.stage.book().wall(self.stage.book().now());
            let until = httpdate::parse_http_date(value).ok()?;
            (!self.has(Fault::IgnoresDates)).then(|| until.duration_since(now.into()).unwrap_or_default())
        });
        match served.end {
            EndOfReply::Whole => {
                Reply { status: served.status, json: serde_json::from_slice(&served.body).ok(), retry_after }
            }
            EndOfReply::Broken | EndOfReply::Withheld => Reply { status: 200, json: None, retry_after: None },
        }
    }
}

/// The text at a JSON pointer; an empty one where there is none.
fn text<'a>(json: &'a Value, pointer: &str) -> &'a str {
    json.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}
