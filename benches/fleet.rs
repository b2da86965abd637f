//! What a watched session costs: bytes while it sleeps, and processor time per poll, for 100,000 of them in virtual time.
//!
//! `cargo bench -p benches --bench fleet` prints the table; a number as argument is another number of sessions.

#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::expect_used,
    reason = "a measurement rounds, and one that cannot go on is of no use"
)]

use std::time::Instant;

use abide_core::{Counters, Observation, Options, State, Tick};
use abide_watch::{
    BoxFuture, Budget, Clock, Fetched, Fingerprint, Fleet, Notice, Reply, Seen, StatusSource, TestClock,
};
use std::time::Duration;

/// How long each session is watched.
const WATCHED: Duration = Duration::from_mins(5);

fn main() {
    // Cargo adds `--bench`.
    let sessions = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(100_000_u64);
    println!("{sessions} sessions at the documented pace of Calmyx, in virtual time\n");
    println!("{:<34}{:>12}{:>12}", "", "no items", "10 items");
    let [bare, with_items] = [0, 10].map(|items| Figures::of(sessions, items));
    let row = |name: &str, of: fn(&Figures) -> f64| {
        println!("{name:<34}{:>12.1}{:>12.1}", of(&bare), of(&with_items));
    };
    row("bytes a sleeping session, all", |figures| figures.bytes);
    row("  of these its id and its index", |figures| figures.id_bytes);
    let items = [0.0, with_items.bytes - bare.bytes];
    println!("{:<34}{:>12.1}{:>12.1}", "  of these its delivered items", items[0], items[1]);
    let rest = [&bare, &with_items].map(|figures| figures.bytes - figures.id_bytes);
    println!("{:<34}{:>12.1}{:>12.1}", "  the rest", rest[0] - items[0], rest[1] - items[1]);
    row("allocations a poll", |figures| figures.allocations);
    row("processor time a poll, ns", |figures| figures.nanoseconds);
    row("polls a second on one core", |figures| 1e9 / figures.nanoseconds);
    row("busy at the documented pace, %", |figures| figures.busy * 100.0);
}

struct Figures {
    bytes: f64,
    id_bytes: f64,
    allocations: f64,
    nanoseconds: f64,
    /// The share of one core that watching takes.
    busy: f64,
}

impl Figures {
    fn of(sessions: u64, items: u64) -> Figures {
        let clock = TestClock::new();
        let mut fleet = None;
        let asleep = allocation_counter::measure(|| {
            let mut all = empty(&clock);
            (0..sessions).for_each(|id| assert!(all.add(Endless { id, items, clock: clock.clone() }).is_ok()));
            let polls = watch_until(&clock, &mut all, Tick::ZERO + Duration::from_secs(12));
            assert!(polls >= sessions, "everybody was asked at least once");
            fleet = Some(all);
        });
        let mut fleet = fleet.expect("just made");
        let begun = Instant::now();
        let mut polls = 0;
        let watching = allocation_counter::measure(|| {
            polls = watch_until(&clock, &mut fleet, Tick::ZERO + WATCHED);
        });
        let each = |number: f64, of: u64| number / of as f64;
        let seconds = begun.elapsed().as_secs_f64();
        Figures {
            bytes: each(asleep.bytes_current as f64, sessions),
            // The source in its slot, and the index by which no session is watched twice: a hash table, at most 7/8 full.
            id_bytes: size_of::<Endless>() as f64 + index_bytes(sessions),
            allocations: each(watching.count_total as f64, polls),
            nanoseconds: each(seconds * 1e9, polls),
            busy: seconds / WATCHED.as_secs_f64(),
        }
    }
}

/// What a hash table from `u64` to `u32` takes a session.
fn index_bytes(sessions: u64) -> f64 {
    let table = allocation_counter::measure(|| {
        let table: std::collections::HashMap<u64, u32> = (0..sessions).map(|id| (id, 0)).collect();
        std::mem::forget(table);
    });
    table.bytes_current as f64 / sessions as f64
}

fn empty(clock: &TestClock) -> Fleet<Endless, TestClock> {
    let options = Options::new(Duration::from_hours(24), 1);
    let budget = Budget { period: Duration::ZERO, burst: 1, in_flight: 64 };
    Fleet::with_clock(&calmyx_client::lifecycle::LIFECYCLE, options, budget, clock.clone()).expect("a sound lifecycle")
}

/// Watches until `until`, and counts the polls: every poll makes progress, and so one event of it.
fn watch_until(clock: &TestClock, fleet: &mut Fleet<Endless, TestClock>, until: Tick) -> u64 {
    let mut polls = 0;
    while clock.now() < until {
        let notice = clock.run(fleet.next()).flatten().expect("nothing ends");
        if matches!(notice, Notice::Event { event: abide_watch::Event::Progress(_), .. }) {
            polls += 1;
        }
    }
    polls
}

/// A session that always moves and never ends.
struct Endless {
    id: u64,
    items: u64,
    clock: TestClock,
}

impl StatusSource for Endless {
    type Status = ();
    type Item = u64;
    type Error = std::io::Error;

    fn fetch(&self, _: &Seen) -> BoxFuture<Fetched<Endless>> {
        let processed = i64::try_from(self.clock.now().as_nanos() / 1_000_000_000).unwrap_or(i64::MAX);
        let counters = Counters { total: 100_000, processed, successful: processed, failed: 0 };
        let items: Vec<u64> = (0..self.items).collect();
        let observation = Observation { state: State::Running, counters, delivered: Some(self.items), mark: 0 };
        let (known, seen) = (0, Seen::nothing());
        let reply = Reply { observation, status: (), items, known, seen, retry_after: None, bytes: 2000 };
        Box::pin(std::future::ready(Ok(reply)))
    }

    fn session(&self) -> u64 {
        Fingerprint::new().number(self.id).finish()
    }

    fn identity(item: &u64) -> u64 {
        *item
    }
}
