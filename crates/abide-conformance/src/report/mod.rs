//! The verdict, and the forms in which people and programs read it.

pub(crate) mod curl;
mod html;
pub(crate) mod json;
mod junit;
mod lines;
mod safe;
mod text;
mod verdict;

pub use html::html;
pub use json::{json, schema};
pub use junit::junit;
pub use lines::Terminal;
pub use text::{text, text_for};
pub use verdict::{Finding, Report, RequirementVerdict, Verdict, Whole};

pub(crate) use safe::{safe, safe_lines};
