//! The agents of a session.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::catalogue::documented::hum::AWAITED;
use crate::judge::evidence::{Evidence, quote};
use crate::judge::patience;
use crate::judge::view::{Call, Session, View};
use crate::trace::Exchange;

const PENDING: &str = "pending";

/// HUM-AGENTS.
pub(super) fn map(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no status was answered");
    for session in view.sessions() {
        for call in session.answers() {
            let agents = call.at("/meta/agent_status");
            let is_map = agents.and_then(Value::as_object).is_some_and(|agents| agents.values().all(Value::is_string));
            evidence.check(is_map, call, "meta.agent_status, an object from names to texts", || {
                agents.map_or_else(|| "nothing".to_owned(), quote)
            });
        }
    }
    evidence
}

/// HUM-AGENT-FINAL.
pub(super) fn last(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no session was asked about again after an agent left pending");
    for session in view.sessions() {
        let mut settled: BTreeMap<&str, (&str, &Call<'_>)> = BTreeMap::new();
        for call in session.answers() {
            for (agent, word) in call.json.as_deref().into_iter().flat_map(words) {
                match settled.get(agent) {
                    Some((outcome, first)) if first.exchange.is_before(call.exchange) => {
                        evidence.check(word == *outcome, call, &format!("{agent} to stay {outcome}"), || quote(&word));
                    }
                    None if word != PENDING => {
                        settled.insert(agent, (word, call));
                    }
                    Some(_) | None => {}
                }
            }
        }
    }
    evidence
}

fn settled<'t>(session: &Session<'_, 't>) -> Option<&'t Exchange> {
    session.answers().into_iter().find(|call| call.json.as_deref().is_some_and(is_settled)).map(|call| call.exchange)
}

/// HUM-LIVENESS.
pub(super) fn liveness(view: &View<'_>) -> Evidence {
    let ended = |session: &Session<'_, '_>| super::closing::ended_by(session).is_some();
    patience::judge_unless(view, ended, settled, |session| {
        session
            .answers()
            .last()
            .and_then(|call| call.at("/meta/agent_status"))
            .map_or_else(|| "no agents".to_owned(), quote)
    })
}

/// The agents of an answer that are texts.
fn words(json: &Value) -> impl Iterator<Item = (&str, &str)> {
    let agents = json.pointer("/meta/agent_status").and_then(Value::as_object);
    agents.into_iter().flatten().filter_map(|(agent, word)| Some((agent.as_str(), word.as_str()?)))
}

/// The word of one agent.
pub(crate) fn word<'v>(call: &'v Call<'_>, agent: &str) -> Option<&'v str> {
    words(call.json.as_deref()?).find(|(name, _)| *name == agent).map(|(_, word)| word)
}

/// The awaited agents that are pending; `None` where one of them is not mentioned.
pub(crate) fn awaited_pending(json: &Value) -> Option<Vec<&'static str>> {
    let word = |agent: &str| words(json).find(|(name, _)| *name == agent).map(|(_, word)| word);
    let words = AWAITED.iter().map(|agent| Some((*agent, word(agent)?))).collect::<Option<Vec<_>>>()?;
    Some(words.into_iter().filter(|(_, word)| *word == PENDING).map(|(agent, _)| agent).collect())
}

/// Whether every awaited agent left pending.
pub(crate) fn is_settled(json: &Value) -> bool {
    awaited_pending(json).is_some_and(|pending| pending.is_empty())
}
