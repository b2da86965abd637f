//! Opening the database file: whose it is, whether it is sound, and what holds while it is open.
//!
//! A file that cannot be used is refused and left as it is; nothing is ever created over it.

#[cfg(unix)]
use std::{fs::Permissions, os::unix::fs::PermissionsExt};
use std::{
    fs::{self, File, OpenOptions},
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{Connection, ErrorCode, TransactionBehavior};

use super::{
    layout,
    lock::{Lock, Refused},
};
use crate::error::ServerError;

/// Marks a file as this server's, in the header field that SQLite keeps for that ("abid").
const APPLICATION_ID: i64 = 0x6162_6964;
/// How long to wait for another process that holds the file, such as a backup.
const BUSY: Duration = Duration::from_secs(5);
/// How many statements a connection keeps prepared.
const STATEMENTS: usize = 64;
/// Files up to this size, in bytes, are looked through when they are opened; larger ones would hold up the start.
const LOOKED_THROUGH: u64 = 64 * 1024 * 1024;
/// The write-ahead log is cut back to this size, in bytes, once what it held is in the file.
const LOG_SIZE: i64 = 16 * 1024 * 1024;

/// A file that is ready to be written to, and held against other servers.
#[derive(Debug)]
pub(crate) struct Opened {
    // Dropped first: the lock outlives the connection.
    pub(crate) connection: Connection,
    pub(super) lock: Lock,
}

/// A database that lives as long as its connection.
pub(super) fn open_memory() -> Result<Connection, ServerError> {
    let mut connection = Connection::open_in_memory()?;
    configure(&connection)?;
    bring_up_to_date(&mut connection)?;
    Ok(connection)
}

/// The database in `path`; a missing or empty file becomes one.
pub(crate) fn open(path: &Path) -> Result<Opened, ServerError> {
    let lock = Lock::take(path).map_err(|refused| match refused {
        Refused::Held(process) => ServerError::DatabaseInUse { path: path.to_owned(), process },
        Refused::Failed(error) => unwritable(path, error),
    })?;
    refuse_orphaned_log(path)?;
    create_private(path).map_err(|error| unwritable(path, error))?;
    let explain = |error| explain(path, error);
    let mut connection = Connection::open(path).map_err(explain)?;
    // Recognised before anything is changed: a file of another program stays as it is.
    recognise(path, &connection)?;
    look_through(path, &connection)?;
    #[cfg(unix)]
    mention_others(path);
    configure(&connection).map_err(explain)?;
    ensure_logged(path, &connection)?;
    bring_up_to_date(&mut connection)
        .map_err(|error| if let ServerError::Storage(error) = error { explain(error) } else { error })?;
    Ok(Opened { connection, lock })
}

/// One more connection to a file that is open, which cannot write.
pub(super) fn open_reader(path: &Path) -> Result<Connection, ServerError> {
    let open = || {
        let connection = Connection::open(path)?;
        configure(&connection)?;
        connection.pragma_update(None, "query_only", "ON")?;
        Ok(connection)
    };
    open().map_err(|error| explain(path, error))
}

/// Opens a file, creating it before SQLite does, because SQLite would let the whole group read it. The journal files
/// beside a database take their mode from it.
pub(super) fn create_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    close_to_others(&file)?;
    Ok(file)
}

/// Makes an empty file that somebody left there as private as one that this server makes.
fn close_to_others(file: &File) -> io::Result<()> {
    let metadata = file.metadata()?;
    if metadata.is_file() && metadata.len() == 0 {
        #[cfg(unix)]
        file.set_permissions(Permissions::from_mode(0o600))?;
    }
    Ok(())
}

/// A write-ahead log without its file holds what was acknowledged. SQLite would throw it away.
fn refuse_orphaned_log(path: &Path) -> Result<(), ServerError> {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    let size = |path: &Path| fs::metadata(path).map_or(0, |metadata| metadata.len());
    if size(path) == 0 && size(&PathBuf::from(log)) > 0 {
        return Err(damaged(path, "the file is missing or empty, but its write-ahead log is not"));
    }
    Ok(())
}

/// A file with sessions may have been opened to others on purpose: that is only told.
#[cfg(unix)]
fn mention_others(path: &Path) {
    let mode = fs::metadata(path).map_or(0, |metadata| metadata.permissions().mode());
    if mode.trailing_zeros() < 6 {
        tracing::warn!(file = %path.display(), "others on this machine can open the database; chmod 600 keeps it private");
    }
}

