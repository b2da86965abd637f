//! What a watch asks: anything that can fetch the status of one session.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use abide_core::{Observation, Setback};

use crate::seen::Seen;

/// A future that owns all it needs.
pub type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send + 'static>>;

/// Fetches the status of one session, once per call. See the [crate documentation](crate) for an example.
///
/// It must not retry or sleep by itself: pace, retries and deadlines are the watch's.
pub trait StatusSource: Send + Sync + 'static {
    /// The whole status as the API gives it; the last one ends up in the [`Outcome`](crate::Outcome).
    type Status: Send + 'static;
    /// One result item.
    type Item: Clone + Send + 'static;
    /// Why a fetch failed. Its texts must not hold credentials or bodies: people print them.
    type Error: std::error::Error + Send + Sync + 'static;

    /// Begins one status request. Dropping the future cancels it.
    ///
    /// `seen` is what an earlier reply of this session came with: the items that it knows need not be read again. A source
    /// that reads every reply whole leaves it alone.
    fn fetch(&self, seen: &Seen) -> BoxFuture<Fetched<Self>>;

    /// A number that stands for this session and no other, the same in every process: a
    /// [`Fingerprint`](crate::Fingerprint) of its address and id. A [`Resume`](crate::Resume) value is bound to it, and a
    /// [`Fleet`](crate::Fleet) watches no session twice by it.
    fn session(&self) -> u64;

    /// A fingerprint of the item's content: equal items, equal number. By it the watch tells new items from those it gave
    /// already, wherever they stand in the reply.
    fn identity(item: &Self::Item) -> u64;

    /// No two items of a session can have this one's identity, so that another one in the same reply is a slip of the server
    /// and not given. `false` keeps both: two equal items are two items.
    fn is_unique(item: &Self::Item) -> bool {
        let _ = item;
        false
    }

    /// Begins to end the session on the server, for APIs that can; `None` for others.
    fn close(&self) -> Option<BoxFuture<Result<(), Self::Error>>> {
        None
    }
}

/// What a fetch comes to.
pub type Fetched<S> =
    Result<Reply<<S as StatusSource>::Status, <S as StatusSource>::Item>, Refusal<<S as StatusSource>::Error>>;

/// A status, as the source understood it.
#[derive(Clone, Debug)]
pub struct Reply<S, I> {
    /// What it says about the session.
    pub observation: Observation,
    /// The whole of it.
    pub status: S,
    /// The result items that were read: all that it holds, or those behind the known ones.
    pub items: Vec<I>,
    /// How many items stand before these that were not read, because they are [`Seen`]: all of them, or 0.
    pub known: usize,
    /// What the next request may know; [`Seen::nothing`] where that is not kept.
    pub seen: Seen,
    /// How long the server asks to wait before the next request, counted from this reply.
    pub retry_after: Option<Duration>,
    /// The size of its body, for the record; 0 where that is not known.
    pub bytes: u64,
}

/// A request that brought no status.
#[derive(Clone, Debug)]
pub struct Refusal<E> {
    /// What it means for the wait.
    pub setback: Setback,
    /// What it was.
    pub error: E,
}
