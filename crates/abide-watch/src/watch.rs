//! One wait: asks the core what to do, does it, and passes on what happened.

use std::fmt;
use std::future::{IntoFuture, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use abide_core::{End, Lifecycle, LifecycleError, Options, Session, Step, Tick};
use futures_core::Stream;

use crate::alarm::Alarm;
use crate::clock::{Clock, TokioClock};
use crate::delivered::Delivered;
use crate::error::{CloseError, WatchError};
use crate::event::Event;
use crate::outcome::Outcome;
use crate::resume::{Resume, ResumeError};
use crate::seen::Memory;
use crate::source::{BoxFuture, Fetched, StatusSource};
use crate::tally::Tally;
use crate::wait::Wait;

/// The wait for one session: a [`Stream`] of [`Event`]s and a future of the [`Outcome`]. See the
/// [crate documentation](crate) for an example.
///
/// Dropping it stops the waiting and leaves the session alone; [`close`](Self::close) ends the session itself.
pub struct Watch<S: StatusSource, C: Clock = TokioClock> {
    source: S,
    alarm: Alarm<C>,
    wait: Wait<S>,
    request: Option<BoxFuture<Fetched<S>>>,
    span: tracing::Span,
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

    /// Goes on with an earlier wait for the same session, on tokio's clock. Items that were given before are not given
    /// again, the time between is counted, and a wait that was given up begins another one.
    ///
    /// # Errors
    /// When `kept` was made for another session, or `lifecycle` contradicts itself.
    pub fn resume(source: S, lifecycle: &Lifecycle, options: Options, kept: &Resume) -> Result<Self, ResumeError> {
        Watch::resume_with_clock(source, lifecycle, options, kept, TokioClock::new())
    }
}

impl<S: StatusSource, C: Clock> Watch<S, C> {
    /// As [`new`](Watch::new), on another clock.
    ///
    /// # Errors
    /// When `lifecycle` contradicts itself.
    pub fn with_clock(source: S, lifecycle: &Lifecycle, options: Options, clock: C) -> Result<Self, LifecycleError> {
        let session = Session::new(lifecycle, options, clock.now())?;
        Ok(Watch::over(source, clock, session, Delivered::default(), Tally::default()))
    }

    /// As [`resume`](Watch::resume), on another clock.
    ///
    /// # Errors
    /// When `kept` was made for another session, or `lifecycle` contradicts itself.
    pub fn resume_with_clock(
        source: S,
        lifecycle: &Lifecycle,
        options: Options,
        kept: &Resume,
        clock: C,
    ) -> Result<Self, ResumeError> {
        let session = kept.session(source.session(), lifecycle, options, clock.now(), clock.wall())?;
        let (delivered, tally) = (kept.kept.delivered.clone(), kept.kept.tally.clone());
        Ok(Watch::over(source, clock, session, delivered, tally))
    }

    fn over(source: S, clock: C, session: Session, delivered: Delivered, tally: Tally) -> Self {
        let started = clock.now();
        let span = tracing::debug_span!("watch", session = format_args!("{:016x}", source.session()));
        let wait = Wait::new(session, started, delivered, tally);
        Watch { source, alarm: Alarm::new(clock), wait, request: None, span }
    }

    /// The next event; `None` for ever after [`Event::Ended`].
    ///
    /// Cancel-safe: the request in flight and the timer stay in the watch, and an event is lost by no dropped call.
    pub async fn next(&mut self) -> Option<Event<S::Item, S::Error>> {
        poll_fn(|cx| self.poll_event(cx)).await
    }

    /// Waits for the end; events not taken until then are dropped, and the items among them count as not given. After the end
    /// it answers at once.
    pub async fn outcome(mut self) -> Outcome<S::Status, S::Error> {
        let (end, _) = poll_fn(|cx| self.poll_end(cx)).await;
        self.conclude(end)
    }

    /// As [`outcome`](Self::outcome), with every end but a completed session as an error.
    ///
    /// # Errors
    /// See [`Outcome::into_result`].
    pub async fn completed(self) -> Result<Outcome<S::Status, S::Error>, WatchError<S::Status, S::Error>> {
        self.outcome().await.into_result()
    }

    /// The outcome, once [`Event::Ended`] has happened; `None` before.
    pub fn into_outcome(self) -> Option<Outcome<S::Status, S::Error>> {
        let (end, _) = self.wait.ended()?;
        Some(self.conclude(end))
    }

    /// Stops waiting and leaves the session alive: the value with which to go on later. Events that were not taken are
    /// dropped; items among them count as not given, and come again.
    pub fn stop(self) -> Resume {
        self.kept()
    }

    /// What [`stop`](Self::stop) would give, to write down while waiting goes on.
    pub fn kept(&self) -> Resume {
        self.wait.resume(self.source.session(), self.alarm.now(), self.alarm.wall())
    }

    /// Ends the session on the server, for APIs that can, and the wait with it: the next event is the end. A request in
    /// flight is dropped first, so that the dead session is not asked again.
    ///
    /// After the end it still closes a session that may live on; how the wait ended stays as it is, and no resume value asks
    /// that session again. Dropping the call
    /// leaves open whether the server got it; make it again, or go on waiting and see.
    ///
    /// # Errors
    /// When the API has no such call, or it failed; a wait that is not over goes on.
    pub async fn close(&mut self) -> Result<(), CloseError<S::Error>> {
        if self.wait.is_closed() {
            return Ok(());
        }
        let closing = self.source.close().ok_or(CloseError::NotOffered)?;
        if self.request.take().is_some() {
            self.wait.abandoned(self.alarm.now());
        }
        closing.await.map_err(CloseError::Failed)?;
        self.wait.closed(self.alarm.now());
        Ok(())
    }

    /// How the wait ended, once it has.
    pub fn end(&self) -> Option<End> {
        self.wait.ended().map(|(end, _)| end)
    }

    /// The last status so far.
    pub fn last_status(&self) -> Option<&S::Status> {
        self.wait.last_status()
    }

    fn poll_event(&mut self, cx: &mut Context<'_>) -> Poll<Option<Event<S::Item, S::Error>>> {
        loop {
            if let Some(event) = self.wait.events.pop_front() {
                return Poll::Ready(Some(event));
            }
            if self.wait.ended().is_some() {
                return Poll::Ready(None);
            }
            ready!(self.poll_step(cx));
        }
    }

    fn poll_end(&mut self, cx: &mut Context<'_>) -> Poll<(End, Tick)> {
        loop {
            self.wait.drop_events();
            if let Some(ended) = self.wait.ended() {
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
        let span = self.span.clone();
        let _entered = span.enter();
        if let Some(request) = self.request.as_mut()
            && let Poll::Ready(answer) = request.as_mut().poll(cx)
        {
            self.drop_request();
            self.wait.answered(self.alarm.now(), answer, None);
            return Poll::Ready(());
        }
        let now = self.alarm.now();
        let step = self.wait.step(now);
        if !self.wait.events.is_empty() && !matches!(step, Step::Over(_)) {
            return Poll::Ready(());
        }
        match step {
            Step::Send => {
                self.request = Some(self.source.fetch(&self.wait.seen(Memory::Bytes)));
                self.wait.sent(now);
                Poll::Ready(())
            }
            Step::Wait(deadline) => self.alarm.poll_until(deadline.at, cx),
            Step::AwaitReply(deadline) => self.poll_reply(deadline.at, cx),
            Step::Over(_) => {
                self.drop_request();
                Poll::Ready(())
            }
        }
    }

    fn drop_request(&mut self) {
        self.request = None;
        self.alarm.clear();
    }

    /// The request was polled just before, and is not done.
    fn poll_reply(&mut self, at: Tick, cx: &mut Context<'_>) -> Poll<()> {
        if self.request.is_none() {
            self.wait.abandoned(self.alarm.now());
            return Poll::Ready(());
        }
        self.alarm.poll_until(at, cx)
    }

    fn conclude(self, end: End) -> Outcome<S::Status, S::Error> {
        let resume = self.kept();
        self.wait.conclude(end, resume)
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
            .field("polls", &self.wait.session().polls())
            .field("in_flight", &self.request.is_some())
            .field("items", &self.wait.items())
            .field("ended", &self.wait.ended())
            .finish_non_exhaustive()
    }
}
