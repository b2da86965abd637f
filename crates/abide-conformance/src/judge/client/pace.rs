//! How often a client asks.

use super::done::agents;
use super::run::{Run, is_disturbed, runs, seconds};
use crate::catalogue::documented::{calmyx, hum};
use crate::judge::evidence::Evidence;
use crate::judge::view::{Call, View};

/// How soon after creation the first status call is due.
const AT_ONCE: u64 = 1_000_000;
/// By how much a gap has to exceed the one before it to count as exponential growth. No document names a factor.
const LEAST_GROWTH: f64 = 1.2;

/// A gap between two status calls that were both answered, in microseconds.
struct Gap<'v, 't> {
    before: &'v Call<'t>,
    after: &'v Call<'t>,
    /// From arrival to arrival.
    long: u64,
    /// From the reply to the next arrival: how long the client certainly waited at least.
    short: u64,
    /// Whether the status call before it showed something else than the one before that.
    after_change: Option<bool>,
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
        gaps.push(Gap {
            before,
            after,
            long: after.exchange.sent.saturating_sub(before.exchange.sent),
            short: after.exchange.sent.saturating_sub(before.exchange.received),
            after_change: earlier.filter(|earlier| !is_disturbed(earlier)).map(|earlier| is_change(earlier, before)),
        });
    }
    gaps
}

/// Another code, or another word of an awaited agent.
fn is_change(earlier: &Call<'_>, later: &Call<'_>) -> bool {
    earlier.status() != later.status() || agents(earlier) != agents(later)
}

fn scaled(view: &View<'_>, seconds: u64) -> u64 {
    seconds * 1_000_000 / u64::from(view.trace.header.speed.max(1))
}

/// CAL-CLIENT-PACE.
pub(super) fn calmyx(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("the client asked no session twice");
    let (least, most) = (scaled(view, calmyx::SHORTEST_GAP_SECONDS), scaled(view, calmyx::LONGEST_GAP_SECONDS));
    for run in runs(view) {
        for gap in gaps(&run) {
            let expected = format!("{} to {} between two status calls", seconds(least), seconds(most));
            let holds = gap.long.saturating_add(run.slack) >= least && gap.short <= most.saturating_add(run.slack);
            evidence.check(holds, gap.after, &expected, || seconds(gap.long));
        }
    }
    evidence
}

/// HUM-CLIENT-FIRST.
pub(super) fn first(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("the client created no session");
    let at_once = AT_ONCE / u64::from(view.trace.header.speed.max(1));
    for run in runs(view) {
        let Some(created) = run.created() else { continue };
        match run.polls().first() {
            Some(poll) => {
                let waited = poll.exchange.sent.saturating_sub(created.exchange.received);
                let holds = waited <= at_once.saturating_add(run.slack);
                evidence.check(holds, poll, "the first status call within 1 s", || seconds(waited));
            }
            None if run.ended() => evidence.broke(created, "a status call within 1 s", "none at all"),
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
            let holds = gap.long.saturating_add(run.slack) >= least;
            evidence.check(holds, gap.after, &format!("{} or more between two status calls", seconds(least)), || {
                seconds(gap.long)
            });
            if gap.after_change == Some(true) && !is_last_before_cap(view, &run, place + 1 == all.len()) {
                let holds = gap.short <= most.saturating_add(run.slack);
                evidence.check(holds, gap.after, &format!("{} at most after a change", seconds(most)), || {
                    format!("{} after exchange {}", seconds(gap.short), gap.before.exchange.number)
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
            if first.after.exchange.number != second.before.exchange.number {
                continue;
            }
            let is_last = is_last_before_cap(view, &run, place + 2 == all.len());
            match second.after_change {
                Some(false) if !is_last => {
                    let least = grown(first.long).saturating_sub(run.slack);
                    evidence.check(second.long >= least, second.after, "a longer gap while nothing changes", || {
                        format!("{} after {}", seconds(second.long), seconds(first.long))
                    });
                }
                Some(true) if first.long > most.saturating_add(run.slack) && !is_last => {
                    let holds = second.short <= most.saturating_add(run.slack);
                    evidence.check(holds, second.after, "2 to 3 s again after a change", || seconds(second.short));
                }
                Some(_) | None => {}
            }
        }
    }
    evidence
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

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "gaps are seconds, far from where a float loses a microsecond"
)]
fn grown(gap: u64) -> u64 {
    (gap as f64 * LEAST_GROWTH) as u64
}
