//! A part of the matrix that takes a moment, and what the command says about itself.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

use std::process::{Command, Output};

fn kill_matrix(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kill-matrix")).args(arguments).output().expect("it was built")
}

#[track_caller]
fn check(arguments: &[&str], code: i32, expected: &[&str]) {
    let output = kill_matrix(arguments);
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{said}");
    for part in expected {
        assert!(said.contains(part), "{part} is missing in:\n{said}");
    }
}

#[test]
fn all_clients() {
    check(
        &["cal-client", "hum-client", "calmyx-client"],
        0,
        &["faulty clients: 54 of 54 caught", "legal clients: 15 of 15 without a finding", "what was chosen holds"],
    );
}

#[test]
fn one_bug_of_each_server_and_one_that_is_good() {
    check(
        &["cal-score-range-101", "HUM-TOKEN-ECHO", "hum-server-seed-0", "--seeds", "1", "--cases", "1"],
        0,
        &["planted bugs: 2 of 2 caught", "the good server: 1 of 1 without a finding", "were left out"],
    );
}

#[test]
fn what_cannot_be_run_is_neither_whole_nor_not() {
    check(&["no-such-bug"], 2, &["nothing is named no-such-bug"]);
    check(&["--json", "--markdown"], 2, &["cannot be used with"]);
    check(&["--seeds", "0"], 2, &["0 is not in 1.."]);
}

#[test]
fn for_programs_and_pages() {
    let json: serde_json::Value =
        serde_json::from_slice(&kill_matrix(&["cal-client-stop-keeps-asking", "--json"]).stdout).unwrap();
    assert_eq!((&json["is-whole"], json["left-out"].as_u64() > Some(0)), (&false.into(), true));
    let row = &json["rows"][0];
    assert_eq!((&row["requirement"], &row["fired"][0]["role"]), (&"CAL-CLIENT-STOP".into(), &"explained".into()));
    check(&["cal-client-stop", "--markdown"], 0, &["| `cal-client-stop-keeps-asking` | CAL-CLIENT-STOP | yes | "]);
}
