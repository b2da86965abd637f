//! A clock that stands still until it is told to move: whole waits in no time, without a runtime.

use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use abide_core::Tick;

use crate::clock::Clock;
use crate::source::BoxFuture;

/// Virtual time for tests of whatever waits. A clone is the same clock.
///
/// [`run`](Self::run) polls a future and lets time jump to the next sleep whenever nothing else can happen, so an hour of
/// waiting takes no time and always takes the same course.
///
/// ```
/// use abide_core::Tick;
/// use abide_watch::{Clock, TestClock};
/// use std::time::Duration;
///
/// let clock = TestClock::new();
/// let hour = Tick::ZERO + Duration::from_secs(3600);
/// assert_eq!(clock.run(clock.sleep_until(hour)), Some(()));
/// assert_eq!(clock.now(), hour);
/// assert_eq!(clock.run(std::future::pending::<()>()), None, "nothing is left that could wake it");
/// ```
#[derive(Clone, Debug, Default)]
pub struct TestClock {
    time: Arc<Mutex<Time>>,
}

#[derive(Debug, Default)]
struct Time {
    now: Tick,
    sleepers: BTreeMap<(Tick, u64), Waker>,
    next_sleeper: u64,
}

impl TestClock {
    /// A clock at zero; its time of day begins with 1970.
    pub fn new() -> TestClock {
        TestClock::default()
    }

    /// Moves on by `span` and wakes whoever slept until then.
    pub fn advance(&self, span: Duration) {
        let to = self.now() + span;
        self.wake(to);
    }

    /// Moves on to the earliest instant that somebody sleeps for; `false` when nobody sleeps.
    pub fn advance_to_next(&self) -> bool {
        let next = self.lock().sleepers.keys().next().map(|(at, _)| *at);
        next.is_some_and(|at| {
            self.wake(at);
            true
        })
    }

    /// Runs a future to its end, moving on whenever it waits for time. `None` when it waits for something that never comes.
    pub fn run<F: Future>(&self, future: F) -> Option<F::Output> {
        let woken = Arc::new(Woken(AtomicBool::new(true)));
        let waker = Waker::from(Arc::clone(&woken));
        let mut future = pin!(future);
        loop {
            while woken.0.swap(false, Ordering::AcqRel) {
                if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
                    return Some(output);
                }
            }
            if !self.advance_to_next() {
                return None;
            }
        }
    }

    fn wake(&self, to: Tick) {
        let due = {
            let mut time = self.lock();
            let now = time.now.max(to);
            time.now = now;
            let later = time.sleepers.split_off(&(now, u64::MAX));
            std::mem::replace(&mut time.sleepers, later)
        };
        due.into_values().for_each(Waker::wake);
    }

    fn lock(&self) -> MutexGuard<'_, Time> {
        self.time.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for TestClock {
    fn now(&self) -> Tick {
        self.lock().now
    }

    fn sleep_until(&self, at: Tick) -> BoxFuture<()> {
        let mut sleeper = Sleeper { clock: self.clone(), at, number: None };
        Box::pin(poll_fn(move |cx| sleeper.poll(cx)))
    }

    fn wall(&self) -> SystemTime {
        UNIX_EPOCH.checked_add(self.now().since(Tick::ZERO)).unwrap_or(UNIX_EPOCH)
    }
}

/// One sleep; forgotten by the clock when it is dropped.
struct Sleeper {
    clock: TestClock,
    at: Tick,
    number: Option<u64>,
}

impl Sleeper {
    fn poll(&mut self, cx: &Context<'_>) -> Poll<()> {
        let mut time = self.clock.lock();
        if time.now >= self.at {
            return Poll::Ready(());
        }
        let number = *self.number.get_or_insert_with(|| {
            time.next_sleeper = time.next_sleeper.wrapping_add(1);
            time.next_sleeper
        });
        time.sleepers.insert((self.at, number), cx.waker().clone());
        Poll::Pending
    }
}

impl Drop for Sleeper {
    fn drop(&mut self) {
        if let Some(number) = self.number {
            self.clock.lock().sleepers.remove(&(self.at, number));
        }
    }
}

/// Remembers that the future asked to be polled again.
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(secs: u64) -> Tick {
        Tick::ZERO + Duration::from_secs(secs)
    }

    #[test]
    fn sleeps_end_in_the_order_of_their_instants() {
        let clock = TestClock::new();
        let order = Mutex::new(Vec::new());
        let sleep = |secs| {
            let (clock, order) = (clock.clone(), &order);
            async move {
                clock.sleep_until(at(secs)).await;
                order.lock().unwrap().push((secs, clock.now()));
            }
        };
        let all = async {
            futures_util::future::join_all([sleep(5), sleep(2), sleep(9), sleep(2)]).await;
        };
        assert_eq!(clock.run(all), Some(()));
        assert_eq!(*order.lock().unwrap(), [(2, at(2)), (2, at(2)), (5, at(5)), (9, at(9))]);
    }

    #[test]
    fn a_dropped_sleep_holds_nobody_up() {
        let clock = TestClock::new();
        let mut sleep = clock.sleep_until(at(5));
        assert!(sleep.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        drop(sleep);
        assert!(!clock.advance_to_next());
        assert_eq!(clock.now(), Tick::ZERO);
    }

    #[test]
    fn moving_by_hand_passes_sleeps_and_never_goes_back() {
        let clock = TestClock::new();
        let mut sleep = clock.sleep_until(at(5));
        assert!(sleep.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        clock.advance(Duration::from_secs(7));
        assert!(sleep.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready());
        assert_eq!(clock.now(), at(7));
        assert_eq!(clock.wall().duration_since(UNIX_EPOCH).unwrap(), Duration::from_secs(7));
    }
}
