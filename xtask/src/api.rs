//! The APIs of this repository.

use crate::constants::{CALMYX_REPLIES, CALMYX_REQUESTS, Constant, HUM_REPLIES, HUM_REQUESTS};

/// One API: `spec/<name>/` becomes `crates/<name>-client`.
#[derive(Clone, Copy, Debug)]
pub struct Api {
    pub name: &'static str,
    /// What its client needs to refuse a request before it is sent.
    pub requests: &'static [Constant],
    /// What the reference server needs beyond that; empty where it does not serve this API.
    pub replies: &'static [Constant],
}

/// Every API. A new one is one line here.
pub const APIS: &[Api] = &[
    Api { name: "calmyx", requests: CALMYX_REQUESTS, replies: CALMYX_REPLIES },
    Api { name: "hum", requests: HUM_REQUESTS, replies: HUM_REPLIES },
];
