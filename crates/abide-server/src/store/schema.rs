//! The tables, as the steps that lead to them: how a file of any earlier layout becomes one of this program's.

use rusqlite::{Connection, TransactionBehavior};

/// Marks a file as this server's, in the header field that SQLite keeps for that ("abid").
pub(super) const APPLICATION_ID: i64 = 0x6162_6964;

/// Each step leads from the layout of its place in this list to the next one; a missing file has layout 0.
///
/// A step that was released is never edited: files exist that it made. A change of the tables is another step.
pub(super) const STEPS: &[&str] = &[SESSIONS];

const SESSIONS: &str = "
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

/// The layout that `steps` lead to.
pub(super) const fn layout(steps: &[&str]) -> i64 {
    steps.len().cast_signed() as i64
}

/// Makes the steps that a file lacks, all or none of them.
///
/// It writes even when no step is missing: that nothing can be stored shows when the server starts, not at the first
/// session.
pub(super) fn bring_up_to_date(connection: &mut Connection, steps: &[&str]) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let done: i64 = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    for step in steps.iter().skip(usize::try_from(done).unwrap_or(0)) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", layout(steps))?;
    transaction.commit()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Brings a file through the first steps, then through all; the layout and the tables that it has then.
    #[track_caller]
    fn check(first: &[&str], all: &[&str], expected: Result<(i64, i64), ()>) {
        let mut connection = Connection::open_in_memory().unwrap();
        bring_up_to_date(&mut connection, first).unwrap();
        let outcome = bring_up_to_date(&mut connection, all);
        let number = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
        let found = (number("PRAGMA user_version"), number("SELECT count(*) FROM sqlite_schema"));
        match expected {
            Ok(expected) => assert_eq!((outcome.is_ok(), found), (true, expected)),
            Err(()) => assert_eq!((outcome.is_err(), found), (true, (layout(first), layout(first)))),
        }
    }

    #[test]
    fn steps_are_made_once_and_in_order() {
        let (a, b, c) = ("CREATE TABLE a (n)", "CREATE TABLE b (n)", "ALTER TABLE b ADD COLUMN m");
        check(&[], &[], Ok((0, 0)));
        check(&[], &[a, b, c], Ok((3, 2)));
        check(&[a], &[a, b, c], Ok((3, 2)));
        check(&[a, b, c], &[a, b, c], Ok((3, 2)));
    }

    #[test]
    fn a_step_that_fails_leaves_the_layout_that_was_there() {
        let (a, b) = ("CREATE TABLE a (n)", "CREATE TABLE b (n)");
        check(&[a], &[a, b, "no SQL"], Err(()));
        check(&[a], &[a, b, "CREATE TABLE a (n)"], Err(()));
    }
}
