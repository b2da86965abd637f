//! What is counted of each Calmyx key: its deletions, for ever, and what it had scored this month.

use rusqlite::{OptionalExtension, Transaction};

use crate::{clock::Moment, credentials::Owner, error::ServerError};

/// What stands for a key in the tables, because it is shorter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Account(pub(super) i64);

/// What a key has used up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Used {
    /// Listings that were deleted, ever.
    pub(crate) deletions: u64,
    /// Locations that were sent to be scored in the month of asking.
    pub(crate) scored: u64,
}

/// The account of `owner`, which this opens when it is not there.
pub(crate) fn open(database: &Transaction<'_>, owner: Owner) -> Result<Account, ServerError> {
    if let Some(account) = find(database, owner)? {
        return Ok(account);
    }
    database.prepare_cached("INSERT INTO calmyx_account (owner) VALUES (?1)")?.execute([owner.0])?;
    Ok(Account(database.last_insert_rowid()))
}

/// The account of `owner`; `None` when it never created anything.
pub(crate) fn find(database: &Transaction<'_>, owner: Owner) -> Result<Option<Account>, ServerError> {
    Ok(database
        .prepare_cached("SELECT account FROM calmyx_account WHERE owner = ?1")?
        .query_row([owner.0], |row| row.get(0).map(Account))
        .optional()?)
}

/// What the account has used up at `now`.
pub(crate) fn used(database: &Transaction<'_>, account: Account, now: Moment) -> Result<Used, ServerError> {
    let mut statement =
        database.prepare_cached("SELECT deletions, scored, month FROM calmyx_account WHERE account = ?1")?;
    let (deletions, scored, month): (i64, i64, i64) =
        statement.query_row([account.0], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let this_month = month == now.start_of_month().as_micros();
    Ok(Used { deletions: count(deletions), scored: if this_month { count(scored) } else { 0 } })
}

/// Stores what the account has used up at `now`.
pub(crate) fn save(database: &Transaction<'_>, account: Account, used: Used, now: Moment) -> Result<(), ServerError> {
    database
        .prepare_cached("UPDATE calmyx_account SET deletions = ?2, scored = ?3, month = ?4 WHERE account = ?1")?
        .execute((account.0, stored(used.deletions), stored(used.scored), now.start_of_month().as_micros()))?;
    Ok(())
}

pub(super) fn count(stored: i64) -> u64 {
    u64::try_from(stored).unwrap_or(0)
}

fn stored(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::store::Store;

    #[tokio::test]
    async fn deletions_stay_and_a_month_begins_at_zero() {
        let store = Store::open(None).unwrap();
        let january = Moment::from_micros(1_768_473_000_000_000);
        let found = store
            .transaction(move |database| {
                let (one, other) = (open(database, Owner([1; 32]))?, open(database, Owner([2; 32]))?);
                assert_eq!((find(database, Owner([1; 32]))?, find(database, Owner([3; 32]))?), (Some(one), None));
                save(database, one, Used { deletions: 3, scored: 7 }, january)?;
                let february = january.plus(Duration::from_hours(24 * 20));
                Ok([used(database, one, january)?, used(database, one, february)?, used(database, other, january)?])
            })
            .await
            .unwrap();
        let [january, february, other] = found;
        assert_eq!(january, Used { deletions: 3, scored: 7 });
        assert_eq!(february, Used { deletions: 3, scored: 0 });
        assert_eq!(other, Used::default());
    }
}
