//! A reference server with Calmyx sessions of a chosen size, and beside it the least that could answer the same: a
//! handler that hands out bytes from memory.

use std::{
    collections::HashMap,
    error::Error,
    net::SocketAddr,
    num::NonZeroU32,
    sync::Arc,
    time::{Duration, SystemTime},
};

use abide_server::{Config, Credentials, Plan, Server, ServerClock};
use axum::{
    Router,
    body::Bytes,
    extract::{RawQuery, State},
    http::{HeaderName, StatusCode, header},
    routing::get,
    serve::ListenerExt,
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    runtime::Runtime,
};

const PATH: &str = "/v2/session/status";
const KEY: &str = "benchmark-key";

/// Anything that may go wrong while a benchmark is set up.
pub type Failure = Box<dyn Error + Send + Sync>;

/// A server on a database file, and the sessions that it holds.
#[derive(Debug)]
pub struct StatusServer {
    runtime: Runtime,
    server: Server,
    clock: ServerClock,
    ids: Vec<String>,
    // Removed with the file in it when all else is gone.
    _folder: tempfile::TempDir,
}

impl StatusServer {
    /// What the threads are called that serve.
    pub const THREADS: &str = "status-server";

    /// Starts one, with that many sessions of that many locations. Its clock stands still until it is moved.
    pub fn start(sessions: usize, locations: u32) -> Result<Self, Failure> {
        let folder = tempfile::tempdir()?;
        let runtime = runtime(Self::THREADS)?;
        let clock = ServerClock::manual(SystemTime::UNIX_EPOCH + Duration::from_hours(24 * 365 * 56));
        let config = Config {
            listen: ([127, 0, 0, 1], 0).into(),
            database: Some(folder.path().join("sessions.db")),
            speed: NonZeroU32::MIN,
            plan: Plan::Unlimited,
            credentials: Credentials { calmyx: [KEY.to_owned(), format!("{KEY}-2")], ..Credentials::generate()? },
        };
        let server = runtime.block_on(Server::start_with_clock(config, clock.clone()))?;
        let mut started = Self { runtime, server, clock, ids: Vec::new(), _folder: folder };
        for _ in 0..sessions {
            started.create(locations)?;
        }
        Ok(started)
    }

    /// Creates one more session.
    pub fn create(&mut self, locations: u32) -> Result<(), Failure> {
        let locations: Vec<Value> = (0..locations)
            .map(|number| json!({ "lat": 25.0 + f64::from(number) * 0.012_345, "lng": -120.123_456 }))
            .collect();
        let body = json!({ "locations": locations }).to_string();
        let request = format!(
            "POST /v2/session/new HTTP/1.1\r\nhost: localhost\r\nauthorization: {KEY}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        );
        let answer: Value = serde_json::from_slice(&self.exchange(request.as_bytes())?)?;
        let id = answer.get("session_id").and_then(Value::as_str).ok_or("no session was created")?;
        self.ids.push(id.to_owned());
        Ok(())
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// What moves its sessions.
    pub fn clock(&self) -> &ServerClock {
        &self.clock
    }

    /// A status request for each session, whole and ready to be sent.
    pub fn requests(&self) -> Vec<Vec<u8>> {
        let request = |id: &String| status_request(id, "keep-alive").into_bytes();
        self.ids.iter().map(request).collect()
    }

    /// What it answers at this moment, by session.
    pub fn bodies(&self) -> Result<HashMap<String, Bytes>, Failure> {
        let body = |id: &String| Ok((id.clone(), self.exchange(status_request(id, "close").as_bytes())?.into()));
        self.ids.iter().map(body).collect()
    }

    /// One request on a connection of its own; the body of its answer.
    fn exchange(&self, request: &[u8]) -> Result<Vec<u8>, Failure> {
        let address = self.address();
        self.runtime.block_on(async {
            let mut stream = TcpStream::connect(address).await?;
            stream.write_all(request).await?;
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer).await?;
            let head = answer.windows(4).position(|window| window == b"\r\n\r\n").ok_or("an answer without a head")?;
            Ok(answer.split_off(head + 4))
        })
    }
}

/// A handler that answers with bytes from memory.
#[derive(Debug)]
pub struct BytesServer {
    // Its threads serve as long as it exists.
    _runtime: Runtime,
    address: SocketAddr,
}

impl BytesServer {
    /// What the threads are called that serve.
    pub const THREADS: &str = "bytes-server";

    /// Starts one that answers the status request of each session with these bytes.
    pub fn start(bodies: &HashMap<String, Bytes>) -> Result<Self, Failure> {
        let runtime = runtime(Self::THREADS)?;
        let by_query: HashMap<String, Bytes> =
            bodies.iter().map(|(id, body)| (format!("session_id={id}"), body.clone())).collect();
        let router = Router::new().route(PATH, get(bytes)).with_state(Arc::new(by_query));
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
        let address = listener.local_addr()?;
        let listener = listener.tap_io(|stream| {
            // One that waits for acknowledgements would be slower, and the comparison kinder.
            let _ = stream.set_nodelay(true);
        });
        runtime.spawn(axum::serve(listener, router).into_future());
        Ok(Self { _runtime: runtime, address })
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }
}

async fn bytes(
    State(bodies): State<Arc<HashMap<String, Bytes>>>,
    RawQuery(query): RawQuery,
) -> (StatusCode, [(HeaderName, &'static str); 2], Bytes) {
    let body = query.and_then(|query| bodies.get(&query).cloned());
    let status = if body.is_some() { StatusCode::OK } else { StatusCode::NOT_FOUND };
    let headers = [(header::CACHE_CONTROL, "no-store"), (header::CONTENT_TYPE, "application/json")];
    (status, headers, body.unwrap_or_default())
}

fn status_request(id: &str, connection: &str) -> String {
    format!(
        "GET {PATH}?session_id={id} HTTP/1.1\r\nhost: localhost\r\nauthorization: {KEY}\r\n\
         connection: {connection}\r\n\r\n"
    )
}

fn runtime(thread_name: &str) -> std::io::Result<Runtime> {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).thread_name(thread_name).enable_all().build()
}
