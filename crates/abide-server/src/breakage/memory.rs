//! What a layer remembers of the sessions that passed through it.

use std::collections::{HashMap, VecDeque};

use axum::http::{HeaderValue, StatusCode};

use super::{
    answer::Answer,
    call::{Call, Operation},
};
use crate::{clock::Moment, documented::calmyx};

/// The most sessions that one layer remembers; past that the oldest is forgotten.
const MOST_SESSIONS: usize = 10_000;

/// What was seen of one session, in the good server's own answers.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    /// The `Authorization` of the call that created it.
    pub(crate) owner: Option<HeaderValue>,
    pub(crate) created_at: Option<Moment>,
    /// When it was last read or created with success, before this call.
    pub(crate) last_activity: Option<Moment>,
    /// How many successful answers to status calls there were, this one included.
    pub(crate) answers: u32,
    /// How many of them told the end, this one included.
    pub(crate) ends: u32,
    /// The last successful answer before this one; to creation when there was none to a status call.
    pub(crate) last: Option<Answer>,
    pub(crate) closed: bool,
    /// How many 410 the session was answered with, this one included.
    pub(crate) gone: u32,
    /// Free for the change that this memory belongs to.
    pub(crate) kept: Option<Answer>,
    /// Free for the change that this memory belongs to.
    pub(crate) count: u32,
}

impl Memory {
    /// Takes note of what the good server said. [`remember`](Self::remember) follows when the change has been made.
    pub(crate) fn observe(&mut self, call: &Call, answer: &Answer, now: Moment) {
        match (call.operation(), answer.status) {
            (Operation::CalmyxCreate | Operation::HumCreate, status) if status.is_success() => {
                self.owner = call.authorization().cloned();
                self.created_at = Some(now);
            }
            (Operation::CalmyxStatus | Operation::HumStatus, status) if status.is_success() => {
                self.answers += 1;
                self.ends += u32::from(tells_the_end(answer));
            }
            (Operation::HumClose, status) if status.is_success() => self.closed = true,
            (_, StatusCode::GONE) => self.gone += 1,
            (_, _) => {}
        }
    }

    /// Keeps the good server's answer for the next call.
    pub(crate) fn remember(&mut self, call: &Call, good: Answer, now: Moment) {
        if good.is_success() {
            self.last_activity = Some(now);
            match call.operation() {
                Operation::CalmyxStatus | Operation::HumStatus | Operation::CalmyxCreate | Operation::HumCreate => {
                    self.last = Some(good);
                }
                Operation::HumServices | Operation::HumClose | Operation::Other => {}
            }
        }
    }
}

/// Whether nothing more is to be waited for.
fn tells_the_end(answer: &Answer) -> bool {
    let agent = |name: &str| answer.text(&format!("/meta/agent_status/{name}"));
    let settled = |word: &str| !word.is_empty() && word != "pending";
    [calmyx::STATUS_COMPLETED, calmyx::STATUS_FAILED].contains(&answer.text("/status"))
        || (settled(agent("geocoding")) && settled(agent("internet")))
}

/// One value for each session, bounded: past [`MOST_SESSIONS`] the oldest is forgotten.
#[derive(Debug)]
struct BySession<T> {
    values: HashMap<String, T>,
    oldest_first: VecDeque<String>,
}

impl<T: Default> BySession<T> {
    fn of(&mut self, session: &str) -> &mut T {
        if !self.values.contains_key(session) {
            self.oldest_first.push_back(session.to_owned());
            if self.oldest_first.len() > MOST_SESSIONS
                && let Some(oldest) = self.oldest_first.pop_front()
            {
                self.values.remove(&oldest);
            }
        }
        self.values.entry(session.to_owned()).or_default()
    }
}

impl<T> Default for BySession<T> {
    fn default() -> Self {
        Self { values: HashMap::new(), oldest_first: VecDeque::new() }
    }
}

/// The memories of all sessions.
#[derive(Debug, Default)]
pub(crate) struct Memories(BySession<Memory>);

impl Memories {
    /// The memory of a session; calls that name none share one.
    pub(crate) fn of(&mut self, session: Option<&str>) -> &mut Memory {
        self.0.of(session.unwrap_or_default())
    }
}

/// The session that a call is about: the one it names, or the one that its answer created.
pub(crate) fn session_of(call: &Call, answer: &Answer) -> Option<String> {
    let created = || {
        let found = ["/session_id", "/meta/session_token", "/data/session_token"].map(|place| answer.text(place));
        found.into_iter().find(|id| !id.is_empty()).map(str::to_owned)
    };
    match call.operation() {
        Operation::CalmyxCreate | Operation::HumCreate => created(),
        Operation::CalmyxStatus
        | Operation::HumStatus
        | Operation::HumServices
        | Operation::HumClose
        | Operation::Other => call.session().map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_bounded() {
        let mut memories = Memories::default();
        memories.of(Some("first")).count = 1;
        for number in 0..MOST_SESSIONS {
            memories.of(Some(&number.to_string())).count = 2;
        }
        assert_eq!(memories.0.values.len(), MOST_SESSIONS);
        assert_eq!(memories.of(Some("first")).count, 0, "the oldest was forgotten");
        assert_eq!(memories.of(Some("9999")).count, 2);
    }
}
