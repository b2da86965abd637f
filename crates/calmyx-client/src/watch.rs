//! Waiting for a session: the status call as a source for `abide-watch`.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use abide_core::{Lifecycle, LifecycleError, Options};
use abide_watch::{BoxFuture, Refusal, Reply, StatusSource, Watch, random_seed};

use crate::types::{LocationResult, SessionStatus};
use crate::{Client, Error, lifecycle, observe};

/// How long a watch lasts unless told otherwise. The documents name no limit; 500 locations take minutes, not hours.
pub const DEFAULT_MAX_WAIT: Duration = Duration::from_hours(1);

impl Client {
    /// Waits for a session at the documented pace, for at most [`DEFAULT_MAX_WAIT`].
    ///
    /// The watch is a stream of events (each result once, as it appears) and a future of the outcome. Dropping it stops
    /// the waiting and leaves the session alone.
    ///
    /// # Errors
    /// None with the generated lifecycle; see [`Client::watch_with`].
    pub fn watch(&self, session_id: impl Into<String>) -> Result<Watch<SessionSource>, LifecycleError> {
        self.watch_with(session_id, &lifecycle::LIFECYCLE, Options::new(DEFAULT_MAX_WAIT, random_seed()))
    }

    /// As [`Client::watch`] with rules of your own, such as [`Lifecycle::sped_up`] for a server that runs fast.
    ///
    /// # Errors
    /// A lifecycle that contradicts itself.
    pub fn watch_with(
        &self,
        session_id: impl Into<String>,
        lifecycle: &Lifecycle,
        options: Options,
    ) -> Result<Watch<SessionSource>, LifecycleError> {
        let source = SessionSource { client: self.clone(), session_id: session_id.into() };
        Watch::new(source, lifecycle, options)
    }
}

/// The status of one session, again and again.
#[derive(Clone, Debug)]
pub struct SessionSource {
    client: Client,
    session_id: String,
}

impl StatusSource for SessionSource {
    /// The status without its results, which come as items.
    type Status = SessionStatus;
    type Item = LocationResult;
    type Error = Error;

    fn fetch(&self) -> BoxFuture<Result<Reply<SessionStatus, LocationResult>, Refusal<Error>>> {
        let source = self.clone();
        Box::pin(async move {
            match source.client.status_reply(&source.session_id).await {
                Ok(reply) => {
                    let retry_after = abide_http::retry_after(reply.headers());
                    let mut status = reply.into_inner();
                    let observation = observe(&status);
                    let items = std::mem::take(&mut status.results);
                    Ok(Reply { observation, status, items, retry_after })
                }
                Err(error) => Err(Refusal { setback: error.setback(), error }),
            }
        })
    }

    /// Over all that an item says: an item that changes is another item.
    fn identity(item: &LocationResult) -> u64 {
        let mut hasher = DefaultHasher::new();
        match item {
            LocationResult::Success(scored) => {
                let place = (scored.lat.to_bits(), scored.lng.to_bits());
                (0u8, place, scored.quiet_score, &scored.listing_id, scored.analyzed_at.as_str()).hash(&mut hasher);
            }
            LocationResult::Failed(failed) => {
                let place = (failed.lat.to_bits(), failed.lng.to_bits());
                (1u8, place, &failed.error, failed.analyzed_at.as_str()).hash(&mut hasher);
            }
            LocationResult::Unrecognised(value) => (2u8, value.to_string()).hash(&mut hasher),
        }
        hasher.finish()
    }
}
