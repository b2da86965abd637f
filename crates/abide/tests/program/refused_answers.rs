//! Servers that refuse, that are not there, or that are something else: one sentence, exit code 1, nothing left behind.

use crate::abide::Abide;
use crate::folder::Folder;
use crate::server::Server;
use crate::stub::{Silent, Stub, nobody};
use crate::table::{GOOD_ADDRESS, GOOD_ADDRESSES, GOOD_PLACES};

/// Runs a command that a server refuses; its transcript.
#[track_caller]
fn check(name: &str, command: &str, base_url: &str) -> String {
    check_leaving(&[], name, command, base_url)
}

/// The same, and these files are there afterwards beside the input.
#[track_caller]
fn check_leaving(left: &[&str], name: &str, command: &str, base_url: &str) -> String {
    let folder = Folder::with([("places.csv", GOOD_PLACES.as_bytes()), ("homes.csv", GOOD_ADDRESSES.as_bytes())]);
    let mut expected = folder.names();
    expected.extend(left.iter().map(|&name| name.to_owned()));
    expected.sort();
    let finished = Abide::new(command)
        .arguments(["--base-url", base_url, "--speed", "100"])
        .secret("CALMYX_API_KEY", "a-wrong-key")
        .secret("HUM_API_TOKEN", "a-wrong-token")
        .within(&folder)
        .expect(1);
    assert_eq!(folder.names(), expected, "{name}");
    finished.transcript(name, &[base_url])
}

/// The commands that make one call, and so say at once what came of it.
fn single_calls() -> [(&'static str, String); 6] {
    [
        ("submit", "calmyx submit places.csv".to_owned()),
        ("run", "calmyx run places.csv -o out.csv".to_owned()),
        ("open", format!("hum open {GOOD_ADDRESS}")),
        ("run, hum", "hum run homes.csv -o out.csv".to_owned()),
        ("services", "hum services token".to_owned()),
        ("close", "hum close token".to_owned()),
    ]
}

#[track_caller]
fn transcripts(base_url: &str) -> String {
    single_calls().iter().map(|(name, command)| check(name, command, base_url)).collect()
}

#[test]
fn a_wrong_key() {
    let server = Server::start(100);
    let mut all = transcripts(server.base_url());
    all.push_str(&check("watch", "calmyx watch sess_1", server.base_url()));
    all.push_str(&check("watch, hum", "hum watch token", server.base_url()));
    insta::assert_snapshot!(all);
}

#[test]
fn sessions_that_do_not_exist() {
    let server = Server::start(100);
    let mut all = String::new();
    for command in [
        "calmyx watch sess_1",
        "calmyx watch sess_1 --json",
        "hum watch token",
        "hum services token",
        "hum close token",
    ] {
        all.push_str(&server.abide(command).expect(1).transcript(command, &[server.base_url()]));
    }
    insta::assert_snapshot!(all);
}

/// A session of the other key is as unknown as one that never was.
#[test]
fn sessions_of_somebody_else() {
    let server = Server::start(100);
    let folder = Folder::with([("places.csv", GOOD_PLACES.as_bytes())]);
    let id = server.abide("calmyx submit places.csv").within(&folder).expect(0).stdout;
    let key = server.credential("CALMYX_API_KEY_2");
    let told = server.abide(&format!("calmyx watch {id}")).secret("CALMYX_API_KEY", key).expect(1);
    assert!(told.stderr.contains("no such session for this credential"), "{told:#?}");
}

#[test]
fn nobody_there() {
    let told = transcripts(&format!("http://{}", nobody()));
    insta::assert_snapshot!(told);
}

/// A wait outlasts a server that is away for a moment, so it gives up rather than fails; and says what it met.
#[test]
fn nobody_there_while_watching() {
    let base_url = format!("http://{}", nobody());
    for command in ["calmyx watch sess_1 --max-wait 200ms", "hum watch token --max-wait 200ms"] {
        let finished = Abide::new(command)
            .arguments(["--base-url", &base_url])
            .secret("CALMYX_API_KEY", "key-1")
            .secret("HUM_API_TOKEN", "token-1")
            .expect(6);
        assert!(finished.stderr.contains("no connection to"), "{finished:#?}");
    }
}

#[test]
fn a_page_in_place_of_the_api() {
    let stub = Stub::answering("200 OK\nContent-Type: text/html", "<html><body>Welcome!</body></html>");
    let base_url = format!("http://{}", stub.address());
    for (name, command) in single_calls() {
        let told = check(name, &command, &base_url);
        assert!(told.contains("; is --base-url the "), "{told}");
    }
}

#[test]
fn a_page_with_an_error() {
    let stub = Stub::answering("500 Internal Server Error\nContent-Type: text/html", "<h1>Oops</h1>");
    let base_url = format!("http://{}", stub.address());
    let told: String = single_calls()
        .iter()
        .map(|(name, command)| {
            // Nobody knows what a server did before it failed.
            let left: &[&str] = if name.starts_with("run") { &["out.csv.abide-run"] } else { &[] };
            check_leaving(left, name, command, &base_url)
        })
        .collect();
    assert!(!told.contains("Oops"), "{told}");
    insta::assert_snapshot!(told);
}

/// The credential stays where it was meant to go.
#[test]
fn a_redirect() {
    let elsewhere = Silent::listen();
    let head = format!("307 Temporary Redirect\nLocation: http://{}/elsewhere", elsewhere.address());
    let stub = Stub::answering(&head, "");
    let told = transcripts(&format!("http://{}", stub.address()));
    insta::assert_snapshot!(told);
    assert_eq!(elsewhere.connections(), 0, "a redirect was followed");
}

/// What a server says ends up on a terminal: no control characters, no second line that looks like the program's own.
#[test]
fn a_refusal_with_control_characters() {
    let body = r#"{"error": "no\u001b[2J\nexit 0\u202e", "message": "no\u001b[2J\nexit 0\u202e"}"#;
    let stub = Stub::answering("403 Forbidden\nContent-Type: application/json", body);
    let all = transcripts(&format!("http://{}", stub.address()));
    assert!(!all.contains(['\u{1b}', '\u{202e}']), "{all:?}");
    assert!(all.lines().all(|line| !line.starts_with("exit 0")), "{all}");
}

/// Rows that were never sent are not done.
#[test]
fn a_refused_run_counts_nothing_as_done() {
    let folder = Folder::with([("places.csv", GOOD_PLACES.as_bytes()), ("homes.csv", GOOD_ADDRESSES.as_bytes())]);
    let base_url = format!("http://{}", nobody());
    for (command, done) in [("calmyx run places.csv", "2/2 locations"), ("hum run homes.csv", "5/5 addresses")] {
        let finished = Abide::new(command)
            .arguments(["--base-url", &base_url])
            .secret("CALMYX_API_KEY", "key-1")
            .secret("HUM_API_TOKEN", "token-1")
            .within(&folder)
            .expect(1);
        assert!(!finished.stderr.contains(done), "{finished:#?}");
    }
}
