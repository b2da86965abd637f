//! What cannot be gone on with, and what must not be begun: a usage error, and nothing is sent.

use super::{JOURNAL, at, edit, in_doubt};
use crate::folder::Folder;
use crate::stub::Silent;
use crate::table::{GOOD_ADDRESSES, GOOD_PLACES, MIXED_PLACES};

const RUN: &str = "calmyx run in.csv -o out.csv";
const RESUME: &str = "calmyx run in.csv -o out.csv --resume";

/// Runs the command where no server answers; its transcript, with exit code 2 and without any call.
#[track_caller]
fn refused(name: &str, command: &str, silent: &Silent, folder: &Folder) -> String {
    silent.connections();
    let before = folder.names();
    let finished = at(silent, command, folder).expect(2);
    assert_eq!(silent.connections(), 0, "{name}: somebody was called");
    assert_eq!(folder.names(), before, "{name}");
    finished.transcript(name, &[&format!("http://{}", silent.address())])
}

#[test]
fn another_run() {
    type Change = fn(&Folder);
    let cases: [(&str, &str, Change); 8] = [
        ("begun again without a word", RUN, |_| {}),
        ("another input", RESUME, |folder| {
            std::fs::write(folder.path().join("in.csv"), MIXED_PLACES).unwrap();
        }),
        ("another command", "hum run homes.csv -o out.csv --resume", |_| {}),
        ("another host", RESUME, |folder| {
            edit(folder, |text| {
                let (head, rest) = text.split_once("\"base_url\":\"").unwrap();
                format!("{head}\"base_url\":\"https://api.example.com\"{}", rest.split_once('"').unwrap().1)
            });
        }),
        ("another version", RESUME, |folder| {
            edit(folder, |text| text.replace("{\"abide_run\":1,", "{\"abide_run\":2,\"what\":\"else\","));
        }),
        ("other columns", RESUME, |folder| {
            edit(folder, |text| text.replace("\"columns\":\"", "\"columns\":\"x"));
        }),
        ("a line that is none", RESUME, |folder| {
            edit(folder, |text| text + "no line of a journal\n{\"refused\":{\"first\":0,\"count\":2}}\n");
        }),
        ("somebody else's file", RUN, |folder| {
            edit(folder, |_| "dear diary,\n".to_owned());
        }),
    ];
    let mut all = String::new();
    for (name, command, change) in cases {
        let files = [("in.csv", GOOD_PLACES.as_bytes()), ("homes.csv", GOOD_ADDRESSES.as_bytes())];
        let folder = Folder::with(files);
        let silent = in_doubt(RUN, &folder);
        change(&folder);
        let journal = folder.text(JOURNAL);
        all.push_str(&refused(name, command, &silent, &folder));
        assert_eq!(folder.text(JOURNAL), journal, "{name}: it was changed");
    }
    insta::assert_snapshot!(all);
}

#[test]
fn nothing_to_go_on_with() {
    let files = [("in.csv", GOOD_PLACES.as_bytes()), ("homes.csv", GOOD_ADDRESSES.as_bytes())];
    let folder = Folder::with(files);
    let silent = Silent::listen();
    let mut all = String::new();
    for (name, command) in [
        ("nothing was begun", RESUME),
        ("nothing was begun, hum", "hum run homes.csv -o out.csv --resume"),
        ("standard output", "calmyx run in.csv --resume"),
        ("standard output by its name", "calmyx run in.csv -o - --resume"),
        ("a device", "hum run homes.csv -o /dev/null --resume"),
    ] {
        all.push_str(&refused(name, command, &silent, &folder));
    }
    insta::assert_snapshot!(all);
}

#[test]
fn two_at_the_same_time() {
    let folder = Folder::with([("in.csv", GOOD_PLACES.as_bytes())]);
    let silent = Silent::listen();
    let first = at(&silent, RUN, &folder).start();
    let _connection = silent.connection();
    let mut all = String::new();
    for (name, command) in [("another one", RUN), ("another one, to resume", RESUME)] {
        let journal = folder.text(JOURNAL);
        let finished = at(&silent, command, &folder).expect(2);
        assert_eq!(folder.text(JOURNAL), journal);
        all.push_str(&finished.transcript(name, &[&format!("http://{}", silent.address())]));
    }
    drop(first);
    insta::assert_snapshot!(all);
}

/// Killed before it called anybody, a run has nothing that could be done twice.
#[test]
fn nothing_was_sent() {
    let folder = Folder::with([("in.csv", GOOD_PLACES.as_bytes())]);
    let silent = in_doubt(RUN, &folder);
    for keep in [0, 1] {
        edit(&folder, |text| text.lines().take(keep).map(|line| format!("{line}\n")).collect());
        for command in [RUN, RESUME] {
            silent.connections();
            let running = at(&silent, command, &folder).start();
            let _connection = silent.connection();
            drop(running);
            edit(&folder, |text| text.lines().take(keep).map(|line| format!("{line}\n")).collect());
        }
    }
}
