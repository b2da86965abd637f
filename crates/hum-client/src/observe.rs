//! From the wire to the machines: what a status answer says in the neutral terms of `abide-core`.
//!
//! The awaited agents are the items: they are `total`, those that left pending are `processed`, matched ones are
//! `successful`, failed and multiple ones `failed`. So one completion rule serves both APIs.

use abide_core::{Counters, Mark, Observation, State};

use crate::Answer;
use crate::lifecycle::{AGENT_FAILED, AGENT_PENDING, AGENT_SUCCESSFUL, AWAITED_AGENTS};
use crate::types::AgentState;

/// What one status answer says (HUM-CLIENT-DONE, HUM-CLIENT-202).
///
/// An agent that is not mentioned, or whose word no document knows, is still at work. A change is another HTTP code or
/// another word of an awaited agent; times and addresses do not count (HUM-CLIENT-BACKOFF).
pub fn observe(answer: &Answer) -> Observation {
    let mut counters = Counters { total: 0, processed: 0, successful: 0, failed: 0 };
    let mut state = State::Running;
    let mut mark = Mark::new().number(answer.ready.into());
    for name in AWAITED_AGENTS {
        let word = answer.agent(name).map(AgentState::as_str);
        mark = mark.number(word.is_some().into()).text(word.unwrap_or_default());
        counters.total += 1;
        match word.map(meaning) {
            Some(Meaning::Successful) => {
                counters.processed += 1;
                counters.successful += 1;
            }
            Some(Meaning::Failed) => {
                counters.processed += 1;
                counters.failed += 1;
            }
            Some(Meaning::Unknown) => state = State::Unknown,
            Some(Meaning::Pending) | None => {}
        }
    }
    Observation { state, counters, delivered: None, mark: mark.finish() }
}

enum Meaning {
    Pending,
    Successful,
    Failed,
    Unknown,
}

fn meaning(word: &str) -> Meaning {
    if AGENT_SUCCESSFUL.contains(&word) {
        Meaning::Successful
    } else if AGENT_FAILED.contains(&word) {
        Meaning::Failed
    } else if AGENT_PENDING.contains(&word) {
        Meaning::Pending
    } else {
        Meaning::Unknown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(ready: bool, agents: &str) -> Answer {
        let text = format!(r#"{{"meta": {{"agent_status": {agents}}}}}"#);
        Answer { ready, reply: Some(serde_json::from_str(&text).unwrap()) }
    }

    fn check(agents: &str, state: State, processed: i64, successful: i64, failed: i64) {
        let observation = observe(&answer(true, agents));
        assert_eq!(observation.state, state, "{agents}");
        assert_eq!(observation.counters, Counters { total: 2, processed, successful, failed }, "{agents}");
    }

    #[test]
    fn agents() {
        check("{}", State::Running, 0, 0, 0);
        check("null", State::Running, 0, 0, 0);
        check(r#"{"geocoding": "pending", "internet": "pending"}"#, State::Running, 0, 0, 0);
        check(r#"{"geocoding": "matched"}"#, State::Running, 1, 1, 0);
        check(r#"{"geocoding": "matched", "internet": "matched", "checkout": "pending"}"#, State::Running, 2, 2, 0);
        check(r#"{"geocoding": "multiple", "internet": "failed"}"#, State::Running, 2, 0, 2);
        check(r#"{"geocoding": "matched", "internet": "failed"}"#, State::Running, 2, 1, 1);
        check(r#"{"geocoding": "matched", "internet": "thinking"}"#, State::Unknown, 1, 1, 0);
        check(r#"{"geocoding": null, "internet": 3}"#, State::Unknown, 0, 0, 0);
        check(r#"{"telephone": "matched", "geocoding": "pending"}"#, State::Running, 0, 0, 0);
    }

    #[test]
    fn what_counts_as_a_change() {
        let mark = |ready: bool, agents: &str| observe(&answer(ready, agents)).mark;
        let pending = r#"{"geocoding": "pending", "internet": "pending", "checkout": "pending"}"#;
        assert_ne!(mark(true, pending), mark(false, pending), "another code");
        assert_ne!(mark(true, pending), mark(true, &pending.replacen("pending", "matched", 1)), "another word");
        assert_eq!(
            mark(true, pending),
            mark(true, &pending.replace(r#""checkout": "pending""#, r#""checkout": "matched""#))
        );
        assert_eq!(observe(&Answer { ready: false, reply: None }).counters.processed, 0);
    }
}
