//! Connections that are closed when their other end falls silent.
//!
//! The timeout of a call starts when its head has arrived. A caller that never finishes the head, or leaves a
//! connection open for nothing, would otherwise hold it for ever.

use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::serve::Listener;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpListener,
    time::{Instant, Sleep, sleep},
};

use crate::faults::Breakable;

/// How long a connection may be silent: longer than any call takes, so that only idle ones are closed.
const PATIENCE: Duration = Duration::from_secs(75);

/// Accepts connections that do not wait for ever.
#[derive(Debug)]
pub(crate) struct ImpatientListener(pub(crate) TcpListener);

impl Listener for ImpatientListener {
    type Io = Impatient<Breakable>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        let (stream, caller) = Listener::accept(&mut self.0).await;
        // Without it a reply may wait for an acknowledgement of the one before; with it failing, it only is slower.
        let _ = stream.set_nodelay(true);
        (Impatient::new(Breakable::new(stream), PATIENCE), caller)
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.0.local_addr()
    }
}

/// A stream whose reads fail once nothing was read for a while.
#[derive(Debug)]
pub(crate) struct Impatient<S> {
    stream: S,
    patience: Duration,
    silence: Pin<Box<Sleep>>,
}

impl<S> Impatient<S> {
    fn new(stream: S, patience: Duration) -> Self {
        Self { stream, patience, silence: Box::pin(sleep(patience)) }
    }

    pub(crate) fn inner(&self) -> &S {
        &self.stream
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Impatient<S> {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        match Pin::new(&mut this.stream).poll_read(context, buffer) {
            Poll::Ready(result) => {
                this.silence.as_mut().reset(Instant::now() + this.patience);
                Poll::Ready(result)
            }
            Poll::Pending => {
                ready!(this.silence.as_mut().poll(context));
                Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
            }
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Impatient<S> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write(context, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    use super::*;

    const SHORT: Duration = Duration::from_millis(20);

    #[tokio::test]
    async fn silence_ends_a_connection() {
        let (here, mut there) = duplex(64);
        let mut here = Impatient::new(here, SHORT);
        there.write_all(b"GET / HT").await.unwrap();
        let mut head = Vec::new();
        let error = here.read_to_end(&mut head).await.unwrap_err();
        assert_eq!((error.kind(), &*head), (io::ErrorKind::TimedOut, b"GET / HT".as_slice()));
    }

    #[tokio::test]
    async fn an_end_is_no_silence() {
        let (here, there) = duplex(64);
        drop(there);
        assert_eq!(Impatient::new(here, SHORT).read(&mut [0; 8]).await.unwrap(), 0);
    }
}
