//! The reference server in this process, on a clock that stands still until the driver sleeps.

use std::num::NonZeroU32;
use std::time::{Duration, SystemTime};

use abide_conformance::catalogue::Api;
use abide_conformance::{Credentials, Suite};
use abide_server::{Config, Plan, ServerClock};

/// The service, a suite that has its credentials, and its clock.
pub fn reference(api: Api, speed: u32, plan: Plan) -> (axum::Router, Suite, impl FnMut(Duration) + Send + 'static) {
    let keys = abide_server::Credentials::generate().unwrap();
    let config = Config { speed: NonZeroU32::new(speed).unwrap(), plan, ..Config::local(keys.clone()) };
    let clock = ServerClock::manual(SystemTime::UNIX_EPOCH + Duration::from_hours(491_240));
    let router = abide_server::router(&config, clock.clone()).unwrap();
    let [first, second] = match api {
        Api::Calmyx => keys.calmyx,
        Api::Hum => keys.hum,
    };
    let suite = Suite::new(api, Credentials::new(first, Some(second))).speed(speed);
    (router, suite, move |by| clock.advance(by))
}
