//! CAL-CLIENT-AUTH, HUM-CLIENT-AUTH: the credential on every call, and the token in the path.

use std::collections::BTreeSet;

use super::run::runs;
use crate::judge::evidence::{Evidence, quote};
use crate::judge::view::{Call, View};
use crate::trace::{Credential, How, Which};
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
            if let Some(session) = call.exchange.request.session.as_deref() {
                let holds = given.contains(session);
                evidence.check(holds, call, "the session token that was given out, in the path", || quote(&session));
            }
        }
    }
    evidence
}

fn token<'v>(view: &View<'_>, call: &'v Call<'_>) -> Option<&'v str> {
    let is_creation = call.operation() == crate::trace::Operation::CreateSession;
    session_of_reply(view.api(), call.json.as_ref().filter(|_| is_creation)?)
}

fn credential(view: &View<'_>, how: How, expected: &str, evidence: &mut Evidence) {
    for call in &view.calls {
        let sent = call.exchange.request.credential;
        evidence.check(sent == Credential::new(how, Which::First), call, expected, || describe(sent));
    }
}

fn describe(sent: Credential) -> String {
    match (sent.how, sent.which) {
        (How::None, _) => "no Authorization".to_owned(),
        (_, Some(Which::Wrong | Which::Second)) => "another credential".to_owned(),
        (How::Bare, _) => "the credential alone".to_owned(),
        (How::Bearer, _) => "the credential after Bearer".to_owned(),
        (How::Other, _) => "the credential in another form".to_owned(),
    }
}
