//! How often a client asks.

use super::done::{agents, mentioned};
use super::measure::{Compared, Time, seconds};
use super::run::{Run, is_disturbed, runs};
use crate::catalogue::documented::{calmyx, hum};
use crate::judge::evidence::Evidence;
use crate::judge::view::{Call, View};

/// How soon after creation the first status call is due.
const AT_ONCE_SECONDS: u64 = 1;
/// By how much a gap has to exceed the one before it to count as exponential growth, in percent of that one. No document
/// names a factor; a doubling with much jitter still passes.
pub(crate) const LEAST_GROWTH_PERCENT: u64 = 120;

/// A gap between two status calls that were both answered.
struct Gap<'v, 't> {
    before: &'v Call<'t>,
    after: &'v Call<'t>,
    /// Whether the status call before it showed something else than the one before that; nothing where that is open.
    after_change: Option<bool>,
}

impl Gap<'_, '_> {
    /// From arrival to arrival: nobody can have left a longer one.
    fn whole(&self) -> Time {
        Time { from: self.before.exchange.sent, to: self.after.exchange.sent }
    }

    /// From the reply to the next arrival: what the client certainly waited at least.
    fn waited(&self) -> Time {
        Time { from: self.before.exchange.received, to: self.after.exchange.sent }
    }
}

fn gaps<'v, 't>(run: &Run<'v, 't>) -> Vec<Gap<'v, 't>> {
    let polls = run.polls();
    let mut gaps = Vec::new();
    for (place, pair) in polls.windows(2).enumerate() {
        let [before, after] = pair else { continue };
        if is_disturbed(before) || is_disturbed(after) {
            continue;
        }
        let earlier = place.checked_sub(1).and_then(|place| polls.get(place));
        let after_change =
            earlier.filter(|earlier| !is_disturbed(earlier)).and_then(|earlier| is_change(earlier, before));
        gaps.push(Gap { before, after, after_change });
    }
    gaps
}

/// Another code, or another word of an awaited agent. That an agent is mentioned for the first time, as pending, may be taken
/// for a change or not.
pub(crate) fn is_change(earlier: &Call<'_>, later: &Call<'_>) -> Option<bool> {
    let is_other = earlier.status() != later.status() || agents(earlier) != agents(later);
    (is_other || mentioned(earlier) == mentioned(later)).then_some(is_other)
}

/// A documented duration at the speed of the trace, in microseconds.
pub(super) fn scaled(view: &View<'_>, seconds: u64) -> u64 {
    seconds * 1_000_000 / u64::from(view.trace.header.speed.max(1))
}

/// CAL-CLIENT-PACE.
pub(super) fn calmyx(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("the client asked no session twice");
    let (least, most) = (scaled(view, calmyx::SHORTEST_GAP_SECONDS), scaled(view, calmyx::LONGEST_GAP_SECONDS));
    let expected = format!("{} to {} between two status calls", seconds(least), seconds(most));
    for run in runs(view) {
        for gap in gaps(&run) {
            let compared = run.at_least(gap.whole(), least).and(run.at_most(gap.waited(), most));
            compared.enter(&mut evidence, gap.after, &expected, || seconds(gap.whole().long()));
        }
    }
    evidence
}

/// HUM-CLIENT-FIRST.
pub(super) fn first(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("the client created no session");
    let at_once = scaled(view, AT_ONCE_SECONDS);
    for run in runs(view) {
        let Some(created) = run.created() else { continue };
        match run.polls().first() {
            Some(poll) => {
                let waited = Time { from: created.exchange.received, to: poll.exchange.sent };
                let expected = format!("the first status call within {}", seconds(at_once));
                run.at_most(waited, at_once).enter(&mut evidence, poll, &expected, || seconds(waited.long()));
            }
            None if run.ended() => evidence.broke(created, "a status call at once", "none at all"),
            None => evidence.doubt("the client had to be stopped before its first status call"),
        }
    }
    evidence
}

/// HUM-CLIENT-PACE.
pub(super) fn hum(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("the client asked no session twice");
    let (least, most) = (scaled(view, hum::SHORTEST_GAP_SECONDS), scaled(view, hum::LONGEST_GAP_SECONDS));
    for run in runs(view) {
        let all = gaps(&run);
        for (place, gap) in all.iter().enumerate() {
            let expected = format!("{} or more between two status calls", seconds(least));
            let long = || seconds(gap.whole().long());
            run.at_least(gap.whole(), least).enter(&mut evidence, gap.after, &expected, long);
            if gap.after_change == Some(true) && !is_last_before_cap(view, &run, place + 1 == all.len()) {
                let expected = format!("{} at most after a change", seconds(most));
                run.at_most(gap.waited(), most).enter(&mut evidence, gap.after, &expected, || {
                    format!("{} after exchange {}", seconds(gap.waited().long()), gap.before.exchange.number)
                });
            }
        }
    }
    evidence
}

/// HUM-CLIENT-BACKOFF.
pub(super) fn backoff(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no status stayed the same for three calls");
    let most = scaled(view, hum::LONGEST_GAP_SECONDS);
    for run in runs(view) {
        let all = gaps(&run);
        for (place, pair) in all.windows(2).enumerate() {
            let [first, second] = pair else { continue };
            // Two gaps in a row, with nothing that was exempt between them.
            let is_in_a_row = first.after.exchange.number == second.before.exchange.number;
            if !is_in_a_row || is_last_before_cap(view, &run, place + 2 == all.len()) {
                continue;
            }
            let both = || format!("{} after {}", seconds(second.whole().long()), seconds(first.whole().long()));
            match second.after_change {
                Some(false) => {
                    let expected = "a longer gap, since nothing has changed";
                    grown(&run, first, second).enter(&mut evidence, second.after, expected, both);
                }
                Some(true) if first.whole().long() > most => {
                    let expected = format!("{} at most again after a change", seconds(most));
                    run.at_most(second.waited(), most).enter(&mut evidence, second.after, &expected, both);
                }
                Some(true) | None => {}
            }
        }
    }
    evidence
}

fn grown(run: &Run<'_, '_>, first: &Gap<'_, '_>, second: &Gap<'_, '_>) -> Compared {
    let waited = first.waited().long();
    let growth = waited.saturating_mul(LEAST_GROWTH_PERCENT - 100) / 100;
    run.longer(first.whole(), second.whole(), waited, growth)
}

/// The last gap may be cut short, or left out, by the cap.
fn is_last_before_cap(view: &View<'_>, run: &Run<'_, '_>, is_last: bool) -> bool {
    let cap = scaled(view, hum::CAP_SECONDS);
    let polls = run.polls();
    let waited = polls
        .first()
        .zip(polls.last())
        .map_or(0, |(first, last)| last.exchange.sent.saturating_sub(first.exchange.sent));
    is_last && waited.saturating_mul(5) >= cap.saturating_mul(4)
}
