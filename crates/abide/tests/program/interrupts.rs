//! Ctrl-C: what was received is kept, and the program says how to get the rest.

use std::collections::BTreeSet;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::abide::{Abide, Finished, Running};
use crate::folder::Folder;
use crate::server::{CREDENTIALS, Server};
use crate::stub::Silent;
use crate::table::{GOOD_ADDRESS, GOOD_ADDRESSES, GOOD_PLACES, column, places, rows};

/// How soon a program ends that has nothing left to do.
const SOON: Duration = Duration::from_secs(3);

/// The command that the interrupted one named, with the server it was for where the command does not say so itself.
fn the_rest(server: &Server, finished: &Finished) -> Abide {
    let line = finished.command_for_the_rest();
    if line.contains("--base-url") {
        let abide = Abide::new(line);
        CREDENTIALS.into_iter().fold(abide, |abide, name| abide.secret(name, server.credential(name)))
    } else {
        server.abide(line)
    }
}

/// Starts scoring 500 places into `out.csv` and interrupts once the first of them are there.
#[track_caller]
fn interrupted_scoring(server: &Server, folder: &Folder) -> Finished {
    let mut running = server.abide("calmyx run in.csv -o out.csv").within(folder).start();
    running.stderr_once(|text| text.contains("/500 locations"));
    running.signal("INT");
    let finished = running.finish_within(SOON);
    assert_eq!(finished.code, Some(130), "{finished:#?}");
    finished
}

#[test]
fn scoring_keeps_what_was_received() {
    let input = places(500);
    let folder = Folder::with([("in.csv", input.as_bytes())]);
    let server = Server::start(20);
    let finished = interrupted_scoring(&server, &folder);

    assert_eq!(folder.names(), ["in.csv", "out.csv", "out.csv.abide-run"]);
    let (all, kept) = (rows(&input), rows(&folder.text("out.csv")));
    assert!((1..500).contains(&kept.len()), "{} rows", kept.len());
    let names = column(&kept, "name");
    let of_input = column(&all, "name");
    let mut places = of_input.iter().filter(|name| names.contains(*name));
    assert!(names.iter().all(|name| places.next() == Some(name)), "the order of the input: {names:?}");
    assert!(kept.iter().all(|row| !row["status"].is_empty() && !row["session_id"].is_empty()));

    let rest = the_rest(&server, &finished).expect(3);
    assert_eq!(rows(&rest.stdout).len(), 500);
}

/// The rows stand beside what stood there before, and both are whole.
#[test]
fn scoring_does_not_replace_a_whole_output_by_a_part() {
    let folder = Folder::with([("in.csv", places(500).as_bytes()), ("out.csv", b"name\nprecious\n")]);
    let server = Server::start(20);
    interrupted_scoring(&server, &folder);
    assert_eq!(folder.names(), ["in.csv", "out.csv", "out.csv.abide-run", "out.csv.partial"]);
    assert_eq!(folder.text("out.csv"), "name\nprecious\n");
    assert!(!rows(&folder.text("out.csv.partial")).is_empty());
}

/// Who copies the line into a shell gets the rest, from the same server.
#[test]
fn the_named_command_works_as_it_stands() {
    let folder = Folder::with([("in.csv", places(500).as_bytes())]);
    let server = Server::start(20);
    let finished = interrupted_scoring(&server, &folder);
    let line = finished.command_for_the_rest();
    assert!(line.contains(server.base_url()), "another server would be asked: abide {line}");
    the_rest(&server, &finished).expect(3);
}

#[test]
fn watching_keeps_what_was_received() {
    let folder = Folder::with([("in.csv", places(500).as_bytes())]);
    let server = Server::start(20);
    let id = server.abide("calmyx submit in.csv").within(&folder).expect(0).stdout;
    let mut running = server.abide(&format!("calmyx watch {id}")).start();
    running.stdout_once(|text| text.lines().count() > 1);
    running.signal("INT");
    let finished = running.finish_within(SOON);
    assert_eq!(finished.code, Some(130), "{finished:#?}");
    let kept = rows(&finished.stdout);
    assert!((1..500).contains(&kept.len()), "{} rows", kept.len());
    assert_eq!(rows(&the_rest(&server, &finished).expect(3).stdout).len(), 500);
}

