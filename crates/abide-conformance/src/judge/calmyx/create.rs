//! Creating a session: what is taken, and what is refused.

use super::sent::{Sent, read};
use crate::judge::access::{creations, given_before, is_answered, left_behind};
use crate::judge::evidence::{Evidence, quote};
use crate::judge::value::{integer, text};
use crate::judge::view::{Call, View};
use crate::trace::Answer;

/// CAL-CREATE-REPLY.
pub(super) fn reply(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no session was created");
    for call in creations(view) {
        if let Sent::Valid(locations) = read(&call.exchange.request.body) {
            if !is_answered(&mut evidence, view, call) {
                continue;
            }
            if let Some(why) = call.success().and(call.unreadable()) {
                evidence.doubt(why);
                continue;
            }
            match flaw(view, call, locations.len()) {
                None => evidence.held(),
                Some((expected, found)) => evidence.broke(call, expected, found),
            }
        }
    }
    evidence
}

fn flaw(view: &View<'_>, call: &Call<'_>, sent: usize) -> Option<(String, String)> {
    if call.success().is_none() || call.json.is_none() {
        return Some((format!("a 2xx with JSON for {sent} valid locations"), call.describe()));
    }
    let shown = |place: &str| call.at(place).map_or_else(|| "nothing".to_owned(), quote);
    let id = call.at("/session_id").filter(|id| text(id).is_some());
    let Some(id) = id else { return Some(("session_id, a text".to_owned(), shown("/session_id"))) };
    if let Some(earlier) = given_before(view, call, id) {
        return Some(("a session_id of its own".to_owned(), format!("the one of exchange {earlier} again")));
    }
    let total = call.at("/total_locations").and_then(integer);
    if total.and_then(|total| usize::try_from(total).ok()) != Some(sent) {
        return Some((format!("total_locations {sent}"), shown("/total_locations")));
    }
    let submitted = call.present("/submitted_at");
    submitted.is_none().then(|| ("submitted_at".to_owned(), shown("/submitted_at")))
}

/// CAL-CREATE-LIMIT.
pub(super) fn limit(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no session with more than 500 locations was asked for");
    for call in creations(view) {
        if let Sent::TooMany(count) = read(&call.exchange.request.body) {
            refusal(&mut evidence, view, call, &format!("{count} locations"));
        }
    }
    evidence
}

/// CAL-CREATE-INVALID.
pub(super) fn invalid(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no invalid location was sent");
    for call in creations(view) {
        if let Sent::Invalid(why) = read(&call.exchange.request.body) {
            refusal(&mut evidence, view, call, &why);
        }
    }
    evidence
}

fn refusal(evidence: &mut Evidence, view: &View<'_>, call: &Call<'_>, what: &str) {
    if !is_answered(evidence, view, call) {
        return;
    }
    if !call.answer().is_some_and(Answer::is_refusal) {
        evidence.broke(call, format!("a 4xx for {what}"), call.describe());
    } else if let Some(id) = left_behind(view, call) {
        evidence.broke(
            call,
            "nothing is created by a refused call",
            format!("{}, and session {} answers", call.describe(), quote(&id)),
        );
    } else {
        evidence.held();
    }
}
