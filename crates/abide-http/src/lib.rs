//! The hardened transport under the generated clients.
//!
//! Generated client code is convenient and trusting: it follows redirects, reads bodies without a limit, lets an id of
//! `..` climb the path, sends a header nobody asked for and prints whole bodies in its errors. This crate is what both
//! API clients put under it, so that each of those has one answer in one place:
//!
//! - [`Transport`] sends: credential set and marked sensitive, redirects refused, bodies bounded, time limited;
//! - [`Error`] says what went wrong without ever showing a body, a query or a credential;
//! - [`BaseUrl`], [`Credential`] and [`PathSegment`] refuse what must not be sent before anything is sent;
//! - [`Timestamp`], [`ShortText`], [`Secret`] and [`lenient`] read what servers send without giving up on the whole answer.
//! - [`observer`] shows every exchange as it was, for recordings;
//!
//! It knows no API: paths, fields and documented numbers live in the client crates.

mod base_url;
mod credential;
mod error;
pub mod lenient;
#[cfg(not(target_arch = "wasm32"))]
pub mod observer;
mod oddity;
mod path_segment;
#[cfg(not(target_arch = "wasm32"))]
mod received;
mod retry_after;
mod secret;
mod short_text;
mod timestamp;
mod transport;

/// What generated decoders are made of.
pub use abide_decode as decode;
pub use base_url::{BaseUrl, BaseUrlError};
pub use credential::{Credential, CredentialError, Scheme};
pub use error::Error;
pub use path_segment::{PathSegment, PathSegmentError, encode_segment};
#[cfg(not(target_arch = "wasm32"))]
pub use received::Success;
pub use retry_after::retry_after;
pub use secret::Secret;
pub use short_text::ShortText;
pub use timestamp::Timestamp;
pub use transport::{Limits, Transport};
