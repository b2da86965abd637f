//! A server that is killed again and again while it works: whatever it acknowledged is there after every restart, as it
//! was.
//!
//! The long run, with progress and a closing table:
//! `cargo test --release -p abide --test program -- --ignored --nocapture two_hundred_kills_lose_nothing`

mod caller;
mod calmyx;
mod hum;
mod ledger;
mod random;

use std::thread;
use std::time::{Duration, Instant};

use self::caller::{Caller, Credentials};
use self::ledger::{Acts, Ledger};
use self::random::Random;
use crate::abide::Abide;
use crate::folder::Folder;
use crate::server::Server;

/// How many work at a time, each with sessions of its own.
const WORKERS: u32 = 4;
/// The server's life after its start: somewhere between nothing and this.
const LONGEST_LIFE_MICROS: u64 = 120_000;
/// Sessions take from half a second to three seconds, so that most of them see several servers.
const SPEED: u32 = 20;
/// How many of the older sessions are looked at after each restart, besides all of the latest.
const OLDER: usize = 40;
const CREDENTIALS: [(&str, &str); 2] = [("CALMYX_API_KEY", "calmyx-key"), ("HUM_API_TOKEN", "hum-token")];

#[test]
fn ten_kills_lose_nothing() {
    run(10, 1);
}

#[test]
#[ignore = "it takes about a minute"]
fn two_hundred_kills_lose_nothing() {
    let seed = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_260_115);
    run(200, seed);
}

fn run(cycles: u32, seed: u64) {
    println!("{cycles} kills, seed {seed} (SEED=N for another)");
    let folder = Folder::with([]);
    let file = folder.path().join("sessions.db");
    let mut random = Random::of(seed);
    let mut ledgers: Vec<Ledger> = (0..WORKERS).map(Ledger::of).collect();
    let mut restarts = Vec::new();
    let mut early = 0;

    for cycle in 1..=cycles {
        if random.one_in(8) {
            kill_while_it_starts(&folder, &mut random);
            early += 1;
        }
        let started = Instant::now();
        let server = start(&folder);
        restarts.push(started.elapsed());
        look(&server, &file, &mut ledgers, &mut random);
        work_until_killed(server, &mut ledgers, &mut random);
        if cycle % 20 == 0 {
            let acts = Acts::sum(&ledgers);
            println!("{cycle:>4} kills: {} creates and {} polls acknowledged", acts.creates(), acts.polls);
        }
    }
    let server = start(&folder);
    look(&server, &file, &mut ledgers, &mut random);
    let finished = finish(&server, &mut ledgers);
    drop(server);
    ledger::check_attempts(&ledgers);
    ledger::check_file(&file);
    tell(cycles, early, finished, &mut restarts, &Acts::sum(&ledgers));
}

fn start(folder: &Folder) -> Server {
    Server::of(serve(folder))
}

fn serve(folder: &Folder) -> Abide {
    let serve = Abide::new(&format!("serve --listen 127.0.0.1:0 --db sessions.db --speed {SPEED}")).within(folder);
    CREDENTIALS.into_iter().fold(serve, |serve, (name, value)| serve.environment(name, value))
}

/// Recovery may be cut short too.
fn kill_while_it_starts(folder: &Folder, random: &mut Random) {
    let starting = serve(folder).start();
    thread::sleep(Duration::from_micros(random.below(20_000)));
    drop(starting);
}

fn callers(server: &Server) -> Vec<Caller> {
    let credentials = Credentials { calmyx: CREDENTIALS[0].1.to_owned(), hum: format!("Bearer {}", CREDENTIALS[1].1) };
    (0..WORKERS).map(|_| Caller::new(server.address(), credentials.clone())).collect()
}

/// Everybody works until the server is gone. Dropping a server is `kill -9`.
fn work_until_killed(server: Server, ledgers: &mut [Ledger], random: &mut Random) {
    let callers = callers(&server);
    let life = Duration::from_micros(random.below(LONGEST_LIFE_MICROS));
    thread::scope(|scope| {
        for (ledger, mut caller) in ledgers.iter_mut().zip(callers) {
            let mut random = Random::of(random.next());
            scope.spawn(move || ledger.work(&mut caller, &mut random));
        }
        thread::sleep(life);
        drop(server);
    });
}

/// Compares what the server has after its restart with what it acknowledged before.
fn look(server: &Server, file: &std::path::Path, ledgers: &mut [Ledger], random: &mut Random) {
    ledger::reconcile(file, ledgers);
    thread::scope(|scope| {
        for (ledger, mut caller) in ledgers.iter_mut().zip(callers(server)) {
            let mut random = Random::of(random.next());
            scope.spawn(move || ledger.look(&mut caller, &mut random, OLDER));
        }
    });
}

/// Waits for the last session, and looks at all of them; how many there are.
fn finish(server: &Server, ledgers: &mut [Ledger]) -> usize {
    thread::scope(|scope| {
        let looking: Vec<_> = ledgers
            .iter_mut()
            .zip(callers(server))
            .map(|(ledger, mut caller)| scope.spawn(move || ledger.finish(&mut caller)))
            .collect();
        looking.into_iter().map(|thread| thread.join().unwrap()).sum()
    })
}

fn tell(cycles: u32, early: u32, finished: usize, restarts: &mut [Duration], acts: &Acts) {
    restarts.sort_unstable();
    let (median, longest) = (restarts[restarts.len() / 2], restarts[restarts.len() - 1]);
    println!();
    for (name, value) in [
        ("kills while it worked", cycles.to_string()),
        ("kills while it started", early.to_string()),
        ("Calmyx sessions acknowledged", acts.calmyx_created.to_string()),
        ("Hum sessions acknowledged", acts.hum_created.to_string()),
        ("Hum sessions closed", acts.closed.to_string()),
        ("polls while it worked", acts.polls.to_string()),
        ("sessions looked at after a restart", acts.looks.to_string()),
        ("creates that a kill left unanswered", acts.unanswered.to_string()),
        ("  of which stored, and whole", acts.adopted.to_string()),
        ("Calmyx sessions complete in the end, each result once", finished.to_string()),
        ("lost, half-created, doubled, changed or gone back", "0".to_owned()),
        ("restart until it listens, median", format!("{:.0} ms", median.as_secs_f64() * 1000.0)),
        ("restart until it listens, longest", format!("{:.0} ms", longest.as_secs_f64() * 1000.0)),
    ] {
        println!("{name:<56}{value:>10}");
    }
}
