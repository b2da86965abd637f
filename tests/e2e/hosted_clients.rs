//! Both clients against every scenario of the judge, with all durations divided; each scenario starts this program again to
//! run [`as_client`] alone. At full speed the examples `calmyx-wait` and `hum-wait` do the same.

use std::ffi::OsString;
use std::num::NonZeroU32;

use abide_conformance::Host;
use abide_conformance::catalogue::Api;
use abide_conformance::report::{Verdict, Whole, text};
use calmyx_client::{BaseUrl, Credential, End, Options};

/// Says which client [`as_client`] is to be.
const ROLE: &str = "ABIDE_TEST_CLIENT";
/// By how much durations are divided, on both sides.
const SPEED: NonZeroU32 = NonZeroU32::new(10).unwrap();

async fn check(api: Api) {
    let mut command: Vec<OsString> = vec!["env".into(), format!("{ROLE}={api}").into()];
    command.push(std::env::current_exe().unwrap().into());
    command.extend(["--exact", "hosted_clients::as_client", "--nocapture"].map(OsString::from));
    let report = Host::new(api, command).speed(SPEED.get()).run().await.unwrap().report;
    assert_eq!(report.verdict, Whole::Conformant, "{}", text(&report));
    assert_eq!(report.with(Verdict::Warned).count(), 0, "{}", text(&report));
}

#[cfg(unix)]
#[tokio::test]
async fn calmyx() {
    check(Api::Calmyx).await;
}

#[cfg(unix)]
#[tokio::test]
async fn hum() {
    check(Api::Hum).await;
}

/// The client, where this program was started as one.
#[tokio::test]
async fn as_client() {
    let end = match std::env::var(ROLE).as_deref() {
        Ok("calmyx") => wait_for_calmyx().await,
        Ok("hum") => wait_for_hum().await,
        Ok(_) | Err(_) => return,
    };
    let word = match end {
        Some(End::Completed { .. }) => "completed",
        Some(End::CompletedWithFailures { .. }) => "partial",
        Some(End::Failed) => "failed",
        Some(End::Gone | End::Closed) => "gone",
        Some(End::GaveUp(_)) => "gave-up",
        Some(End::Refused(_)) | None => "error",
    };
    println!("\noutcome: {word}");
    // The harness around this test would have the last word otherwise.
    std::process::exit(0);
}

async fn wait_for_calmyx() -> Option<End> {
    let client = calmyx_client::Client::new(base(), credential()).unwrap();
    let input: calmyx_client::types::NewSession = input();
    let session = client.create_session(&input.locations).await.ok()?;
    let lifecycle = calmyx_client::lifecycle::LIFECYCLE.sped_up(SPEED);
    let options = Options::new(calmyx_client::DEFAULT_MAX_WAIT, 7);
    Some(client.watch_with(session.session_id, &lifecycle, options).unwrap().outcome().await.end)
}

async fn wait_for_hum() -> Option<End> {
    let client = hum_client::Client::new(base(), credential()).unwrap();
    let session = client.create_session(&input()).await.ok()?;
    let lifecycle = hum_client::lifecycle::LIFECYCLE.sped_up(SPEED);
    let options = Options::new(lifecycle.cap.unwrap(), 7);
    Some(client.watch_with(session.token, &lifecycle, options).unwrap().outcome().await.end)
}

fn base() -> BaseUrl {
    BaseUrl::parse(&std::env::var("ABIDE_BASE_URL").unwrap()).unwrap()
}

fn credential() -> Credential {
    Credential::new(std::env::var("ABIDE_CREDENTIAL").unwrap()).unwrap()
}

fn input<T: serde::de::DeserializeOwned>() -> T {
    let file = std::env::var("ABIDE_INPUT").unwrap();
    serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}
