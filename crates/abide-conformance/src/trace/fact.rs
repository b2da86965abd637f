//! What a driver or a host did besides exchanging messages.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a driver or a host did besides exchanging messages. Instants and durations are microseconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "fact", rename_all = "kebab-case")]
pub enum Fact {
    /// The server's clock was moved forward, at some moment between `sent` and `received`.
    ClockMoved {
        /// When that was asked for.
        sent: u64,
        /// When it was confirmed; or, where it is only possible, the last moment at which it may have happened.
        received: u64,
        /// By how much; where it is only possible, at most.
        by: u64,
        /// Whether nobody knows that it happened: the confirmation was lost, or the driver's own machine stood still
        /// meanwhile, and the server's perhaps did not.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        possible: bool,
    },
    /// The server's clock could not be moved.
    ClockStuck {
        /// When that was tried.
        at: u64,
        /// What came of it.
        why: String,
    },
    /// The driver waited because a reply asked for it.
    WaitedOut {
        /// The exchange with that reply.
        exchange: u32,
        /// For how long.
        waited: u64,
    },
    /// A finding was tried again: of `runs` runs of the same steps, `seen` showed it. One of one: it was not tried again,
    /// because shorter steps do not show it, or because it takes too long.
    Rerun {
        /// The requirement that was found broken.
        requirement: String,
        /// The first exchange of the shortest run that showed it.
        first: u32,
        /// The last exchange of that run.
        last: u32,
        /// How many of the runs showed it.
        seen: u32,
        /// How many runs there were.
        runs: u32,
    },
    /// The driver stopped early.
    Stopped {
        /// When.
        at: u64,
        /// Why.
        why: String,
    },
    /// A client was started.
    ClientStarted {
        /// The scenario that it met.
        case: String,
        /// When.
        at: u64,
    },
    /// A client ended.
    ClientEnded {
        /// The scenario that it met.
        case: String,
        /// When.
        at: u64,
        /// The word after `outcome:` on its last line.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        outcome: Option<String>,
        /// Its exit code.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        exit: Option<i32>,
        /// Whether the host ended it.
        #[serde(default)]
        stopped: bool,
        /// Why the host ended it, unless it was because the scenario was over; of a client that ended by itself, why nobody
        /// knows what it said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        why: Option<String>,
    },
    /// A lag that a host measured on itself.
    HostLag {
        /// The scenario; empty: whatever was going on.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        case: String,
        /// How long.
        lag: u64,
        /// When it was over; none: at any time during the scenario.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<u64>,
    },
    /// A client waited for a processor: it was ready to go on, and the machine was busy with something else.
    ClientStarved {
        /// The scenario that it met.
        case: String,
        /// When that began.
        since: u64,
        /// When it was over.
        until: u64,
        /// For how long within that stretch.
        waited: u64,
    },
}
