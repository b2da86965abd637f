//! Scoring that is gone on with.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use super::{JOURNAL, created, edit, in_doubt, kill_between_creates, killed_until_it_ends, repeatable, server};
use crate::abide::{Finished, Running};
use crate::folder::Folder;
use crate::server::Server;
use crate::table::{GOOD_PLACES, Row, column, places, rows};

/// Three sessions: 500, 500 and 200 places.
const PLACES: usize = 1200;
const REPEATABLE: [&str; 6] = ["name", "lat", "lng", "status", "quiet_score", "error"];

fn folder() -> Folder {
    Folder::with([("in.csv", places(PLACES).as_bytes())])
}

/// Starts the run and waits until it has noted the first results.
#[track_caller]
fn begun(server: &Server, folder: &Folder, command: &str) -> Running {
    let noted = || std::fs::read_to_string(folder.path().join(JOURNAL)).unwrap_or_default().matches("answered").count();
    let before = noted();
    let mut running = server.abide(command).within(folder).start();
    let deadline = Instant::now() + Duration::from_secs(10);
    while noted() <= before {
        assert!(!running.has_ended() && Instant::now() < deadline, "no result came: {}", folder.text(JOURNAL));
        std::thread::sleep(Duration::from_millis(4));
    }
    running
}

#[track_caller]
fn interrupted(server: &Server, folder: &Folder, command: &str) -> Finished {
    let running = begun(server, folder, command);
    running.signal("INT");
    let finished = running.finish();
    assert_eq!(finished.code, Some(130), "{finished:#?}");
    assert!(finished.stderr.contains("the same command with --resume goes on"), "{finished:#?}");
    finished
}

/// The output is that of a run that nothing came in between of, and the server was asked for no session twice.
#[track_caller]
fn check_whole(folder: &Folder, finished: &Finished) -> Vec<Row> {
    assert_eq!(finished.code, Some(3), "{finished:#?}");
    let all = rows(&folder.text("out.csv"));
    assert_eq!(column(&all, "name"), column(&rows(&places(PLACES)), "name"), "the order of the input");
    let listings: BTreeSet<&str> = column(&all, "listing_id").into_iter().filter(|id| !id.is_empty()).collect();
    let scored = all.iter().filter(|row| row["status"] == "success").count();
    assert_eq!(listings.len(), scored, "every listing once");
    assert_eq!(created(folder, "calmyx_session"), 3);
    assert!(finished.stderr.contains(&format!("{PLACES} locations: {scored} scored, ")), "{finished:#?}");
    assert!(finished.stderr.contains("; 3 sessions; 1200 rows in "), "{finished:#?}");

    let other = self::folder();
    Server::start(200).abide("calmyx run in.csv -o out.csv").within(&other).expect(3);
    let undisturbed = rows(&other.text("out.csv"));
    assert!(repeatable(&all, &REPEATABLE) == repeatable(&undisturbed, &REPEATABLE), "other rows");
    all
}

#[test]
fn interrupted_twice() {
    let folder = folder();
    let server = server(&folder, 20);
    interrupted(&server, &folder, "calmyx run in.csv -o out.csv");
    let first = rows(&folder.text("out.csv"));
    assert!((1..PLACES).contains(&first.len()), "{} rows", first.len());
    interrupted(&server, &folder, "calmyx run in.csv -o out.csv --resume");
    let second = rows(&folder.text("out.csv"));
    assert!(second.len() >= first.len() && first.iter().all(|row| second.contains(row)), "rows were lost");

    let finished = server.abide("calmyx run in.csv -o out.csv --resume").within(&folder).run();
    let all = check_whole(&folder, &finished);
    assert!(second.iter().all(|row| all.contains(row)), "rows changed");
    assert!(!folder.names().iter().any(|name| name.starts_with("out.csv.")), "{:?}", folder.names());
}

/// A whole table that stood there before stays until there is a whole one again.
#[test]
fn interrupted_over_an_earlier_output() {
    let folder = folder();
    std::fs::write(folder.path().join("out.csv"), "name\nprecious\n").unwrap();
    let server = server(&folder, 20);
    kill_between_creates(&begun(&server, &folder, "calmyx run in.csv -o out.csv"), &folder);
    interrupted(&server, &folder, "calmyx run in.csv -o out.csv --resume");
    assert_eq!(folder.text("out.csv"), "name\nprecious\n");
    let finished = server.abide("calmyx run in.csv -o out.csv --resume").within(&folder).run();
    check_whole(&folder, &finished);
    assert!(!folder.names().contains(&"out.csv.partial".to_owned()), "{:?}", folder.names());
}

