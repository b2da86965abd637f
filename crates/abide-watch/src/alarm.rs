//! The clock of a watch or a fleet, with the one timer that it sleeps by.

use std::task::{Context, Poll, ready};
use std::time::SystemTime;

use abide_core::Tick;

use crate::clock::Clock;
use crate::source::BoxFuture;

/// A finished sleep is believed, so that a clock behind its own timer cannot make a hot loop.
pub(crate) struct Alarm<C> {
    clock: C,
    timer: Option<(Tick, BoxFuture<()>)>,
    slept_until: Tick,
}

impl<C: Clock> Alarm<C> {
    pub(crate) fn new(clock: C) -> Alarm<C> {
        Alarm { slept_until: clock.now(), clock, timer: None }
    }

    pub(crate) fn now(&self) -> Tick {
        self.clock.now().max(self.slept_until)
    }

    pub(crate) fn wall(&self) -> SystemTime {
        self.clock.wall()
    }

    /// Ready at `at`. Another instant than last time is another timer.
    pub(crate) fn poll_until(&mut self, at: Tick, cx: &mut Context<'_>) -> Poll<()> {
        let (_, sleep) = match self.timer.take() {
            Some(timer) if timer.0 == at => self.timer.insert(timer),
            Some(_) | None => self.timer.insert((at, self.clock.sleep_until(at))),
        };
        ready!(sleep.as_mut().poll(cx));
        self.timer = None;
        self.slept_until = self.slept_until.max(at);
        Poll::Ready(())
    }

    /// Nobody waits any more.
    pub(crate) fn clear(&mut self) {
        self.timer = None;
    }
}
