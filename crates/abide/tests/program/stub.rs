//! Servers that are none: one that only counts who comes, and one that gives everybody the same answer.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Listens, and answers nobody. For commands that must not send anything.
pub(crate) struct Silent(TcpListener);

impl Silent {
    pub(crate) fn listen() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        Self(listener)
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.0.local_addr().unwrap()
    }

    /// Waits until somebody connects; as long as the connection is kept, he waits for an answer.
    #[track_caller]
    pub(crate) fn connection(&self) -> TcpStream {
        let deadline = Instant::now() + Duration::from_secs(10);
        loop {
            if let Ok((connection, _)) = self.0.accept() {
                return connection;
            }
            assert!(Instant::now() < deadline, "nobody came");
            std::thread::sleep(Duration::from_millis(4));
        }
    }

    /// How many connections were made since it was last asked. Meant for when the caller has ended.
    pub(crate) fn connections(&self) -> usize {
        std::iter::from_fn(|| self.0.accept().ok()).count()
    }
}

/// An address where nothing listens: the system chose the port, and it is free again.
pub(crate) fn nobody() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// Gives the same HTTP answer to every request, on a connection of its own.
pub(crate) struct Stub {
    address: SocketAddr,
    stopping: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Stub {
    /// `head` is the status and the headers that matter, a line each: `302 Found\nLocation: http://…`.
    pub(crate) fn answering(head: &str, body: &str) -> Self {
        let head = head.lines().collect::<Vec<_>>().join("\r\n");
        let answer = format!("HTTP/1.1 {head}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let stopping = Arc::new(AtomicBool::new(false));
        let stop = Arc::clone(&stopping);
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if stop.load(Ordering::SeqCst) {
                    return;
                }
                // A caller that went away half-way is answered as far as it goes.
                let _ = stream.and_then(|stream| serve(stream, &answer));
            }
        });
        Self { address, stopping, thread: Some(thread) }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Stub {
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Reads one request to its end and answers it.
fn serve(mut stream: TcpStream, answer: &str) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    let mut request = Vec::new();
    let mut part = [0; 4096];
    while !is_whole(&request) {
        let length = stream.read(&mut part)?;
        if length == 0 {
            return Ok(());
        }
        request.extend_from_slice(&part[..length]);
    }
    stream.write_all(answer.as_bytes())
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request).to_ascii_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
    body.len() >= length.map_or(0, |length| length.trim().parse().unwrap_or(0))
}
