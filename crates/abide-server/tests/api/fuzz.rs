//! Whatever is sent, by whomever: an answer below 500 in the shape of the API, and a server that goes on serving.

use std::sync::OnceLock;

use abide_server::{Config, Plan, Server};
use proptest::{prelude::*, sample::select, test_runner::Config as Cases};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    runtime::Runtime,
};

use crate::{
    odd_calls::{Call, PARAMETERS, VALUES, body, call},
    service::{CALMYX, HUM, Reply, Service, config},
};

fn judge(call: &Call, reply: &Reply) {
    let status = reply.status.as_u16();
    assert!((200..300).contains(&status) || (400..500).contains(&status), "{call:?}: {status}");
    if call.method == "HEAD" {
        assert!(reply.body.is_empty());
        return;
    }
    let body = reply.json();
    if status >= 400 {
        let sentence = body.get("error").or_else(|| body.get("message")).and_then(|sentence| sentence.as_str());
        assert!(sentence.is_some_and(|sentence| !sentence.is_empty()), "{call:?}: {body}");
        assert!(body.get("error").is_some() || body["request_status"] == "error", "{call:?}: {body}");
    }
}

fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| Runtime::new().unwrap())
}

fn hooked() -> Config {
    Config { test_hooks: true, ..config(None, Plan::Insight, 1000) }
}

async fn still_serves(service: &Service) {
    let session = service.calmyx_session(3).await;
    assert_eq!(service.calmyx_status(&session).await["progress"]["total"], 3);
    let token = service.hum_session().await;
    assert_eq!(service.hum_code(&token).await, 202);
}

#[test]
fn calls_of_every_kind() {
    let service = Service::starting_after(0.0, &hooked());
    runtime().block_on(still_serves(&service));
    proptest!(Cases { failure_persistence: None, ..Cases::with_cases(3_000) }, |(call in call())| {
        if let Some(request) = call.request() {
            judge(&call, &runtime().block_on(service.send(request)));
        }
    });
    runtime().block_on(still_serves(&service));
}

/// The same with a right credential and a right path, so that what lies behind them is reached.
#[test]
fn bodies_and_queries_of_every_kind() {
    let service = Service::starting_after(0.0, &hooked());
    runtime().block_on(still_serves(&service));
    let route = select(
        &[
            ("POST", "/v2/session/new"),
            ("POST", "/v2/listing/quietness"),
            ("POST", "/v2/listings/delete-batch"),
            ("GET", "/v2/listing/quietness?"),
            ("DELETE", "/v2/listings/by-coordinates?"),
            ("GET", "/v2/session/status?"),
            ("POST", "/sessions"),
            ("GET", "/analytics/sessions?"),
            ("POST", "/_test/clock/advance"),
        ][..],
    );
    let pair = (select(&PARAMETERS[..]), select(&VALUES[..])).prop_map(|(name, value)| format!("{name}={value}"));
    let queries = proptest::collection::vec(pair, 0..4).prop_map(|pairs| pairs.join("&"));
    proptest!(Cases { failure_persistence: None, ..Cases::with_cases(3_000) }, |(
        (method, path) in route, query in queries, body in body(),
    )| {
        let credential = if path.starts_with("/v2") { CALMYX } else { HUM };
        let target = if path.ends_with('?') { format!("{path}{query}") } else { path.to_owned() };
        let headers = vec![("authorization", credential.as_bytes().to_vec()), ("content-type", b"application/json".to_vec())];
        let call = Call { method, target, headers, body };
        let reply = runtime().block_on(service.send(call.request().unwrap()));
        prop_assert_ne!(reply.status.as_u16(), 401);
        judge(&call, &reply);
    });
    runtime().block_on(still_serves(&service));
}

#[tokio::test]
async fn ten_megabytes_are_too_many() {
    let service = Service::starting_after(0.0, &hooked());
    for (path, credential) in [
        ("/v2/session/new", CALMYX),
        ("/v2/listing/quietness", CALMYX),
        ("/v2/listings/delete-batch", CALMYX),
        ("/sessions", HUM),
        ("/_test/clock/advance", HUM),
    ] {
        let reply = service.post(path, credential, vec![b' '; 10_000_000]).await;
        assert_eq!(reply.status.as_u16(), 413, "{path}");
        reply.json();
    }
    still_serves(&service).await;
}

/// What the parser of HTTP makes of it, too: whole requests, and bytes that are none.
#[test]
fn bytes_on_a_socket() {
    let server = runtime().block_on(Server::start(hooked())).unwrap();
    let address = server.address();
    let head = |call: &Call| {
        let mut bytes = format!("{} {} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n", call.method, call.target)
            .into_bytes();
        for (name, value) in &call.headers {
            bytes.extend([name.as_bytes(), b": ", value, b"\r\n"].concat());
        }
        bytes.extend(format!("Content-Length: {}\r\n\r\n", call.body.len()).bytes());
        bytes.extend(&call.body);
        bytes
    };
    let bytes = prop_oneof![
        4 => call().prop_map(move |call| head(&call)),
        1 => proptest::collection::vec(any::<u8>(), 1..200),
        1 => Just([b"GET / HTTP/1.1\r\nHost: localhost\r\nX: ".as_slice(), &vec![b'x'; 600_000], b"\r\n\r\n"].concat()),
        1 => Just(b"POST /sessions HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n".to_vec()),
        1 => Just(b"GET /sessions/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n".to_vec()),
    ];
    proptest!(Cases { failure_persistence: None, ..Cases::with_cases(300) }, |(bytes in bytes)| {
        let reply = runtime().block_on(async {
            let mut stream = TcpStream::connect(address).await.unwrap();
            let mut reply = Vec::new();
            // A server that has answered may close before it has read all: that is no failure of either.
            let _ = stream.write_all(&bytes).await;
            let _ = stream.shutdown().await;
            let _ = stream.read_to_end(&mut reply).await;
            reply
        });
        let status = reply.get(9..12).map(String::from_utf8_lossy);
        prop_assert!(status.as_deref().is_none_or(|status| status < "500"), "{}", String::from_utf8_lossy(&reply));
    });
    runtime().block_on(async {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let get = format!(
            "GET /v2/listings/stats HTTP/1.1\r\nHost: {address}\r\nAuthorization: {CALMYX}\r\nConnection: close\r\n\r\n"
        );
        stream.write_all(get.as_bytes()).await.unwrap();
        let mut reply = String::new();
        stream.read_to_string(&mut reply).await.unwrap();
        assert!(reply.starts_with("HTTP/1.1 200"), "{reply}");
        server.shutdown().await.unwrap();
    });
}
