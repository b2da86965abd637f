//! `cargo xtask spec`: whether the documents are sound, what each rule rests on, and what a change does.

pub mod ambiguity;
pub mod diff;
pub mod lint;
pub mod requirement;
pub mod schema;
pub mod trace;
