//! Calmyx with input that is good: what goes in comes out, in order, once, with its result.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::abide::Abide;
use crate::folder::Folder;
use crate::server::Server;
use crate::table::{GOOD_PLACES, MIXED_PLACES, Row, SCORE_COLUMNS, column, places, rows};

/// Scores a table of which every row can be scored; the folder, with the result in `out`.
#[track_caller]
fn run(input: &[u8], format: &str) -> Folder {
    let folder = Folder::with([("in.csv", input)]);
    let server = Server::start(200);
    let command = format!("calmyx run in.csv -o out --format {format}");
    let finished = server.abide(&command).within(&folder).expect(0);
    assert_eq!(finished.stdout, "");
    assert_eq!(folder.names(), ["in.csv", "out"]);
    folder
}

#[test]
fn every_cell_of_the_input_is_carried_through() {
    let input = "\u{feff}name,lat,lng,note\r\n\
        \"Juneau, \"\"AK\"\"\",58.30,-134.42,\"two\r\nlines\"\r\n\
        =1+1, 40.71427 ,-74.00597,\r\n\
        \u{1f3d4},+34.05223,-118.24368,0042\r\n";
    let folder = run(input.as_bytes(), "csv");
    let output = folder.text("out");
    assert_eq!(output.lines().next(), Some(format!("name,lat,lng,note,{SCORE_COLUMNS}").as_str()));
    let (before, after) = (rows(input.trim_start_matches('\u{feff}')), rows(&output));
    assert_eq!(after.len(), 3);
    for name in ["name", "lat", "lng", "note"] {
        assert_eq!(column(&before, name), column(&after, name), "{name}");
    }
    assert_eq!(column(&after, "status"), ["success"; 3]);
}

#[test]
fn columns_of_the_same_name_stay_apart() {
    let folder = run(b"Status,LAT,lng,error\nopen,40.71427,-74.00597,none\n", "csv");
    let after = rows(&folder.text("out"));
    let names: Vec<&str> = after[0].keys().map(String::as_str).collect();
    assert_eq!(after[0]["Status"], "open", "{names:?}");
    assert_eq!((after[0]["status_2"].as_str(), after[0]["error_2"].as_str()), ("success", ""), "{names:?}");
}

#[test]
fn every_duplicate_has_its_answer() {
    let folder = run(b"id,lat,lng\na,40.71427,-74.00597\nb,34.05223,-118.24368\nc,40.714270,-74.00597\n", "csv");
    let after = rows(&folder.text("out"));
    assert_eq!(column(&after, "id"), ["a", "b", "c"]);
    assert_eq!(column(&after, "status"), ["success"; 3]);
    assert_eq!(after[0]["quiet_score"], after[2]["quiet_score"]);
    assert_ne!(after[0]["listing_id"], after[2]["listing_id"]);
}

#[test]
fn more_rows_than_a_session_takes() {
    let folder = Folder::with([("in.csv", places(501).as_bytes())]);
    let server = Server::start(200);
    let finished = server.abide("calmyx run in.csv -o out.csv").within(&folder).expect(3);
    assert!(finished.stderr.contains("501 locations: "), "{}", finished.stderr);
    assert!(finished.stderr.contains("2 sessions; 501 rows in out.csv"), "{}", finished.stderr);
    let (before, after) = (rows(&places(501)), rows(&folder.text("out.csv")));
    assert_eq!(column(&before, "name"), column(&after, "name"), "the order of the input");
    let sessions = column(&after, "session_id");
    assert!(sessions[..500].iter().all(|id| *id == sessions[0] && !id.is_empty()));
    assert!(sessions[500] != sessions[0] && !sessions[500].is_empty());
    after.iter().for_each(assert_answered);
}

#[track_caller]
fn assert_answered(row: &Row) {
    match row["status"].as_str() {
        "success" => {
            assert!((0..=100).contains(&row["quiet_score"].parse::<i64>().unwrap()), "{row:?}");
            assert!(!row["listing_id"].is_empty() && row["error"].is_empty(), "{row:?}");
        }
        "failed" => assert!(row["quiet_score"].is_empty() && !row["error"].is_empty(), "{row:?}"),
        other => panic!("{other}: {row:?}"),
    }
}

#[test]
fn one_json_object_a_line() {
    let folder = run(GOOD_PLACES.as_bytes(), "ndjson");
    let text = folder.text("out");
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    assert_eq!((&lines[0]["name"], &lines[1]["name"]), (&Value::from("New York"), &Value::from("Los Angeles")));
    assert!(lines.iter().all(|line| line["quiet_score"].is_i64() && line["error"].is_null()), "{text}");
    assert!(lines.iter().all(|line| line["lat"].is_f64()), "{text}");
}

#[test]
fn points_on_a_map() {
    let folder = run(GOOD_PLACES.as_bytes(), "geojson");
    let map: Value = serde_json::from_str(&folder.text("out")).unwrap();
    assert_eq!(map["type"], "FeatureCollection");
    let features = map["features"].as_array().unwrap();
    assert_eq!(features.len(), 2);
    assert_eq!(features[0]["geometry"], serde_json::json!({"type": "Point", "coordinates": [-74.00597, 40.71427]}));
    assert_eq!(features[0]["properties"]["name"], "New York");
    assert!(features[0]["properties"]["quiet_score"].is_i64());
}