/// Whether this server may use the file: it holds its tables, of this layout or an older one, or nothing at all.
fn recognise(path: &Path, connection: &Connection) -> Result<(), ServerError> {
    let number = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0));
    let header = || {
        Ok((
            number("PRAGMA application_id")?,
            number("PRAGMA user_version")?,
            number("SELECT count(*) FROM sqlite_schema")?,
        ))
    };
    let supported = layout::NEWEST;
    match header().map_err(|error| explain(path, error))? {
        (0, 0, 0) => Ok(()),
        (APPLICATION_ID, found, _) if (1..=supported).contains(&found) => Ok(()),
        (APPLICATION_ID, found, _) => Err(ServerError::DatabaseVersion { path: path.to_owned(), found, supported }),
        _ => Err(ServerError::NotADatabase { path: path.to_owned(), source: None }),
    }
}

/// Looks for damage before it can spread. What is damaged in a file too large for that shows when it is read.
fn look_through(path: &Path, connection: &Connection) -> Result<(), ServerError> {
    if fs::metadata(path).map_or(0, |metadata| metadata.len()) > LOOKED_THROUGH {
        return Ok(());
    }
    let verdict: String =
        connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).map_err(|error| explain(path, error))?;
    if verdict == "ok" { Ok(()) } else { Err(damaged(path, verdict)) }
}

fn configure(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update_and_check(None, "journal_size_limit", LOG_SIZE, |_| Ok(()))?;
    connection.pragma_update(None, "trusted_schema", "OFF")?;
    connection.pragma_update(None, "secure_delete", "ON")
}

/// Some network file systems know no write-ahead log; readers would then hold up the writer.
fn ensure_logged(path: &Path, connection: &Connection) -> Result<(), ServerError> {
    let mode: String =
        connection.query_row("PRAGMA journal_mode", [], |row| row.get(0)).map_err(|error| explain(path, error))?;
    if mode == "wal" { Ok(()) } else { Err(unwritable(path, "this file system knows no write-ahead log")) }
}

/// Brings the tables to the newest layout. It writes in any case, to find out when the server starts, and not at the
/// first session, that nothing can be stored.
fn bring_up_to_date(connection: &mut Connection) -> Result<(), ServerError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    layout::upgrade(&transaction, found)?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", layout::NEWEST)?;
    Ok(transaction.commit()?)
}

fn explain(path: &Path, error: rusqlite::Error) -> ServerError {
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => ServerError::NotADatabase { path: path.to_owned(), source: Some(error) },
        Some(ErrorCode::DatabaseCorrupt) => damaged(path, error),
        _ => unwritable(path, error),
    }
}

