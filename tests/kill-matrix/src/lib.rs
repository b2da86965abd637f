//! Judges the judge: what the suite of `abide-conformance` finds in servers and clients that are known to be wrong, and in
//! those that are known to be right.
//!
//! ```text
//!  planted bugs (abide-server) ──────┐                      ┌─▶ matrix    bug × requirement, with what else fired and why
//!  faulty clients (…-conformance) ───┼─▶ trials ─▶ rows ────┤
//!  legal variations, good clients ───┤    judged in process └─▶ coverage  requirement × what breaks it
//!  the good server, many seeds ──────┘    on virtual time
//! ```
//!
//! `cargo kill-matrix` prints it. It is whole when every bug and every fault is caught by its own requirement, when whatever
//! else fires is explained where the bug stands, when no explanation is left over, and when nothing at all is found in what is
//! right. Then, and only then, the exit code is 0. Where only a part was chosen, the code is about that part, and the matrix is
//! not said to be whole.
//!
//! The lists are those of the crates themselves; nothing about a bug, a fault or a requirement stands here a second time.

pub mod coverage;
pub mod matrix;
pub mod pool;
pub mod row;
mod server;
pub mod show;
pub mod trial;

pub use matrix::Matrix;
pub use row::Row;
pub use trial::{Kind, Thoroughness, Trial, trials};
