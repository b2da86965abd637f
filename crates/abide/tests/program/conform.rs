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
    assert!(folder.text("out/report.html").contains("Not judged"));
}

#[test]
fn a_client_that_does_not_play_is_not_judged() {
    for (command, expected) in [
        ("/no/such/client", "cannot be started"),
        ("false", "the client never called; it said no outcome, and exit code 1"),
        ("echo 'outcome: completed'", "the client never called; it said `completed`"),
    ] {
        let folder = Folder::with([]);
        let line = format!("conform client --api hum --scenario at-once --report out -- {command}");
        let finished = Abide::new(&line).within(&folder).expect(2);
        assert!(finished.stdout.contains("NOT JUDGED") && finished.stdout.contains(expected), "{finished:#?}");
        for name in REPORTS {
            assert!(!folder.text(&format!("out/{name}")).is_empty(), "{name}");
        }
        let again = Abide::new("conform trace --api hum out/trace.ndjson").within(&folder).expect(2);
        assert_eq!(again.stdout, finished.stdout);
    }
}

/// The page of a report refers to the trace beside it.
#[test]
fn the_report_of_a_recording_has_the_trace_beside_it() {
    let header = r#"{"line":"header","format":"abide-trace/1","api":"hum","subject":"server","source":"recorded","target":"http://h","driver":"d","started":"2026-01-15T10:30:00Z","clock":"none"}"#;
    let archive = r#"{"log":{"entries":[{"startedDateTime":"2026-01-15T10:30:00Z","time":5,
        "request":{"method":"POST","url":"http://h/sessions","headers":[{"name":"Authorization","value":"Bearer a-secret-token"}],
            "postData":{"text":"{\"street1\":\"1 Elm Street\",\"zip\":\"48034\"}"}},
        "response":{"status":500,"headers":[],"content":{"size":2,"text":"{}"}}}]}}"#;
    let folder = Folder::with([("it.ndjson", header.as_bytes()), ("it.har", archive.as_bytes())]);
    Abide::new("conform trace --api hum it.ndjson --report out").within(&folder).run();
    assert_eq!(folder.text("out/trace.ndjson"), header);
    let first = Abide::new("conform trace --api hum it.har --report out --json").within(&folder).run();
    let written = folder.text("out/trace.ndjson");
    assert!(written.lines().count() == 2 && !written.contains("secret"), "{written}");
    // The very file that is read stays as it is.
    let again = Abide::new("conform trace --api hum out/trace.ndjson --report out --json").within(&folder).run();
    assert_eq!((folder.text("out/trace.ndjson"), again.stdout), (written, first.stdout));
}

/// The program itself, in a shell script, is a client that keeps to the documents.
#[test]
#[cfg(unix)]
fn a_shell_script_may_be_the_client() {
    let folder = Folder::with([("client.sh", CLIENT.as_bytes())]);
    let scenarios = ["at-once", "closed", "no-internet", "denied"].map(|name| format!("--scenario {name}")).join(" ");
    let abide = env!("CARGO_BIN_EXE_abide");
    let line = format!("conform client --api hum {scenarios} --report out --json -- sh client.sh {abide}");
    let finished = Abide::new(&line).within(&folder).expect(3);
    for (scenario, outcome) in
        [("at-once", "completed"), ("closed", "gone"), ("no-internet", "partial"), ("denied", "error")]
    {
        assert!(finished.stderr.contains(&format!("{scenario}: {outcome} (")), "{finished:#?}");
    }
    for id in ["AUTH", "FIRST", "DONE", "GONE"] {
        let row = finished.stdout.split(&format!("\"HUM-CLIENT-{id}\"")).nth(1).unwrap();
        assert!(row.split('}').next().unwrap().contains("\"verdict\": \"passed\""), "{id}: {row}");
    }
    assert!(!finished.stdout.contains("\"failed\""), "{}", finished.stdout);
}

const CLIENT: &str = r#"
export HUM_API_TOKEN="$ABIDE_CREDENTIAL"
token=$("$1" hum open --base-url "$ABIDE_BASE_URL" --street1 '1 Elm Street' --zip 48034) || { echo 'outcome: error'; exit; }
"$1" hum watch --base-url "$ABIDE_BASE_URL" "$token" > "$ABIDE_INPUT.out" 2>&1
case $? in
  0) echo 'outcome: completed' ;;
  3) echo 'outcome: partial' ;;
  4) echo 'outcome: failed' ;;
  5) echo 'outcome: gone' ;;
  6) echo 'outcome: gave-up' ;;
  *) echo 'outcome: error' ;;
esac
"#;

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
        ("conform client --api hum", "<COMMAND>..."),
        ("conform client --api hum --scenario normal", "<COMMAND>..."),
        (
            "conform client --api hum --scenario worst -- true",
            "--scenario: there is no scenario worst of hum; there are normal,",
        ),
        ("conform client --api hum --report /dev/null/out -- true", "--report /dev/null/out"),
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
