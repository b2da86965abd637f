//! How soon the end of a session is noticed, and at what price in requests: our pace beside a poller that knows the future.
//!
//! `cargo bench -p benches --bench detect` prints the table. Everything happens in virtual time on the bare core, without
//! latency, so what is measured is the pace alone. A clairvoyant poller keeps to the documented range of gaps and knows when
//! the session will end: it asks at that very moment, and as rarely as the range allows before it.

#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::expect_used,
    reason = "a measurement rounds, and one that cannot go on is of no use"
)]

use std::time::Duration;

use abide_core::{Counters, Lifecycle, Observation, Options, Session, State, Step, Tick};

const SESSIONS: u64 = 20_000;

fn main() {
    let (calmyx, hum) = (calmyx_client::lifecycle::LIFECYCLE, hum_client::lifecycle::LIFECYCLE);
    println!("Time from a session's end to its detection, and requests, over {SESSIONS} random sessions each\n");
    println!("{:<44}{:>8}{:>8}{:>8}{:>8}{:>10}{:>12}", "", "median", "p90", "p99", "worst", "requests", "unchanged %");
    for (name, lifecycle, shortest, longest, steps) in [
        ("Calmyx, 5 s to 60 s, moves all the time", calmyx, 5.0, 60.0, 200),
        ("Calmyx, 1 min to 50 min, moves all the time", calmyx, 60.0, 3000.0, 200),
        ("Calmyx, 1 min to 50 min, moves 3 times", calmyx, 60.0, 3000.0, 3),
        ("Hum, 1 s to 28 s, two agents", hum, 1.0, 28.0, 2),
        ("Hum, 1 s to 28 s, nothing until the end", hum, 1.0, 28.0, 1),
    ] {
        let scenario = Scenario { lifecycle, shortest, longest, steps };
        println!("{name}");
        scenario.row("  abide", |scenario, seed, changes| ours(&scenario.lifecycle, seed, changes));
        scenario.row("  clairvoyant", |scenario, _, changes| clairvoyant(&scenario.lifecycle, changes));
        for every in [1.0, 5.0, 30.0] {
            scenario.row(&format!("  every {every} s, the first after that"), |_, _, changes| fixed(every, changes));
        }
    }
}

struct Scenario {
    lifecycle: Lifecycle,
    shortest: f64,
    longest: f64,
    /// How many changes a session shows, its end included.
    steps: u64,
}

/// What one poller made of one session.
struct Noticed {
    after: Duration,
    requests: u32,
    /// Requests that brought nothing new; a clairvoyant poller has no use for the word.
    unchanged: Option<u32>,
}

impl Scenario {
    fn row(&self, name: &str, poll: impl Fn(&Scenario, u64, &[Tick]) -> Noticed) {
        let noticed: Vec<Noticed> = (0..SESSIONS).map(|seed| poll(self, seed, &self.changes(seed))).collect();
        let mut after: Vec<f64> = noticed.iter().map(|one| one.after.as_secs_f64()).collect();
        after.sort_by(f64::total_cmp);
        let rank = |share: f64| {
            let place = (after.len() as f64 * share) as usize;
            after.get(place.min(after.len() - 1)).copied().unwrap_or_default()
        };
        let requests: u32 = noticed.iter().map(|one| one.requests).sum();
        let unchanged: Option<u32> = noticed.iter().map(|one| one.unchanged).sum();
        let share = |unchanged| format!("{:.0}", f64::from(unchanged) * 100.0 / f64::from(requests));
        println!(
            "{name:<44}{:>7.1}s{:>7.1}s{:>7.1}s{:>7.1}s{:>10.1}{:>12}",
            rank(0.5),
            rank(0.9),
            rank(0.99),
            rank(1.0),
            f64::from(requests) / SESSIONS as f64,
            unchanged.map_or_else(|| "-".to_owned(), share),
        );
    }

    /// When a session changes, its end last: log-uniform in length, the changes anywhere in it.
    fn changes(&self, seed: u64) -> Vec<Tick> {
        let mut random = Random(seed);
        let length = self.shortest * (self.longest / self.shortest).powf(random.unit());
        let mut changes: Vec<Tick> =
            (1..self.steps).map(|_| seconds(length * random.unit())).chain([seconds(length)]).collect();
        changes.sort_unstable();
        changes
    }
}

fn seconds(seconds: f64) -> Tick {
    Tick::ZERO + Duration::from_secs_f64(seconds)
}

fn seen(changes: &[Tick], now: Tick) -> usize {
    changes.partition_point(|change| *change <= now)
}

fn ours(lifecycle: &Lifecycle, seed: u64, changes: &[Tick]) -> Noticed {
    let total = i64::try_from(changes.len()).expect("few changes");
    let end = *changes.last().expect("at least the end");
    let mut now = Tick::ZERO;
    let options = Options::new(Duration::from_hours(2), seed);
    let mut session = Session::new(lifecycle, options, now).expect("a documented lifecycle");
    loop {
        match session.step(now) {
            Step::Send => session.handle_sent(now),
            Step::Wait(deadline) => now = deadline.at,
            Step::AwaitReply(_) => {
                let processed = i64::try_from(seen(changes, now)).expect("few changes");
                let state = if processed < total { State::Running } else { State::Completed };
                let counters = Counters { total, processed, successful: processed, failed: 0 };
                session.handle_reply(now, &Observation { state, counters, delivered: None, mark: 0 }, None);
            }
            Step::Over(_) => {
                let (requests, unchanged) = (session.polls(), Some(session.unchanged_polls()));
                return Noticed { after: now.since(end), requests, unchanged };
            }
        }
    }
}

/// Asks at the end, and before it as rarely as the range allows. The first request goes out at once, as the rule says.
fn clairvoyant(lifecycle: &Lifecycle, changes: &[Tick]) -> Noticed {
    let end = changes.last().expect("at least the end").since(Tick::ZERO);
    let (shortest, longest) = (lifecycle.interval.min, lifecycle.interval.max);
    let gaps = end.as_nanos().div_ceil(longest.as_nanos()).max(1);
    let requests = u32::try_from(gaps).expect("few gaps") + 1;
    let after = shortest.saturating_sub(end);
    Noticed { after, requests, unchanged: None }
}

fn fixed(every: f64, changes: &[Tick]) -> Noticed {
    let every = Duration::from_secs_f64(every);
    let end = *changes.last().expect("at least the end");
    let (mut now, mut requests, mut unchanged, mut before) = (Tick::ZERO, 0, 0, None);
    while now < end {
        now = now + every;
        requests += 1;
        let count = seen(changes, now);
        unchanged += u32::from(before == Some(count));
        before = Some(count);
    }
    Noticed { after: now.since(end), requests, unchanged: Some(unchanged) }
}

/// A small generator (splitmix64), so that every run prints the same table.
struct Random(u64);

impl Random {
    /// From 0 up to but not including 1.
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^= mixed >> 31;
        (mixed >> 11) as f64 / (1_u64 << 53) as f64
    }
}
