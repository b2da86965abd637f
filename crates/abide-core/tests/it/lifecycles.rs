//! The lifecycles that the client crates are generated with, retyped here because the core knows no client.
//!
//! `tests/e2e/lifecycles.rs` reads this file too, and compares it with the generated constants.

use std::time::Duration;

use abide_core::{CompleteBy, FirstPoll, Growth, Interval, Lifecycle};

pub(crate) const CALMYX: Lifecycle = Lifecycle {
    first_poll: FirstPoll::Immediate,
    interval: Interval { min: Duration::from_secs(5), max: Duration::from_secs(10) },
    growth: None,
    cap: None,
    inactivity: None,
    complete_by: CompleteBy::StatusOrCount,
};

pub(crate) const HUM: Lifecycle = Lifecycle {
    first_poll: FirstPoll::Immediate,
    interval: Interval { min: Duration::from_secs(2), max: Duration::from_secs(3) },
    growth: Some(Growth { factor: 2, max: Duration::from_secs(30) }),
    cap: Some(Duration::from_secs(30)),
    inactivity: Some(Duration::from_mins(30)),
    complete_by: CompleteBy::Count,
};
