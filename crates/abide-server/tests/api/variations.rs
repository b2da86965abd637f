//! Every legal variation shows, and with each of them the answers keep the rules that a history can be held against.

use std::collections::BTreeSet;

use abide_server::{Api, Breakage, Variation, variations};
use axum::http::{StatusCode, header};
use serde_json::{Value, json};

use crate::{
    history::{CalmyxHistory, History, HumHistory, Seen, broken},
    service::{CALMYX, Reply, status_path},
};

/// How a variation shows.
#[derive(Clone, Copy)]
enum Sign {
    /// In a finished session's answer as it is sent, or in a refusal.
    Sent(fn(&Reply, &Reply) -> bool),
    Calmyx(fn(&CalmyxHistory) -> bool),
    Hum(fn(&HumHistory) -> bool),
}
use Sign::{Calmyx, Hum, Sent};

const SIGNS: &[(&str, Sign)] = &[
    ("pretty-json", Sent(|it, _| it.body.starts_with(b"\r\n{\r\n\t\""))),
    ("reversed-keys", Sent(|it, _| position(it, "\"submitted_at\"") < position(it, "\"status\""))),
    (
        "escaped-strings",
        Sent(|it, _| position(it, r"\u0043\u004f\u004d\u0050\u004c\u0045\u0054\u0045\u0044").is_some()),
    ),
    ("exponents", Sent(|it, _| position(it, "-1.205e2").is_some())),
    ("extra-fields", Sent(|it, _| position(it, "x_trace").is_some())),
    ("charset", Sent(|it, _| it.headers[header::CONTENT_TYPE] == "application/json ; charset=\"UTF-8\"")),
    ("media-type-case", Sent(|it, _| it.headers[header::CONTENT_TYPE] == "Application/JSON")),
    ("more-headers", Sent(|it, _| it.headers.contains_key("x-request-id"))),
    ("chunked", Sent(|it, _| !it.has_length)),
    ("connection-close", Sent(|it, _| it.headers.get(header::CONNECTION).is_some_and(|value| value == "close"))),
    ("refusals-in-other-words", Sent(|_, it| position(it, "could not be processed").is_some())),
    ("refusals-as-text", Sent(|_, it| &*it.body == b"no\n")),
    ("refusals-without-body", Sent(|_, it| it.body.is_empty())),
    ("forbidden-for-unauthorized", Calmyx(|it| it.no_key.code == 403)),
    ("bad-request-for-unknown", Sent(|_, it| it.status == StatusCode::BAD_REQUEST)),
    ("unprocessable-for-invalid", Calmyx(|it| it.too_many.code == 422)),
    ("created-201", Calmyx(|it| it.created.code == 201)),
    ("created-202", Calmyx(|it| it.created.code == 202)),
    (
        "times-with-offset",
        Calmyx(|it| it.last().results()[0]["analyzed_at"].as_str().is_some_and(|it| it.ends_with('Z'))),
    ),
    ("times-with-numeric-offset", Calmyx(|it| it.last().text("/completed_at").ends_with("+00:00"))),
    ("times-in-seconds", Calmyx(|it| it.last().text("/submitted_at").len() == "2026-01-15T10:30:00".len())),
    ("results-reversed", Calmyx(|it| times(it.last()).is_sorted_by(|one, next| one >= next))),
    ("results-in-another-order", Calmyx(|it| it.with_status("PROCESSING").iter().any(|poll| !times(poll).is_sorted()))),
    ("coordinates-to-six-decimals", Sent(|it, _| position(it, "30.123457").is_some())),
    ("whole-coordinates-as-integers", Sent(|it, _| position(it, "\"lat\":31,").is_some())),
    ("null-error-of-success", Calmyx(|it| it.items("success")[0].get("error") == Some(&Value::Null))),
    (
        "one-more-look",
        Calmyx(|it| it.with_status("PROCESSING").last().is_some_and(|poll| poll.number("/progress/processed") == 40)),
    ),
    ("from-queue-to-end", Calmyx(|it| it.with_status("PROCESSING").is_empty())),
    ("address-as-object", Hum(|it| it.last().at("/data/service_address/normalized").is_string())),
    ("zip-as-number", Hum(|it| it.last().at("/meta/session_params/zip").is_number())),
    ("token-in-data", Hum(|it| it.created.at("/data/session_token").is_string())),
    ("address-in-meta-only", Hum(|it| it.last().at("/data/service_address").is_null())),
    ("services-apart", Hum(|it| it.last().at("/data/internet").is_null())),
    ("without-optional-fields", Hum(|it| it.last().at("/meta/created_at").is_null())),
    ("times-with-offset-of-zero", Hum(|it| it.last().text("/meta/created_at").ends_with("00+00:00"))),
    ("more-agents", Hum(|it| it.last().text("/meta/agent_status/phone") == "pending")),
    ("always-a-warning", Hum(|it| it.polls[0].text("/request_status") == "warning")),
    (
        "202-until-all-is-settled",
        Hum(|it| it.polls.iter().any(|poll| poll.code == 202 && HumHistory::agent(poll, "geocoding") == "matched")),
    ),
    ("200-from-the-start", Hum(|it| it.polls[0].code == 200)),
    ("services-202-without-list", Hum(|it| it.early_services.at("/data") == &json!({}))),
    ("pushes-back", Hum(|it| it.polls.iter().any(|poll| poll.code == 429 && poll.retry_after))),
];

