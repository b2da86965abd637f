//! How many status calls a second the reference server answers over real connections, beside a handler that answers
//! with the same bytes from memory, and how long answers take at a fixed pace while sessions progress.
//!
//! Client and servers share the processors of the machine. Both servers are measured in turn, several times; the median
//! of the ratios is what the closing table compares.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use benches::{
    load::{Load, Measured},
    processor::busy,
    statistics::median,
    status_server::{BytesServer, Failure, StatusServer},
};

const ROUNDS: usize = 7;
const ROUND: Duration = Duration::from_millis(1000);
const PACED: Duration = Duration::from_secs(5);
const CONNECTIONS: usize = 32;
/// As long as the longest session takes, with some left.
const FINISHED: Duration = Duration::from_secs(60);
const TICK: Duration = Duration::from_millis(10);

/// What is asked for: results in an answer, sessions, and answers a second.
const GOALS: [(u32, usize, f64); 2] = [(500, 100, 2_000.0), (10, 1_000, 10_000.0)];

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
    Ok(())
}

/// As fast as it goes, with finished sessions.
fn side_by_side(results: u32, sessions: usize, goal: f64) -> Result<(), Failure> {
    let server = StatusServer::start(sessions, results)?;
    server.clock().advance(FINISHED);
    let plain = BytesServer::start(&server.bodies()?)?;
    let requests = server.requests();
    let round = |address, threads| {
        let load = Load { address, requests: &requests, connections: CONNECTIONS, length: ROUND, pace: None };
        let before = busy(threads).unwrap_or_default();
        let measured = load.run()?;
        let busy = busy(threads).unwrap_or_default().saturating_sub(before);
        Ok::<_, Failure>((measured.rate(), busy.as_secs_f64() * 1e6 / measured.latencies.count() as f64))
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
fn while_sessions_progress(results: u32, sessions: usize, goal: f64) -> Result<(), Failure> {
    let server = StatusServer::start(sessions, results)?;
    let requests = server.requests();
    let over = AtomicBool::new(false);
    let step = FINISHED.mul_f64(TICK.as_secs_f64() / PACED.as_secs_f64());
    let measured = thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                thread::sleep(TICK);
                server.clock().advance(step);
            }
        });
        let load = Load {
            address: server.address(),
            requests: &requests,
            connections: CONNECTIONS,
            length: PACED,
            pace: Some(goal),
        };
        let measured = load.run();
        over.store(true, Ordering::Relaxed);
        measured
    })?;
    tell_pace(&measured, goal);
    Ok(())
}

fn tell_pace(measured: &Measured, goal: f64) {
    let millis = |permille| measured.latencies.permille(permille).as_secs_f64() * 1000.0;
    println!(
        "paced at {goal:.0} a second while they progress: {:.0} a second, {} bytes a body; \
         p50 {:.1} ms, p99 {:.1} ms, p99.9 {:.1} ms, longest {:.1} ms",
        measured.rate(),
        measured.mean_body(),
        millis(500),
        millis(990),
        millis(999),
        millis(1000)
    );
}
