//! Waiting for a session: the status call as a source for `abide-watch`.

use std::convert::Infallible;
use std::time::Duration;

use abide_core::{Lifecycle, LifecycleError, Options};
use abide_watch::{BoxFuture, Refusal, Reply, StatusSource, Watch, random_seed};

use crate::{Answer, Client, Error, PathSegment, lifecycle, observe};

impl Client {
    /// Waits until the awaited agents are done, for at most the documented 30 seconds (HUM-CLIENT-CAP).
    ///
    /// Dropping the watch stops the waiting and leaves the session alive; close it with [`Client::close_session`].
    ///
    /// # Errors
    /// None with the generated lifecycle; see [`Client::watch_with`].
    pub fn watch(&self, token: PathSegment) -> Result<Watch<SessionSource>, LifecycleError> {
        let lifecycle = lifecycle::LIFECYCLE;
        let max_wait = lifecycle.cap.unwrap_or(Duration::MAX);
        self.watch_with(token, &lifecycle, Options::new(max_wait, random_seed()))
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
        Watch::new(SessionSource { client: self.clone(), token }, lifecycle, options)
    }
}

/// The status of one session, again and again.
#[derive(Clone, Debug)]
pub struct SessionSource {
    client: Client,
    token: PathSegment,
}

impl StatusSource for SessionSource {
    type Status = Answer;
    /// The agents are counted, not delivered.
    type Item = Infallible;
    type Error = Error;

    fn fetch(&self) -> BoxFuture<Result<Reply<Answer, Infallible>, Refusal<Error>>> {
        let source = self.clone();
        Box::pin(async move {
            let outcome = source.client.generated.get_session(&source.token).await;
            match source.client.answer(outcome, "getSession").await {
                Ok((status, _)) if status.is_about_another_session_than(&source.token) => {
                    let error = Error::OtherSession;
                    Err(Refusal { setback: error.setback(), error })
                }
                Ok((status, retry_after)) => {
                    Ok(Reply { observation: observe(&status), status, items: Vec::new(), retry_after })
                }
                Err(error) => Err(Refusal { setback: error.setback(), error }),
            }
        })
    }

    fn identity(item: &Infallible) -> u64 {
        match *item {}
    }
}
