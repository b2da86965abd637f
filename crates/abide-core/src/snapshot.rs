//! A wait as plain data: what must be kept of it to go on later, in this process or in another one.

use core::time::Duration;

use crate::budget::RetryBudget;
use crate::end::{End, Rule};
use crate::event::Deadline;
use crate::observation::{Observation, State};
use crate::tick::Tick;

/// All that a [`Session`](crate::Session) knows, save what its lifecycle and options say.
///
/// Its instants are those of the session's clock. To go on under another clock, or after a pause, rewrite them with
/// [`moved`](Self::moved).
///
/// ```
/// use abide_core::*;
/// use core::time::Duration;
///
/// let lifecycle = Lifecycle {
///     first_poll: FirstPoll::AfterInterval,
///     interval: Interval { min: Duration::from_secs(5), max: Duration::from_secs(10) },
///     growth: None,
///     cap: None,
///     inactivity: None,
///     complete_by: CompleteBy::StatusOrCount,
/// };
/// let options = Options::new(Duration::from_secs(600), 42);
/// let session = Session::new(&lifecycle, options, Tick::from_nanos(7))?;
/// let kept = session.snapshot(Tick::from_nanos(7));
///
/// let a_minute_later = kept.moved(Tick::ZERO, Duration::from_secs(60));
/// assert_eq!(a_minute_later.limit.since(Tick::ZERO), Duration::from_secs(540));
/// let session = Session::resume(&lifecycle, options, &a_minute_later)?;
/// # Ok::<(), LifecycleError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// When it was taken.
    pub at: Tick,
    /// What the replies add up to.
    pub standing: Standing,
    /// Some reply told of a failed item.
    pub failures: bool,
    /// When the next request is due, and why then.
    pub due: Deadline,
    /// When the longest wait is over.
    pub limit: Tick,
    /// A request of this wait was sent, so that its cap counts already.
    pub begun: bool,
    /// The inactivity window.
    pub window: Window,
    /// When the latest request that was answered with a status went out.
    pub seen: Option<Tick>,
    /// How many requests were sent.
    pub polls: u32,
    /// How many replies were equal to the one before.
    pub unchanged_polls: u32,
    /// How many of these came last, one after the other.
    pub unchanged_in_a_row: u32,
    /// What the latest reply said.
    pub last_observation: Option<Observation>,
    /// The latest status word that was a known one.
    pub last_known_state: Option<State>,
    /// The latest number of result items.
    pub last_delivered: Option<u64>,
    /// Whether a status ever came.
    pub replied: bool,
    /// Passing errors in a row.
    pub errors: u32,
    /// Times in a row that the server pushed back.
    pub throttles: u32,
    /// Times in a row that the server did not know the session, before any status.
    pub not_found: u32,
    /// The retry budget.
    pub budget: RetryBudget,
    /// Where the random draws are.
    pub jitter: u64,
}

/// What the replies to a wait add up to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Not over.
    Open,
    /// It looks done; one more poll confirms it.
    Settling {
        /// What said so.
        rule: Rule,
    },
    /// It ended.
    Over(End),
}

/// What is known of the inactivity window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// There is none, or no reply came yet.
    Unarmed,
    /// It ends then.
    Until(Tick),
    /// It ended, and that was told.
    Overdue,
}

impl Snapshot {
    /// The same wait on another clock, on which `now` is `elapsed` after the moment of the snapshot.
    #[must_use]
    pub fn moved(self, now: Tick, elapsed: Duration) -> Snapshot {
        let shift = i128::from(now.as_nanos()) - i128::from(self.at.as_nanos());
        let by = shift.saturating_sub_unsigned(elapsed.as_nanos());
        let exactly = |instant: Tick| u64::try_from(i128::from(instant.as_nanos()).saturating_add(by));
        let nearest = |instant: Tick| {
            let beyond = if by < 0 { u64::MIN } else { u64::MAX };
            Tick::from_nanos(exactly(instant).unwrap_or(beyond))
        };
        Snapshot {
            at: now,
            due: Deadline { at: nearest(self.due.at), why: self.due.why },
            limit: nearest(self.limit),
            window: match self.window {
                Window::Until(until) => Window::Until(nearest(until)),
                Window::Unarmed | Window::Overdue => self.window,
            },
            // Before the clock's epoch there is nothing to compare with.
            seen: self.seen.and_then(|seen| exactly(seen).ok()).map(Tick::from_nanos),
            ..self
        }
    }
}
