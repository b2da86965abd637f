//! HUM-RATE-LIMIT: what a 429 says, and that it is true.

use crate::judge::evidence::{Evidence, quote};
use crate::judge::retry_after::retry_after;
use crate::judge::view::View;

/// HUM-RATE-LIMIT.
pub(super) fn rate_limit(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no 429 was met");
    for (place, call) in view.calls.iter().enumerate().filter(|(_, call)| call.status() == Some(429)) {
        let said = call.answer().and_then(|answer| answer.headers.get("retry-after"));
        let Some(said) = said else {
            evidence.broke(call, "Retry-After on a 429", "none");
            continue;
        };
        let Some(wait) = retry_after(view, call) else {
            evidence.broke(call, "Retry-After in seconds or as a date", quote(said));
            continue;
        };
        let credential = call.exchange.request.credential;
        let next = view.calls.iter().skip(place + 1).find(|next| next.exchange.request.credential == credential);
        let Some(next) = next else {
            evidence.doubt("nothing was asked after a 429");
            continue;
        };
        // Real time: a limit need not follow a clock that was moved.
        let waited = next.exchange.sent.saturating_sub(call.exchange.received);
        let again = next.status() == Some(429);
        let is_date = said.trim().parse::<u64>().is_err();
        let has_date = call.answer().is_some_and(|answer| answer.headers.contains_key("date"));
        if waited < wait {
            evidence.doubt("the time that a 429 asked for was not waited out");
        } else if again && is_date && !has_date {
            evidence.doubt("a date in Retry-After, without a Date beside it, is one of a clock that nobody knows");
        } else if again && !view.is_driven() {
            evidence.doubt("whether others used the same credential meanwhile is not in the recording");
        } else {
            let expected = format!("no 429 after waiting the {} s that were asked for", wait.div_ceil(1_000_000));
            evidence.check(!again, next, &expected, || "429".to_owned());
        }
    }
    evidence
}
