//! `watch --record FILE`: what was recorded is judged, whatever became of the program that wrote it.

use crate::abide::{Abide, Finished};
use crate::folder::Folder;
use crate::server::{CREDENTIALS, Server};
use crate::table::{GOOD_ADDRESS, places};

/// A server whose sessions take some polls of a client that runs 100 times as fast as documented.
fn server(api: &str, more: &str) -> Server {
    let speed = if api == "hum" { 100 } else { 20 };
    Server::of(Abide::new(&format!("serve --listen 127.0.0.1:0 --speed {speed} {more}")))
}

/// Ten places that are being scored, or an address that is being looked up: the command that waits for it.
fn begun(server: &Server, api: &str) -> String {
    if api == "hum" {
        return format!("hum watch {}", server.open(GOOD_ADDRESS));
    }
    let input = places(10);
    let folder = Folder::with([("in.csv", input.as_bytes())]);
    let submitted = server.abide("calmyx submit in.csv").within(&folder).expect(0);
    format!("calmyx watch {}", submitted.stdout.trim())
}

/// Judges a recording and gives the report, after the promises that hold for each.
#[track_caller]
fn judged(server: &Server, folder: &Folder, api: &str, codes: &[i32]) -> String {
    let recorded = folder.text("it.ndjson");
    assert!(recorded.lines().count() > 2, "{recorded}");
    for name in CREDENTIALS {
        assert!(!recorded.contains(server.credential(name)), "{name} is in {recorded}");
    }
    let finished = Abide::new(&format!("conform trace --api {api} it.ndjson --json")).within(folder).run();
    assert!(finished.code.is_some_and(|code| codes.contains(&code)), "{finished:#?}");
    finished.stdout
}

/// The ids of the requirements with that verdict.
fn with<'a>(report: &'a str, verdict: &str) -> Vec<&'a str> {
    let rows = report.split("\"id\": \"").skip(1);
    let of_verdict = rows.filter(|row| row.contains(&format!("\"verdict\": \"{verdict}\"")));
    of_verdict.filter_map(|row| row.split('"').next()).collect()
}

#[test]
fn good_sides_are_not_accused() {
    for (api, passed) in [
        ("calmyx", ["CAL-COUNT-SUM", "CAL-STATE-ORDER", "CAL-CLIENT-AUTH", "CAL-CLIENT-PACE", "CAL-CLIENT-DONE"]),
        ("hum", ["HUM-ENVELOPE", "HUM-AGENTS", "HUM-TOKEN-ECHO", "HUM-CLIENT-AUTH", "HUM-CLIENT-DONE"]),
    ] {
        let (server, folder) = (server(api, ""), Folder::with([]));
        server.abide(&format!("{} --record it.ndjson", begun(&server, api))).within(&folder).run();
        // No recording has everything in it, and so a MUST stays open.
        let report = judged(&server, &folder, api, &[3]);
        assert!(with(&report, "failed").is_empty(), "{report}");
        for id in passed {
            assert!(with(&report, "passed").contains(&id), "{id}: {report}");
        }
        assert!(report.contains("\"subject\": \"both\""), "{report}");
    }
}

#[test]
fn a_bug_of_the_server_is_in_the_recording() {
    for (api, bug, requirement) in [
        ("calmyx", "cal-count-sum-off-by-one", "CAL-COUNT-SUM"),
        ("calmyx", "cal-score-range-101", "CAL-SCORE-RANGE"),
        ("hum", "hum-agents-missing", "HUM-AGENTS"),
    ] {
        let (server, folder) = (server(api, &format!("--bug {bug}")), Folder::with([]));
        let watch = format!("{} --max-wait 2s --record it.ndjson", begun(&server, api));
        server.abide(&watch).within(&folder).run();
        let report = judged(&server, &folder, api, &[1]);
        assert!(with(&report, "failed").contains(&requirement), "{bug}: {report}");
    }
}

/// The documented cap is thirty seconds, here three tenths of one; who waits longer on purpose breaks it.
#[test]
fn a_client_that_waits_too_long_is_in_the_recording() {
    let server = Server::start(1);
    let folder = Folder::with([]);
    let token = server.open(GOOD_ADDRESS);
    let watch = format!("hum watch {token} --max-wait 1500ms --record it.ndjson");
    server.abide(&watch).within(&folder).expect(6);
    let report = judged(&server, &folder, "hum", &[1]);
    assert_eq!(with(&report, "failed"), ["HUM-CLIENT-CAP"], "{report}");
}

#[test]
fn what_was_written_before_a_kill_is_judged() {
    for signal in ["INT", "KILL"] {
        let server = Server::start(1);
        let folder = Folder::with([]);
        let token = server.open(GOOD_ADDRESS);
        let watch = format!("hum watch {token} --record it.ndjson --max-wait 20s");
        let running = server.abide(&watch).within(&folder).start();
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(10);
        let path = folder.path().join("it.ndjson");
        while std::fs::read_to_string(&path).unwrap_or_default().matches("\"exchange\"").count() < 3 {
            assert!(std::time::Instant::now() < deadline, "nothing was recorded");
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        running.signal(signal);
        running.finish();
        let report = judged(&server, &folder, "hum", &[1, 3]);
        // On a busy machine the third call may already be past the documented cap.
        assert!(with(&report, "failed").iter().all(|id| *id == "HUM-CLIENT-CAP"), "{report}");
        assert!(with(&report, "passed").contains(&"HUM-ENVELOPE"), "{report}");
    }
}

#[track_caller]
fn refused(line: &str, folder: &Folder, code: i32, expected: &str) -> Finished {
    let server = Server::start(100);
    let token = server.open(GOOD_ADDRESS);
    let finished = server.abide(&format!("hum watch {token} --max-wait 10s {line}")).within(folder).expect(code);
    assert!(finished.stderr.contains(expected), "{finished:#?}");
    finished
}

#[test]
fn files_that_cannot_be_written() {
    let folder = Folder::with([("mine.csv", b"lat,lng\n1,2\n".as_slice())]);
    let finished = refused("--record mine.csv", &folder, 2, "there is something in that file already");
    assert_eq!(finished.stdout, "");
    assert_eq!(folder.text("mine.csv"), "lat,lng\n1,2\n");
    refused("--record no/such/folder", &folder, 2, "--record no/such/folder: No such file");
    #[cfg(target_os = "linux")]
    refused("--record /dev/full", &folder, 2, "No space left");
}
