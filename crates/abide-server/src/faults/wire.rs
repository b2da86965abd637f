//! Faults below HTTP: bytes that no HTTP library would send, and connections that end in the middle.
//!
//! The layer that strikes does not own the connection. So each connection carries a [`Wire`], which every call on it
//! can reach: a script left there is played in place of whatever comes to be written next, and ends the connection.

use std::{
    fmt::Write as _,
    io::{self, IoSlice},
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, ready},
};

use axum::{
    body::Body,
    extract::connect_info::Connected,
    http::{StatusCode, header},
    response::Response,
    serve::IncomingStream,
};
use futures_util::stream;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};

use super::{Chance, Fault, Strike};
use crate::{breakage::answer::Answer, connection::ImpatientListener};

pub(super) const FAULTS: &[Fault] = &[
    Fault::new(
        "reset-before",
        "The connection is reset before a byte of the answer.",
        Strike::Wire(|_, _| Script::new(Vec::new(), End::Reset)),
    ),
    Fault::new(
        "close-before",
        "The connection is closed before a byte of the answer.",
        Strike::Wire(|_, _| Script::new(Vec::new(), End::Close)),
    ),
    Fault::new(
        "reset-in-body",
        "The connection is reset in the middle of the body.",
        Strike::Wire(|answer, chance| Script::new(cut(&answer, Some(0), chance), End::Reset)),
    ),
    Fault::new(
        "close-in-body",
        "The connection is closed in the middle of the body.",
        Strike::Wire(|answer, chance| Script::new(cut(&answer, Some(0), chance), End::Close)),
    ),
    Fault::new(
        "cut-json",
        "The body has no length and ends, with the connection, in the middle of the JSON.",
        Strike::Wire(|answer, chance| Script::new(cut(&answer, None, chance), End::Close)),
    ),
    Fault::new(
        "length-too-long",
        "Content-Length promises a hundred bytes more than come.",
        Strike::Wire(|answer, _| Script::new(whole(&answer, Some(100)), End::Close)),
    ),
    Fault::new(
        "length-too-short",
        "Content-Length leaves out the last five bytes.",
        Strike::Wire(|answer, _| Script::new(whole(&answer, Some(-5)), End::Close)),
    ),
    Fault::new(
        "two-lengths",
        "There are two values of Content-Length, and they differ.",
        Strike::Wire(|answer, _| {
            let head = head(&answer, &["content-length: 7", &length(&answer, 0)]);
            Script::new([head.as_bytes(), &answer.bytes()].concat(), End::Close)
        }),
    ),
    Fault::new(
        "broken-chunk",
        "The body comes in chunks, and the length of the second is no number.",
        Strike::Wire(|answer, _| {
            let mut bytes = head(&answer, &["transfer-encoding: chunked"]).into_bytes();
            bytes.extend(b"1\r\n{\r\nzz\r\n");
            Script::new(bytes, End::Close)
        }),
    ),
    Fault::new(
        "early-hints",
        "Twenty interim answers come before the right one.",
        Strike::Wire(|answer, _| {
            let hints = "HTTP/1.1 103 Early Hints\r\nlink: </style.css>\r\n\r\n".repeat(20);
            Script::new([hints.as_bytes(), &whole(&answer, Some(0))].concat(), End::Close)
        }),
    ),
    Fault::new(
        "large-head",
        "The head has a megabyte.",
        Strike::Wire(|answer, _| {
            let large = format!("x-large: {}", "a".repeat(1024 * 1024));
            let head = head(&answer, &[&length(&answer, 0), &large]);
            Script::new([head.as_bytes(), &answer.bytes()].concat(), End::Close)
        }),
    ),
    Fault::new(
        "garbage",
        "The answer is bytes that are no HTTP.",
        Strike::Wire(|_, chance| {
            let length = 64 + chance.below(192);
            let noise = (0..length as u64).flat_map(|index| crate::noise::mix(chance.0, index).to_le_bytes());
            Script::new([b"\x15\x03\x01".to_vec(), noise.collect()].concat(), End::Close)
        }),
    ),
];

/// What is written instead of an answer, and how the connection ends then.
#[derive(Debug)]
pub(super) struct Script {
    bytes: Vec<u8>,
    end: End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Close,
    /// With RST, which the other end sees as an error.
    Reset,
}

impl Script {
    const fn new(bytes: Vec<u8>, end: End) -> Self {
        Self { bytes, end }
    }

