//! The file of a journal: private, locked, a line a record.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::error::JournalError;
use super::record::{HEADER_START, Header, Record};

/// How often a file is opened again that was removed in between.
const ATTEMPTS: u32 = 8;

/// An open file that nobody else writes.
pub(super) struct JournalFile {
    path: PathBuf,
    file: File,
    /// How long it is without a line that was not written to its end.
    whole: u64,
    removed: bool,
}

impl JournalFile {
    /// Opens and locks it; `None` when it is not there and is not to be created.
    pub(super) fn open(path: &Path, create: bool) -> Result<Option<Self>, JournalError> {
        let unusable = |source| JournalError::Unusable { path: path.to_owned(), source };
        for _ in 0..ATTEMPTS {
            let file = match options(create).open(path) {
                Ok(file) => file,
                Err(cause) if cause.kind() == io::ErrorKind::NotFound && !create => return Ok(None),
                Err(cause) => return Err(unusable(cause)),
            };
            match file.try_lock() {
                Ok(()) => {}
                // Some network disks know no locks.
                Err(TryLockError::Error(cause)) if cause.kind() == io::ErrorKind::Unsupported => {}
                Err(TryLockError::WouldBlock) => return Err(JournalError::InUse { path: path.to_owned() }),
                Err(TryLockError::Error(cause)) => return Err(unusable(cause)),
            }
            // Another run may have ended, and removed it, between the opening and the locking.
            if stands_at(&file, path) {
                return Ok(Some(Self { path: path.to_owned(), file, whole: 0, removed: false }));
            }
        }
        Err(JournalError::InUse { path: path.to_owned() })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The lines. What stands behind the last line end was being written when a process died, and does not count; `None`
    /// where nothing else stands there and it cannot have been a header either.
    pub(super) fn lines(&mut self) -> Result<Option<Vec<Vec<u8>>>, JournalError> {
        let mut bytes = Vec::new();
        self.file.read_to_end(&mut bytes).map_err(|cause| self.unusable(cause))?;
        let Some(last) = bytes.iter().rposition(|byte| *byte == b'\n') else {
            let is_begun = bytes.starts_with(HEADER_START) || HEADER_START.starts_with(&bytes);
            return Ok(is_begun.then(Vec::new));
        };
        bytes.truncate(last);
        self.whole = last as u64 + 1;
        Ok(Some(bytes.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect()))
    }

    /// Cuts off what was not written to its end, so that more can be added.
    pub(super) fn mend(&mut self) -> Result<(), JournalError> {
        self.file.set_len(self.whole).map_err(|cause| self.unusable(cause))
    }

    /// Begins it anew.
    pub(super) fn begin(&mut self, header: &Header) -> Result<(), JournalError> {
        let begun = self.file.set_len(0).and_then(|()| self.add(header));
        begun.map_err(|cause| self.unusable(cause))
    }

    /// Adds a record, in one piece. The announcement of a create call is on the disk before this returns, so that not even a
    /// power cut makes a second one of it.
    pub(super) fn append(&mut self, record: &Record) -> Result<(), JournalError> {
        let mut added = self.add(record);
        if matches!(record, Record::Creating(_)) {
            added = added.and_then(|()| self.file.sync_data());
        }
        added.map_err(|cause| self.unusable(cause))
    }

    /// Removes it. One that cannot be removed says that a run is not finished, which resuming it mends.
    pub(super) fn remove(&mut self) {
        self.removed = self.removed || fs::remove_file(&self.path).is_ok();
    }

    pub(super) fn is_removed(&self) -> bool {
        self.removed
    }

    fn add(&mut self, line: &impl Serialize) -> io::Result<()> {
        let mut text = serde_json::to_vec(line)?;
        text.push(b'\n');
        self.file.write_all(&text)
    }

    fn unusable(&self, source: io::Error) -> JournalError {
        JournalError::Unusable { path: self.path.clone(), source }
    }
}

fn options(create: bool) -> fs::OpenOptions {
    let mut options = File::options();
    options.read(true).append(true).create(create);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options
}

#[cfg(unix)]
fn stands_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (file.metadata(), fs::metadata(path)) {
        (Ok(open), Ok(standing)) => (open.dev(), open.ino()) == (standing.dev(), standing.ino()),
        (Ok(_) | Err(_), Ok(_) | Err(_)) => false,
    }
}

#[cfg(not(unix))]
fn stands_at(_: &File, path: &Path) -> bool {
    path.exists()
}
