//! The seam between the driver and what it drives.

use std::future::Future;
use std::pin::Pin;

use bytes::Bytes;

use crate::trace::Reply;

/// A future that can be sent between threads.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Something that answers requests: a server on the network, or a service in this process.
pub trait Target: Send {
    /// Sends a request, whose URI is a path with its query, and waits for the whole reply. Never fails: that nothing came
    /// back is a reply too.
    fn send(&mut self, request: http::Request<Bytes>) -> BoxFuture<'_, Reply>;

    /// The base URL, or other words that tell people what was judged.
    fn name(&self) -> String;
}
