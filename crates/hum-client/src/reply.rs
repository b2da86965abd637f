//! Replies with what the several versions of the documents put into different places brought together.

use abide_http::PathSegment;

use crate::types::{AgentState, Provider, ServiceAddress, SessionData, SessionDetails, SessionReply};

/// A session that was just created.
#[derive(Clone, Debug)]
pub struct CreatedSession {
    /// The key to the session.
    pub token: PathSegment,
    /// The whole answer; newer servers may put providers into it right away.
    pub reply: SessionReply,
}

impl CreatedSession {
    /// The token stands in `meta`, in the oldest version in `data`.
    pub(crate) fn new(reply: SessionReply) -> Option<Self> {
        let in_meta = reply.meta.as_ref().and_then(|meta| meta.session_token.clone());
        let token = in_meta.or_else(|| details(&reply).and_then(|details| details.session_token.clone()))?;
        Some(Self { token, reply })
    }

    /// The providers that a newer server puts into its answer; empty when there are none.
    pub fn providers(&self) -> &[Provider] {
        providers(&self.reply)
    }
}

/// An answer about a live session.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Whether data is available (200) rather than the session being still at work (202). It never tells that a wait is
    /// over: the agents do.
    pub ready: bool,
    /// The body; absent for a 202 that had none.
    pub reply: Option<SessionReply>,
}

impl Answer {
    /// What the agent of this name has to say, if it is mentioned.
    pub fn agent(&self, name: &str) -> Option<&AgentState> {
        self.reply.as_ref()?.meta.as_ref()?.agent_status.get(name)
    }

    /// Whether the answer names a session, and another one.
    #[cfg(feature = "watch")]
    pub(crate) fn is_about_another_session_than(&self, token: &PathSegment) -> bool {
        let named = self.reply.as_ref().and_then(|reply| reply.meta.as_ref()?.session_token.as_ref());
        named.is_some_and(|named| named != token)
    }

    /// The normalised address in one line, from `data` or `meta`, as text or as parts.
    pub fn service_address(&self) -> Option<&str> {
        let reply = self.reply.as_ref()?;
        let in_data = details(reply).and_then(|details| one_line(details.service_address.as_ref()?));
        in_data.or_else(|| one_line(reply.meta.as_ref()?.service_address.as_ref()?))
    }

    /// The providers, wherever they stand; empty when there are none.
    pub fn providers(&self) -> &[Provider] {
        self.reply.as_ref().map_or(&[], providers)
    }
}

/// How a close call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    /// The session was alive and is closed.
    Closed,
    /// The session had expired or been closed before.
    GoneBefore,
}

fn providers(reply: &SessionReply) -> &[Provider] {
    match &reply.data {
        Some(SessionData::ProviderList(list)) => &list.0,
        Some(SessionData::SessionDetails(details)) => details.internet.as_ref().map_or(&[], |list| &list.0),
        Some(SessionData::Unrecognised(_)) | None => &[],
    }
}

fn one_line(address: &ServiceAddress) -> Option<&str> {
    match address {
        ServiceAddress::Text(text) => Some(text),
        ServiceAddress::AddressParts(parts) => parts.normalized.as_deref(),
        ServiceAddress::Unrecognised(_) => None,
    }
}

fn details(reply: &SessionReply) -> Option<&SessionDetails> {
    match reply.data.as_ref()? {
        SessionData::SessionDetails(details) => Some(details),
        SessionData::ProviderList(_) | SessionData::Unrecognised(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(text: &str) -> Answer {
        Answer { ready: true, reply: Some(serde_json::from_str(text).unwrap()) }
    }

    #[test]
    fn token_in_either_place() {
        for (text, expected) in [
            (r#"{"meta": {"session_token": "a"}, "data": []}"#, Some("a")),
            (r#"{"meta": {}, "data": {"session_token": "b"}}"#, Some("b")),
            (r#"{"meta": {"session_token": "a"}, "data": {"session_token": "b"}}"#, Some("a")),
            (r#"{"meta": null, "data": null}"#, None),
            (r#"{"data": 7}"#, None),
        ] {
            let created = CreatedSession::new(serde_json::from_str(text).unwrap());
            assert_eq!(created.as_ref().map(|created| created.token.as_str()), expected, "{text}");
        }
    }

    #[test]
    fn address_in_every_form() {
        for (text, expected) in [
            (r#"{"data": {"service_address": "1 A ST"}}"#, Some("1 A ST")),
            (r#"{"data": {"service_address": {"normalized": "1 A ST", "zip": 48034}}}"#, Some("1 A ST")),
            (r#"{"data": {"service_address": null}, "meta": {"service_address": "1 B ST"}}"#, Some("1 B ST")),
            (r#"{"data": {"service_address": null}}"#, None),
            (r#"{"data": {"service_address": 5}}"#, None),
            (r#"{"data": {"service_address": 5}, "meta": {"service_address": "1 B ST"}}"#, Some("1 B ST")),
            (r#"{"data": []}"#, None),
            ("{}", None),
        ] {
            assert_eq!(answer(text).service_address(), expected, "{text}");
        }
    }

    #[test]
    fn providers_in_either_place() {
        for (text, expected) in [
            (r#"{"data": [{"provider_name": "X"}]}"#, 1),
            (r#"{"data": {"internet": [{"provider_name": "X"}, {"provider_id": 7, "offerings": null}]}}"#, 2),
            (r#"{"data": {"internet": null}}"#, 0),
            (r#"{"data": {}}"#, 0),
            ("{}", 0),
        ] {
            assert_eq!(answer(text).providers().len(), expected, "{text}");
        }
    }
}
