//! Orders labels and waits for them, against a server on loopback that answers with the examples.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::num::NonZeroU32;
use std::time::Duration;

use abide_core::{End, Options, Rule};
use abide_http::{BaseUrl, Credential};
use abide_watch::Event;
use labels_client::types::{NewBatch, Paper};
use labels_client::{Client, lifecycle};

const REPLIES: [(&str, &str); 3] = [
    ("201 Created", include_str!("../examples/createBatch/201-created.json")),
    ("200 OK", include_str!("../examples/getBatch/200-printing.json")),
    ("200 OK", include_str!("../examples/getBatch/200-printed.json")),
];

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let base = BaseUrl::parse(&format!("http://{}", listener.local_addr()?))?;
    let server = std::thread::spawn(move || {
        REPLIES.map(|(status, body)| listener.accept().and_then(|(stream, _)| answer(stream, status, body)))
    });

    let client = Client::new(base, Credential::new("key")?)?;
    let batch = NewBatch { paper: Paper::Roll, parcels: vec!["P-1".into(), "P-2".into()] };
    let token = client.create_batch(&batch).await?.token;
    let fast = lifecycle::LIFECYCLE.sped_up(NonZeroU32::new(100).ok_or("zero")?);
    let mut watch = client.watch(token, &fast, Options::new(Duration::from_secs(10), 1))?;
    let mut labels = 0;
    while let Some(event) = watch.next().await {
        if let Event::Items(items) = event {
            labels += items.len();
        }
    }
    let outcome = watch.await;

    let lines = server.join().map_err(|_| "the server panicked")?;
    let lines = lines.into_iter().collect::<Result<Vec<String>, _>>()?;
    assert_eq!(
        lines,
        ["POST /batches HTTP/1.1", "GET /batches/b7Qe%2F2 HTTP/1.1", "GET /batches/b7Qe%2F2 HTTP/1.1"]
    );
    assert_eq!(labels, 2, "each label comes once");
    assert_eq!(outcome.end, End::CompletedWithFailures { rule: Rule::Status });
    println!("{} polls, {} labels", outcome.polls, outcome.items);
    Ok(())
}

/// Reads one request to its end, answers it, and gives back its first line.
fn answer(mut stream: TcpStream, status: &str, body: &str) -> std::io::Result<String> {
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    let head = loop {
        let read = stream.read(&mut buffer)?;
        request.extend_from_slice(&buffer[..read]);
        if let Some(end) = request.windows(4).position(|window| window == b"\r\n\r\n") {
            break String::from_utf8_lossy(&request[..end]).into_owned();
        }
        if read == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    };
    let length = head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
    while request.len() < head.len() + 4 + length.unwrap_or(0) {
        let read = stream.read(&mut buffer)?;
        request.extend_from_slice(&buffer[..read]);
        if read == 0 {
            break;
        }
    }
    let length = body.len();
    let head_line = head.lines().next().unwrap_or_default().to_owned();
    write!(stream, "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n")?;
    write!(stream, "Connection: close\r\n\r\n{body}")?;
    Ok(head_line)
}
