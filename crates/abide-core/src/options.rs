//! What the caller decides about a wait, beside what the document decides.

use core::time::Duration;

use crate::lifecycle::Interval;

/// The caller's choices for one wait.
///
/// ```
/// use abide_core::Options;
/// use core::time::Duration;
///
/// let options = Options { max_consecutive_errors: 3, ..Options::new(Duration::from_secs(30), 42) };
/// assert_eq!(options.retry_after_ceiling, Duration::from_hours(1));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// The longest wait, counted from the first request (until then: from the creation of the session machine). A
    /// documented [`cap`](crate::Lifecycle::cap) that is shorter binds instead.
    pub max_wait: Duration,
    /// Where the random draws start; give each session its own.
    pub seed: u64,
    /// How many passing errors in a row are borne. Default 8.
    pub max_consecutive_errors: u32,
    /// The same while no reply ever came, when a wrong address is the likelier reason. Default 3.
    pub max_errors_before_first_reply: u32,
    /// How many times a server may answer 404 before its first status. Default 0; some are wise for a session that was
    /// created a moment ago, which not every part of a server may know yet.
    pub max_not_found_before_first_reply: u32,
    /// First (`min`) and longest (`max`) backoff after a passing error. Default 1 s and 60 s.
    pub error_backoff: Interval,
    /// The longest `Retry-After` that is sat out, and the longest backoff of a throttled wait. Default 1 h.
    pub retry_after_ceiling: Duration,
    /// How long a request in flight at the end of the longest wait is still awaited. Default 2 s.
    pub last_reply_grace: Duration,
}

impl Options {
    /// The defaults, with the two choices that have none.
    pub fn new(max_wait: Duration, seed: u64) -> Options {
        Options {
            max_wait,
            seed,
            max_consecutive_errors: 8,
            max_errors_before_first_reply: 3,
            max_not_found_before_first_reply: 0,
            error_backoff: Interval { min: Duration::from_secs(1), max: Duration::from_mins(1) },
            retry_after_ceiling: Duration::from_hours(1),
            last_reply_grace: Duration::from_secs(2),
        }
    }
}
