//! Every fault as it arrives: bytes on a loopback socket, from a server whose faults are switched while it runs.

use std::{
    collections::BTreeSet,
    io,
    net::SocketAddr,
    time::{Duration, Instant},
};

use abide_server::{Breakage, Config, Plan, Server, faults};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{sleep, timeout},
};

use crate::service::{CALMYX, calmyx_body, config, status_path};

/// No answer may take longer; one that does counts as none.
const PATIENCE: Duration = Duration::from_secs(5);
/// What is read of an answer that has no end.
const ENOUGH: usize = 33 * 1024 * 1024;

/// What came over the wire until it ended.
struct Arrived {
    bytes: Vec<u8>,
    error: Option<io::ErrorKind>,
    took: Duration,
}

impl Arrived {
    /// Sends one request and reads until the connection ends, or until enough was read.
    async fn of(address: SocketAddr, request: &str, patience: Duration) -> Self {
        let started = Instant::now();
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let (mut bytes, mut buffer) = (Vec::new(), vec![0; 1 << 20]);
        let error = loop {
            match timeout(patience, stream.read(&mut buffer)).await {
                Ok(Ok(0)) => break None,
                Ok(Ok(read)) => bytes.extend_from_slice(&buffer[..read]),
                Ok(Err(error)) => break Some(error.kind()),
                Err(_) => break Some(io::ErrorKind::TimedOut),
            }
            if bytes.len() > ENOUGH {
                break None;
            }
        };
        Self { bytes, error, took: started.elapsed() }
    }

    fn split(&self) -> (String, &[u8]) {
        let end = self.bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        (String::from_utf8_lossy(&self.bytes[..end]).to_lowercase(), &self.bytes[end + 4..])
    }

    fn head(&self) -> String {
        self.split().0
    }

    fn body(&self) -> &[u8] {
        self.split().1
    }

    /// The body, of an answer that has a length.
    fn json(&self) -> Value {
        serde_json::from_slice(self.body()).unwrap_or_default()
    }

    fn has(&self, line: &str) -> bool {
        self.head().lines().any(|own| own.starts_with(line))
    }

    fn length(&self) -> Option<usize> {
        self.head().lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok())
    }
}

fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: {CALMYX}\r\nConnection: close\r\n\r\n")
}

