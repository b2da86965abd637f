//! Fills a database with sessions, starts a server on it, and prints what that costs.
//!
//! ```text
//! cargo run --release -p abide-server --example fill_store -- [SESSIONS [LOCATIONS [FILE]]]
//! ```
//!
//! Without a file it is a temporary one. With a file it stays, for other measurements; the credentials are printed then.

#![allow(clippy::print_stdout, reason = "it is here to print")]

use std::{
    error::Error,
    fs,
    num::NonZeroU32,
    path::{Path, PathBuf},
    time::{Duration, Instant, SystemTime},
};

use abide_server::{Config, Credentials, Filling, ServerClock, router};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode},
};
use tower::ServiceExt;

/// How many sessions are asked for, one after the other.
const ASKED: usize = 2_000;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let sessions: u32 = arguments.next().map_or(Ok(100_000), |text| text.parse())?;
    let locations: u32 = arguments.next().map_or(Ok(10), |text| text.parse())?;
    let file = arguments.next().map(PathBuf::from);
    let folder = tempfile::tempdir()?;
    let database = file.clone().unwrap_or_else(|| folder.path().join("sessions.db"));

    let credentials = Credentials::generate()?;
    let clock = ServerClock::manual(SystemTime::now());
    println!("{sessions} Calmyx sessions of {locations} locations, and as many Hum sessions");
    let filling = |calmyx, hum| Filling { speed: NonZeroU32::MIN, calmyx, locations, hum };

    let begin = Instant::now();
    let calmyx = filling(sessions, 0).fill(&database, &credentials, &clock)?.calmyx;
    let calmyx_bytes = fs::metadata(&database)?.len();
    let hum = filling(0, sessions).fill(&database, &credentials, &clock)?.hum;
    let bytes = fs::metadata(&database)?.len();
    tell("filled in", &format!("{:.1} s", begin.elapsed().as_secs_f64()));
    tell("file", &format!("{} MB", bytes / 1_000_000));
    tell("bytes per Calmyx session", &per(calmyx_bytes, sessions));
    tell("  of which locations", &(locations * 16).to_string());
    tell("bytes per Hum session", &per(bytes - calmyx_bytes, sessions));

    let begin = Instant::now();
    let service = start(&database, &credentials, &clock)?;
    tell("start, until it can answer", &format!("{:.0} ms", begin.elapsed().as_secs_f64() * 1000.0));

    clock.advance(Duration::from_mins(1));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let step = calmyx.len().div_ceil(ASKED).max(1);
    let asked = |ids: &[String], request: &dyn Fn(&str) -> axum::http::Result<Request<Body>>| {
        let ids = ids.iter().step_by(step);
        let times: Result<Vec<_>, _> = ids.map(|id| runtime.block_on(time(service.clone(), request(id)?))).collect();
        times.map(median)
    };
    let status = |id: &str| get(&format!("/v2/session/status?session_id={id}"), &credentials.calmyx[0]);
    let bearer = format!("Bearer {}", credentials.hum[0]);
    tell("Calmyx status, from the file, median", &asked(&calmyx, &status)?);
    tell("Calmyx status, asked again, median", &asked(&calmyx, &status)?);
    tell(
        "Hum status, stored as an activity, median",
        &asked(&hum, &|token| get(&format!("/sessions/{token}"), &bearer))?,
    );

    if let Some(file) = file {
        println!("\n{} stays; its sessions belong to", file.display());
        println!("CALMYX_API_KEY={}\nHUM_API_TOKEN={}", credentials.calmyx[0], credentials.hum[0]);
    }
    Ok(())
}

fn start(database: &Path, credentials: &Credentials, clock: &ServerClock) -> Result<Router, Box<dyn Error>> {
    let config = Config { database: Some(database.to_owned()), ..Config::local(credentials.clone()) };
    Ok(router(&config, clock.clone())?)
}

fn get(path: &str, credential: &str) -> axum::http::Result<Request<Body>> {
    Request::get(path).header("authorization", credential).body(Body::empty())
}

async fn time(service: Router, request: Request<Body>) -> Result<Duration, Box<dyn Error>> {
    let begin = Instant::now();
    let response = service.oneshot(request).await?;
    if response.status() != StatusCode::OK {
        return Err(format!("answered {}", response.status()).into());
    }
    to_bytes(response.into_body(), usize::MAX).await?;
    Ok(begin.elapsed())
}

fn median(mut times: Vec<Duration>) -> String {
    times.sort_unstable();
    let median = times.get(times.len() / 2).copied().unwrap_or_default();
    format!("{:.0} us", median.as_secs_f64() * 1e6)
}

fn per(bytes: u64, sessions: u32) -> String {
    (bytes / u64::from(sessions.max(1))).to_string()
}

fn tell(name: &str, value: &str) {
    println!("{name:<44}{value:>12}");
}
