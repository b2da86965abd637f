//! Clients as processes: good ones, and everything else that a command can turn out to be.
//!
//! A client that speaks HTTP is this very program, started again to run [`as_client`] alone.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use abide_conformance::catalogue::Api;
use abide_conformance::report::{Verdict, Whole, html, json, junit, text};
use abide_conformance::{Host, Run, judge};

/// Says which client [`as_client`] is to be.
const ROLE: &str = "ABIDE_TEST_CLIENT";
/// By how much durations are divided: a host listens a little over a second.
const SPEED: u32 = 60;

/// The same for what ends by itself, also on a busy machine: a host listens almost seven seconds.
const PATIENT: u32 = 10;

async fn host(scenario: &str, command: Vec<OsString>) -> Run {
    host_at(SPEED, scenario, command).await
}

async fn host_at(speed: u32, scenario: &str, command: Vec<OsString>) -> Run {
    let run = Host::new(Api::Hum, command).only([scenario]).unwrap().speed(speed).run().await.unwrap();
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

/// What a command turned out to be: the verdict about it, and the words that say so.
struct Told {
    verdict: Whole,
    exit_code: u8,
    words: &'static str,
}

const fn not_judged(words: &'static str) -> Told {
    Told { verdict: Whole::NotJudged, exit_code: 2, words }
}

const fn wrong(words: &'static str) -> Told {
    Told { verdict: Whole::NotConformant, exit_code: 1, words }
}

/// No command of these tests takes longer.
const AT_MOST: Duration = Duration::from_secs(15);

async fn check(speed: u32, scenario: &str, command: Vec<OsString>, expected: Told) {
    let shown = format!("{command:?}");
    let run = tokio::time::timeout(AT_MOST, host_at(speed, scenario, command))
        .await
        .unwrap_or_else(|_| panic!("{shown} takes too long"));
    let (report, told) = (&run.report, text(&run.report));
    assert_eq!((report.verdict, report.verdict.exit_code()), (expected.verdict, expected.exit_code), "{shown}: {told}");
    // The text is wrapped.
    let words = told.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains(expected.words), "{shown}: {told}");
    let page = html(report, &run.trace);
    assert!(
        page.contains("</html>") && junit(report).contains("</testsuites>") && json(report).contains("\"verdict\""),
        "{shown}"
    );
}

#[tokio::test]
async fn commands_that_are_no_client() {
    for (command, expected) in [
        (vec!["/no/such/program".into()], not_judged("/no/such/program cannot be started")),
        (vec!["/".into()], not_judged("cannot be started")),
        (Vec::new(), not_judged("cannot be started")),
        (shell("exit 3"), not_judged("never called; it said no outcome, and exit code 3")),
        (shell("kill -9 $$"), not_judged("exit code 137")),
        (shell("echo outcome: completed"), not_judged("never called; it said `completed`")),
        // Somebody else keeps the output open, in a group of its own: what the client said counts.
        (shell("setsid sleep 3 & echo outcome: completed"), not_judged("never called; it said `completed`")),
        (
            shell("setsid sleep 3 & echo outcome: completed >&2; exit 4"),
            not_judged("it said no outcome, and exit code 4"),
        ),
    ] {
        check(PATIENT, "normal", command, expected).await;
    }
}

#[tokio::test]
async fn clients_that_never_end() {
    for script in [
        "sleep 100",
        "yes",
        "yes >&2",
        "trap '' TERM INT HUP; sleep 100; sleep 100",
        "(sleep 100 & sleep 100 & wait) & (sleep 100 &) ; wait",
        "exec 1>&- 2>&-; sleep 100",
    ] {
        check(SPEED, "normal", shell(script), not_judged("had to be stopped")).await;
    }
}

#[tokio::test]
async fn clients_that_flood() {
    for (name, words) in [
        ("flood", "it sent more than 300 requests"),
        ("nonsense", "it sent more than 300 requests"),
        ("nothing", "it sent more than 300 requests"),
        ("broken-off", "it sent more than 300 requests"),
        ("too-large", "it sent more than 8 MB"),
        ("large", "it sent more than 8 MB"),
    ] {
        check(PATIENT, "unknown-session", role(name), not_judged(words)).await;
    }
}

#[tokio::test]
async fn clients_that_go_wrong() {
    for (name, words) in [
        ("crash", "found: none at all"),
        ("mute", "no outcome, and exit code 0"),
        ("gibberish", "`[31mwhatever`"),
        ("failing", "no outcome, and exit code 7"),
    ] {
        check(PATIENT, "at-once", role(name), wrong(words)).await;
    }
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
async fn of_a_flood_no_more_is_kept_than_anybody_needs() {
    assert_eq!(host_at(PATIENT, "unknown-session", role("flood")).await.trace.exchanges.len(), 300);
    assert_eq!(host_at(PATIENT, "unknown-session", role("nonsense")).await.trace.exchanges.len(), 300);
    let kept = host_at(PATIENT, "unknown-session", role("large")).await.trace.exchanges.len();
    assert!(kept < 20, "{kept} bodies of half a megabyte");
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
    floods(&role, &client);
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
    let code = match role.as_str() {
        "mute" | "gibberish" => Some(0),
        "failing" => Some(7),
        _ => None,
    };
    if let Some(code) = code {
        let _ = client.ask("GET", &path, "");
        println!("\n{}", if role == "gibberish" { "outcome: \u{1b}[31mwhatever" } else { "done" });
        std::process::exit(code);
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

/// Everything that can be sent without end. Returns at once for other roles, otherwise when nobody listens any more.
fn floods(role: &str, client: &Plain) {
    let secret = &client.credential;
    let head = |length: usize| {
        format!(
            "POST /sessions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {secret}\r\nContent-Length: {length}\r\n\r\n"
        )
    };
    let message = match role {
        "nonsense" => "what is this?\r\n\r\n".to_owned(),
        "nothing" => String::new(),
        "broken-off" => head(10) + "{",
        "large" => head(500_000) + &" ".repeat(500_000),
        "too-large" => head(1_100_000) + &" ".repeat(1_100_000),
        _ => return,
    };
    while let Ok(mut stream) = TcpStream::connect(&client.address) {
        let _ = stream.write_all(message.as_bytes());
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let _ = stream.read(&mut [0; 1024]);
    }
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
