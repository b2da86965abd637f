//! Whether there is anything to judge: the plain sentence about a target that is down, or is something else.

use super::view::{Call, View};
use crate::catalogue::Api;
use crate::report::safe;
use crate::trace::{Answer, Operation, Reply, Source, Subject};

/// Why nothing can be judged.
pub(super) fn problem(view: &View<'_>) -> Option<String> {
    let header = &view.trace.header;
    match (view.calls.first(), header.subject) {
        (None, Subject::Server | Subject::Both) => Some(nothing_there(view)),
        (None, Subject::Client) => Some(never_called(view)),
        (Some(first), Subject::Server | Subject::Both) => unanswered(view, first).or_else(|| refused(view)),
        (Some(_), Subject::Client) => None,
    }
}

/// Why there is nothing to judge: what stopped the run before its first call, if that is known.
fn nothing_there(view: &View<'_>) -> String {
    let stopped = view.trace.facts.iter().find_map(super::stop_of);
    stopped.unwrap_or_else(|| "there is no exchange in the trace".to_owned())
}

/// What is worth saying about a server that can be judged: that it broke down on every session that it should have created.
pub(super) fn breakdown(view: &View<'_>) -> Option<String> {
    let is_of_server = view.trace.header.subject != Subject::Client && view.trace.header.source == Source::Driven;
    if !is_of_server || view.sessions().any(|session| session.created().is_some()) {
        return None;
    }
    let mut creations =
        view.of(Operation::CreateSession).filter(|call| view.is_authorised(call) && is_valid(view, call));
    let first = creations.next()?;
    let status = first.status().filter(|status| *status >= 500)?;
    let Call { exchange, .. } = first;
    creations.all(|call| call.status().is_some_and(|status| status >= 500)).then(|| {
        let (target, request) = (&view.trace.header.target, &exchange.request);
        format!(
            "{target} answers {status} to every {} {}, so that no session was there to judge",
            request.method, request.path
        )
    })
}

/// Why a client made no call at all: what stopped the run, or how the client ended instead.
fn never_called(view: &View<'_>) -> String {
    let stopped = view.trace.facts.iter().find_map(super::stop_of);
    stopped.or_else(|| super::client::first_trouble(view)).unwrap_or_else(|| "the client never called".to_owned())
}

fn unanswered(view: &View<'_>, first: &Call<'_>) -> Option<String> {
    if view.calls.iter().any(|call| call.answer().is_some()) {
        return None;
    }
    let Reply::None { why, detail } = &first.exchange.reply else { return None };
    let detail = if detail.is_empty() { String::new() } else { format!(" ({})", safe(detail)) };
    Some(format!("{} {}{detail}; is it running, and is the address right?", view.trace.header.target, why.describe()))
}

/// Where no session could be created, whether that is because the target is not what it was taken for.
fn refused(view: &View<'_>) -> Option<String> {
    if view.trace.header.source != Source::Driven || view.sessions().any(|session| session.created().is_some()) {
        return None;
    }
    let creations: Vec<_> = view.of(Operation::CreateSession).filter(|call| view.is_authorised(call)).collect();
    let sentences: Vec<Option<String>> =
        creations.iter().filter(|call| is_valid(view, call)).map(|call| sentence(view, call)).collect();
    // One answer that shows the API at work is something to judge.
    if sentences.iter().any(Option::is_none) { None } else { sentences.into_iter().flatten().next() }
}

fn is_valid(view: &View<'_>, call: &Call<'_>) -> bool {
    let body = &call.exchange.request.body;
    match view.api() {
        Api::Calmyx => matches!(super::calmyx::read_sent(body), super::calmyx::Sent::Valid(_)),
        Api::Hum => super::hum::read_sent(body) == super::hum::Sent::Valid,
    }
}

/// What a creation's answer says about the target, unless it is one of a server of this API.
fn sentence(view: &View<'_>, call: &Call<'_>) -> Option<String> {
    let (api, target) = (view.api(), &view.trace.header.target);
    let request = format!("{} {}", call.exchange.request.method, call.exchange.request.path);
    let Some(answer) = call.answer() else {
        return Some(format!("{target} answers other calls but not {request}"));
    };
    let [variable, _] = api.variables();
    let is_api = format!("is {target} a {} server?", api.title());
    match answer.status {
        401 | 403 => Some(format!(
            "{target} answers {} to {request}: it does not take the credential in {variable}",
            answer.status
        )),
        404 | 405 => Some(format!("{target} answers {} to {request}; {is_api}", answer.status)),
        300..=399 => Some(format!(
            "{target} answers {} to {request}, which redirects elsewhere; name the server itself",
            answer.status
        )),
        429 | 503 => Some(format!("{target} answers {} to every {request}, also after waiting", answer.status)),
        _ if answer.is_beside_the_point() => Some(format!(
            "{target} answers {} to every {request}: something on the way does not let it through",
            answer.status
        )),
        _ if answer.is_success() && call.json.is_none() => {
            Some(format!("{target} answers {} to {request} with {}; {is_api}", answer.status, safe(&describe(answer))))
        }
        _ => None,
    }
}

fn describe(answer: &Answer) -> String {
    let kind = answer.headers.get("content-type").map(|kind| format!(" ({kind})")).unwrap_or_default();
    format!("{}{kind}", answer.body.describe())
}
