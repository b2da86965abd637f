//! The verdict, and the forms in which people and programs read it.

mod json;
mod verdict;

pub use json::{json, schema};
pub use verdict::{Finding, Report, RequirementVerdict, Verdict, Whole};
