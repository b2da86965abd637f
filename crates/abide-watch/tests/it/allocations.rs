//! How often a poll allocates when nothing is new, and when ten items are: counted, so that nobody needs to guess.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use abide_core::{Counters, Observation, Options, State, Tick};
use abide_watch::{BoxFuture, Budget, Clock, Fetched, Fingerprint, Fleet, Reply, Seen, StatusSource, TestClock, Watch};
use bytes::Bytes;
use futures_util::future::{Either, select};

use crate::scripted::{LIFECYCLE, ScriptedError};

/// A growing list as text, of which only what is new is read.
#[derive(Clone, Debug)]
struct Growing {
    id: u64,
    bodies: Arc<[Bytes]>,
    asked: Arc<AtomicUsize>,
}

impl Growing {
    fn new(id: u64, items_a_poll: usize, polls: usize) -> Growing {
        let mut body = "[1".to_owned();
        let grow = |poll: usize| {
            body += &(0..items_a_poll).map(|item| format!(",{}", poll * 100 + item + 2)).collect::<String>();
            Bytes::from(body.clone() + "]")
        };
        let bodies = (0..polls).map(grow).collect();
        Growing { id, bodies, asked: Arc::default() }
    }

    fn polls(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }
}

impl StatusSource for Growing {
    type Status = ();
    type Item = u64;
    type Error = ScriptedError;

    fn fetch(&self, seen: &Seen) -> BoxFuture<Fetched<Growing>> {
        let poll = self.asked.fetch_add(1, Ordering::Relaxed);
        let body = self.bodies[poll % self.bodies.len()].clone();
        let known = seen.known_in(&body);
        let (skip, before) = known.as_ref().map_or((1, 0), |known| (known.bytes, known.items));
        let text = std::str::from_utf8(&body[skip..body.len() - 1]).unwrap();
        let mut items = Vec::with_capacity(if text.is_empty() { 0 } else { 16 });
        items.extend(text.split(',').filter(|item| !item.is_empty()).map(|item| item.parse::<u64>().unwrap()));
        let seen = seen.after(body.slice(..body.len() - 1), known, items.len(), 0);
        let processed = i64::try_from(before + items.len()).unwrap();
        let counters = Counters { total: 1_000_000, processed, successful: processed, failed: 0 };
        let observation = Observation { state: State::Running, counters, delivered: None, mark: 0 };
        let reply = Reply { observation, status: (), items, known: before, seen, retry_after: None, bytes: 0 };
        Box::pin(std::future::ready(Ok(reply)))
    }

    fn session(&self) -> u64 {
        Fingerprint::new().number(self.id).finish()
    }

    fn identity(item: &u64) -> u64 {
        *item
    }
}

const WARM: Tick = Tick::from_nanos(40_000_000_000);
const UNTIL: Tick = Tick::from_nanos(140_000_000_000);

/// Takes whatever comes until `at`.
fn take_until<T>(clock: &TestClock, at: Tick, mut next: impl AsyncFnMut() -> T) {
    let done = clock.run(async {
        let mut until = clock.sleep_until(at);
        loop {
            let next = std::pin::pin!(next());
            match select(next, until).await {
                Either::Left((_, rest)) => until = rest,
                Either::Right(_) => return,
            }
        }
    });
    assert_eq!(done, Some(()));
}

/// Allocations a poll in steady state, rounded up.
fn a_poll<T>(clock: &TestClock, source: &Growing, mut next: impl AsyncFnMut() -> T) -> u64 {
    take_until(clock, WARM, &mut next);
    let before = source.polls();
    let measured = allocation_counter::measure(|| take_until(clock, UNTIL, &mut next));
    let polls = u64::try_from(source.polls() - before).unwrap();
    assert!(polls >= 50, "{polls}");
    assert!(measured.bytes_max < 1 << 20, "{measured:?}");
    measured.count_total.div_ceil(polls)
}

fn of_a_watch(source: &Growing) -> u64 {
    let clock = TestClock::new();
    let options = Options::new(Duration::from_hours(1), 1);
    let mut watch = Watch::with_clock(source.clone(), &LIFECYCLE, options, clock.clone()).unwrap();
    a_poll(&clock, source, async || watch.next().await)
}

/// Of a fleet of one.
fn of_a_fleet(source: &Growing) -> u64 {
    let clock = TestClock::new();
    let options = Options::new(Duration::from_hours(1), 1);
    let budget = Budget { period: Duration::ZERO, burst: 1, in_flight: 10 };
    let mut fleet = Fleet::with_clock(&LIFECYCLE, options, budget, clock.clone()).unwrap();
    fleet.add(source.clone()).unwrap();
    a_poll(&clock, source, async || fleet.next().await)
}

#[test]
fn a_poll_allocates_in_single_digits() {
    let (still, growing) = (|| Growing::new(1, 0, 1), || Growing::new(1, 10, 80));
    let counted = [of_a_watch(&still()), of_a_watch(&growing()), of_a_fleet(&still()), of_a_fleet(&growing())];
    // The request's own future and list of items, and the test clock's timers, are among them.
    for (counted, most) in counted.iter().zip([4, 5, 7, 9]) {
        assert!(*counted <= most, "{counted:?} allocations, and at most {most} are enough");
    }
}

/// Without items, each asked at least once, beside its source and the index by which none is watched twice.
#[test]
fn a_sleeping_session_is_small() {
    const SESSIONS: u64 = 20_000;
    let bytes = |of: &mut dyn FnMut()| allocation_counter::measure(of).bytes_current;
    let source = Growing { bodies: Arc::new([Bytes::from_static(b"[]")]), ..Growing::new(0, 0, 1) };
    let mut kept = None;
    let all = bytes(&mut || {
        let clock = TestClock::new();
        let budget = Budget { period: Duration::ZERO, burst: 1, in_flight: 64 };
        let options = Options::new(Duration::from_hours(24), 1);
        let mut fleet = Fleet::with_clock(&LIFECYCLE, options, budget, clock.clone()).unwrap();
        for id in 0..SESSIONS {
            fleet.add(Growing { id, ..source.clone() }).unwrap();
        }
        take_until(&clock, Tick::from_nanos(5_000_000_000), async || fleet.next().await);
        kept = Some(fleet);
    });
    assert!(source.polls() >= 20_000);
    let index = bytes(&mut || std::mem::forget((0..SESSIONS).map(|id| (id, 0_u32)).collect::<HashMap<_, _>>()));
    let each = u64::try_from(all - index).unwrap() / SESSIONS - u64::try_from(size_of::<Growing>()).unwrap();
    assert!(each < 128, "{each} bytes");
}
