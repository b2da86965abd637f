//! Files in: CSV tables of locations and of addresses, judged as a whole before anything is sent.
//!
//! [`Table`] reads any CSV; [`locations`] and [`addresses`] read what the two services take from it. Whatever is wrong
//! is reported with the file, the line and a way to mend it, all lines at once ([`InputErrors`]). A value is never
//! mended silently: a guess about somebody's data is theirs to make.

pub mod addresses;
mod coordinates;
mod error;
pub mod locations;
mod problem;
mod records;
mod source;
mod table;

pub use error::{InputError, InputErrors};
pub use problem::InputProblem;
pub use table::{Row, Table};
