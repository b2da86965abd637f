//! `abide conform`: the reference server judged over the network, recordings judged again, and what is refused.

use crate::abide::Abide;
use crate::folder::Folder;
use crate::server::Server;

const REPORTS: [&str; 4] = ["junit.xml", "report.html", "report.json", "trace.ndjson"];

/// Judges the server, and its recording; both must come to the same, with this exit code.
#[track_caller]
fn judged(api: &str, code: i32) -> String {
    let server = Server::start(100);
    let folder = Folder::with([]);
    let line = format!("conform server --api {api} --cases 1 --seed 3 --report out --json");
    let finished = server.abide(&line).within(&folder).expect(code);
    assert!(finished.stderr.contains("sessions side by side"), "{finished:#?}");
    let mut names: Vec<String> = std::fs::read_dir(folder.path().join("out"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, REPORTS);
    assert_eq!(folder.text("out/report.json"), finished.stdout);
    for (name, variable) in REPORTS.iter().flat_map(|name| crate::server::CREDENTIALS.map(|variable| (name, variable)))
    {
        assert!(!folder.text(&format!("out/{name}")).contains(server.credential(variable)), "{variable} is in {name}");
    }
    let again = Abide::new(&format!("conform trace --api {api} out/trace.ndjson --json")).within(&folder).expect(code);
    assert_eq!(again.stdout, finished.stdout);
    finished.stdout
}

#[test]
fn the_reference_server_is_conformant() {
    let report = judged("calmyx", 0);
    assert!(report.contains("\"verdict\": \"conformant\"") && report.contains("\"seed\": 3"), "{report}");
}

#[test]
fn without_a_clock_expiry_stays_open() {
    let report = judged("hum", 3);
    assert!(report.contains("\"verdict\": \"incomplete\"") && !report.contains("\"verdict\": \"failed\""), "{report}");
}

#[test]
fn a_server_that_is_down_is_not_judged() {
    let folder = Folder::with([]);
    let line = "conform server --api hum --base-url http://127.0.0.1:1 --report out";
    let finished = Abide::new(line).within(&folder).secret("HUM_API_TOKEN", "a-secret-token").expect(2);
    assert!(
        finished.stdout.contains("NOT JUDGED") && finished.stdout.contains("could not be reached"),
        "{finished:#?}"
    );
    assert!(folder.text("out/report.json").contains("\"not-judged\""));
    assert!(folder.text("out/report.html").contains("not judged"));
}

#[test]
fn every_requirement_is_listed() {
    let all = Abide::new("conform list --json").expect(0).stdout;
    assert_eq!(all.matches("\"id\": ").count(), 76);
    let hum = Abide::new("conform list --api hum").expect(0).stdout;
    assert_eq!(hum.matches("  source: ").count(), 33);
    assert!(hum.starts_with("HUM-CREATE-REPLY  server MUST documented\n"), "{hum}");
}

#[test]
fn refused() {
    let folder = Folder::with([
        ("trace.ndjson", b"{\"format\":\"abide-trace/9\"}\n".as_slice()),
        ("page.html", b"<html>".as_slice()),
        ("empty.har", b"{\"log\":{\"entries\":[]}}".as_slice()),
    ]);
    for (line, expected) in [
        ("conform server --api hum", "--base-url"),
        ("conform server --api tide --base-url http://127.0.0.1:1", "write calmyx or hum"),
        ("conform server --api hum --base-url 127.0.0.1:1", "is no http:// or https:// address"),
        ("conform server --api hum --base-url https://api.letshum.com", "say so with --yes-this-host-is-mine"),
        ("conform server --api hum --base-url http://127.0.0.1:1 --clock tower", "write none, real or hook:URL"),
        (
            "conform server --api hum --base-url http://127.0.0.1:1 --clock hook:https://example.com",
            "is not this machine",
        ),
        ("conform server --api hum --base-url http://127.0.0.1:1", "set HUM_API_TOKEN"),
        ("conform trace --api hum nothing.ndjson", "No such file"),
        ("conform trace --api hum trace.ndjson", "this is `abide-trace/9`, and this program reads abide-trace/1"),
        ("conform trace --api hum page.html", "is not the header of a trace"),
        ("conform trace --api hum empty.har", "no request in this HAR file is a Hum call"),
    ] {
        let finished = Abide::new(line).within(&folder).expect(2);
        assert!(finished.stderr.contains(expected), "{line}\n{}", finished.stderr);
        assert_eq!(finished.stdout, "", "{line}");
    }
}
