//! Liveness: whether sessions come to an end while the tester waits.

use std::time::Duration;

use super::evidence::Evidence;
use super::view::{Session, View};
use crate::trace::Exchange;

/// As [`judge_unless`], where no session is left out.
pub(super) fn judge<'v, 't>(
    view: &'v View<'t>,
    ended: impl Fn(&Session<'v, 't>) -> Option<&'t Exchange>,
    state: impl Fn(&Session<'v, 't>) -> String,
) -> Evidence {
    judge_unless(view, |_| false, ended, state)
}

/// Judges each session that was waited for: `cut` tells that it was ended from outside, `ended` gives the exchange that showed its end, `state` words for how far it
/// came.
pub(super) fn judge_unless<'v, 't>(
    view: &'v View<'t>,
    cut: impl Fn(&Session<'v, 't>) -> bool,
    ended: impl Fn(&Session<'v, 't>) -> Option<&'t Exchange>,
    state: impl Fn(&Session<'v, 't>) -> String,
) -> Evidence {
    let mut evidence = Evidence::unless("no session was waited for");
    let Some(patience) = view.trace.header.patience else {
        return Evidence::unless("nobody waited for a session on purpose");
    };
    for session in view.sessions() {
        let Some(created) = session.created() else { continue };
        // Only real time counts: a clock that was moved in between says nothing about patience.
        let end = ended(&session).filter(|end| view.moved(created.exchange.sent, end.received).1 == 0);
        if end.is_some() {
            evidence.held();
            continue;
        }
        let Some(last) = session.answers().into_iter().next_back() else { continue };
        let waited = last.exchange.sent.saturating_sub(created.exchange.received);
        let was_moved = view.moved(created.exchange.sent, last.exchange.received).1 > 0;
        if !was_moved && waited >= patience && !cut(&session) {
            let seconds = Duration::from_micros(patience).as_secs_f64();
            let found = format!("{} after {:.1} s", state(&session), Duration::from_micros(waited).as_secs_f64());
            evidence.broke(last, format!("an end within {seconds} s"), found);
        } else {
            evidence.doubts.push("a session was left before its end".to_owned());
        }
    }
    evidence
}
