//! From the body of a status answer to what a watch takes in: only what it has not seen is read.

use std::cell::OnceCell;
use std::time::Duration;

use abide_http::Success;
use abide_http::decode::{Decoded, decode_after};
use abide_watch::{Known, Reply, Seen};
use bytes::Bytes;

use crate::observe::{failed_items, observe_behind};
use crate::types::{LocationResult, SessionStatus};

/// A status answer as it came.
pub(crate) struct Body {
    pub(crate) bytes: Bytes,
    pub(crate) retry_after: Option<Duration>,
}

impl Body {
    pub(crate) fn of(reply: Success) -> Body {
        Body { retry_after: abide_http::retry_after(&reply.headers), bytes: reply.body }
    }

    /// What it says, the results that `seen` knows left out. Status, counters and times are always read.
    ///
    /// # Errors
    /// When it is not what the documents describe.
    pub(crate) fn read(&self, seen: &Seen) -> Result<Reply<SessionStatus, LocationResult>, serde_json::Error> {
        let Self { bytes: body, retry_after } = self;
        let known = OnceCell::new();
        let decoded = decode_after::<SessionStatus>(body, |list| {
            known.get_or_init(|| seen.known_in(list)).as_ref().map(|known: &Known| known.bytes)
        })?;
        let Decoded { value: mut status, list, skipped, .. } = decoded;
        let known = known.into_inner().flatten().filter(|_| skipped);
        let (before, failed_before) = known.as_ref().map_or((0, 0), |known| (known.items, known.failed));
        let observation = observe_behind(&status, before, failed_before);
        let seen = match list.and_then(|list| body.get(list.clone()).map(|_| body.slice(list))) {
            Some(list) => seen.after(list, known, status.results.len(), failed_items(&status)),
            None => Seen::nothing(),
        };
        let items = std::mem::take(&mut status.results);
        let bytes = body.len() as u64;
        Ok(Reply { observation, status, items, known: before, seen, retry_after: *retry_after, bytes })
    }
}

#[cfg(test)]
mod tests;
