//! Where sessions are kept: one SQLite file with one writer, in which acknowledged means stored.
//!
//! Every change runs in a `BEGIN IMMEDIATE` transaction on a thread where blocking is allowed, and is on disk before
//! the caller hears of it. The clock is read inside the transaction, so that times in the file follow its order.

mod calmyx;
mod hum;
mod scenario;
mod schema;

use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use rusqlite::{Connection, Transaction, TransactionBehavior};

pub(crate) use self::{
    calmyx::{CalmyxSession, insert as insert_calmyx, listings_of, session as calmyx_session},
    hum::{HumSession, insert as insert_hum, save_life, session as hum_session},
};
use crate::{clock::Moment, error::ServerError};

/// The database; a clone is the same one.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    connection: Arc<Mutex<Connection>>,
}

impl Store {
    /// Opens the file, creating it for this user only when it is missing; `None` keeps everything in memory.
    pub(crate) fn open(path: Option<&Path>) -> Result<Self, ServerError> {
        let connection = match path {
            Some(path) => schema::open_file(path)?,
            None => schema::open_memory()?,
        };
        Ok(Self { connection: Arc::new(Mutex::new(connection)) })
    }

    /// Runs `act` in a transaction that is stored when it succeeds, and undone when it does not.
    pub(crate) async fn transaction<T, F>(&self, act: F) -> Result<T, ServerError>
    where
        T: Send + 'static,
        F: FnOnce(&Transaction<'_>) -> Result<T, ServerError> + Send + 'static,
    {
        self.on_blocking_thread(TransactionBehavior::Immediate, act).await
    }

    /// Runs `act`, which only reads, on one consistent state.
    pub(crate) async fn read<T, F>(&self, act: F) -> Result<T, ServerError>
    where
        T: Send + 'static,
        F: FnOnce(&Transaction<'_>) -> Result<T, ServerError> + Send + 'static,
    {
        self.on_blocking_thread(TransactionBehavior::Deferred, act).await
    }

    /// The latest moment in the file: time must not go on from before it.
    pub(crate) fn latest_moment(&self) -> Result<Option<Moment>, ServerError> {
        let connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let latest: Option<i64> = connection.query_row(
            "SELECT max(moment) FROM (SELECT max(submitted_at) AS moment FROM calmyx_session
             UNION ALL SELECT max(last_activity) FROM hum_session
             UNION ALL SELECT max(ended_at) FROM hum_session)",
            [],
            |row| row.get(0),
        )?;
        Ok(latest.map(Moment::from_micros))
    }

    async fn on_blocking_thread<T, F>(&self, behavior: TransactionBehavior, act: F) -> Result<T, ServerError>
    where
        T: Send + 'static,
        F: FnOnce(&Transaction<'_>) -> Result<T, ServerError> + Send + 'static,
    {
        let connection = Arc::clone(&self.connection);
        tokio::task::spawn_blocking(move || {
            // A panic under this lock drops the transaction, which undoes it: the connection stays sound.
            let mut connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
            let transaction = connection.transaction_with_behavior(behavior)?;
            let result = act(&transaction)?;
            transaction.commit()?;
            Ok(result)
        })
        .await
        .map_err(|error| ServerError::Stopped(error.into()))?
    }
}

/// Turns a stored value that this program cannot have written into an error, not a panic.
fn corrupt(column: usize, problem: &'static str) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Null, problem.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calmyx::Location;

    fn rows(connection: &Transaction<'_>) -> Result<i64, ServerError> {
        Ok(connection.query_row("SELECT count(*) FROM calmyx_session", [], |row| row.get(0))?)
    }

    fn sample() -> CalmyxSession {
        CalmyxSession {
            owner: crate::credentials::Owner([7; 32]),
            secret: [1; 16],
            submitted_at: Moment::from_micros(5),
            speed: std::num::NonZeroU32::MIN,
            allowance: Some(3),
            locations: vec![Location { lat: 1.5, lng: -2.5 }, Location { lat: -0.0, lng: 180.0 }],
            scenario: crate::Scenario::named("some-fail").unwrap().calmyx().cloned(),
        }
    }

    #[tokio::test]
    async fn a_failed_transaction_leaves_nothing() {
        let store = Store::open(None).unwrap();
        let outcome: Result<(), _> = store
            .transaction(|database| {
                insert_calmyx(database, "a", &sample(), 2)?;
                Err(ServerError::Storage(rusqlite::Error::QueryReturnedNoRows))
            })
            .await;
        assert!(outcome.is_err());
        assert_eq!(store.read(rows).await.unwrap(), 0);
    }

    #[tokio::test]
    async fn a_panic_in_a_transaction_leaves_a_usable_store() {
        let store = Store::open(None).unwrap();
        let outcome: Result<(), _> = store
            .transaction(|database| {
                insert_calmyx(database, "a", &sample(), 2)?;
                panic!("a bug");
            })
            .await;
        assert!(matches!(outcome, Err(ServerError::Stopped(_))));
        assert_eq!(store.read(rows).await.unwrap(), 0);
        assert_eq!(store.latest_moment().unwrap(), None);
    }

    #[tokio::test]
    async fn what_is_written_is_read_back() {
        let store = Store::open(None).unwrap();
        store.transaction(|database| insert_calmyx(database, "a", &sample(), 2)).await.unwrap();
        let (read, listings) = store
            .read(|database| Ok((calmyx_session(database, "a")?, listings_of(database, sample().owner)?)))
            .await
            .unwrap();
        assert_eq!(read, Some(sample()));
        assert_eq!(listings, 2);
        assert_eq!(store.latest_moment().unwrap(), Some(Moment::from_micros(5)));
    }
}
