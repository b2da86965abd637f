//! What was seen of a Hum session, and what must hold for everything that is seen later.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::caller::Answer;

/// Less than a session lives without activity at the speed of these servers, which is 90 s.
const SURELY_ALIVE: Duration = Duration::from_mins(1);

/// A create call: its street tells it from all others.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Attempt {
    street: String,
}

impl Attempt {
    pub(super) fn new(worker: u32, number: u32) -> Self {
        Self { street: format!("{number} Worker {worker} St") }
    }

    pub(super) fn body(&self) -> String {
        json!({ "street1": self.street, "city": "Southfield", "state": "MI", "zip": "48034" }).to_string()
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Life {
    Open,
    /// The server was killed before it answered to the closing: both outcomes are right, and then final.
    Closing,
    Gone,
}

/// A session that the server has, and the last answer about it.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) token: String,
    attempts: Vec<Attempt>,
    life: Life,
    /// `None` for one that nobody was told of: nobody knows when its time began.
    last_activity: Option<Instant>,
    last: Option<Answered>,
}

#[derive(Debug)]
struct Answered {
    code: u16,
    meta: Value,
}

impl Session {
    pub(super) fn acknowledged(attempt: Attempt, asked_at: Instant, created: &Value) -> Self {
        Self {
            token: created["meta"]["session_token"].as_str().unwrap().to_owned(),
            attempts: vec![attempt],
            life: Life::Open,
            last_activity: Some(asked_at),
            last: Some(Answered { code: 202, meta: created["meta"].clone() }),
        }
    }

    pub(super) fn found(token: String, attempts: Vec<Attempt>) -> Self {
        Self { token, attempts, life: Life::Open, last_activity: None, last: None }
    }

    pub(super) fn path(&self) -> String {
        format!("/sessions/{}", self.token)
    }

    /// A closing leaves.
    pub(super) fn close_sent(&mut self) {
        if self.life == Life::Open {
            self.life = Life::Closing;
        }
    }

    /// Whether a closing that was answered now was the one that closed it.
    pub(super) fn closed(&mut self, code: u16) -> bool {
        assert!([200, 410].contains(&code), "{}: {code} to a closing", self.token);
        self.life = Life::Gone;
        code == 200
    }

    /// Holds an answer against everything that is known of the session.
    pub(super) fn see(&mut self, asked_at: Instant, answer: &Answer) {
        let token = &self.token;
        match answer.code {
            410 => {
                assert!(self.life != Life::Open || self.may_have_expired(), "{token}: gone too early");
                self.life = Life::Gone;
            }
            200 | 202 => {
                assert!(self.life != Life::Gone, "{token}: came back to life");
                assert!(self.last.as_ref().is_none_or(|last| last.code <= 202), "{token}");
                self.life = Life::Open;
                self.last_activity = Some(asked_at);
                self.goes_on(answer);
            }
            other => panic!("{token}: lost, {other}"),
        }
    }

    fn may_have_expired(&self) -> bool {
        self.last_activity.is_none_or(|last| last.elapsed() > SURELY_ALIVE)
    }

    fn goes_on(&mut self, answer: &Answer) {
        let (token, meta) = (&self.token, &answer.body["meta"]);
        assert_eq!(meta["session_token"], json!(token));
        self.attempts.retain(|attempt| meta["session_params"]["street1"] == json!(attempt.street));
        assert!(!self.attempts.is_empty(), "{token}: half-created, or never asked for: {meta}");
        if let Some(last) = &self.last {
            assert!(last.code != 200 || answer.code == 200, "{token}: 202 came back");
            assert_eq!(last.meta["created_at"], meta["created_at"], "{token}: changed");
            for agent in ["geocoding", "internet"] {
                let (earlier, later) = (&last.meta["agent_status"][agent], &meta["agent_status"][agent]);
                assert!(earlier == "pending" || earlier == later, "{token}: {agent} went back");
            }
            for name in ["updated_at", "responded_at"] {
                assert!(last.meta[name].as_str() <= meta[name].as_str(), "{token}: {name} went back");
            }
            let address = &last.meta["service_address"];
            assert!(address.is_null() || *address == meta["service_address"], "{token}: the address changed");
        }
        self.last = Some(Answered { code: answer.code, meta: meta.clone() });
    }
}
