//! What a poll costs beside what it must: processor time of one status call, 64 at a time, through the client, through a bare
//! loop of reqwest with the same parsing, and as progenitor's own method does it.
//!
//! The answers come from memory, on threads of their own, and are not counted. All rows take turns in every round; a row is
//! compared with the bare loop of its round, and the median of the ratios counts. `cargo bench -p benches --bench poll`.

#![allow(
    clippy::cast_precision_loss,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    missing_docs,
    reason = "a measurement rounds, and one that cannot go on is of no use"
)]

#[path = "parse/progenitor_calmyx.rs"]
mod progenitor_calmyx;

use std::{
    cell::Cell,
    num::NonZeroU32,
    thread,
    time::{Duration, Instant},
};

use abide_server::Filling;
use abide_watch::{Memory, Seen, StatusSource};
use benches::{
    processor::busy,
    statistics::median,
    status_server::{BytesServer, Failure, StatusServer},
};
use calmyx_client::{BaseUrl, Client, Credential, SessionSource, types::SessionStatus};
use futures_util::future::join_all;
use progenitor_client::{QueryParam, ResponseValue};

const ROUNDS: usize = 11;
const ROUND: Duration = Duration::from_millis(400);
const IN_FLIGHT: usize = 64;
const SESSIONS: u32 = 64;
/// The thread that polls.
const POLLER: &str = "poller";
const NAMES: [&str; 5] = [
    "bare reqwest, not parsed",
    "bare reqwest, same parse",
    "session_status",
    "a watch, nothing new",
    "progenitor's method",
];
/// What the others are compared with.
const BARE: usize = 1;

fn main() -> Result<(), Failure> {
    // `cargo test` runs benchmarks without this argument, and only wants to know that they start.
    if !std::env::args().any(|argument| argument == "--bench") {
        return Ok(());
    }
    for results in [2, 500] {
        let filling = Filling { speed: NonZeroU32::MIN, calmyx: SESSIONS, locations: results, hum: 0 };
        let server = StatusServer::start(filling)?;
        server.clock().advance(Duration::from_mins(1));
        let answers = BytesServer::start(&server.calmyx_bodies()?)?;
        let poller = Poller {
            base: format!("http://{}", answers.address()),
            key: server.calmyx_key().to_owned(),
            ids: server.calmyx_ids().to_vec(),
        };
        let measured = thread::Builder::new().name(POLLER.to_owned()).spawn(move || poller.measure())?;
        let rounds = measured.join().map_err(|_| "the poller panicked")??;
        tell(results, &rounds);
    }
    Ok(())
}

fn tell(results: u32, rounds: &[[f64; NAMES.len()]]) {
    println!("\n{results} results, {IN_FLIGHT} in flight: processor time of a poll");
    println!("{:<28}{:>10}{:>14}{:>18}", "", "us", "x bare loop", "x progenitor's");
    for (row, name) in NAMES.iter().enumerate() {
        let of = |other: usize| median(rounds.iter().map(|round| round[row] / round[other]).collect());
        let micros = median(rounds.iter().map(|round| round[row]).collect());
        println!("{name:<28}{micros:>10.1}{:>14.2}{:>18.2}", of(BARE), of(NAMES.len() - 1));
    }
}

struct Poller {
    base: String,
    key: String,
    ids: Vec<String>,
}

impl Poller {
    /// Microseconds a poll, for each row of each round.
    fn measure(&self) -> Result<Vec<[f64; NAMES.len()]>, Failure> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let client = Client::new(BaseUrl::parse(&self.base)?, Credential::new(self.key.clone())?)?;
            let http = reqwest::Client::builder().no_proxy().build()?;
            let sources: Vec<SessionSource> = self.ids.iter().map(|id| client.session_source(id.as_str())).collect();
            let mut seen = Vec::new();
            for source in &sources {
                seen.push(
                    source.fetch(&Seen::remembering(Memory::Digest)).await.map_err(|refusal| refusal.error)?.seen,
                );
            }
            let mut rounds = Vec::new();
            for _ in 0..ROUNDS {
                rounds.push([
                    self.row(async |session| drop(self.bare(&http, session).await)).await,
                    self.row(async |session| {
                        let body = self.bare(&http, session).await;
                        abide_decode::decode::<SessionStatus>(&body).unwrap();
                    })
                    .await,
                    self.row(async |session| drop(client.session_status(&self.ids[session]).await.unwrap())).await,
                    self.row(async |session| drop(sources[session].fetch(&seen[session]).await.unwrap())).await,
                    self.row(async |session| self.by_progenitor(&http, session).await).await,
                ]);
            }
            Ok(rounds)
        })
    }

    /// Microseconds of processor time a poll.
    async fn row(&self, poll: impl AsyncFn(usize)) -> f64 {
        let (polls, end) = (Cell::new(0_u64), Instant::now() + ROUND);
        let before = busy(POLLER).unwrap_or_default();
        let lane = async |lane: usize| {
            while Instant::now() < end {
                poll(lane % self.ids.len()).await;
                polls.set(polls.get() + 1);
            }
        };
        join_all((0..IN_FLIGHT).map(lane)).await;
        let spent = busy(POLLER).unwrap_or_default().saturating_sub(before);
        spent.as_secs_f64() * 1e6 / polls.get() as f64
    }

    /// As somebody writes it who needs nothing else.
    async fn bare(&self, http: &reqwest::Client, session: usize) -> bytes::Bytes {
        let url = format!("{}/v2/session/status?session_id={}", self.base, self.ids[session]);
        let request = http.get(url).header("authorization", &self.key);
        request.send().await.unwrap().bytes().await.unwrap()
    }

    /// What the generated method does with progenitor's default settings.
    async fn by_progenitor(&self, http: &reqwest::Client, session: usize) {
        let url = format!("{}/v2/session/status", self.base);
        let mut headers = reqwest::header::HeaderMap::with_capacity(1);
        headers.append("api-version", reqwest::header::HeaderValue::from_static("2"));
        let request = http
            .get(url)
            .header("accept", "application/json")
            .header("authorization", &self.key)
            .query(&QueryParam::new("session_id", &self.ids[session]))
            .headers(headers)
            .build()
            .unwrap();
        let response = http.execute(request).await.unwrap();
        let value: ResponseValue<progenitor_calmyx::types::SessionStatus> =
            ResponseValue::from_response::<()>(response).await.unwrap();
        drop(value);
    }
}