fn position(reply: &Reply, part: &str) -> Option<usize> {
    std::str::from_utf8(&reply.body).unwrap().find(part)
}

fn times(seen: &Seen) -> Vec<&str> {
    seen.results().iter().filter_map(|item| item["analyzed_at"].as_str()).collect()
}

/// A finished session's answer, and the refusal of one that does not exist.
async fn sent(breakage: Breakage) -> (Reply, Reply) {
    let service = broken(breakage);
    let locations = json!([{ "lat": 30.123_456_78, "lng": -120.5 }, { "lat": 31.0, "lng": 1.25 }]);
    let created = service.post("/v2/session/new", CALMYX, json!({ "locations": locations }).to_string()).await;
    let created: Value = serde_json::from_slice(&created.body).unwrap();
    service.advance(60.0);
    let path = status_path(created["session_id"].as_str().unwrap());
    (service.get(&path, CALMYX).await, service.get(&status_path("nope"), CALMYX).await)
}

async fn shows(sign: Sign, breakage: Breakage) -> bool {
    match sign {
        Sent(sign) => {
            let (status, refusal) = sent(breakage).await;
            sign(&status, &refusal)
        }
        Calmyx(sign) => matches!(History::of(Api::Calmyx, breakage).await, History::Calmyx(it) if sign(&it)),
        Hum(sign) => matches!(History::of(Api::Hum, breakage).await, History::Hum(it) if sign(&it)),
    }
}

#[tokio::test]
async fn every_variation_shows() {
    let mut wrong = Vec::new();
    for &(name, sign) in SIGNS {
        if !shows(sign, Breakage::none().with_variation(name).unwrap()).await || shows(sign, Breakage::none()).await {
            wrong.push(name);
        }
    }
    assert_eq!(wrong, Vec::<&str>::new(), "variations that do not show, or whose sign the plain server shows");
}

#[test]
fn every_variation_has_its_sign() {
    let signs: BTreeSet<&str> = SIGNS.iter().map(|(name, _)| *name).collect();
    assert_eq!(signs, variations().map(Variation::name).collect());
}

#[tokio::test]
async fn every_variation_keeps_the_rules() {
    for variation in variations() {
        for api in [Api::Calmyx, Api::Hum] {
            if variation.api().is_none_or(|own| own == api) {
                let breakage = Breakage::none().with_variation(variation.name()).unwrap();
                hold(&History::of(api, breakage).await, variation.name());
            }
        }
    }
}

/// All at once that can be had at once.
#[tokio::test]
async fn variations_combine() {
    let exclusive =
        ["created-201", "times-with-numeric-offset", "times-in-seconds", "200-from-the-start", "one-more-look"];
    for api in [Api::Calmyx, Api::Hum] {
        let all = variations().filter(|it| it.api().is_none_or(|own| own == api) && !exclusive.contains(&it.name()));
        let breakage = all.fold(Breakage::none(), |all, it| all.with_variation(it.name()).unwrap());
        hold(&History::of(api, breakage).await, "all");
    }
}

#[tokio::test]
async fn the_good_server_keeps_the_rules() {
    for api in [Api::Calmyx, Api::Hum] {
        hold(&History::of(api, Breakage::none()).await, "none");
    }
}

