//! The clients against a server that is broken on purpose: every fault on three calls of ten, and every legal variation.

use std::num::NonZeroU32;
use std::time::Duration;

use abide_core::{End, Failure, Interval, Options};
use abide_server::{Api, Breakage, Config, Credentials, Scenario, Server, faults, variations};
use calmyx_client::types::Location;
use calmyx_client::{BaseUrl, Credential, Limits};
use futures_util::StreamExt;
use hum_client::types::NewSession;

const SPEED: NonZeroU32 = NonZeroU32::new(100).unwrap();
const LOCATIONS: u32 = 20;
/// No wait takes longer, whatever happens to it.
const BOUND: Duration = Duration::from_secs(40);
/// Servers at a time: they mostly wait.
const SIDE_BY_SIDE: usize = 12;

/// A server of that breakage in which every session succeeds, a location at a time.
async fn start(breakage: Breakage) -> (Server, BaseUrl, Credentials) {
    let text = "says = \"A location every two seconds.\"
        [calmyx]\nqueued = 2.0\npace = 2.0\nfail = []
        [hum]\ngeocoding = { after = 4.0, outcome = \"matched\" }\ninternet = { after = 20.0, outcome = \"matched\" }";
    let breakage = breakage.with_scenario(Scenario::from_toml("steady", text).unwrap());
    let credentials = Credentials::generate().unwrap();
    let config = Config { speed: SPEED, breakage, ..Config::local(credentials.clone()) };
    let server = Server::start(config).await.unwrap();
    let base = BaseUrl::parse(&format!("http://{}", server.address())).unwrap();
    (server, base, credentials)
}

fn options() -> Options {
    let error_backoff = Interval { min: Duration::from_millis(20), max: Duration::from_millis(100) };
    Options { error_backoff, max_errors_before_first_reply: 8, ..Options::new(BOUND, 7) }
}

fn limits() -> Limits {
    Limits { request: Duration::from_secs(1), ..Limits::default() }
}

/// How a watch ended, and how many results it gave.
async fn calmyx(breakage: Breakage) -> (End, usize) {
    let (_server, base, credentials) = start(breakage).await;
    let credential = Credential::new(credentials.calmyx[0].as_str()).unwrap();
    let patient = calmyx_client::Client::new(base.clone(), credential.clone()).unwrap();
    let client = calmyx_client::Client::with_limits(base, credential, limits()).unwrap();
    let locations: Vec<Location> =
        (0..LOCATIONS).map(|number| Location { lat: f64::from(number), lng: f64::from(number) + 0.5 }).collect();
    let created = patient.create_session(&locations).await.unwrap();
    let lifecycle = calmyx_client::lifecycle::LIFECYCLE.sped_up(SPEED);
    let mut watch = client.watch_with(created.session_id, &lifecycle, options()).unwrap();
    let mut given = 0;
    while let Some(event) = watch.next().await {
        if let abide_watch::Event::Items(items) = event {
            given += items.len();
        }
    }
    (watch.outcome().await.end, given)
}

async fn hum(breakage: Breakage) -> (End, usize) {
    let (_server, base, credentials) = start(breakage).await;
    let credential = Credential::new(credentials.hum[0].as_str()).unwrap();
    let patient = hum_client::Client::new(base.clone(), credential.clone()).unwrap();
    let client = hum_client::Client::with_limits(base, credential, limits()).unwrap();
    let mut sessions = Vec::new();
    for street in ["29090 Tiffany Drive E", "1 Main Street"] {
        let address = NewSession { zip: Some("48034".parse().unwrap()), ..hum_client::address(street) };
        sessions.push(patient.create_session(&address).await.unwrap());
        let _ = client.session(&sessions[sessions.len() - 1].token).await;
    }
    let lifecycle = hum_client::Lifecycle { cap: None, ..hum_client::lifecycle::LIFECYCLE.sped_up(SPEED) };
    let mut watch = client.watch_with(sessions[0].token.clone(), &lifecycle, options()).unwrap();
    while watch.next().await.is_some() {}
    (watch.outcome().await.end, 0)
}

async fn watched(api: Api, breakage: Breakage) -> (End, usize) {
    match api {
        Api::Calmyx => calmyx(breakage).await,
        Api::Hum => hum(breakage).await,
    }
}

/// How a watch must end, and which numbers of results it may have given.
struct Expected {
    end: fn(End) -> bool,
    given: fn(usize) -> bool,
}

fn completed(end: End) -> bool {
    matches!(end, End::Completed { .. })
}

fn all_once(given: usize) -> bool {
    given == LOCATIONS as usize
}

fn expected(fault: &str) -> Expected {
    match fault {
        // An answer that sends the caller elsewhere is not followed, and not waited out.
        "redirect" => {
            Expected { end: |end| completed(end) || end == End::Refused(Failure::Rejected), given: |given| given <= 20 }
        }
        // Equal items are items of their own: a location may be submitted twice.
        "duplicated-results" => Expected { end: completed, given: |given| (20..=40).contains(&given) },
        // What the last answer does not hold is not there.
        "lost-results" | "half-the-json" => Expected { end: completed, given: |given| given <= 20 },
        _ => Expected { end: completed, given: all_once },
    }
}

/// Runs `cases` side by side; those that did not end as expected.
async fn wrong(cases: Vec<(String, Api, Breakage, Expected)>) -> Vec<String> {
    let run = |(name, api, breakage, expected): (String, Api, Breakage, Expected)| async move {
        let (end, given) = watched(api, breakage).await;
        let right = (expected.end)(end) && (api == Api::Hum || (expected.given)(given));
        (!right).then(|| format!("{name} of {api}: {end:?} with {given} results"))
    };
    futures_util::stream::iter(cases)
        .map(run)
        .buffer_unordered(SIDE_BY_SIDE)
        .filter_map(std::future::ready)
        .collect()
        .await
}

fn status_path(api: Api) -> &'static str {
    match api {
        Api::Calmyx => "/v2/session/status",
        Api::Hum => "/sessions/",
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_is_survived() {
    let case = |fault: &str, api: Api| {
        let rule = format!("{fault}:0.3@{}", status_path(api));
        let breakage = Breakage::none().with_fault(&rule).unwrap().with_fault_seed(11);
        (fault.to_owned(), api, breakage, expected(fault))
    };
    let cases = faults().flat_map(|fault| [Api::Calmyx, Api::Hum].map(|api| case(fault.name(), api))).collect();
    assert_eq!(wrong(cases).await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_legal_variation_is_taken() {
    let case = |name: &str, api: Api| {
        let breakage = Breakage::none().with_variation(name).unwrap();
        (name.to_owned(), api, breakage, Expected { end: completed, given: all_once })
    };
    let cases = variations()
        .flat_map(|it| [Api::Calmyx, Api::Hum].map(|api| (it, api)))
        .filter(|(it, api)| it.api().is_none_or(|own| own == *api))
        .map(|(it, api)| case(it.name(), api))
        .collect();
    assert_eq!(wrong(cases).await, Vec::<String>::new());
}

/// What never passes ends the wait, as an error and not as a success.
#[tokio::test(flavor = "multi_thread")]
async fn a_fault_without_end_is_no_success() {
    let without_end =
        Expected { end: |end| matches!(end, End::GaveUp(_) | End::Refused(_)), given: |given| given == 0 };
    let names = ["error-500", "html-200", "garbage", "redirect", "reset-in-body", "cut-json", "empty-200"];
    let case = |fault: &str, api: Api| {
        let breakage = Breakage::none().with_fault(&format!("{fault}@{}", status_path(api))).unwrap();
        (fault.to_owned(), api, breakage, Expected { ..without_end })
    };
    let cases = names.iter().flat_map(|name| [Api::Calmyx, Api::Hum].map(|api| case(name, api))).collect();
    assert_eq!(wrong(cases).await, Vec::<String>::new());
}
