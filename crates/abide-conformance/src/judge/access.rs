//! Who may see what: the rules about credentials and ids, which both APIs share.

use serde_json::Value;

use super::evidence::{Evidence, quote};
use super::value::text;
use super::view::{Call, View};
use crate::catalogue::Api;
use crate::trace::{Answer, How, Operation};

/// Why a rule about credentials stays open.
pub(super) const NOT_RECORDED: &str = "the recording leaves Authorization out, as browsers and proxies do, so whether a call had a credential is not known";

/// How often the same has to be asked before an answer that something on the way may have given is the server's own.
pub(crate) const ASKED_TO_BE_SURE: usize = 3;

/// Whether a call where the server had to take or refuse something has an answer to judge; a doubt where it is not known
/// who gave it.
///
/// A gateway that fails does so now and then; a server that has a 502 or a 408 for a certain question has it every time. So
/// such an answer counts where a driver asked the very same until it could be sure, and never got anything else.
pub(super) fn is_answered(evidence: &mut Evidence, view: &View<'_>, call: &Call<'_>) -> bool {
    let Some(answer) = call.answer().filter(|answer| !answer.pushes_back()) else { return false };
    if !answer.may_be_of_another() || (view.is_driven() && is_always_so(view, call)) {
        return true;
    }
    let number = call.exchange.number;
    evidence.doubt(format!("the {} of exchange {number} may be from something before the server", answer.status));
    false
}

fn is_always_so(view: &View<'_>, call: &Call<'_>) -> bool {
    let same = view.of(call.operation()).filter(|other| other.exchange.request == call.exchange.request);
    let answers: Vec<&Answer> = same.filter_map(Call::answer).filter(|answer| !answer.pushes_back()).collect();
    answers.len() >= ASKED_TO_BE_SURE && answers.iter().all(|answer| answer.may_be_of_another())
}

/// CAL-AUTH, HUM-AUTH: without a credential, or with a wrong one, 401 or 403 and no session data.
pub(super) fn authorization(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no call was made without a credential or with a wrong one");
    let calls = view.calls.iter().filter(|call| call.operation().is_session_call() && call.is_unauthorised());
    for call in calls {
        if !is_answered(&mut evidence, view, call) {
            continue;
        }
        let status = call.status().unwrap_or_default();
        let sent =
            if call.exchange.request.credential.which.is_some() { "a wrong credential" } else { "no credential" };
        if !matches!(status, 401 | 403) {
            evidence.broke(call, format!("401 or 403 for {sent}"), call.describe());
        } else if let Some(leak) = call.json.as_deref().and_then(|json| session_data(view.api(), json)) {
            evidence.broke(call, format!("no session data for {sent}"), format!("{status} with {}", quote(&leak)));
        } else {
            evidence.held();
        }
    }
    if view.calls.iter().any(|call| call.exchange.request.credential.how == How::Unrecorded) {
        evidence.doubt(NOT_RECORDED);
    }
    evidence
}

/// CAL-ID-REQUIRED: a status call has to name a session.
pub(super) fn id_required(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no status call was made without session_id");
    let calls = view.of(Operation::GetSessionStatus);
    for call in calls.filter(|call| view.is_authorised(call) && call.exchange.request.session.is_none()) {
        refused(&mut evidence, view, call, "a 4xx for a status call without session_id");
    }
    evidence
}

/// CAL-ID-UNKNOWN, HUM-TOKEN-UNKNOWN: an id that was never given out is a 4xx.
pub(super) fn unknown(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no call was made with an id that was never given out");
    let is_given = |call: &&Call<'_>| {
        let id = call.exchange.request.session.as_deref();
        view.sessions().any(|session| Some(session.id()) == id)
    };
    let invented = view.calls.iter().filter(|call| call.exchange.request.invented && view.is_authorised(call));
    // What was made up may be what a server that counts gives out.
    for call in invented.filter(|call| !is_given(call)) {
        refused(&mut evidence, view, call, "a 4xx for an id that was never given out");
    }
    evidence
}

/// CAL-ID-FOREIGN, HUM-TOKEN-FOREIGN: somebody else's session is answered like one that does not exist.
pub(super) fn foreign(view: &View<'_>) -> Evidence {
    let [_, second] = view.api().variables();
    let unmet =
        format!("no session was asked about with the credential of another account; {second} is the place for one");
    let mut evidence = Evidence::unless(&unmet);
    if !view.is_driven() {
        return Evidence::unless("a recording cannot tell whether two credentials belong to different accounts");
    }
    for session in view.sessions().filter(|session| session.created().is_some()) {
        let owner = session.owner();
        let is_foreign =
            |call: &&Call<'_>| view.is_authorised(call) && call.exchange.request.credential.which != Some(owner);
        for call in session.calls().filter(is_foreign) {
            if !is_answered(&mut evidence, view, call) {
                continue;
            }
            let expected = "the same 4xx as for an id that does not exist";
            if !call.answer().is_some_and(Answer::is_refusal) {
                evidence.broke(call, expected, format!("{} to another account's credential", call.describe()));
                continue;
            }
            let found = match Unknown::of(view, call.operation()).compare(call) {
                Likeness::Same => {
                    evidence.held();
                    continue;
                }
                Likeness::Open(why) => {
                    evidence.doubt(why);
                    continue;
                }
                Likeness::OtherStatus(other) => {
                    format!("{}, and {} for an id that does not exist", call.describe(), other.describe())
                }
                Likeness::OtherBody(other) => {
                    format!("the body {}, and {} for an id that does not exist", body(call), body(other))
                }
            };
            evidence.broke(call, expected, found);
        }
    }
    evidence
}

