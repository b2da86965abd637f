//! Flows across crates, in one test binary: the clients against scripted and real servers, the documents against both.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails, and that is what a panic does"
)]

mod blocking;
mod broken_server;
mod closing;
mod dependencies;
mod documents;
mod hosted_clients;
mod lifecycles;
mod logs;
mod rest_of_the_apis;
mod rest_on_the_server;
mod restart;
mod resuming;
mod scripted_server;
mod status_call;
mod traps_of_replies;
mod traps_of_requests;
mod virtual_time;
mod waits;
