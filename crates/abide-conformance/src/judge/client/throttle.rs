//! What a client does after it was pushed back.

use super::measure::{Time, seconds};
use super::pace::scaled;
use super::run::{Run, runs};
use crate::catalogue::documented::hum::{CAP_SECONDS, SHORTEST_GAP_SECONDS};
use crate::judge::evidence::Evidence;
use crate::judge::retry_after::retry_after;
use crate::judge::view::{Call, View};
use crate::trace::Operation;

/// A date names whole seconds, and the one in which it is over may have begun.
const DATE_IS_COARSE: u64 = 1_000_000;
/// By how much a pause has to exceed the one before it, in percent of that one.
const LEAST_GROWTH_PERCENT: u64 = 120;

/// CAL-CLIENT-BACKOFF.
pub(super) fn retry_after_only(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("the client met no 429 or 503 with Retry-After, or did not ask again");
    for run in runs(view) {
        for push in pushes(&run) {
            if let Some(asked) = retry_after(view, push.call) {
                heeded(&mut evidence, &run, &push, asked);
            }
        }
    }
    evidence
}

/// HUM-CLIENT-THROTTLE.
pub(super) fn throttle(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("the client met no 429, or did not ask again");
    let cap = scaled(view, CAP_SECONDS);
    for run in runs(view) {
        let mut last_pause: Option<u64> = None;
        for push in pushes(&run).into_iter().filter(|push| push.call.status() == Some(429)) {
            match retry_after(view, push.call) {
                // There is nothing to wait for within the documented wait: who stops there has heeded it.
                Some(asked) if asked > cap && push.next.is_none() && run.ended() => evidence.held(),
                Some(asked) => heeded(&mut evidence, &run, &push, asked),
                None => last_pause = longer(view, &mut evidence, &run, &push, last_pause),
            }
        }
    }
    evidence
}

/// A reply that pushed back, with the call that came after it: one that asks again, and not one that tidies up, such as a
/// close by a client that gives up.
struct Push<'v, 't> {
    call: &'v Call<'t>,
    next: Option<&'v Call<'t>>,
}

impl Push<'_, '_> {
    fn pause(&self, next: &Call<'_>) -> Time {
        Time { from: self.call.exchange.received, to: next.exchange.sent }
    }
}

fn pushes<'v, 't>(run: &Run<'v, 't>) -> Vec<Push<'v, 't>> {
    let asks_again = |call: &&&Call<'_>| call.operation().is_status() || call.operation() == Operation::CreateSession;
    let next = |place: usize| run.calls.iter().skip(place + 1).find(asks_again).copied();
    let with_next = run.calls.iter().enumerate().map(|(place, call)| (place, *call));
    let pushes = with_next.filter(|(_, call)| matches!(call.status(), Some(429 | 503)));
    pushes.map(|(place, call)| Push { call, next: next(place) }).collect()
}

/// Judges a pause that `Retry-After` named. Who did not ask again shows nothing.
fn heeded(evidence: &mut Evidence, run: &Run<'_, '_>, push: &Push<'_, '_>, asked: u64) {
    let Some(next) = push.next else { return };
    let header = push.call.answer().and_then(|answer| answer.headers.get("retry-after"));
    let is_date = header.is_some_and(|value| value.trim().parse::<u64>().is_err());
    let least = asked.saturating_sub(if is_date { DATE_IS_COARSE } else { 0 });
    let pause = push.pause(next);
    let expected = format!("{} or more, as Retry-After asks", seconds(least));
    run.rested(pause, least).enter(evidence, next, &expected, || seconds(pause.long()));
}

/// Judges a pause that nobody named: no shorter than the shortest gap, and longer than the one before it. Gives the pause,
/// where another 429 came of it.
fn longer(
    view: &View<'_>,
    evidence: &mut Evidence,
    run: &Run<'_, '_>,
    push: &Push<'_, '_>,
    last: Option<u64>,
) -> Option<u64> {
    let next = push.next?;
    let pause = push.pause(next);
    let shortest = scaled(view, SHORTEST_GAP_SECONDS);
    let due = last.map_or(shortest, |last| shortest.max(last.saturating_mul(LEAST_GROWTH_PERCENT) / 100));
    run.rested(pause, due).enter(evidence, next, "a longer pause after each 429", || {
        format!("{} after {}", seconds(pause.long()), last.map_or_else(|| "none".to_owned(), seconds))
    });
    (next.status() == Some(429)).then(|| pause.long())
}
