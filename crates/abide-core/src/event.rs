//! What a session machine tells its driver: what to do next, and what happened.

use crate::anomaly::Anomaly;
use crate::end::End;
use crate::failure::Failure;
use crate::observation::{Counters, State};
use crate::tick::Tick;

/// What the driver is to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Send a status request, and report it with [`Session::handle_sent`](crate::Session::handle_sent).
    Send,
    /// Do nothing until the deadline, then ask again.
    Wait(Deadline),
    /// A request is in flight: report its answer, or ask again at the deadline.
    AwaitReply(Deadline),
    /// The wait is over, for good.
    Over(End),
}

/// An instant to wait for, and the reason for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// When.
    pub at: Tick,
    /// Why then.
    pub why: Why,
}

/// The reason for a [`Deadline`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The first request, one interval after the start.
    FirstPoll,
    /// The documented pace.
    Pace,
    /// The grown pace, because the last reply changed nothing (HUM-CLIENT-BACKOFF).
    Unchanged,
    /// One more request shortly before the longest wait is over.
    LastPoll,
    /// The server named the time (CAL-CLIENT-BACKOFF, HUM-CLIENT-THROTTLE).
    RetryAfter,
    /// The server pushed back without naming a time, or several times in a row with one that was too short.
    Throttled,
    /// A passing error.
    Backoff,
    /// Others wait under the same credential, and it is their turn, or the server pushed one of them back.
    Held,
    /// The one poll that confirms a completion on which the status and the counters disagree.
    Settling,
    /// The last moment at which a reply is still of use.
    LastReply,
    /// No further request fits: the longest wait runs out.
    MaxWait,
}

/// Something that happened, in the order in which it happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The status word changed, or was seen for the first time.
    State {
        /// The word before.
        from: Option<State>,
        /// The word in this reply.
        to: State,
    },
    /// The counters changed, or were seen for the first time.
    Progress(Counters),
    /// The session looks done; one more poll confirms it.
    Settling,
    /// A reply contradicts itself or an earlier one.
    Anomaly(Anomaly),
    /// A request failed and another one is planned.
    Retry {
        /// What went wrong.
        failure: Failure,
        /// When the next request is due.
        at: Tick,
        /// How many requests in a row have failed, from 1.
        attempt: u32,
    },
    /// The next request is due only after the session will have expired, because the server or a budget asks for a long
    /// pause (HUM-EXPIRY).
    WillExpire {
        /// When the inactivity window ends.
        at: Tick,
        /// When the next request is due.
        next: Tick,
    },
    /// By our clock the session has expired; the next answer will tell (HUM-EXPIRY).
    Overdue {
        /// When the inactivity window ended.
        since: Tick,
    },
    /// The wait is over. Nothing follows.
    Ended(End),
}
