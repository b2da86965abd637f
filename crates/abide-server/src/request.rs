//! Reading what was sent: the credential and a JSON body, with the limits that keep the server alive.

use std::time::Duration;

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{HeaderMap, HeaderValue, StatusCode, header},
};
use serde_json::Value;

/// The most bytes of a body that are read: 500 locations need about 30 KiB.
pub(crate) const BODY_LIMIT: usize = 1024 * 1024;

/// Why a request was refused, to be put into the shape of the API that it was sent to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    /// One sentence for people; it never quotes what was sent.
    pub(crate) sentence: String,
    /// How long to stay away.
    pub(crate) retry_after: Option<Duration>,
}

impl Refusal {
    pub(crate) fn new(status: StatusCode, sentence: impl Into<String>) -> Self {
        Self { status, sentence: sentence.into(), retry_after: None }
    }

    /// Too many calls; after `wait` the next one is welcome.
    pub(crate) fn too_many(wait: Duration) -> Self {
        let sentence = "This credential calls too often. Try again later.";
        Self { retry_after: Some(wait), ..Self::new(StatusCode::TOO_MANY_REQUESTS, sentence) }
    }
}

/// The bytes of the target and of all headers together.
pub(crate) fn head_size(request: &Request) -> usize {
    let target = request.uri().path_and_query().map_or(0, |target| target.as_str().len());
    let headers = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len());
    target + headers.sum::<usize>()
}

/// The value of `Authorization`; `None` when it is missing, or sent twice so that it is not clear which one counts.
pub(crate) fn authorization(headers: &HeaderMap) -> Option<&[u8]> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => Some(value.as_bytes()),
        (Some(_), Some(_)) | (None, _) => None,
    }
}

/// The body as JSON.
pub(crate) async fn json_body(request: Request) -> Result<Value, Refusal> {
    if !says_json(request.headers().get(header::CONTENT_TYPE)) {
        return Err(Refusal::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "The body must be JSON: send Content-Type: application/json.",
        ));
    }
    let bytes = Bytes::from_request(request, &()).await.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, format!("The body is larger than {BODY_LIMIT} bytes."))
        }
        _ => Refusal::new(StatusCode::BAD_REQUEST, "The body could not be read."),
    })?;
    serde_json::from_slice(&bytes).map_err(|_| Refusal::new(StatusCode::BAD_REQUEST, "The body is not valid JSON."))
}

/// A missing media type is taken for JSON: the documents ask for none.
fn says_json(value: Option<&HeaderValue>) -> bool {
    let Some(value) = value else { return true };
    let Ok(text) = value.to_str() else {
        return false;
    };
    let essence = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_types() {
        for (value, expected) in [
            (None, true),
            (Some("application/json"), true),
            (Some("Application/JSON; charset=utf-8"), true),
            (Some("application/vnd.example+json"), true),
            (Some("text/json"), false),
            (Some("application/jsonp"), false),
            (Some("application/x-www-form-urlencoded"), false),
            (Some(""), false),
        ] {
            let header = value.map(HeaderValue::from_static);
            assert_eq!(says_json(header.as_ref()), expected, "{value:?}");
        }
    }

    #[test]
    fn two_credentials_are_none() {
        let mut headers = HeaderMap::new();
        assert_eq!(authorization(&headers), None);
        headers.append(header::AUTHORIZATION, HeaderValue::from_static("one"));
        assert_eq!(authorization(&headers), Some(b"one".as_slice()));
        headers.append(header::AUTHORIZATION, HeaderValue::from_static("two"));
        assert_eq!(authorization(&headers), None);
    }
}