/// How one operation answers ids that do not exist. What such an id is answered wrongly is not worth comparing with; another
/// requirement tells.
struct Unknown<'v, 't>(Vec<&'v Call<'t>>);

/// What the answer to a stranger is, beside those to ids that do not exist.
enum Likeness<'v, 't> {
    Same,
    OtherStatus(&'v Call<'t>),
    OtherBody(&'v Call<'t>),
    Open(&'static str),
}

impl<'v, 't> Unknown<'v, 't> {
    fn of(view: &'v View<'t>, operation: Operation) -> Self {
        let asked = move |call: &&Call<'_>| call.exchange.request.invented && call.operation() == operation;
        let is_right = |call: &&Call<'_>| view.is_authorised(call) && call.answer().is_some_and(Answer::is_refusal);
        let calls = view.calls.iter().filter(asked).filter(is_right).filter(|call| !call.is_unanswered());
        Self(calls.collect())
    }

    fn compare(&self, call: &Call<'_>) -> Likeness<'v, 't> {
        let Some(first) = self.0.first() else {
            return Likeness::Open("there is no 4xx to an id that does not exist to compare with");
        };
        let same_status: Vec<_> = self.0.iter().filter(|other| other.status() == call.status()).collect();
        let Some(other) = same_status.first() else { return Likeness::OtherStatus(first) };
        let asked = likeness(call);
        let mut plain = same_status.iter().filter(|other| is_plain(other)).map(|other| likeness(other));
        let one = plain.next();
        if same_status.iter().any(|other| likeness(other) == asked) {
            Likeness::Same
        } else if plain.any(|another| Some(another) != one) {
            Likeness::Open("answers to ids that do not exist differ among themselves, so that nothing can be compared")
        } else {
            Likeness::OtherBody(other)
        }
    }
}

/// Whether a made-up id looks like a real one: odd ones may be refused in words of their own.
fn is_plain(call: &Call<'_>) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    call.exchange
        .request
        .session
        .as_deref()
        .is_some_and(|id| id.len() >= 16 && id.len() <= 64 && id.bytes().all(is_letter))
}

fn refused(evidence: &mut Evidence, view: &View<'_>, call: &Call<'_>, expected: &str) {
    if is_answered(evidence, view, call) {
        let holds = call.answer().is_some_and(Answer::is_refusal);
        evidence.check(holds, call, expected, || call.describe());
    }
}

fn body(call: &Call<'_>) -> String {
    call.json.as_deref().map_or_else(|| "without JSON".to_owned(), quote)
}

/// What of a session an answer shows, where it shows any.
fn session_data(api: Api, json: &Value) -> Option<Value> {
    let full = |value: &Value| match value {
        Value::Null => false,
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
        Value::String(text) => !text.is_empty(),
        Value::Bool(_) | Value::Number(_) => true,
    };
    let places: &[&str] = match api {
        Api::Calmyx => &["/session_id", "/progress", "/results"],
        Api::Hum => &[
            "/meta/session_token",
            "/meta/agent_status",
            "/meta/service_address",
            "/data/session_token",
            "/data/service_address",
            "/data/internet",
        ],
    };
    places.iter().filter_map(|place| json.pointer(place)).find(|value| full(value)).cloned()
}

/// An answer without what may differ between two that say the same: numbers, and words with digits or of great length,
/// such as ids and times.
fn likeness(call: &Call<'_>) -> Option<Value> {
    let asked = call.exchange.request.session.clone().unwrap_or_default();
    call.json.as_deref().map(|json| blur(json, &asked))
}

fn blur(value: &Value, asked: &str) -> Value {
    match value {
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| (name.clone(), blur(value, asked)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        Value::Array(items) => items.iter().map(|item| blur(item, asked)).collect(),
        Value::String(said) => {
            let said = if asked.is_empty() { said.clone() } else { said.replace(asked, "") };
            let plain = |word: &&str| word.len() <= 20 && !word.contains(|letter: char| letter.is_ascii_digit());
            said.split_whitespace().filter(plain).collect::<Vec<_>>().join(" ").into()
        }
        Value::Number(_) => 0.into(),
        Value::Null | Value::Bool(_) => value.clone(),
    }
}

/// The calls of an API's creation that have a known credential in the documented form.
pub(super) fn creations<'v, 't>(view: &'v View<'t>) -> impl Iterator<Item = &'v Call<'t>> {
    view.of(Operation::CreateSession).filter(|call| view.is_authorised(call))
}

/// Whether a refused creation left a session behind all the same: the id that it gave, where that id then answers.
pub(super) fn left_behind<'v>(view: &'v View<'_>, refusal: &'v Call<'_>) -> Option<&'v str> {
    let id = crate::wire::session_of_reply(view.api(), refusal.json.as_deref()?)?;
    let answers = |call: &&Call<'_>| call.exchange.request.session.as_deref() == Some(id) && call.success().is_some();
    view.calls.iter().find(answers).map(|_| id)
}

/// Whether an id was given to an earlier creation too.
pub(super) fn given_before(view: &View<'_>, creation: &Call<'_>, id: &Value) -> Option<u32> {
    let id = text(id)?;
    let earlier = view.of(Operation::CreateSession).filter(|call| call.exchange.number < creation.exchange.number);
    let mut same = earlier.filter(|call| {
        call.success().and(call.json.as_deref()).and_then(|json| crate::wire::session_of_reply(view.api(), json))
            == Some(id)
    });
    same.next().map(|call| call.exchange.number)
}
