//! A server that stops and comes back while somebody waits: the wait goes on, and nothing comes twice.

use std::collections::BTreeSet;

use crate::abide::Abide;
use crate::folder::Folder;
use crate::server::{CREDENTIALS, Server};
use crate::table::{GOOD_ADDRESS, column, places, rows};

/// The same server again: its file, its port, its credentials.
#[track_caller]
fn start_again(folder: &Folder, address: &str, credentials: &[(&str, String)]) -> Server {
    let serve = Abide::new(&format!("serve --listen {address} --db sessions.db --speed 20")).within(folder);
    Server::of(credentials.iter().fold(serve, |serve, (name, value)| serve.environment(name, value)))
}

#[test]
fn a_wait_outlasts_a_restart() {
    let folder = Folder::with([("in.csv", places(500).as_bytes())]);
    let server = Server::of(Abide::new("serve --listen 127.0.0.1:0 --db sessions.db --speed 20").within(&folder));
    let credentials = CREDENTIALS.map(|name| (name, server.credential(name).to_owned()));
    let address = server.address().to_owned();
    let id = server.abide("calmyx submit in.csv").within(&folder).expect(0).stdout;
    let mut watching = server.abide(&format!("calmyx watch {id}")).start();
    watching.stdout_once(|text| text.lines().count() > 1);

    assert_eq!(server.stop("TERM").code, Some(0));
    watching.stderr_once(|text| text.contains("asking again in"));
    let _server = start_again(&folder, &address, &credentials);

    let finished = watching.finish();
    assert_eq!(finished.code, Some(3), "{finished:#?}");
    let results = rows(&finished.stdout);
    let places: BTreeSet<(&str, &str)> = column(&results, "lat").into_iter().zip(column(&results, "lng")).collect();
    assert_eq!((results.len(), places.len()), (500, 500), "each result once");
}

/// What was closed stays closed, what was open stays open.
#[test]
fn sessions_outlast_a_restart() {
    let folder = Folder::with([]);
    let server = Server::of(Abide::new("serve --listen 127.0.0.1:0 --db sessions.db --speed 20").within(&folder));
    let credentials = CREDENTIALS.map(|name| (name, server.credential(name).to_owned()));
    let address = server.address().to_owned();
    let (open, closed) = (server.open(GOOD_ADDRESS), server.open(GOOD_ADDRESS));
    server.lines(&format!("hum close {closed}"));
    assert_eq!(server.stop("INT").code, Some(0));

    let server = start_again(&folder, &address, &credentials);
    server.abide(&format!("hum watch {open} --max-wait 10s")).expect(0);
    server.abide(&format!("hum watch {closed}")).expect(5);
}
