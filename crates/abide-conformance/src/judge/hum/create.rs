//! Creating a session: what is taken, and what is refused.

use super::sent::{Sent, read};
use crate::judge::access::{creations, given_before, is_answered, left_behind};
use crate::judge::evidence::{Evidence, quote};
use crate::judge::value::text;
use crate::judge::view::View;

/// HUM-CREATE-REPLY.
pub(super) fn reply(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no session was created");
    for call in creations(view) {
        if read(&call.exchange.request.body) != Sent::Valid || !is_answered(&mut evidence, view, call) {
            continue;
        }
        if call.status() != Some(201) {
            evidence.broke(call, "201 for a valid address", call.describe());
            continue;
        }
        if let Some(why) = call.unreadable() {
            evidence.doubt(why);
            continue;
        }
        let token = ["/meta/session_token", "/data/session_token"].iter().find_map(|place| call.present(place));
        match token.filter(|token| text(token).is_some()) {
            None => {
                let found = token.map_or_else(|| "201 without it".to_owned(), quote);
                evidence.broke(call, "a token in meta.session_token or data.session_token", found);
            }
            Some(token) => match given_before(view, call, token) {
                Some(earlier) => {
                    evidence.broke(call, "a token of its own", format!("the one of exchange {earlier} again"));
                }
                None => evidence.held(),
            },
        }
    }
    evidence
}

/// HUM-CREATE-INVALID.
pub(super) fn invalid(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no invalid address was sent");
    for call in creations(view) {
        let Sent::Invalid(why) = read(&call.exchange.request.body) else { continue };
        if !is_answered(&mut evidence, view, call) {
            continue;
        }
        if call.status() != Some(422) {
            evidence.broke(call, format!("422 for {why}"), call.describe());
        } else if left_behind(view, call).is_some() {
            evidence.broke(call, "nothing is created by a refused call", "its token answers");
        } else {
            evidence.held();
        }
    }
    evidence
}
