//! `run --resume`: whatever a run was stopped by, the same rows come out as if nothing had been, and nothing is sent twice.

mod calmyx;
mod hum;
mod refusals;

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;

use crate::abide::{Abide, Finished, Running};
use crate::folder::Folder;
use crate::server::Server;
use crate::stub::Silent;
use crate::table::Row;

const JOURNAL: &str = "out.csv.abide-run";

/// A server whose file can be looked into.
fn server(folder: &Folder, speed: u32) -> Server {
    let serve = format!("serve --listen 127.0.0.1:0 --db sessions.db --speed {speed}");
    Server::of(Abide::new(&serve).within(folder))
}

/// How many sessions were ever created, by what the server stored.
fn created(folder: &Folder, table: &str) -> usize {
    let database = Connection::open(folder.path().join("sessions.db")).unwrap();
    let count = database.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get::<_, i64>(0)).unwrap();
    usize::try_from(count).unwrap()
}

/// Kills the command again and again, after longer and longer lives, until it is told that there is nothing to resume or it
/// ends by itself; what came of the last one.
#[track_caller]
fn killed_until_it_ends(start: impl Fn(&str) -> Abide, folder: &Path, lives: &[u64]) -> Finished {
    for life in lives {
        let resume = if folder.join(JOURNAL).exists() { " --resume" } else { "" };
        let mut running = start(resume).start();
        std::thread::sleep(Duration::from_millis(*life));
        if running.has_ended() {
            return running.finish();
        }
        // Dropping it is `kill -9`.
    }
    start(if folder.join(JOURNAL).exists() { " --resume" } else { "" }).run()
}

/// `kill -9`, at a moment at which no create call is under way.
#[track_caller]
fn kill_between_creates(running: &Running, folder: &Folder) {
    for _ in 0..500 {
        running.signal("STOP");
        std::thread::sleep(Duration::from_millis(5));
        let journal = folder.text(JOURNAL);
        let count = |word: &str| journal.matches(&format!("{{\"{word}\":")).count();
        if count("creating") == count("created") + count("refused") {
            return running.signal("KILL");
        }
        running.signal("CONT");
        std::thread::sleep(Duration::from_millis(3));
    }
    panic!("a create call is always under way");
}

/// The cells that are the same in every run, sorted.
fn repeatable(rows: &[Row], columns: &[&str]) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> =
        rows.iter().map(|row| columns.iter().map(|column| row[*column].clone()).collect()).collect();
    rows.sort();
    rows
}

/// The journal of a run of `command` that was killed while a server was asked for its first session, and the server.
fn in_doubt(command: &str, folder: &Folder) -> Silent {
    let silent = Silent::listen();
    let running = at(&silent, command, folder).start();
    let _connection = silent.connection();
    drop(running);
    silent
}

/// A command at a server that answers nobody.
fn at(silent: &Silent, command: &str, folder: &Folder) -> Abide {
    Abide::new(command)
        .within(folder)
        .arguments(["--base-url", &format!("http://{}", silent.address())])
        .secret("CALMYX_API_KEY", "key-1")
        .secret("HUM_API_TOKEN", "token-1")
}

/// Changes the text of a journal, as no run does.
fn edit(folder: &Folder, change: impl FnOnce(String) -> String) {
    std::fs::write(folder.path().join(JOURNAL), change(folder.text(JOURNAL))).unwrap();
}