#[track_caller]
fn hold(history: &History, name: &str) {
    match history {
        History::Calmyx(history) => hold_calmyx(history, name),
        History::Hum(history) => hold_hum(history, name),
    }
}

fn hold_calmyx(history: &CalmyxHistory, name: &str) {
    let counters = ["/progress/processed", "/progress/successful", "/progress/failed"];
    assert!(history.created.is_success() && history.created.number("/total_locations") == 40, "{name}");
    let order = ["QUEUED", "PROCESSING", "COMPLETED"];
    for pair in history.polls.windows(2) {
        let [one, next] = pair else { unreachable!() };
        let state = |seen: &Seen| order.iter().position(|word| *word == seen.text("/status")).unwrap();
        assert!(one.is_success() && state(one) <= state(next), "{name}: {one:?}");
        assert!(counters.iter().all(|counter| one.number(counter) <= next.number(counter)), "{name}");
        let [processed, successful, failed] = counters.map(|counter| one.number(counter));
        assert_eq!((one.number("/progress/total"), processed), (40, successful + failed), "{name}");
        assert_eq!(i64::try_from(one.results().len()).unwrap(), processed, "{name}");
        assert!(one.results().iter().all(|item| next.results().contains(item)), "{name}: results only grow");
        assert_eq!(one.at("/started_at").is_null(), state(one) == 0, "{name}");
        assert_eq!(one.at("/completed_at").is_null(), state(one) != 2, "{name}");
        assert_eq!(one.at("/submitted_at"), next.at("/submitted_at"), "{name}");
        assert!(state(one) != 2 || (processed == 40 && one.body == next.body), "{name}: a final answer stays");
    }
    assert_eq!(history.last().text("/status"), "COMPLETED", "{name}");
    for refused in [&history.no_key, &history.wrong_key] {
        assert!([401, 403].contains(&refused.code), "{name}");
    }
    for refused in [&history.no_id, &history.unknown, &history.foreign, &history.too_many] {
        assert!((400..500).contains(&refused.code), "{name}");
    }
    assert!(history.invalid.iter().all(|refused| (400..500).contains(&refused.code)), "{name}");
    assert_eq!((history.foreign.code, &history.foreign.body), (history.unknown.code, &history.unknown.body), "{name}");
    assert!(history.as_many_as_allowed.is_success(), "{name}");
}

fn hold_hum(history: &HumHistory, name: &str) {
    assert_eq!(history.created.code, 201, "{name}");
    assert!(!history.token.is_empty(), "{name}");
    let answered: Vec<&Seen> = history.polls.iter().filter(|poll| poll.code != 429).collect();
    for pair in answered.windows(2) {
        let [one, next] = pair else { unreachable!() };
        assert!([200, 202].contains(&one.code) && one.code <= next.code.max(one.code), "{name}");
        assert!(one.code == 202 || next.code == 200, "{name}: 202 does not come back");
        for agent in ["geocoding", "internet"] {
            let (one, next) = (HumHistory::agent(one, agent), HumHistory::agent(next, agent));
            assert!(!one.is_empty() && (one == "pending" || one == next), "{name}");
        }
        assert!(one.at("/message").is_string() && ["ok", "warning"].contains(&one.text("/request_status")), "{name}");
    }
    let last = answered.last().unwrap();
    let address = [last.at("/data/service_address"), last.at("/meta/service_address")];
    assert!(address.iter().any(|address| !address.is_null()), "{name}");
    let services = [last.at("/data/internet"), history.services.at("/data/internet")];
    assert!(services.iter().any(|services| services.as_array().is_some_and(|all| !all.is_empty())), "{name}");
    for refused in [&history.no_token, &history.wrong_token] {
        assert!([401, 403].contains(&refused.code), "{name}");
    }
    assert!((400..500).contains(&history.unknown.code), "{name}");
    assert_eq!((history.foreign.code, &history.foreign.body), (history.unknown.code, &history.unknown.body), "{name}");
    assert!(history.invalid.iter().all(|refused| refused.code == 422), "{name}");
    assert!(history.renewed.iter().all(Seen::is_success), "{name}");
    assert!(history.expired.iter().chain(&history.after_closing).all(|gone| gone.code == 410), "{name}");
    assert!(history.closing.is_success(), "{name}");
}
