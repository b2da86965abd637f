//! A request that was sent for one session of a fleet.

use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use tracing::Span;

use crate::source::{BoxFuture, Fetched, StatusSource};

/// A request with the place of its session; without an answer if it was dropped.
pub(super) struct InFlight<S: StatusSource> {
    slot: u32,
    request: Option<BoxFuture<Fetched<S>>>,
    waker: Option<Waker>,
    span: Span,
}

impl<S: StatusSource> InFlight<S> {
    pub(super) fn new(slot: u32, request: BoxFuture<Fetched<S>>, span: Span) -> InFlight<S> {
        InFlight { slot, request: Some(request), waker: None, span }
    }

    /// The request of this place, and not one that was dropped before the place was used again.
    pub(super) fn is_of(&self, slot: u32) -> bool {
        self.slot == slot && self.request.is_some()
    }

    /// Drops the request at once.
    pub(super) fn abandon(&mut self) {
        self.request = None;
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

impl<S: StatusSource> Future for InFlight<S> {
    type Output = (u32, Option<Fetched<S>>);

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        let _entered = this.span.enter();
        let Some(request) = this.request.as_mut() else { return Poll::Ready((this.slot, None)) };
        if let Poll::Ready(answer) = request.as_mut().poll(cx) {
            return Poll::Ready((this.slot, Some(answer)));
        }
        if this.waker.as_ref().is_none_or(|waker| !waker.will_wake(cx.waker())) {
            this.waker = Some(cx.waker().clone());
        }
        Poll::Pending
    }
}