fn unwritable(path: &Path, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> ServerError {
    ServerError::DatabaseUnwritable { path: path.to_owned(), source: source.into() }
}

fn damaged(path: &Path, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> ServerError {
    ServerError::DatabaseDamaged { path: path.to_owned(), source: source.into() }
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::*;

    type Kind = fn(&ServerError) -> bool;

    /// Opens a file with `content` (`None`: no file) and compares the kind of error.
    #[track_caller]
    fn check(content: Option<&[u8]>, expected: Result<(), Kind>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sessions.db");
        if let Some(content) = content {
            fs::write(&path, content).unwrap();
        }
        match (open(&path), expected) {
            (Ok(_), Ok(())) => {}
            (Err(error), Err(is)) => {
                assert!(is(&error), "{error:?}");
                assert!(error.is_database());
                assert!(error.to_string().contains("sessions.db"), "names the file: {error}");
                assert_eq!(fs::read(&path).unwrap(), content.unwrap(), "and leaves it as it was");
                assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "with nothing beside it");
            }
            (found, _) => panic!("{found:?}"),
        }
    }

    fn not_a_database(error: &ServerError) -> bool {
        matches!(error, ServerError::NotADatabase { .. })
    }

    fn is_damaged(error: &ServerError) -> bool {
        matches!(error, ServerError::DatabaseDamaged { .. }) && error.source().is_some()
    }

    fn sqlite_file(sql: &str) -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("other.db");
        Connection::open(&path).unwrap().execute_batch(sql).unwrap();
        fs::read(path).unwrap()
    }

    /// A file of this server with a few pages of sessions.
    fn own_file() -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sessions.db");
        let opened = open(&path).unwrap();
        opened
            .connection
            .execute_batch(
                "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 200)
                 INSERT INTO calmyx_session (session_id, owner, secret, submitted_at, speed, allowance, locations)
                 SELECT 'session ' || n, zeroblob(32), zeroblob(16), n, 1, NULL, zeroblob(160) FROM n",
            )
            .unwrap();
        drop(opened);
        fs::read(path).unwrap()
    }

    #[test]
    fn files_that_are_not_ours_are_refused_and_left_alone() {
        check(Some(b"name,lat,lng\n"), Err(not_a_database));
        check(Some(&[b'x'; 5000]), Err(not_a_database));
        check(Some(&sqlite_file("CREATE TABLE t (a)")), Err(not_a_database));
        check(Some(&sqlite_file("PRAGMA user_version = 1; CREATE TABLE t (a)")), Err(not_a_database));
    }

    #[test]
    fn files_of_a_later_layout_are_refused_and_left_alone() {
        let later = layout::NEWEST + 1;
        let sql =
            format!("PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {later}; CREATE TABLE later (n)");
        check(
            Some(&sqlite_file(&sql)),
            Err(|error| matches!(error, ServerError::DatabaseVersion { found, .. } if *found == layout::NEWEST + 1)),
        );
    }

    #[test]
    fn damaged_files_are_refused_and_left_alone() {
        let sound = own_file();
        let pages = sound.len() / 4096;
        assert!(pages > 10);
        check(Some(&sound[..sound.len() / 2]), Err(is_damaged));
        check(Some(&sound[..4096 + 100]), Err(is_damaged));
        check(Some(&sound[..100]), Err(|error| not_a_database(error) || is_damaged(error)));
        for page in 1..pages {
            let mut damaged = sound.clone();
            damaged[page * 4096..][..64].fill(0xFF);
            check(Some(&damaged), Err(is_damaged));
        }
        let mut no_schema = sound.clone();
        no_schema[100..200].fill(0xFF);
        check(Some(&no_schema), Err(is_damaged));
        check(Some(&sound), Ok(()));
    }

    #[test]
    fn a_log_without_its_file_is_not_thrown_away() {
        for file in [None, Some(b"")] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("sessions.db");
            if let Some(content) = file {
                fs::write(&path, content).unwrap();
            }
            let log = folder.path().join("sessions.db-wal");
            fs::write(&log, b"what was acknowledged").unwrap();
            let error = open(&path).unwrap_err();
            assert!(is_damaged(&error), "{error:?}");
            assert_eq!(fs::read(&log).unwrap(), b"what was acknowledged");
        }
    }

    #[test]
    fn missing_and_empty_files_become_databases() {
        check(None, Ok(()));
        check(Some(b""), Ok(()));
    }

    #[test]
    fn a_second_server_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sessions.db");
        let first = open(&path).unwrap();
        let error = open(&path).unwrap_err();
        assert!(error.is_database());
        let process = format!("in use by another server (process {})", std::process::id());
        assert!(error.to_string().contains(&process), "{error}");
        drop(first);
        open(&path).unwrap();
    }

    #[test]
    fn places_that_cannot_be_written_are_named() {
        let folder = tempfile::tempdir().unwrap();
        for path in [folder.path().to_owned(), folder.path().join("no/such/folder.db")] {
            let error = open(&path).unwrap_err();
            assert!(matches!(error, ServerError::DatabaseUnwritable { .. }), "{error:?}");
            assert!(error.to_string().contains(&*path.to_string_lossy()), "{error}");
        }
    }

    /// Does nothing for a user whom no permission stops.
    #[cfg(unix)]
    #[test]
    fn a_folder_or_file_that_is_read_only_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sessions.db");
        fs::write(&path, own_file()).unwrap();
        let set = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        for (folder_mode, file_mode) in [(0o500, 0o600), (0o700, 0o400), (0o500, 0o400)] {
            set(&path, file_mode);
            set(folder.path(), folder_mode);
            let permitted =
                OpenOptions::new().write(true).open(&path).is_ok() && File::create(folder.path().join("probe")).is_ok();
            let outcome = open(&path);
            set(folder.path(), 0o700);
            if !permitted {
                let error = outcome.unwrap_err();
                assert!(matches!(error, ServerError::DatabaseUnwritable { .. }), "{error:?}");
                assert!(error.to_string().contains("sessions.db"), "{error}");
            }
        }
    }

    #[test]
    fn settings_keep_what_is_acknowledged() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sessions.db");
        let opened = open(&path).unwrap();
        for connection in [&opened.connection, &open_reader(&path).unwrap()] {
            let text = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, String>(0)).unwrap();
            let number = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
            assert_eq!(text("PRAGMA journal_mode"), "wal");
            assert_eq!(number("PRAGMA synchronous"), 2, "FULL");
            assert_eq!(number("PRAGMA busy_timeout"), 5000);
            assert_eq!(number("PRAGMA user_version"), layout::NEWEST);
        }
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_can_read_the_files() {
        let folder = tempfile::tempdir().unwrap();
        let opened = open(&folder.path().join("sessions.db")).unwrap();
        let entries: Vec<_> = fs::read_dir(folder.path()).unwrap().map(Result::unwrap).collect();
        assert!(entries.len() > 2, "the lock and the write-ahead log are there too");
        for entry in entries {
            assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{entry:?}");
        }
        drop(opened);
    }

    #[cfg(unix)]
    #[test]
    fn an_empty_file_is_made_private_and_one_with_sessions_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sessions.db");
        let mode = || fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        fs::write(&path, "").unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
        drop(open(&path).unwrap());
        assert_eq!(mode(), 0o600);
        fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
        drop(open(&path).unwrap());
        assert_eq!(mode(), 0o640);
    }
}
