//! The database file: how it is created, recognised and laid out.

#[cfg(unix)]
use std::{fs::Permissions, os::unix::fs::PermissionsExt};
use std::{
    fs::{File, OpenOptions},
    io,
    path::Path,
    time::Duration,
};

use rusqlite::{Connection, ErrorCode, TransactionBehavior};

use super::layout;
use crate::error::ServerError;

/// Marks a file as this server's, in the header field that SQLite keeps for that ("abid").
const APPLICATION_ID: i64 = 0x6162_6964;
/// How long to wait for another process that holds the file.
const BUSY: Duration = Duration::from_secs(5);

/// A database that lives as long as its connection.
pub(super) fn open_memory() -> Result<Connection, ServerError> {
    let mut connection = Connection::open_in_memory()?;
    configure(&connection)?;
    bring_up_to_date(&mut connection)?;
    Ok(connection)
}

/// The database in `path`; a missing or empty file becomes one.
pub(super) fn open_file(path: &Path) -> Result<Connection, ServerError> {
    create_private(path)
        .map_err(|source| ServerError::DatabaseUnwritable { path: path.to_owned(), source: source.into() })?;
    let explain = |error| explain(path, error);
    let mut connection = Connection::open(path).map_err(explain)?;
    // Recognised before anything is changed: a file of another program stays as it is.
    recognise(path, &connection)?;
    #[cfg(unix)]
    mention_others(path);
    configure(&connection).map_err(explain)?;
    bring_up_to_date(&mut connection)
        .map_err(|error| if let ServerError::Storage(error) = error { explain(error) } else { error })?;
    Ok(connection)
}

/// Creates the file before SQLite does, because SQLite would let the whole group read it. The journal files beside it
/// take their mode from it.
fn create_private(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).and_then(|file| close_to_others(&file))
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

/// A file with sessions may have been opened to others on purpose: that is only told.
#[cfg(unix)]
fn mention_others(path: &Path) {
    let mode = std::fs::metadata(path).map_or(0, |metadata| metadata.permissions().mode());
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
    match header().map_err(|error| explain(path, error))? {
        (0, 0, 0) => Ok(()),
        (APPLICATION_ID, found, _) if (1..=layout::NEWEST).contains(&found) => Ok(()),
        (APPLICATION_ID, found, _) => {
            Err(ServerError::DatabaseVersion { path: path.to_owned(), found, supported: layout::NEWEST })
        }
        _ => Err(ServerError::NotADatabase { path: path.to_owned(), source: None }),
    }
}

fn configure(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY)?;
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "trusted_schema", "OFF")?;
    connection.pragma_update(None, "secure_delete", "ON")
}

/// Brings the tables to the newest layout. It writes in any case, to find out when the server starts, and not at the
/// first session, that nothing can be stored.
fn bring_up_to_date(connection: &mut Connection) -> Result<(), ServerError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Read again under the lock: another process may have been first.
    let found = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    layout::upgrade(&transaction, found)?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", layout::NEWEST)?;
    Ok(transaction.commit()?)
}

fn explain(path: &Path, error: rusqlite::Error) -> ServerError {
    let path = path.to_owned();
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
            ServerError::NotADatabase { path, source: Some(error) }
        }
        _ => ServerError::DatabaseUnwritable { path, source: error.into() },
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// Opens a file with `content` (`None`: no file) and compares the kind of error.
    #[track_caller]
    fn check(content: Option<&[u8]>, expected: Result<(), fn(&ServerError) -> bool>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sessions.db");
        if let Some(content) = content {
            fs::write(&path, content).unwrap();
        }
        match (open_file(&path), expected) {
            (Ok(_), Ok(())) => {}
            (Err(error), Err(is)) => {
                assert!(is(&error), "{error:?}");
                assert!(error.is_database());
                assert!(error.to_string().contains("sessions.db"), "names the file: {error}");
                assert_eq!(fs::read(&path).unwrap(), content.unwrap(), "and leaves it as it was");
            }
            (found, _) => panic!("{found:?}"),
        }
    }

    fn not_a_database(error: &ServerError) -> bool {
        matches!(error, ServerError::NotADatabase { .. })
    }

    fn sqlite_file(sql: &str) -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("other.db");
        Connection::open(&path).unwrap().execute_batch(sql).unwrap();
        fs::read(path).unwrap()
    }

    #[test]
    fn files_that_are_not_ours_are_refused_and_left_alone() {
        check(Some(b"name,lat,lng\n"), Err(not_a_database));
        check(Some(&[b'x'; 5000]), Err(not_a_database));
        check(Some(&sqlite_file("CREATE TABLE t (a)")), Err(not_a_database));
        check(Some(&sqlite_file("PRAGMA user_version = 1; CREATE TABLE t (a)")), Err(not_a_database));
        let newer = format!("PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = 3; CREATE TABLE t (a)");
        check(Some(&sqlite_file(&newer)), Err(|error| matches!(error, ServerError::DatabaseVersion { found: 3, .. })));
    }

    #[test]
    fn missing_and_empty_files_become_databases() {
        check(None, Ok(()));
        check(Some(b""), Ok(()));
    }

    #[test]
    fn places_that_cannot_be_written_are_named() {
        let folder = tempfile::tempdir().unwrap();
        for path in [folder.path().to_owned(), folder.path().join("no/such/folder.db")] {
            let error = open_file(&path).unwrap_err();
            assert!(matches!(error, ServerError::DatabaseUnwritable { .. }), "{error:?}");
            assert!(error.to_string().contains(&*path.to_string_lossy()), "{error}");
        }
    }

    #[test]
    fn settings_keep_what_is_acknowledged() {
        let folder = tempfile::tempdir().unwrap();
        let connection = open_file(&folder.path().join("sessions.db")).unwrap();
        let text = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, String>(0)).unwrap();
        let number = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
        assert_eq!(text("PRAGMA journal_mode"), "wal");
        assert_eq!(number("PRAGMA synchronous"), 2, "FULL");
        assert_eq!(number("PRAGMA busy_timeout"), 5000);
        assert_eq!(number("PRAGMA user_version"), layout::NEWEST);
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_can_read_the_files() {
        let folder = tempfile::tempdir().unwrap();
        let connection = open_file(&folder.path().join("sessions.db")).unwrap();
        let entries: Vec<_> = fs::read_dir(folder.path()).unwrap().map(Result::unwrap).collect();
        assert!(entries.len() > 1, "the write-ahead log is there too");
        for entry in entries {
            assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{entry:?}");
        }
        drop(connection);
    }

    #[cfg(unix)]
    #[test]
    fn an_empty_file_is_made_private_and_one_with_sessions_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sessions.db");
        let mode = || fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        fs::write(&path, "").unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
        drop(open_file(&path).unwrap());
        assert_eq!(mode(), 0o600);
        fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
        drop(open_file(&path).unwrap());
        assert_eq!(mode(), 0o640);
    }
}
