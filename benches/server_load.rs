//! How many status calls a second the reference server answers over real connections, beside a handler that answers
//! with the same bytes from memory, and how long answers take at a fixed pace while sessions progress.
//!
//! Client and servers share the processors of the machine. Both servers are measured in turn, several times; the median
//! of the ratios is what the closing table compares.

use std::{
    num::NonZeroU32,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use abide_server::{Filling, ServerClock};
use benches::{
    load::{Load, Measured},
    processor::busy,
    statistics::median,
    status_server::{BytesServer, Failure, StatusServer},
};

const ROUNDS: usize = 7;
const ROUND: Duration = Duration::from_secs(1);
const PACED: Duration = Duration::from_secs(5);
const CONNECTIONS: u32 = 32;
/// As long as the longest session takes, with some left.
const FINISHED: Duration = Duration::from_mins(1);
const TICK: Duration = Duration::from_millis(10);

/// What is asked for: results in an answer, sessions, and answers a second.
const GOALS: [(u32, u32, f64); 2] = [(500, 100, 2_000.0), (10, 1_000, 10_000.0)];

fn main() -> Result<(), Failure> {
    // `cargo test` runs benchmarks without this argument, and only wants to know that they start.
    let measuring = std::env::args().any(|argument| argument == "--bench");
    if !measuring {
        return Ok(());
    }
    for (results, sessions, goal) in GOALS {
        side_by_side(results, sessions, goal)?;
        while_sessions_progress(results, sessions, goal)?;
    }
    stored_polls()
}

fn calmyx(sessions: u32, locations: u32) -> Filling {
    Filling { speed: NonZeroU32::MIN, calmyx: sessions, locations, hum: 0 }
}

/// As fast as it goes, with finished sessions.
fn side_by_side(results: u32, sessions: u32, goal: f64) -> Result<(), Failure> {
    let server = StatusServer::start(calmyx(sessions, results))?;
    server.clock().advance(FINISHED);
    let plain = BytesServer::start(&server.calmyx_bodies()?)?;
    let requests = server.calmyx_requests();
    let round = |address, threads| {
        let load = Load { address, requests: &requests, connections: CONNECTIONS, length: ROUND, pace: None };
        let before = busy(threads).unwrap_or_default();
        let measured = load.run()?;
        let busy = busy(threads).unwrap_or_default().saturating_sub(before);
        Ok::<_, Failure>((measured.rate(), busy.as_secs_f64() * 1e6 / f64::from(measured.latencies.count())))
    };
    println!("\n{results} results in an answer, {sessions} finished sessions, {CONNECTIONS} connections");
    println!("{:>6}  {:^33}  {:^33}", "", "answers a second", "processor time per answer, us");
    let heads = format!("{:>11}{:>11}{:>11}", "memory", "server", "ratio");
    println!("{:>6}  {heads}  {heads}", "round");
    let mut all: [Vec<f64>; 6] = Default::default();
    for number in 1..=ROUNDS {
        let (memory, memory_busy) = round(plain.address(), BytesServer::THREADS)?;
        let (server, server_busy) = round(server.address(), StatusServer::THREADS)?;
        let row = [memory, server, server / memory, memory_busy, server_busy, memory_busy / server_busy];
        tell_row(&number.to_string(), row);
        all.iter_mut().zip(row).for_each(|(column, value)| column.push(value));
    }
    let medians = all.map(median);
    tell_row("median", medians);
    let [_, rate, ratio, ..] = medians;
    println!("goal: {goal:.0} a second ({}), ratio 0.33 ({})", verdict(rate >= goal), verdict(ratio >= 1.0 / 3.0));
    Ok(())
}

fn tell_row(name: &str, [memory, server, ratio, memory_busy, server_busy, busy_ratio]: [f64; 6]) {
    println!(
        "{name:>6}  {memory:>11.0}{server:>11.0}{ratio:>11.2}  {memory_busy:>11.1}{server_busy:>11.1}{busy_ratio:>11.2}"
    );
}

const fn verdict(reached: bool) -> &'static str {
    if reached { "reached" } else { "missed" }
}

/// At the pace of the goal, while the sessions run from their beginning to their end.
fn while_sessions_progress(results: u32, sessions: u32, goal: f64) -> Result<(), Failure> {
    let server = StatusServer::start(calmyx(sessions, results))?;
    let requests = server.calmyx_requests();
    // Each session is read from the file once; what is sustained comes after that.
    server.calmyx_bodies()?;
    let at = |address| Load { address, requests: &requests, connections: CONNECTIONS, length: PACED, pace: Some(goal) };
    let speed = FINISHED.as_secs_f64() / PACED.as_secs_f64();
    let measured = while_time_passes(server.clock(), speed, || at(server.address()).run())?;
    println!("paced at {goal:.0} a second while they progress");
    tell_pace("server", &measured);
    // What of it is the machine and its other users.
    let plain = BytesServer::start(&server.calmyx_bodies()?)?;
    tell_pace("memory", &at(plain.address()).run()?);
    Ok(())
}

/// Hum: each poll renews the session, and is on disk before it is answered. Those that wait together share a commit.
fn stored_polls() -> Result<(), Failure> {
    let server = StatusServer::start(Filling { speed: NonZeroU32::MIN, calmyx: 0, locations: 0, hum: 1_000 })?;
    // The address is known then; until then the answer is 202.
    server.clock().advance(Duration::from_secs(10));
    let requests = server.hum_requests();
    println!("\nHum, 1000 sessions: each poll is stored before it is answered");
    for connections in [1, CONNECTIONS] {
        let load = Load { address: server.address(), requests: &requests, connections, length: ROUND, pace: None };
        let mut rates = Vec::new();
        for _ in 0..ROUNDS {
            // At the same moment as before there would be nothing to store.
            rates.push(while_time_passes(server.clock(), 1.0, || load.run())?.rate());
        }
        println!("{connections:>3} connections: {:.0} a second, median of {ROUNDS}", median(rates));
    }
    Ok(())
}

/// Moves the clock that many times as fast as time passes.
fn while_time_passes<T>(clock: &ServerClock, speed: f64, act: impl FnOnce() -> T) -> T {
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                thread::sleep(TICK);
                clock.advance(TICK.mul_f64(speed));
            }
        });
        let result = act();
        over.store(true, Ordering::Relaxed);
        result
    })
}

fn tell_pace(name: &str, measured: &Measured) {
    let millis = |permille| measured.latencies.permille(permille).as_secs_f64() * 1000.0;
    println!(
        "{name}: {:.0} a second, {} bytes a body; \
         p50 {:.1} ms, p99 {:.1} ms, p99.9 {:.1} ms, longest {:.1} ms",
        measured.rate(),
        measured.mean_body(),
        millis(500),
        millis(990),
        millis(999),
        millis(1000)
    );
}
