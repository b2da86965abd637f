//! The verdict, and the forms in which people and programs read it.

pub(crate) mod curl;
mod html;
pub(crate) mod json;
mod junit;
mod safe;
mod text;
mod verdict;

pub use html::html;
pub use json::{json, schema};
pub use junit::junit;
pub use text::text;
pub use verdict::{Finding, Report, RequirementVerdict, Verdict, Whole};

pub(crate) use safe::{safe, safe_lines};
