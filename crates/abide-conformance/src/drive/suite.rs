//! A whole run: from options to a trace and its verdict.

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt;
use std::io;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use tower_service::Service;

use super::driver::{Driver, Mover, Progress, Sink, Stop};
use super::random;
use super::service::ServiceTarget;
use super::target::Target;
use super::time::{RealTime, Time, VirtualTime, micros};
use super::web::{ClockHook, WebTarget};
use crate::catalogue::Api;
use crate::catalogue::documented::hum::INACTIVITY_SECONDS;
use crate::judge::judge;
use crate::report::{Report, Whole};
use crate::trace::{Clock, Fact, Header, Recorder, Redactor, Source, Subject, Trace, Which};

/// How long the judge waits for a session to finish unless told otherwise.
const PATIENCE: Duration = Duration::from_secs(40);
/// The same where waiting takes no time.
const VIRTUAL_PATIENCE: Duration = Duration::from_mins(2);
/// How many random cases a run has unless told otherwise.
const CASES: u32 = 20;
/// How long random cases may take in all where time really passes; a slow server gets fewer of them.
const LONGEST_RANDOM: Duration = Duration::from_mins(3);
/// How long a run may take in all unless told otherwise; at a patience of more than a minute and a half, ten times that.
/// What is waited for only because the documents name a time does not count.
const LIMIT: Duration = Duration::from_mins(15);
/// What clocks and the network may add to a documented duration before it counts as broken.
const TOLERANCE: Duration = Duration::from_secs(1);

/// The credentials that a run may use.
#[derive(Clone)]
pub struct Credentials {
    pub(crate) first: String,
    pub(crate) second: Option<String>,
}

impl Credentials {
    /// One account, and another one for the rule about somebody else's sessions.
    pub fn new(first: impl Into<String>, second: Option<impl Into<String>>) -> Self {
        Self { first: first.into(), second: second.map(Into::into) }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Credentials").finish_non_exhaustive()
    }
}

/// What a run came to.
#[derive(Clone, Debug)]
pub struct Run {
    /// The verdict.
    pub report: Report,
    /// What happened; [`judge`](crate::judge()) makes the same verdict of it again.
    pub trace: Trace,
}

/// A run to be: which API, and how thoroughly.
///
/// In a test of a server that is written in Rust, a few lines are enough, and no time passes:
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use abide_conformance::report::Whole;
/// use abide_conformance::{Credentials, Suite};
///
/// # use abide_server::{Config, ServerClock};
/// # let keys = abide_server::Credentials::generate()?;
/// # let config = Config::local(keys.clone());
/// # let clock = ServerClock::manual(SystemTime::now());
/// # let router = abide_server::router(&config, clock.clone())?;
/// # let [first, second] = keys.hum;
/// # tokio::runtime::Runtime::new()?.block_on(async {
/// let run = Suite::hum(Credentials::new(first, Some(second)))
///     .seed(7)
///     .cases(3)
///     .run(router, move |by: Duration| clock.advance(by))
///     .await?;
/// assert_eq!(run.report.verdict, Whole::Conformant, "{}", abide_conformance::report::text(&run.report));
/// # Ok::<(), std::io::Error>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Suite {
    api: Api,
    credentials: Credentials,
    seed: u64,
    cases: u32,
    patience: Option<Duration>,
    limit: Option<Duration>,
    speed: u32,
    strict: bool,
    progress: Box<dyn FnMut(&str) + Send>,
    sink: Option<Sink>,
}

impl fmt::Debug for Suite {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Suite").field("api", &self.api).field("seed", &self.seed).finish_non_exhaustive()
    }
}

/// How the clock of a server on the network is dealt with.
#[derive(Debug)]
pub enum ServerClock {
    /// Left alone: what takes half an hour is not tried.
    None,
    /// Waited for.
    Real,
    /// Moved.
    Hook(ClockHook),
}

