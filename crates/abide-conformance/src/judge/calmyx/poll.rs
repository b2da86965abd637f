//! One status answer, member by member.

use serde_json::Value;

use crate::judge::value::integer;
use crate::judge::view::{Call, Place, Session, View};

/// One status answer of a session's owner. A member of the wrong type is as good as missing here; CAL-SCHEMA tells.
#[derive(Clone, Debug)]
pub(super) struct Poll<'v, 't> {
    pub(super) call: &'v Call<'t>,
}

impl<'v> Poll<'v, '_> {
    pub(super) fn state(&self) -> Option<&'v str> {
        self.call.at("/status")?.as_str()
    }

    pub(super) fn is(&self, state: &str) -> bool {
        self.state() == Some(state)
    }

    pub(super) fn counter(&self, name: &str) -> Option<i64> {
        integer(self.call.at("/progress")?.get(name)?)
    }

    pub(super) fn results(&self) -> Option<&'v [Value]> {
        self.call.at("/results")?.as_array().map(Vec::as_slice)
    }

    /// A member at the top of the answer; `None` where it is missing, `Some(null)` where it is null.
    pub(super) fn member(&self, name: &str) -> Option<&'v Value> {
        self.call.json.as_deref()?.get(name)
    }

    /// How far the session is, in words.
    pub(super) fn describe(&self) -> String {
        let state = self.state().unwrap_or("no status");
        let number = |name| self.counter(name).map_or_else(|| "?".to_owned(), |number| number.to_string());
        format!("{state}, {} of {} processed", number("processed"), number("total"))
    }
}

/// The status answers of one session, in order.
pub(super) fn polls<'v, 't>(session: &Session<'v, 't>) -> Vec<Poll<'v, 't>> {
    session.answers().into_iter().map(|call| Poll { call }).collect()
}

/// The status answers of all sessions.
pub(super) fn all_polls<'v, 't>(view: &'v View<'t>) -> impl Iterator<Item = Poll<'v, 't>> {
    view.sessions().flat_map(|session| polls(&session))
}

/// The items of a session's answers, each when it is first seen or has changed: long lists are repeated in every answer.
pub(super) fn fresh_items<'v, 't>(session: &Session<'v, 't>) -> Vec<(Poll<'v, 't>, &'v Value)> {
    let polls = polls(session);
    let fresh = session.fresh(|| fresh_places(&polls)).iter();
    let item = |(poll, item): &Place| {
        let poll = polls.get(*poll)?;
        Some((poll.clone(), poll.results()?.get(*item)?))
    };
    fresh.filter_map(item).collect()
}

fn fresh_places(polls: &[Poll<'_, '_>]) -> Vec<Place> {
    let mut fresh = Vec::new();
    let mut before: &[Value] = &[];
    for (place, poll) in polls.iter().enumerate() {
        let items = poll.results().unwrap_or_default();
        let is_new = |(item, value): &(usize, &Value)| before.get(*item) != Some(*value);
        fresh.extend(items.iter().enumerate().filter(is_new).map(|(item, _)| (place, item)));
        before = items;
    }
    fresh
}

/// Each answer with the last one that was certainly before it.
pub(super) fn pairs<'v, 't>(session: &Session<'v, 't>) -> Vec<(Poll<'v, 't>, Poll<'v, 't>)> {
    let answers = session.answers();
    let ordered = crate::judge::view::in_order(&answers);
    ordered.into_iter().map(|(earlier, later)| (Poll { call: earlier }, Poll { call: later })).collect()
}
