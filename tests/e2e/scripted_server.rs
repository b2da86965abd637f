//! A loopback server that answers with exactly the bytes it is told to, and remembers what it was asked.

use std::sync::{Arc, Mutex};

use calmyx_client::{BaseUrl, Credential, Limits};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// The credential of every scripted test; it must show up nowhere but in the `Authorization` header.
pub const CREDENTIAL: &str = "canary-5ecret-0f-the-tests";

/// Answers connection after connection, one reply each; the last reply is repeated.
pub struct ScriptedServer {
    address: String,
    requests: Arc<Mutex<Vec<Request>>>,
}

/// A request as it came over the wire.
#[derive(Clone, Debug)]
pub struct Request {
    /// `GET /path HTTP/1.1`
    pub line: String,
    pub headers: Vec<(String, String)>,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

impl ScriptedServer {
    pub async fn start(replies: Vec<Vec<u8>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        tokio::spawn(async move {
            for turn in 0.. {
                let Ok((stream, _)) = listener.accept().await else { return };
                let reply = replies[turn.min(replies.len() - 1)].clone();
                let seen = Arc::clone(&seen);
                tokio::spawn(async move {
                    let _ = answer(stream, &reply, &seen).await;
                });
            }
        });
        Self { address, requests }
    }

    pub fn base(&self) -> BaseUrl {
        BaseUrl::parse(&format!("http://{}", self.address)).unwrap()
    }

    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    pub fn calmyx(&self) -> calmyx_client::Client {
        calmyx_client::Client::new(self.base(), credential()).unwrap()
    }

    pub fn hum(&self) -> hum_client::Client {
        self.hum_with(Limits::default())
    }

    pub fn hum_with(&self, limits: Limits) -> hum_client::Client {
        hum_client::Client::with_limits(self.base(), credential(), limits).unwrap()
    }
}

fn credential() -> Credential {
    Credential::new(CREDENTIAL).unwrap()
}

async fn answer(mut stream: TcpStream, reply: &[u8], seen: &Mutex<Vec<Request>>) -> std::io::Result<()> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    let head_end = loop {
        let read = stream.read(&mut buffer).await?;
        bytes.extend_from_slice(&buffer[..read]);
        if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break at + 4;
        }
        if read == 0 {
            return Ok(());
        }
    };
    let request = parse(&String::from_utf8_lossy(&bytes[..head_end]));
    let length: usize = request.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    while bytes.len() < head_end + length {
        let read = stream.read(&mut buffer).await?;
        bytes.extend_from_slice(&buffer[..read]);
        if read == 0 {
            break;
        }
    }
    seen.lock().unwrap().push(request);
    stream.write_all(reply).await?;
    stream.shutdown().await
}

fn parse(head: &str) -> Request {
    let mut lines = head.lines();
    let line = lines.next().unwrap_or_default().to_owned();
    let headers = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
        .collect();
    Request { line, headers }
}

/// A well-formed reply.
pub fn reply(status: u16, headers: &str, body: &str) -> Vec<u8> {
    let extra: String = headers.lines().map(|header| format!("{header}\r\n")).collect();
    format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\nConnection: close\r\n{extra}\r\n{body}", body.len())
        .into_bytes()
}

/// A well-formed reply with JSON.
pub fn json(status: u16, body: &str) -> Vec<u8> {
    reply(status, "Content-Type: application/json", body)
}
