//! A running `abide serve`, and commands that are sent to it.

use std::time::Duration;

use crate::abide::{Abide, Finished, Running};

/// The credentials that the server prints, in its order.
pub(crate) const CREDENTIALS: [&str; 4] = ["CALMYX_API_KEY", "CALMYX_API_KEY_2", "HUM_API_TOKEN", "HUM_API_TOKEN_2"];

/// A server process; dropped, it is killed.
pub(crate) struct Server {
    process: Running,
    base_url: String,
    credentials: Vec<(String, String)>,
}

impl Server {
    /// A server on a free port that runs `speed` times as fast as the documented pace.
    #[track_caller]
    pub(crate) fn start(speed: u32) -> Self {
        Self::of(Abide::new(&format!("serve --listen 127.0.0.1:0 --speed {speed}")))
    }

    /// Starts this `serve` command and waits until it listens.
    #[track_caller]
    pub(crate) fn of(serve: Abide) -> Self {
        let mut process = serve.start();
        let lines = process.stdout_once(|text| text.lines().count() == 5 && text.ends_with('\n'));
        let mut lines = lines.lines();
        let base_url = lines.next().unwrap().strip_prefix("listening ").unwrap().to_owned();
        let credentials: Vec<_> = lines.map(|line| line.split_once('=').unwrap()).collect();
        assert!(credentials.iter().map(|(name, _)| *name).eq(CREDENTIALS), "{credentials:?}");
        let credentials = credentials.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        Self { process, base_url, credentials }
    }

    /// Where it listens, with the port.
    pub(crate) fn address(&self) -> &str {
        self.base_url.strip_prefix("http://").unwrap()
    }

    pub(crate) fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The value of one of [`CREDENTIALS`].
    pub(crate) fn credential(&self, name: &str) -> &str {
        self.credentials.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str()).unwrap()
    }

    /// A command at this server, with its credentials, 100 times as fast as the documented pace.
    pub(crate) fn abide(&self, line: &str) -> Abide {
        let abide = Abide::new(line).arguments(["--base-url", self.base_url(), "--speed", "100"]);
        CREDENTIALS.into_iter().fold(abide, |abide, name| abide.secret(name, self.credential(name)))
    }

    /// What such a command prints, which must succeed: the lines.
    #[track_caller]
    pub(crate) fn lines(&self, line: &str) -> Vec<String> {
        self.abide(line).expect(0).stdout.lines().map(str::to_owned).collect()
    }

    /// Opens a Hum session for an address; its token.
    #[track_caller]
    pub(crate) fn open(&self, address: &str) -> String {
        let mut lines = self.lines(&format!("hum open {address}"));
        assert_eq!(lines.len(), 1);
        lines.remove(0)
    }

    /// Sends a signal and waits for the end.
    #[track_caller]
    pub(crate) fn stop(self, signal: &str) -> Finished {
        self.stop_within(signal, Duration::from_secs(10))
    }

    /// Sends a signal and waits for the end, which must come within `limit`.
    #[track_caller]
    pub(crate) fn stop_within(self, signal: &str, limit: Duration) -> Finished {
        self.process.signal(signal);
        self.process.finish_within(limit)
    }
}
