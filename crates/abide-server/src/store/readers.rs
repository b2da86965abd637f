//! Connections that only read. With a write-ahead log they see the last commit and wait for no writer.

use std::{
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::schema;
use crate::error::ServerError;

/// More would only wait for the same disk and the same few processors.
const CONNECTIONS: usize = 4;

/// A few connections, used in turn.
#[derive(Debug)]
pub(super) struct Readers {
    connections: [Arc<Mutex<Connection>>; CONNECTIONS],
    turn: AtomicUsize,
}

impl Readers {
    /// Opens them on a file that the writer has opened already.
    pub(super) fn open(path: &Path) -> Result<Self, ServerError> {
        let open = || schema::open_reader(path).map(|connection| Arc::new(Mutex::new(connection)));
        let connections = [open()?, open()?, open()?, open()?];
        Ok(Self { connections, turn: AtomicUsize::new(0) })
    }

    /// Runs `act` on one consistent state of the file, on a thread where blocking is allowed.
    pub(super) async fn read<T, F>(&self, act: F) -> Result<T, ServerError>
    where
        T: Send + 'static,
        F: FnOnce(&Transaction<'_>) -> Result<T, ServerError> + Send + 'static,
    {
        let connection = Arc::clone(self.next());
        tokio::task::spawn_blocking(move || {
            // A panic under this lock drops the transaction, which ends it: the connection stays sound.
            let mut connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Deferred)?;
            act(&transaction)
        })
        .await
        .map_err(|error| ServerError::Stopped(error.into()))?
    }

    fn next(&self) -> &Arc<Mutex<Connection>> {
        let [first, ..] = &self.connections;
        let turn = self.turn.fetch_add(1, Ordering::Relaxed) % CONNECTIONS;
        self.connections.get(turn).unwrap_or(first)
    }
}
