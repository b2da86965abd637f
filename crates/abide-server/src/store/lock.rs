//! One server at a time on a database file.
//!
//! Two servers on one file would each keep their own clock and their own memory of sessions. The lock is on a file
//! beside the database and not on the database itself: closing any handle of a file drops all locks that SQLite holds
//! on it in this process. The operating system lets the lock go when the process ends, however it ends.

use std::{
    ffi::OsString,
    fs::{self, File, TryLockError},
    io::{self, Read, Seek, Write},
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use super::schema::create_private;

/// A server that is being stopped may need a moment to let go.
const ATTEMPTS: u32 = 10;
const PAUSE: Duration = Duration::from_millis(25);

/// Held as long as it exists.
#[derive(Debug)]
pub(super) struct Lock {
    path: PathBuf,
    file: File,
}

/// Why there is no lock.
#[derive(Debug)]
pub(super) enum Refused {
    /// Another server has it, with that process id where it could be read.
    Held(Option<u32>),
    Failed(io::Error),
}

impl From<io::Error> for Refused {
    fn from(error: io::Error) -> Self {
        Self::Failed(error)
    }
}

impl Lock {
    /// Takes the lock of `database`, waiting a moment for one who lets go.
    pub(super) fn take(database: &Path) -> Result<Self, Refused> {
        let mut name = OsString::from(database);
        name.push("-lock");
        let path = PathBuf::from(name);
        let mut holder = None;
        for attempt in 0..ATTEMPTS {
            if attempt > 0 {
                thread::sleep(PAUSE);
            }
            let mut file = create_private(&path)?;
            match file.try_lock() {
                Ok(()) if is_still(&file, &path) => {
                    note_process(&mut file)?;
                    return Ok(Self { path, file });
                }
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => holder = noted_process(&mut file),
                Err(TryLockError::Error(error)) => return Err(error.into()),
            }
        }
        Err(Refused::Held(holder))
    }
}

impl Drop for Lock {
    /// Removed while it is held, so that nobody else can hold a file of this name.
    fn drop(&mut self) {
        if cfg!(unix) {
            // One that stays behind does no harm: it is not locked.
            let _ = fs::remove_file(&self.path);
        }
        let _ = self.file.unlock();
    }
}

/// Whether `path` still names the file that was locked: its last holder may have removed it in between.
#[cfg(unix)]
fn is_still(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;

    let identity = |metadata: fs::Metadata| (metadata.dev(), metadata.ino());
    match (file.metadata(), fs::metadata(path)) {
        (Ok(locked), Ok(named)) => identity(locked) == identity(named),
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_still(_: &File, _: &Path) -> bool {
    true
}

fn note_process(file: &mut File) -> io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    write!(file, "{}", std::process::id())
}

fn noted_process(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.take(32).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_one_holder_and_it_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("sessions.db");
        let lock = Lock::take(&database).unwrap();
        match Lock::take(&database) {
            Err(Refused::Held(process)) => assert_eq!(process, Some(std::process::id())),
            other => panic!("{other:?}"),
        }
        drop(lock);
        drop(Lock::take(&database).unwrap());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is left behind");
    }

    #[test]
    fn one_who_lets_go_is_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("sessions.db");
        let lock = Lock::take(&database).unwrap();
        let waiting = thread::spawn(move || Lock::take(&database));
        thread::sleep(Duration::from_millis(20));
        drop(lock);
        waiting.join().unwrap().unwrap();
    }

    #[test]
    fn what_a_killed_process_left_is_taken_over() {
        let folder = tempfile::tempdir().unwrap();
        for left in ["", "12345", "no number", "\0\0\0\0"] {
            fs::write(folder.path().join("sessions.db-lock"), left).unwrap();
            Lock::take(&folder.path().join("sessions.db")).unwrap();
        }
    }
}
