//! HUM-SERVICES: that the providers of a session whose internet agent matched can be read.

use serde_json::Value;

use super::agents::word;
use crate::judge::evidence::Evidence;
use crate::judge::view::{Call, View};
use crate::trace::Operation;

/// HUM-SERVICES.
pub(super) fn services(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no session had internet matched");
    for session in view.sessions() {
        let matched = session.answers().into_iter().find(|call| word(call, "internet") == Some("matched"));
        let Some(matched) = matched else { continue };
        let own = || session.own().chain(session.created());
        if own().any(|call| call.success().is_some() && has_providers(call)) {
            evidence.held();
            continue;
        }
        let asked = |call: &&Call<'_>| call.operation() == Operation::GetInternetServices && !call.is_unanswered();
        let asked = session.own().filter(asked).filter(|call| matched.exchange.is_before(call.exchange));
        match asked.last() {
            Some(call) => {
                let found = format!("none in the status, and {} from /services/internet", call.describe());
                evidence.broke(call, "the providers, in data or at /services/internet", found);
            }
            None => evidence.doubt("/services/internet was not asked after internet matched"),
        }
    }
    evidence
}

/// A list as data, or as `data.internet`, with something in it.
fn has_providers(call: &Call<'_>) -> bool {
    let full = |place: &str| call.at(place).and_then(Value::as_array).is_some_and(|providers| !providers.is_empty());
    full("/data") || full("/data/internet")
}
