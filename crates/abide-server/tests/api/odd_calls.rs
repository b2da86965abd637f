//! Requests that are wrong in any part: what the fuzz tests send.

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, Method, Request},
};
use proptest::{prelude::*, sample::select};
use serde_json::json;

use crate::service::{CALMYX, CALMYX_OTHER, HUM, HUM_OTHER, calmyx_body, hum_body};

/// A request in parts that may all be wrong.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) method: &'static str,
    pub(crate) target: String,
    pub(crate) headers: Vec<(&'static str, Vec<u8>)>,
    pub(crate) body: Vec<u8>,
}

const METHODS: [&str; 9] = ["GET", "POST", "DELETE", "PUT", "PATCH", "HEAD", "OPTIONS", "TRACE", "BREW"];

/// Every route, with `{}` where an id goes.
const ROUTES: [&str; 14] = [
    "/v2/session/new",
    "/v2/session/status",
    "/v2/session/status?session_id={}",
    "/v2/listing/quietness",
    "/v2/listings/stats",
    "/v2/listings/{}",
    "/v2/listings/by-coordinates",
    "/v2/listings/delete-batch",
    "/v2/account/usage",
    "/sessions",
    "/sessions/{}",
    "/sessions/{}/services/internet",
    "/analytics/sessions",
    "/analytics/sessions/{}",
];
/// Beside them: what is no route, and the hook.
const OTHER_TARGETS: [&str; 8] =
    ["/", "/v2", "/_test/clock/advance", "/sessions/", "//", "/v2/%2e%2e/sessions", "*", "http://example.com/sessions"];

/// Ids that have broken servers before.
const IDS: [&str; 14] = [
    "x",
    "..",
    "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "%00",
    "%ff%fe",
    "%",
    "%zz",
    "%27%20OR%20%271%27=%271",
    "1;DROP%20TABLE%20calmyx_session;--",
    "%25n%25s",
    "%0d%0aX-Injected:%20y",
    "%f0%9f%92%a9",
    "a1b2c3d4-e5f6-4890-abcd-ef1234567890",
    "sess_0123456789abcdefghijkl",
];

pub(crate) const PARAMETERS: [&str; 9] =
    ["lat", "lng", "session_id", "page", "start_date", "end_date", "token_ids[]", "with_clicks", "%ff"];

pub(crate) const VALUES: [&str; 20] = [
    "",
    "0",
    "-0",
    "1",
    "-1",
    "37.7749",
    "-122.4194",
    "1e400",
    "NaN",
    "inf",
    "-inf",
    "null",
    "true",
    "[]",
    "{}",
    "2026-01-15",
    "9223372036854775808",
    "%00",
    "%ff",
    "+1",
];

fn target() -> impl Strategy<Value = String> {
    let id = prop_oneof![select(&IDS[..]).prop_map(str::to_owned), "[!-~&&[^#?]]{0,40}", Just("a".repeat(9_000))];
    let route = prop_oneof![9 => select(&ROUTES[..]), 1 => select(&OTHER_TARGETS[..])];
    let pair = (select(&PARAMETERS[..]), select(&VALUES[..])).prop_map(|(name, value)| format!("{name}={value}"));
    (route, id, proptest::collection::vec(pair, 0..4)).prop_map(|(route, id, pairs)| {
        let path = route.replace("{}", &id);
        match (pairs.is_empty(), path.contains('?')) {
            (true, _) => path,
            (false, true) => format!("{path}&{}", pairs.join("&")),
            (false, false) => format!("{path}?{}", pairs.join("&")),
        }
    })
}

fn header_value() -> impl Strategy<Value = (&'static str, Vec<u8>)> {
    let credential =
        select(&[CALMYX, CALMYX_OTHER, HUM, HUM_OTHER, "", "Bearer", "Bearer ", "nobody", "Basic eDp5"][..]);
    let media_type = select(&["application/json", "text/plain", "application/json;charset=\u{e9}", "", "a/b+json"][..]);
    let host = select(&["localhost", "127.0.0.1:1", "example.com", "", "[::1", "@"][..]);
    prop_oneof![
        5 => credential.prop_map(|value| ("authorization", value.as_bytes().to_vec())),
        3 => media_type.prop_map(|value| ("content-type", value.as_bytes().to_vec())),
        1 => host.prop_map(|value| ("host", value.as_bytes().to_vec())),
        1 => proptest::collection::vec(prop_oneof![0x20_u8..0x7F, 0x80_u8..], 0..50).prop_map(|value| ("x-any", value)),
        1 => select(&["gzip", "chunked", "\u{ff}"][..]).prop_map(|value| ("content-encoding", value.as_bytes().to_vec())),
    ]
}

