//! The Hum server, requirement by requirement.

mod address;
mod agents;
mod closing;
mod code;
mod create;
mod envelope;
mod expiry;
mod sent;
mod services;
mod throttling;
mod times;

use super::{Check, access};

pub(crate) use agents::is_settled;
pub(crate) use sent::{Sent, read as read_sent};

/// Every requirement of a server, with its check.
pub(super) const SERVER: &[(&str, Check)] = &[
    ("HUM-CREATE-REPLY", create::reply),
    ("HUM-CREATE-INVALID", create::invalid),
    ("HUM-AUTH", access::authorization),
    ("HUM-TOKEN-UNKNOWN", access::unknown),
    ("HUM-TOKEN-FOREIGN", access::foreign),
    ("HUM-ENVELOPE", envelope::envelope),
    ("HUM-REQUEST-STATUS", envelope::request_status),
    ("HUM-CODE", code::code),
    ("HUM-CODE-ORDER", code::order),
    ("HUM-AGENTS", agents::map),
    ("HUM-AGENT-FINAL", agents::last),
    ("HUM-CODE-AGENTS", code::agents),
    ("HUM-ADDRESS", address::address),
    ("HUM-SERVICES", services::services),
    ("HUM-TOKEN-ECHO", envelope::token_echo),
    ("HUM-EXPIRY", expiry::expiry),
    ("HUM-EXPIRY-EARLY", expiry::early),
    ("HUM-EXPIRY-SLIDES", expiry::slides),
    ("HUM-CLOSED", closing::closed),
    ("HUM-GONE-FINAL", closing::gone),
    ("HUM-RATE-LIMIT", throttling::rate_limit),
    ("HUM-TIMES", times::times),
    ("HUM-LIVENESS", agents::liveness),
];
