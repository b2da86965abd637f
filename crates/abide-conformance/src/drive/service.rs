//! A service in this process as a target.

use std::convert::Infallible;
use std::error::Error;
use std::future::poll_fn;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, header};
use http_body::Body as HttpBody;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use tower_service::Service;

use super::target::{BoxFuture, Target};
use super::web::{BODY_LIMIT, REPLY_TIMEOUT, reply_headers};
use crate::trace::{Answer, Body, NoReply, Reply};
use crate::wire;

/// A service in this process, such as an `axum::Router`, as a target. No socket is opened.
#[derive(Clone, Debug)]
pub struct ServiceTarget<S>(S);

impl<S> ServiceTarget<S> {
    /// Wraps a service.
    pub const fn new(service: S) -> Self {
        Self(service)
    }
}

impl<S, B> Target for ServiceTarget<S>
where
    S: Service<Request<Full<Bytes>>, Response = Response<B>, Error = Infallible> + Send,
    S::Future: Send,
    B: HttpBody<Data = Bytes> + Send,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    fn send(&mut self, request: Request<Bytes>) -> BoxFuture<'_, Reply> {
        Box::pin(async move {
            let mut request = request.map(Full::new);
            // What a connection would bring along; servers check it.
            request.headers_mut().insert(header::HOST, http::HeaderValue::from_static("localhost"));
            let Ok(()) = poll_fn(|context| self.0.poll_ready(context)).await;
            match within(REPLY_TIMEOUT, self.0.call(request)).await {
                None => Reply::None { why: NoReply::Timeout, detail: String::new() },
                Some(Ok(response)) => answer(response).await,
            }
        })
    }

    fn name(&self) -> String {
        "a service in this process".to_owned()
    }
}

async fn answer<B>(response: Response<B>) -> Reply
where
    B: HttpBody<Data = Bytes> + Send,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let (head, body) = response.into_parts();
    let read = within(REPLY_TIMEOUT, Limited::new(body, BODY_LIMIT).collect()).await;
    let body = match read {
        None => Body::Timeout { received: 0 },
        Some(Ok(collected)) => wire::body(&collected.to_bytes()),
        Some(Err(error)) if error.is::<LengthLimitError>() => Body::TooLarge { limit: BODY_LIMIT as u64 },
        Some(Err(_)) => Body::Truncated { received: 0 },
    };
    Reply::Answer(Answer { status: head.status.as_u16(), headers: reply_headers(&head.headers), body })
}

async fn within<T>(limit: Duration, future: impl Future<Output = T>) -> Option<T> {
    tokio::time::timeout(limit, future).await.ok()
}
