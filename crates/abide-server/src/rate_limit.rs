//! How often a credential may call. The documents promise limits ("Rate limits apply to all requests") and name none.

use std::{
    collections::HashMap,
    fmt,
    num::NonZeroU32,
    str::FromStr,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use crate::{clock::Moment, credentials::Owner, error::ServerError};

/// The longest window, in seconds: a day.
const LONGEST_WINDOW: u64 = 86_400;

/// So many calls of one credential in a window, which opens with the first of them.
///
/// The window is in seconds of the server's clock as they are written, whatever the speed of its sessions is.
///
/// ```
/// use abide_server::RateLimit;
///
/// assert_eq!("30/60".parse::<RateLimit>()?.to_string(), "30/60");
/// assert!("30".parse::<RateLimit>().is_err());
/// # Ok::<(), abide_server::ServerError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    calls: NonZeroU32,
    window: Duration,
}

impl fmt::Display for RateLimit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.calls, self.window.as_secs())
    }
}

impl FromStr for RateLimit {
    type Err = ServerError;

    /// `CALLS/SECONDS`, both whole numbers from 1, a day at the most.
    fn from_str(text: &str) -> Result<Self, ServerError> {
        let read = || {
            let (calls, seconds) = text.split_once('/')?;
            let seconds = seconds.parse().ok().filter(|seconds| (1..=LONGEST_WINDOW).contains(seconds))?;
            Some(Self { calls: calls.parse().ok()?, window: Duration::from_secs(seconds) })
        };
        read().ok_or_else(|| ServerError::RateLimit { text: text.to_owned() })
    }
}

/// The calls of every credential in its current window. They are counted in memory: a restart opens new windows.
#[derive(Debug)]
pub(crate) struct Limiter {
    limit: Option<RateLimit>,
    windows: Mutex<HashMap<Owner, Window>>,
}

/// A call came too early; it may be made again after this long, which is never zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooMany {
    pub(crate) wait: Duration,
}

impl Limiter {
    pub(crate) fn new(limit: Option<RateLimit>) -> Self {
        Self { limit, windows: Mutex::default() }
    }

    /// Counts a call of `caller`, unless it is one too many.
    pub(crate) fn admit(&self, caller: Owner, now: impl FnOnce() -> Moment) -> Result<(), TooMany> {
        let Some(limit) = self.limit else { return Ok(()) };
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        // The clock is read under the lock, so that calls are counted in the order of their times.
        let now = now();
        windows.entry(caller).or_insert(Window { opened_at: now, calls: 0 }).admit(now, limit)
    }
}

#[derive(Debug, Clone, Copy)]
struct Window {
    opened_at: Moment,
    calls: u32,
}

impl Window {
    fn admit(&mut self, now: Moment, limit: RateLimit) -> Result<(), TooMany> {
        let elapsed = now.since(self.opened_at);
        if elapsed >= limit.window {
            *self = Self { opened_at: now, calls: 1 };
            Ok(())
        } else if self.calls < limit.calls.get() {
            self.calls += 1;
            Ok(())
        } else {
            Err(TooMany { wait: limit.window.saturating_sub(elapsed) })
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn texts() {
        for (text, expected) in [
            ("1/1", true),
            ("100/86400", true),
            ("4294967295/60", true),
            ("", false),
            ("10", false),
            ("0/10", false),
            ("10/0", false),
            ("10/86401", false),
            ("-1/10", false),
            ("1/1.5", false),
            ("1/1/1", false),
            ("4294967296/60", false),
            (" 1/1", false),
        ] {
            let found = text.parse::<RateLimit>();
            assert_eq!(found.is_ok(), expected, "{text:?}");
            assert!(found.is_ok_and(|limit| limit.to_string() == text) || !expected);
        }
    }

    /// Two calls in ten seconds: the milliseconds of calls, and how long each has to wait.
    #[test]
    fn a_window_opens_with_its_first_call() {
        let limiter = Limiter::new("2/10".parse().ok());
        for (millis, wait) in [
            (0, None),
            (9_000, None),
            (9_000, Some(1_000)),
            (9_999, Some(1)),
            (10_000, None),
            (10_000, None),
            (10_001, Some(9_999)),
        ] {
            let now = Moment::from_micros(millis * 1_000);
            let found = limiter.admit(Owner([1; 32]), || now).err().map(|too_many| too_many.wait);
            assert_eq!(found, wait.map(Duration::from_millis), "at {millis} ms");
        }
        assert!(limiter.admit(Owner([2; 32]), || Moment::from_micros(0)).is_ok(), "each has a window of its own");
    }

    proptest! {
        #[test]
        fn after_the_wait_a_call_is_admitted(
            calls in 1_u32..5, seconds in 1_u64..100, gaps in proptest::collection::vec(0_u64..20_000_000, 1..50),
        ) {
            let limiter = Limiter::new(format!("{calls}/{seconds}").parse().ok());
            let mut now = Moment::from_micros(0);
            for gap in gaps {
                now = now.plus(Duration::from_micros(gap));
                if let Err(TooMany { wait }) = limiter.admit(Owner([1; 32]), || now) {
                    prop_assert!(!wait.is_zero());
                    now = now.plus(wait);
                    prop_assert!(limiter.admit(Owner([1; 32]), || now).is_ok());
                }
            }
        }
    }
}
