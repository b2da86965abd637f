//! Clients as processes: good ones, and everything else that a command can turn out to be.
//!
//! A client that speaks HTTP is this very program, started again to run [`as_client`] alone.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use abide_conformance::catalogue::Api;
use abide_conformance::report::{Verdict, Whole, text};
use abide_conformance::{Host, Run, judge};

/// Says which client [`as_client`] is to be.
const ROLE: &str = "ABIDE_TEST_CLIENT";
/// By how much durations are divided: a host listens a little over a second.
const SPEED: u32 = 60;

async fn host(scenario: &str, command: Vec<OsString>) -> Run {
    let run = Host::new(Api::Hum, command).only([scenario]).unwrap().speed(SPEED).run().await.unwrap();
    assert_eq!(judge(&run.trace), run.report, "the trace alone gives the same verdicts");
    run
}

fn shell(script: &str) -> Vec<OsString> {
    ["sh", "-c", script].map(OsString::from).into()
}

fn role(role: &str) -> Vec<OsString> {
    let mut command: Vec<OsString> = vec!["env".into(), format!("{ROLE}={role}").into()];
    command.push(std::env::current_exe().unwrap().into());
    command.extend(["--exact", "hosting::as_client", "--nocapture"].map(OsString::from));
    command
}

#[track_caller]
fn is_not_judged(run: &Run, expected: &str) {
    let problem = run.report.problem.clone().unwrap_or_default();
    assert!(run.report.verdict == Whole::NotJudged && problem.contains(expected), "{}", text(&run.report));
}

#[tokio::test]
async fn commands_that_are_no_client() {
    is_not_judged(&host("normal", vec!["/no/such/program".into()]).await, "cannot be started");
    is_not_judged(&host("normal", vec!["/".into()]).await, "cannot be started");
    is_not_judged(&host("normal", Vec::new()).await, "cannot be started");
    is_not_judged(&host("normal", shell("exit 3")).await, "never called; it said no outcome, and exit code 3");
    is_not_judged(&host("normal", shell("kill -9 $$")).await, "exit code 137");
    is_not_judged(&host("normal", shell("echo outcome: completed")).await, "never called; it said `completed`");
}

#[tokio::test]
async fn clients_that_never_end() {
    is_not_judged(&host("normal", shell("sleep 100")).await, "had to be stopped");
    is_not_judged(&host("normal", shell("yes")).await, "had to be stopped");
    is_not_judged(&host("normal", shell("trap '' TERM INT HUP; sleep 100; sleep 100")).await, "had to be stopped");
}

#[tokio::test]
async fn what_a_client_leaves_behind_ends_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("beats");
    let beats = format!("(while sleep 0.02; do echo beat >> '{}'; done)", file.display());
    for script in [format!("{beats} & sleep 0.3; echo outcome: completed"), format!("{beats} & wait")] {
        host("normal", shell(&script)).await;
        let before = std::fs::read(&file).unwrap().len();
        assert!(before > 0, "it was alive");
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert_eq!(std::fs::read(&file).unwrap().len(), before, "{script}");
    }
}

#[tokio::test]
async fn a_run_that_is_dropped_ends_its_clients() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("beats");
    let script = format!("while sleep 0.02; do echo beat >> '{}'; done", file.display());
    let run = Host::new(Api::Hum, shell(&script)).only(["normal"]).unwrap().run();
    assert!(tokio::time::timeout(Duration::from_millis(300), run).await.is_err());
    let before = std::fs::read(&file).unwrap().len();
    assert!(before > 0, "it was alive");
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(std::fs::read(&file).unwrap().len(), before);
}