    /// Plays on this connection. Without one, inside a process, the body fails where a connection would.
    pub(super) fn play(self, wire: Option<&Wire>) -> Response {
        let Some(wire) = wire else { return failing_body() };
        wire.set(self);
        // Something must be written for the script to take its place.
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        response
    }
}

fn failing_body() -> Response {
    let error = io::Error::from(io::ErrorKind::ConnectionReset);
    let pieces = [Ok("{"), Err(error)];
    Response::new(Body::from_stream(stream::iter(pieces)))
}

/// The whole answer, whose Content-Length is so much off; `None` is without one.
fn whole(answer: &Answer, off: Option<i64>) -> Vec<u8> {
    let lengths: Vec<String> = off.map(|off| length(answer, off)).into_iter().collect();
    let lengths: Vec<&str> = lengths.iter().map(String::as_str).collect();
    [head(answer, &lengths).as_bytes(), &answer.bytes()].concat()
}

/// The answer up to some byte in the middle half of its body.
fn cut(answer: &Answer, off: Option<i64>, chance: Chance) -> Vec<u8> {
    let (mut bytes, body) = (whole(answer, off), answer.bytes().len());
    let kept = body / 4 + chance.below(body.div_ceil(2).max(1));
    bytes.truncate((bytes.len() - body).saturating_add(kept));
    bytes
}

fn length(answer: &Answer, off: i64) -> String {
    let length = i64::try_from(answer.bytes().len()).unwrap_or(i64::MAX);
    format!("content-length: {}", length.saturating_add(off).max(0))
}

/// The head of the answer with further lines, up to the empty line.
fn head(answer: &Answer, lines: &[&str]) -> String {
    let mut head = format!("HTTP/1.1 {}\r\n", answer.status);
    for (name, value) in answer.headers.iter().filter(|(name, _)| *name != header::CONTENT_LENGTH) {
        let _ = write!(head, "{name}: {}\r\n", String::from_utf8_lossy(value.as_bytes()));
    }
    for line in lines {
        let _ = write!(head, "{line}\r\n");
    }
    head + "connection: close\r\n\r\n"
}

/// The way from a call to the connection that it came on.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wire(Arc<Mutex<Option<Script>>>);

impl Wire {
    fn set(&self, script: Script) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(script);
    }

    fn take(&self) -> Option<Script> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Connected<IncomingStream<'_, ImpatientListener>> for Wire {
    fn connect_info(stream: IncomingStream<'_, ImpatientListener>) -> Self {
        stream.io().inner().wire.clone()
    }
}

/// A connection that plays the script that was left at its wire.
#[derive(Debug)]
pub(crate) struct Breakable {
    stream: TcpStream,
    wire: Wire,
    playing: Option<Playing>,
}

#[derive(Debug)]
struct Playing {
    rest: Vec<u8>,
    end: End,
}

impl Breakable {
    pub(crate) fn new(stream: TcpStream) -> Self {
        Self { stream, wire: Wire::default(), playing: None }
    }

    /// Writes what is left of a script and fails then, so that the connection is given up; `None` when there is none.
    fn play(&mut self, context: &mut Context<'_>) -> Option<Poll<io::Error>> {
        if let Some(Script { bytes, end }) = self.wire.take() {
            self.playing = Some(Playing { rest: bytes, end });
        }
        let playing = self.playing.as_mut()?;
        while !playing.rest.is_empty() {
            match Pin::new(&mut self.stream).poll_write(context, &playing.rest) {
                Poll::Ready(Ok(written)) if written > 0 => drop(playing.rest.drain(..written)),
                // The other end is gone already.
                Poll::Ready(_) => playing.rest.clear(),
                Poll::Pending => return Some(Poll::Pending),
            }
        }
        if playing.end == End::Reset {
            // Where it fails the connection is closed instead, which the other end has to survive as well.
            let _ = self.stream.set_zero_linger();
        }
        Some(Poll::Ready(io::ErrorKind::ConnectionAborted.into()))
    }
}

impl AsyncRead for Breakable {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Breakable {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        match this.play(context) {
            Some(played) => Poll::Ready(Err(ready!(played))),
            None => Pin::new(&mut this.stream).poll_write(context, bytes),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        match this.play(context) {
            Some(played) => Poll::Ready(Err(ready!(played))),
            None => Pin::new(&mut this.stream).poll_write_vectored(context, slices),
        }
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}
