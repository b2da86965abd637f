//! A good server and a machine that is too busy: whatever comes late, and however late, the server is not accused of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime};

use abide_conformance::catalogue::Api;
use abide_conformance::drive::{BoxFuture, ClockHook, ServerClock, ServiceTarget, Target, Time, WebTarget};
use abide_conformance::report::{Report, Verdict, text};
use abide_conformance::trace::Reply;
use abide_conformance::{Credentials, Suite};
use abide_server::Config;
use axum::Router;

/// The clock of the judge and of the server, which moves while a request is on its way, too.
#[derive(Clone)]
struct Late {
    elapsed: Arc<AtomicU64>,
    server: abide_server::ServerClock,
    /// The longest way, in milliseconds.
    most: u64,
    random: u64,
}

impl Late {
    fn pass(&self, by: Duration) {
        self.elapsed.fetch_add(u64::try_from(by.as_micros()).unwrap(), Ordering::Relaxed);
        self.server.advance(by);
    }

    /// Lets some time pass, now and then much.
    fn lag(&mut self) {
        self.random = self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let number = self.random >> 33;
        let most = if number.is_multiple_of(50) { self.most * 10 } else { self.most };
        self.pass(Duration::from_millis((number >> 8) % most));
    }
}

impl Time for Late {
    fn now(&self) -> u64 {
        self.elapsed.load(Ordering::Relaxed)
    }

    fn sleep(&mut self, duration: Duration) -> BoxFuture<'_, ()> {
        self.pass(duration);
        self.lag();
        Box::pin(std::future::ready(()))
    }
}

/// A service at the end of a slow way.
struct FarAway(ServiceTarget<Router>, Late);

impl Target for FarAway {
    fn send(&mut self, request: http::Request<bytes::Bytes>) -> BoxFuture<'_, Reply> {
        Box::pin(async move {
            self.1.lag();
            let reply = self.0.send(request).await;
            self.1.lag();
            reply
        })
    }

    fn name(&self) -> String {
        "a service far away".to_owned()
    }
}

fn service(api: Api, clock: &abide_server::ServerClock) -> (Router, Suite) {
    let keys = abide_server::Credentials::generate().unwrap();
    let router = abide_server::router(&Config::local(keys.clone()), clock.clone()).unwrap();
    let [first, second] = if api == Api::Hum { keys.hum } else { keys.calmyx };
    (router, Suite::new(api, Credentials::new(first, Some(second))).cases(1))
}

#[track_caller]
fn no_accusation(report: &Report, what: &str) {
    let broken: Vec<_> = report.requirements.iter().filter(|row| !row.findings.is_empty()).collect();
    assert!(broken.is_empty(), "{what}\n{}", text(report));
    assert!(report.with(Verdict::Passed).count() > 10, "{what}\n{}", text(report));
}

#[tokio::test]
async fn whatever_comes_late() {
    for api in Api::ALL {
        for (seed, most) in [(2, 700), (3, 5_000)] {
            let server = abide_server::ServerClock::manual(SystemTime::UNIX_EPOCH + Duration::from_hours(491_240));
            let (router, suite) = service(api, &server);
            let late = Late { elapsed: Arc::default(), server, most, random: seed };
            let target = FarAway(ServiceTarget::new(router), late.clone());
            let run = suite.seed(seed).run_on(Box::new(target), Box::new(late)).await.unwrap();
            no_accusation(&run.report, &format!("{api}, up to {most} ms late"));
        }
    }
}

/// Keeps every core busy, several times over, and not for longer than a test may take.
pub(crate) struct Busy(Arc<AtomicBool>);

impl Busy {
    pub(crate) fn machine() -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let until = Instant::now() + Duration::from_secs(90);
        for _ in 0..8 * std::thread::available_parallelism().unwrap().get() {
            let stop = Arc::clone(&stop);
            std::thread::spawn(move || {
                while !stop.load(Ordering::Relaxed) && Instant::now() < until {
                    std::hint::spin_loop();
                }
            });
        }
        Self(stop)
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// By hand, because it takes the machine from all other tests:
/// `cargo nextest run -p abide-conformance --run-ignored only lag::a_machine_that_is_busy`.
#[tokio::test]
#[ignore = "keeps every core busy for up to a minute"]
async fn a_machine_that_is_busy() {
    for api in Api::ALL {
        let keys = abide_server::Credentials::generate().unwrap();
        let speed = std::num::NonZeroU32::new(30).unwrap();
        let config = Config { speed, test_hooks: true, ..Config::local(keys.clone()) };
        let router = abide_server::router(&config, abide_server::ServerClock::system()).unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(axum::serve(listener, router).into_future());

        let [first, second] = if api == Api::Hum { keys.hum } else { keys.calmyx };
        let suite = Suite::new(api, Credentials::new(first, Some(second))).speed(30).cases(5);
        let hook = ClockHook::new(&format!("{base}/_test/clock/advance"), false).unwrap();
        let busy = Busy::machine();
        let begun = Instant::now();
        let run = suite.run_against(WebTarget::new(&base, false).unwrap(), ServerClock::Hook(hook)).await.unwrap();
        drop(busy);
        eprintln!("{api}: {:?}, {} calls, {}", begun.elapsed(), run.trace.exchanges.len(), run.report.verdict.name());
        no_accusation(&run.report, "on a busy machine");
    }
}
