//! Time that was shown stays past, over a crash and a wall clock that is set back too.
//!
//! What changes is stored with its time anyway. An answer that only reads is the problem: a session that was shown as
//! completed at noon must not be shown at work after a restart at eleven. So the server stores a moment a little ahead
//! (a lease) before an answer speaks of a later one than stored; under load that is a few small writes a second, when
//! nobody asks it is none. A server that stops in order gives back what it did not use; after a crash the clock goes on
//! from the end of the lease, a fraction of a second late.

use std::sync::atomic::{AtomicI64, Ordering};

use crate::{
    clock::{Moment, ServerClock},
    error::ServerError,
    store::{self, Store},
};

/// Up to when answers may speak without another write.
#[derive(Debug)]
pub(crate) struct ShownTime(AtomicI64);

impl ShownTime {
    /// Nothing is allowed yet.
    pub(crate) const fn new() -> Self {
        Self(AtomicI64::new(i64::MIN))
    }

    /// The current moment, once it may be shown.
    pub(crate) async fn now(&self, clock: &ServerClock, store: &Store) -> Result<Moment, ServerError> {
        let now = clock.now();
        if now > self.until() {
            let until = now.plus(clock.lease());
            store.transaction(move |database| store::allow_until(database, until)).await?;
            self.0.fetch_max(until.as_micros(), Ordering::AcqRel);
        }
        Ok(now)
    }

    /// Gives back the rest of the lease. Nothing may be shown after that.
    pub(crate) async fn close(&self, clock: &ServerClock, store: &Store) -> Result<(), ServerError> {
        let (until, now) = (self.until(), clock.now());
        store.transaction(move |database| store::give_back(database, until, now)).await
    }

    fn until(&self) -> Moment {
        Moment::from_micros(self.0.load(Ordering::Acquire))
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::*;

    #[tokio::test]
    async fn what_is_shown_is_stored_first() {
        let store = Store::open(None).unwrap();
        let clock = ServerClock::system();
        let shown = ShownTime::new();
        let now = shown.now(&clock, &store).await.unwrap();
        let stored = store.latest_moment().unwrap().unwrap();
        assert_eq!(stored, now.plus(clock.lease()), "a lease ahead");
        let later = shown.now(&clock, &store).await.unwrap();
        assert!(later >= now);
        shown.close(&clock, &store).await.unwrap();
        let closed = store.latest_moment().unwrap().unwrap();
        assert!(later <= closed && closed <= clock.now(), "the rest was given back");
    }

    #[tokio::test]
    async fn a_clock_that_stands_still_is_stored_exactly() {
        let store = Store::open(None).unwrap();
        let clock = ServerClock::manual(SystemTime::UNIX_EPOCH);
        let shown = ShownTime::new();
        for step in [1, 0, 5] {
            clock.advance(Duration::from_secs(step));
            let now = shown.now(&clock, &store).await.unwrap();
            assert_eq!(store.latest_moment().unwrap(), Some(now));
        }
    }
}
