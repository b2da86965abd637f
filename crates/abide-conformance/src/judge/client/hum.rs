//! How a Hum client ends its wait.

use super::done::{agents, hum_words, is_settled, may_stop};
use super::ending::{TO_END, judge_end, judge_refusal};
use super::measure::{Time, seconds};
use super::pace::scaled;
use super::run::{Run, is_answered, is_disturbed, runs};
use super::tolerant::is_odd;
use crate::catalogue::documented::hum::CAP_SECONDS;
use crate::judge::evidence::Evidence;
use crate::judge::view::{Call, View};
use crate::trace::Operation;

/// The words of a client that says its wait ended because the session did.
const CLAIMS: [&str; 3] = ["completed", "partial", "failed"];

/// HUM-CLIENT-CAP.
pub(super) fn cap(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no session stayed at work up to the cap");
    let cap = scaled(view, CAP_SECONDS);
    let expected = format!("no status call later than {} after the first", seconds(cap));
    for run in runs(view) {
        let polls = run.polls();
        let (Some(first), Some(last)) = (polls.first(), polls.last()) else { continue };
        let waited = Time { from: first.exchange.sent, to: last.exchange.sent };
        if waited.long() > cap {
            run.at_most(waited, cap).enter(&mut evidence, last, &expected, || seconds(waited.long()));
        }
        if is_open(view, &run, last) && !run.outcome().is_some_and(|word| CLAIMS.contains(&word)) {
            let left = cap.saturating_sub(last.exchange.received.saturating_sub(first.exchange.sent));
            judge_end(&mut evidence, &run, last, &["gave-up"], left.saturating_add(TO_END));
        }
    }
    evidence
}

/// Whether the wait can only have been given up: what came last is that the session is at work, or a plea for patience.
fn is_open(view: &View<'_>, run: &Run<'_, '_>, last: &Call<'_>) -> bool {
    let Some(answered) = run.answered().into_iter().next_back() else { return false };
    let pleads = last.status() == Some(429);
    // What comes after something unusual is the business of HUM-CLIENT-TOLERANT.
    let is_plain = !is_disturbed(last) && !is_odd(view.api(), last);
    !is_settled(answered) && !may_stop(answered) && (pleads || is_plain)
}

/// HUM-CLIENT-202.
pub(super) fn not_by_code(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("the client met no 202 with a pending agent");
    for run in runs(view) {
        let answered = run.answered();
        let Some(last) = answered.last() else { continue };
        // Who was told that the session is gone did not go by a code: HUM-CLIENT-GONE tells whether its word is right.
        let was_gone = run.polls().into_iter().any(|call| call.status() == Some(410));
        let claims = run.outcome().is_some_and(|word| CLAIMS.contains(&word)) && !was_gone;
        if claims && !is_settled(last) && !may_stop(last) {
            let found = format!("{} after {}", run.said(), last.describe());
            evidence.broke(last, "no end while an awaited agent is pending", found);
        } else if answered.iter().any(|call| call.status() == Some(202) && agents(call).contains(&"pending")) {
            evidence.held();
        }
    }
    evidence
}

/// HUM-CLIENT-DONE.
pub(super) fn done(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no session was done while the client waited");
    for run in runs(view) {
        if judge_refusal(&mut evidence, &run) {
            continue;
        }
        let answered = run.answered();
        let Some(end) = answered.iter().find(|call| is_settled(call)).or(stopped_early(&run, &answered)) else {
            continue;
        };
        let later = run.polls().into_iter().find(|call| end.exchange.is_before(call.exchange));
        match later {
            Some(later) => evidence.broke(later, "no status call after the awaited agents left pending", "another one"),
            None => judge_end(&mut evidence, &run, end, hum_words(end), TO_END),
        }
    }
    evidence
}

/// The last answer of a client that stopped because there is no address to find providers for, where it may.
fn stopped_early<'a, 'v, 't>(run: &Run<'v, 't>, answered: &'a [&'v Call<'t>]) -> Option<&'a &'v Call<'t>> {
    answered.last().filter(|last| may_stop(last) && run.ended())
}

/// HUM-CLIENT-GONE.
pub(super) fn gone(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("the client met no 410");
    for run in runs(view) {
        // Who closed the session itself knows why it is gone.
        let closed = run.calls.iter().any(|call| call.operation() == Operation::CloseSession && is_answered(call));
        let Some(gone) = run.polls().into_iter().find(|call| call.status() == Some(410) && !closed) else { continue };
        let token = &gone.exchange.request.session;
        let again = run
            .calls
            .iter()
            .find(|call| gone.exchange.is_before(call.exchange) && call.exchange.request.session == *token);
        match again {
            Some(again) => evidence.broke(again, "the dead token never sent again", "sent again"),
            None => judge_end(&mut evidence, &run, gone, &["gone"], TO_END),
        }
    }
    evidence
}
