//! The time in the database: what no answer has gone beyond, and by how much the clock was moved.

use std::time::Duration;

use rusqlite::Transaction;

use crate::{clock::Moment, error::ServerError};

/// Allows answers to speak of every moment up to `until`.
pub(crate) fn allow_until(database: &Transaction<'_>, until: Moment) -> Result<(), ServerError> {
    database.prepare_cached("UPDATE clock SET shown = max(shown, ?1)")?.execute([until.as_micros()])?;
    Ok(())
}

/// Takes back what was allowed until `until` and not used beyond `used`, unless somebody else was allowed more.
pub(crate) fn give_back(database: &Transaction<'_>, until: Moment, used: Moment) -> Result<(), ServerError> {
    database
        .prepare_cached("UPDATE clock SET shown = ?2 WHERE shown = ?1 AND ?2 < ?1")?
        .execute([until.as_micros(), used.as_micros()])?;
    Ok(())
}

/// Remembers that the clock is moved.
pub(crate) fn remember_move(database: &Transaction<'_>, by: Duration) -> Result<(), ServerError> {
    let moved = Moment::from_micros(moved(database)?).plus(by);
    database.prepare_cached("UPDATE clock SET moved = ?1")?.execute([moved.as_micros()])?;
    Ok(())
}

/// By how much the clock was moved, ever.
pub(super) fn moved(database: &rusqlite::Connection) -> Result<i64, ServerError> {
    Ok(database.query_row("SELECT moved FROM clock", [], |row| row.get(0))?)
}
