//! A scenario: what a host answers to one client, from the creation of a session to its end.

use serde_json::{Value, json};

use crate::catalogue::Api;

/// The session that a scenario gives out unless it needs a special one.
const PLAIN_TOKEN: &str = "";

/// What a host answers to one client. The replies to the status calls are given out one after the other, the last one for
/// ever, so that every client sees every one of them, however often it asks.
#[derive(Clone, Debug)]
pub struct Scenario {
    pub(crate) api: Api,
    pub(crate) name: &'static str,
    pub(crate) shows: &'static str,
    pub(crate) input: Value,
    /// Empty: made of the name.
    pub(super) token: &'static str,
    /// Whether the token stands in `data`, as in the oldest version of Hum's page.
    pub(crate) token_in_data: bool,
    /// What comes before the creation succeeds.
    pub(crate) before_creation: Vec<Scripted>,
    /// What every call is answered with, whatever it asks.
    pub(crate) always: Option<Scripted>,
    pub(crate) replies: Vec<Scripted>,
}

/// One reply of a scenario.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Scripted {
    /// A status code with JSON.
    Json(u16, Value),
    /// A status code with a page for people, as a proxy writes it.
    Page(u16),
    /// 429 or 503.
    PushedBack(u16, Pause),
    /// 200 and the first half of the JSON; then the connection breaks.
    Truncated(Value),
    /// The connection is closed without an answer.
    Nothing,
}

/// What `Retry-After` says, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pause {
    Unsaid,
    Seconds(u64),
    /// As a date, so many seconds from the answer.
    Date(u64),
}

impl Scenario {
    /// A scenario with the body of its create call.
    pub(crate) fn new(api: Api, name: &'static str, shows: &'static str, input: Value) -> Self {
        Self {
            api,
            name,
            shows,
            input,
            token: PLAIN_TOKEN,
            token_in_data: false,
            before_creation: Vec::new(),
            always: None,
            replies: Vec::new(),
        }
    }

    /// The name on a command line.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// What happens in it, in a sentence.
    pub const fn shows(&self) -> &'static str {
        self.shows
    }

    /// The replies to the status calls; the last one is repeated.
    pub(crate) fn polls(self, replies: impl Into<Vec<Scripted>>) -> Self {
        Self { replies: replies.into(), ..self }
    }

    pub(crate) fn before_creation(self, reply: Scripted) -> Self {
        Self { before_creation: vec![reply], ..self }
    }

    pub(crate) fn always(self, reply: Scripted) -> Self {
        Self { always: Some(reply), ..self }
    }

    pub(crate) fn token(self, token: &'static str) -> Self {
        Self { token, ..self }
    }

    pub(crate) fn token_in_data(self) -> Self {
        Self { token_in_data: true, ..self }
    }

    /// The id, or the token, that the creation gives out.
    pub(crate) fn session(&self) -> String {
        match (self.api, self.token) {
            (Api::Calmyx, PLAIN_TOKEN) => format!("sess_{}", self.name),
            (Api::Hum, PLAIN_TOKEN) => format!("token-{}", self.name),
            (Api::Calmyx | Api::Hum, token) => token.to_owned(),
        }
    }

    /// The reply to the status call of that number, counted from 0.
    pub(crate) fn reply(&self, number: usize) -> Option<&Scripted> {
        self.replies.get(number).or(self.replies.last())
    }
}

impl Scripted {
    /// The same with members that no document knows, on every level.
    pub(crate) fn with_unknown_fields(mut self) -> Self {
        if let Self::Json(_, body) = &mut self {
            add_unknown_fields(body);
        }
        self
    }

    /// The same, broken off in the middle.
    pub(crate) fn truncated(self) -> Self {
        match self {
            Self::Json(_, body) => Self::Truncated(body),
            Self::Page(_) | Self::PushedBack(..) | Self::Truncated(_) | Self::Nothing => self,
        }
    }
}

fn add_unknown_fields(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.values_mut().for_each(add_unknown_fields);
            members.insert("x_since_next_year".to_owned(), json!({"reason": [1, null]}));
        }
        Value::Array(items) => items.iter_mut().for_each(add_unknown_fields),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_and_sessions_are_their_own() {
        for api in Api::ALL {
            let all = crate::host::scenarios(api);
            assert!(all.len() >= 25, "{api}: {}", all.len());
            assert_eq!(all.iter().map(Scenario::name).collect::<BTreeSet<_>>().len(), all.len());
            assert_eq!(all.iter().map(Scenario::session).collect::<BTreeSet<_>>().len(), all.len());
            for scenario in all {
                assert!(scenario.api == api && !scenario.shows.is_empty(), "{}", scenario.name);
                assert!(scenario.always.is_some() || !scenario.replies.is_empty(), "{}", scenario.name);
            }
        }
    }

    #[test]
    fn the_last_reply_is_for_ever() {
        let scenario = Scenario::new(Api::Hum, "x", "y", Value::Null).polls([Scripted::Page(500), Scripted::Nothing]);
        let replies: Vec<_> = (0..4).filter_map(|number| scenario.reply(number)).collect();
        assert_eq!(replies, [&Scripted::Page(500), &Scripted::Nothing, &Scripted::Nothing, &Scripted::Nothing]);
    }
}
