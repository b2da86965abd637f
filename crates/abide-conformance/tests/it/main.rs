//! The judge against servers in this process: the reference server, and servers that are wrong on purpose.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails, and that is what a panic does"
)]

mod archives;
mod clients;
mod determinism;
mod good;
mod hook;
#[cfg(unix)]
mod hosting;
mod lag;
mod mutants;
mod on_the_way;
mod page;
mod programs;
mod reference;
mod shown;
mod shrinking;
#[cfg(target_os = "linux")]
mod starved;
mod targets;
mod throttled;
mod traces;
mod wrong;
