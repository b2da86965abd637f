//! The reference server as a process: what it prints, what it takes, how it ends.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use crate::abide::Abide;
use crate::folder::Folder;
use crate::server::{CREDENTIALS, Server};
use crate::table::GOOD_PLACES;

#[test]
fn cannot_start() {
    let folder = Folder::with([
        ("text.db", b"not a database, and longer than the header of one\n".repeat(40).as_slice()),
        ("misspelt.toml", b"says = \"A.\"\n\n[calmyx]\nqueue = 1\n"),
        ("impossible.toml", b"says = \"A.\"\n\n[calmyx]\nfinish = [3, 2]\n"),
    ]);
    let occupied = TcpListener::bind("127.0.0.1:0").unwrap();
    let occupied = occupied.local_addr().unwrap().to_string();
    let mut all = String::new();
    for (name, command) in [
        ("the port is in use", format!("serve --listen {occupied}")),
        ("no address", "serve --listen here".to_owned()),
        ("not a database", "serve --listen 127.0.0.1:0 --db text.db".to_owned()),
        ("no such folder", "serve --listen 127.0.0.1:0 --db nowhere/sessions.db".to_owned()),
        ("an unknown plan", "serve --listen 127.0.0.1:0 --plan gold".to_owned()),
        ("an address for everybody", "serve --listen 0.0.0.0:0".to_owned()),
        ("no rate limit", "serve --listen 127.0.0.1:0 --rate-limit 10".to_owned()),
        ("an unknown bug", "serve --listen 127.0.0.1:0 --bug cal-nothing".to_owned()),
        ("an unknown variation", "serve --listen 127.0.0.1:0 --variation pretty".to_owned()),
        ("an unknown fault", "serve --listen 127.0.0.1:0 --fault slow:0.5".to_owned()),
        ("no probability", "serve --listen 127.0.0.1:0 --fault latency:often".to_owned()),
        ("an unknown scenario", "serve --listen 127.0.0.1:0 --scenario doom".to_owned()),
        ("no such scenario file", "serve --listen 127.0.0.1:0 --scenario doom.toml".to_owned()),
        ("a misspelt scenario", "serve --listen 127.0.0.1:0 --scenario misspelt.toml".to_owned()),
        ("a scenario that cannot be", "serve --listen 127.0.0.1:0 --scenario impossible.toml".to_owned()),
        ("an unknown list", "serve --list everything".to_owned()),
    ] {
        let finished = Abide::new(&command).within(&folder).expect(2);
        assert_eq!(finished.stdout, "", "{name}");
        all.push_str(&finished.transcript(name, &[&occupied]));
    }
    insta::assert_snapshot!(all);
    assert_eq!(folder.names(), ["impossible.toml", "misspelt.toml", "text.db"]);
    assert!(folder.text("text.db").starts_with("not a database"), "it was left as it was");
}

#[test]
fn a_file_that_another_server_has_is_refused() {
    let folder = Folder::with([]);
    let serve = || Abide::new("serve --listen 127.0.0.1:0 --db sessions.db").within(&folder);
    let first = Server::of(serve());
    let finished = serve().expect(2);
    assert_eq!(finished.stdout, "");
    assert!(finished.stderr.contains("sessions.db is in use by another server (process "), "{finished:#?}");
    drop(first);
    assert_eq!(Server::of(serve()).stop("TERM").code, Some(0), "a kill holds nobody up");
    assert_eq!(folder.names(), ["sessions.db"], "one file is left of it all");
}

#[test]
fn cannot_use_these_credentials() {
    let mut all = String::new();
    for (name, variables) in [
        ("empty", [("CALMYX_API_KEY", ""), ("HUM_API_TOKEN", "good")]),
        ("a space", [("CALMYX_API_KEY", "good"), ("HUM_API_TOKEN", "sec ret")]),
        ("twice the same", [("HUM_API_TOKEN", "the-same"), ("HUM_API_TOKEN_2", "the-same")]),
    ] {
        let serve = Abide::new("serve --listen 127.0.0.1:0");
        let serve = variables.iter().fold(serve, |serve, (name, value)| serve.environment(name, value));
        let finished = serve.expect(2);
        assert_eq!(finished.stdout, "", "{name}");
        assert!(!finished.stderr.contains("sec ret") && !finished.stderr.contains("the-same"), "{finished:#?}");
        all.push_str(&finished.transcript(name, &[]));
    }
    insta::assert_snapshot!(all);
}

#[test]
fn takes_credentials_from_the_environment() {
    let serve = Abide::new("serve --listen 127.0.0.1:0 --speed 200")
        .environment("CALMYX_API_KEY", "my-own-key")
        .environment("HUM_API_TOKEN_2", "my-own-token");
    let server = Server::of(serve);
    assert_eq!(server.credential("CALMYX_API_KEY"), "my-own-key");
    assert_eq!(server.credential("HUM_API_TOKEN_2"), "my-own-token");
    assert!(server.credential("CALMYX_API_KEY_2").starts_with("abide_calmyx_"), "made up");
    let folder = Folder::with([("in.csv", GOOD_PLACES.as_bytes())]);
    server.abide("calmyx run in.csv").within(&folder).expect(0);
}

