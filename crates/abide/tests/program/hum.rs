//! Hum with addresses that are good: from opening to closing, step by step and as a table.

use serde_json::Value;

use crate::folder::Folder;
use crate::server::Server;
use crate::table::{GOOD_ADDRESS, GOOD_ADDRESSES, LOOKUP_COLUMNS, MIXED_ADDRESSES, column, rows};

#[test]
fn open_watch_services_close() {
    let server = Server::start(100);
    let token = server.open(GOOD_ADDRESS);

    let watched = server.abide(&format!("hum watch {token} --max-wait 10s")).expect(0);
    let row = &rows(&watched.stdout)[0];
    assert_eq!(row["session_token"], token);
    assert_eq!([&row["outcome"], &row["geocoding"], &row["internet"]], ["completed", "matched", "matched"]);
    assert_eq!(row["service_address"], "29090 TIFFANY DRIVE E, SOUTHFIELD, MI 48034");

    let services = rows(&server.abide(&format!("hum services {token}")).expect(0).stdout);
    assert!(services.len() >= 3, "three providers, each with an offer at least");
    assert!(services.iter().all(|offer| !offer["provider_name"].is_empty() && offer["min_price"].ends_with(" USD")));

    let closed = server.abide(&format!("hum close {token}")).expect(0);
    assert_eq!(closed.stderr, format!("{token}: closed\n"));
    let again = server.abide(&format!("hum close {token}")).expect(0);
    assert_eq!(again.stderr, format!("{token}: was gone already\n"));

    let watched = server.abide(&format!("hum watch {token}")).expect(5);
    assert_eq!(column(&rows(&watched.stdout), "outcome"), ["gone"]);
    let services = server.abide(&format!("hum services {token}")).expect(5);
    assert_eq!(services.stdout, "");
}

#[test]
fn services_for_a_program_hold_no_secret() {
    let server = Server::start(100);
    let token = server.open(GOOD_ADDRESS);
    server.abide(&format!("hum watch {token} --max-wait 10s")).expect(0);
    let text = server.abide(&format!("hum services {token} --json")).expect(0).stdout;
    let providers: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(providers.as_array().unwrap().len(), 3);
    assert!(!text.contains("security_token"), "{text}");
}

/// Asked too early there is nothing to print yet; the session may still live.
#[test]
fn services_before_they_are_there() {
    let server = Server::start(1);
    let token = server.open(GOOD_ADDRESS);
    let early = server.abide(&format!("hum services {token}")).expect(6);
    assert!(early.stdout.is_empty() && early.stderr.contains("hum watch"), "{early:#?}");
}

#[test]
fn events_for_a_program() {
    let server = Server::start(100);
    let tokens =
        [server.open(GOOD_ADDRESS), server.open("--street1 '120 4th St' --zip 99801 --city Juneau --state AK")];
    let finished = server.abide(&format!("hum watch {} --json --max-wait 10s", tokens.join(" "))).expect(3);
    let events: Vec<Value> = finished.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for (token, outcome) in tokens.iter().zip(["completed", "partial"]) {
        let own: Vec<&Value> = events.iter().filter(|event| event["session_token"] == token.as_str()).collect();
        let last = own.last().unwrap();
        assert_eq!((&last["event"], &last["outcome"]), (&Value::from("ended"), &Value::from(outcome)));
    }
}

#[test]
fn a_table_of_addresses() {
    let folder = Folder::with([("in.csv", MIXED_ADDRESSES.as_bytes())]);
    let server = Server::start(100);
    let finished = server.abide("hum run in.csv -o out.csv --max-wait 10s").within(&folder).expect(3);
    assert_eq!((finished.stdout.as_str(), folder.names()), ("", vec!["in.csv".to_owned(), "out.csv".to_owned()]));
    assert!(
        finished.stderr.ends_with("2 addresses: 1 completed, 0 partial, 1 failed; 2 rows in out.csv\n"),
        "{}",
        finished.stderr
    );

    let output = folder.text("out.csv");
    assert_eq!(output.lines().next(), Some(format!("street1,city,state,zip,note,{LOOKUP_COLUMNS}").as_str()));
    let after = rows(&output);
    assert_eq!(column(&after, "note"), ["the first, of two", ""]);
    assert_eq!(column(&after, "outcome"), ["completed", "failed"]);
    assert_eq!(column(&after, "geocoding"), ["matched", "multiple"]);
    assert_eq!(column(&after, "internet"), ["matched", "failed"]);
    assert_eq!(column(&after, "providers"), ["3", ""]);
    assert!(after[0]["max_download_speed"].parse::<f64>().unwrap() > 0.0);

    // What a run opened it closed.
    let tokens = column(&after, "session_token");
    let watched = server.abide(&format!("hum watch {}", tokens.join(" "))).expect(5);
    assert_eq!(column(&rows(&watched.stdout), "outcome"), ["gone", "gone"]);
}

#[test]
fn a_table_to_standard_output() {
    let folder = Folder::with([("in.csv", GOOD_ADDRESSES.as_bytes())]);
    let server = Server::start(100);
    let finished = server.abide("hum run in.csv --format ndjson --max-wait 10s").within(&folder).expect(0);
    let lines: Vec<Value> = finished.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let streets: Vec<&str> = lines.iter().map(|line| line["street1"].as_str().unwrap()).collect();
    assert_eq!(streets, column(&rows(GOOD_ADDRESSES), "street1"), "the order of the input");
    assert!(lines.iter().all(|line| line["outcome"] == "completed" && line["providers"].is_i64()));
    assert_eq!(lines[1]["zip"], "36104", "text stays text");
}
