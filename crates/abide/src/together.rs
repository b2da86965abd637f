//! The sessions of one command, waited for together: one fleet and one budget, and for each session the news about it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::{Context, Poll};

use abide_core::End;
use abide_watch::{Event, Fleet, Key, Notice, Outcome, Resume, StatusSource};
use futures_util::StreamExt;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// A fleet whose notices go to whoever follows the session. Everything runs on one task.
pub(crate) struct Together<S: StatusSource> {
    fleet: RefCell<Fleet<S>>,
    followers: RefCell<HashMap<Key, UnboundedSender<Notice<S>>>>,
}

impl<S: StatusSource> Together<S> {
    pub(crate) fn new(fleet: Fleet<S>) -> Self {
        Self { fleet: RefCell::new(fleet.keeping_last_replies()), followers: RefCell::default() }
    }

    /// Does `work`, which follows sessions, and waits for these beside it.
    pub(crate) async fn beside<T>(&self, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        poll_fn(|cx| match work.as_mut().poll(cx) {
            Poll::Ready(done) => Poll::Ready(done),
            // After the work: it may just have begun to follow another session.
            Poll::Pending => {
                self.poll_fleet(cx);
                Poll::Pending
            }
        })
        .await
    }

    /// Begins to wait for a session; `None` when it is followed already.
    pub(crate) fn follow(&self, source: S) -> Option<Following<'_, S>> {
        let key = self.fleet.borrow_mut().add(source).ok()?;
        Some(self.following(key))
    }

    /// Goes on with an earlier wait, where what was kept of it fits the session; else begins one.
    pub(crate) fn take_up(&self, source: impl Fn() -> S, kept: Option<&Resume>) -> Option<Following<'_, S>> {
        let taken_up = kept.and_then(|kept| self.fleet.borrow_mut().add_resumed(source(), kept).ok());
        match taken_up {
            Some(added) => added.ok().map(|key| self.following(key)),
            None => self.follow(source()),
        }
    }

    fn following(&self, key: Key) -> Following<'_, S> {
        let (sender, news) = unbounded_channel();
        self.followers.borrow_mut().insert(key, sender);
        Following { together: self, key, news, outcome: None }
    }

    /// Passes on whatever the fleet tells, until it has nothing more to tell for now.
    fn poll_fleet(&self, cx: &mut Context<'_>) {
        loop {
            let notice = self.fleet.borrow_mut().poll_next_unpin(cx);
            let Poll::Ready(Some(notice)) = notice else { return };
            match notice.key() {
                // Every session asks once and hears for itself that the credential is refused.
                None => self.fleet.borrow_mut().readmit(),
                Some(key) => {
                    let over = matches!(notice, Notice::Over { .. });
                    let mut followers = self.followers.borrow_mut();
                    if let Some(follower) = followers.get(&key) {
                        // Whoever no longer listens does not want to know.
                        let _ = follower.send(notice);
                    }
                    if over {
                        followers.remove(&key);
                    }
                }
            }
        }
    }
}

/// One session of the fleet. Dropping it stops the waiting and leaves the session alone.
pub(crate) struct Following<'a, S: StatusSource> {
    together: &'a Together<S>,
    key: Key,
    news: UnboundedReceiver<Notice<S>>,
    outcome: Option<Box<Outcome<S::Status, S::Error>>>,
}

impl<S: StatusSource> Following<'_, S> {
    /// The next event; `None` for ever after [`Event::Ended`].
    pub(crate) async fn next(&mut self) -> Option<Event<S::Item, S::Error>> {
        match self.news.recv().await? {
            Notice::Event { event, .. } => Some(event),
            Notice::Over { outcome, .. } => {
                let end = outcome.end;
                self.outcome = Some(outcome);
                Some(Event::Ended(end))
            }
            Notice::Suspended => None,
        }
    }

    /// Stops the waiting, and gives what another process needs to go on; `None` when the wait has ended.
    pub(crate) fn leave(self) -> Option<Resume> {
        self.together.fleet.borrow_mut().remove(self.key).map(|removed| removed.resume)
    }

    /// How the wait ended, once it has.
    pub(crate) fn end(&self) -> Option<End> {
        self.outcome.as_ref().map(|outcome| outcome.end)
    }

    /// The outcome, once the wait has ended.
    pub(crate) fn into_outcome(mut self) -> Option<Outcome<S::Status, S::Error>> {
        self.outcome.take().map(|outcome| *outcome)
    }
}

impl<S: StatusSource> Drop for Following<'_, S> {
    fn drop(&mut self) {
        self.together.followers.borrow_mut().remove(&self.key);
        self.together.fleet.borrow_mut().remove(self.key);
    }
}
