//! Whether a client ended where it should have, in time.

use super::measure::{Compared, seconds};
use super::run::{Run, is_turned_away};
use crate::judge::evidence::Evidence;
use crate::judge::view::{Call, View};

/// How long a client may take to end after the reply that ended its wait, in microseconds.
pub(super) const TO_END: u64 = 5_000_000;

const MAY_WAIT: &str = "the client had to be stopped while it may have been waiting legally";

/// Judges the word of a run that was over with `last`. Who is still there `most` after it was not waiting but hanging.
pub(super) fn judge_end(evidence: &mut Evidence, run: &Run<'_, '_>, last: &Call<'_>, words: &[&str], most: u64) {
    if let Some(why) = run.unheard() {
        evidence.doubt(format!("what the client said is not known: {}", crate::report::safe(why)));
        return;
    }
    let expected = format!("the outcome {}", words.join(" or "));
    match run.hung_after(last) {
        _ if run.ended() => {
            let holds = run.outcome().is_some_and(|word| words.contains(&word));
            evidence.check(holds, last, &expected, || run.said());
        }
        Some(hung) => match run.at_most(hung, most) {
            Compared::Holds => evidence.doubt(MAY_WAIT),
            compared @ (Compared::Broken | Compared::Unsure(_) | Compared::TooClose(_)) => {
                compared.enter(evidence, last, &expected, || format!("no end within {}", seconds(hung.long())));
            }
        },
        None => evidence.doubt(MAY_WAIT),
    }
}

/// Judges the word of a client that was turned away from the start.
pub(super) fn judge_refusal(evidence: &mut Evidence, run: &Run<'_, '_>) -> bool {
    let Some(status) = is_turned_away(run) else { return false };
    if let (Some(last), true) = (run.calls.last(), run.ended() && run.unheard().is_none()) {
        let found = || format!("{} after {status}", run.said());
        evidence.check(run.outcome() == Some("error"), last, "the outcome error", found);
    }
    true
}

/// What went wrong in a run beyond single requirements, in a sentence: a client that never called, or was stopped early.
pub(super) fn trouble(run: &Run<'_, '_>) -> Option<String> {
    if run.was_hopeless() {
        return Some(format!("in the scenario {} the client said {}", run.case, run.said()));
    }
    let is_silent = run.calls.is_empty() && run.end.is_some();
    is_silent.then(|| format!("in the scenario {} the client never called; it said {}", run.case, run.said()))
}

/// The first trouble of a trace.
pub(in crate::judge) fn first_trouble(view: &View<'_>) -> Option<String> {
    super::run::runs(view).iter().find_map(trouble)
}

/// Whether every client had to be stopped before its scenario was over, so that nothing can be told of any.
pub(in crate::judge) fn is_hopeless(view: &View<'_>) -> bool {
    let runs = super::run::runs(view);
    !runs.is_empty() && runs.iter().all(Run::was_hopeless)
}
