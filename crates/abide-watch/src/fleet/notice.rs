//! What a fleet tells.

use std::fmt;

use super::slots::Key;
use crate::event::Event;
use crate::outcome::Outcome;
use crate::resume::Resume;
use crate::source::StatusSource;

/// Something that happened to one session of a fleet, or to all of it.
pub enum Notice<S: StatusSource> {
    /// Something happened while waiting. Never [`Event::Ended`], for which there is [`Notice::Over`].
    Event {
        /// To which session.
        key: Key,
        /// What.
        event: Event<S::Item, S::Error>,
    },
    /// The wait for a session is over, and the fleet has let go of it. Told once for each that was not removed.
    Over {
        /// Which session it was.
        key: Key,
        /// What was watched.
        source: S,
        /// What came of it. Its last status and last error are there where the last reply ended the wait, or the fleet
        /// [keeps](super::Fleet::keeping_last_replies) them while sessions sleep.
        outcome: Box<Outcome<S::Status, S::Error>>,
    },
    /// Several sessions in a row were denied, so it is the credential: nothing is sent any more until
    /// [`Fleet::readmit`](super::Fleet::readmit). The sessions are kept.
    Suspended,
}

impl<S: StatusSource> Notice<S> {
    /// The session that it is about.
    pub fn key(&self) -> Option<Key> {
        match self {
            Self::Event { key, .. } | Self::Over { key, .. } => Some(*key),
            Self::Suspended => None,
        }
    }
}

impl<S: StatusSource> fmt::Debug for Notice<S>
where
    S::Item: fmt::Debug,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Event { key, event } => f.debug_struct("Event").field("key", key).field("event", event).finish(),
            Self::Over { key, outcome, .. } => {
                f.debug_struct("Over").field("key", key).field("end", &outcome.end).finish_non_exhaustive()
            }
            Self::Suspended => f.write_str("Suspended"),
        }
    }
}

/// A session that is no longer watched, with all that is needed to go on.
#[derive(Clone, Debug)]
pub struct Removed<S> {
    /// What was watched.
    pub source: S,
    /// With it a watch or another fleet goes on.
    pub resume: Resume,
}

/// What is left of a fleet that was stopped.
#[derive(Debug)]
pub struct Stopped<S: StatusSource>
where
    S::Item: fmt::Debug,
{
    /// What happened until the last request had come back, oldest first.
    pub notices: Vec<Notice<S>>,
    /// Every session that was still watched, with what is needed to go on.
    pub sessions: Vec<(Key, Removed<S>)>,
}
