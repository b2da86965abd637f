//! One wait: asks the core what to do, does it, and passes on what happened.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::future::{IntoFuture, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use abide_core::{End, Event as CoreEvent, Lifecycle, LifecycleError, Options, Session, Step, Tick};
use futures_core::Stream;

use crate::clock::{Clock, TokioClock};
use crate::delivered::Delivered;
use crate::event::Event;
use crate::outcome::{Answer, Outcome};
use crate::source::{BoxFuture, Fetched, Refusal, Reply, StatusSource};

/// The wait for one session: a [`Stream`] of [`Event`]s and a future of the [`Outcome`]. See the
/// [crate documentation](crate) for an example.
pub struct Watch<S: StatusSource, C: Clock = TokioClock> {
    source: S,
    clock: C,
    session: Session,
    started: Tick,
    ended: Option<(End, Tick)>,
    request: Option<BoxFuture<Fetched<S>>>,
    timer: Option<(Tick, BoxFuture<()>)>,
    /// A finished sleep is believed, so that a clock behind its own timer cannot make a hot loop.
    slept_until: Tick,
    events: VecDeque<Event<S::Item, S::Error>>,
    delivered: Delivered,
    items: u64,
    last_status: Option<S::Status>,
    last_error: Option<Arc<S::Error>>,
    answers: BTreeMap<Answer, u32>,
}

/// Nothing in a watch is pinned in place: the futures are boxed.
impl<S: StatusSource, C: Clock> Unpin for Watch<S, C> {}

impl<S: StatusSource> Watch<S> {
    /// Begins a wait on tokio's clock. Nothing is sent before the first event or the outcome is asked for, but the
    /// longest wait counts from here until the first request is sent.
    ///
    /// # Errors
    /// When `lifecycle` contradicts itself.
    pub fn new(source: S, lifecycle: &Lifecycle, options: Options) -> Result<Self, LifecycleError> {
        Watch::with_clock(source, lifecycle, options, TokioClock::new())
    }
}

impl<S: StatusSource, C: Clock> Watch<S, C> {
    /// As [`new`](Watch::new), on another clock.
    ///
    /// # Errors
    /// When `lifecycle` contradicts itself.
    pub fn with_clock(source: S, lifecycle: &Lifecycle, options: Options, clock: C) -> Result<Self, LifecycleError> {
        let started = clock.now();
        Ok(Watch {
            session: Session::new(lifecycle, options, started)?,
            source,
            clock,
            started,
            ended: None,
            request: None,
            timer: None,
            slept_until: started,
            events: VecDeque::new(),
            delivered: Delivered::default(),
            items: 0,
            last_status: None,
            last_error: None,
            answers: BTreeMap::new(),
        })
    }

    /// The next event; `None` for ever after [`Event::Ended`].
    ///
    /// Cancel-safe: the request in flight and the timer stay in the watch, and an event is lost by no dropped call.
    pub async fn next(&mut self) -> Option<Event<S::Item, S::Error>> {
        poll_fn(|cx| self.poll_event(cx)).await
    }

    /// Waits for the end; events not taken until then are dropped. After the end it answers at once.
    pub async fn outcome(mut self) -> Outcome<S::Status, S::Error> {
        let (end, at) = poll_fn(|cx| self.poll_end(cx)).await;
        self.conclude(end, at)
    }

    /// The outcome, once [`Event::Ended`] has happened; `None` before.
    pub fn into_outcome(self) -> Option<Outcome<S::Status, S::Error>> {
        let (end, at) = self.ended?;
        Some(self.conclude(end, at))
    }

    /// How the wait ended, once it has.
    pub fn end(&self) -> Option<End> {
        self.ended.map(|(end, _)| end)
    }

    /// The last status so far.
    pub fn last_status(&self) -> Option<&S::Status> {
        self.last_status.as_ref()
    }

    fn poll_event(&mut self, cx: &mut Context<'_>) -> Poll<Option<Event<S::Item, S::Error>>> {
        loop {
            if let Some(event) = self.events.pop_front() {
                return Poll::Ready(Some(event));
            }
            if self.ended.is_some() {
                return Poll::Ready(None);
            }
            ready!(self.poll_step(cx));
        }
    }

    fn poll_end(&mut self, cx: &mut Context<'_>) -> Poll<(End, Tick)> {
        loop {
            self.events.clear();
            if let Some(ended) = self.ended {
                return Poll::Ready(ended);
            }
            ready!(self.poll_step(cx));
        }
    }

    /// Does one step of the core; ready when there may be news, or another step to do.
    ///
    /// An answer that is already there comes before the core's verdict on the time: whoever was slow to ask for the next
    /// event must not lose it.
    fn poll_step(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if let Some(request) = self.request.as_mut()
            && let Poll::Ready(answer) = request.as_mut().poll(cx)
        {
            self.answered(answer);
            return Poll::Ready(());
        }
        let now = self.now();
        let step = self.session.step(now);
        self.tell(now, Vec::new());
        if !self.events.is_empty() {
            return Poll::Ready(());
        }
        match step {
            Step::Send => {
                self.request = Some(self.source.fetch());
                self.session.handle_sent(now);
                Poll::Ready(())
            }
            Step::Wait(deadline) => self.poll_timer(deadline.at, cx),
            Step::AwaitReply(deadline) => self.poll_reply(deadline.at, cx),
            Step::Over(end) => {
                self.close(end, now);
                Poll::Ready(())
            }
        }
    }

