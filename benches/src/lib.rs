//! What the benchmarks share: servers to measure, and a load that costs little to make.
//!
//! Each benchmark is one file beside this folder. `cargo bench -p benches` runs all of them, `cargo bench -p benches
//! --bench NAME` one. Machines differ and are shared: what is worth quoting is a ratio of two things that were measured
//! side by side in one run, and the median of several such.

pub mod load;
pub mod processor;
pub mod statistics;
pub mod status_server;
