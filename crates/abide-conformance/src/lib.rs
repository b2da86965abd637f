//! Judges implementations of two session APIs, Calmyx and Hum, by the requirements of their documents.
//!
//! ```text
//!  drive (a server is asked) ────┐
//!  a host (a client is served) ──┼──▶ trace ──▶ judge ──▶ report
//!  a recording, or a HAR file ───┘    what happened      pure          text, JSON, JUnit, HTML
//! ```
//!
//! - [`trace`] is the format `abide-trace/1`: every exchange with the instants between which it happened, and never a
//!   credential.
//! - [`catalogue`] is the list of requirements, generated from `spec/`; there is no other.
//! - [`judge()`] is a pure function from a trace to a [`report::Report`]: the same trace has the same verdict for ever. What
//!   it concludes from time it concludes from ranges, so that a slow machine can hide a fault but never invent one.
//! - [`drive`] makes traces of servers: fixed cases for each requirement, then random ones from a seed; what they find is
//!   shrunk to the shortest steps that show it and tried eight times.
//! - [`report`] shows verdicts to people and programs.
//!
//! A server that is written in Rust can be judged in its own tests, in process and without waiting; [`Suite`] shows how.
//! For others there is `abide conform server`.
//!
//! The crate shares no code with the reference server, the clients or their waiting rules: a judge that does proves nothing.

pub mod catalogue;
pub mod drive;
pub mod host;
mod judge;
pub mod report;
pub mod trace;
mod wire;

pub use drive::{Credentials, Run, Suite};
pub use host::Host;
pub use judge::judge;
