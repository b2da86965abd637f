//! Judges servers and clients of two session APIs by the requirements of their documents.

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
