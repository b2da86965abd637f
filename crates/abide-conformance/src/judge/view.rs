//! A trace with its answers parsed and its calls grouped by session: what the checks look at.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;

use crate::catalogue::Api;
use crate::trace::{Answer, Body, Exchange, Fact, How, Operation, Source, Trace, Which};
use crate::wire::session_of_reply;

/// A trace, prepared for judging.
#[derive(Debug)]
pub(crate) struct View<'t> {
    pub(crate) trace: &'t Trace,
    pub(crate) calls: Vec<Call<'t>>,
    sessions: Vec<Members>,
}

/// One exchange with its bodies parsed.
#[derive(Debug)]
pub(crate) struct Call<'t> {
    pub(crate) exchange: &'t Exchange,
    /// The body of the reply, where it is JSON. Replies that say the same share it: a session that is over says the same for
    /// ever, and a value takes ten times the room of its text.
    pub(crate) json: Option<Arc<Value>>,
}

#[derive(Debug, Default)]
struct Members {
    id: String,
    created: Option<usize>,
    calls: Vec<usize>,
    fresh: OnceCell<Vec<Place>>,
}

/// The place of an answer among those of its session, and of an item in the list that it holds.
pub(crate) type Place = (usize, usize);

impl<'t> View<'t> {
    pub(crate) fn new(trace: &'t Trace) -> Self {
        let mut parsed: HashMap<&str, Option<Arc<Value>>> = HashMap::new();
        let calls: Vec<Call<'t>> = trace.exchanges.iter().map(|exchange| Call::new(exchange, &mut parsed)).collect();
        let sessions = group(trace.header.api, &calls);
        Self { trace, calls, sessions }
    }

    pub(crate) fn api(&self) -> Api {
        self.trace.header.api
    }

    /// Whether every request is known to be what it says.
    pub(crate) fn is_driven(&self) -> bool {
        self.trace.header.source == Source::Driven
    }

    /// The sessions of the trace, those of other credentials included.
    pub(crate) fn sessions(&self) -> impl Iterator<Item = Session<'_, 't>> {
        self.sessions.iter().map(|members| Session { view: self, members })
    }

    /// The calls of one operation.
    pub(crate) fn of(&self, operation: Operation) -> impl Iterator<Item = &Call<'t>> {
        self.calls.iter().filter(move |call| call.operation() == operation)
    }

    /// The documented form of a credential.
    pub(crate) fn right_form(&self) -> How {
        match self.api() {
            Api::Calmyx => How::Bare,
            Api::Hum => How::Bearer,
        }
    }

    /// Whether a known credential was sent in the documented form.
    ///
    /// Where nobody asked on purpose, a credential in the right form may still be one that the server has good reason to
    /// refuse; and where it was not recorded, only a success tells that the server took it.
    pub(crate) fn is_authorised(&self, call: &Call<'_>) -> bool {
        let credential = call.exchange.request.credential;
        if credential.how == How::Unrecorded {
            return call.may_have_been_taken();
        }
        let is_known = matches!(credential.which, Some(Which::First | Which::Second));
        credential.how == self.right_form() && is_known && !self.may_be_a_bad_credential(call)
    }

    /// Whether this is a call of that owner, in the documented form; or, where that is not recorded, looks like one.
    pub(crate) fn is_of(&self, owner: Which, call: &Call<'_>) -> bool {
        let credential = call.exchange.request.credential;
        if credential.how == How::Unrecorded {
            return call.may_have_been_taken();
        }
        let is_owner = credential.which == Some(owner);
        credential.how == self.right_form() && is_owner && !self.may_be_a_bad_credential(call)
    }

    /// Only a driver knows that a credential is good.
    fn may_be_a_bad_credential(&self, call: &Call<'_>) -> bool {
        !self.is_driven() && matches!(call.status(), Some(401..=403))
    }

    /// How much later the server's clock certainly, and at most, was between the two instants.
    pub(crate) fn moved(&self, from: u64, to: u64) -> (u64, u64) {
        let mut certain = 0_u64;
        let mut most = 0_u64;
        for fact in &self.trace.facts {
            if let Fact::ClockMoved { sent, received, by, possible } = fact {
                if !possible && *sent >= from && *received <= to {
                    certain = certain.saturating_add(*by);
                }
                if *received >= from && *sent <= to {
                    most = most.saturating_add(*by);
                }
            }
        }
        (certain, most)
    }
}

