//! What a client does after it was pushed back.

use super::run::{Run, runs, seconds};
use crate::catalogue::documented::hum::SHORTEST_GAP_SECONDS;
use crate::judge::evidence::Evidence;
use crate::judge::retry_after::retry_after;
use crate::judge::view::{Call, View};

/// A date names whole seconds, and the one in which it is over may have begun.
const DATE_IS_COARSE: u64 = 1_000_000;

/// CAL-CLIENT-BACKOFF.
pub(super) fn retry_after_only(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("the client met no 429 or 503 with Retry-After");
    for run in runs(view) {
        for (call, next) in pushed_back(&run) {
            asked_pause(&mut evidence, view, &run, call, next);
        }
    }
    evidence
}

/// HUM-CLIENT-THROTTLE.
pub(super) fn throttle(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("the client met no 429");
    let least = SHORTEST_GAP_SECONDS * 1_000_000 / u64::from(view.trace.header.speed.max(1));
    for run in runs(view) {
        let mut last_pause: Option<u64> = None;
        for (call, next) in pushed_back(&run).into_iter().filter(|(call, _)| call.status() == Some(429)) {
            if asked_pause(&mut evidence, view, &run, call, next) {
                last_pause = None;
                continue;
            }
            let Some(next) = next else {
                evidence.held();
                continue;
            };
            let pause = next.exchange.sent.saturating_sub(call.exchange.received);
            let is_grown = last_pause.is_none_or(|last| pause.saturating_add(run.slack) >= last + last / 5);
            let holds = pause.saturating_add(run.slack) >= least && is_grown;
            evidence.check(holds, next, "a longer pause after each 429", || {
                format!("{} after {}", seconds(pause), last_pause.map_or_else(|| "none".to_owned(), seconds))
            });
            last_pause = (next.status() == Some(429)).then_some(pause);
        }
    }
    evidence
}

/// Every reply that pushed back, with the call that came after it.
fn pushed_back<'v, 't>(run: &Run<'v, 't>) -> Vec<(&'v Call<'t>, Option<&'v Call<'t>>)> {
    let with_next = run.calls.iter().enumerate().map(|(place, call)| (*call, run.calls.get(place + 1).copied()));
    with_next.filter(|(call, _)| matches!(call.status(), Some(429 | 503))).collect()
}

/// Judges a pause that `Retry-After` named; false where it named none.
fn asked_pause(
    evidence: &mut Evidence,
    view: &View<'_>,
    run: &Run<'_, '_>,
    call: &Call<'_>,
    next: Option<&Call<'_>>,
) -> bool {
    let Some(wait) = retry_after(view, call) else { return false };
    let header = call.answer().and_then(|answer| answer.headers.get("retry-after"));
    let is_date = header.is_some_and(|value| value.parse::<u64>().is_err());
    let slack = run.slack.saturating_add(if is_date { DATE_IS_COARSE } else { 0 });
    match next {
        // Who does not ask again has waited long enough.
        None => evidence.held(),
        Some(next) => {
            let pause = next.exchange.sent.saturating_sub(call.exchange.received);
            let holds = pause.saturating_add(slack) >= wait;
            evidence.check(holds, next, &format!("{} or more after Retry-After", seconds(wait)), || seconds(pause));
        }
    }
    true
}
