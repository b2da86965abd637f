//! The Calmyx server, requirement by requirement.

mod counters;
mod create;
mod items;
mod listings;
mod poll;
mod results;
mod sent;
mod shape;
mod state;
mod times;

use super::{Check, access};

pub(crate) use sent::{Sent, read as read_sent};

/// Every requirement of a server, with its check.
pub(super) const SERVER: &[(&str, Check)] = &[
    ("CAL-CREATE-REPLY", create::reply),
    ("CAL-CREATE-LIMIT", create::limit),
    ("CAL-CREATE-INVALID", create::invalid),
    ("CAL-AUTH", access::authorization),
    ("CAL-ID-REQUIRED", access::id_required),
    ("CAL-ID-UNKNOWN", access::unknown),
    ("CAL-ID-FOREIGN", access::foreign),
    ("CAL-SCHEMA", shape::schema),
    ("CAL-STATUS-VALUE", state::value),
    ("CAL-STATE-ORDER", state::order),
    ("CAL-COUNT-SUM", counters::sum),
    ("CAL-COUNT-BOUND", counters::bound),
    ("CAL-COUNT-MONOTONE", counters::monotone),
    ("CAL-TOTAL-FIXED", counters::total),
    ("CAL-QUEUED-EMPTY", state::queued_empty),
    ("CAL-COMPLETED-ALL", state::completed_all),
    ("CAL-STARTED-NULL", times::started_null),
    ("CAL-COMPLETED-NULL", times::completed_null),
    ("CAL-RESULTS-GROW", results::grow),
    ("CAL-RESULTS-PARTIAL", results::partial),
    ("CAL-RESULTS-COUNT", results::count),
    ("CAL-RESULTS-LOCATION", results::location),
    ("CAL-RESULTS-ALL", results::all),
    ("CAL-ITEM-SUCCESS", items::success),
    ("CAL-ITEM-FAILED", items::failed),
    ("CAL-SCORE-RANGE", items::score),
    ("CAL-ERROR-TEXT", items::error_text),
    ("CAL-LISTING-UNIQUE", listings::unique),
    ("CAL-LISTING-USABLE", listings::usable),
    ("CAL-TIME-FORMAT", times::format),
    ("CAL-TIME-ORDER", times::order),
    ("CAL-TIME-STABLE", times::stable),
    ("CAL-READ-SAFE", state::read_safe),
    ("CAL-LIVENESS", state::liveness),
];
