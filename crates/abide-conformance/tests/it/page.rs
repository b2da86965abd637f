//! The page: its structure, that nothing breaks out of its place, that nothing comes from elsewhere, and its size.

use std::collections::BTreeMap;

use abide_conformance::catalogue::Api;
use abide_conformance::judge;
use abide_conformance::report::html;
use abide_conformance::trace::{
    Answer, Body, Credential, Exchange, Fact, Header, How, NoReply, Operation, Reply, Request, Source, Subject, Trace,
    Which,
};
use proptest::prelude::*;
use roxmltree::{Document, Node};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::shown;

/// What a report may weigh.
const MOST_BYTES: usize = 1_000_000;

fn page(trace: &Trace) -> String {
    html(&judge(trace), trace)
}

/// Calls `look` with the page as a tree: HTML that is XML too, but for its first line.
#[track_caller]
fn parsed(page: &str, look: impl FnOnce(&Document<'_>)) {
    let text = page.strip_prefix("<!DOCTYPE html>").expect("a page begins with its type");
    look(&Document::parse(text).unwrap_or_else(|error| panic!("{error}")));
}

#[test]
fn structure() {
    parsed(&page(&shown::recording()), |tree| insta::assert_snapshot!("server", outline(tree)));
    parsed(&page(&client()), |tree| insta::assert_snapshot!("client", outline(tree)));
}

/// The elements that a reader finds their way by, with their words; one of many that passed stands for them all.
fn outline(tree: &Document<'_>) -> String {
    const NAMED: [&str; 16] = [
        "html", "title", "header", "h1", "h2", "h3", "main", "section", "details", "summary", "dl", "svg", "pre",
        "legend", "caption", "footer",
    ];
    let mut out = String::new();
    for node in tree.descendants().filter(|node| node.is_element() && NAMED.contains(&node.tag_name().name())) {
        let is_many = |node: Node<'_, '_>| {
            let class = node.attribute("class").unwrap_or_default();
            ["group passed", "group not-exercised"].contains(&class)
        };
        let is_hidden = node.attribute("aria-hidden").is_some();
        let is_tooltip = node.parent().is_some_and(|parent| parent.has_tag_name("g"));
        if is_hidden || is_tooltip || (node.ancestors().skip(1).any(is_many) && node.tag_name().name() != "h2") {
            continue;
        }
        let depth = node.ancestors().filter(|above| NAMED.contains(&above.tag_name().name())).count();
        let mark = |name, sign| node.attribute(name).map(|value| format!("{sign}{value}")).unwrap_or_default();
        let open = if node.has_attribute("open") { " (open)" } else { "" };
        out.push_str(&"  ".repeat(depth - 1));
        out.push_str(&format!(
            "{}{}{}{open}",
            node.tag_name().name(),
            mark("id", "#"),
            mark("class", ".").replace(' ', ".")
        ));
        if !["html", "main", "header", "section", "details", "footer", "svg"].contains(&node.tag_name().name()) {
            out.push_str(&format!(" | {}", words(node)));
        }
        if node.tag_name().name() == "svg" {
            for title in node.descendants().filter(|node| node.has_tag_name("title")) {
                out.push_str(&format!("\n{}· {}", "  ".repeat(depth), words(title)));
            }
        }
        out.push('\n');
    }
    out
}

/// The words of an element; of an exchange no body, whose members have no order.
fn words(node: Node<'_, '_>) -> String {
    let text: String = node.descendants().filter(Node::is_text).filter_map(|node| node.text()).collect();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    text.split(" { ").next().unwrap_or_default().to_owned()
}

/// A Hum client that asks too early once, heeds a pause, and says a word.
pub(crate) fn client() -> Trace {
    let mut header = Header::new(Api::Hum, Subject::Client, Source::Driven, "python3 client.py");
    "2026-01-15T10:30:00Z".clone_into(&mut header.started);
    header.tolerance = 250_000;
    let mut trace = Trace::new(header);
    let status = |code: u16, geocoding: &str, internet: &str| {
        let agents = json!({"geocoding": geocoding, "internet": internet, "checkout": "pending"});
        reply(code, &[], &json!({"message": "m", "request_status": "ok", "data": {}, "meta": {"agent_status": agents}}))
    };
    let pushed = reply(429, &[("retry-after", "9")], &json!({}));
    let created =
        reply(201, &[], &json!({"message": "m", "request_status": "ok", "data": [], "meta": {"session_token": "t"}}));
    let replies = [
        (0, created),
        (100_000, status(202, "pending", "pending")),
        (1_200_000, status(200, "matched", "pending")),
        (3_200_000, pushed),
        (12_300_000, status(200, "matched", "pending")),
        (14_800_000, status(200, "matched", "matched")),
    ];
    trace.facts.push(Fact::ClientStarted { case: "retry-after-seconds".to_owned(), at: 0 });
    trace.exchanges = (1..).zip(replies).map(|(number, (sent, reply))| hum(number, sent, reply)).collect();
    trace.facts.push(Fact::ClientEnded {
        case: "retry-after-seconds".to_owned(),
        at: 14_900_000,
        outcome: Some("completed".to_owned()),
        exit: Some(0),
        stopped: false,
        why: None,
    });
    trace
}

fn reply(status: u16, headers: &[(&str, &str)], body: &serde_json::Value) -> Reply {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Reply::Answer(Answer { status, headers, body: Body::Json(body.to_string()) })
}

fn hum(number: u32, sent: u64, reply: Reply) -> Exchange {
    let is_creation = number == 1;
    let request = Request {
        operation: if is_creation { Operation::CreateSession } else { Operation::GetSession },
        method: if is_creation { "POST" } else { "GET" }.to_owned(),
        path: if is_creation { "/sessions" } else { "/sessions/t" }.to_owned(),
        credential: Credential::new(How::Bearer, Which::First),
        session: (!is_creation).then(|| "t".to_owned()),
        ..Request::default()
    };
    Exchange { number, case: "retry-after-seconds".to_owned(), sent, received: sent + 1_000, request, reply }
}

/// A trace of either side with one text wherever somebody else's text can stand.
pub(crate) fn written_by_somebody(subject: Subject, text: &str) -> Trace {
    let mut trace = if subject == Subject::Server { shown::recording() } else { client() };
    text.clone_into(&mut trace.header.target);
    text.clone_into(&mut trace.header.started);
    text.clone_into(&mut trace.header.driver);
    let odd = json!({"status": text, "session_id": text, "progress": {"total": text}, text: text,
        "meta": {"session_token": text, "agent_status": {"geocoding": text, text: text}}});
    for exchange in &mut trace.exchanges {
        text.clone_into(&mut exchange.case);
        exchange.request.session = Some(text.to_owned());
        text.clone_into(&mut exchange.request.path);
        exchange.request.query = vec![(text.to_owned(), text.to_owned())];
        exchange.request.headers = BTreeMap::from([("user-agent".to_owned(), text.to_owned())]);
        exchange.reply = reply(200, &[("content-type", text), ("retry-after", text)], &odd);
    }
    if let Some(last) = trace.exchanges.last_mut() {
        let body = Body::NotJson { starts: text.to_owned(), length: 9 };
        last.reply = Reply::Answer(Answer { status: 500, headers: BTreeMap::new(), body });
    }
    if let Some(second) = trace.exchanges.get_mut(1) {
        second.reply = Reply::None { why: NoReply::Malformed, detail: text.to_owned() };
    }
    trace.facts.push(Fact::Stopped { at: 1, why: text.to_owned() });
    trace.facts.push(Fact::ClientEnded {
        case: text.to_owned(),
        at: 99_000_000,
        outcome: Some(text.to_owned()),
        exit: None,
        stopped: false,
        why: None,
    });
    trace
}

#[track_caller]
fn keeps_its_place(text: &str) {
    for subject in [Subject::Server, Subject::Client] {
        let page = page(&written_by_somebody(subject, text));
        assert!(!page.chars().any(|character| {
            (character.is_control() && character != '\n')
                || ('\u{202a}'..='\u{202e}').contains(&character)
                || ('\u{2066}'..='\u{2069}').contains(&character)
        }));
        parsed(&page, |tree| {
            let named = |name| tree.descendants().filter(move |node| node.has_tag_name(name)).count();
            assert_eq!((named("script"), named("style"), named("title") > 0), (1, 1, true));
            assert_eq!(named("img") + named("iframe") + named("object") + named("link") + named("base"), 0);
            for attribute in tree.descendants().flat_map(|node| node.attributes().collect::<Vec<_>>()) {
                let (name, value) = (attribute.name(), attribute.value());
                assert!(!name.starts_with("on") && name != "src" && name != "style", "{name}=\"{value}\"");
                assert!(name != "href" || value.starts_with('#'), "{value}");
            }
        });
    }
}

#[test]
fn nothing_breaks_out() {
    for text in [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "' onclick='alert(1)",
        "</style></title></pre></svg>",
        "]]><!--",
        "&lt;&#0;&bogus;",
        "\u{202e}evil\u{2066}\u{200f}",
        "\u{0}\u{1b}[2J\u{9b}\u{fffe}\u{ffff}",
        "`a` `<b>` `",
        "javascript:alert(1)",
        "",
    ] {
        keeps_its_place(text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn no_text_breaks_out(text in "(\\PC|[<>&'\"`/=\\-!\\x00-\\x20\u{202a}-\u{202e}\u{fff0}-\u{ffff}]){0,40}") {
        keeps_its_place(&text);
    }
}

#[test]
fn nothing_comes_from_elsewhere() {
    let page = page(&client());
    assert!(!page.contains("url(") && !page.contains("@import") && !page.contains("https:"), "{page}");
    let addresses = page.matches("http:").count();
    assert_eq!(addresses, 0, "{page}");
}

#[test]
fn the_page_allows_its_own_script_and_no_other() {
    parsed(&page(&client()), |tree| {
        let script = tree.descendants().find(|node| node.has_tag_name("script")).and_then(|node| node.text()).unwrap();
        let allowed = format!("script-src 'sha256-{}'", base64(&Sha256::digest(script)));
        let policy =
            tree.descendants().find_map(|node| node.attribute("content").filter(|text| text.contains("script-src")));
        let policy = policy.unwrap();
        assert!(policy.ends_with(&allowed), "page.js.sha256 has to hold sha256-{}", base64(&Sha256::digest(script)));
    });
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digits = |three: &[u8]| {
        let bits = (0..3).fold(0, |bits, place| bits << 8 | usize::from(three.get(place).copied().unwrap_or(0)));
        let digit = move |place: usize| {
            if place > three.len() { '=' } else { char::from(DIGITS[bits >> (18 - 6 * place) & 63]) }
        };
        (0..4).map(digit).collect::<String>()
    };
    bytes.chunks(3).map(digits).collect()
}

#[test]
fn a_page_stays_small_and_says_what_is_left_out() {
    let item = json!({"lat": 1.5, "lng": 2.5, "status": "success", "quiet_score": 999, "listing_id": "a".repeat(36)});
    let body =
        json!({"status": "<PROCESSING>", "results": vec![item; 500], "progress": {"total": 500, "processed": 501}});
    let mut trace = shown::recording();
    for session in 0..150_u32 {
        for poll in 0..40_u32 {
            let number = 10 + session * 40 + poll;
            let mut exchange = shown::exchange(number, Operation::GetSessionStatus, &json!({}), &json!({}));
            exchange.case = format!("case {session} & more");
            exchange.request.session = Some(format!("session-{session}"));
            exchange.reply = Reply::Answer(Answer {
                status: if poll % 2 == 0 { 200 } else { 500 },
                headers: BTreeMap::new(),
                body: if poll == 3 && session < 40 { Body::Json(body.to_string()) } else { Body::Empty },
            });
            trace.exchanges.push(exchange);
        }
    }
    let page = page(&trace);
    assert!(page.len() < MOST_BYTES, "{} bytes", page.len());
    assert!(page.contains("more are not drawn") && page.contains("case 149 &amp; more"), "what is left out is named");
    parsed(&page, |_| {});
}

#[test]
fn a_run_without_a_call_has_a_page() {
    for (subject, why) in [(Subject::Server, "nobody there"), (Subject::Client, "/no/such/program cannot be started")] {
        let mut trace = Trace::new(Header::new(Api::Hum, subject, Source::Driven, "target"));
        trace.facts.push(Fact::Stopped { at: 0, why: why.to_owned() });
        let page = page(&trace);
        assert!(page.contains("There is nothing to draw") && page.contains("Not judged:"), "{page}");
        parsed(&page, |_| {});
    }
}

#[test]
fn every_run_is_shown() {
    // Of a recording, which knows no cases, each session is one; what belongs to none is one too.
    let mut recording = shown::recording();
    for (number, session) in [(10, Some("second")), (11, None), (12, Some("second"))] {
        let mut exchange = shown::exchange(number, Operation::GetSessionStatus, &json!({}), &json!({}));
        exchange.request.session = session.map(str::to_owned);
        recording.exchanges.push(exchange);
    }
    recording.exchanges.iter_mut().for_each(|exchange| exchange.case.clear());
    // Of clients each one that was started, also where it never called.
    let mut clients = client();
    clients.facts.push(Fact::ClientStarted { case: "normal".to_owned(), at: 1 });
    for (trace, expected) in [
        (shown::recording(), vec!["fixed"]),
        (recording, vec!["sess_1", "second", "calls without a session"]),
        (clients, vec!["retry-after-seconds", "normal"]),
    ] {
        parsed(&page(&trace), |tree| {
            let runs = tree.descendants().filter(|node| node.attribute("id").is_some_and(|id| id.starts_with("run-")));
            let names = runs.filter_map(|run| run.descendants().find(|node| node.has_tag_name("h3"))).map(words);
            assert_eq!(names.collect::<Vec<_>>(), expected);
        });
    }
}
