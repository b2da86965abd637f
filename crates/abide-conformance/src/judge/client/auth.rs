//! CAL-CLIENT-AUTH, HUM-CLIENT-AUTH: the credential on every call, and the token in the path.

use std::collections::BTreeSet;

use super::run::runs;
use crate::judge::evidence::{Evidence, quote};
use crate::judge::view::{Call, View};
use crate::trace::{Credential, How, Operation, Request, Which};
use crate::wire::session_of_reply;

/// CAL-CLIENT-AUTH.
pub(super) fn calmyx(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("the client made no call");
    credential(view, How::Bare, "the bare key in Authorization", &mut evidence);
    evidence
}

/// HUM-CLIENT-AUTH.
pub(super) fn hum(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("the client made no call");
    credential(view, How::Bearer, "Authorization: Bearer with the token", &mut evidence);
    for run in runs(view) {
        let given: BTreeSet<&str> = run.calls.iter().filter_map(|call| token(view, call)).collect();
        for call in run.calls.iter().filter(|_| !given.is_empty()) {
            let request = &call.exchange.request;
            let expected = "the session token that was given out, percent-encoded as one segment of the path";
            match request.session.as_deref() {
                Some(session) => evidence.check(given.contains(session), call, expected, || quote(&request.path)),
                None if request.operation == Operation::Other => evidence.broke(call, expected, unknown_path(request)),
                None => {}
            }
        }
    }
    evidence
}

/// A path that is none of the API's; without one, what came was no HTTP, as a raw space in it makes it.
fn unknown_path(request: &Request) -> String {
    if request.path.is_empty() { "a request that is no HTTP".to_owned() } else { quote(&request.path) }
}

fn token<'v>(view: &View<'_>, call: &'v Call<'_>) -> Option<&'v str> {
    let is_creation = call.operation() == Operation::CreateSession;
    session_of_reply(view.api(), call.json.as_deref().filter(|_| is_creation)?)
}

fn credential(view: &View<'_>, how: How, expected: &str, evidence: &mut Evidence) {
    for call in view.calls.iter().filter(|call| !call.exchange.request.method.is_empty()) {
        let sent = call.exchange.request.credential;
        if sent.how == How::Unrecorded {
            evidence.doubt(crate::judge::access::NOT_RECORDED);
            continue;
        }
        evidence.check(sent == Credential::new(how, Which::First), call, expected, || describe(sent));
    }
}

fn describe(sent: Credential) -> String {
    match (sent.how, sent.which) {
        (How::Unrecorded, _) => "an Authorization that was not recorded".to_owned(),
        (How::None, _) => "no Authorization".to_owned(),
        (_, Some(Which::Wrong | Which::Second)) => "another credential".to_owned(),
        (How::Bare, _) => "the credential alone".to_owned(),
        (How::Bearer, _) => "the credential after Bearer".to_owned(),
        (How::Other, _) => "the credential in another form".to_owned(),
    }
}
