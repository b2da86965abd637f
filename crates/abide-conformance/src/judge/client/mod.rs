//! Clients, judged by what their host saw.
//!
//! An exchange of such a trace was `sent` when its request arrived at the host, and `received` when the reply was handed
//! over. Gaps run from arrival to arrival; see `measure` for what they are compared with.

mod auth;
mod calmyx;
mod done;
mod ending;
mod hum;
mod measure;
mod pace;
mod run;
mod throttle;
mod tolerant;

pub(super) use ending::{first_trouble, is_hopeless};
pub(crate) use measure::Delays;
pub(crate) use pace::{LEAST_GROWTH_PERCENT, is_change};
pub(crate) use run::is_disturbed;

use super::Check;

/// Every requirement of a Calmyx client, with its check.
pub(super) const CALMYX: &[(&str, Check)] = &[
    ("CAL-CLIENT-AUTH", auth::calmyx),
    ("CAL-CLIENT-PACE", pace::calmyx),
    ("CAL-CLIENT-DONE", calmyx::done),
    ("CAL-CLIENT-NOT-DONE", calmyx::not_done),
    ("CAL-CLIENT-FAILED", calmyx::failed),
    ("CAL-CLIENT-STOP", calmyx::stop),
    ("CAL-CLIENT-PARTIAL", calmyx::partial),
    ("CAL-CLIENT-BACKOFF", throttle::retry_after_only),
    ("CAL-CLIENT-TOLERANT", tolerant::tolerant),
];

/// Every requirement of a Hum client, with its check.
pub(super) const HUM: &[(&str, Check)] = &[
    ("HUM-CLIENT-AUTH", auth::hum),
    ("HUM-CLIENT-FIRST", pace::first),
    ("HUM-CLIENT-PACE", pace::hum),
    ("HUM-CLIENT-BACKOFF", pace::backoff),
    ("HUM-CLIENT-CAP", hum::cap),
    ("HUM-CLIENT-202", hum::not_by_code),
    ("HUM-CLIENT-DONE", hum::done),
    ("HUM-CLIENT-GONE", hum::gone),
    ("HUM-CLIENT-THROTTLE", throttle::throttle),
    ("HUM-CLIENT-TOLERANT", tolerant::tolerant),
];
