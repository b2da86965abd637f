//! Waiting for sessions: the status call as a source for `abide-watch`.

use std::convert::Infallible;
use std::time::Duration;

use abide_core::{Lifecycle, LifecycleError, Options};
use abide_watch::{
    BoxFuture, Budget, Fetched, Fingerprint, Fleet, Refusal, Reply, Resume, ResumeError, Seen, StatusSource, Watch,
    random_seed,
};

use crate::status_call::Received;
use crate::{Answer, Client, Error, PathSegment, lifecycle, observe};

impl Client {
    /// Waits until the awaited agents are done, for at most the documented 30 seconds (HUM-CLIENT-CAP).
    ///
    /// Dropping the watch stops the waiting and leaves the session alive; [`Watch::close`] ends the session with it.
    /// With the feature `blocking`, `Blocking::new` makes an iterator of it.
    ///
    /// # Errors
    /// None with the generated lifecycle; see [`Client::watch_with`].
    pub fn watch(&self, token: PathSegment) -> Result<Watch<SessionSource>, LifecycleError> {
        self.watch_with(token, &lifecycle::LIFECYCLE, default_options())
    }

    /// As [`Client::watch`] with rules of your own, such as [`Lifecycle::sped_up`] for a server that runs fast.
    ///
    /// # Errors
    /// A lifecycle that contradicts itself.
    pub fn watch_with(
        &self,
        token: PathSegment,
        lifecycle: &Lifecycle,
        options: Options,
    ) -> Result<Watch<SessionSource>, LifecycleError> {
        Watch::new(self.session_source(token), lifecycle, options)
    }

    /// Goes on with an earlier watch of the same session; one that the documented 30 seconds ended begins another one.
    ///
    /// # Errors
    /// When `kept` was made for another session or another host.
    pub fn resume_watch(&self, token: PathSegment, kept: &Resume) -> Result<Watch<SessionSource>, ResumeError> {
        Watch::resume(self.session_source(token), &lifecycle::LIFECYCLE, default_options(), kept)
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
    pub fn session_source(&self, token: PathSegment) -> SessionSource {
        SessionSource { client: self.clone(), token }
    }
}

fn default_options() -> Options {
    Options::new(lifecycle::LIFECYCLE.cap.unwrap_or(Duration::MAX), random_seed())
}

/// The status of one session, again and again.
#[derive(Clone, Debug)]
pub struct SessionSource {
    client: Client,
    token: PathSegment,
}

impl SessionSource {
    /// The session's token. A secret: whoever has it and the API token can read and close the session.
    pub fn token(&self) -> &PathSegment {
        &self.token
    }
}

impl StatusSource for SessionSource {
    type Status = Answer;
    /// The agents are counted, not delivered.
    type Item = Infallible;
    type Error = Error;

    fn fetch(&self, _: &Seen) -> BoxFuture<Fetched<SessionSource>> {
        let source = self.clone();
        Box::pin(async move {
            match source.client.status(&source.token).await {
                Ok(received) if received.answer.is_about_another_session_than(&source.token) => {
                    let error = Error::OtherSession;
                    Err(Refusal { setback: error.setback(), error })
                }
                Ok(Received { answer: status, retry_after, bytes }) => {
                    let (observation, items, seen) = (observe(&status), Vec::new(), Seen::nothing());
                    Ok(Reply { observation, status, items, known: 0, seen, retry_after, bytes })
                }
                Err(error) => Err(Refusal { setback: error.setback(), error }),
            }
        })
    }

    fn session(&self) -> u64 {
        Fingerprint::new().text(self.client.base_url()).text(self.token.as_str()).finish()
    }

    fn identity(item: &Infallible) -> u64 {
        match *item {}
    }

    fn close(&self) -> Option<BoxFuture<Result<(), Error>>> {
        let source = self.clone();
        Some(Box::pin(async move { source.client.close_session(&source.token).await.map(|_| ()) }))
    }
}