impl Suite {
    /// A run against an API.
    pub fn new(api: Api, credentials: Credentials) -> Self {
        Self {
            api,
            credentials,
            seed: 0,
            cases: CASES,
            patience: None,
            limit: None,
            speed: 1,
            strict: false,
            progress: Box::new(|_| {}),
            sink: None,
        }
    }

    /// A run against a Calmyx server.
    pub fn calmyx(credentials: Credentials) -> Self {
        Self::new(Api::Calmyx, credentials)
    }

    /// A run against a Hum server.
    pub fn hum(credentials: Credentials) -> Self {
        Self::new(Api::Hum, credentials)
    }

    /// The seed of the random cases. Default 0.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// How many random cases follow the fixed ones. Default 20.
    #[must_use]
    pub fn cases(self, cases: u32) -> Self {
        Self { cases, ..self }
    }

    /// How long to wait for a session to finish. Default 40 s; two minutes where no time passes.
    #[must_use]
    pub fn patience(self, patience: Duration) -> Self {
        Self { patience: Some(patience), ..self }
    }

    /// How long the run may take in all; what was not tried by then is not exercised. Waiting for sessions to expire does
    /// not count. Default 15 minutes, or ten times the patience where that is more; no limit where no time passes.
    #[must_use]
    pub fn limit(self, limit: Duration) -> Self {
        Self { limit: Some(limit), ..self }
    }

    /// By how much the server divides the documented durations. Default 1.
    #[must_use]
    pub fn speed(self, speed: u32) -> Self {
        Self { speed: speed.max(1), ..self }
    }

    /// Whether a broken SHOULD, or a rule that is only assumed, fails. Default no.
    #[must_use]
    pub fn strict(self, strict: bool) -> Self {
        Self { strict, ..self }
    }

    /// Who is told what the run is at.
    #[must_use]
    pub fn progress(self, tell: impl FnMut(&str) + Send + 'static) -> Self {
        Self { progress: Box::new(tell), ..self }
    }

    /// Where the trace is written while the run goes on.
    #[must_use]
    pub fn record(self, sink: impl io::Write + Send + 'static) -> Self {
        Self { sink: Some(Box::new(sink)), ..self }
    }

    /// Runs against a service in this process, in virtual time: `advance` moves the service's clock, and is called
    /// wherever the driver would sleep.
    ///
    /// # Errors
    /// When the trace cannot be written.
    pub async fn run<S, B>(self, service: S, advance: impl FnMut(Duration) + Send + 'static) -> io::Result<Run>
    where
        S: Service<Request<Full<Bytes>>, Response = Response<B>, Error = std::convert::Infallible> + Send + 'static,
        S::Future: Send,
        B: http_body::Body<Data = Bytes> + Send,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        let time = VirtualTime::new(advance);
        self.drive(Box::new(ServiceTarget::new(service)), Box::new(time), Mover::Wait, Clock::Virtual, Duration::ZERO)
            .await
    }

    /// Runs against a server on the network.
    ///
    /// # Errors
    /// When the trace cannot be written. A server that is down is no error but a verdict.
    pub async fn run_against(self, server: WebTarget, clock: ServerClock) -> io::Result<Run> {
        let (mover, clock) = match clock {
            ServerClock::None => (Mover::None, Clock::None),
            ServerClock::Real => (Mover::Wait, Clock::Real),
            ServerClock::Hook(hook) => (Mover::Hook(hook), Clock::Hook),
        };
        self.drive(Box::new(server), Box::new(RealTime::start()), mover, clock, TOLERANCE).await
    }

    /// Runs against any target on any clock. The clock is taken for the server's own where it is virtual.
    ///
    /// # Errors
    /// When the trace cannot be written.
    pub async fn run_on(self, target: Box<dyn Target>, time: Box<dyn Time>) -> io::Result<Run> {
        self.drive(target, time, Mover::Wait, Clock::Virtual, Duration::ZERO).await
    }

