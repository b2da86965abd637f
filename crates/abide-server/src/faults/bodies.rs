//! Faults in which the body comes slowly, or does not stop.

use std::{convert::Infallible, time::Duration};

use axum::{
    body::{Body, Bytes},
    http::header,
    response::Response,
};
use futures_util::stream;
use tokio::time::sleep;

use super::{Fault, Strike};
use crate::breakage::answer::Answer;

const PIECES: usize = 16;
const PAUSE: Duration = Duration::from_millis(25);
/// Spaces, which JSON allows around a value.
const FILLING: &[u8] = &[b' '; 64 * 1024];
/// 64 MiB of them: twice of what careful readers take.
const HUGE: usize = 1024;
/// About 64 MB a second: what has no end should not take a whole processor as well.
const BREATH: Duration = Duration::from_millis(1);

pub(super) const FAULTS: &[Fault] = &[
    Fault::new("slow-body", "The body comes in sixteen pieces, 25 milliseconds apart.", Strike::Send(slow)),
    Fault::new("huge-body", "The body is followed by 64 MiB of spaces.", Strike::Send(|answer| filled(answer, HUGE))),
    Fault::new(
        "endless-body",
        "The body is followed by spaces without end.",
        Strike::Send(|answer| filled(answer, usize::MAX)),
    ),
];

fn slow(answer: Answer) -> Response {
    streamed(answer, |bytes| {
        let piece = bytes.len().div_ceil(PIECES).max(1);
        Body::from_stream(stream::unfold(bytes, move |mut rest| async move {
            if rest.is_empty() {
                return None;
            }
            sleep(PAUSE).await;
            let now = rest.split_to(piece.min(rest.len()));
            Some((Ok::<_, Infallible>(now), rest))
        }))
    })
}

/// The body, and that many fillings after it.
fn filled(answer: Answer, fillings: usize) -> Response {
    streamed(answer, |bytes| {
        Body::from_stream(stream::unfold((Some(bytes), fillings), |(bytes, left)| async move {
            match (bytes, left) {
                (Some(bytes), _) => Some((Ok::<_, Infallible>(bytes), (None, left))),
                (None, 0) => None,
                (None, _) => {
                    sleep(BREATH).await;
                    Some((Ok(Bytes::from_static(FILLING)), (None, left - 1)))
                }
            }
        }))
    })
}

fn streamed(answer: Answer, body: impl FnOnce(Bytes) -> Body) -> Response {
    let bytes = answer.bytes();
    let mut response = answer.into_response();
    response.headers_mut().remove(header::CONTENT_LENGTH);
    *response.body_mut() = body(bytes);
    response
}

#[cfg(test)]
mod tests {
    use axum::{
        body::to_bytes,
        http::{HeaderMap, StatusCode},
    };
    use serde_json::json;

    use super::*;
    use crate::breakage::{answer::Content, writing::Writing};

    fn answer() -> Answer {
        Answer {
            status: StatusCode::OK,
            headers: HeaderMap::new(),
            body: Content::Json(json!({ "a": 1 })),
            writing: Writing::default(),
        }
    }

    #[tokio::test]
    async fn a_slow_body_is_the_whole_body() {
        let bytes = to_bytes(slow(answer()).into_body(), usize::MAX).await.unwrap();
        assert_eq!(bytes, r#"{"a":1}"#);
    }

    #[tokio::test]
    async fn a_huge_body_is_still_the_same_json() {
        let bytes = to_bytes(filled(answer(), 2).into_body(), usize::MAX).await.unwrap();
        assert_eq!(bytes.len(), 7 + 2 * 64 * 1024);
        assert_eq!(serde_json::from_slice::<serde_json::Value>(&bytes).unwrap(), json!({ "a": 1 }));
    }
}
