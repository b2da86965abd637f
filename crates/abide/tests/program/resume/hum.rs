//! Lookups that are gone on with.

use std::collections::BTreeSet;

use super::{JOURNAL, created, edit, in_doubt, kill_between_creates, killed_until_it_ends, repeatable, server};
use crate::abide::Finished;
use crate::folder::Folder;
use crate::server::Server;
use crate::table::{GOOD_ADDRESSES, Row, column, rows};

/// More than live at a time.
const CAPITOLS: &str = include_str!("../../../data/us-capitols.csv");
const REPEATABLE: [&str; 9] = [
    "street1",
    "city",
    "zip",
    "outcome",
    "service_address",
    "geocoding",
    "internet",
    "providers",
    "max_download_speed",
];
const RUN: &str = "hum run in.csv -o out.csv --max-wait 10s";

fn folder() -> Folder {
    Folder::with([("in.csv", CAPITOLS.as_bytes())])
}

#[track_caller]
fn check_whole(server: &Server, folder: &Folder, finished: &Finished) -> Vec<Row> {
    let input = rows(CAPITOLS);
    let all = rows(&folder.text("out.csv"));
    assert_eq!(column(&all, "street1"), column(&input, "street1"), "the order of the input");
    let tokens: BTreeSet<&str> = column(&all, "session_token").into_iter().collect();
    assert_eq!((tokens.len(), created(folder, "hum_session")), (input.len(), input.len()), "each address once");
    assert!(!folder.names().contains(&JOURNAL.to_owned()), "{finished:#?}");

    let other = self::folder();
    let undisturbed = Server::start(100).abide(RUN).within(&other).run();
    assert_eq!(finished.code, undisturbed.code, "{finished:#?}");
    let undisturbed = rows(&other.text("out.csv"));
    assert_eq!(repeatable(&all, &REPEATABLE), repeatable(&undisturbed, &REPEATABLE));
    // What was opened was closed, by whichever process.
    let tokens: Vec<&str> = tokens.into_iter().collect();
    server.abide(&format!("hum watch {}", tokens.join(" "))).expect(5);
    all
}

#[test]
fn interrupted() {
    let folder = folder();
    let server = server(&folder, 10);
    let mut running = server.abide(RUN).within(&folder).start();
    running.stderr_once(|text| text.contains("/50 addresses"));
    running.signal("INT");
    let finished = running.finish();
    assert_eq!(finished.code, Some(130), "{finished:#?}");
    let first = rows(&folder.text("out.csv"));
    assert!(first.iter().any(|row| row["outcome"] == "interrupted"), "{first:?}");

    let finished = server.abide(&format!("{RUN} --resume")).within(&folder).run();
    let all = check_whole(&server, &folder, &finished);
    let mut done = first.iter().filter(|row| row["outcome"] != "interrupted");
    assert!(done.all(|row| all.contains(row)), "rows changed");
}

#[test]
fn killed_between_opening_and_closing() {
    let folder = folder();
    let server = server(&folder, 10);
    let mut running = server.abide(RUN).within(&folder).start();
    running.stderr_once(|text| text.contains("/50 addresses"));
    kill_between_creates(&running, &folder);
    drop(running);
    // Rows that are noted and whose sessions were not closed yet: as if it had been killed a moment before.
    edit(&folder, |text| {
        text.lines().filter(|line| !line.contains("\"closed\"")).map(|line| format!("{line}\n")).collect()
    });
    let finished = server.abide(&format!("{RUN} --resume")).within(&folder).run();
    check_whole(&server, &folder, &finished);
}

#[test]
fn killed_at_any_moment() {
    let folder = folder();
    let server = server(&folder, 100);
    let start = |resume: &str| server.abide(&format!("{RUN}{resume}")).within(&folder);
    killed_until_it_ends(start, folder.path(), &[20, 30, 40, 50, 60, 80, 100, 150]);
    let (input, all) = (rows(CAPITOLS), rows(&folder.text("out.csv")));
    assert_eq!(column(&all, "street1"), column(&input, "street1"));
    assert!(created(&folder, "hum_session") <= input.len(), "a session was created twice");
    let tokens: Vec<&str> = column(&all, "session_token").into_iter().filter(|token| !token.is_empty()).collect();
    let errors = all.iter().filter(|row| row["outcome"] == "error").count();
    assert_eq!(tokens.len() + errors, input.len(), "{all:?}");
    server.abide(&format!("hum watch {}", tokens.join(" "))).expect(5);
    assert!(!folder.names().contains(&JOURNAL.to_owned()));
}

#[test]
fn a_session_that_may_exist() {
    let folder = Folder::with([("in.csv", GOOD_ADDRESSES.as_bytes())]);
    let silent = in_doubt(RUN, &folder);
    let server = server(&folder, 100);
    edit(&folder, |text| text.replace(&silent.address().to_string(), server.address()));
    let finished = server.abide(&format!("{RUN} --resume")).within(&folder).expect(1);
    assert!(finished.stderr.contains("line 2: not known whether this row was sent"), "{finished:#?}");
    let all = rows(&folder.text("out.csv"));
    assert_eq!(column(&all, "outcome"), ["error", "completed", "completed", "completed", "completed"]);
    assert_eq!(created(&folder, "hum_session"), 4);
}
