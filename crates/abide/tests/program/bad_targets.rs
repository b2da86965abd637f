//! Servers that are none, and recordings that are none: a plain sentence, the right exit code, and the report all the same.

use std::net::TcpListener;

use crate::abide::{Abide, Finished};
use crate::folder::Folder;
use crate::server::Server;
use crate::stub::{Silent, Stub, nobody};

const REPORTS: [&str; 4] = ["report.json", "junit.xml", "report.html", "trace.ndjson"];

/// Judges what is at that address; gives what was said, after the promises that hold for each.
#[track_caller]
fn judged(api: &str, address: &str, code: i32, sentence: &str) -> Finished {
    let folder = Folder::with([]);
    let line = format!(
        "conform server --api {api} --base-url http://{address} --report out --cases 1 --seed 1 --patience 1 --limit 3"
    );
    let secret = "a-secret-that-opens-nothing";
    let finished =
        Abide::new(&line).within(&folder).secret("HUM_API_TOKEN", secret).secret("CALMYX_API_KEY", secret).expect(code);
    let second_line = finished.stdout.lines().nth(1).unwrap_or_default();
    assert!(second_line.contains(sentence), "{sentence}: {finished:#?}");
    for name in REPORTS {
        assert!(!folder.text(&format!("out/{name}")).is_empty(), "{name}");
    }
    assert!(folder.text("out/report.json").contains(sentence), "{}", folder.text("out/report.json"));
    finished
}

#[test]
fn targets_that_are_none() {
    let page = Stub::answering("200 OK\nContent-Type: text/html", "<h1>hello</h1>");
    let error = Stub::answering("500 Internal Server Error", "{}");
    let absent = Stub::answering("404 Not Found\nContent-Type: application/json", "{}");
    let elsewhere = Stub::answering("308 Permanent Redirect\nLocation: http://127.0.0.1:1/", "");
    let busy = Stub::answering("503 Service Unavailable", "");
    let gateway = Stub::answering("502 Bad Gateway", "<html>");
    let nothing = Stub::answering("204 No Content", "");
    let null = Stub::answering("202 Accepted\nContent-Type: application/json", "null");
    for (target, code, sentence) in [
        (nobody(), 2, "could not be reached"),
        (page.address(), 2, "no JSON but `<h1>hello</h1>` (text/html)"),
        (error.address(), 1, "answers 500 to every POST"),
        (absent.address(), 2, "answers 404 to POST"),
        (elsewhere.address(), 2, "redirects elsewhere; name the server itself"),
        (busy.address(), 2, "answers 503 to every POST"),
        (gateway.address(), 2, "something on the way does not let it through"),
        (nothing.address(), 2, "answers 204 to POST"),
        (null.address(), 1, ""),
    ] {
        for api in ["calmyx", "hum"] {
            judged(api, &target.to_string(), code, sentence);
        }
    }
}

#[test]
fn a_server_that_needs_another_key() {
    let server = Server::start(100);
    judged("hum", server.address(), 2, "it does not take the credential in HUM_API_TOKEN");
    judged("calmyx", server.address(), 2, "it does not take the credential in CALMYX_API_KEY");
}

#[test]
fn a_server_that_hangs() {
    let silent = Silent::listen();
    judged("hum", &silent.address().to_string(), 2, "did not answer in time");
}

#[test]
fn a_server_that_closes_at_once() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    // It ends with the process of the test.
    std::thread::spawn(move || listener.incoming().for_each(drop));
    judged("calmyx", &address.to_string(), 2, "closed the connection without an answer");
}

const HEADER: &str = r#"{"line":"header","format":"abide-trace/1","api":"hum","subject":"server","source":"recorded","target":"http://x","driver":"x","started":"2026-01-15T10:30:00Z"}"#;

#[test]
fn recordings_that_are_none() {
    let other_api = HEADER.replace("\"hum\"", "\"calmyx\"");
    let (cut, only_header) = (&HEADER[..40], format!("{HEADER}\n"));
    let damaged = format!("{HEADER}\nnonsense\n{{}}\n");
    let others = r#"{"log":{"entries":[{"startedDateTime":"2026-01-15T10:30:00Z","time":1,
        "request":{"method":"POST","url":"https://login.example.com/sessions","headers":[]},
        "response":{"status":200,"content":{"size":2,"text":"{}"}}}]}}"#;
    for (bytes, sentence) in [
        (b"".as_slice(), "the trace is empty"),
        (b" \n\n", "the trace is empty"),
        (b"\xef\xbb\xbf", "the trace is empty"),
        (b"\xff\xfe{\0", "the file is UTF-16; save it as UTF-8"),
        (b"\x00\x01\x02\xff", "line 1 is damaged: it is no UTF-8"),
        (b"<html>", "line 1 is not the header of a trace"),
        (b"[1, 2]", "line 1 is not the header of a trace"),
        (cut.as_bytes(), "line 1 is not the header of a trace"),
        (damaged.as_bytes(), "line 2 is damaged"),
        (other_api.as_bytes(), "the trace is one of calmyx, and --api says hum"),
        (&others.as_bytes()[..60], "this is no HAR file"),
        (others.as_bytes(), "no request in this HAR file is a Hum call"),
        (b"{\"log\":{}}", "it has no log.entries"),
        (only_header.as_bytes(), "there is no exchange in the trace"),
    ] {
        let folder = Folder::with([("it", bytes)]);
        let finished = Abide::new("conform trace --api hum it --report out").within(&folder).expect(2);
        assert!(finished.stderr.contains(sentence) || finished.stdout.contains(sentence), "{sentence}: {finished:#?}");
        assert!(finished.stderr.lines().count() <= 2, "{finished:#?}");
        for name in &REPORTS[..3] {
            assert!(!folder.text(&format!("out/{name}")).is_empty(), "{name}");
        }
        let report = folder.text("out/report.json");
        assert!(report.contains("\"not-judged\"") && report.contains(sentence), "{report}");
    }
}

#[test]
fn a_trace_that_was_cut_off_is_judged_up_to_there() {
    let server = Server::start(100);
    let folder = Folder::with([]);
    server.abide("conform server --api calmyx --cases 0 --seed 3 --report out").within(&folder).expect(0);
    let whole = folder.text("out/trace.ndjson");
    let mut cut = whole.len() / 2;
    while !whole.is_char_boundary(cut) {
        cut += 1;
    }
    let folder = Folder::with([("half", &whole.as_bytes()[..cut])]);
    let finished = Abide::new("conform trace --api calmyx half").within(&folder).expect(3);
    assert!(finished.stderr.contains("was cut off and is left out"), "{finished:#?}");
    assert!(finished.stdout.contains("INCOMPLETE"), "{finished:#?}");
}
