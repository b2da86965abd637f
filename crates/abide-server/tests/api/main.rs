//! Both APIs as a caller meets them: requests in, replies out, with a clock that the test moves.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that panics is a test that fails, which is what it should do"
)]

mod bugs;
mod calmyx;
mod faults;
mod history;
mod hum;
mod refusals;
mod restart;
mod scenarios;
mod service;
mod socket;
mod variations;
