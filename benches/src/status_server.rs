//! A reference server with sessions, and beside it the least that could answer the same: a
//! handler that hands out bytes from memory.

use std::{collections::HashMap, error::Error, net::SocketAddr, sync::Arc, time::SystemTime};

use abide_server::{Config, Credentials, Filled, Filling, Server, ServerClock};
use axum::{
    Router,
    body::Bytes,
    extract::{RawQuery, State},
    http::{HeaderName, StatusCode, header},
    routing::get,
    serve::ListenerExt,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    runtime::Runtime,
};

const PATH: &str = "/v2/session/status";

/// Anything that may go wrong while a benchmark is set up.
pub type Failure = Box<dyn Error + Send + Sync>;

/// A server on a database file, and the sessions that it holds.
#[derive(Debug)]
pub struct StatusServer {
    runtime: Runtime,
    server: Server,
    clock: ServerClock,
    credentials: Credentials,
    filled: Filled,
    // Removed with the file in it when all else is gone.
    _folder: tempfile::TempDir,
}

impl StatusServer {
    /// What the threads are called that serve.
    pub const THREADS: &str = "status-server";

    /// Starts one with these sessions. Its clock stands still until it is moved.
    pub fn start(filling: Filling) -> Result<Self, Failure> {
        let folder = tempfile::tempdir()?;
        let database = folder.path().join("sessions.db");
        let clock = ServerClock::manual(SystemTime::now());
        let credentials = Credentials::generate()?;
        let filled = filling.fill(&database, &credentials, &clock)?;
        let config = Config { database: Some(database), speed: filling.speed, ..Config::local(credentials.clone()) };
        let runtime = runtime(Self::THREADS)?;
        let server = runtime.block_on(Server::start_with_clock(config, clock.clone()))?;
        Ok(Self { runtime, server, clock, credentials, filled, _folder: folder })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// The ids of its Calmyx sessions.
    pub fn calmyx_ids(&self) -> &[String] {
        &self.filled.calmyx
    }

    /// Whose they are.
    pub fn calmyx_key(&self) -> &str {
        &self.credentials.calmyx[0]
    }

    /// What moves its sessions.
    pub const fn clock(&self) -> &ServerClock {
        &self.clock
    }

    /// A status request for each Calmyx session, whole and ready to be sent.
    pub fn calmyx_requests(&self) -> Vec<Vec<u8>> {
        let request = |id: &String| self.calmyx_request(id, "keep-alive").into_bytes();
        self.filled.calmyx.iter().map(request).collect()
    }

    /// The same for each Hum session.
    pub fn hum_requests(&self) -> Vec<Vec<u8>> {
        let credential = format!("Bearer {}", self.credentials.hum[0]);
        let request = |token: &String| get_request(&format!("/sessions/{token}"), &credential, "keep-alive");
        self.filled.hum.iter().map(request).map(String::into_bytes).collect()
    }

    /// What it answers about each Calmyx session at this moment.
    pub fn calmyx_bodies(&self) -> Result<HashMap<String, Bytes>, Failure> {
        let body = |id: &String| Ok((id.clone(), self.exchange(self.calmyx_request(id, "close").as_bytes())?.into()));
        self.filled.calmyx.iter().map(body).collect()
    }

    fn calmyx_request(&self, id: &str, connection: &str) -> String {
        get_request(&format!("{PATH}?session_id={id}"), &self.credentials.calmyx[0], connection)
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

fn get_request(path: &str, credential: &str, connection: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: {credential}\r\nconnection: {connection}\r\n\r\n")
}

fn runtime(thread_name: &str) -> std::io::Result<Runtime> {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).thread_name(thread_name).enable_all().build()
}
