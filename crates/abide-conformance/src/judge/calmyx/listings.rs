//! The listings that results name.

use std::collections::HashMap;

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::items::{is_success, present};
use super::poll::polls;
use crate::judge::evidence::{Evidence, quote};
use crate::judge::view::{Call, View};
use crate::trace::Operation;

/// CAL-LISTING-UNIQUE.
pub(super) fn unique(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless("no session showed two locations that succeeded");
    for session in view.sessions() {
        for poll in polls(&session) {
            let mut seen: HashMap<&str, usize> = HashMap::new();
            let listings = poll.results().unwrap_or_default().iter().enumerate().filter(|(_, item)| is_success(item));
            for (place, item) in listings {
                let Some(listing) = present(item, "listing_id").and_then(Value::as_str) else { continue };
                if let Some(earlier) = seen.insert(listing, place) {
                    let found = format!("{} in the items {earlier} and {place}", quote(&listing));
                    evidence.broke(poll.call, "a listing_id of its own for each location", found);
                }
            }
            if seen.len() > 1 {
                evidence.held();
            }
        }
    }
    evidence
}

/// CAL-LISTING-USABLE.
pub(super) fn usable(view: &View<'_>) -> Evidence {
    let offered = view.of(Operation::GetListingStats).any(|call| view.is_authorised(call) && call.success().is_some());
    let mut evidence = Evidence::unless(if offered {
        "no listing_id of a result was deleted"
    } else {
        "the server does not offer the listing calls"
    });
    let deletions = view.of(Operation::DeleteListing).filter(|call| view.is_authorised(call) && !call.is_unanswered());
    for call in deletions.filter(|call| offered && names_a_listing(view, call)) {
        let said_no = call.at("/success").and_then(Value::as_bool) == Some(false);
        let holds = call.success().is_some() && !said_no;
        evidence.check(holds, call, "a 2xx to the deletion of a result's listing", || call.describe());
    }
    evidence
}

/// Whether it deletes the listing of a result that the trace holds, for the first time.
fn names_a_listing(view: &View<'_>, deletion: &Call<'_>) -> bool {
    let path = &deletion.exchange.request.path;
    let Some(listing) = path.rsplit('/').next().filter(|listing| !listing.is_empty()) else { return false };
    let Ok(listing) = percent_decode_str(listing).decode_utf8() else { return false };
    let mut deletions = view.of(Operation::DeleteListing).filter(|call| call.exchange.request.path == *path);
    let is_first = deletions.next().is_some_and(|first| first.exchange.number == deletion.exchange.number);
    let shown = || {
        view.sessions().flat_map(|session| polls(&session)).any(|poll| {
            let before = poll.call.exchange.is_before(deletion.exchange);
            before
                && poll
                    .results()
                    .unwrap_or_default()
                    .iter()
                    .any(|item| present(item, "listing_id").and_then(Value::as_str) == Some(&*listing))
        })
    };
    is_first && shown()
}
