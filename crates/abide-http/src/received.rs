//! Taking in the whole answer, within limits.

use std::fmt;

use bytes::{Bytes, BytesMut};
use reqwest::header::{CONTENT_LENGTH, HeaderMap, HeaderValue};
use reqwest::{Response, StatusCode};

use crate::observer::{BodyEnd, Came};
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

/// An answer as it was read.
pub(crate) struct TakenIn {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    end: End,
}

/// How reading a body ended.
enum End {
    Whole,
    /// There is more, and it was not read.
    Limit,
    Broken(reqwest::Error),
}

impl TakenIn {
    /// A success is read whole, or up to the limit. Of any other status the status is what counts: its body is read as far
    /// as it goes, for what the server says in it.
    pub(crate) async fn of(mut response: Response, limit: usize) -> TakenIn {
        let status = response.status();
        let headers = std::mem::take(response.headers_mut());
        let limit = if status.is_success() { limit } else { ERROR_BODY };
        let (body, end) = read_up_to(response, limit).await;
        TakenIn { status, headers, body, end }
    }

    /// For an observer.
    pub(crate) fn shown(&self, limit: usize) -> Came<'_> {
        let end = match &self.end {
            End::Whole => BodyEnd::Whole,
            End::Limit => BodyEnd::TooLarge { limit: if self.status.is_success() { limit } else { ERROR_BODY } },
            End::Broken(error) if error.is_timeout() => BodyEnd::TimedOut,
            End::Broken(_) => BodyEnd::Broken,
        };
        Came::Answer { status: self.status.as_u16(), headers: &self.headers, body: &self.body, end }
    }

    /// What is handed on: a success that broke off is none.
    pub(crate) fn received(self, limit: usize) -> reqwest::Result<Received> {
        let TakenIn { status, headers, mut body, end } = self;
        let mut oddity = None;
        if status.is_success() {
            let whole = match end {
                End::Broken(error) => return Err(error),
                End::Whole => true,
                End::Limit => false,
            };
            if body.starts_with(BYTE_ORDER_MARK) {
                body = body.slice(BYTE_ORDER_MARK.len()..);
            }
            oddity = Oddity::of(&headers, &body, whole, limit);
        }
        Ok(Received { success: Success { status, headers, body }, oddity })
    }
}

/// Any answer, with as much of its body as is of use.
pub(crate) struct Received {
    success: Success,
    oddity: Option<Oddity>,
}

impl Received {
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

/// The body up to a limit, and how it ended. One that comes in one piece is that piece; several are brought together in one
/// buffer.
async fn read_up_to(mut response: Response, limit: usize) -> (Bytes, End) {
    let announced = response.content_length().and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
    let mut first = Bytes::new();
    let mut pieces = BytesMut::new();
    let end = loop {
        let piece = match response.chunk().await {
            Ok(Some(piece)) => piece,
            Ok(None) => break End::Whole,
            Err(error) => break End::Broken(error),
        };
        let length = first.len() + pieces.len() + piece.len();
        if length > limit {
            break End::Limit;
        }
        if first.is_empty() && pieces.is_empty() {
            first = piece;
        } else {
            if pieces.is_empty() {
                pieces.reserve(announced.clamp(length, limit));
                pieces.extend_from_slice(&std::mem::take(&mut first));
            }
            pieces.extend_from_slice(&piece);
        }
    };
    (if pieces.is_empty() { first } else { pieces.freeze() }, end)
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
        let mut taking = pin!(TakenIn::of(Response::from(answer), limit));
        match taking.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(taken) => taken.received(limit).unwrap(),
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
