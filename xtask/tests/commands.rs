//! The commands as people call them: where words go, and how they end.

#![allow(clippy::unwrap_used, reason = "a test may panic, also outside of a function marked as one")]

use std::process::{Command, Output, Stdio};

fn xtask(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).args(arguments);
    command
}

fn check(arguments: &[&str], code: i32, stdout: &str, stderr: &str) {
    let Output { status, stdout: out, stderr: err } = xtask(arguments).output().unwrap();
    let (out, err) = (String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap());
    assert_eq!(status.code(), Some(code), "{arguments:?}\n{out}{err}");
    for (said, expected) in [(out, stdout), (err, stderr)] {
        assert!(said.contains(expected), "{arguments:?} said {said}");
        assert_eq!(said.is_empty(), expected.is_empty(), "{arguments:?} said {said}");
    }
}

#[test]
fn help() {
    let whole = "Usage: cargo xtask <COMMAND>";
    for arguments in [
        &["help"][..],
        &["--help"],
        &["-h"],
        &["spec", "--help"],
        &["generate", "--help"],
        &["generate", "-h"],
        &["spec", "trace", "--help"],
    ] {
        check(arguments, 0, whole, "");
    }
    check(&["spec", "lint", "--help"], 0, "Usage: cargo xtask spec lint [FILE…]", "");
    check(&["spec", "diff", "--help"], 0, "Usage: cargo xtask spec diff", "");
}

#[test]
fn wrong_usage() {
    let whole = "Usage: cargo xtask <COMMAND>";
    for arguments in [&[][..], &["generat"], &["generate", "--chek"], &["spec"], &["spec", "trace", "--jsn"]] {
        check(arguments, 2, "", whole);
    }
    check(&["spec", "lint", "--josn"], 2, "", "Usage: cargo xtask spec lint [FILE…]");
    check(&["spec", "diff"], 2, "", "Usage: cargo xtask spec diff");
}

#[test]
fn lint() {
    let folder = tempfile::tempdir().unwrap();
    let good = "xtask/tests-data/labels/openapi.yaml";
    let bad = folder.path().join("bad.yaml");
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests-data/labels/openapi.yaml")).unwrap();
    std::fs::write(&bad, text.replace("nullable: true", "nulable: true")).unwrap();
    check(&["spec", "lint", good], 0, "rules over 1 document: no findings\n", "");
    check(&["spec", "lint", good, good], 0, "rules over 2 documents: no findings\n", "");
    check(&["spec", "lint", bad.to_str().unwrap()], 1, "did you mean `nullable`?\n", "error: 1 finding by ");
    check(&["spec", "lint", "nowhere.yaml"], 2, "", "error: nowhere.yaml cannot be read");
}

/// The reader is gone before the first word: the command ends as ever, and in silence.
#[test]
fn a_closed_pipe() {
    for arguments in [
        &["help"][..],
        &["spec", "lint", "--help"],
        &["spec", "lint", "xtask/tests-data/labels/openapi.yaml"],
        &["spec", "diff", "--rules"],
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = xtask(arguments);
        let output = command.stdout(writer).stderr(Stdio::piped()).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{arguments:?}");
    }
}
