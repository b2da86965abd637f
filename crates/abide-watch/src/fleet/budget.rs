//! How many requests one credential may send, whoever waits under it.

use std::time::Duration;

/// The request budget of one credential.
///
/// Neither API says how many requests it allows, so the defaults are modest; the server's own 429 slows a fleet further.
///
/// ```
/// use abide_watch::Budget;
/// use std::time::Duration;
///
/// let budget = Budget { in_flight: 32, ..Budget::per_second(100) };
/// assert_eq!((budget.period, budget.burst), (Duration::from_millis(10), 10));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// The average time between two requests. Zero is no limit. Default 100 ms.
    pub period: Duration,
    /// How many requests may go out at once after a pause; at least 1. Default 10.
    pub burst: u32,
    /// How many requests may be unanswered at a time; at least 1. Default 8.
    pub in_flight: u32,
}

impl Budget {
    /// So many requests a second, in bursts of at most 10; 0 counts as 1.
    pub fn per_second(requests: u32) -> Budget {
        Budget { period: Duration::from_secs(1) / requests.max(1), burst: 10, in_flight: 8 }
    }
}

impl Default for Budget {
    fn default() -> Budget {
        Budget::per_second(10)
    }
}
