//! How a Hum client ends its wait.

use super::done::{agents, hum_words, is_settled, may_stop};
use super::run::{runs, seconds};
use crate::catalogue::documented::hum::CAP_SECONDS;
use crate::judge::evidence::Evidence;
use crate::judge::view::View;

/// HUM-CLIENT-CAP.
pub(super) fn cap(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no session stayed at work up to the cap");
    let cap = CAP_SECONDS * 1_000_000 / u64::from(view.trace.header.speed.max(1));
    for run in runs(view) {
        let polls = run.polls();
        let (Some(first), Some(last)) = (polls.first(), polls.last()) else { continue };
        let waited = last.exchange.sent.saturating_sub(first.exchange.sent);
        if waited > cap.saturating_add(run.slack) {
            evidence.broke(
                last,
                format!("no status call later than {} after the first", seconds(cap)),
                seconds(waited),
            );
            continue;
        }
        let answered = run.answered();
        let is_open = answered.last().is_some_and(|call| !is_settled(call) && !may_stop(call))
            && polls.last().is_some_and(|call| call.status() != Some(410));
        if is_open && run.ended() {
            evidence.check(run.outcome() == Some("gave-up"), last, "the outcome gave-up", || run.said());
        } else if is_open {
            evidence.doubt("the client had to be stopped while it was waiting");
        }
    }
    evidence
}

/// HUM-CLIENT-202.
pub(super) fn not_by_code(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("the client met no 2xx with a pending agent");
    for run in runs(view) {
        let answered = run.answered();
        let Some(last) = answered.last() else { continue };
        let ends = matches!(run.outcome(), Some("completed" | "partial" | "failed"));
        if ends && agents(last).contains(&"pending") && !may_stop(last) {
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
        let Some(end) = run.answered().into_iter().find(|call| is_settled(call)) else { continue };
        let later = run.polls().into_iter().find(|call| call.exchange.number > end.exchange.number);
        if let Some(later) = later {
            evidence.broke(later, "no status call after the awaited agents left pending", "another one");
        } else if run.ended() {
            let words = hum_words(end);
            let holds = run.outcome().is_some_and(|word| words.contains(&word));
            evidence.check(holds, end, &format!("the outcome {}", words.join(" or ")), || run.said());
        } else {
            evidence.doubt("the client had to be stopped right after the session was done");
        }
    }
    evidence
}

/// HUM-CLIENT-GONE.
pub(super) fn gone(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("the client met no 410");
    for run in runs(view) {
        let Some(gone) = run.polls().into_iter().find(|call| call.status() == Some(410)) else { continue };
        let token = &gone.exchange.request.session;
        let again = run
            .calls
            .iter()
            .find(|call| call.exchange.number > gone.exchange.number && call.exchange.request.session == *token);
        if let Some(again) = again {
            evidence.broke(again, "the dead token never sent again", "sent again");
        } else if run.ended() {
            evidence.check(run.outcome() == Some("gone"), gone, "the outcome gone", || run.said());
        } else {
            evidence.doubt("the client had to be stopped after a 410");
        }
    }
    evidence
}
