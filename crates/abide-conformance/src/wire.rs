//! The wire as both sides see it: which call a path is, and what bytes of a body are.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use crate::catalogue::Api;
use crate::trace::{Body, Operation};

/// The headers of a reply that a verdict or a reader may need.
pub(crate) const REPLY_HEADERS: [&str; 6] =
    ["content-type", "content-encoding", "retry-after", "location", "www-authenticate", "date"];

/// How much of a body that is no JSON is read, in bytes. A recorder takes credentials out of it before it cuts it: the half of
/// one is not recognised.
const READ: usize = 64 * 1024;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// What every path of Hum's sessions begins with.
const SESSIONS: &str = "/sessions";

/// Which call this is, with the session of its path, still percent-encoded.
pub(crate) fn operation<'a>(api: Api, method: &str, path: &'a str) -> (Operation, Option<&'a str>) {
    match api {
        Api::Calmyx => (calmyx(method, path), None),
        Api::Hum => hum(method, path),
    }
}

fn calmyx(method: &str, path: &str) -> Operation {
    match (method, path.trim_end_matches('/')) {
        ("POST", path) if path.ends_with("/v2/session/new") => Operation::CreateSession,
        ("GET", path) if path.ends_with("/v2/session/status") => Operation::GetSessionStatus,
        ("GET", path) if path.ends_with("/v2/listings/stats") => Operation::GetListingStats,
        ("DELETE", path) if path.contains("/v2/listings/") && !path.ends_with("/by-coordinates") => {
            Operation::DeleteListing
        }
        _ => Operation::Other,
    }
}

fn hum<'a>(method: &str, path: &'a str) -> (Operation, Option<&'a str>) {
    let Some(place) = own_part(path) else { return (Operation::Other, None) };
    if path.contains("/analytics/") {
        return (Operation::Other, None);
    }
    let rest = path.get(place + SESSIONS.len()..).unwrap_or_default();
    let segments: Vec<&str> = rest.trim_end_matches('/').split('/').skip(1).collect();
    match (method, segments.as_slice()) {
        ("POST", []) => (Operation::CreateSession, None),
        ("GET", [token]) => (Operation::GetSession, Some(token)),
        ("DELETE", [token]) => (Operation::CloseSession, Some(token)),
        ("GET", [token, "services", "internet"]) => (Operation::GetInternetServices, Some(token)),
        _ => (Operation::Other, None),
    }
}

/// Where Hum's part of a path begins: at a whole segment, and not at a longer word that begins with the same letters.
fn own_part(path: &str) -> Option<usize> {
    let is_whole =
        |place: &usize| path.get(place + SESSIONS.len()..).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    path.match_indices(SESSIONS).map(|(place, _)| place).find(is_whole)
}

/// What stands in a path before the API's own part of it, and that part.
pub(crate) fn split_prefix(api: Api, path: &str) -> (&str, &str) {
    let own = match api {
        Api::Calmyx => path.find("/v2/"),
        Api::Hum => own_part(path),
    };
    path.split_at(own.unwrap_or_default())
}

/// The id, or the token, that the reply to a creation gives.
pub(crate) fn session_of_reply(api: Api, json: &Value) -> Option<&str> {
    let places: &[&str] = match api {
        Api::Calmyx => &["/session_id"],
        Api::Hum => &["/meta/session_token", "/data/session_token"],
    };
    places.iter().find_map(|place| json.pointer(place)?.as_str()).filter(|id| !id.is_empty())
}

/// One segment of a path.
pub(crate) fn segment(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}

/// What the bytes of a whole body are. Where they are no JSON, a recorder keeps less than this gives.
pub(crate) fn body(bytes: &[u8]) -> Body {
    // A reader may pass over the mark, and most do.
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    if bytes.is_empty() {
        return Body::Empty;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) if serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok() => Body::Json(text.to_owned()),
        Ok(_) | Err(_) => {
            let starts = String::from_utf8_lossy(bytes.get(..READ).unwrap_or(bytes)).into_owned();
            Body::NotJson { starts, length: bytes.len() as u64 }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls() {
        use Operation::*;
        for (api, method, path, expected) in [
            (Api::Calmyx, "POST", "/v2/session/new", (CreateSession, None)),
            (Api::Calmyx, "GET", "/v2/session/new", (Other, None)),
            (Api::Calmyx, "GET", "/proxy/v2/session/status", (GetSessionStatus, None)),
            (Api::Calmyx, "DELETE", "/v2/listings/a-b", (DeleteListing, None)),
            (Api::Calmyx, "DELETE", "/v2/listings/by-coordinates", (Other, None)),
            (Api::Hum, "POST", "/sessions", (CreateSession, None)),
            (Api::Hum, "GET", "/sessions/a%20b", (GetSession, Some("a%20b"))),
            (Api::Hum, "DELETE", "/sessions/x", (CloseSession, Some("x"))),
            (Api::Hum, "GET", "/sessions/x/services/internet", (GetInternetServices, Some("x"))),
            (Api::Hum, "GET", "/analytics/sessions/x", (Other, None)),
            (Api::Hum, "GET", "/", (Other, None)),
            (Api::Hum, "GET", "/sessions-report/2024", (Other, None)),
            (Api::Hum, "GET", "/sessionsv2/tok", (Other, None)),
            (Api::Hum, "POST", "/sessions-report/sessions/", (CreateSession, None)),
            (Api::Hum, "GET", "/api/sessions/x", (GetSession, Some("x"))),
        ] {
            assert_eq!(operation(api, method, path), expected, "{method} {path}");
        }
    }

    #[test]
    fn prefixes() {
        for (api, path, expected) in [
            (Api::Calmyx, "/proxy/v2/session/new", "/proxy"),
            (Api::Hum, "/api/sessions/x", "/api"),
            (Api::Hum, "/sessions-report/sessions", "/sessions-report"),
            (Api::Hum, "/sessions/sessions", ""),
            (Api::Hum, "/sessionsv2/tok", ""),
        ] {
            assert_eq!(split_prefix(api, path).0, expected, "{path}");
        }
    }

    #[test]
    fn bodies() {
        for (bytes, json) in
            [("{\"a\":1}", true), ("{\"a\":1", false), ("<html>", false), ("NaN", false), (" 1 ", true)]
        {
            assert_eq!(body(bytes.as_bytes()).json().is_some(), json, "{bytes}");
        }
        assert_eq!(body(b""), Body::Empty);
        assert_eq!(body(&[0xff]), Body::NotJson { starts: "\u{fffd}".to_owned(), length: 1 });
    }
}