#[test]
fn killed_with_a_line_half_written() {
    let folder = folder();
    let server = server(&folder, 20);
    kill_between_creates(&begun(&server, &folder, "calmyx run in.csv -o out.csv"), &folder);
    assert!(folder.text(JOURNAL).contains("\"answered\""), "no row was noted");
    edit(&folder, |text| text + "{\"answered\":{\"row\":7,\"verd");
    kill_between_creates(&begun(&server, &folder, "calmyx run in.csv -o out.csv --resume"), &folder);
    let finished = server.abide("calmyx run in.csv -o out.csv --resume").within(&folder).run();
    check_whole(&folder, &finished);
    assert!(!folder.names().contains(&JOURNAL.to_owned()));
}

/// The id of a session can be lost with the process, but then its rows are not sent again.
#[test]
fn killed_at_any_moment() {
    let folder = folder();
    let server = server(&folder, 100);
    let start = |resume: &str| server.abide(&format!("calmyx run in.csv -o out.csv{resume}")).within(&folder);
    let finished = killed_until_it_ends(start, folder.path(), &[15, 25, 35, 45, 70, 100, 150, 200]);
    let all = rows(&folder.text("out.csv"));
    assert_eq!(column(&all, "name"), column(&rows(&places(PLACES)), "name"));
    let doubtful = all.iter().filter(|row| row["status"] == "error").count();
    assert_eq!(finished.code, Some(if doubtful > 0 { 1 } else { 3 }), "{finished:#?}");
    assert!(created(&folder, "calmyx_session") <= 3, "a session was created twice");
    assert!(!folder.names().contains(&JOURNAL.to_owned()));
}

#[test]
fn given_up_and_waited_for_again() {
    let folder = folder();
    let server = server(&folder, 20);
    let finished = server.abide("calmyx run in.csv -o out.csv --max-wait 300ms").within(&folder).expect(6);
    assert!(finished.stderr.contains("with --resume goes on"), "{finished:#?}");
    let finished = server.abide("calmyx run in.csv -o out.csv --resume").within(&folder).run();
    check_whole(&folder, &finished);
}

/// Two places at one spot, killed between their results: each has its own in the end.
#[test]
fn duplicates_keep_their_results() {
    let spot = "name,lat,lng\n".to_owned() + &(0..400).map(|n| format!("{n},40.71427,-74.00597\n")).collect::<String>();
    let folder = Folder::with([("in.csv", spot.as_bytes())]);
    let server = server(&folder, 20);
    drop(begun(&server, &folder, "calmyx run in.csv -o out.csv"));
    server.abide("calmyx run in.csv -o out.csv --resume").within(&folder).expect(0);
    let all = rows(&folder.text("out.csv"));
    let listings: BTreeSet<&str> = column(&all, "listing_id").into_iter().collect();
    assert_eq!((all.len(), listings.len()), (400, 400));
}

/// A create call without an answer is not made again, and the rows say so.
#[test]
fn a_session_that_may_exist() {
    let folder = Folder::with([("in.csv", GOOD_PLACES.as_bytes())]);
    let silent = in_doubt("calmyx run in.csv -o out.csv", &folder);
    let server = server(&folder, 100);
    edit(&folder, |text| text.replace(&silent.address().to_string(), server.address()));
    let finished = server.abide("calmyx run in.csv -o out.csv --resume").within(&folder).expect(1);
    assert!(finished.stderr.contains("lines 2 to 3: not known whether these rows were sent"), "{finished:#?}");
    let all = rows(&folder.text("out.csv"));
    assert_eq!(column(&all, "status"), ["error", "error"]);
    assert!(all.iter().all(|row| row["error"].contains("put it into a file of its own")), "{all:?}");
    assert_eq!(created(&folder, "calmyx_session"), 0);
    assert!(!folder.names().contains(&JOURNAL.to_owned()), "everything is said");
}

/// The file names sessions: it is nobody else's.
#[test]
fn the_journal_is_private() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::with([("in.csv", GOOD_PLACES.as_bytes())]);
    let _silent = in_doubt("calmyx run in.csv -o out.csv", &folder);
    let mode = std::fs::metadata(folder.path().join(JOURNAL)).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(!folder.text(JOURNAL).contains("key-1"), "a credential was written down");
}