/// What a call of the clock hook is answered: its first line.
fn move_clock(server: &Server) -> String {
    let mut stream = TcpStream::connect(server.address()).unwrap();
    let body = r#"{"seconds": 3600}"#;
    write!(
        stream,
        "POST /_test/clock/advance HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).unwrap();
    reply.lines().next().unwrap_or_default().to_owned()
}

#[test]
fn the_clock_moves_only_where_hooks_were_asked_for() {
    let server = Server::start(1);
    let token = server.open("--street1 One --zip 48034");
    assert_eq!(move_clock(&server), "HTTP/1.1 404 Not Found");
    assert!(server.abide(&format!("hum close {token}")).expect(0).stderr.ends_with(": closed\n"));

    let server = Server::of(Abide::new("serve --listen 127.0.0.1:0 --test-hooks"));
    let token = server.open("--street1 One --zip 48034");
    assert_eq!(move_clock(&server), "HTTP/1.1 200 OK");
    server.abide(&format!("hum services {token}")).expect(5);
}

#[test]
fn a_rate_limit_pushes_back() {
    let server = Server::of(Abide::new("serve --listen 127.0.0.1:0 --rate-limit 1/3600"));
    let token = server.open("--street1 One --zip 48034");
    let finished = server.abide(&format!("hum services {token}")).expect(1);
    assert!(finished.stderr.contains("429"), "{finished:#?}");
}

/// It can be had, and what is said about it has no credential in it.
#[test]
fn an_address_for_everybody_must_be_allowed() {
    let server = Server::of(Abide::new("serve --listen 0.0.0.0:0 --allow-remote"));
    let finished = server.stop("TERM");
    assert!(finished.stderr.starts_with("note: 0.0.0.0:"), "{finished:#?}");
    assert_eq!(finished.stderr.lines().count(), 1, "{finished:#?}");
}

#[test]
fn lists_what_can_be_wrong() {
    for kind in ["bugs", "variations", "faults", "scenarios"] {
        let finished = Abide::new(&format!("serve --list {kind}")).expect(0);
        assert_eq!(finished.stderr, "", "{kind}");
        insta::assert_snapshot!(format!("list_{kind}"), finished.stdout);
    }
}

/// The main job meets what the server was told to do.
#[test]
fn is_wrong_on_purpose() {
    let folder = Folder::with([
        ("in.csv", GOOD_PLACES.as_bytes()),
        ("own.toml", b"says = \"The session fails at once.\"\n[calmyx]\nend = \"failed-in-queue\"\n"),
    ]);
    for (flags, code) in [
        ("--scenario all-succeed --variation pretty-json --variation extra-fields", 0),
        ("--scenario all-fail", 3),
        ("--scenario session-fails", 4),
        ("--scenario own.toml", 4),
        ("--scenario all-succeed --fault reset-before:0.3@/v2/session/status --fault-seed 3", 0),
    ] {
        let serve = Abide::new(&format!("serve --listen 127.0.0.1:0 --speed 200 {flags}")).within(&folder);
        let server = Server::of(serve);
        server.abide("calmyx run in.csv").within(&folder).expect(code);
        let finished = server.stop("TERM");
        assert_eq!(finished.stderr, "note: this server is not as it should be, on purpose\n", "{flags}");
    }
}

/// Two servers do not share what they make up.
#[test]
fn makes_up_credentials() {
    let (one, other) = (Server::start(1), Server::start(1));
    for name in CREDENTIALS {
        assert_ne!(one.credential(name), other.credential(name), "{name}");
    }
}

/// A credential may come from a file, as it does from a secret store, with the line end that an editor leaves.
#[test]
fn a_credential_file_opens_it() {
    let server = Server::start(200);
    let key = format!("{}\n", server.credential("CALMYX_API_KEY"));
    let folder = Folder::with([("in.csv", GOOD_PLACES.as_bytes()), ("calmyx.key", key.as_bytes())]);
    Abide::new("calmyx run in.csv --credential-file calmyx.key")
        .arguments(["--base-url", server.base_url(), "--speed", "100"])
        .secret("CALMYX_API_KEY", "the-file-counts")
        .within(&folder)
        .expect(0);
}

#[test]
fn ends_when_it_is_told_to() {
    for signal in ["TERM", "INT"] {
        let server = Server::start(1);
        // A connection that is left open does not hold it up.
        let _idle = TcpStream::connect(server.address()).unwrap();
        let finished = server.stop_within(signal, Duration::from_secs(3));
        assert_eq!(finished.code, Some(0), "{finished:#?}");
        assert_eq!(finished.stdout.lines().count(), 5);
        assert_eq!(finished.stderr, "");
    }
}
