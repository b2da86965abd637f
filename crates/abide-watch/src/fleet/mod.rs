//! Many sessions under one credential, watched by one task.
//!
//! - Earliest due first, through one [`Budget`]: requests per second and requests in flight.
//! - A push-back of the server (429, or 503 with `Retry-After`) to one session holds all of them, then lets one request
//!   through, and then more with every success.
//! - One request at a time per session, and no session twice.
//! - Sessions are added and removed while it runs, and [`stop`](Fleet::stop) gives back every one with what is needed to go on.
//! - A sleeping session is about 120 bytes beside its id and its items, not a task.

mod budget;
mod delays;
mod dormant;
mod gate;
mod in_flight;
mod notice;
mod slots;
mod timetable;
mod turns;

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use abide_core::{Lifecycle, LifecycleError, Options, Session, Tick};
use futures_core::Stream;
use futures_util::stream::FuturesUnordered;

pub use self::budget::Budget;
pub use self::delays::Delays;
use self::gate::Gate;
use self::in_flight::InFlight;
pub use self::notice::{Notice, Removed, Stopped};
pub use self::slots::Key;
use self::slots::{Activity, Slots, Watched};
use self::timetable::Timetable;
use self::turns::Spare;
use crate::alarm::Alarm;
use crate::clock::{Clock, TokioClock};
use crate::delivered::Delivered;
use crate::event::Event;
use crate::resume::{Resume, ResumeError};
use crate::source::StatusSource;
use crate::tally::Tally;
use crate::wait::{Last, Wait};

/// Waits for many sessions at once: a [`Stream`] of [`Notice`]s, which is at its end whenever no session is left.
///
/// Nothing runs in the background: a fleet waits while somebody asks for its next notice, and dropping it stops everything
/// and leaves the sessions alone. One fleet is for one credential; two credentials are two fleets.
///
/// ```
/// # use abide_core::{CompleteBy, Counters, FirstPoll, Interval, Lifecycle, Observation, Options, State};
/// # use abide_watch::{BoxFuture, Fetched, Fingerprint, Reply, Seen, StatusSource};
/// use abide_watch::{Budget, Fleet, Notice, TestClock};
/// # use std::time::Duration;
/// # struct Done(u64);
/// # impl StatusSource for Done {
/// #     type Status = &'static str;
/// #     type Item = u64;
/// #     type Error = std::io::Error;
/// #     fn fetch(&self, _: &Seen) -> BoxFuture<Fetched<Done>> {
/// #         let counters = Counters { total: 1, processed: 1, successful: 1, failed: 0 };
/// #         let observation = Observation { state: State::Completed, counters, delivered: Some(1), mark: 0 };
/// #         let reply = Reply { observation, status: "COMPLETED", items: vec![self.0], known: 0, seen: Seen::nothing(), retry_after: None, bytes: 0 };
/// #         Box::pin(async move { Ok(reply) })
/// #     }
/// #     fn session(&self) -> u64 { Fingerprint::new().number(self.0).finish() }
/// #     fn identity(item: &u64) -> u64 { *item }
/// # }
/// # let lifecycle = Lifecycle {
/// #     first_poll: FirstPoll::Immediate,
/// #     interval: Interval { min: Duration::from_secs(5), max: Duration::from_secs(10) },
/// #     growth: None,
/// #     cap: None,
/// #     inactivity: None,
/// #     complete_by: CompleteBy::StatusOrCount,
/// # };
/// let options = Options::new(Duration::from_secs(3600), 42);
/// let clock = TestClock::new(); // a program uses `Fleet::new`, and tokio's clock
/// let mut fleet = Fleet::with_clock(&lifecycle, options, Budget::per_second(20), clock.clone())?;
/// for session in 0..1000 {
///     fleet.add(Done(session)).map_err(|_| "watched already")?;
/// }
/// let mut completed = 0;
/// while let Some(notice) = clock.run(fleet.next()).flatten() {
///     if let Notice::Over { outcome, .. } = notice {
///         completed += u32::from(outcome.into_result().is_ok());
///     }
/// }
/// assert_eq!(completed, 1000);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Fleet<S: StatusSource, C: Clock = TokioClock> {
    alarm: Alarm<C>,
    lifecycle: Lifecycle,
    options: Options,
    keep_last: bool,
    /// The last replies of sleeping sessions, by place, where they are kept.
    last: HashMap<u32, Last<S>>,
    gate: Gate,
    slots: Slots<S>,
    timetable: Timetable,
    /// Which sessions are watched: a place by [`StatusSource::session`].
    watched: HashMap<u64, u32>,
    requests: FuturesUnordered<InFlight<S>>,
    notices: VecDeque<Notice<S>>,
    /// What every poll needs for a moment.
    spare: Spare<S>,
    delays: Delays,
}

