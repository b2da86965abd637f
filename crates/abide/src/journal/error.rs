//! Why a run can neither begin nor go on with the journal beside its output.

use std::{io, path::PathBuf};

use crate::safe_text::Safe;

/// What is wrong with a journal, and what to do. The reason that the system gives is the `source()`.
#[derive(Debug, thiserror::Error)]
pub(crate) enum JournalError {
    #[error("--resume needs -o FILE: what went to standard output, a pipe or a device cannot be gone on with")]
    NoFile,
    #[error(
        "nothing to resume: there is no {}; a run that finished leaves none; leave --resume out to begin one",
        Safe(&path.to_string_lossy())
    )]
    NothingToResume { path: PathBuf },
    #[error(
        "{0}: a run into this output is not finished; add --resume to go on with it, or remove {0} to begin anew, \
         which sends again what was sent",
        Safe(&path.to_string_lossy())
    )]
    Unfinished { path: PathBuf },
    #[error("{}: another run is writing this output; let it end, or choose another -o", Safe(&path.to_string_lossy()))]
    InUse { path: PathBuf },
    #[error(
        "{0}: this run was begun with {difference}; go on with that, or remove {0} to begin anew",
        Safe(&path.to_string_lossy())
    )]
    OtherRun { path: PathBuf, difference: String },
    #[error(
        "{0}: another version of this program wrote it (format {found}); go on with that one, or remove {0} to begin anew",
        Safe(&path.to_string_lossy())
    )]
    OtherVersion { path: PathBuf, found: u32 },
    #[error(
        "{0}, line {line}: this is not what a run writes there; the sessions named in it may still be watched; move {0} \
         away to begin anew",
        Safe(&path.to_string_lossy())
    )]
    Damaged { path: PathBuf, line: usize },
    #[error(
        "{}: the state of the run cannot be kept here; check the folder, its permissions and the space on the disk",
        Safe(&path.to_string_lossy())
    )]
    Unusable { path: PathBuf, source: io::Error },
}

impl JournalError {
    /// Whether the system refused, rather than the command being the wrong one.
    pub(crate) fn is_unusable(&self) -> bool {
        matches!(self, Self::Unusable { .. })
    }
}