/// JSON values of every type where the documents want one of some type.
fn value() -> impl Strategy<Value = String> {
    select(
        &[
            "null",
            "true",
            "0",
            "-0.0",
            "37.7749",
            "95",
            "-181",
            "1e308",
            "1e400",
            "1e-400",
            "NaN",
            "Infinity",
            "18446744073709551616",
            "\"\"",
            "\"95\"",
            "\"48034\"",
            "\"MI\"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "\"' OR '1'='1\"",
            "[]",
            "{}",
            "[[]]",
            "[null]",
            "{\"lat\":1,\"lng\":2}",
            "[{\"lat\":1,\"lng\":2}]",
            "[{\"lat\":\"95\",\"lng\":null}]",
            "[{\"lat\":1,\"lat\":95,\"lng\":2}]",
            "[\"x\",7]",
        ][..],
    )
    .prop_map(str::to_owned)
}

const FIELDS: [&str; 14] = [
    "locations",
    "listings",
    "listing_ids",
    "street1",
    "street2",
    "city",
    "state",
    "zip",
    "latitude",
    "longitude",
    "campaign_id",
    "seconds",
    "geolocations",
    "",
];

pub(crate) fn body() -> impl Strategy<Value = Vec<u8>> {
    // A field may come twice.
    let field = (select(&FIELDS[..]), value()).prop_map(|(name, value)| format!("\"{name}\":{value}"));
    let object =
        proptest::collection::vec(field, 0..6).prop_map(|fields| format!("{{{}}}", fields.join(",")).into_bytes());
    let right = select(vec![
        calmyx_body(2).to_string(),
        json!({ "listings": [{ "lat": 1, "lng": 2 }] }).to_string(),
        json!({ "listing_ids": ["x"] }).to_string(),
        hum_body().to_string(),
        json!({ "seconds": 1 }).to_string(),
    ]);
    let changed = (right, any::<prop::sample::Index>(), any::<u8>()).prop_map(|(text, at, byte)| {
        let mut bytes = text.into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        bytes
    });
    prop_oneof![
        8 => object,
        4 => changed,
        2 => value().prop_map(String::into_bytes),
        1 => proptest::collection::vec(any::<u8>(), 0..64),
        1 => select(monsters()),
    ]
}

/// Bodies that are large in one way or another.
fn monsters() -> Vec<Vec<u8>> {
    let deep = |open: &str, close: &str, depth| (open.repeat(depth) + &close.repeat(depth)).into_bytes();
    vec![
        deep("[", "]", 200),
        deep("{\"locations\":", "}", 200),
        vec![b'['; 500_000],
        calmyx_body(501).to_string().into_bytes(),
        json!({ "listings": calmyx_body(501)["locations"] }).to_string().into_bytes(),
        json!({ "listing_ids": vec!["x"; 101] }).to_string().into_bytes(),
        json!({ "street1": "x".repeat(200_000) }).to_string().into_bytes(),
        format!("{{\"seconds\":{}}}", "9".repeat(10_000)).into_bytes(),
    ]
}

pub(crate) fn call() -> impl Strategy<Value = Call> {
    (select(&METHODS[..]), target(), proptest::collection::vec(header_value(), 0..4), body())
        .prop_map(|(method, target, headers, body)| Call { method, target, headers, body })
}

impl Call {
    /// `None` where HTTP itself has no such request.
    pub(crate) fn request(&self) -> Option<Request<Body>> {
        let mut request = Request::builder()
            .method(Method::from_bytes(self.method.as_bytes()).ok()?)
            .uri(self.target.as_str())
            .body(Body::from(self.body.clone()))
            .ok()?;
        for (name, value) in &self.headers {
            request.headers_mut().append(HeaderName::from_static(name), HeaderValue::from_bytes(value).ok()?);
        }
        Some(request)
    }
}
