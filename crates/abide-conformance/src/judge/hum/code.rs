//! The status codes of a status call.

use super::agents::awaited_pending;
use super::closing::ended_by;
use super::expiry::window;
use crate::judge::evidence::Evidence;
use crate::judge::view::{Call, View, in_order};

/// HUM-CODE.
pub(super) fn code(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no session was asked about whose creation was seen, so that it surely lived");
    for session in view.sessions() {
        let end = ended_by(&session);
        let Some(created) = session.created() else { continue };
        let may_be_dead = |call: &Call<'_>| {
            let (from, to) = (created.exchange.sent, call.exchange.received);
            to.saturating_sub(from).saturating_add(view.moved(from, to).1) >= window(view)
        };
        let alive = session.polls().filter(|call| end.is_none_or(|end| call.exchange.is_before(end)));
        for call in alive.filter(|call| !may_be_dead(call)) {
            match call.status() {
                None | Some(410 | 500..=599) => {}
                Some(_) if call.is_unanswered() => {}
                Some(status) => {
                    let holds = matches!(status, 200 | 202);
                    evidence.check(holds, call, "200 or 202 for a live session", || call.describe());
                }
            }
        }
    }
    evidence
}

/// HUM-CODE-ORDER.
pub(super) fn order(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no session was asked about again after a 200");
    for session in view.sessions() {
        for (earlier, later) in in_order(&session.answers()) {
            if earlier.status() == Some(200) {
                let found = || format!("202 after the 200 of exchange {}", earlier.exchange.number);
                evidence.check(later.status() != Some(202), later, "200 again", found);
            }
        }
    }
    evidence
}

/// HUM-CODE-AGENTS.
pub(super) fn agents(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no status was answered with its agents");
    for session in view.sessions() {
        for call in session.answers() {
            if let Some(pending) = call.json.as_deref().and_then(awaited_pending) {
                let holds = call.status() != Some(202) || !pending.is_empty();
                evidence.check(holds, call, "200 when no awaited agent is pending", || "202".to_owned());
            }
        }
    }
    evidence
}
