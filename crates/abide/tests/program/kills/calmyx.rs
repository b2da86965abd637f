//! What was seen of a Calmyx session, and what must hold for everything that is seen later.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::random::Random;

/// A create call: its places tell it from all others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Attempt {
    worker: u32,
    number: u32,
    locations: u32,
}

impl Attempt {
    /// Mostly small, sometimes the largest there is.
    pub(super) fn new(worker: u32, number: u32, random: &mut Random) -> Self {
        let locations = match random.below(20) {
            0 => 500,
            1..=3 => 20 + random.below(80),
            _ => 1 + random.below(12),
        };
        Self { worker, number, locations: u32::try_from(locations).unwrap() }
    }

    pub(super) fn body(self) -> String {
        let places = self.places().into_iter().map(|(lat, lng)| json!({ "lat": lat, "lng": lng }));
        json!({ "locations": places.collect::<Vec<_>>() }).to_string()
    }

    /// Binary fractions, which are the same number after every conversion to text and back.
    fn places(self) -> Vec<(f64, f64)> {
        let lat = f64::from(self.worker) * 20.0 + f64::from(self.number) / 1024.0;
        (0..self.locations).map(|place| (lat, f64::from(place) / 8.0)).collect()
    }

    fn has(self, item: &Value) -> bool {
        self.places().first().is_some_and(|(lat, _)| item["lat"] == json!(lat))
    }
}

/// A session that the server has, and the last answer about it.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) id: String,
    attempts: Vec<Attempt>,
    submitted_at: Option<Value>,
    last: Value,
}

impl Session {
    /// One whose creation was acknowledged.
    pub(super) fn acknowledged(attempt: Attempt, created: &Value) -> Self {
        assert_eq!(created["total_locations"], json!(attempt.locations));
        Self {
            id: created["session_id"].as_str().unwrap().to_owned(),
            attempts: vec![attempt],
            submitted_at: Some(created["submitted_at"].clone()),
            last: Value::Null,
        }
    }

    /// One that the file holds although nobody was told: it must be one of those that were asked for.
    pub(super) fn found(id: String, attempts: Vec<Attempt>) -> Self {
        Self { id, attempts, submitted_at: None, last: Value::Null }
    }

    pub(super) fn path(&self) -> String {
        format!("/v2/session/status?session_id={}", self.id)
    }

    pub(super) fn is_complete(&self) -> bool {
        self.last["status"] == "COMPLETED"
    }

    /// The create call that it came from; `None` while several fit.
    pub(super) fn attempt(&self) -> Option<Attempt> {
        if let [attempt] = self.attempts[..] { Some(attempt) } else { None }
    }

    /// Holds an answer against everything that is known of the session.
    pub(super) fn see(&mut self, report: Value) {
        let id = self.id.clone();
        if let Some(first) = report["results"].as_array().unwrap().first() {
            self.attempts.retain(|attempt| attempt.has(first));
        }
        let total = report["progress"]["total"].as_u64().unwrap();
        self.attempts.retain(|attempt| u64::from(attempt.locations) == total);
        assert!(!self.attempts.is_empty(), "{id}: half-created, or never asked for: {report}");

        let submitted_at = self.submitted_at.get_or_insert_with(|| report["submitted_at"].clone());
        assert_eq!(report["submitted_at"], *submitted_at, "{id}: changed");
        adds_up(&id, &report);
        if !self.last.is_null() {
            goes_on(&id, &self.last, &report);
        }
        self.each_result_once(&report);
        self.last = report;
    }

    fn each_result_once(&self, report: &Value) {
        let key = |lat: &Value, lng: &Value| format!("{lat} {lng}");
        let items = report["results"].as_array().unwrap();
        let seen: BTreeSet<String> = items.iter().map(|item| key(&item["lat"], &item["lng"])).collect();
        assert_eq!(seen.len(), items.len(), "{}: a result is doubled", self.id);
        if let Some(attempt) = self.attempt() {
            let sent: BTreeSet<String> =
                attempt.places().into_iter().map(|(lat, lng)| key(&json!(lat), &json!(lng))).collect();
            assert!(seen.is_subset(&sent), "{}: a result that was never asked for", self.id);
            assert!(report["status"] != "COMPLETED" || seen == sent, "{}: a result is lost", self.id);
        }
    }
}

fn adds_up(id: &str, report: &Value) {
    let count = |name: &str| report["progress"][name].as_u64().unwrap();
    assert_eq!(count("processed"), count("successful") + count("failed"), "{id}");
    assert_eq!(count("processed"), report["results"].as_array().unwrap().len() as u64, "{id}");
    assert_eq!(report["status"] == "COMPLETED", count("processed") == count("total"), "{id}");
}

fn goes_on(id: &str, earlier: &Value, later: &Value) {
    for name in ["total", "processed", "successful", "failed"] {
        let count = |report: &Value| report["progress"][name].as_u64().unwrap();
        assert!(count(earlier) <= count(later), "{id}: {name} went back");
    }
    let rank = |report: &Value| ["QUEUED", "PROCESSING", "COMPLETED"].iter().position(|word| report["status"] == *word);
    assert!(rank(earlier) <= rank(later), "{id}: the status went back");
    for name in ["started_at", "completed_at"] {
        assert!(earlier[name].is_null() || earlier[name] == later[name], "{id}: {name} changed");
    }
    let results = |report: &Value| report["results"].as_array().unwrap().clone();
    assert!(results(later).starts_with(&results(earlier)), "{id}: a result was lost or changed");
}