fn with_body(method: &str, path: &str, body: &Value) -> String {
    let body = body.to_string();
    format!(
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: {CALMYX}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

type Sign = fn(&Arrived, good: &Value) -> bool;

const SIGNS: &[(&str, Sign)] = &[
    ("latency", |it, good| it.took >= Duration::from_millis(50) && it.json() == *good),
    ("hang", |it, _| it.bytes.is_empty() && it.error == Some(io::ErrorKind::TimedOut)),
    ("error-500", |it, _| it.has("http/1.1 500")),
    ("bad-gateway", |it, _| it.has("http/1.1 502") && it.has("content-type: text/html")),
    ("unavailable-seconds", |it, _| it.has("http/1.1 503") && it.has("retry-after: 1")),
    ("unavailable-date", |it, _| {
        it.has("http/1.1 503")
            && it.has("retry-after: ")
            && it.head().contains(" gmt\r\n")
            && !it.head().contains("2026 00:00:00")
    }),
    ("unavailable-past-date", |it, _| it.has("http/1.1 503") && it.has("retry-after: thu, 01 jan 2026")),
    ("unavailable-nonsense", |it, _| it.has("http/1.1 503") && it.has("retry-after:") && !it.has("retry-after: 1\r")),
    ("storm-429", |it, _| it.has("http/1.1 429") && it.has("retry-after: 1")),
    ("bare-429", |it, _| it.has("http/1.1 429") && !it.has("retry-after")),
    ("redirect", |it, _| it.has("http/1.1 302") && it.has("location: http://elsewhere.invalid/")),
    ("html-200", |it, _| it.has("http/1.1 200") && it.body().starts_with(b"<!doctype html>")),
    ("empty-200", |it, _| it.has("http/1.1 200") && it.body().is_empty()),
    ("null-200", |it, _| it.has("http/1.1 200") && it.body() == b"null"),
    ("wrong-content-type", |it, good| it.has("content-type: text/plain") && it.json() == *good),
    ("gzip", |it, _| it.has("content-encoding: gzip") && it.body().starts_with(b"\x1F\x8B")),
    ("stale-answer", |it, _| it.json()["status"] == "QUEUED"),
    ("other-session", |it, _| it.json()["progress"]["total"] == 3),
    ("duplicated-results", |it, good| results(&it.json()).len() == 2 * results(good).len()),
    ("reordered-results", |it, good| results(&it.json()).iter().eq(results(good).iter().rev())),
    ("lost-results", |it, good| *results(&it.json()) == results(good)[results(good).len() / 2..]),
    ("counters-back", |it, _| it.json()["progress"]["processed"] == 5),
    ("counters-below-zero", |it, _| it.json()["progress"]["failed"] == -1),
    ("state-back", |it, _| it.json()["status"] == "PROCESSING"),
    ("unknown-state", |it, _| it.json()["status"] == "PAUSED"),
    ("number-too-large", |it, _| it.body().starts_with(b"{\"x_large\":1e400,")),
    ("deep-json", |it, _| it.body().starts_with(b"{\"x_deep\":[[[[") && it.json().is_null()),
    ("byte-order-mark", |it, _| it.body().starts_with(b"\xEF\xBB\xBF{")),
    ("invalid-utf8", |it, _| std::str::from_utf8(it.body()).is_err()),
    ("half-the-json", |it, good| *results(&it.json()) == results(good)[..results(good).len() / 2]),
    ("fields-of-other-types", |it, _| it.json()["status"]["value"] == "COMPLETED"),
    ("slow-body", |it, _| it.took >= Duration::from_millis(300) && it.has("transfer-encoding: chunked")),
    ("huge-body", |it, _| it.bytes.len() > ENOUGH && is_mostly_spaces(&it.bytes)),
    ("endless-body", |it, _| it.bytes.len() > ENOUGH && is_mostly_spaces(&it.bytes)),
    ("reset-before", |it, _| it.bytes.is_empty() && it.error == Some(io::ErrorKind::ConnectionReset)),
    ("close-before", |it, _| it.bytes.is_empty() && it.error.is_none()),
    ("reset-in-body", |it, _| {
        it.error == Some(io::ErrorKind::ConnectionReset) && Some(it.body().len()) < it.length() && !it.body().is_empty()
    }),
    ("close-in-body", |it, _| it.error.is_none() && Some(it.body().len()) < it.length() && !it.body().is_empty()),
    ("cut-json", |it, _| it.error.is_none() && it.length().is_none() && !it.body().is_empty() && it.json().is_null()),
    ("length-too-long", |it, good| Some(it.body().len() + 100) == it.length() && it.json() == *good),
    ("length-too-short", |it, good| Some(it.body().len()) == it.length().map(|it| it + 5) && it.json() == *good),
    ("two-lengths", |it, _| it.head().matches("content-length: ").count() == 2),
    ("broken-chunk", |it, _| it.body().ends_with(b"zz\r\n")),
    ("early-hints", |it, _| {
        let text = String::from_utf8_lossy(&it.bytes);
        text.matches("103 Early Hints").count() == 20 && text.contains("\r\n\r\nHTTP/1.1 200 OK")
    }),
    ("large-head", |it, _| it.head().len() > 1024 * 1024),
    ("garbage", |it, _| it.bytes.starts_with(b"\x15\x03\x01") && it.bytes.len() > 64),
];

fn is_mostly_spaces(bytes: &[u8]) -> bool {
    let others = bytes.iter().filter(|&&byte| byte != b' ');
    others.take(bytes.len() / 10).count() < bytes.len() / 10
}

fn results(body: &Value) -> &[Value] {
    body["results"].as_array().map_or(&[], Vec::as_slice)
}

/// A server with two sessions, of ten and of three locations, both completed and asked for since they were created.
async fn prepared() -> (Server, String, Value) {
    let config = Config { test_hooks: true, ..config(None, Plan::Unlimited, 200) };
    let server = Server::start(config).await.unwrap();
    let address = server.address();
    let mut sessions = Vec::new();
    for locations in [10, 3] {
        let created = with_body("POST", "/v2/session/new", &calmyx_body(locations));
        let created = Arrived::of(address, &created, PATIENCE).await.json();
        let path = status_path(created["session_id"].as_str().unwrap());
        Arrived::of(address, &get(&path), PATIENCE).await;
        sessions.push(path);
    }
    for path in &sessions {
        while Arrived::of(address, &get(path), PATIENCE).await.json()["status"] != "COMPLETED" {
            sleep(Duration::from_millis(10)).await;
        }
    }
    let good = Arrived::of(address, &get(&sessions[0]), PATIENCE).await.json();
    (server, sessions.remove(0), good)
}

#[tokio::test]
async fn every_fault_arrives_as_it_says() {
    let (server, path, good) = prepared().await;
    let address = server.address();
    assert_eq!(results(&good).len(), 10);
    let plain = Arrived::of(address, &get(&path), PATIENCE).await;
    let mut silent = Vec::new();
    for &(name, shows) in SIGNS {
        let rule = json!({ "seed": 7, "faults": [format!("{name}:1@/v2/session/status")] });
        let switched = Arrived::of(address, &with_body("PUT", "/_test/faults", &rule), PATIENCE).await;
        assert!(switched.has("http/1.1 200"), "{name}");
        let patience = if name == "hang" { Duration::from_millis(50) } else { PATIENCE };
        let struck = Arrived::of(address, &get(&path), patience).await;
        let away = Arrived::of(address, &get("/v2/elsewhere"), PATIENCE).await;
        if !shows(&struck, &good) || shows(&plain, &good) || !away.has("http/1.1 404") {
            silent.push(name);
        }
    }
    assert_eq!(
        silent,
        Vec::<&str>::new(),
        "faults that do not arrive, that are not told from a plain answer, or that strike elsewhere"
    );

    let cleared = "DELETE /_test/faults HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
    assert_eq!(Arrived::of(address, cleared, PATIENCE).await.json(), json!({ "seed": 0, "faults": [] }));
    assert_eq!(Arrived::of(address, &get(&path), PATIENCE).await.json(), good, "the server is as it was");
    server.shutdown().await.unwrap();
}

#[test]
fn every_fault_has_its_sign() {
    let signs: BTreeSet<&str> = SIGNS.iter().map(|(name, _)| *name).collect();
    assert_eq!(signs, faults().map(abide_server::Fault::name).collect());
}

#[tokio::test]
async fn the_switch_says_what_it_cannot_do() {
    let server = Server::start(Config { test_hooks: true, ..config(None, Plan::Unlimited, 1) }).await.unwrap();
    for body in [
        json!(null),
        json!({}),
        json!({ "faults": "latency" }),
        json!({ "faults": ["slow"] }),
        json!({ "faults": ["latency:2"] }),
    ] {
        let refused = Arrived::of(server.address(), &with_body("PUT", "/_test/faults", &body), PATIENCE).await;
        assert!(refused.has("http/1.1 400") && refused.json()["error"].is_string(), "{body}");
    }
    let shown = Arrived::of(server.address(), &get("/_test/faults"), PATIENCE).await;
    assert_eq!(shown.json(), json!({ "seed": 0, "faults": [] }));
}

#[tokio::test]
async fn without_hooks_there_is_no_switch() {
    let breakage = Breakage::none().with_fault("latency@/nowhere").unwrap();
    let server = Server::start(Config { breakage, ..config(None, Plan::Unlimited, 1) }).await.unwrap();
    let shown = Arrived::of(server.address(), &get("/_test/faults"), PATIENCE).await;
    assert!(shown.has("http/1.1 404"));
}

/// A fault on every path leaves the paths by which a test would switch it off, and move the clock.
#[tokio::test]
async fn the_paths_for_tests_are_not_struck() {
    let breakage = Breakage::none().with_fault("error-500").unwrap();
    let config = Config { test_hooks: true, breakage, ..config(None, Plan::Unlimited, 1) };
    let server = Server::start(config).await.unwrap();
    for (request, code) in [
        (get("/v2/session/status"), 500),
        (get("/_test/nothing"), 500),
        (with_body("POST", "/_test/clock/advance", &json!({ "seconds": 1 })), 200),
        (get("/_test/faults"), 200),
    ] {
        let arrived = Arrived::of(server.address(), &request, PATIENCE).await;
        assert!(arrived.has(&format!("http/1.1 {code}")), "{request}");
    }
}

/// The same seed strikes the same calls, whatever the server is.
#[tokio::test]
async fn the_seed_decides_who_is_struck() {
    let mut courses = Vec::new();
    for seed in [5, 5, 6] {
        let breakage = Breakage::none().with_fault("error-500:0.5").unwrap().with_fault_seed(seed);
        let server = Server::start(Config { breakage, ..config(None, Plan::Unlimited, 1) }).await.unwrap();
        let mut course = Vec::new();
        for _ in 0..20 {
            course.push(Arrived::of(server.address(), &get("/v2/nothing"), PATIENCE).await.has("http/1.1 500"));
        }
        courses.push(course);
    }
    assert_eq!(courses[0], courses[1]);
    assert_ne!(courses[0], courses[2]);
}
