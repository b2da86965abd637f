//! Every planted bug shows: in a fixed course of calls, what it says holds with it and does not hold without.

use std::collections::BTreeSet;

use abide_server::{Api, Breakage, bugs};
use serde_json::Value;

use crate::{
    history::{CalmyxHistory, History, HumHistory, Seen, broken, taken},
    service::CALMYX,
};

/// How a bug shows.
#[derive(Clone, Copy)]
enum Sign {
    Calmyx(fn(&CalmyxHistory) -> bool),
    Hum(fn(&HumHistory) -> bool),
}
use Sign::{Calmyx, Hum};

const SIGNS: &[(&str, Sign)] = &[
    ("cal-create-reply-total-off-by-one", Calmyx(|it| it.created.number("/total_locations") == 41)),
    ("cal-create-reply-without-time", Calmyx(|it| it.created.at("/submitted_at").is_null())),
    ("cal-create-reply-refuses-the-last", Calmyx(|it| it.as_many_as_allowed.code == 400)),
    ("cal-create-limit-drops-the-rest", Calmyx(|it| taken(&it.too_many))),
    ("cal-create-invalid-takes-missing", Calmyx(|it| taken(&it.invalid[0]))),
    ("cal-create-invalid-takes-text", Calmyx(|it| taken(&it.invalid[1]))),
    ("cal-create-invalid-takes-beyond-the-pole", Calmyx(|it| taken(&it.invalid[2]))),
    ("cal-create-invalid-is-500", Calmyx(|it| it.invalid[0].code == 500)),
    ("cal-auth-needs-no-key", Calmyx(|it| taken(&it.no_key))),
    ("cal-auth-takes-any-key", Calmyx(|it| taken(&it.wrong_key))),
    ("cal-auth-tells-anyway", Calmyx(|it| it.no_key.code == 401 && it.no_key.at("/results").is_array())),
    ("cal-id-required-answers-anyway", Calmyx(|it| taken(&it.no_id))),
    ("cal-id-unknown-is-empty", Calmyx(|it| taken(&it.unknown))),
    ("cal-id-unknown-is-500", Calmyx(|it| it.unknown.code == 500)),
    ("cal-id-foreign-is-visible", Calmyx(|it| it.foreign.number("/progress/total") == 40)),
    ("cal-id-foreign-is-forbidden", Calmyx(|it| (it.foreign.code, it.unknown.code) == (403, 404))),
    ("cal-schema-null-for-no-results", Calmyx(|it| it.polls[0].body.get("results") == Some(&Value::Null))),
    ("cal-schema-counter-as-text", Calmyx(|it| it.last().at("/progress/failed").is_string())),
    ("cal-schema-leaves-out-null", Calmyx(|it| it.polls[0].body.get("started_at").is_none())),
    ("cal-status-value-pending", Calmyx(|it| !it.with_status("PENDING").is_empty())),
    ("cal-status-value-lower-case", Calmyx(|it| !it.with_status("processing").is_empty())),
    (
        "cal-state-order-fails-after-the-end",
        Calmyx(|it| it.with_status("COMPLETED").len() == 1 && it.last().text("/status") == "FAILED"),
    ),
    (
        "cal-state-order-back-in-the-queue",
        Calmyx(|it| it.changes(|one, next| one.text("/status") == "PROCESSING" && next.text("/status") == "QUEUED")),
    ),
    ("cal-queued-empty-counts-ahead", Calmyx(|it| it.polls[0].number("/progress/processed") == 1)),
    ("cal-completed-all-at-half", Calmyx(|it| it.last().text("/status") == "COMPLETED" && processed(it.last()) < 40)),
    (
        "cal-read-safe-score-wanders",
        Calmyx(|it| it.with_status("COMPLETED").windows(2).all(|pair| pair[0].body != pair[1].body)),
    ),
    (
        "cal-read-safe-last-result-comes-late",
        Calmyx(|it| {
            let lengths: Vec<usize> = it.with_status("COMPLETED").iter().map(|poll| poll.results().len()).collect();
            lengths.starts_with(&[39, 39, 40])
        }),
    ),
    (
        "cal-liveness-never-finishes",
        Calmyx(|it| it.last().text("/status") == "PROCESSING" && processed(it.last()) == 39),
    ),
    (
        "cal-count-sum-off-by-one",
        Calmyx(|it| {
            let off = |poll: &&Seen| {
                processed(poll) + 1 == poll.number("/progress/successful") + poll.number("/progress/failed")
            };
            it.polls.iter().any(|poll| off(&poll))
        }),
    ),
    ("cal-count-bound-past-the-total", Calmyx(|it| processed(it.last()) == 41)),
    ("cal-count-bound-below-zero", Calmyx(|it| it.polls[0].number("/progress/failed") == -1)),
    ("cal-count-monotone-dips", Calmyx(|it| it.changes(|one, next| processed(next) == processed(one) - 1))),
    ("cal-total-fixed-grows", Calmyx(|it| it.polls[0].number("/progress/total") == 0)),
    (
        "cal-results-grow-only-the-newest",
        Calmyx(|it| it.with_status("PROCESSING").last().is_some_and(|poll| poll.results().len() < 10)),
    ),
    ("cal-results-grow-rewrites", Calmyx(|it| first_scores(it).len() == 2)),
    (
        "cal-results-partial-only-at-the-end",
        Calmyx(|it| it.with_status("PROCESSING").iter().all(|poll| poll.results().is_empty())),
    ),
    ("cal-results-count-two-at-most", Calmyx(|it| it.last().results().len() == 2)),
    ("cal-results-all-but-the-last", Calmyx(|it| it.last().results().len() == 39)),
    (
        "cal-results-location-moves",
        Calmyx(|it| (it.last().results()[0]["lat"].as_f64().unwrap() * 100.0).fract() > 1e-4),
    ),
    ("cal-results-location-swaps", Calmyx(|it| it.last().results()[0]["lat"] == -120.5)),
    ("cal-item-success-without-listing", Calmyx(|it| it.items("success")[0].get("listing_id").is_none())),
    ("cal-item-success-without-time", Calmyx(|it| it.items("success")[0].get("analyzed_at").is_none())),
    ("cal-item-failed-with-score", Calmyx(|it| it.items("failed")[0]["quiet_score"] == 0)),
    ("cal-item-failed-without-error", Calmyx(|it| it.items("failed")[0].get("error").is_none())),
    ("cal-score-range-101", Calmyx(|it| it.items("success")[0]["quiet_score"] == 101)),
    ("cal-score-range-fraction", Calmyx(|it| it.items("success")[0]["quiet_score"].is_f64())),
    ("cal-error-text-own-words", Calmyx(|it| it.items("failed")[0]["error"] == "Upstream timeout")),
    (
        "cal-listing-unique-shared",
        Calmyx(|it| it.items("success")[0]["listing_id"] == it.items("success")[1]["listing_id"]),
    ),
    (
        "cal-listing-usable-of-nobody",
        Calmyx(|it| it.items("success")[0]["listing_id"].as_str().is_some_and(|id| id.find('-') == Some(12))),
    ),
    ("cal-started-null-set-in-the-queue", Calmyx(|it| it.polls[0].at("/started_at").is_string())),
    (
        "cal-started-null-while-at-work",
        Calmyx(|it| it.with_status("PROCESSING").iter().all(|poll| poll.at("/started_at").is_null())),
    ),
    ("cal-completed-null-for-ever", Calmyx(|it| it.last().at("/completed_at").is_null())),
    ("cal-completed-null-far-ahead", Calmyx(|it| it.polls[0].text("/completed_at").starts_with("9999"))),
    ("cal-time-format-numbers", Calmyx(|it| it.last().results()[0]["analyzed_at"].is_number())),
    ("cal-time-format-day-first", Calmyx(|it| it.last().text("/submitted_at").starts_with("15.01.2026 "))),
    (
        "cal-time-order-analyzed-before-all",
        Calmyx(|it| it.last().results()[0]["analyzed_at"].as_str() < it.last().at("/submitted_at").as_str()),
    ),
    ("cal-time-order-completed-at-once", Calmyx(|it| it.last().at("/completed_at") == it.last().at("/submitted_at"))),
    (
        "cal-time-stable-submitted-wanders",
        Calmyx(|it| it.changes(|one, next| one.at("/submitted_at") != next.at("/submitted_at"))),
    ),
    (
        "cal-time-stable-started-wanders",
        Calmyx(|it| {
            it.changes(|one, next| !one.at("/started_at").is_null() && one.at("/started_at") != next.at("/started_at"))
        }),
    ),
    ("hum-create-reply-200", Hum(|it| it.created.code == 200)),
    ("hum-create-reply-without-token", Hum(|it| it.token.is_empty())),
    ("hum-create-invalid-takes-no-street", Hum(|it| taken(&it.invalid[0]))),
    ("hum-create-invalid-takes-no-place", Hum(|it| taken(&it.invalid[1]))),
    ("hum-create-invalid-takes-any-zip", Hum(|it| taken(&it.invalid[2]))),
    ("hum-create-invalid-cuts-long-texts", Hum(|it| taken(&it.invalid[3]))),
    ("hum-create-invalid-takes-any-state", Hum(|it| taken(&it.invalid[4]))),
    ("hum-create-invalid-is-400", Hum(|it| it.invalid[0].code == 400)),
    ("hum-auth-needs-no-token", Hum(|it| taken(&it.no_token))),
    ("hum-auth-takes-any-token", Hum(|it| taken(&it.wrong_token))),
    ("hum-auth-tells-anyway", Hum(|it| it.no_token.code == 401 && it.no_token.at("/meta/agent_status").is_object())),
    ("hum-token-unknown-is-empty", Hum(|it| taken(&it.unknown))),
    ("hum-token-unknown-is-500", Hum(|it| it.unknown.code == 500)),
    ("hum-token-unknown-is-502", Hum(|it| it.unknown.code == 502)),
    ("hum-token-foreign-is-visible", Hum(|it| it.foreign.text("/meta/session_token") == it.token)),
    ("hum-token-foreign-is-forbidden", Hum(|it| (it.foreign.code, it.unknown.code) == (403, 404))),
    ("hum-rate-limit-without-retry-after", Hum(|it| it.polls.iter().any(|poll| poll.code == 429 && !poll.retry_after))),
    (
        "hum-rate-limit-asks-for-too-little",
        Hum(|it| it.polls.windows(2).any(|pair| pair.iter().all(|poll| poll.code == 429 && poll.retry_after))),
    ),
    ("hum-envelope-without-message", Hum(|it| it.last().at("/message").is_null())),
    ("hum-envelope-own-word", Hum(|it| it.last().text("/request_status") == "success")),
    ("hum-request-status-error-on-success", Hum(|it| it.polls[0].text("/request_status") == "error")),
    ("hum-request-status-ok-on-refusal", Hum(|it| it.unknown.text("/request_status") == "ok")),
    ("hum-code-206-while-at-work", Hum(|it| it.polls[0].code == 206)),
    ("hum-code-404-while-at-work", Hum(|it| (it.polls[0].code, it.polls[1].code) == (202, 404))),
    ("hum-code-order-202-again", Hum(|it| it.polls.windows(2).any(|pair| (pair[0].code, pair[1].code) == (200, 202)))),
    ("hum-code-agents-202-for-ever", Hum(|it| it.last().code == 202)),
    ("hum-token-echo-of-another", Hum(|it| it.last().text("/meta/session_token") != it.token)),
    ("hum-times-created-last", Hum(|it| it.last().text("/meta/created_at") > it.last().text("/meta/responded_at"))),
    ("hum-times-without-zone", Hum(|it| !it.last().text("/meta/created_at").ends_with('Z'))),
    ("hum-address-missing", Hum(|it| it.last().at("/data/service_address").is_null())),
    ("hum-address-wanders", Hum(|it| addresses(it).len() > 2)),
    (
        "hum-services-missing",
        Hum(|it| {
            it.last().at("/data/internet").is_null()
                && it.services.at("/data/internet").as_array().is_some_and(Vec::is_empty)
        }),
    ),
    ("hum-agents-missing", Hum(|it| it.last().at("/meta/agent_status").is_null())),
    ("hum-agents-as-flags", Hum(|it| it.last().at("/meta/agent_status/geocoding") == true)),
    (
        "hum-agent-final-pending-again",
        Hum(|it| {
            let agent = |seen: &Seen| HumHistory::agent(seen, "geocoding");
            it.polls.windows(2).any(|pair| agent(&pair[0]) == "matched" && agent(&pair[1]) == "pending")
        }),
    ),
    ("hum-agent-final-changes-its-mind", Hum(|it| HumHistory::agent(it.last(), "internet") == "failed")),
    (
        "hum-liveness-internet-never-settles",
        Hum(|it| HumHistory::agent(it.last(), "internet") == "pending" && it.services.code == 202),
    ),
    ("hum-expiry-never", Hum(|it| it.expired.iter().all(Seen::is_success) && it.after_closing[0].code == 410)),
    ("hum-expiry-is-404", Hum(|it| it.expired[0].code == 404)),
    ("hum-expiry-early-at-half", Hum(|it| it.renewed[0].code == 410)),
    ("hum-expiry-slides-not", Hum(|it| (it.renewed[0].code, it.renewed[1].code) == (200, 410))),
    ("hum-closed-lives-on", Hum(|it| it.after_closing.iter().all(Seen::is_success) && it.expired[0].code == 410)),
    ("hum-closed-is-404", Hum(|it| it.after_closing[0].code == 404)),
    ("hum-closed-fails", Hum(|it| (it.closing.code, it.after_closing[0].code) == (500, 410))),
    ("hum-gone-final-comes-back", Hum(|it| (it.expired[0].code, it.expired[1].code) == (410, 200))),
];