/// The session is watched already, or there are too many; with it comes back what was to be added.
#[derive(Debug)]
pub struct NotAdded<S> {
    /// What was to be added.
    pub source: S,
    /// Under this key it is watched already. `None` where no place was left.
    pub watched_as: Option<Key>,
}

/// Nothing in a fleet is pinned in place: the futures are boxed.
impl<S: StatusSource, C: Clock> Unpin for Fleet<S, C> {}

impl<S: StatusSource> Fleet<S> {
    /// An empty fleet on tokio's clock. All its sessions are waited for under the same rules; each draws its own seed from
    /// that of `options`.
    ///
    /// # Errors
    /// When `lifecycle` contradicts itself.
    pub fn new(lifecycle: &Lifecycle, options: Options, budget: Budget) -> Result<Self, LifecycleError> {
        Fleet::with_clock(lifecycle, options, budget, TokioClock::new())
    }
}

impl<S: StatusSource, C: Clock> Fleet<S, C> {
    /// As [`new`](Fleet::new), on another clock.
    ///
    /// # Errors
    /// When `lifecycle` contradicts itself.
    pub fn with_clock(
        lifecycle: &Lifecycle,
        options: Options,
        budget: Budget,
        clock: C,
    ) -> Result<Self, LifecycleError> {
        lifecycle.validate()?;
        Ok(Fleet {
            alarm: Alarm::new(clock),
            lifecycle: *lifecycle,
            options,
            keep_last: false,
            last: HashMap::new(),
            gate: Gate::new(budget, lifecycle.pace(), options.retry_after_ceiling),
            slots: Slots::new(),
            timetable: Timetable::default(),
            watched: HashMap::new(),
            requests: FuturesUnordered::new(),
            notices: VecDeque::new(),
            spare: Spare::default(),
            delays: Delays::default(),
        })
    }

    /// Keeps the last status and the last error of every session while it sleeps, for the [`Outcome`](crate::Outcome) of a
    /// wait that no reply ended. That is as much memory as they have.
    #[must_use]
    pub fn keeping_last_replies(mut self) -> Self {
        self.keep_last = true;
        self
    }

    /// How late the requests left that were sent since this was last asked.
    pub fn take_delays(&mut self) -> Delays {
        std::mem::take(&mut self.delays)
    }

    /// Begins to wait for a session. Its longest wait counts from its first request, however long the budget lets it wait for
    /// that.
    ///
    /// # Errors
    /// When it is watched already: single flight.
    pub fn add(&mut self, source: S) -> Result<Key, NotAdded<S>> {
        let (now, options) = (self.alarm.now(), self.options_of(&source));
        match Session::new(&self.lifecycle, options, now) {
            Ok(session) => self.insert(source, Wait::new(session, now, Delivered::default(), Tally::default())),
            // Checked when the fleet was made.
            Err(_) => Err(NotAdded { source, watched_as: None }),
        }
    }

    /// Goes on with an earlier wait for the same session: see [`Watch::resume`](crate::Watch::resume).
    ///
    /// # Errors
    /// The outer one when `kept` was made for another session, the inner one when the session is watched already.
    pub fn add_resumed(&mut self, source: S, kept: &Resume) -> Result<Result<Key, NotAdded<S>>, ResumeError> {
        let (now, options) = (self.alarm.now(), self.options_of(&source));
        let session = kept.session(source.session(), &self.lifecycle, options, now, self.alarm.wall())?;
        let wait = Wait::new(session, now, kept.kept.delivered.clone(), kept.kept.tally.clone());
        Ok(self.insert(source, wait))
    }

    /// Stops waiting for a session, and leaves it alive. `None` when its wait is over already.
    pub fn remove(&mut self, key: Key) -> Option<Removed<S>> {
        let slot = self.slots.find(key)?;
        let watched = self.slots.take(slot)?;
        self.let_go(slot, &watched.source);
        if let Activity::Asking(_) = &watched.activity {
            self.abandon(slot);
        }
        self.clear_limit(slot, &watched.activity);
        let mut removed = self.removed(watched)?;
        // What nobody was told of it stays untold, and comes again with the resume value.
        let (about_it, others) = self.notices.drain(..).partition(|notice| notice.key() == Some(key));
        self.notices = others;
        removed.resume.kept.take_back(&items_in::<S>(&about_it));
        Some(removed)
    }

