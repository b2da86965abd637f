//! The verdict, and the forms in which people and programs read it.

pub(crate) mod curl;
pub(crate) mod json;
mod safe;
mod text;
mod verdict;

pub use json::{json, schema};
pub use text::text;
pub use verdict::{Finding, Report, RequirementVerdict, Verdict, Whole};

pub(crate) use safe::{safe, safe_lines};
