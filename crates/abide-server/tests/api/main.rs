//! Both APIs as a caller meets them: requests in, replies out, with a clock that the test moves.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that panics is a test that fails, which is what it should do"
)]

mod analytics;
mod bugs;
mod calmyx;
mod clock;
mod faults;
mod fuzz;
mod history;
mod hum;
mod layouts;
mod limits;
mod listings;
mod logs;
mod odd_calls;
mod refusals;
mod restart;
mod scenarios;
mod service;
mod socket;
mod variations;