fn group(api: Api, calls: &[Call<'_>]) -> Vec<Members> {
    let mut sessions: Vec<Members> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for (index, call) in calls.iter().enumerate() {
        let request = &call.exchange.request;
        let is_creation = request.operation == Operation::CreateSession;
        let id = if is_creation {
            call.success().and(call.json.as_deref()).and_then(|json| session_of_reply(api, json))
        } else if request.invented {
            None
        } else {
            request.session.as_deref()
        };
        let Some(id) = id.filter(|id| !id.is_empty()) else { continue };
        let place = *places.entry(id.to_owned()).or_insert_with(|| {
            sessions.push(Members { id: id.to_owned(), ..Members::default() });
            sessions.len() - 1
        });
        let Some(members) = sessions.get_mut(place) else { continue };
        if is_creation {
            members.created = members.created.or(Some(index));
        } else {
            members.calls.push(index);
        }
    }
    sessions
}

impl<'t> Call<'t> {
    fn new(exchange: &'t Exchange, parsed: &mut HashMap<&'t str, Option<Arc<Value>>>) -> Self {
        let text = exchange.reply.answer().and_then(|answer| answer.body.json());
        let parse = |text: &'t str| {
            let value = parsed.entry(text).or_insert_with(|| serde_json::from_str(text).ok().map(Arc::new));
            value.clone()
        };
        Self { exchange, json: text.and_then(parse) }
    }

    pub(crate) fn operation(&self) -> Operation {
        self.exchange.request.operation
    }

    pub(crate) fn answer(&self) -> Option<&'t Answer> {
        self.exchange.reply.answer()
    }

    pub(crate) fn status(&self) -> Option<u16> {
        self.exchange.reply.status()
    }

    /// The answer, where its status is 2xx.
    pub(crate) fn success(&self) -> Option<&'t Answer> {
        self.answer().filter(|answer| answer.is_success())
    }

    /// Whether there was no credential, or one that nobody has.
    pub(crate) fn is_unauthorised(&self) -> bool {
        let credential = self.exchange.request.credential;
        credential.how == How::None || credential.which == Some(Which::Wrong)
    }

    /// Whether the server took a credential that was not recorded, or may have: a success, or no answer.
    fn may_have_been_taken(&self) -> bool {
        self.answer().is_none_or(Answer::is_success)
    }

    /// Whether nothing was answered, or nothing about what was asked: there is nothing to judge.
    pub(crate) fn is_unanswered(&self) -> bool {
        self.answer().is_none_or(Answer::is_beside_the_point)
    }

    /// Why a body cannot be judged although it may be right: the rest of it is missing, or it is nested too deeply.
    pub(crate) fn unreadable(&self) -> Option<String> {
        let answer = self.answer()?;
        let body = &answer.body;
        let is_encoded = || answer.headers.get("content-encoding").is_some_and(|coding| coding.trim() != "identity");
        let why = match body {
            // No document forbids to compress, and what was compressed is not read here.
            Body::NotJson { .. } if is_encoded() => "a body in a coding that was not asked for".to_owned(),
            Body::Truncated { .. } | Body::Timeout { .. } | Body::TooLarge { .. } | Body::Digest { .. } => {
                body.describe()
            }
            Body::Json(_) if self.json.is_none() => "JSON that is nested too deeply to be read".to_owned(),
            Body::Json(_) | Body::Empty | Body::SameAs(_) | Body::NotJson { .. } => return None,
        };
        Some(format!("exchange {} has {why}", self.exchange.number))
    }

    /// What came, in words for people.
    pub(crate) fn describe(&self) -> String {
        match self.answer() {
            Some(answer) => format!("{} with {}", answer.status, answer.body.describe()),
            None => "no answer".to_owned(),
        }
    }

    /// The value at a JSON pointer of the reply.
    pub(crate) fn at(&self, pointer: &str) -> Option<&Value> {
        self.json.as_deref()?.pointer(pointer)
    }

    /// The same, where it is not null.
    pub(crate) fn present(&self, pointer: &str) -> Option<&Value> {
        self.at(pointer).filter(|value| !value.is_null())
    }
}

/// The calls of one session, by their number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Session<'v, 't> {
    view: &'v View<'t>,
    members: &'v Members,
}

impl<'v, 't> Session<'v, 't> {
    pub(crate) fn id(&self) -> &'v str {
        &self.members.id
    }

    /// The call that created it, where the trace has it.
    pub(crate) fn created(&self) -> Option<&'v Call<'t>> {
        self.view.calls.get(self.members.created?)
    }

    /// Whose it is: of who created it, otherwise of the first.
    pub(crate) fn owner(&self) -> Which {
        self.created().and_then(|call| call.exchange.request.credential.which).unwrap_or(Which::First)
    }

    /// Which items of its answers say something that the answer before did not; found once, because many checks ask.
    pub(crate) fn fresh(&self, find: impl FnOnce() -> Vec<Place>) -> &'v [Place] {
        self.members.fresh.get_or_init(find)
    }

    /// Every call on it, whoever made it.
    pub(crate) fn calls(&self) -> impl Iterator<Item = &'v Call<'t>> + use<'v, 't> {
        let view = self.view;
        self.members.calls.iter().filter_map(move |index| view.calls.get(*index))
    }

    /// The calls of its owner, in the documented form.
    pub(crate) fn own(&self) -> impl Iterator<Item = &'v Call<'t>> + use<'v, 't> {
        let (view, owner) = (self.view, self.owner());
        self.calls().filter(move |call| view.is_of(owner, call))
    }

    /// The status calls of its owner.
    pub(crate) fn polls(&self) -> impl Iterator<Item = &'v Call<'t>> + use<'v, 't> {
        self.own().filter(|call| call.operation().is_status())
    }

    /// The status answers that are JSON with a 2xx.
    pub(crate) fn answers(&self) -> Vec<&'v Call<'t>> {
        self.polls().filter(|call| call.success().is_some() && call.json.is_some()).collect()
    }
}

/// Each answer with the last one that was certainly before it.
pub(crate) fn in_order<'v, 't>(answers: &[&'v Call<'t>]) -> Vec<(&'v Call<'t>, &'v Call<'t>)> {
    let earlier = |index: usize, call: &Call<'_>| {
        let before = answers.get(..index)?;
        before.iter().rev().find(|before| before.exchange.is_before(call.exchange)).copied()
    };
    answers.iter().enumerate().filter_map(|(index, call)| Some((earlier(index, call)?, *call))).collect()
}
