//! How a Calmyx client ends its wait.

use super::done::{Calmyx, calmyx, calmyx_words, counter};
use super::ending::{TO_END, judge_end, judge_refusal};
use super::pace::scaled;
use super::run::{Run, is_answered, is_disturbed, runs};
use super::tolerant::is_odd;
use crate::catalogue::documented::calmyx::LONGEST_GAP_SECONDS;
use crate::judge::evidence::Evidence;
use crate::judge::view::{Call, View};

/// How many status calls may follow the end: the one that confirms it.
const CONFIRMING: usize = 1;

/// CAL-CLIENT-DONE.
pub(super) fn done(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no session was done while the client waited");
    for run in runs(view) {
        let answered = run.answered();
        let is_done = answered.iter().any(|call| calmyx(call) == Calmyx::Done);
        if let Some(last) = answered.last().filter(|_| is_done) {
            if extra_polls(&run).is_some_and(|(_, extra)| extra > CONFIRMING) {
                evidence.broke(last, "an end, since the session was done", "more status calls");
            } else {
                judge_end(&mut evidence, &run, last, calmyx_words(last), to_confirm(view));
            }
        }
    }
    evidence
}

/// CAL-CLIENT-NOT-DONE.
pub(super) fn not_done(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("the client was never told that a session is still at work");
    for run in runs(view) {
        if judge_refusal(&mut evidence, &run) {
            continue;
        }
        let answered = run.answered();
        let Some(last) = answered.last() else { continue };
        let is_open = calmyx(last) == Calmyx::Going;
        // What comes after something unusual is the business of CAL-CLIENT-TOLERANT.
        let is_plain = run.polls().last().is_some_and(|poll| !is_disturbed(poll) && !is_odd(view.api(), poll));
        let claims = matches!(run.outcome(), Some("completed" | "partial" | "failed" | "gone"));
        let gave_up = run.outcome() == Some("gave-up");
        let is_known = run.ended() && run.unheard().is_none();
        if is_open && is_known && (claims || (is_plain && !gave_up)) {
            evidence.broke(last, "no end yet: the session is still at work", run.said());
        } else if answered.iter().any(|call| calmyx(call) == Calmyx::Going) {
            evidence.held();
        }
    }
    evidence
}

/// CAL-CLIENT-FAILED.
pub(super) fn failed(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no session failed");
    for run in runs(view) {
        let Some(failed) = run.answered().into_iter().find(|call| calmyx(call) == Calmyx::Failed) else { continue };
        match extra_polls(&run) {
            Some((later, extra)) if extra > CONFIRMING => {
                evidence.broke(later, "no further status calls after FAILED", format!("{extra} of them"));
            }
            Some(_) | None => judge_end(&mut evidence, &run, failed, &["failed"], to_confirm(view)),
        }
    }
    evidence
}

/// CAL-CLIENT-STOP.
pub(super) fn stop(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no session ended while the client waited");
    for run in runs(view) {
        if let Some((last, extra)) = extra_polls(&run) {
            let expected = "at most one confirming status call after the end";
            evidence.check(extra <= CONFIRMING, last, expected, || format!("{extra} of them"));
        }
    }
    evidence
}

/// CAL-CLIENT-PARTIAL.
pub(super) fn partial(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no session was done with failed locations");
    for run in runs(view) {
        let Some(last) = run.answered().into_iter().next_back() else { continue };
        if calmyx(last) == Calmyx::Done && counter(last, "failed") > Some(0) {
            match run.outcome() {
                None => evidence.doubt("the client did not say how its wait ended"),
                Some(word) => {
                    evidence.check(word != "completed", last, "the outcome partial", || run.said());
                }
            }
        }
    }
    evidence
}

/// How long a client may take to end after it was told: it may ask once more first.
fn to_confirm(view: &View<'_>) -> u64 {
    scaled(view, LONGEST_GAP_SECONDS).saturating_add(TO_END)
}

/// How many status calls followed the one that showed the end, repeats of calls that got no answer left out; with the last
/// of them, or the end itself.
fn extra_polls<'v, 't>(run: &Run<'v, 't>) -> Option<(&'v Call<'t>, usize)> {
    let end = run.answered().into_iter().find(|call| calmyx(call) != Calmyx::Going)?;
    let later: Vec<_> = run.polls().into_iter().filter(|call| end.exchange.is_before(call.exchange)).collect();
    let answered = later.iter().filter(|call| is_answered(call)).count();
    // A call after the last answer is one too, whatever came back.
    let unanswered = usize::from(answered == 0 && !later.is_empty());
    Some((later.last().copied().unwrap_or(end), answered + unanswered))
}