    /// What is watched under a key.
    pub fn source(&self, key: Key) -> Option<&S> {
        let slot = self.slots.find(key)?;
        self.slots.watched(slot).map(|watched| &watched.source)
    }

    /// How many sessions are watched.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// No session is watched.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// After [`Notice::Suspended`]: the credential is to be tried again.
    pub fn readmit(&mut self) {
        self.gate.readmit();
    }

    /// The next notice; `None` when no session is left, until another one is added.
    ///
    /// Cancel-safe: requests and timer stay in the fleet, and a notice is lost by no dropped call.
    pub async fn next(&mut self) -> Option<Notice<S>> {
        poll_fn(|cx| self.poll_notice(cx)).await
    }

    /// Sends nothing more, waits at most `grace` for the requests in flight, and gives back every session that is left.
    pub async fn stop(mut self, grace: Duration) -> Stopped<S> {
        self.gate.close();
        let until = self.alarm.now() + grace;
        poll_fn(|cx| self.poll_quiet(until, cx)).await;
        let notices = self.notices.drain(..).collect();
        let (now, wall) = (self.alarm.now(), self.alarm.wall());
        let slots = std::mem::replace(&mut self.slots, Slots::new());
        let sessions = slots
            .into_watched()
            .filter_map(|(key, watched)| removed(watched, now, wall).map(|removed| (key, removed)))
            .collect();
        Stopped { notices, sessions }
    }

    fn poll_notice(&mut self, cx: &mut Context<'_>) -> Poll<Option<Notice<S>>> {
        loop {
            if let Some(notice) = self.notices.pop_front() {
                return Poll::Ready(Some(notice));
            }
            // Also of sessions that were removed: their requests are let go of here.
            self.poll_requests(cx);
            if self.is_empty() && self.notices.is_empty() {
                return Poll::Ready(None);
            }
            let now = self.alarm.now();
            self.ring(now);
            let (sent, opening) = self.send(now);
            if !self.notices.is_empty() || sent {
                continue;
            }
            let at = self.timetable.next().into_iter().chain(opening).min();
            match at {
                Some(at) if self.alarm.poll_until(at, cx).is_ready() => {}
                Some(_) | None => return Poll::Pending,
            }
        }
    }

    /// Ready when no request is in flight any more, or `until` has come.
    fn poll_quiet(&mut self, until: Tick, cx: &mut Context<'_>) -> Poll<()> {
        self.poll_requests(cx);
        if self.requests.is_empty() { Poll::Ready(()) } else { self.alarm.poll_until(until, cx) }
    }

    fn insert(&mut self, source: S, wait: Wait<S>) -> Result<Key, NotAdded<S>> {
        let session = source.session();
        if let Some(slot) = self.watched.get(&session) {
            return Err(NotAdded { source, watched_as: Some(self.slots.key(*slot)) });
        }
        let Some(slot) = self.slots.reserve() else {
            return Err(NotAdded { source, watched_as: None });
        };
        self.watched.insert(session, slot);
        let (key, now) = (self.slots.key(slot), self.alarm.now());
        self.lay_down(slot, source, wait, now);
        Ok(key)
    }

    fn options_of(&self, source: &S) -> Options {
        Options { seed: self.options.seed ^ source.session(), ..self.options }
    }

    fn removed(&self, watched: Watched<S>) -> Option<Removed<S>> {
        removed(watched, self.alarm.now(), self.alarm.wall())
    }
}

/// The identities of the items among notices.
fn items_in<S: StatusSource>(notices: &VecDeque<Notice<S>>) -> Vec<u64> {
    let items = notices.iter().filter_map(|notice| match notice {
        Notice::Event { event: Event::Items(items), .. } => Some(items.iter().map(S::identity)),
        Notice::Event { .. } | Notice::Over { .. } | Notice::Suspended => None,
    });
    items.flatten().collect()
}

fn removed<S: StatusSource>(watched: Watched<S>, now: Tick, wall: std::time::SystemTime) -> Option<Removed<S>> {
    let Watched { source, activity } = watched;
    let kept = match activity {
        Activity::Asleep(dormant) => dormant.kept(now)?,
        Activity::Asking(asking) => asking.wait.kept(now),
    };
    let resume = Resume { session: source.session(), saved_at: wall, kept };
    Some(Removed { source, resume })
}

impl<S: StatusSource, C: Clock> Stream for Fleet<S, C> {
    type Item = Notice<S>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_notice(cx)
    }
}

impl<S: StatusSource, C: Clock> fmt::Debug for Fleet<S, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fleet")
            .field("sessions", &self.len())
            .field("in_flight", &self.requests.len())
            .finish_non_exhaustive()
    }
}
