//! Connections that are closed when their other end is too slow.
//!
//! The timeout of a call starts when its head has arrived. A caller that never finishes the head, be it byte by byte,
//! one that does not read its reply, and one that leaves a connection open for nothing would otherwise hold it for ever.

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

/// How long a connection may go without an answer that is read: longer than any call takes.
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

/// A stream that fails once nothing was written for a while. The first byte of a request renews the patience, the
/// bytes after it do not.
#[derive(Debug)]
pub(crate) struct Impatient<S> {
    stream: S,
    patience: Duration,
    end: Pin<Box<Sleep>>,
    in_request: bool,
}

impl<S> Impatient<S> {
    fn new(stream: S, patience: Duration) -> Self {
        Self { stream, patience, end: Box::pin(sleep(patience)), in_request: false }
    }

    fn was_read(&mut self) {
        if !self.in_request {
            self.in_request = true;
            self.renew();
        }
    }

    fn was_written(&mut self) {
        self.in_request = false;
        self.renew();
    }

    fn renew(&mut self) {
        self.end.as_mut().reset(Instant::now() + self.patience);
    }

    /// Waits on, or fails when it has been too long.
    fn wait<T>(&mut self, context: &mut Context<'_>) -> Poll<io::Result<T>> {
        ready!(self.end.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    fn written(&mut self, context: &mut Context<'_>, result: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if result.is_pending() {
            return self.wait(context);
        }
        self.was_written();
        result
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
                this.was_read();
                Poll::Ready(result)
            }
            Poll::Pending => this.wait(context),
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Impatient<S> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let result = Pin::new(&mut this.stream).poll_write(context, bytes);
        this.written(context, result)
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
        let this = self.get_mut();
        let result = Pin::new(&mut this.stream).poll_write_vectored(context, slices);
        this.written(context, result)
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
    async fn byte_by_byte_is_too_slow() {
        let (here, mut there) = duplex(64);
        let mut here = Impatient::new(here, SHORT);
        let trickle = tokio::spawn(async move {
            while there.write_all(b"x").await.is_ok() {
                sleep(SHORT / 10).await;
            }
        });
        let error = here.read_to_end(&mut Vec::new()).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        drop(here);
        trickle.await.unwrap();
    }

    #[tokio::test]
    async fn a_reply_that_nobody_reads_ends_a_connection() {
        let (here, _there) = duplex(64);
        let error = Impatient::new(here, SHORT).write_all(&[0; 65]).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn a_request_has_its_time_after_idling_and_so_has_the_next_one() {
        tokio::time::pause();
        let (here, mut there) = duplex(64);
        let mut here = Impatient::new(here, SHORT);
        for _ in 0..3 {
            sleep(SHORT * 9 / 10).await;
            there.write_all(b"?").await.unwrap();
            assert_eq!(here.read_u8().await.unwrap(), b'?');
            sleep(SHORT * 9 / 10).await;
            here.write_all(b"!").await.unwrap();
            assert_eq!(there.read_u8().await.unwrap(), b'!');
        }
    }

    #[tokio::test]
    async fn an_end_is_no_silence() {
        let (here, there) = duplex(64);
        drop(there);
        assert_eq!(Impatient::new(here, SHORT).read(&mut [0; 8]).await.unwrap(), 0);
    }
}
