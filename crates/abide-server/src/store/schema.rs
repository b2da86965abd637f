//! The database file: how it is created, recognised and laid out.

use std::{fs::OpenOptions, io, path::Path, time::Duration};

use rusqlite::{Connection, ErrorCode, TransactionBehavior};

use crate::error::ServerError;

/// Marks a file as this server's, in the header field that SQLite keeps for that ("abid").
const APPLICATION_ID: i64 = 0x6162_6964;
/// The layout below. A file with a higher number is refused.
const LAYOUT: i64 = 2;
/// How long to wait for another process that holds the file.
const BUSY: Duration = Duration::from_secs(5);

const TABLES: &str = "
    CREATE TABLE calmyx_session (
        session_id   TEXT PRIMARY KEY,
        owner        BLOB NOT NULL,     -- SHA-256 of the key that created it
        secret       BLOB NOT NULL,     -- 16 random bytes: pace and listing ids derive from them
        submitted_at INTEGER NOT NULL,  -- microseconds since 1970, as all times here
        speed        INTEGER NOT NULL,  -- durations of this session are divided by it
        allowance    INTEGER,           -- listings that it may create; NULL is any number
        listings     INTEGER NOT NULL,  -- listings that it does create
        locations    BLOB NOT NULL      -- latitude and longitude, two little-endian doubles each
    ) STRICT;
    CREATE INDEX calmyx_session_by_owner ON calmyx_session (owner, listings);
    CREATE TABLE hum_session (
        token         TEXT PRIMARY KEY,
        owner         BLOB NOT NULL,
        created_at    INTEGER NOT NULL,
        speed         INTEGER NOT NULL,
        last_activity INTEGER NOT NULL,
        ended_at      INTEGER,          -- when it was closed, or first seen to be expired
        street1       TEXT NOT NULL,
        street2       TEXT,
        city          TEXT,
        state         TEXT,
        zip           TEXT,
        latitude      REAL,
        longitude     REAL,
        campaign_id   TEXT
    ) STRICT;
";

/// What layout 2 has more than layout 1.
const SCENARIOS: &str = "
    ALTER TABLE calmyx_session ADD COLUMN scenario TEXT;  -- how the session goes, as JSON; NULL as any other
    ALTER TABLE hum_session ADD COLUMN scenario TEXT;
";

/// A database that lives as long as its connection.
pub(super) fn open_memory() -> Result<Connection, ServerError> {
    let mut connection = Connection::open_in_memory()?;
    configure(&connection)?;
    create_tables(&mut connection)?;
    Ok(connection)
}

/// The database in `path`; a missing or empty file becomes one.
pub(super) fn open_file(path: &Path) -> Result<Connection, ServerError> {
    create_private(path)
        .map_err(|source| ServerError::DatabaseUnwritable { path: path.to_owned(), source: source.into() })?;
    let explain = |error| explain(path, error);
    let mut connection = Connection::open(path).map_err(explain)?;
    // Recognised before anything is changed: a file of another program stays as it is.
    let known = recognise(path, &connection)?;
    configure(&connection).map_err(explain)?;
    if !known {
        create_tables(&mut connection).map_err(explain)?;
    }
    ensure_writable(&mut connection).map_err(explain)?;
    Ok(connection)
}

/// Creates the file before SQLite does, because SQLite would let the whole group read it. The journal files beside it
/// take their mode from it.
fn create_private(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

/// Whether the file holds this server's tables already; an error when it holds something else.
fn recognise(path: &Path, connection: &Connection) -> Result<bool, ServerError> {
    let number = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0));
    let header = || {
        Ok((
            number("PRAGMA application_id")?,
            number("PRAGMA user_version")?,
            number("SELECT count(*) FROM sqlite_schema")?,
        ))
    };
    match header().map_err(|error| explain(path, error))? {
        (0, 0, 0) => Ok(false),
        (APPLICATION_ID, 1..=LAYOUT, _) => Ok(true),
        (APPLICATION_ID, found, _) => {
            Err(ServerError::DatabaseVersion { path: path.to_owned(), found, supported: LAYOUT })
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

fn create_tables(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have been first between the look at the file and this lock.
    let tables: i64 = transaction.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if tables == 0 {
        transaction.execute_batch(TABLES)?;
        transaction.execute_batch(SCENARIOS)?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", LAYOUT)?;
    }
    transaction.commit()
}

/// Finds out that nothing can be stored when the server starts, not at the first session.
fn ensure_writable(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let layout: i64 = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if layout < LAYOUT {
        transaction.execute_batch(SCENARIOS)?;
    }
    transaction.pragma_update(None, "user_version", LAYOUT)?;
    transaction.commit()
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
        let newer = format!("PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = 3; {TABLES}");
        check(Some(&sqlite_file(&newer)), Err(|error| matches!(error, ServerError::DatabaseVersion { found: 3, .. })));
    }

    #[test]
    fn a_file_of_the_first_layout_is_brought_up_to_date() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sessions.db");
        let first = format!("PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = 1; {TABLES}");
        fs::write(&path, sqlite_file(&first)).unwrap();
        for _ in 0..2 {
            let connection = open_file(&path).unwrap();
            let columns = "SELECT count(*) FROM pragma_table_info('hum_session') WHERE name = 'scenario'";
            assert_eq!(connection.query_row(columns, [], |row| row.get::<_, i64>(0)).unwrap(), 1);
        }
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
        assert_eq!(number("PRAGMA user_version"), LAYOUT);
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_can_read_the_files() {
        use std::os::unix::fs::PermissionsExt;

        let folder = tempfile::tempdir().unwrap();
        let connection = open_file(&folder.path().join("sessions.db")).unwrap();
        let entries: Vec<_> = fs::read_dir(folder.path()).unwrap().map(Result::unwrap).collect();
        assert!(entries.len() > 1, "the write-ahead log is there too");
        for entry in entries {
            assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{entry:?}");
        }
        drop(connection);
    }
}
