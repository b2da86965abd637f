//! The four counters of a session.

use super::poll::{Poll, all_polls, pairs, polls};
use super::sent::{Sent, read};
use crate::judge::evidence::Evidence;
use crate::judge::view::{Session, View};

/// CAL-COUNT-SUM.
pub(super) fn sum(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no status was answered");
    for poll in all_polls(view) {
        if let [Some(processed), Some(successful), Some(failed)] =
            counters(&poll, ["processed", "successful", "failed"])
        {
            let sum = successful.saturating_add(failed);
            let expected = format!("processed {sum}, which is successful {successful} + failed {failed}");
            evidence.check(processed == sum, poll.call, &expected, || format!("processed {processed}"));
        }
    }
    evidence
}

/// CAL-COUNT-BOUND.
pub(super) fn bound(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no status was answered");
    for poll in all_polls(view) {
        let all = counters(&poll, ["total", "processed", "successful", "failed"]);
        if let [Some(total), Some(processed), Some(successful), Some(failed)] = all {
            let holds = (0..=total).contains(&processed) && successful >= 0 && failed >= 0;
            evidence.check(holds, poll.call, &format!("0 ≤ processed ≤ {total}, and nothing below 0"), || {
                format!("processed {processed}, successful {successful}, failed {failed}")
            });
        }
    }
    evidence
}

/// CAL-COUNT-MONOTONE.
pub(super) fn monotone(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no session was asked about twice");
    for (earlier, later) in view.sessions().flat_map(|session| pairs(&session)) {
        for name in ["processed", "successful", "failed"] {
            if let (Some(before), Some(after)) = (earlier.counter(name), later.counter(name)) {
                evidence.check(after >= before, later.call, &format!("{name} {before} or more"), || {
                    format!("{name} {after}, after {before} in exchange {}", earlier.call.exchange.number)
                });
            }
        }
    }
    evidence
}

/// CAL-TOTAL-FIXED.
pub(super) fn total(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no status was answered");
    for session in view.sessions() {
        let polls = polls(&session);
        let first = polls.first().and_then(|poll| poll.counter("total"));
        let Some(expected) = submitted(&session).or(first) else { continue };
        for poll in &polls {
            if let Some(total) = poll.counter("total") {
                evidence.check(total == expected, poll.call, &format!("total {expected}"), || format!("total {total}"));
            }
        }
    }
    evidence
}

/// How many locations were submitted, where the trace has the call.
fn submitted(session: &Session<'_, '_>) -> Option<i64> {
    match read(&session.created()?.exchange.request.body) {
        Sent::Valid(locations) => i64::try_from(locations.len()).ok(),
        Sent::TooMany(_) | Sent::Invalid(_) | Sent::Unclear => None,
    }
}

fn counters<const N: usize>(poll: &Poll<'_, '_>, names: [&str; N]) -> [Option<i64>; N] {
    names.map(|name| poll.counter(name))
}
