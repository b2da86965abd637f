//! Judges servers and clients of two session APIs by the requirements of their documents.

pub mod catalogue;
mod judge;
pub mod report;
pub mod trace;
mod wire;

pub use judge::judge;
