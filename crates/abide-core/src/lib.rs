//! How to wait for a remote session: completion, expiry and schedule as state machines without I/O.
//!
//! A [`Session`] is told what happened and says what to do next. It reads no clock, opens no connection and draws no
//! randomness of its own: time and seed are arguments, so a wait can be replayed exactly, in no time at all.
//!
//! # How to drive it
//!
//! 1. Make a [`Session`] from a [`Lifecycle`] (the document's numbers) and [`Options`] (the caller's).
//! 2. Ask [`Session::step`] what to do.
//!    - [`Step::Send`]: send a status request, call [`Session::handle_sent`].
//!    - [`Step::Wait`]: sleep until the deadline, then go to 2.
//!    - [`Step::AwaitReply`]: wait for the answer, at most until the deadline. Call [`Session::handle_reply`] with a
//!      status, [`Session::handle_setback`] with anything else, or [`Session::handle_abandoned`] when the request was
//!      dropped. When the deadline passes first, drop the request and go to 2.
//!    - [`Step::Over`]: stop. Every later call changes nothing.
//! 3. Drain [`Session::poll_event`], *before* sleeping, so that news does not wait for the next poll. Go to 2.
//!
//! One request at a time: a call that does not fit the contract is ignored rather than believed.
//!
//! ```
//! use abide_core::*;
//! use core::time::Duration;
//!
//! let lifecycle = Lifecycle {
//!     first_poll: FirstPoll::Immediate,
//!     interval: Interval { min: Duration::from_secs(5), max: Duration::from_secs(10) },
//!     growth: None,
//!     cap: None,
//!     inactivity: None,
//!     complete_by: CompleteBy::StatusOrCount,
//! };
//! let mut now = Tick::ZERO;
//! let mut session = Session::new(&lifecycle, Options::new(Duration::from_secs(3600), 42), now)?;
//! let mut processed = 0;
//! let end = loop {
//!     match session.step(now) {
//!         Step::Send => session.handle_sent(now),
//!         Step::Wait(deadline) => now = deadline.at,
//!         Step::AwaitReply(_) => {
//!             processed += 1; // a server that finishes one of three items per poll
//!             let state = if processed < 3 { State::Running } else { State::Completed };
//!             let counters = Counters { total: 3, processed, successful: processed, failed: 0 };
//!             session.handle_reply(now, &Observation { state, counters, delivered: None, mark: 0 }, None);
//!         }
//!         Step::Over(end) => break end,
//!     }
//!     while let Some(event) = session.poll_event() {
//!         println!("{event:?}");
//!     }
//! };
//! assert_eq!(end, End::Completed { rule: Rule::Status });
//! assert_eq!(session.polls(), 3);
//! # Ok::<(), LifecycleError>(())
//! ```
//!
//! # What it promises
//!
//! - Two requests are never sent closer together than the lifecycle's shortest interval, whatever happened in between.
//! - Nothing is sent at or after the end of the longest wait.
//! - No input makes it panic: numbers from a server may be nonsense, and are reported as an [`Anomaly`].
//! - The same seed and the same inputs give the same trace.
#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

mod anomaly;
mod backoff;
mod budget;
#[cfg(test)]
mod cells;
mod completion;
mod contradictions;
mod end;
mod event;
mod expiry;
mod failure;
#[cfg(test)]
mod histories;
mod jitter;
mod lifecycle;
mod mark;
mod observation;
mod options;
pub mod packed;
mod rate;
mod schedule;
mod session;
mod snapshot;
mod tick;

pub use anomaly::Anomaly;
pub use budget::RetryBudget;
pub use end::{End, GaveUp, Rule};
pub use event::{Deadline, Event, Step, Why};
pub use failure::{Failure, Setback};
pub use lifecycle::{CompleteBy, FirstPoll, Growth, Interval, Lifecycle, LifecycleError};
pub use mark::Mark;
pub use observation::{Counter, Counters, Observation, State};
pub use options::Options;
pub use rate::RateLimit;
pub use session::Session;
pub use snapshot::{Snapshot, Standing, Window};
pub use tick::Tick;
