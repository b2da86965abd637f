//! Successes that no generated type could describe, and how they are set aside.

#![cfg_attr(target_arch = "wasm32", allow(dead_code, reason = "a browser offers no way to set an answer aside"))]

use reqwest::StatusCode;
use reqwest::header::{CONTENT_ENCODING, HeaderMap, HeaderValue};

/// Why an answer was set aside, and the status it really had.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SetAside {
    pub(crate) status: StatusCode,
    pub(crate) oddity: Oddity,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Oddity {
    /// A success without a body.
    Empty,
    /// More bytes than the limit; reading stopped there.
    TooLarge { limit: usize },
    /// Compressed although no encoding was offered.
    Encoded,
    /// A success whose body is neither an object nor a list: a page of a portal, perhaps.
    NotJson,
}

impl Oddity {
    /// Of a success with this body, of which `limit` bytes are read at most.
    pub(crate) fn of(headers: &HeaderMap, body: &[u8], whole: bool, limit: usize) -> Option<Oddity> {
        let encoding = headers.get(CONTENT_ENCODING).map(HeaderValue::as_bytes);
        if !whole {
            Some(Oddity::TooLarge { limit })
        } else if encoding.is_some_and(|encoding| !encoding.eq_ignore_ascii_case(b"identity")) {
            Some(Oddity::Encoded)
        } else {
            match body.trim_ascii_start().first() {
                None => Some(Oddity::Empty),
                Some(b'{' | b'[') => None,
                Some(_) => Some(Oddity::NotJson),
            }
        }
    }
}
