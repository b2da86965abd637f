//! Input files that cannot be sent: one clear line each, nothing sent, no file left behind.

use crate::abide::Abide;
use crate::folder::Folder;
use crate::stub::Silent;

/// Runs the command on an input file called `in.csv`; its transcript.
#[track_caller]
fn check(name: &str, command: &str, input: &[u8]) -> String {
    let folder = Folder::with([("in.csv", input)]);
    std::fs::create_dir(folder.path().join("folder")).unwrap();
    let before = folder.names();
    let silent = Silent::listen();
    let base_url = format!("http://{}", silent.address());
    let finished = Abide::new(command)
        .arguments(["--base-url", &base_url])
        .secret("CALMYX_API_KEY", "a-calmyx-key")
        .secret("HUM_API_TOKEN", "a-hum-token")
        .within(&folder)
        .expect(2);
    assert_eq!(finished.stdout, "", "{name}");
    assert_eq!(silent.connections(), 0, "{name}: something was sent");
    assert_eq!(folder.names(), before, "{name}: something was left behind");
    finished.transcript(name, &[])
}

#[test]
fn locations() {
    let long = std::iter::repeat_n("x,y\n", 30).collect::<String>();
    let long = format!("lat,lng\n{long}");
    let cases: [(&str, &str, &[u8]); 13] = [
        ("no lat", "calmyx run in.csv -o out.csv", b"name,latitude,lng\na,1,2\n"),
        ("no lat, to submit", "calmyx submit in.csv", b"name,lng\na,2\n"),
        ("95 degrees north", "calmyx run in.csv -o out.csv", b"lat,lng\n1,2\n95,120\n"),
        ("95 degrees north, to submit", "calmyx submit in.csv", b"lat,lng\n1,2\n95,120\n"),
        ("swapped", "calmyx run in.csv -o out.csv", b"lat,lng\n-134.42,58.30\n"),
        ("no number", "calmyx run in.csv -o out.csv", b"lat,lng\nnorth,NaN\n"),
        ("empty", "calmyx run in.csv -o out.csv", b""),
        ("header only", "calmyx run in.csv -o out.csv", b"lat,lng\n"),
        ("not UTF-8", "calmyx run in.csv -o out.csv", b"name,lat,lng\nOrl\xe9ans,47.9,1.9\n"),
        ("missing", "calmyx run nowhere.csv -o out.csv", b""),
        ("a folder", "calmyx run folder -o out.csv", b""),
        ("a row too long", "calmyx run in.csv -o out.csv", b"name,lat,lng\nJuneau, AK,58.3,-134.4\n"),
        ("more than are shown", "calmyx run in.csv -o out.csv", long.as_bytes()),
    ];
    let transcripts: String = cases.into_iter().map(|(name, command, input)| check(name, command, input)).collect();
    insta::assert_snapshot!(transcripts);
}

#[test]
fn addresses() {
    let cases: [(&str, &str, &[u8]); 7] = [
        ("no street1", "hum run in.csv -o out.csv", b"Street Address,zip\n120 4th St,99801\n"),
        ("an empty street1", "hum run in.csv -o out.csv", b"street1,zip\n120 4th St,99801\n ,99801\n"),
        ("a lost zero", "hum run in.csv -o out.csv", b"street1,zip\n210 Capitol Ave,6106\n"),
        ("a ZIP code that is none", "hum run in.csv -o out.csv", b"street1,zip\n120 4th St,ABCDE\n"),
        ("no such state", "hum run in.csv -o out.csv", b"street1,city,state\n120 4th St,Juneau,ZZ\n"),
        ("no place", "hum run in.csv -o out.csv", b"street1,city\n120 4th St,Juneau\n"),
        ("missing", "hum run nowhere.csv -o out.csv", b""),
    ];
    let transcripts: String = cases.into_iter().map(|(name, command, input)| check(name, command, input)).collect();
    insta::assert_snapshot!(transcripts);
}

#[test]
fn what_stood_at_the_output_stays() {
    let folder = Folder::with([("in.csv", b"lat,lng\n95,2\n".as_slice()), ("out.csv", b"precious")]);
    Abide::new("calmyx run in.csv -o out.csv").environment("CALMYX_API_KEY", "key").within(&folder).expect(2);
    assert_eq!((folder.text("out.csv").as_str(), folder.names().len()), ("precious", 2));
}
