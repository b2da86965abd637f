//! How late a fleet's requests leave.

use std::time::Duration;

/// How long requests waited for their turn, after the moment at which their session wanted to be asked.
///
/// Short ones say that the pace is kept. Long ones say that the budget, the server or this process is too slow for so many
/// sessions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delays {
    /// How many requests left.
    pub requests: u64,
    /// Of all of them together.
    pub total: Duration,
    /// Of the one that waited longest.
    pub longest: Duration,
}

impl Delays {
    pub(super) fn add(&mut self, delay: Duration) {
        self.requests = self.requests.saturating_add(1);
        self.total = self.total.saturating_add(delay);
        self.longest = self.longest.max(delay);
    }
}
