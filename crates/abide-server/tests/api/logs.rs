//! What the server says about calls to whoever reads its log: no credential, no session, nothing that was sent.

use std::{
    io,
    sync::{Arc, Mutex},
};

use abide_server::{Plan, Server};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tracing_subscriber::filter::LevelFilter;

use crate::service::{calmyx_body, config, hum_body};

/// Everything that was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Sends a request with a credential and a body, and gives the body of the reply.
async fn call(server: &Server, line: &str, credential: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    let length = body.len();
    let request = format!(
        "{line} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: {credential}\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).await.unwrap();
    reply.split_once("\r\n\r\n").unwrap().1.to_owned()
}

/// The text after `"name":"` up to the next quote.
fn field(reply: &str, name: &str) -> String {
    let (_, rest) = reply.split_once(&format!("\"{name}\":\"")).unwrap();
    rest.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn nothing_that_was_sent_is_logged() {
    let log = Log::default();
    let writer = log.clone();
    // For the whole process: with a subscriber of one thread it would matter which test came first.
    tracing_subscriber::fmt().with_max_level(LevelFilter::TRACE).with_writer(move || writer.clone()).init();

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sessions.db");
    let server = Server::start(config(Some(&file), Plan::Unlimited, 1)).await.unwrap();
    let created = call(&server, "POST /v2/session/new", "calmyx-key-1", &calmyx_body(1).to_string()).await;
    let session = field(&created, "session_id");
    let opened = call(&server, "POST /sessions", "Bearer hum-token-1", &hum_body().to_string()).await;
    let token = field(&opened, "session_token");
    call(&server, &format!("GET /sessions/{token}"), "Bearer canary-1", "").await;
    call(&server, "GET /v2/listing/quietness?lat=canary-2", "calmyx-key-1", "").await;
    call(&server, "POST /sessions", "Bearer hum-token-1", "canary-3").await;
    call(&server, "GET /v2/account/usage", "calmyx-key-1", "").await;
    rusqlite::Connection::open(&file)
        .unwrap()
        .execute_batch("DROP TABLE calmyx_session; DROP TABLE hum_session")
        .unwrap();
    call(&server, &format!("GET /v2/session/status?session_id={session}"), "calmyx-key-1", "").await;
    call(&server, &format!("DELETE /sessions/{token}"), "Bearer hum-token-1", "").await;
    server.shutdown().await.unwrap();

    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.matches("a call was given up").count() >= 2, "{log}");
    for secret in ["calmyx-key-1", "hum-token-1", "canary", "Tiffany", &session, &token] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}