#[test]
fn looking_up_keeps_what_was_received() {
    let folder = Folder::with([("in.csv", GOOD_ADDRESSES.as_bytes())]);
    let server = Server::start(5);
    let mut running = server.abide("hum run in.csv -o out.csv --max-wait 10s").within(&folder).start();
    // Four sessions live at a time: with the first of them over, the fifth has just begun.
    running.stderr_once(|text| text.contains("/5 addresses"));
    running.signal("INT");
    let finished = running.finish_within(SOON);
    assert_eq!(finished.code, Some(130), "{finished:#?}");
    assert_eq!(folder.names(), ["in.csv", "out.csv", "out.csv.abide-run"]);

    let kept = rows(&folder.text("out.csv"));
    let tokens_of = |outcome: &str| -> BTreeSet<&str> {
        let rows = kept.iter().filter(|row| row["outcome"] == outcome);
        rows.map(|row| row["session_token"].as_str()).collect()
    };
    let (completed, interrupted) = (tokens_of("completed"), tokens_of("interrupted"));
    assert!(!completed.is_empty() && !interrupted.is_empty(), "{kept:?}");
    assert_eq!(completed.len() + interrupted.len(), kept.len(), "{kept:?}");

    let named: BTreeSet<&str> =
        finished.command_for_the_rest().split(' ').skip(2).filter(|word| interrupted.contains(word)).collect();
    assert_eq!(named, interrupted);
    let rest = the_rest(&server, &finished).arguments(["--max-wait", "10s"]).expect(0);
    assert_eq!(rows(&rest.stdout).len(), interrupted.len());
    let completed: Vec<&str> = completed.into_iter().collect();
    server.abide(&format!("hum watch {}", completed.join(" "))).expect(5);
}

#[test]
fn watching_a_lookup() {
    let server = Server::start(3);
    let token = server.open(GOOD_ADDRESS);
    let mut running = server.abide(&format!("hum watch {token} --json --max-wait 10s")).start();
    running.stdout_once(|text| text.contains(r#""event":"progress""#));
    running.signal("INT");
    let finished = running.finish_within(SOON);
    assert_eq!(finished.code, Some(130), "{finished:#?}");
    assert!(!finished.stdout.contains(r#""event":"ended""#), "{finished:#?}");
    the_rest(&server, &finished).arguments(["--max-wait", "10s"]).expect(0);
}

/// Starts a command at a server that never answers, and waits until it has called.
#[track_caller]
fn unanswered(command: &str, folder: &Folder) -> (Running, TcpStream) {
    let silent = Silent::listen();
    let running = Abide::new(command)
        .arguments(["--base-url", &format!("http://{}", silent.address())])
        .secret("CALMYX_API_KEY", "key-1")
        .secret("HUM_API_TOKEN", "token-1")
        .within(folder)
        .start();
    let connection = silent.connection();
    (running, connection)
}

/// Ctrl-C ends these too: nobody should have to press it twice to stop a call that hangs.
#[test]
fn single_calls_end_at_once() {
    let folder = Folder::with([("in.csv", GOOD_PLACES.as_bytes())]);
    for command in ["calmyx submit in.csv", "hum services token", "hum close token", "calmyx watch sess_1"] {
        let (running, _connection) = unanswered(command, &folder);
        running.signal("INT");
        let finished = running.finish_within(SOON);
        assert_eq!(finished.code, Some(130), "{finished:#?}");
    }
}

/// The second Ctrl-C does not wait for a server; it leaves no half-written file under a made-up name either, only the note
/// that a session may exist.
#[test]
fn a_second_interrupt_ends_at_once() {
    let folder = Folder::with([("in.csv", GOOD_PLACES.as_bytes())]);
    let (mut running, _connection) = unanswered("calmyx run in.csv -o out.csv", &folder);
    let deadline = Instant::now() + SOON;
    // Signals that come too fast after each other are one, so it is pressed until it is heard.
    while !running.has_ended() && Instant::now() < deadline {
        running.signal("INT");
        std::thread::sleep(Duration::from_millis(20));
    }
    let finished = running.finish_within(SOON);
    assert_eq!(finished.code, Some(130), "{finished:#?}");
    assert_eq!(folder.names(), ["in.csv", "out.csv.abide-run"]);
}

/// Clients under test have process groups of their own, which no terminal reaches.
#[test]
#[cfg(unix)]
fn hosted_clients_end_with_the_program() {
    for signal in ["INT", "TERM", "HUP"] {
        let folder = Folder::with([("client.sh", BEATS.as_bytes())]);
        let line = "conform client --api hum --scenario normal --scenario at-once --report out -- sh client.sh";
        let running = Abide::new(line).within(&folder).start();
        let beats = || {
            ["parent", "child", "grandchild"]
                .map(|name| std::fs::read(folder.path().join(name)).map_or(0, |text| text.len()))
        };
        let started = Instant::now();
        while beats().contains(&0) {
            assert!(started.elapsed() < Duration::from_secs(10), "{:?}", beats());
            std::thread::sleep(Duration::from_millis(10));
        }
        running.signal(signal);
        let finished = running.finish_within(SOON);
        assert_eq!(finished.code, Some(130), "{finished:#?}");
        assert!(finished.stderr.contains("interrupted; every client was ended"), "{finished:#?}");
        let before = beats();
        std::thread::sleep(Duration::from_millis(100));
        assert_eq!(beats(), before, "somebody outlived {signal}");
        assert!(folder.text("out/trace.ndjson").contains("\"client-started\""), "what was recorded is kept");
    }
}

#[cfg(unix)]
const BEATS: &str = r"
trap '' INT TERM HUP
beat() { while sleep 0.02; do echo beat >> $1; done; }
(beat grandchild & beat child) &
beat parent
";
