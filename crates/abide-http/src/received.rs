//! Taking in the whole answer, within limits.

use std::fmt;

use bytes::{Bytes, BytesMut};
use reqwest::header::{CONTENT_LENGTH, HeaderMap, HeaderValue};
use reqwest::{Response, StatusCode};

use crate::oddity::{Oddity, SetAside};

/// Marks an answer that was set aside: no documented operation expects it, so generated code hands it back whole.
const SET_ASIDE: u16 = 999;

/// How much of the body of an error is read, for what the server says in it.
const ERROR_BODY: usize = 64 << 10;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A success with its whole body: JSON by its first character, and no more is known of it.
#[derive(Clone)]
pub struct Success {
    /// 200 to 299.
    pub status: StatusCode,
    /// All of them.
    pub headers: HeaderMap,
    /// Without a byte order mark.
    pub body: Bytes,
}

/// Never the body, and no header: both are the server's to fill.
impl fmt::Debug for Success {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let length = self.body.len();
        f.debug_struct("Success").field("status", &self.status).field("length", &length).finish_non_exhaustive()
    }
}

/// Any answer, with as much of its body as is of use.
pub(crate) struct Received {
    success: Success,
    oddity: Option<Oddity>,
}

impl Received {
    /// A success is read whole or set aside with the reason. Of any other status the status is what counts: its body is
    /// read as far as it goes, for what the server says in it.
    pub(crate) async fn take_in(mut response: Response, limit: usize) -> reqwest::Result<Received> {
        let status = response.status();
        let headers = std::mem::take(response.headers_mut());
        let (body, oddity) = if status.is_success() {
            let (body, whole) = read_up_to(response, limit).await?;
            let oddity = Oddity::of(&headers, &body, whole, limit);
            (body, oddity)
        } else {
            (read_what_comes(response).await, None)
        };
        Ok(Received { success: Success { status, headers, body }, oddity })
    }

    pub(crate) fn status(&self) -> StatusCode {
        self.success.status
    }

    pub(crate) fn headers(&self) -> &HeaderMap {
        &self.success.headers
    }

    pub(crate) fn body(&self) -> &[u8] {
        &self.success.body
    }

    pub(crate) fn oddity(&self) -> Option<Oddity> {
        self.oddity
    }

    /// # Errors
    /// Itself, if it is another status, or was set aside.
    #[allow(clippy::result_large_err, reason = "moved once, into an error")]
    pub(crate) fn into_success(self) -> Result<Success, Received> {
        if self.oddity.is_none() && self.success.status.is_success() { Ok(self.success) } else { Err(self) }
    }

    /// For generated code. What it is given is whole; how it came in pieces is of no more interest.
    pub(crate) fn into_response(self) -> Response {
        let Received { success: Success { status, headers, body }, oddity } = self;
        let length = body.len();
        let mut answer = http::Response::new(body);
        *answer.status_mut() = status;
        *answer.headers_mut() = headers;
        answer.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(length));
        if let Some(oddity) = oddity {
            answer.extensions_mut().insert(SetAside { status, oddity });
            if let Ok(unexpected) = StatusCode::from_u16(SET_ASIDE) {
                *answer.status_mut() = unexpected;
            }
        }
        Response::from(answer)
    }
}

/// The body without a byte order mark, and whether it is whole: reading stops at the limit. One that comes in one piece is
/// that piece; several are brought together in one buffer.
async fn read_up_to(mut response: Response, limit: usize) -> reqwest::Result<(Bytes, bool)> {
    let announced = response.content_length().and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
    let mut body = Bytes::new();
    let mut pieces = BytesMut::new();
    while let Some(piece) = response.chunk().await? {
        let length = body.len() + pieces.len() + piece.len();
        if length > limit {
            return Ok((if pieces.is_empty() { body } else { pieces.freeze() }, false));
        }
        if body.is_empty() && pieces.is_empty() {
            body = piece;
        } else {
            if pieces.is_empty() {
                pieces.reserve(announced.clamp(length, limit));
                pieces.extend_from_slice(&std::mem::take(&mut body));
            }
            pieces.extend_from_slice(&piece);
        }
    }
    let mut body = if pieces.is_empty() { body } else { pieces.freeze() };
    if body.starts_with(BYTE_ORDER_MARK) {
        body = body.slice(BYTE_ORDER_MARK.len()..);
    }
    Ok((body, true))
}

/// A body that breaks off or is too large is as long as what came of it.
async fn read_what_comes(mut response: Response) -> Bytes {
    let mut body = BytesMut::new();
    while let Ok(Some(piece)) = response.chunk().await {
        if body.len() + piece.len() > ERROR_BODY {
            break;
        }
        body.extend_from_slice(&piece);
    }
    body.freeze()
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use reqwest::header::CONTENT_ENCODING;

    use super::*;

    /// What comes of a success with this body, which is all there at once.
    fn received(body: &'static str, encoding: &'static str, limit: usize) -> Received {
        let answer = http::Response::builder().header(CONTENT_ENCODING, encoding).body(body).unwrap();
        let mut taking = pin!(Received::take_in(Response::from(answer), limit));
        match taking.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(received) => received.unwrap(),
            Poll::Pending => panic!("nothing to wait for"),
        }
    }

    #[test]
    fn what_is_set_aside_and_what_is_a_success() {
        for (body, encoding, limit, expected) in [
            ("{}", "identity", 2, None),
            (" \n[1]", "IDENTITY", 8, None),
            ("\u{feff}{}", "identity", 8, None),
            ("", "identity", 8, Some(Oddity::Empty)),
            (" \n", "identity", 8, Some(Oddity::Empty)),
            ("\u{feff}", "identity", 8, Some(Oddity::Empty)),
            ("{ }", "identity", 2, Some(Oddity::TooLarge { limit: 2 })),
            ("{}", "gzip", 8, Some(Oddity::Encoded)),
            ("<html>", "identity", 8, Some(Oddity::NotJson)),
        ] {
            let received = received(body, encoding, limit);
            assert_eq!(received.oddity(), expected, "{body:?}");
            let whole = body.trim_start_matches('\u{feff}');
            match received.into_success() {
                Ok(success) => assert_eq!((expected, &*success.body), (None, whole.as_bytes())),
                Err(received) => {
                    let aside = received.into_response();
                    let found = aside.extensions().get::<SetAside>().map(|aside| (aside.status, aside.oddity));
                    assert_eq!(found, expected.map(|oddity| (StatusCode::OK, oddity)), "{body:?}");
                    assert_eq!(aside.status(), SET_ASIDE);
                }
            }
        }
    }
}