fn processed(seen: &Seen) -> i64 {
    seen.number("/progress/processed")
}

/// All values that the first score had.
fn first_scores(it: &CalmyxHistory) -> BTreeSet<i64> {
    let first = |poll: &Seen| poll.results().iter().find_map(|item| item["quiet_score"].as_i64());
    it.polls.iter().filter_map(first).collect()
}

fn addresses(it: &HumHistory) -> BTreeSet<&str> {
    it.polls.iter().map(|poll| poll.text("/data/service_address")).filter(|address| !address.is_empty()).collect()
}

fn shows(sign: Sign, history: &History) -> bool {
    match (sign, history) {
        (Calmyx(sign), History::Calmyx(history)) => sign(history),
        (Hum(sign), History::Hum(history)) => sign(history),
        (Calmyx(_), History::Hum(_)) | (Hum(_), History::Calmyx(_)) => panic!("a sign of the other API"),
    }
}

async fn check(api: Api) {
    let good = History::of(api, Breakage::none()).await;
    let (mut silent, mut false_alarms) = (Vec::new(), Vec::new());
    for &(name, sign) in SIGNS {
        let breakage = Breakage::none().with_bug(name).unwrap();
        if breakage.bugs().next().unwrap().api() != api {
            continue;
        }
        if shows(sign, &good) {
            false_alarms.push(name);
        }
        if !shows(sign, &History::of(api, breakage).await) {
            silent.push(name);
        }
    }
    assert_eq!((silent, false_alarms), (vec![], vec![]), "bugs that do not show, and signs on the good server");
}

