//! The layouts that the database file has had, and how each becomes the next.
//!
//! What is written here once stays as it is: files of every layout are out there.

use rusqlite::Transaction;

use crate::error::ServerError;

/// The layout that this program reads and writes. A file with a higher number is refused.
pub(super) const NEWEST: i64 = 1;

const LAYOUT_1: &str = "
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

/// Brings the tables from layout `found` (0 where there are none) to the newest.
pub(super) fn upgrade(database: &Transaction<'_>, found: i64) -> Result<(), ServerError> {
    if found < 1 {
        database.execute_batch(LAYOUT_1)?;
    }
    Ok(())
}