    fn now(&self) -> Tick {
        self.clock.now().max(self.slept_until)
    }

    fn poll_timer(&mut self, at: Tick, cx: &mut Context<'_>) -> Poll<()> {
        let (_, sleep) = match self.timer.take() {
            Some(timer) if timer.0 == at => self.timer.insert(timer),
            Some(_) | None => self.timer.insert((at, self.clock.sleep_until(at))),
        };
        ready!(sleep.as_mut().poll(cx));
        self.timer = None;
        self.slept_until = at;
        Poll::Ready(())
    }

    /// The request was polled just before, and is not done.
    fn poll_reply(&mut self, at: Tick, cx: &mut Context<'_>) -> Poll<()> {
        if self.request.is_none() {
            self.session.handle_abandoned(self.now());
            return Poll::Ready(());
        }
        self.poll_timer(at, cx)
    }

    fn answered(&mut self, answer: Fetched<S>) {
        (self.request, self.timer) = (None, None);
        let now = self.now();
        match answer {
            Ok(reply) => self.replied(now, reply),
            Err(refusal) => self.refused(now, refusal),
        }
    }

    fn replied(&mut self, now: Tick, reply: Reply<S::Status, S::Item>) {
        let Reply { observation, status, items, retry_after } = reply;
        self.count(Answer::Ok);
        let new = self.delivered.keep_new(items, S::identity);
        self.items = self.items.saturating_add(new.len().try_into().unwrap_or(u64::MAX));
        self.last_status = Some(status);
        self.session.handle_reply(now, &observation, retry_after);
        let counters = observation.counters;
        tracing::debug!(
            poll = self.session.polls(),
            state = %observation.state,
            total = counters.total,
            processed = counters.processed,
            failed = counters.failed,
            new_items = new.len(),
            "status received"
        );
        self.tell(now, new);
    }

    fn refused(&mut self, now: Tick, refusal: Refusal<S::Error>) {
        let Refusal { setback, error } = refusal;
        let answer = Answer::Failed(setback.failure);
        self.count(answer);
        self.last_error = Some(Arc::new(error));
        self.session.handle_setback(now, setback);
        tracing::debug!(poll = self.session.polls(), answer = %answer, "no status received");
        self.tell(now, Vec::new());
    }

    fn count(&mut self, answer: Answer) {
        let count = self.answers.entry(answer).or_default();
        *count = count.saturating_add(1);
    }

    /// Passes the core's events on, with the new items before what may be the last word.
    fn tell(&mut self, now: Tick, new: Vec<S::Item>) {
        let mut new = Some(new).filter(|new| !new.is_empty());
        while let Some(event) = self.session.poll_event() {
            if matches!(event, CoreEvent::Settling | CoreEvent::Ended(_)) {
                self.events.extend(new.take().map(Event::Items));
            }
            if let CoreEvent::Ended(end) = event {
                self.close(end, now);
            }
            self.events.extend(self.translate(event, now));
        }
        self.events.extend(new.map(Event::Items));
    }

    fn translate(&self, event: CoreEvent, now: Tick) -> Option<Event<S::Item, S::Error>> {
        Some(match event {
            CoreEvent::State { from, to } => Event::State { from, to },
            CoreEvent::Progress(counters) => Event::Progress(counters),
            CoreEvent::Settling => Event::Settling,
            CoreEvent::Anomaly(anomaly) => Event::Anomaly(anomaly),
            CoreEvent::Retry { failure, at, attempt } => {
                let error = Arc::clone(self.last_error.as_ref()?);
                Event::Retry { failure, after: at.since(now), attempt, error }
            }
            CoreEvent::Overdue { since: _ } => Event::Overdue,
            CoreEvent::Ended(end) => Event::Ended(end),
        })
    }

    /// Lets go of whatever was still running; the first call counts.
    fn close(&mut self, end: End, at: Tick) {
        if self.request.take().is_some() {
            self.count(Answer::Nothing);
        }
        self.timer = None;
        self.ended.get_or_insert((end, at));
    }

    fn conclude(self, end: End, at: Tick) -> Outcome<S::Status, S::Error> {
        Outcome {
            end,
            elapsed: at.since(self.started),
            polls: self.session.polls(),
            unchanged: self.session.unchanged_polls(),
            items: self.items,
            counters: self.session.last_observation().map(|last| last.counters).unwrap_or_default(),
            last_status: self.last_status,
            last_error: self.last_error,
            replies: self.answers,
        }
    }
}

impl<S: StatusSource, C: Clock> Stream for Watch<S, C> {
    type Item = Event<S::Item, S::Error>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_event(cx)
    }
}

impl<S: StatusSource, C: Clock> IntoFuture for Watch<S, C> {
    type Output = Outcome<S::Status, S::Error>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.outcome())
    }
}

impl<S: StatusSource, C: Clock> fmt::Debug for Watch<S, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch")
            .field("polls", &self.session.polls())
            .field("in_flight", &self.request.is_some())
            .field("items", &self.items)
            .field("ended", &self.ended)
            .finish_non_exhaustive()
    }
}
