//! Calls that may be asked to wait: a 429 means that nothing was done, so the same call may be made again.

use std::future::Future;
use std::time::Duration;

use abide_core::{Failure, Setback};

use crate::interrupt::Interrupt;

/// How often a call is made again before the throttling counts as an error.
const ATTEMPTS: u32 = 6;
/// The first wait where the server names none; it doubles from call to call.
const FIRST_WAIT: Duration = Duration::from_secs(1);
/// What a server may ask for at most; beyond it the call fails and says so.
const LONGEST_WAIT: Duration = Duration::from_mins(5);

/// Why a call brought nothing.
#[derive(Debug)]
pub(crate) enum Unanswered<E> {
    Error(E),
    /// Somebody asked to stop. Whether the call was carried out is not known.
    Interrupted,
}

/// Makes a call, and again as long as the server says "too many requests", as long after as it says.
///
/// Nothing else is repeated: of a call whose answer was lost nobody knows whether it was carried out.
pub(crate) async fn patiently<T, E, F>(
    interrupt: &Interrupt,
    setback: impl Fn(&E) -> Setback,
    mut call: impl FnMut() -> F,
) -> Result<T, Unanswered<E>>
where
    F: Future<Output = Result<T, E>>,
{
    let mut attempt = 0;
    loop {
        let error = match interrupt.within_grace(call()).await {
            Some(Ok(value)) => return Ok(value),
            Some(Err(error)) => error,
            None => return Err(Unanswered::Interrupted),
        };
        let Some(wait) = wait(setback(&error), attempt) else { return Err(Unanswered::Error(error)) };
        if interrupt.unless_asked(tokio::time::sleep(wait)).await.is_none() {
            return Err(Unanswered::Interrupted);
        }
        attempt += 1;
    }
}

fn wait(setback: Setback, attempt: u32) -> Option<Duration> {
    if setback.failure != Failure::Throttled || attempt >= ATTEMPTS {
        return None;
    }
    let own = FIRST_WAIT.saturating_mul(1 << attempt);
    // Never shorter than our own pause: a server that says 0 must not be flooded.
    let wait = setback.retry_after.map_or(own, |asked| asked.max(FIRST_WAIT));
    (wait <= LONGEST_WAIT).then_some(wait)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits() {
        let seconds = Duration::from_secs;
        for (failure, retry_after, attempt, expected) in [
            (Failure::Throttled, None, 0, Some(seconds(1))),
            (Failure::Throttled, None, 3, Some(seconds(8))),
            (Failure::Throttled, None, ATTEMPTS, None),
            (Failure::Throttled, Some(seconds(7)), 0, Some(seconds(7))),
            (Failure::Throttled, Some(seconds(0)), 0, Some(seconds(1))),
            (Failure::Throttled, Some(seconds(301)), 0, None),
            (Failure::Transient, Some(seconds(1)), 0, None),
            (Failure::Denied, None, 0, None),
        ] {
            assert_eq!(wait(Setback { failure, retry_after }, attempt), expected, "{failure:?} {retry_after:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn only_throttling_is_repeated() {
        let throttled = Setback { failure: Failure::Throttled, retry_after: Some(Duration::from_secs(5)) };
        let broken = Setback { failure: Failure::Transient, retry_after: None };
        for (script, expected_calls, expected_ok) in [
            (vec![None], 1, true),
            (vec![Some(throttled), Some(throttled), None], 3, true),
            (vec![Some(throttled), Some(broken), None], 2, false),
            (vec![Some(throttled); 20], 7, false),
        ] {
            let interrupt = Interrupt::listen();
            let calls = std::cell::Cell::new(0);
            let outcome = patiently(
                &interrupt,
                |setback: &Setback| *setback,
                || {
                    let answer = script[calls.get()];
                    calls.set(calls.get() + 1);
                    async move { answer.map_or(Ok(()), Err) }
                },
            )
            .await;
            assert_eq!((calls.get(), outcome.is_ok()), (expected_calls, expected_ok));
        }
    }
}
