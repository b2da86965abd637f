//! Whole waits over real sockets in virtual time: a request takes none, and the clock jumps over every pause.

use std::future::ready;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use abide_core::{Lifecycle, Options, Tick};
use abide_server::{Config, Credentials, Server, ServerClock};
use abide_watch::{BoxFuture, Clock, Event, Fetched, Outcome, Resume, Seen, StatusSource, TestClock, Watch};
use calmyx_client::{BaseUrl, Credential};
use tokio::runtime::{Builder, Handle, Runtime};

/// A clock that stands still, and a runtime for what really goes over a socket.
pub struct VirtualTime {
    pub clock: TestClock,
    runtime: Runtime,
    server: ServerClock,
    sent: Arc<Mutex<Vec<Tick>>>,
}

impl VirtualTime {
    pub fn new() -> Self {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let server = ServerClock::manual(SystemTime::UNIX_EPOCH);
        Self { clock: TestClock::new(), runtime, server, sent: Arc::default() }
    }

    /// The time between each two requests.
    pub fn gaps(&self) -> Vec<Duration> {
        self.sent.lock().unwrap().windows(2).map(|two| two[1].since(two[0])).collect()
    }

    /// Does what really takes time while the clock stands still.
    pub fn real<F: Future>(&self, future: F) -> F::Output {
        self.runtime.block_on(future)
    }

    /// Lets the time pass, until `future` is done.
    pub fn run<F: Future>(&self, future: F) -> F::Output {
        self.clock.run(future).expect("what is waited for never comes")
    }

    /// A reference server whose sessions move with the clock.
    pub fn reference(&self) -> Reference {
        let credentials = Credentials::generate().unwrap();
        let config = Config { listen: (Ipv4Addr::LOCALHOST, 0).into(), ..Config::local(credentials.clone()) };
        let server = self.real(Server::start_with_clock(config, self.server.clone())).unwrap();
        Reference { server, credentials }
    }

    pub fn watch<S: StatusSource>(
        &self,
        source: S,
        lifecycle: &Lifecycle,
        options: Options,
    ) -> Watch<AtOnce<S>, TestClock> {
        Watch::with_clock(self.at_once(source), lifecycle, options, self.clock.clone()).unwrap()
    }

    pub fn resume<S: StatusSource>(
        &self,
        source: S,
        lifecycle: &Lifecycle,
        options: Options,
        kept: &Resume,
    ) -> Watch<AtOnce<S>, TestClock> {
        Watch::resume_with_clock(self.at_once(source), lifecycle, options, kept, self.clock.clone()).unwrap()
    }

    fn at_once<S: StatusSource>(&self, source: S) -> AtOnce<S> {
        AtOnce {
            source,
            runtime: self.runtime.handle().clone(),
            clock: self.clock.clone(),
            server: self.server.clone(),
            sent: Arc::clone(&self.sent),
            caught_up: Mutex::new(self.clock.now()),
        }
    }

    /// Takes all events of a watch, then its outcome.
    pub fn play<S: StatusSource>(&self, mut watch: Watch<AtOnce<S>, TestClock>) -> Played<S> {
        let events = self.run(async {
            let mut events = Vec::new();
            while let Some(event) = watch.next().await {
                events.push(event);
            }
            events
        });
        Played { events, outcome: watch.into_outcome().unwrap() }
    }
}

/// What a whole wait came to.
pub struct Played<S: StatusSource> {
    pub events: Vec<Event<S::Item, S::Error>>,
    pub outcome: Outcome<S::Status, S::Error>,
}

/// The reference server, and who may call it.
pub struct Reference {
    server: Server,
    credentials: Credentials,
}

impl Reference {
    pub fn calmyx(&self) -> calmyx_client::Client {
        calmyx_client::Client::new(self.base(), Credential::new(self.calmyx_key()).unwrap()).unwrap()
    }

    pub fn hum(&self) -> hum_client::Client {
        hum_client::Client::new(self.base(), Credential::new(self.hum_token()).unwrap()).unwrap()
    }

    pub fn calmyx_key(&self) -> &str {
        self.credentials.calmyx[0].as_str()
    }

    pub fn hum_token(&self) -> &str {
        self.credentials.hum[0].as_str()
    }

    fn base(&self) -> BaseUrl {
        BaseUrl::parse(&format!("http://{}", self.server.address())).unwrap()
    }
}

/// A source whose requests are over before the clock moves on.
pub struct AtOnce<S> {
    source: S,
    runtime: Handle,
    clock: TestClock,
    server: ServerClock,
    sent: Arc<Mutex<Vec<Tick>>>,
    /// The server's clock was moved on until then.
    caught_up: Mutex<Tick>,
}

impl<S> AtOnce<S> {
    /// The server's clock follows this one.
    fn catch_up(&self) {
        let now = self.clock.now();
        let mut caught_up = self.caught_up.lock().unwrap();
        self.server.advance(now.since(*caught_up));
        *caught_up = now;
    }
}

impl<S: StatusSource> StatusSource for AtOnce<S> {
    type Status = S::Status;
    type Item = S::Item;
    type Error = S::Error;

    fn fetch(&self, seen: &Seen) -> BoxFuture<Fetched<AtOnce<S>>> {
        self.catch_up();
        self.sent.lock().unwrap().push(self.clock.now());
        let answer = self.runtime.block_on(self.source.fetch(seen));
        Box::pin(ready(answer))
    }

    fn session(&self) -> u64 {
        self.source.session()
    }

    fn identity(item: &S::Item) -> u64 {
        S::identity(item)
    }

    fn is_unique(item: &S::Item) -> bool {
        S::is_unique(item)
    }

    fn close(&self) -> Option<BoxFuture<Result<(), S::Error>>> {
        self.catch_up();
        let closing = self.source.close()?;
        let answer = self.runtime.block_on(closing);
        Some(Box::pin(ready(answer)))
    }
}