    async fn drive(
        self,
        target: Box<dyn Target>,
        time: Box<dyn Time>,
        mover: Mover,
        clock: Clock,
        tolerance: Duration,
    ) -> io::Result<Run> {
        let patience = self.patience.unwrap_or(if clock == Clock::Virtual { VIRTUAL_PATIENCE } else { PATIENCE });
        let mut header = Header::new(self.api, Subject::Server, Source::Driven, target.name());
        header.driver = format!("{}, {} random cases", header.driver, self.cases);
        header.clock = clock;
        header.seed = self.seed;
        header.speed = self.speed;
        header.strict = self.strict;
        header.patience = Some(micros(patience));
        header.tolerance = micros(tolerance);
        let usual = (clock != Clock::Virtual).then(|| LIMIT.max(patience.saturating_mul(10)));
        let (limit, now) = (self.limit.or(usual), time.now());
        let mut redactor = Redactor::default();
        redactor.learn(Which::First, &self.credentials.first);
        if let Some(second) = &self.credentials.second {
            redactor.learn(Which::Second, second);
        }
        let driver = Driver {
            api: self.api,
            target,
            time,
            mover,
            credentials: self.credentials,
            recorder: Recorder::new(header, redactor, self.sink)?,
            patience,
            waits: patience,
            window: Duration::from_secs(INACTIVITY_SECONDS) / self.speed,
            until: limit.map(|limit| now.saturating_add(micros(limit))),
            progress: Progress::new(self.progress),
            awake_at: now,
            silent: 0,
        };
        driver.run(self.seed, self.cases).await
    }
}

impl Driver {
    async fn run(mut self, seed: u64, cases: u32) -> io::Result<Run> {
        match self.all(seed, cases).await {
            Ok(()) => {}
            Err(Stop::Server(why) | Stop::Time(why)) => {
                let at = self.time.now();
                self.recorder.fact(Fact::Stopped { at, why })?;
            }
            Err(Stop::Trace(error)) => return Err(error),
        }
        for (requirement, place) in self.seen_once() {
            self.recorder.fact(Fact::Rerun { requirement, first: place, last: place, seen: 1, runs: 1 })?;
        }
        let trace = self.recorder.finish()?;
        Ok(Run { report: judge(&trace), trace })
    }

    async fn all(&mut self, seed: u64, cases: u32) -> Result<(), Stop> {
        self.tell("is it there?");
        self.take("first contact", &[super::plan::Step::Create(1), super::plan::Step::Poll(0)]).await?;
        if judge(self.trace()).verdict == Whole::NotJudged {
            return Ok(());
        }
        match self.api {
            Api::Calmyx => self.calmyx().await?,
            Api::Hum => self.hum().await?,
        }
        match self.beyond_the_fixed(seed, cases).await {
            // All that has to be tried was tried by then.
            Err(Stop::Time(_)) => Ok(()),
            ended => ended,
        }
    }

    /// Proofs of what the fixed cases found, and random cases.
    async fn beyond_the_fixed(&mut self, seed: u64, cases: u32) -> Result<(), Stop> {
        self.waits = self.usual_wait();
        let mut known = BTreeSet::new();
        let end_of_fixed = self.next_number().saturating_sub(1);
        for suspicion in self.suspicions((1, end_of_fixed), &known) {
            self.prove(&suspicion).await?;
            known.insert(suspicion.id().to_owned());
        }
        self.random(seed, cases, known).await
    }

    async fn random(&mut self, seed: u64, cases: u32, mut known: BTreeSet<String>) -> Result<(), Stop> {
        let may_age = self.can_skip_time();
        let until = self.time.now().saturating_add(micros(LONGEST_RANDOM));
        for number in 0..cases {
            if self.time.now() > until && self.trace().header.clock != Clock::Virtual {
                break;
            }
            self.tell(&format!("random case {} of {cases}", number + 1));
            let steps = random::case(self.api, seed, number, may_age);
            let case = format!("random {}: {}", number + 1, super::plan::words(&steps));
            let range = self.take(&case, &steps).await?;
            for suspicion in self.suspicions(range, &known) {
                self.shrink(&suspicion, steps.clone()).await?;
                known.insert(suspicion.id().to_owned());
            }
        }
        Ok(())
    }
}
