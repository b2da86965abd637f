//! The generated decoders accept and refuse what serde does, and read the same: compared on documents of many kinds.
//!
//! Each kind has some thousand documents in an ordinary run, and [`many`] has as many as one likes:
//!
//! ```text
//! DOCUMENTS=5000000 cargo test --release -p abide-decode --test differential -- --ignored --nocapture
//! ```
//!
//! What once made a difference, or is easily got wrong, lies in `tests/data` and is read in every run.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails, and that is what a panic does"
)]

mod corpus;
mod document;
mod growing;
mod many;
mod memory;
mod mutation;
mod odd;
mod plain;
mod random;
mod schema;
mod verdict;
