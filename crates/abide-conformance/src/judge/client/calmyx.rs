//! How a Calmyx client ends its wait.

use super::done::{Calmyx, calmyx, calmyx_words, counter};
use super::run::{Run, is_answered, runs};
use crate::judge::evidence::Evidence;
use crate::judge::view::{Call, View};

/// CAL-CLIENT-DONE.
pub(super) fn done(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no session was done while the client waited");
    for run in runs(view) {
        let answered = run.answered();
        if !answered.iter().any(|call| calmyx(call) == Calmyx::Done) {
            continue;
        }
        let Some(last) = answered.last() else { continue };
        let words = calmyx_words(last);
        if run.ended() {
            let holds = run.outcome().is_some_and(|word| words.contains(&word));
            evidence.check(holds, last, &format!("the outcome {}", words.join(" or ")), || run.said());
        } else if extra_polls(&run).is_some_and(|(_, extra)| extra > 1) {
            evidence.broke(last, "an end, since the session was done", run.said());
        } else {
            evidence.doubt("the client had to be stopped right after the session was done");
        }
    }
    evidence
}

/// CAL-CLIENT-NOT-DONE.
pub(super) fn not_done(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("the client was never told that a session is still at work");
    for run in runs(view) {
        let answered = run.answered();
        let Some(last) = answered.last() else { continue };
        let says_done = matches!(run.outcome(), Some("completed" | "partial"));
        if calmyx(last) == Calmyx::Going && says_done {
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
        let later = run.polls().into_iter().find(|call| call.exchange.number > failed.exchange.number);
        if let Some(later) = later {
            evidence.broke(later, "no status call after FAILED", "another one");
        } else if run.ended() {
            evidence.check(run.outcome() == Some("failed"), failed, "the outcome failed", || run.said());
        } else {
            evidence.doubt("the client had to be stopped after FAILED");
        }
    }
    evidence
}

/// CAL-CLIENT-STOP.
pub(super) fn stop(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no session ended while the client waited");
    for run in runs(view) {
        if let Some((last, extra)) = extra_polls(&run) {
            evidence.check(extra <= 1, last, "at most one confirming status call after the end", || format!("{extra}"));
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

/// How many status calls followed the one that showed the end, repeats of calls that got no answer left out; with the last
/// of them, or the end itself.
fn extra_polls<'v, 't>(run: &Run<'v, 't>) -> Option<(&'v Call<'t>, usize)> {
    let end = run.answered().into_iter().find(|call| calmyx(call) != Calmyx::Going)?;
    let later: Vec<_> = run.polls().into_iter().filter(|call| call.exchange.number > end.exchange.number).collect();
    let answered = later.iter().filter(|call| is_answered(call)).count();
    // A call after the last answer is one too, whatever came back.
    let unanswered = usize::from(answered == 0 && !later.is_empty());
    Some((later.last().copied().unwrap_or(end), answered + unanswered))
}