#[tokio::test]
async fn every_bug_of_calmyx_shows_and_the_good_server_shows_none() {
    check(Api::Calmyx).await;
}

#[tokio::test]
async fn every_bug_of_hum_shows_and_the_good_server_shows_none() {
    check(Api::Hum).await;
}

/// The layer reads bodies whole; what is too large for the server stays too large.
#[tokio::test]
async fn limits_hold_behind_a_layer() {
    let service = broken(Breakage::none().with_variation("pretty-json").unwrap());
    let reply = service.post("/v2/session/new", CALMYX, vec![b' '; 2 * 1024 * 1024]).await;
    assert_eq!(reply.status, 413);
    let reply = service.post("/v2/session/new", CALMYX, vec![0xFF; 100]).await;
    assert_eq!(reply.status, 400);
}

/// Two bugs at once: each has its own memory, and neither hides the other.
#[tokio::test]
async fn bugs_combine() {
    let breakage = Breakage::none().with_bug("hum-expiry-slides-not").unwrap();
    let breakage = breakage.with_bug("hum-code-206-while-at-work").unwrap();
    let History::Hum(history) = History::of(Api::Hum, breakage).await else { panic!("of Hum") };
    assert_eq!((history.polls[0].code, history.renewed[1].code), (206, 410));
}

