//! No secret in a log, at any level, of any crate below us.

use std::io::Write;
use std::sync::{Arc, Mutex};

use calmyx_client::types::Location;
use hum_client::PathSegment;
use tracing_subscriber::fmt::MakeWriter;

use crate::scripted_server::{CREDENTIAL, ScriptedServer, json};

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

#[test]
fn the_whole_log_of_some_calls_holds_no_secret() {
    let captured = Captured::default();
    let subscriber =
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(captured.clone()).finish();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    // For the whole process: a subscriber of this thread alone competes with the other tests for what a call site cares
    // about. It hears them too, which can only find more.
    tracing::subscriber::set_global_default(subscriber).unwrap();
    runtime.block_on(async {
        let server = ScriptedServer::start(vec![json(500, r#"{"error": "body-s3cret"}"#)]).await;
        let _ = server.calmyx().create_session(&[Location { lat: 1.0, lng: 2.0 }]).await;
        let _ = server.calmyx().session_status("sess_private").await;
        let _ = server.hum().session(&PathSegment::new("t0ken-of-the-session").unwrap()).await;
    });
    let log = String::from_utf8_lossy(&captured.0.lock().unwrap()).into_owned();
    assert!(log.contains("answered"), "the log was captured: {log}");
    for secret in [CREDENTIAL, "body-s3cret", "t0ken-of-the-session", "sess_private"] {
        assert!(!log.contains(secret), "{secret} in\n{log}");
    }
}
