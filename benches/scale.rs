//! How many sessions one process watches at the documented pace, against the reference server on the same machine.
//!
//! One thread watches all of them as one fleet; the server has threads of its own in the same process, so that the processor
//! time of both is known. Time passes more slowly for the server than for the fleet: no session ends while it is measured.
//! A number is kept when no request left more than a second after its time, in the half minute after everybody was asked twice.
//!
//! `cargo bench -p benches --bench scale` tries 100,000 and fewer until a number is kept; numbers as arguments are tried
//! instead.

#![allow(
    clippy::cast_precision_loss,
    clippy::expect_used,
    reason = "a measurement rounds, and one that cannot go on is of no use"
)]

use std::{
    num::NonZeroU32,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use abide_core::Options;
use abide_server::{Filling, ServerClock};
use abide_watch::{Budget, Delays, Fleet};
use benches::{
    processor::busy,
    status_server::{Failure, StatusServer},
};
use calmyx_client::{BaseUrl, Client, Credential, SessionSource, lifecycle::LIFECYCLE};

const NUMBERS: [u32; 4] = [100_000, 75_000, 50_000, 25_000];
const LOCATIONS: u32 = 10;
const IN_FLIGHT: u32 = 64;
/// The thread that watches.
const WATCHER: &str = "fleet";
/// Everybody was asked at once, and once more at the documented pace.
const SETTLING: Duration = Duration::from_secs(25);
const MEASURED: Duration = Duration::from_secs(30);
/// How late a request may leave.
const LATE: Duration = Duration::from_secs(1);
/// The server's time is this many times slower.
const SLOWER: f64 = 20.0;
const TICK: Duration = Duration::from_millis(50);

fn main() -> Result<(), Failure> {
    // `cargo test` runs benchmarks without this argument, and only wants to know that they start.
    if !std::env::args().any(|argument| argument == "--bench") {
        return Ok(());
    }
    let asked: Vec<u32> = std::env::args().filter_map(|argument| argument.parse().ok()).collect();
    println!("sessions of {LOCATIONS} locations, {IN_FLIGHT} requests in flight, a core is 100 %\n");
    println!(
        "{:>9}{:>10}{:>12}{:>12}{:>10}{:>10}{:>15}",
        "sessions", "polls/s", "late, mean", "latest", "fleet", "server", "bytes/session"
    );
    let numbers = if asked.is_empty() { NUMBERS.to_vec() } else { asked.clone() };
    for number in numbers {
        let figures = watched(number)?;
        figures.tell(number);
        if asked.is_empty() && figures.delays.longest <= LATE {
            break;
        }
    }
    Ok(())
}

struct Figures {
    seconds: f64,
    delays: Delays,
    fleet: f64,
    server: f64,
    bytes: f64,
}

impl Figures {
    fn tell(&self, number: u32) {
        let millis = |late: Duration| format!("{:.1} ms", late.as_secs_f64() * 1000.0);
        let percent = |share: f64| format!("{:.0} %", share * 100.0);
        let requests = self.delays.requests as f64;
        println!(
            "{number:>9}{:>10.0}{:>12}{:>12}{:>10}{:>10}{:>15.0}{}",
            requests / self.seconds,
            millis(self.delays.total.div_f64(requests.max(1.0))),
            millis(self.delays.longest),
            percent(self.fleet),
            percent(self.server),
            self.bytes,
            if self.delays.longest <= LATE { "  kept" } else { "  not kept" },
        );
    }
}

fn watched(number: u32) -> Result<Figures, Failure> {
    let filling = Filling { speed: NonZeroU32::MIN, calmyx: number, locations: LOCATIONS, hum: 0 };
    let server = StatusServer::start(filling)?;
    // Some of the locations are done.
    server.clock().advance(Duration::from_secs(5));
    let base = BaseUrl::parse(&format!("http://{}", server.address()))?;
    let client = Client::new(base, Credential::new(server.calmyx_key().to_owned())?)?;
    while_time_passes(server.clock(), || {
        let watcher = thread::Builder::new().name(WATCHER.to_owned()).spawn({
            let ids = server.calmyx_ids().to_vec();
            move || watch(&client, &ids)
        });
        watcher?.join().map_err(|_| "the fleet panicked")?
    })
}

/// On the thread that watches.
fn watch(client: &Client, ids: &[String]) -> Result<Figures, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut fleet = None;
        let held = allocation_counter::measure(|| fleet = all_of(client, ids).ok());
        let mut fleet = fleet.ok_or("no fleet")?;
        watch_for(&mut fleet, SETTLING).await;
        fleet.take_delays();
        let before = [WATCHER, StatusServer::THREADS].map(|threads| busy(threads).unwrap_or_default());
        let begun = Instant::now();
        watch_for(&mut fleet, MEASURED).await;
        let seconds = begun.elapsed().as_secs_f64();
        let after = [WATCHER, StatusServer::THREADS].map(|threads| busy(threads).unwrap_or_default());
        let share = |index: usize| {
            let spent = after.get(index).zip(before.get(index)).map(|(after, before)| after.saturating_sub(*before));
            spent.unwrap_or_default().as_secs_f64() / seconds
        };
        Ok(Figures {
            seconds,
            delays: fleet.take_delays(),
            fleet: share(0),
            server: share(1),
            bytes: held.bytes_current as f64 / ids.len() as f64,
        })
    })
}

fn all_of(client: &Client, ids: &[String]) -> Result<Fleet<SessionSource>, Failure> {
    let options = Options::new(Duration::from_hours(24), 1);
    let budget = Budget { period: Duration::ZERO, burst: 1, in_flight: IN_FLIGHT };
    let mut fleet = client.fleet_with(&LIFECYCLE, options, budget)?;
    for id in ids {
        fleet.add(client.session_source(id.as_str())).map_err(|_| "the same session twice")?;
    }
    Ok(fleet)
}

/// What is told is not of interest.
async fn watch_for(fleet: &mut Fleet<SessionSource>, length: Duration) {
    let _ = tokio::time::timeout(length, async { while fleet.next().await.is_some() {} }).await;
}

/// Moves the clock more slowly than time passes.
fn while_time_passes<T>(clock: &ServerClock, act: impl FnOnce() -> T) -> T {
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                thread::sleep(TICK);
                clock.advance(TICK.div_f64(SLOWER));
            }
        });
        let result = act();
        over.store(true, Ordering::Relaxed);
        result
    })
}