/// What the catalogue of requirements says about bugs, and what there is.
#[test]
fn the_catalogue_has_every_bug_and_every_server_rule_has_one() {
    #[derive(serde::Deserialize)]
    struct Catalogue {
        requirement: Vec<Row>,
    }
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "kebab-case")]
    struct Row {
        id: String,
        binds: String,
        #[serde(default)]
        planted_bugs: Vec<String>,
    }
    let catalogues = [
        include_str!("../../../../spec/calmyx/requirements.toml"),
        include_str!("../../../../spec/hum/requirements.toml"),
    ];
    let rows = catalogues.map(|text| toml::from_str::<Catalogue>(text).unwrap().requirement).into_iter().flatten();
    let mut listed = BTreeSet::new();
    for row in rows {
        assert!(row.binds != "server" || !row.planted_bugs.is_empty(), "{} has no bug", row.id);
        listed.extend(row.planted_bugs.into_iter().map(|name| (row.id.clone(), name)));
    }
    let planted: BTreeSet<_> = bugs().map(|bug| (bug.requirement().to_owned(), bug.name().to_owned())).collect();
    assert_eq!(listed, planted);
    let ids: BTreeSet<&String> = listed.iter().map(|(id, _)| id).collect();
    for bug in bugs() {
        assert!(bug.also_breaks().iter().all(|(id, _)| ids.contains(&(*id).to_owned())), "{}", bug.name());
    }
}

#[test]
fn every_bug_has_its_sign() {
    let signs: BTreeSet<&str> = SIGNS.iter().map(|(name, _)| *name).collect();
    let planted: BTreeSet<&str> = bugs().map(abide_server::Bug::name).collect();
    assert_eq!(signs, planted);
}
