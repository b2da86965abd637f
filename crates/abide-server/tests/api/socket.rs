//! The server on a socket: starting, answering, stopping.

use std::{net::SocketAddr, time::Duration};

use abide_server::{Config, Credentials, Plan, Server, ServerError};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::service::config;

/// Sends `request` on a connection of its own and reads until the server closes it.
async fn exchange(address: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).await.unwrap();
    reply
}

#[tokio::test]
async fn it_answers_on_the_port_that_it_names_and_then_stops() {
    let server = Server::start(config(None, Plan::Unlimited, 1)).await.unwrap();
    let address = server.address();
    assert!(address.ip().is_loopback() && address.port() != 0);
    let request = "GET /sessions/nope HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer hum-token-1\r\nConnection: close\r\n\r\n";
    let reply = exchange(address, request).await;
    assert!(reply.starts_with("HTTP/1.1 404"), "{reply}");
    server.shutdown().await.unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn a_name_that_was_rebound_is_refused() {
    let server = Server::start(config(None, Plan::Unlimited, 1)).await.unwrap();
    let address = server.address();
    for (head, status) in [
        ("GET / HTTP/1.1\r\nHost: rebound.example", 421),
        ("GET http://rebound.example/ HTTP/1.1\r\nHost: localhost", 421),
        ("GET / HTTP/1.1\r\nHost: localhost\r\nHost: rebound.example", 421),
        (&*format!("GET / HTTP/1.1\r\nHost: {address}"), 404),
        ("GET / HTTP/1.0", 404),
    ] {
        let reply = exchange(address, &format!("{head}\r\nConnection: close\r\n\r\n")).await;
        assert_eq!(reply.get(9..12), Some(&*status.to_string()), "{head}: {reply}");
    }
    server.shutdown().await.unwrap();
}

#[tokio::test]
async fn an_idle_connection_does_not_hold_it_up() {
    let server = Server::start(config(None, Plan::Unlimited, 1)).await.unwrap();
    let _idle = TcpStream::connect(server.address()).await.unwrap();
    tokio::time::timeout(Duration::from_secs(4), server.shutdown()).await.unwrap().unwrap();
}

#[tokio::test]
async fn it_runs_until_the_signal() {
    let server = Server::start(config(None, Plan::Unlimited, 1)).await.unwrap();
    let address = server.address();
    let (signal, signalled) = tokio::sync::oneshot::channel::<()>();
    let running = tokio::spawn(server.run_until(signalled));
    assert!(TcpStream::connect(address).await.is_ok());
    signal.send(()).unwrap();
    running.await.unwrap().unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn garbage_and_half_requests_harm_nobody() {
    let server = Server::start(config(None, Plan::Unlimited, 1)).await.unwrap();
    for garbage in ["\r\n\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}\u{0}", "GET / HTTP/9.9\r\n\r\n"] {
        let mut stream = TcpStream::connect(server.address()).await.unwrap();
        stream.write_all(garbage.as_bytes()).await.unwrap();
    }
    let reply = exchange(server.address(), "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await;
    assert!(reply.starts_with("HTTP/1.1 404"), "{reply}");
    server.shutdown().await.unwrap();
}

#[track_caller]
fn check(result: Result<Server, ServerError>, is: fn(&ServerError) -> bool) {
    let error = result.unwrap_err();
    assert!(is(&error), "{error:?}");
    for secret in ["calmyx-key", "hum-token"] {
        assert!(!format!("{error:?} {error}").contains(secret));
    }
}

#[tokio::test]
async fn it_says_why_it_does_not_start() {
    let first = Server::start(config(None, Plan::Unlimited, 1)).await.unwrap();
    let taken = Config { listen: first.address(), ..config(None, Plan::Unlimited, 1) };
    check(Server::start(taken).await, ServerError::is_listen);

    let folder = tempfile::tempdir().unwrap();
    check(Server::start(config(Some(folder.path()), Plan::Unlimited, 1)).await, ServerError::is_database);

    let everybody = Config { listen: ([0, 0, 0, 0], 0).into(), ..config(None, Plan::Unlimited, 1) };
    check(Server::start(everybody.clone()).await, |error| error.is_remote() && error.is_usage());
    Server::start(Config { allow_remote: true, ..everybody }).await.unwrap().shutdown().await.unwrap();

    let credentials = Credentials { hum: ["hum-token".into(), "hum-token".into()], ..Credentials::generate().unwrap() };
    let same = Config { credentials, ..config(None, Plan::Unlimited, 1) };
    check(Server::start(same).await, ServerError::is_usage);
}
