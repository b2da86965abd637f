//! No secret in a log, at any level, of any crate below us.

use std::io::Write;
use std::sync::{Arc, Mutex, OnceLock};

use abide_watch::StatusSource;
use calmyx_client::types::Location;
use hum_client::PathSegment;
use tracing_subscriber::fmt::MakeWriter;

use crate::scripted_server::{CREDENTIAL, ScriptedServer, json};
use crate::virtual_time::VirtualTime;

#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Captured {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// All that this process logs from here on.
///
/// For the whole process: a subscriber of one thread alone competes with the other tests for what a call site cares about.
/// It hears them too, which can only find more.
fn log() -> &'static Captured {
    static LOG: OnceLock<Captured> = OnceLock::new();
    LOG.get_or_init(|| {
        let captured = Captured::default();
        let subscriber =
            tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(captured.clone()).finish();
        tracing::subscriber::set_global_default(subscriber).unwrap();
        captured
    })
}

impl Captured {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

#[test]
fn the_whole_log_of_some_calls_holds_no_secret() {
    let captured = log();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let server = ScriptedServer::start(vec![json(500, r#"{"error": "body-s3cret"}"#)]).await;
        let _ = server.calmyx().create_session(&[Location { lat: 1.0, lng: 2.0 }]).await;
        let _ = server.calmyx().session_status("sess_private").await;
        let _ = server.hum().session(&PathSegment::new("t0ken-of-the-session").unwrap()).await;
    });
    let log = captured.text();
    assert!(log.contains("answered"), "the log was captured: {log}");
    for secret in [CREDENTIAL, "body-s3cret", "t0ken-of-the-session", "sess_private"] {
        assert!(!log.contains(secret), "{secret} in\n{log}");
    }
}

/// One span per wait, named by a fingerprint, and one line at its end that says what it cost.
#[test]
fn a_watch_is_a_span_that_says_at_its_end_what_it_cost_and_no_secret() {
    let captured = log();
    let time = VirtualTime::new();
    let body = |agent: &str| {
        let agents = format!(r#"{{"geocoding": "{agent}", "internet": "{agent}"}}"#);
        format!(r#"{{"message": "b0dy-of-the-watch", "meta": {{"agent_status": {agents}}}}}"#)
    };
    let replies = vec![
        json(202, &body("pending")),
        json(202, &body("pending")),
        json(500, r#"{"error": "b0dy-of-an-error"}"#),
        json(200, &body("matched")),
    ];
    let server = time.real(ScriptedServer::start(replies));
    let source = server.hum().session_source(PathSegment::new("t0ken-of-the-watch").unwrap());
    let span = format!("watch{{session={:016x}}}", source.session());
    let options = hum_client::Options::new(std::time::Duration::from_mins(1), 1);
    let lifecycle = hum_client::Lifecycle { cap: None, ..hum_client::lifecycle::LIFECYCLE };
    let outcome = time.play(time.watch(source, &lifecycle, options)).outcome;

    let log = captured.text();
    let lines: Vec<&str> = log.lines().filter(|line| line.contains(&span)).collect();
    let over: Vec<&&str> = lines.iter().filter(|line| line.contains("wait over")).collect();
    assert_eq!(over.len(), 1, "one closing line in {lines:#?}");
    let unseen = outcome.unseen.unwrap().as_millis();
    for field in [
        "end=Completed { rule: Count }".to_owned(),
        "polls=4".to_owned(),
        "unchanged=1".to_owned(),
        format!("bytes={}", body("pending").len() * 2 + body("matched").len()),
        "items=0".to_owned(),
        format!("unseen_ms={unseen}"),
    ] {
        assert!(over[0].contains(&field), "{field} in {}", over[0]);
    }
    assert_eq!(lines.iter().filter(|line| line.contains(": status received")).count(), 3, "{lines:#?}");
    assert_eq!(lines.iter().filter(|line| line.contains(": no status received")).count(), 1, "{lines:#?}");
    for secret in [CREDENTIAL, "t0ken-of-the-watch", "b0dy-of-the-watch", "b0dy-of-an-error"] {
        assert!(!log.contains(secret), "{secret} in the log");
    }
}

#[test]
fn in_a_fleet_every_line_names_its_session() {
    const DONE: &str = r#"{"status": "COMPLETED", "progress": {"total": 0, "processed": 0, "successful": 0, "failed": 0},
        "results": [], "submitted_at": "2026-01-15T10:30:00"}"#;
    let captured = log();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let spans = runtime.block_on(async {
        let client = ScriptedServer::start(vec![json(200, DONE)]).await.calmyx();
        let lifecycle = calmyx_client::lifecycle::LIFECYCLE.sped_up(std::num::NonZeroU32::new(200).unwrap());
        let options = calmyx_client::Options::new(std::time::Duration::from_secs(10), 1);
        let mut fleet = client.fleet_with(&lifecycle, options, calmyx_client::Budget::per_second(1000)).unwrap();
        let sources = ["sess_1", "sess_2"].map(|id| client.session_source(id));
        let spans = sources.each_ref().map(|source| format!("watch{{session={:016x}}}", source.session()));
        for source in sources {
            fleet.add(source).unwrap();
        }
        while fleet.next().await.is_some() {}
        spans
    });
    let log = captured.text();
    for span in spans {
        for line in ["answered", "status received", "wait over"] {
            assert!(log.lines().any(|text| text.contains(&span) && text.contains(line)), "{line} of {span} in\n{log}");
        }
    }
}
