//! Where sessions are kept: one SQLite file with one writer, in which acknowledged means stored.
//!
//! ```text
//! transaction ──▶ writer (one thread; what waits together is committed together) ──┐
//! read ─────────▶ readers (connections of their own, never held up by the writer) ─┴── file ── lock
//! ```
//!
//! Every change runs in a `BEGIN IMMEDIATE` transaction and is on disk before the caller hears of it. The clock is read
//! inside the transaction, so that times in the file follow its order.

mod account;
mod calmyx;
mod clock;
mod hum;
mod layout;
mod listing;
mod lock;
mod readers;
mod scenario;
mod schema;
mod writer;

use std::{path::Path, time::Duration};

use rusqlite::Transaction;

pub(crate) use self::{
    account::{Account, Used, find as find_account, open as open_account, save as save_used, used as used_by},
    calmyx::{CalmyxSession, insert as insert_calmyx, session as calmyx_session},
    clock::{allow_until, give_back, remember_move},
    hum::{
        HumSession, by_analytics_id as hum_session_by_analytics_id, each_of as each_hum_session_of,
        insert as insert_hum, save_life, session as hum_session,
    },
    listing::{
        Counts as ListingCounts, Listing, at as listing_at, counts as count_listings, delete as delete_listing,
        insert as insert_listings, of_id as listing_of_id,
    },
    schema::open as open_file,
};
use self::{readers::Readers, schema::Opened, writer::Writer};
use crate::{clock::Moment, error::ServerError};

/// The database. Dropping it waits for the changes that were asked for, closes the file and lets it go.
// The order of the fields is the order in which they are dropped: the writer closes the file, and the lock outlives it.
#[derive(Debug)]
pub(crate) struct Store {
    /// `None` in memory: such a database belongs to its one connection, so that reads queue with the changes.
    readers: Option<Readers>,
    writer: Writer,
    _lock: Option<lock::Lock>,
}

impl Store {
    /// Opens the file, creating it for this user only when it is missing; `None` keeps everything in memory.
    pub(crate) fn open(path: Option<&Path>) -> Result<Self, ServerError> {
        let (connection, readers, lock) = match path {
            Some(path) => {
                let Opened { connection, lock } = schema::open(path)?;
                (connection, Some(Readers::open(path)?), Some(lock))
            }
            None => (schema::open_memory()?, None, None),
        };
        Ok(Self { readers, writer: Writer::start(connection)?, _lock: lock })
    }

    /// Runs `act` in a transaction that is stored when it succeeds, and undone when it does not.
    pub(crate) async fn transaction<T, F>(&self, act: F) -> Result<T, ServerError>
    where
        T: Send + 'static,
        F: FnOnce(&Transaction<'_>) -> Result<T, ServerError> + Send + 'static,
    {
        self.writer.change(act).await
    }

    /// Runs `act`, which only reads, on one consistent state.
    pub(crate) async fn read<T, F>(&self, act: F) -> Result<T, ServerError>
    where
        T: Send + 'static,
        F: FnOnce(&Transaction<'_>) -> Result<T, ServerError> + Send + 'static,
    {
        match &self.readers {
            Some(readers) => readers.read(act).await,
            None => self.writer.change(act).await,
        }
    }

    /// The latest moment in the file: time must not go on from before it. It blocks, as opening does.
    pub(crate) fn latest_moment(&self) -> Result<Option<Moment>, ServerError> {
        self.writer.change_and_block(|database| {
            let latest: Option<i64> = database.query_row(
                "SELECT max(moment) FROM (SELECT max(submitted_at) AS moment FROM calmyx_session
                 UNION ALL SELECT max(last_activity) FROM hum_session
                 UNION ALL SELECT max(ended_at) FROM hum_session
                 UNION ALL SELECT shown FROM clock WHERE shown > 0)",
                [],
                |row| row.get(0),
            )?;
            Ok(latest.map(Moment::from_micros))
        })
    }

    /// By how much the clock was moved on purpose, ever. It blocks, as opening does.
    pub(crate) fn clock_moved(&self) -> Result<Duration, ServerError> {
        let moved = self.writer.change_and_block(|database| clock::moved(database))?;
        Ok(Duration::from_micros(u64::try_from(moved).unwrap_or(0)))
    }
}

/// Turns a stored value that this program cannot have written into an error, not a panic.
fn corrupt(column: usize, problem: &'static str) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Null, problem.into())
}

#[cfg(test)]
mod tests {
    use std::{num::NonZeroU32, path::PathBuf};

    use super::*;
    use crate::{calmyx::Location, credentials::Owner};

    fn rows(connection: &Transaction<'_>) -> Result<i64, ServerError> {
        Ok(connection.query_row("SELECT count(*) FROM calmyx_session", [], |row| row.get(0))?)
    }

    fn sample(submitted_at: i64) -> CalmyxSession {
        CalmyxSession {
            owner: Owner([7; 32]),
            secret: [1; 16],
            submitted_at: Moment::from_micros(submitted_at),
            speed: NonZeroU32::MIN,
            allowance: Some(3),
            locations: vec![Location { lat: 1.5, lng: -2.5 }, Location { lat: -0.0, lng: 180.0 }],
            scenario: crate::Scenario::named("some-fail").unwrap().calmyx().cloned(),
        }
    }

