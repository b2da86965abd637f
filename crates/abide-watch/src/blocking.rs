//! A watch for programs without async: an iterator of events, and the outcome as a plain value.
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
//! #     first_poll: FirstPoll::Immediate,
//! #     interval: Interval { min: Duration::from_secs(5), max: Duration::from_secs(10) },
//! #     growth: None, cap: None, inactivity: None, complete_by: CompleteBy::StatusOrCount,
//! # };
//! use abide_watch::blocking::Blocking;
//! use abide_watch::{Event, Watch};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // `Done` is a source, as on the front page of this crate.
//! let watch = Watch::new(Done, &LIFECYCLE, Options::new(Duration::from_secs(60), 42))?;
//! let mut waiting = Blocking::new(watch)?;
//! for event in &mut waiting {
//!     if let Event::Items(items) = event {
//!         println!("{} more", items.len());
//!     }
//! }
//! let outcome = waiting.completed()?;
//! assert_eq!((outcome.polls, outcome.items), (1, 2));
//! # Ok(())
//! # }
//! ```

use std::fmt;
use std::io;
use std::iter::FusedIterator;

use abide_core::End;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::task::coop::unconstrained;

use crate::clock::{Clock, TokioClock};
use crate::error::{CloseError, WatchError};
use crate::event::Event;
use crate::outcome::Outcome;
use crate::resume::Resume;
use crate::source::StatusSource;
use crate::watch::Watch;

/// What [`Blocking::completed`] gives.
pub type Completed<S> = Result<
    Outcome<<S as StatusSource>::Status, <S as StatusSource>::Error>,
    WatchError<<S as StatusSource>::Status, <S as StatusSource>::Error>,
>;

/// A [`Watch`] whose calls block the thread that makes them. An [`Iterator`] of [`Event`]s that ends after
/// [`Event::Ended`].
///
/// It waits on the calling thread; timers and sockets run on one thread of its own, or on a runtime that the caller
/// [lends](Self::on). Waiting inside an async context works too, but holds up the thread of that runtime as any blocking
/// call does.
///
/// A connection belongs to the runtime on which it was opened, and is dead while that runtime is not running. So where a
/// client was used under a runtime before (to create the session, say), lend that one, or give the watch a client of its
/// own; otherwise its first request may wait for a connection that nobody serves until its time is up.
pub struct Blocking<S: StatusSource, C: Clock = TokioClock> {
    watch: Watch<S, C>,
    runtime: Lent,
}

impl<S: StatusSource, C: Clock> Blocking<S, C> {
    /// Wraps `watch`, with a runtime of one thread of its own.
    ///
    /// # Errors
    /// When the system has no thread or no descriptor left for it.
    pub fn new(watch: Watch<S, C>) -> Result<Blocking<S, C>, BlockingError> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("abide-blocking")
            .enable_all()
            .build()
            .map_err(|cause| BlockingError(Problem::NoThread(cause)))?;
        Ok(Blocking { watch, runtime: Lent { handle: runtime.handle().clone(), owned: Some(runtime) } })
    }

    /// Wraps `watch`, with a runtime that runs by itself: one of several threads, or one that another thread blocks on. A
    /// runtime of this very thread would never come to serve it.
    ///
    /// It must have its timers and sockets enabled and outlive this; tokio panics otherwise.
    ///
    /// # Errors
    /// When that runtime is shut down already.
    pub fn on(watch: Watch<S, C>, runtime: Handle) -> Result<Blocking<S, C>, BlockingError> {
        // A runtime that is gone drops what is given to it.
        let probe = runtime.spawn(std::future::pending::<()>());
        if probe.is_finished() {
            return Err(BlockingError(Problem::ShutDown));
        }
        probe.abort();
        Ok(Blocking { watch, runtime: Lent { handle: runtime, owned: None } })
    }

    /// As [`Watch::outcome`].
    pub fn outcome(self) -> Outcome<S::Status, S::Error> {
        let Blocking { watch, runtime } = self;
        runtime.wait(watch.outcome())
    }

    /// As [`Watch::completed`].
    ///
    /// # Errors
    /// See [`Outcome::into_result`].
    pub fn completed(self) -> Completed<S> {
        self.outcome().into_result()
    }

    /// As [`Watch::into_outcome`].
    pub fn into_outcome(self) -> Option<Outcome<S::Status, S::Error>> {
        self.watch.into_outcome()
    }

    /// As [`Watch::stop`].
    pub fn stop(self) -> Resume {
        self.watch.stop()
    }

    /// As [`Watch::kept`].
    pub fn kept(&self) -> Resume {
        self.watch.kept()
    }

    /// As [`Watch::close`].
    ///
    /// # Errors
    /// When the API has no such call, or it failed; the wait then goes on.
    pub fn close(&mut self) -> Result<(), CloseError<S::Error>> {
        self.runtime.wait(self.watch.close())
    }

    /// As [`Watch::end`].
    pub fn end(&self) -> Option<End> {
        self.watch.end()
    }

    /// As [`Watch::last_status`].
    pub fn last_status(&self) -> Option<&S::Status> {
        self.watch.last_status()
    }
}

impl<S: StatusSource, C: Clock> Iterator for Blocking<S, C> {
    type Item = Event<S::Item, S::Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.runtime.wait(self.watch.next())
    }
}

impl<S: StatusSource, C: Clock> FusedIterator for Blocking<S, C> {}

impl<S: StatusSource, C: Clock> fmt::Debug for Blocking<S, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Blocking").field(&self.watch).finish()
    }
}

/// No runtime could be had for a [`Blocking`] watch.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct BlockingError(Problem);

#[derive(Debug, thiserror::Error)]
enum Problem {
    #[error("no thread for the watch could be started")]
    NoThread(#[source] io::Error),
    #[error("the runtime that was lent to the watch is shut down; lend one that runs")]
    ShutDown,
}

/// The runtime that serves timers and sockets; stopped without waiting, which is allowed everywhere.
struct Lent {
    handle: Handle,
    owned: Option<Runtime>,
}

impl Lent {
    fn wait<F: Future>(&self, future: F) -> F::Output {
        let _entered = self.handle.enter();
        // Inside a task of another runtime, that task's budget would run out and the wait would yield to a scheduler that
        // it keeps from running.
        pollster::block_on(unconstrained(future))
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let Some(runtime) = self.owned.take() {
            runtime.shutdown_background();
        }
    }
}