#[tokio::test]
async fn a_good_client_over_http() {
    for (scenario, outcome) in [
        ("at-once", "completed"),
        ("normal", "completed"),
        ("truncated-once", "completed, 1 reply broke off"),
        ("reset-once", "completed, 1 reply never came"),
    ] {
        let run = host(scenario, role("good")).await;
        let trace = String::from_utf8(written(&run)).unwrap();
        assert!(trace.contains(&format!("\"outcome\":\"{outcome}\"")), "{scenario}: {trace}");
        let auth = run.report.requirement("HUM-CLIENT-AUTH").unwrap();
        assert_eq!(auth.verdict, Verdict::Passed, "{auth:#?}");
        assert!(!trace.contains("abide-conform-client-credential"), "the credential is in the trace");
    }
}

#[tokio::test]
async fn a_flood_is_stopped() {
    let run = host("unknown-session", role("flood")).await;
    is_not_judged(&run, "it sent more than 300 requests");
    assert_eq!(run.trace.exchanges.len(), 300);
}

#[tokio::test]
async fn a_crash_is_found() {
    let run = host("normal", role("crash")).await;
    assert_eq!(run.report.verdict, Whole::NotConformant, "{}", text(&run.report));
    let first = run.report.requirement("HUM-CLIENT-FIRST").unwrap();
    assert_eq!(first.findings[0].found, "none at all");
}

#[tokio::test]
async fn a_token_that_is_not_encoded_is_found() {
    let run = host("unusual-token", role("raw")).await;
    let auth = run.report.requirement("HUM-CLIENT-AUTH").unwrap();
    assert_eq!(auth.verdict, Verdict::Failed, "{auth:#?}");
    assert_eq!(auth.findings[0].found, "a request that is no HTTP");
}

/// The facts of a trace as lines.
fn written(run: &Run) -> Vec<u8> {
    let mut lines = Vec::new();
    for exchange in &run.trace.exchanges {
        lines.extend(serde_json::to_vec(exchange).unwrap());
    }
    for fact in &run.trace.facts {
        lines.extend(serde_json::to_vec(fact).unwrap());
    }
    lines
}

/// The client, where this program was started as one.
#[test]
fn as_client() {
    let Ok(role) = std::env::var(ROLE) else { return };
    let variable = |name| std::env::var(name).unwrap();
    let address = variable("ABIDE_BASE_URL").replace("http://", "");
    let client = Plain { address, credential: variable("ABIDE_CREDENTIAL") };
    let input = std::fs::read_to_string(variable("ABIDE_INPUT")).unwrap();
    let created = client.ask("POST", "/sessions", &input).unwrap();
    if role == "crash" {
        std::process::abort();
    }
    let token = created.split("\"session_token\":\"").nth(1).unwrap().split('"').next().unwrap();
    let path = format!("/sessions/{token}");
    if role == "flood" {
        while client.ask("GET", &path, "").is_some() {}
        return;
    }
    let mut odd = String::new();
    let word = loop {
        match client.ask("GET", &path, "") {
            Some(reply) if reply.contains("\"internet\":\"matched\"") => break "completed",
            Some(_) | None if role == "raw" => break "error",
            Some(reply) if reply.ends_with('}') => {}
            Some(_) => odd.push_str(", 1 reply broke off"),
            None => odd.push_str(", 1 reply never came"),
        }
        std::thread::sleep(Duration::from_millis(40));
    };
    println!("\noutcome: {word}{odd}");
    std::process::exit(0);
}

/// HTTP by hand, a connection for each call.
struct Plain {
    address: String,
    credential: String,
}

impl Plain {
    /// The reply with its head, and as much of its body as came; nothing where there is none.
    fn ask(&self, method: &str, path: &str, body: &str) -> Option<String> {
        let mut stream = TcpStream::connect(&self.address).ok()?;
        let mut message = format!("{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", self.address);
        let credential = &self.credential;
        let _ = write!(message, "Authorization: Bearer {credential}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        stream.write_all(message.as_bytes()).ok()?;
        let mut reply = Vec::new();
        let _ = stream.read_to_end(&mut reply);
        String::from_utf8(reply).ok().filter(|reply| reply.contains("\r\n\r\n"))
    }
}
