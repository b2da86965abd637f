//! A load that is cheap to make: keep-alive connections on one thread, each with one request at a time, which read
//! answers just far enough to know where they end.

use std::{
    io,
    net::SocketAddr,
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::statistics::Latencies;

/// More than the head and the body of any answer that is measured here.
const BUFFER: usize = 256 * 1024;

/// What is sent, and how.
#[derive(Debug, Clone)]
pub struct Load<'a> {
    /// Where to.
    pub address: SocketAddr,
    /// Whole requests, sent in turn.
    pub requests: &'a [Vec<u8>],
    /// How many connections send at a time.
    pub connections: usize,
    /// For how long.
    pub length: Duration,
    /// Requests a second over all connections; `None` sends the next one as soon as an answer is there.
    ///
    /// A paced request is due at a fixed time, and its latency counts from there: a server that stalls is not asked
    /// less, and every request that it held up shows.
    pub pace: Option<f64>,
}

/// What came of a load.
#[derive(Debug, Clone, Default)]
pub struct Measured {
    /// How long each answer took.
    pub latencies: Latencies,
    /// The bytes of all bodies.
    pub body_bytes: u64,
    /// From the first request to the last answer.
    pub elapsed: Duration,
}

impl Measured {
    /// Answers a second.
    pub fn rate(&self) -> f64 {
        self.latencies.count() as f64 / self.elapsed.as_secs_f64().max(f64::MIN_POSITIVE)
    }

    /// Bytes of a body, on average.
    pub fn mean_body(&self) -> u64 {
        self.body_bytes / (self.latencies.count() as u64).max(1)
    }
}

impl Load<'_> {
    /// Sends the load from the calling thread. An answer other than 200 is an error.
    pub fn run(&self) -> io::Result<Measured> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(self.send())
    }

    async fn send(&self) -> io::Result<Measured> {
        let mut streams = Vec::new();
        for _ in 0..self.connections {
            let stream = TcpStream::connect(self.address).await?;
            stream.set_nodelay(true)?;
            streams.push(stream);
        }
        let begin = Instant::now();
        let mut tasks = tokio::task::JoinSet::new();
        for (number, stream) in streams.into_iter().enumerate() {
            let connection = Connection { stream, buffer: vec![0; BUFFER] };
            let turn = Turn {
                number,
                connections: self.connections,
                begin,
                end: begin + self.length,
                pace: self.pace,
                requests: self.requests.to_vec(),
            };
            tasks.spawn(turn.run(connection));
        }
        let mut all = Measured::default();
        while let Some(one) = tasks.join_next().await {
            let one = one??;
            all.latencies.merge(&one.latencies);
            all.body_bytes += one.body_bytes;
        }
        all.elapsed = begin.elapsed();
        Ok(all)
    }
}

/// What one connection does.
struct Turn {
    number: usize,
    connections: usize,
    begin: Instant,
    end: Instant,
    pace: Option<f64>,
    requests: Vec<Vec<u8>>,
}

impl Turn {
    async fn run(self, mut connection: Connection) -> io::Result<Measured> {
        let mut measured = Measured::default();
        for place in (self.number..).step_by(self.connections) {
            let due = self.due(place);
            if due >= self.end {
                break;
            }
            tokio::time::sleep_until(due.into()).await;
            let request = self.requests.get(place % self.requests.len().max(1)).ok_or_else(|| broken("no request"))?;
            measured.body_bytes += connection.exchange(request).await?;
            measured.latencies.add(due.elapsed());
        }
        Ok(measured)
    }

    /// When the request of that place in the whole load is due.
    fn due(&self, place: usize) -> Instant {
        match self.pace {
            Some(pace) => self.begin + Duration::from_secs_f64(place as f64 / pace),
            None => Instant::now(),
        }
    }
}

struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    /// Sends one request and reads its answer; the bytes of the body.
    async fn exchange(&mut self, request: &[u8]) -> io::Result<u64> {
        self.stream.write_all(request).await?;
        let mut filled = 0;
        let whole = loop {
            let rest = self.buffer.get_mut(filled..).ok_or_else(|| broken("an answer without an end"))?;
            let read = self.stream.read(rest).await?;
            if read == 0 {
                return Err(broken("the connection was closed"));
            }
            filled += read;
            let head = self.buffer.get(..filled.min(1024)).unwrap_or_default();
            if let Some(end) = head.windows(4).position(|window| window == b"\r\n\r\n") {
                break Answer::read(head.get(..end).unwrap_or_default(), end + 4)?;
            }
        };
        let mut missing = (whole.head + whole.body).saturating_sub(filled);
        while missing > 0 {
            let read = self.stream.read(&mut self.buffer).await?;
            if read == 0 {
                return Err(broken("the connection was closed"));
            }
            missing = missing.saturating_sub(read);
        }
        Ok(whole.body as u64)
    }
}

/// The lengths of an answer.
struct Answer {
    head: usize,
    body: usize,
}

impl Answer {
    fn read(text: &[u8], head: usize) -> io::Result<Self> {
        let text = std::str::from_utf8(text).map_err(|_| broken("the head is no text"))?;
        if !text.starts_with("HTTP/1.1 200 ") {
            return Err(broken(text.lines().next().unwrap_or_default()));
        }
        let length = text.lines().filter_map(|line| line.split_once(':'));
        let length = length.filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
        let body = length.last().and_then(|(_, value)| value.trim().parse().ok());
        Ok(Self { head, body: body.ok_or_else(|| broken("an answer without a length"))? })
    }
}

fn broken(problem: &str) -> io::Error {
    io::Error::other(problem.to_owned())
}
