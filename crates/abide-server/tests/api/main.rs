//! Both APIs as a caller meets them: requests in, replies out, with a clock that the test moves.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that panics is a test that fails, which is what it should do"
)]

mod calmyx;
mod hum;
mod layouts;
mod refusals;
mod restart;
mod service;
mod socket;
