//! The end of a session: closing it, and that 410 is for ever.

use crate::judge::evidence::Evidence;
use crate::judge::view::{Call, Session, View};
use crate::trace::{Answer, Exchange, Operation};

/// The first exchange that ended the session, or may have: a close that was not refused, or a 410.
pub(super) fn ended_by<'t>(session: &Session<'_, 't>) -> Option<&'t Exchange> {
    let ends = |call: &&Call<'_>| {
        let is_close = call.operation() == Operation::CloseSession;
        let was_refused = call.answer().is_some_and(Answer::is_refusal) && !call.is_unanswered();
        call.status() == Some(410) || (is_close && !was_refused)
    };
    session.own().find(ends).map(|call| call.exchange)
}

/// HUM-CLOSED.
pub(super) fn closed(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no session was closed");
    for session in view.sessions().filter(|session| session.created().is_some()) {
        let is_close = |call: &&Call<'_>| call.operation() == Operation::CloseSession && !call.is_unanswered();
        let Some(close) = session.own().find(is_close) else { continue };
        let was_gone = session.own().any(|call| call.status() == Some(410) && call.exchange.is_before(close.exchange));
        if was_gone || close.status() == Some(410) {
            continue;
        }
        if close.success().is_none() {
            evidence.broke(close, "a 2xx to closing a live session", close.describe());
            continue;
        }
        let after = session.own().filter(|call| close.exchange.is_before(call.exchange) && answers(call));
        // What comes after the first 410 is the matter of HUM-GONE-FINAL.
        match after.into_iter().next() {
            None => evidence.doubt("a closed session was not asked about"),
            Some(call) => {
                evidence.check(call.status() == Some(410), call, "410 for a closed session", || call.describe());
            }
        }
    }
    evidence
}

/// HUM-GONE-FINAL.
pub(super) fn gone(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no session was asked about again after a 410");
    for session in view.sessions() {
        let Some(first) = session.own().find(|call| call.status() == Some(410)) else { continue };
        let later = session.own().filter(|call| first.exchange.is_before(call.exchange) && answers(call));
        for call in later {
            let expected = format!("410 again, as in exchange {}", first.exchange.number);
            evidence.check(call.status() == Some(410), call, &expected, || call.describe());
        }
    }
    evidence
}

/// Whether the server said anything about the session, and not only that it is busy or broken.
fn answers(call: &Call<'_>) -> bool {
    call.status().is_some_and(|status| status < 500) && !call.is_unanswered()
}
