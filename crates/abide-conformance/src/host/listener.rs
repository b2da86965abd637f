//! A stage on a port of its own: HTTP around it, and connections that break where the scenario says so.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body::{Body, Frame, SizeHint};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{Sleep, sleep};

use super::stage::{EndOfReply, Served, Stage};

/// The largest request body that is read: 500 locations are far below.
const LARGEST_BODY: usize = 1024 * 1024;
/// So many connections at a time; further ones wait.
const MOST_CONNECTIONS: usize = 64;
/// How long the first half of a body has to arrive before the connection breaks.
const TO_ARRIVE: Duration = Duration::from_millis(30);

/// Serves connection after connection until it is dropped.
pub(crate) async fn listen(stage: Arc<Stage>, listener: TcpListener) -> Infallible {
    let mut connections = JoinSet::new();
    loop {
        while connections.len() >= MOST_CONNECTIONS {
            connections.join_next().await;
        }
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(serve(Arc::clone(&stage), stream));
                }
                // Out of file descriptors, most likely: who tries again at once makes it worse.
                Err(_) => sleep(Duration::from_millis(50)).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn serve(stage: Arc<Stage>, stream: TcpStream) {
    let has_asked = AtomicBool::new(false);
    let answer = |request: Request<Incoming>| {
        has_asked.store(true, Ordering::Relaxed);
        let stage = Arc::clone(&stage);
        let arrived = stage.book().now();
        async move { reply(&stage, arrived, request).await }
    };
    let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service_fn(answer)).await;
    if connection.is_err_and(|error| error.is_parse()) {
        stage.unreadable(stage.book().now());
    } else if !has_asked.load(Ordering::Relaxed) {
        stage.in_vain();
    }
}

/// An error closes the connection without an answer.
async fn reply(stage: &Stage, arrived: u64, request: Request<Incoming>) -> Result<Response<Reply>, io::Error> {
    let (parts, body) = request.into_parts();
    let body = match Limited::new(body, LARGEST_BODY).collect().await {
        Ok(body) => body.to_bytes(),
        Err(error) if error.is::<LengthLimitError>() => {
            stage.too_large(arrived, &parts, LARGEST_BODY);
            let mut refused = Response::new(Reply { rest: Bytes::new(), ending: Ending::Whole });
            *refused.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
            return Ok(refused);
        }
        Err(error) => {
            stage.in_vain();
            return Err(io::Error::other(error));
        }
    };
    response(stage.serve(arrived, &parts, &body))
}

fn response(served: Served) -> Result<Response<Reply>, io::Error> {
    let body = match served.end {
        EndOfReply::Withheld => return Err(io::Error::other("the scenario withholds this answer")),
        EndOfReply::Whole => Reply { rest: served.body.clone().into(), ending: Ending::Whole },
        EndOfReply::Broken => Reply {
            rest: Bytes::copy_from_slice(served.first_half()),
            ending: Ending::Broken(Box::pin(sleep(TO_ARRIVE))),
        },
    };
    let mut response =
        Response::builder().status(served.status).header(http::header::CONTENT_LENGTH, served.body.len());
    for (name, value) in served.headers {
        response = response.header(name, value);
    }
    response.body(body).map_err(io::Error::other)
}

/// A body in one piece, which may break where its length promised more.
struct Reply {
    rest: Bytes,
    ending: Ending,
}

enum Ending {
    Whole,
    /// Breaks once the head and the first half are on their way: until then an error would take them back.
    Broken(Pin<Box<Sleep>>),
}

impl Body for Reply {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let rest = std::mem::take(&mut self.rest);
        if !rest.is_empty() {
            return Poll::Ready(Some(Ok(Frame::data(rest))));
        }
        match &mut self.ending {
            Ending::Whole => Poll::Ready(None),
            Ending::Broken(pause) => {
                ready!(pause.as_mut().poll(cx));
                Poll::Ready(Some(Err(io::Error::other("the scenario breaks off here"))))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && matches!(self.ending, Ending::Whole)
    }

    fn size_hint(&self) -> SizeHint {
        match self.ending {
            Ending::Whole => SizeHint::with_exact(self.rest.len() as u64),
            Ending::Broken(_) => SizeHint::new(),
        }
    }
}
