//! Files out: rows of named cells, as CSV, NDJSON or GeoJSON, to a file or to standard output.
//!
//! ```
//! use abide::output::{Cell, Columns, Format, RowWriter};
//!
//! # fn main() -> Result<(), abide::output::OutputError> {
//! # let folder = tempfile::tempdir().unwrap();
//! # let path = folder.path().join("scores.csv");
//! let input = ["name", "lat", "lng"].map(String::from);
//! let columns = Columns::new(&input, &["status", "quiet_score"]);
//! let mut writer = RowWriter::to_file(&path, Format::Csv, columns)?;
//! writer.write(&[
//!     Cell::Carried("Juneau".into()),
//!     Cell::Carried("58.30".into()),
//!     Cell::Carried("-134.42".into()),
//!     Cell::Text("success".into()),
//!     Cell::Integer(91),
//! ])?;
//! assert_eq!(writer.finish()?.rows, 1);
//! # assert_eq!(
//! #     std::fs::read_to_string(path).unwrap(),
//! #     "name,lat,lng,status,quiet_score\nJuneau,58.30,-134.42,success,91\n",
//! # );
//! # Ok(())
//! # }
//! ```

mod cell;
mod columns;
mod csv_rows;
mod error;
mod format;
mod json_rows;
mod ordered;
mod row_writer;
mod target;

pub use cell::Cell;
pub use columns::Columns;
pub use error::OutputError;
pub use format::{Format, UnknownFormat};
pub use ordered::InOrder;
pub use row_writer::{RowWriter, Written};
