//! Wrong usage: exit code 2 and a sentence that says what to do, before anything is sent or written.

use crate::abide::Abide;
use crate::folder::Folder;
use crate::stub::Silent;
use crate::table::GOOD_PLACES;

const ADDRESSES: &str = "street1,zip\n120 4th St,99801\n";

/// What the environment holds.
#[derive(Clone, Copy)]
enum Keys {
    Set,
    Unset,
    Empty,
}

use Keys::{Empty, Set, Unset};

/// Runs a command that must be refused; `{silent}` in it is the URL of a listener that nobody may connect to.
#[track_caller]
fn check(name: &str, command: &str, keys: Keys) -> String {
    let folder = Folder::with([
        ("places.csv", GOOD_PLACES.as_bytes()),
        ("homes.csv", ADDRESSES.as_bytes()),
        ("empty.key", b"\n"),
        ("two-lines.key", b"secret-one\nsecret-two\n"),
        ("large.key", &b"k".repeat(70_000)),
    ]);
    std::fs::create_dir(folder.path().join("folder")).unwrap();
    let before = folder.names();
    let silent = Silent::listen();
    let silent_url = format!("http://{}", silent.address());
    let abide = Abide::new(&command.replace("{silent}", &silent_url)).within(&folder);
    let finished = ["CALMYX_API_KEY", "HUM_API_TOKEN"]
        .into_iter()
        .fold(abide, |abide, variable| match keys {
            Set => abide.secret(variable, "secret-of-the-environment"),
            Empty => abide.environment(variable, ""),
            Unset => abide,
        })
        .expect(2);
    assert_eq!(finished.stdout, "", "{name}");
    assert_eq!(silent.connections(), 0, "{name}: something was sent");
    assert_eq!(folder.names(), before, "{name}: something was left behind");
    for secret in ["secret-one", "secret-two", "kkkk"] {
        assert!(!finished.stderr.contains(secret), "{name}: a credential is shown");
    }
    finished.transcript(name, &[&silent_url])
}

#[track_caller]
fn transcripts(cases: &[(&str, &str, Keys)]) -> String {
    cases.iter().map(|(name, command, keys)| check(name, command, *keys)).collect()
}

#[test]
fn flags_and_values() {
    let told = transcripts(&[
        ("an unknown flag", "calmyx run places.csv --colour --base-url {silent}", Set),
        ("an unknown command", "calmyx score places.csv --base-url {silent}", Set),
        ("no file", "calmyx run --base-url {silent}", Set),
        ("no session", "calmyx watch --base-url {silent}", Set),
        ("an empty session id", "calmyx watch '' --base-url {silent}", Set),
        ("an empty session id among others", "calmyx watch sess_1 ' ' --base-url {silent}", Set),
        ("an empty token", "hum watch '' --base-url {silent}", Set),
        ("a token that climbs", "hum watch .. --base-url {silent}", Set),
        ("a token that climbs, to close", "hum close good .. --base-url {silent}", Set),
        ("a token that climbs, for services", "hum services .. --base-url {silent}", Set),
        ("no patience", "calmyx watch sess_1 --max-wait 0s --base-url {silent}", Set),
        ("no patience, run", "calmyx run places.csv -o out.csv --max-wait 0s --base-url {silent}", Set),
        ("no patience, hum", "hum watch token --max-wait 0s --base-url {silent}", Set),
        ("patience without a unit", "hum run homes.csv --max-wait 5 --base-url {silent}", Set),
        ("an unknown format", "calmyx run places.csv --format xlsx --base-url {silent}", Set),
        ("addresses on a map", "hum run homes.csv -o out.json --format geojson --base-url {silent}", Set),
        ("speed 0", "calmyx run places.csv --speed 0 --base-url {silent}", Set),
        ("an address without a place", "hum open --street1 '120 4th St' --base-url {silent}", Set),
        ("an address with a wrong ZIP", "hum open --street1 '120 4th St' --zip 9980 --base-url {silent}", Set),
    ]);
    insta::assert_snapshot!(told);
}

#[test]
fn output_paths() {
    let told = transcripts(&[
        ("no such folder", "calmyx run places.csv -o nowhere/out.csv --base-url {silent}", Set),
        ("a folder", "calmyx run places.csv -o folder --base-url {silent}", Set),
        ("below a file", "calmyx run places.csv -o places.csv/out.csv --base-url {silent}", Set),
        ("no name", "calmyx run places.csv -o '' --base-url {silent}", Set),
        ("no such folder, hum", "hum run homes.csv -o nowhere/out.csv --base-url {silent}", Set),
        ("demo below a file", "demo --out places.csv/demo --speed 200", Set),
    ]);
    insta::assert_snapshot!(told);
}

#[test]
fn credentials() {
    let told = transcripts(&[
        ("no key", "calmyx run places.csv -o out.csv --base-url {silent}", Unset),
        ("no key, watch", "calmyx watch sess_1 --base-url {silent}", Unset),
        ("no token", "hum open --street1 '120 4th St' --zip 99801 --base-url {silent}", Unset),
        ("no token, run", "hum run homes.csv -o out.csv --base-url {silent}", Unset),
        ("an empty key", "calmyx submit places.csv --base-url {silent}", Empty),
        ("no such file", "calmyx submit places.csv --credential-file nowhere.key --base-url {silent}", Unset),
        ("an empty file", "calmyx submit places.csv --credential-file empty.key --base-url {silent}", Unset),
        ("the file counts", "calmyx submit places.csv --credential-file empty.key --base-url {silent}", Set),
        ("two lines", "hum close token --credential-file two-lines.key --base-url {silent}", Unset),
        ("a large file", "hum close token --credential-file large.key --base-url {silent}", Unset),
        ("a folder", "hum close token --credential-file folder --base-url {silent}", Unset),
    ]);
    insta::assert_snapshot!(told);
}

#[test]
fn base_urls() {
    let told = transcripts(&[
        ("no URL", "calmyx run places.csv -o out.csv --base-url api.calmyx.com", Set),
        ("another scheme", "calmyx run places.csv -o out.csv --base-url ftp://api.calmyx.com", Set),
        ("plain http to another machine", "calmyx run places.csv -o out.csv --base-url http://192.0.2.1:8080", Set),
        ("looks like loopback", "hum watch token --base-url http://127.0.0.1.example.com", Set),
        ("user info", "hum watch token --base-url https://me:hidden@192.0.2.1", Set),
        ("a query", "hum watch token --base-url {silent}/?key=1", Set),
        ("faster on another machine", "calmyx watch sess_1 --speed 10 --base-url https://192.0.2.1", Set),
        ("faster at the documented host", "calmyx run places.csv -o out.csv --speed 2", Set),
        ("faster at the documented host, hum", "hum run homes.csv -o out.csv --speed 2", Set),
    ]);
    insta::assert_snapshot!(told);
}

/// The variable counts as the flag does.
#[test]
fn speed_of_the_environment() {
    let command = "calmyx watch sess_1 --base-url https://192.0.2.1";
    let finished = Abide::new(command).secret("CALMYX_API_KEY", "key-1").environment("ABIDE_SPEED", "10").expect(2);
    assert!(finished.stderr.contains("ABIDE_SPEED"), "{}", finished.stderr);
}
