//! The built program as a person or a script meets it: arguments and files in, text, files and exit codes out.
//!
//! Every test talks to servers that it starts itself, on loopback and on ports that the system chooses.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that panics is a test that fails, which is what it should do"
)]

mod abide;
mod folder;
mod server;
mod stub;
mod table;

mod bad_targets;
mod calmyx;
mod conform;
mod demo;
mod endings;
mod hum;
mod interrupts;
mod kills;
mod recording;
mod refused_answers;
mod refused_arguments;
mod refused_input;
mod restart;
mod resume;
mod serve;