#[test]
fn from_standard_input_to_standard_output() {
    let folder = Folder::with([("in.csv", MIXED_PLACES.as_bytes())]);
    let server = Server::start(200);
    let finished = server.abide("calmyx run -").stdin(&folder, "in.csv").within(&folder).expect(3);
    let after = rows(&finished.stdout);
    assert_eq!(column(&after, "status"), ["success", "failed"]);
    assert_eq!(folder.names(), ["in.csv"]);
    assert!(finished.stderr.ends_with("2 locations: 1 scored, 1 failed; 1 session\n"), "{}", finished.stderr);
}

/// A file that stood there is replaced, and only by a whole one.
#[test]
fn an_earlier_output_is_replaced() {
    let folder = Folder::with([("in.csv", GOOD_PLACES.as_bytes()), ("out.csv", b"old")]);
    Server::start(200).abide("calmyx run in.csv -o out.csv").within(&folder).expect(0);
    assert_eq!(rows(&folder.text("out.csv")).len(), 2);
    assert_eq!(folder.names(), ["in.csv", "out.csv"]);
}

/// A place, as it can be compared.
fn place(lat: f64, lng: f64) -> String {
    format!("{lat:.6} {lng:.6}")
}

fn sent(input: &str) -> BTreeSet<String> {
    rows(input).iter().map(|row| place(row["lat"].parse().unwrap(), row["lng"].parse().unwrap())).collect()
}

/// Submits 501 places; the server, the two ids, and where the places are.
#[track_caller]
fn submitted() -> (Server, Vec<String>, BTreeSet<String>) {
    let folder = Folder::with([("in.csv", places(501).as_bytes())]);
    let server = Server::start(200);
    let finished = server.abide("calmyx submit in.csv").within(&folder).expect(0);
    let ids: Vec<String> = finished.stdout.lines().map(str::to_owned).collect();
    assert_eq!(ids.len(), 2);
    assert_eq!(folder.names(), ["in.csv"]);
    (server, ids, sent(&places(501)))
}

#[test]
fn what_was_submitted_is_watched() {
    let (server, ids, sent) = submitted();
    let command = format!("calmyx watch {}", ids.join(" "));
    // The second time the sessions are over: they answer as before.
    for _ in 0..2 {
        let finished = server.abide(&command).expect(3);
        assert_eq!(finished.stdout.lines().next(), Some(format!("lat,lng,{SCORE_COLUMNS}").as_str()));
        let results = rows(&finished.stdout);
        results.iter().for_each(assert_answered);
        let found: BTreeSet<String> =
            results.iter().map(|row| place(row["lat"].parse().unwrap(), row["lng"].parse().unwrap())).collect();
        assert_eq!((results.len(), &found), (501, &sent), "each result once");
        let of = |id: &str| results.iter().filter(|row| row["session_id"] == id).count();
        assert_eq!((of(&ids[0]), of(&ids[1])), (500, 1));
    }
}

#[test]
fn what_was_submitted_is_watched_by_a_program() {
    let (server, ids, sent) = submitted();
    let finished = server.abide(&format!("calmyx watch {} --json", ids.join(" "))).expect(3);
    let events: Vec<Value> = finished.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for (id, count, outcome) in [(&ids[0], 500, "partial"), (&ids[1], 1, "completed")] {
        let own: Vec<&Value> = events.iter().filter(|event| event["session"] == id.as_str()).collect();
        let (last, before) = own.split_last().unwrap();
        assert_eq!((&last["event"], &last["outcome"]), (&Value::from("ended"), &Value::from(outcome)));
        assert!(before.iter().all(|event| event["event"] != "ended"));
        assert_eq!(own.iter().filter(|event| event["event"] == "item").count(), count);
    }
    assert_eq!(events.last().unwrap()["event"], "ended");
    let items = events.iter().filter(|event| event["event"] == "item").map(|event| &event["item"]);
    let found: BTreeSet<String> =
        items.map(|item| place(item["lat"].as_f64().unwrap(), item["lng"].as_f64().unwrap())).collect();
    assert_eq!(found, sent);
}

#[test]
fn a_session_named_twice_is_watched_once() {
    let (server, ids, _) = submitted();
    let finished = server.abide(&format!("calmyx watch {0} {0}", ids[1])).expect(0);
    assert_eq!(rows(&finished.stdout).len(), 1);
}

/// What the plan does not cover fails place by place; the rest has its score.
#[test]
fn the_limit_of_a_plan() {
    let folder = Folder::with([("in.csv", places(120).as_bytes())]);
    let server = Server::of(Abide::new("serve --listen 127.0.0.1:0 --speed 200 --plan trial"));
    server.abide("calmyx run in.csv -o out.csv").within(&folder).expect(3);
    let after = rows(&folder.text("out.csv"));
    after.iter().for_each(assert_answered);
    let count = |wanted: &str| column(&after, "error").iter().filter(|error| **error == wanted).count();
    assert_eq!(after.len(), 120);
    assert!(count("Listing limit reached") > 0 && count("") <= 100, "{after:?}");
}