    /// The same for a file and for memory.
    async fn check<F: Future>(act: impl Fn(Store) -> F) {
        let folder = tempfile::tempdir().unwrap();
        act(Store::open(None).unwrap()).await;
        act(Store::open(Some(&folder.path().join("sessions.db"))).unwrap()).await;
    }

    #[tokio::test]
    async fn a_failed_transaction_leaves_nothing() {
        check(async |store| {
            let outcome: Result<(), _> = store
                .transaction(|database| {
                    insert_calmyx(database, "a", &sample(5))?;
                    Err(ServerError::Storage(rusqlite::Error::QueryReturnedNoRows))
                })
                .await;
            assert!(outcome.is_err());
            assert_eq!(store.read(rows).await.unwrap(), 0);
        })
        .await;
    }

    #[tokio::test]
    async fn a_panic_in_a_transaction_leaves_a_usable_store() {
        check(async |store| {
            let outcome: Result<(), _> = store
                .transaction(|database| {
                    insert_calmyx(database, "a", &sample(5))?;
                    panic!("a bug");
                })
                .await;
            assert!(matches!(outcome, Err(ServerError::Stopped(_))));
            assert_eq!(store.read(rows).await.unwrap(), 0);
            store.transaction(|database| insert_calmyx(database, "a", &sample(5))).await.unwrap();
            assert_eq!(store.read(rows).await.unwrap(), 1);
        })
        .await;
    }

    #[tokio::test]
    async fn what_is_written_is_read_back() {
        check(async |store| {
            store.transaction(|database| insert_calmyx(database, "a", &sample(5))).await.unwrap();
            assert_eq!(store.read(|database| calmyx_session(database, "a")).await.unwrap(), Some(sample(5)));
        })
        .await;
    }

    #[tokio::test]
    async fn time_goes_on_from_the_latest_moment_in_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sessions.db");
        let store = Store::open(Some(&path)).unwrap();
        assert_eq!(store.latest_moment().unwrap(), None);
        for (id, moment) in [("a", 5), ("b", 9), ("c", 7)] {
            store.transaction(move |database| insert_calmyx(database, id, &sample(moment))).await.unwrap();
        }
        assert_eq!(store.latest_moment().unwrap(), Some(Moment::from_micros(9)));
        drop(store);
        assert_eq!(Store::open(Some(&path)).unwrap().latest_moment().unwrap(), Some(Moment::from_micros(9)));
    }

    #[tokio::test]
    async fn a_read_does_not_wait_for_a_change_and_does_not_see_half_of_it() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(Some(&folder.path().join("sessions.db"))).unwrap();
        let (inserted, is_inserted) = tokio::sync::oneshot::channel();
        let (go_on, may_go_on) = std::sync::mpsc::channel::<()>();
        let change = store.transaction(move |database| {
            insert_calmyx(database, "a", &sample(5))?;
            inserted.send(()).unwrap();
            may_go_on.recv().unwrap();
            Ok(())
        });
        let look = async {
            is_inserted.await.unwrap();
            assert_eq!(store.read(rows).await.unwrap(), 0);
            go_on.send(()).unwrap();
        };
        let (change, ()) = tokio::join!(change, look);
        change.unwrap();
        assert_eq!(store.read(rows).await.unwrap(), 1);
    }

    #[tokio::test]
    async fn readers_cannot_write() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(Some(&folder.path().join("sessions.db"))).unwrap();
        assert!(store.read(|database| insert_calmyx(database, "a", &sample(5))).await.is_err());
        assert_eq!(store.read(rows).await.unwrap(), 0);
    }

    /// A full disk, played by a limit on the pages of the file: reads go on, changes fail, and room makes them work again.
    #[tokio::test]
    async fn a_full_disk_loses_nothing_and_passes() {
        async fn limit(store: &Store, pages: i64) {
            let set = move |database: &Transaction<'_>| Ok(database.pragma_update(None, "max_page_count", pages)?);
            store.transaction(set).await.unwrap();
        }
        let folder = tempfile::tempdir().unwrap();
        let path: PathBuf = folder.path().join("sessions.db");
        let store = Store::open(Some(&path)).unwrap();
        limit(&store, 20).await;
        let mut stored = 0;
        let full = loop {
            let id = format!("session {stored}");
            let big = CalmyxSession { locations: vec![Location { lat: 1.0, lng: 2.0 }; 100], ..sample(5) };
            match store.transaction(move |database| insert_calmyx(database, &id, &big)).await {
                Ok(()) => stored += 1,
                Err(error) => break error,
            }
        };
        assert!(matches!(full, ServerError::StorageFull(_)), "{full:?}");
        assert!(stored > 1);
        assert_eq!(store.read(rows).await.unwrap(), stored, "what was acknowledged is there, and no more");

        limit(&store, 1_000).await;
        store.transaction(|database| insert_calmyx(database, "after", &sample(5))).await.unwrap();
        drop(store);
        assert_eq!(Store::open(Some(&path)).unwrap().read(rows).await.unwrap(), stored + 1);
    }
}
