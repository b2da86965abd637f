//! The reference server in this process, broken as asked, on a clock that stands still until the driver sleeps.

use std::io;
use std::num::NonZeroU32;
use std::time::{Duration, SystemTime};

use abide_conformance::catalogue::Api;
use abide_conformance::{Credentials, Run, Suite};
use abide_server::{Breakage, Config, ServerClock};

/// Noon of a day in January 2026, since 1970: the year of the documented examples.
const BEGINNING: Duration = Duration::from_hours(491_244);

/// How long sessions are waited for: longer than any session of the good server takes at its speed, and no longer than it must
/// be for those that never end.
const PATIENCE: Duration = Duration::from_secs(45);

/// The same API in the words of the server.
pub(crate) const fn side(api: Api) -> abide_server::Api {
    match api {
        Api::Calmyx => abide_server::Api::Calmyx,
        Api::Hum => abide_server::Api::Hum,
    }
}

/// By how much the server divides its durations: a Calmyx session takes minutes, and every 100 ms of it are polled.
const fn speed(api: Api) -> NonZeroU32 {
    match api {
        Api::Calmyx => NonZeroU32::MIN.saturating_add(7),
        Api::Hum => NonZeroU32::MIN,
    }
}

/// Judges the server in strict mode: a broken SHOULD counts too.
pub(crate) async fn judged(api: Api, breakage: &Breakage, seed: u64, cases: u32) -> io::Result<Run> {
    let keys = abide_server::Credentials::generate().map_err(io::Error::other)?;
    let divisor = speed(api);
    let config = Config { speed: divisor, breakage: breakage.clone(), ..Config::local(keys.clone()) };
    let clock = ServerClock::manual(SystemTime::UNIX_EPOCH + BEGINNING);
    let router = abide_server::router(&config, clock.clone()).map_err(io::Error::other)?;
    let [first, second] = match api {
        Api::Calmyx => keys.calmyx,
        Api::Hum => keys.hum,
    };
    let suite = Suite::new(api, Credentials::new(first, Some(second))).speed(divisor.get());
    suite.seed(seed).cases(cases).strict(true).patience(PATIENCE).run(router, move |by| clock.advance(by)).await
}
