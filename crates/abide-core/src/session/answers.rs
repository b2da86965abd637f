//! What an answer leads to: another request, or the end of the wait.

use core::time::Duration;

use super::{Request, Session};
use crate::anomaly::Anomaly;
use crate::backoff::Pause;
use crate::end::{End, GaveUp};
use crate::event::{Event, Why};
use crate::failure::Failure;
use crate::schedule::Pace;
use crate::tick::Tick;

impl Session {
    /// The session is not done: plans the next poll, unless the server wants a pause that is not worth sitting out.
    pub(super) fn go_on(&mut self, sent: Tick, retry_after: Option<Duration>) {
        if let Some(asked) = retry_after.filter(|asked| self.is_too_long(*asked)) {
            return self.too_long(asked);
        }
        let pace = Pace { unchanged: self.unchanged_in_a_row, settling: false, retry_after };
        let deadline = self.schedule.after_reply(sent, self.now, pace);
        self.plan(deadline);
    }

    /// Plans the confirming poll. Where none fits, or the server wants a long pause first, what is known is enough.
    pub(super) fn settle(&mut self, sent: Tick, retry_after: Option<Duration>) {
        let pace = Pace { unchanged: 0, settling: true, retry_after };
        let deadline = self.schedule.after_reply(sent, self.now, pace);
        let too_long = retry_after.is_some_and(|asked| self.schedule.is_beyond_the_pace(asked));
        if too_long || deadline.why == Why::MaxWait {
            return self.settle_now();
        }
        self.events.push_back(Event::Settling);
        self.plan(deadline);
    }

    /// Ends a settling wait with what is known: no confirmation will come.
    pub(super) fn settle_now(&mut self) {
        self.stop(End::GaveUp(GaveUp::MaxWait));
    }

    /// The session expired or was closed.
    pub(super) fn gone(&mut self) {
        self.expiry.gone();
        if self.completion.is_settling() {
            self.events.push_back(Event::Anomaly(Anomaly::GoneAfterDone));
        }
        self.stop(End::Gone);
    }

    /// The same request may succeed later.
    pub(super) fn retry(&mut self, failure: Failure, retry_after: Option<Duration>) {
        if let Some(asked) = retry_after.filter(|asked| self.is_too_long(*asked)) {
            return self.too_long(asked);
        }
        let (pause, why) = if failure.is_throttled() {
            (Ok(self.backoff.throttled(self.schedule.jitter(), retry_after)), Why::Throttled)
        } else {
            (self.backoff.failed(self.schedule.jitter()), Why::Backoff)
        };
        match pause {
            Err(errors) => self.stop_after(retry_after, End::GaveUp(GaveUp::TooManyErrors(errors))),
            Ok(pause) => {
                let deadline = self.schedule.after_setback(self.now, pause, retry_after, why);
                self.plan_retry(failure, deadline);
            }
        }
    }

    /// A session that was never seen may only be too young.
    pub(super) fn not_found(&mut self, retry_after: Option<Duration>) {
        let failure = Failure::NotFound;
        let too_long = retry_after.filter(|asked| self.is_too_long(*asked));
        match (self.backoff.not_found(), too_long) {
            (None, _) => self.stop_after(retry_after, End::Refused(failure)),
            (Some(_), Some(asked)) => self.too_long(asked),
            (Some(pause), None) => {
                let deadline = self.schedule.after_setback(self.now, pause, retry_after, Why::Backoff);
                self.plan_retry(failure, deadline);
            }
        }
    }

    /// The server asks for a pause that this wait will not sit out.
    fn too_long(&mut self, asked: Duration) {
        self.stop_after(Some(asked), End::GaveUp(GaveUp::RetryAfterTooLong(asked)));
    }

    /// Ends the wait. One that is taken up later must not cut the pause short that the server asked for.
    pub(super) fn stop_after(&mut self, retry_after: Option<Duration>, end: End) {
        if let Some(asked) = retry_after {
            let gap = self.schedule.gap();
            let pause = Pause { least: gap, drawn: gap };
            self.request = Request::Due(self.schedule.after_setback(self.now, pause, Some(asked), Why::RetryAfter));
        }
        self.stop(end);
    }

    /// The pause is above the ceiling, or it alone keeps every further request from fitting. A wait that is over anyway, or
    /// that has no time left for the shortest gap, runs out by itself.
    fn is_too_long(&self, asked: Duration) -> bool {
        if asked > self.retry_after_ceiling {
            self.now < self.schedule.limit()
        } else {
            self.schedule.has_room(self.now) && !self.schedule.fits(self.now, asked)
        }
    }
}
