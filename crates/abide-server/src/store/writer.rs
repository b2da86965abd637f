//! The one writer: a thread that owns the writing connection, makes the changes in the order in which they were asked
//! for, and commits together what was waiting together.
//!
//! A commit waits for the disk. Calls that arrive meanwhile share the next one, so that many callers do not wait for the
//! disk one after the other. Each change has a savepoint of its own: one that fails is undone without the others.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    thread::{self, JoinHandle},
};

use rusqlite::{Connection, Transaction, TransactionBehavior, ffi};
use tokio::sync::{mpsc, oneshot};

use crate::error::ServerError;

/// How many changes may wait; more callers than that wait to be queued.
const QUEUE: usize = 1024;
/// How many changes share a commit at most: nobody waits for more than these.
const BATCH: usize = 128;

/// Where changes are sent to.
#[derive(Debug)]
pub(super) struct Writer {
    /// `None` only while it is dropped: the thread ends when nobody can send to it any more.
    queue: Option<mpsc::Sender<Box<dyn Change>>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(super) fn start(connection: Connection) -> Result<Self, ServerError> {
        let (queue, changes) = mpsc::channel(QUEUE);
        let thread = thread::Builder::new()
            .name("abide-writer".to_owned())
            .spawn(move || write(connection, changes))
            .map_err(|error| ServerError::Stopped(error.into()))?;
        Ok(Self { queue: Some(queue), thread: Some(thread) })
    }

    /// Makes a change and waits until it is on disk.
    ///
    /// Once asked for, a change is made even when the caller does not wait for it any longer.
    pub(super) async fn change<T, F>(&self, act: F) -> Result<T, ServerError>
    where
        T: Send + 'static,
        F: FnOnce(&Transaction<'_>) -> Result<T, ServerError> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        // A caller that has gone hears nothing: its call timed out, or its connection broke.
        let tell = move |result| drop(answer.send(result));
        self.queue()?.send(Box::new(Asked { act: Some(act), result: None, tell })).await.map_err(|_| stopped())?;
        answered.await.map_err(|_| stopped())?
    }

    /// The same for one who may block, while few others ask: at the start of a server.
    pub(super) fn change_and_block<T, F>(&self, act: F) -> Result<T, ServerError>
    where
        T: Send + 'static,
        F: FnOnce(&Transaction<'_>) -> Result<T, ServerError> + Send + 'static,
    {
        let (answer, answered) = std::sync::mpsc::channel();
        let tell = move |result| drop(answer.send(result));
        self.queue()?.try_send(Box::new(Asked { act: Some(act), result: None, tell })).map_err(|_| stopped())?;
        answered.recv().map_err(|_| stopped())?
    }

    fn queue(&self) -> Result<&mpsc::Sender<Box<dyn Change>>, ServerError> {
        self.queue.as_ref().ok_or_else(stopped)
    }
}

fn stopped() -> ServerError {
    ServerError::Stopped("the writer has stopped".into())
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take().filter(|thread| thread.thread().id() != thread::current().id()) {
            // It ends by a panic only where the connection panics while it is closed; there is nobody left to tell.
            let _ = thread.join();
        }
    }
}

/// A change that somebody waits for.
trait Change: Send {
    /// Makes it; whether it is to be kept.
    fn make(&mut self, database: &Transaction<'_>) -> bool;

    /// Tells the caller what came of it, now that it is known whether the whole transaction is on disk.
    fn tell(self: Box<Self>, stored: rusqlite::Result<()>);
}

struct Asked<T, F, C> {
    act: Option<F>,
    result: Option<Result<T, ServerError>>,
    tell: C,
}

impl<T, F, C> Change for Asked<T, F, C>
where
    T: Send,
    F: FnOnce(&Transaction<'_>) -> Result<T, ServerError> + Send,
    C: FnOnce(Result<T, ServerError>) + Send,
{
    fn make(&mut self, database: &Transaction<'_>) -> bool {
        self.result = self.act.take().map(|act| act(database));
        matches!(self.result, Some(Ok(_)))
    }

    fn tell(self: Box<Self>, stored: rusqlite::Result<()>) {
        (self.tell)(match (self.result, stored) {
            (Some(Err(error)), _) => Err(error),
            (_, Err(error)) => Err(error.into()),
            (Some(Ok(value)), Ok(())) => Ok(value),
            (None, Ok(())) => Err(ServerError::Stopped("a change ended in a panic and was undone".into())),
        });
    }
}

/// The life of the writer's thread.
fn write(mut connection: Connection, mut changes: mpsc::Receiver<Box<dyn Change>>) {
    let mut batch = Vec::with_capacity(BATCH);
    while let Some(first) = changes.blocking_recv() {
        batch.push(first);
        while let Some(next) = (batch.len() < BATCH).then(|| changes.try_recv().ok()).flatten() {
            batch.push(next);
        }
        let stored = commit(&mut connection, &mut batch);
        for change in batch.drain(..) {
            change.tell(stored.as_ref().map_or_else(|error| Err(repeated(error)), |()| Ok(())));
        }
    }
}

/// All changes of the batch in one transaction.
fn commit(connection: &mut Connection, batch: &mut [Box<dyn Change>]) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for change in batch {
        transaction.execute_batch("SAVEPOINT change")?;
        // A panic drops what the change had open in the database, and the savepoint undoes the rest.
        let keep = catch_unwind(AssertUnwindSafe(|| change.make(&transaction))).unwrap_or(false);
        // After a grave failure SQLite has undone the whole transaction. There is no savepoint then, and this fails.
        transaction.execute_batch(if keep { "RELEASE change" } else { "ROLLBACK TO change; RELEASE change" })?;
    }
    transaction.commit()
}

/// The same error once more, because every call of a batch is told.
fn repeated(error: &rusqlite::Error) -> rusqlite::Error {
    let code = error.sqlite_error().copied().unwrap_or_else(|| ffi::Error::new(ffi::SQLITE_ERROR));
    rusqlite::Error::SqliteFailure(code, Some(error.to_string()))
}

#[cfg(test)]
mod tests {
    use futures_util::future::join_all;

