//! Exit codes: how a wait ended, as a script sees it.

use crate::abide::Abide;
use crate::folder::Folder;
use crate::server::Server;
use crate::stub::Stub;
use crate::table::{GOOD_ADDRESS, GOOD_ADDRESSES, GOOD_PLACES, MIXED_ADDRESSES, MIXED_PLACES, column, places, rows};

/// Submits a table; the id of its session.
#[track_caller]
fn submit(server: &Server, input: &str) -> String {
    let folder = Folder::with([("in.csv", input.as_bytes())]);
    server.abide("calmyx submit in.csv").within(&folder).expect(0).stdout.trim().to_owned()
}

#[test]
fn completed_or_not_everything() {
    let server = Server::start(200);
    let folder = Folder::with([
        ("good.csv", GOOD_PLACES.as_bytes()),
        ("mixed.csv", MIXED_PLACES.as_bytes()),
        ("homes.csv", GOOD_ADDRESSES.as_bytes()),
        ("mixed-homes.csv", MIXED_ADDRESSES.as_bytes()),
    ]);
    for (command, code) in [
        ("calmyx run good.csv", 0),
        ("calmyx run mixed.csv", 3),
        ("hum run homes.csv --max-wait 10s", 0),
        ("hum run mixed-homes.csv --max-wait 10s", 3),
    ] {
        server.abide(command).within(&folder).expect(code);
    }
    let (good, mixed) = (submit(&server, GOOD_PLACES), submit(&server, MIXED_PLACES));
    for (sessions, code) in [(good.clone(), 0), (mixed.clone(), 3), (format!("{good} {mixed}"), 3)] {
        server.abide(&format!("calmyx watch {sessions}")).expect(code);
    }
}

/// The first of 1, 5, 4, 6, 3 that any session had.
#[test]
fn several_sessions() {
    let server = Server::start(100);
    let (good, closed) = (server.open(GOOD_ADDRESS), server.open(GOOD_ADDRESS));
    server.lines(&format!("hum close {closed}"));
    for (tokens, code) in [
        (good.clone(), 0),
        (format!("{good} {closed}"), 5),
        (format!("{closed} {good}"), 5),
        (format!("{closed} unknown {good}"), 1),
    ] {
        let finished = server.abide(&format!("hum watch {tokens} --max-wait 10s")).expect(code);
        assert_eq!(rows(&finished.stdout).len(), tokens.split(' ').count());
    }
}

/// The command gives up, says how to go on, and what it says works.
#[test]
fn gave_up_waiting() {
    let server = Server::start(1);
    let folder = Folder::with([("in.csv", GOOD_PLACES.as_bytes()), ("homes.csv", GOOD_ADDRESSES.as_bytes())]);
    let (session, token) = (submit(&server, GOOD_PLACES), server.open(GOOD_ADDRESS));
    for command in [
        format!("calmyx watch {session} --max-wait 300ms"),
        format!("calmyx watch {session} --json --max-wait 300ms"),
        format!("hum watch {token} --max-wait 300ms"),
    ] {
        let finished = server.abide(&command).expect(6);
        assert!(finished.stderr.contains("gave up waiting"), "{finished:#?}");
    }
    for (command, column_name, word) in [
        ("calmyx run in.csv -o out.csv --max-wait 300ms", "status", "gave-up"),
        ("hum run homes.csv -o homes-out.csv --max-wait 300ms", "outcome", "gave-up"),
    ] {
        let finished = server.abide(command).within(&folder).expect(6);
        assert!(finished.command_for_the_rest().contains("watch"), "{finished:#?}");
        let output = command.split(' ').nth(4).unwrap();
        let table = rows(&folder.text(output));
        assert!(column(&table, column_name).iter().all(|found| *found == word), "{table:?}");
    }
}

/// Hum's documents bound the wait; without `--max-wait` that bound holds, divided by the speed.
#[test]
fn gave_up_at_the_documented_bound() {
    let server = Server::start(1);
    let token = server.open(GOOD_ADDRESS);
    server.abide(&format!("hum watch {token}")).expect(6);
}

#[test]
fn the_session_failed() {
    let stub = Stub::answering(
        "200 OK\nContent-Type: application/json",
        r#"{"session_id": "sess_1", "total_locations": 2, "submitted_at": "2026-01-15T10:30:00", "status": "FAILED",
            "progress": {"total": 2, "processed": 0, "successful": 0, "failed": 0}, "results": [],
            "started_at": null, "completed_at": null}"#,
    );
    let base_url = format!("http://{}", stub.address());
    let folder = Folder::with([("in.csv", GOOD_PLACES.as_bytes())]);
    for command in ["calmyx watch sess_1", "calmyx run in.csv -o out.csv"] {
        Abide::new(command)
            .arguments(["--base-url", &base_url, "--speed", "100"])
            .secret("CALMYX_API_KEY", "key-1")
            .within(&folder)
            .expect(4);
    }
    assert_eq!(column(&rows(&folder.text("out.csv")), "status"), ["failed"; 2]);
}

#[test]
fn gone() {
    let stub =
        Stub::answering("410 Gone\nContent-Type: application/json", r#"{"message": "The session has expired."}"#);
    let base_url = format!("http://{}", stub.address());
    for command in ["calmyx watch sess_1", "hum watch token", "hum services token"] {
        Abide::new(command)
            .arguments(["--base-url", &base_url, "--speed", "100"])
            .secret("CALMYX_API_KEY", "key-1")
            .secret("HUM_API_TOKEN", "token-1")
            .expect(5);
    }
}

/// A reader that goes away (`… | head`) is nobody to tell about it.
#[test]
fn nobody_reads_on() {
    let server = Server::start(50);
    let session = submit(&server, &places(500));
    for flags in ["", " --json"] {
        let mut command = std::process::Command::new("sh");
        let line =
            format!("\"$0\" calmyx watch {session} --speed 50 --base-url {}{flags} | head -n 1", server.base_url());
        let program = env!("CARGO_BIN_EXE_abide");
        let key = server.credential("CALMYX_API_KEY");
        let output = command.args(["-c", &line, program]).env("CALMYX_API_KEY", key).output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(String::from_utf8(output.stdout).unwrap().lines().count(), 1);
        assert!(!told.contains("panicked") && !told.to_lowercase().contains("broken pipe"), "{told}");
    }
}

/// What one run made is not lost to a later one that came to less.
#[test]
fn an_earlier_table_outlives_a_run_without_answers() {
    let server = Server::start(1);
    let folder = Folder::with([("in.csv", GOOD_PLACES.as_bytes()), ("out.csv", b"precious\n")]);
    let finished = server.abide("calmyx run in.csv -o out.csv --max-wait 300ms").within(&folder).expect(6);
    assert_eq!(folder.text("out.csv"), "precious\n", "{finished:#?}");
    assert!(folder.names().contains(&"out.csv.partial".to_owned()), "{:?}", folder.names());
}

/// A table is not written over the one that it is made from.
#[test]
fn the_input_is_not_overwritten() {
    let server = Server::start(100);
    let folder = Folder::with([("in.csv", GOOD_PLACES.as_bytes())]);
    let finished = server.abide("calmyx run in.csv -o in.csv").within(&folder).expect(2);
    assert!(finished.stderr.contains("this is the input"), "{finished:#?}");
    assert_eq!(folder.text("in.csv").as_bytes(), GOOD_PLACES.as_bytes());
}
