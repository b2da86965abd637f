//! Drives [`abide_core`] over any status source: a stream of events and a future of the outcome.
//!
//! Implement [`StatusSource`] for whatever can ask for a status, and make a [`Watch`] from it:
//!
//! - as a [`Stream`](futures_core::Stream), or by [`Watch::next`], it gives [`Event`]s: state, progress, *new* items once
//!   each, anomalies, retries with their reason, and at the end how it ended;
//! - awaited, or by [`Watch::outcome`], it gives one [`Outcome`].
//!
//! Both are the same wait: take events for a while, then await the rest. Nothing runs in the background; the request in
//! flight and the timer live in the `Watch`, so dropping a future of [`Watch::next`] loses nothing, and dropping the
//! `Watch` stops everything. There are no sockets in here, and all time comes from one [`Clock`].
//!
//! ```
//! use abide_core::{CompleteBy, Counters, FirstPoll, Interval, Lifecycle, Observation, Options, State};
//! use abide_watch::{BoxFuture, Event, Fetched, Fingerprint, Reply, Seen, StatusSource, Watch};
//! use std::time::Duration;
//!
//! /// A session that is done when first asked.
//! struct Done;
//!
//! impl StatusSource for Done {
//!     type Status = &'static str;
//!     type Item = u64;
//!     type Error = std::io::Error;
//!
//!     fn fetch(&self, _: &Seen) -> BoxFuture<Fetched<Done>> {
//!         let counters = Counters { total: 2, processed: 2, successful: 2, failed: 0 };
//!         let observation = Observation { state: State::Completed, counters, delivered: Some(2), mark: 0 };
//!         let (known, seen) = (0, Seen::nothing()); // every item, each time
//!         let (status, items) = ("COMPLETED", vec![72, 80]);
//!         let reply = Reply { observation, status, items, known, seen, retry_after: None, bytes: 0 };
//!         Box::pin(async move { Ok(reply) })
//!     }
//!
//!     fn session(&self) -> u64 {
//!         Fingerprint::new().text("https://example.test").text("session-1").finish()
//!     }
//!
//!     fn identity(item: &u64) -> u64 {
//!         *item
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let lifecycle = Lifecycle {
//!     first_poll: FirstPoll::Immediate,
//!     interval: Interval { min: Duration::from_secs(5), max: Duration::from_secs(10) },
//!     growth: None,
//!     cap: None,
//!     inactivity: None,
//!     complete_by: CompleteBy::StatusOrCount,
//! };
//! let mut watch = Watch::new(Done, &lifecycle, Options::new(Duration::from_secs(60), 42))?;
//! while let Some(event) = watch.next().await {
//!     if let Event::Items(items) = event {
//!         assert_eq!(items, [72, 80]);
//!     }
//! }
//! let outcome = watch.await;
//! assert_eq!((outcome.polls, outcome.items, outcome.last_status), (1, 2, Some("COMPLETED")));
//! # Ok(())
//! # }
//! ```
//!
//! # How it ends
//!
//! [`Outcome::end`] says how, and the rest of the [`Outcome`] why: the last status, the last error, how many requests got
//! which answer, how long the end went unseen. [`Watch::completed`] and [`Outcome::into_result`] turn every end but a
//! completed session into a [`WatchError`], which holds the whole outcome.
//!
//! # Stopping, going on, closing
//!
//! | what | the wait | the session |
//! |---|---|---|
//! | dropping the [`Watch`] | is over | lives on |
//! | [`Watch::stop`] | can be gone on with, here or in another process | lives on |
//! | [`Watch::kept`] | goes on; the value is for the case that it cannot | lives on |
//! | [`Watch::close`] | is over | ends, where the API has a call for it |
//!
//! Going on gives no item twice and loses none, keeps the pause that was due, and counts the longest wait on. In a test all
//! of this takes no time: a [`TestClock`] jumps from one sleep to the next.
//!
//! ```
//! # use abide_core::{CompleteBy, Counters, FirstPoll, Interval, Lifecycle, Observation, Options, State};
//! # use abide_watch::{BoxFuture, Fetched, Reply, Seen, StatusSource};
//! # use std::time::Duration;
//! # struct Done;
//! # impl StatusSource for Done {
//! #     type Status = &'static str;
//! #     type Item = u64;
//! #     type Error = std::io::Error;
//! #     fn fetch(&self, _: &Seen) -> BoxFuture<Fetched<Done>> {
//! #         let counters = Counters { total: 2, processed: 2, successful: 2, failed: 0 };
//! #         let observation = Observation { state: State::Completed, counters, delivered: Some(2), mark: 0 };
//! #         let reply = Reply { observation, status: "COMPLETED", items: vec![72, 80], known: 0, seen: Seen::nothing(), retry_after: None, bytes: 0 };
//! #         Box::pin(async move { Ok(reply) })
//! #     }
//! #     fn session(&self) -> u64 { 1 }
//! #     fn identity(item: &u64) -> u64 { *item }
//! # }
//! # const LIFECYCLE: Lifecycle = Lifecycle {
//! #     first_poll: FirstPoll::AfterInterval,
//! #     interval: Interval { min: Duration::from_secs(5), max: Duration::from_secs(10) },
//! #     growth: None, cap: None, inactivity: None, complete_by: CompleteBy::StatusOrCount,
//! # };
//! use abide_watch::{CloseError, Resume, TestClock, Watch};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let options = Options::new(Duration::from_secs(60), 42);
//! let clock = TestClock::new();
//! let mut watch = Watch::with_clock(Done, &LIFECYCLE, options, clock.clone())?;
//! let first = clock.run(watch.next());
//! assert!(first.is_some(), "the clock has jumped to the first request");
//! let text = watch.stop().to_json();
//!
//! // Another process, which has the text and knows of which session.
//! let kept = Resume::from_json(&text)?;
//! let mut watch = Watch::resume_with_clock(Done, &LIFECYCLE, options, &kept, clock.clone())?;
//! assert!(matches!(clock.run(watch.close()), Some(Err(CloseError::NotOffered))));
//! let outcome = clock.run(watch.completed()).ok_or("it waits for what never comes")??;
//! assert_eq!(outcome.items, 2);
//! # Ok(())
//! # }
//! ```
//!
//! # Without async
//!
//! With the feature `blocking`, `blocking::Blocking` makes an iterator of a watch, for plain threads and for async contexts.

mod alarm;
#[cfg(feature = "blocking")]
pub mod blocking;
mod clock;
mod delivered;
mod error;
mod event;
mod fingerprint;
mod fleet;
mod outcome;
mod resume;
mod seed;
mod seen;
mod source;
mod tally;
mod test_clock;
mod wait;
mod watch;

pub use clock::{Clock, TokioClock};
pub use error::{CloseError, WatchError};
pub use event::Event;
pub use fingerprint::Fingerprint;
pub use fleet::{Budget, Delays, Fleet, Key, NotAdded, Notice, Removed, Stopped};
pub use outcome::{Answer, Outcome};
pub use resume::{Resume, ResumeError};
pub use seed::random_seed;
pub use seen::{Known, Memory, Seen};
pub use source::{BoxFuture, Fetched, Refusal, Reply, StatusSource};
pub use test_clock::TestClock;
pub use watch::Watch;