    use super::*;

    fn writer() -> Writer {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE t (n INTEGER PRIMARY KEY)").unwrap();
        Writer::start(connection).unwrap()
    }

    async fn insert(writer: &Writer, number: i64) -> Result<(), ServerError> {
        writer.change(move |database| Ok(database.execute("INSERT INTO t VALUES (?1)", [number]).map(drop)?)).await
    }

    async fn numbers(writer: &Writer) -> i64 {
        writer.change(|database| Ok(database.query_row("SELECT count(*) FROM t", [], |row| row.get(0))?)).await.unwrap()
    }

    /// Holds the writer until what it gives out is dropped, so that what is sent meanwhile shares a transaction.
    async fn hold(writer: &Writer) -> (std::sync::mpsc::Sender<()>, tokio::task::JoinHandle<()>) {
        let (release, released) = std::sync::mpsc::channel::<()>();
        let (held, is_held) = oneshot::channel();
        let queue = writer.queue.clone();
        let holding = tokio::spawn(async move {
            let writer = Writer { queue, thread: None };
            let wait = move |_: &Transaction<'_>| {
                held.send(()).unwrap();
                let _ = released.recv();
                Ok(())
            };
            writer.change(wait).await.unwrap();
        });
        is_held.await.unwrap();
        (release, holding)
    }

    #[tokio::test]
    async fn one_that_fails_is_undone_without_the_others() {
        let writer = writer();
        let (release, holding) = hold(&writer).await;
        let all = join_all([1, 2, 2, 3, 1, 4].map(|number| insert(&writer, number)));
        let (results, ()) = tokio::join!(all, async { drop(release) });
        holding.await.unwrap();
        let stored: Vec<bool> = results.iter().map(Result::is_ok).collect();
        assert_eq!(stored, [true, true, false, true, false, true]);
        assert_eq!(numbers(&writer).await, 4);
    }

    #[tokio::test]
    async fn when_the_transaction_is_lost_every_call_of_it_hears_so() {
        let writer = writer();
        let (release, holding) = hold(&writer).await;
        let lost = writer.change(|database| Ok(database.execute_batch("ROLLBACK")?));
        let all = async { tokio::join!(insert(&writer, 1), lost, insert(&writer, 2)) };
        let ((before, lost, after), ()) = tokio::join!(all, async { drop(release) });
        holding.await.unwrap();
        assert!(before.is_err() && lost.is_err() && after.is_err());
        assert_eq!(numbers(&writer).await, 0);
        insert(&writer, 3).await.unwrap();
    }

    #[tokio::test]
    async fn a_caller_that_goes_away_leaves_its_change() {
        let writer = writer();
        let (release, holding) = hold(&writer).await;
        tokio::select! {
            biased;
            _ = insert(&writer, 1) => panic!("the writer is held"),
            () = std::future::ready(()) => {}
        }
        drop(release);
        holding.await.unwrap();
        assert_eq!(numbers(&writer).await, 1);
    }

    #[tokio::test]
    async fn dropping_it_makes_what_was_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("numbers.db");
        let connection = Connection::open(&path).unwrap();
        connection.execute_batch("CREATE TABLE t (n INTEGER PRIMARY KEY)").unwrap();
        let writer = Writer::start(connection).unwrap();
        for number in 0..50 {
            tokio::select! {
                biased;
                _ = insert(&writer, number) => {}
                () = std::future::ready(()) => {}
            }
        }
        drop(writer);
        let count =
            |sql: &str| Connection::open(&path).unwrap().query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
        assert_eq!(count("SELECT count(*) FROM t"), 50);
    }
}
