//! What can go wrong while rows are written.

use std::{io, path::PathBuf};

use crate::safe_text::Safe;

/// Why rows could not be written. The reason that the system gives is the `source()`.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OutputError {
    /// The output cannot be created at this path; found out before the first row.
    #[error("{}: the output cannot be written here; check the folder and its permissions", Safe(&path.to_string_lossy()))]
    Unwritable {
        /// The path that was asked for.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The path names a folder.
    #[error("{}: this is a folder; name a file for the output", Safe(&path.to_string_lossy()))]
    Folder {
        /// The path that was asked for.
        path: PathBuf,
    },
    /// Writing stopped half-way, on a full disk for example; what stood at the path still stands there.
    #[error("{}: writing the output failed{}", Safe(name), if is_full(source) { "; free some space on the disk" } else { "" })]
    Failed {
        /// The path, or the name of the stream.
        name: String,
        /// What the system said.
        source: io::Error,
    },
    /// The reader of standard output went away (`… | head`): nothing to tell anybody.
    #[error("nobody reads the output any more")]
    BrokenPipe,
    /// GeoJSON was asked for, and the rows have no place.
    #[error("geojson needs the columns lat and lng; choose csv or ndjson")]
    NoCoordinates,
    /// A row does not have one cell for each column.
    #[error("a row of {found} cells does not fit {expected} columns")]
    RowWidth {
        /// How many columns there are.
        expected: usize,
        /// How many cells the row had.
        found: usize,
    },
}

/// Whether the disk, or the share of it that one may use, is full.
fn is_full(cause: &io::Error) -> bool {
    matches!(cause.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge)
}

impl OutputError {
    /// What a failed write to the named output means.
    pub(crate) fn of_writing(name: &str, source: io::Error) -> Self {
        if source.kind() == io::ErrorKind::BrokenPipe {
            Self::BrokenPipe
        } else {
            Self::Failed { name: name.to_owned(), source }
        }
    }

    /// Whether the reader of the output went away, which calls for ending without a message.
    pub fn is_broken_pipe(&self) -> bool {
        matches!(self, Self::BrokenPipe)
    }
}
