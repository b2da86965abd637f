//! Waiting for sessions: the status call as a source for `abide-watch`.

use std::time::Duration;

use abide_core::{Lifecycle, LifecycleError, Options};
use abide_watch::{
    BoxFuture, Budget, Fetched, Fingerprint, Fleet, Refusal, Resume, ResumeError, Seen, StatusSource, Watch,
    random_seed,
};

use crate::reading::Body;
use crate::types::{LocationResult, SessionStatus};
use crate::{Client, lifecycle};

/// How long a watch lasts unless told otherwise. The documents name no limit; 500 locations take minutes, not hours.
pub const DEFAULT_MAX_WAIT: Duration = Duration::from_hours(1);

impl Client {
    /// Waits for a session at the documented pace, for at most [`DEFAULT_MAX_WAIT`].
    ///
    /// The watch is a stream of events (each result once, as it appears) and a future of the outcome. Dropping it stops
    /// the waiting and leaves the session alone. With the feature `blocking`, `Blocking::new` makes an iterator of it.
    ///
    /// # Errors
    /// None with the generated lifecycle; see [`Client::watch_with`].
    pub fn watch(&self, session_id: impl Into<String>) -> Result<Watch<SessionSource>, LifecycleError> {
        self.watch_with(session_id, &lifecycle::LIFECYCLE, default_options())
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
        Watch::new(self.session_source(session_id), lifecycle, options)
    }

    /// Goes on with an earlier watch of the same session: results that it gave are not given again.
    ///
    /// # Errors
    /// When `kept` was made for another session or another host.
    pub fn resume_watch(
        &self,
        session_id: impl Into<String>,
        kept: &Resume,
    ) -> Result<Watch<SessionSource>, ResumeError> {
        Watch::resume(self.session_source(session_id), &lifecycle::LIFECYCLE, default_options(), kept)
    }

    /// Many sessions of this credential, watched by one task and within one default budget: `fleet.add(client.session_source(…))`.
    ///
    /// # Errors
    /// None with the generated lifecycle; see [`Client::fleet_with`].
    pub fn fleet(&self) -> Result<Fleet<SessionSource>, LifecycleError> {
        self.fleet_with(&lifecycle::LIFECYCLE, default_options(), Budget::default())
    }

    /// As [`Client::fleet`] with rules and a budget of your own.
    ///
    /// # Errors
    /// A lifecycle that contradicts itself.
    pub fn fleet_with(
        &self,
        lifecycle: &Lifecycle,
        options: Options,
        budget: Budget,
    ) -> Result<Fleet<SessionSource>, LifecycleError> {
        Fleet::new(lifecycle, options, budget)
    }

    /// The status of one session as something that can be watched.
    pub fn session_source(&self, session_id: impl Into<String>) -> SessionSource {
        SessionSource { client: self.clone(), session_id: session_id.into().into() }
    }
}

fn default_options() -> Options {
    Options::new(DEFAULT_MAX_WAIT, random_seed())
}

/// The status of one session, again and again.
#[derive(Clone, Debug)]
pub struct SessionSource {
    client: Client,
    session_id: Box<str>,
}

impl SessionSource {
    /// The session's id.
    pub fn session_id(&self) -> &str {
        &self.session_id
    }
}

impl StatusSource for SessionSource {
    /// The status without its results, which come as items.
    type Status = SessionStatus;
    type Item = LocationResult;
    type Error = crate::Error;

    fn fetch(&self, seen: &Seen) -> BoxFuture<Fetched<SessionSource>> {
        let (source, seen) = (self.clone(), seen.clone());
        Box::pin(async move {
            let reply = match source.client.status_reply(&source.session_id).await {
                Ok(reply) => Body::of(reply).read(&seen).map_err(|cause| source.client.undecodable(&cause)),
                Err(error) => Err(error),
            };
            reply.map_err(|error| Refusal { setback: error.setback(), error })
        })
    }

    fn session(&self) -> u64 {
        Fingerprint::new().text(self.client.base_url()).text(&self.session_id).finish()
    }

    /// Over all that an item says: an item that changes is another item.
    fn identity(item: &LocationResult) -> u64 {
        let fingerprint = Fingerprint::new();
        match item {
            LocationResult::Success(scored) => fingerprint
                .text("success")
                .number(scored.lat.to_bits())
                .number(scored.lng.to_bits())
                .number(scored.quiet_score.cast_unsigned())
                .text(&scored.listing_id)
                .text(&scored.analyzed_at.text()),
            LocationResult::Failed(failed) => fingerprint
                .text("failed")
                .number(failed.lat.to_bits())
                .number(failed.lng.to_bits())
                .text(&failed.error)
                .text(&failed.analyzed_at.text()),
            LocationResult::Unrecognised(value) => fingerprint.text("unrecognised").text(&value.to_string()),
        }
        .finish()
    }

    /// A success has a listing of its own (CAL-LISTING-UNIQUE).
    fn is_unique(item: &LocationResult) -> bool {
        match item {
            LocationResult::Success(_) => true,
            LocationResult::Failed(_) | LocationResult::Unrecognised(_) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Resume values hold them: they must never change.
    #[test]
    fn identities() {
        for (item, expected) in [
            (
                r#"{"lat": 37.7749, "lng": -122.4194, "status": "success", "quiet_score": 72,
                    "listing_id": "a1b2c3d4-e5f6-7890-abcd-ef1234567890", "analyzed_at": "2026-01-15T10:30:10.000000"}"#,
                0xe054_cc16_98db_251d,
            ),
            (
                r#"{"lat": 1, "lng": 2, "status": "failed", "error": "no", "analyzed_at": "soon"}"#,
                0x99ef_4042_e155_bb9b,
            ),
            (r#"{"status": "skipped"}"#, 0xfc9b_2b02_0954_1999),
        ] {
            let item: LocationResult = serde_json::from_str(item).unwrap();
            let found = SessionSource::identity(&item);
            assert_eq!(found, expected, "{found:#x}");
        }
    }
}
