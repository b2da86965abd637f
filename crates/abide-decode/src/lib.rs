//! Reads a JSON reply by its schema, in one pass and without a tree between, or *declines* it.
//!
//! A reply that is fetched again and again is parsed again and again. What generated code usually does with it (buffer,
//! look for the tag, read the buffer) costs several times what the reading needs. The decoders that `cargo xtask generate`
//! writes read straight into the typed value through a [`Reader`].
//!
//! # Who decides what is accepted
//!
//! Serde does. A decoder takes only what it is sure of: known keys, each once, plain numbers and texts. At anything else it
//! declines with `None`, and [`decode`] reads the whole body again with `serde_json`, whose answer, value or error, counts. A
//! single item of a list that is declined is read by serde alone. So the two can only differ where a decoder takes
//! something that serde refuses or reads otherwise, and that is what the differential tests look for.
//!
//! # Why it is fast
//!
//! * Objects of one list have the same keys in the same order nearly always. A [`Layout`] keeps the bytes that stood between
//!   two values, and compares instead of parsing; it learns any order and any white space.
//! * A list that only grows need not be read again: [`decode_after`] skips the bytes that the caller has seen before.
//!
//! ```
//! use abide_decode::{Decode, Layout, NewField, Next, Reader, decode};
//!
//! #[derive(Debug, PartialEq, serde::Deserialize)]
//! struct Counters {
//!     done: i64,
//!     total: i64,
//! }
//!
//! // What the generator writes.
//! impl Decode for Counters {
//!     type Layout = Layout<4>;
//!
//!     fn decode(reader: &mut Reader<'_>, layout: &mut Layout<4>) -> Option<Self> {
//!         let (mut done, mut total) = (None, None);
//!         let mut place = layout.begin();
//!         loop {
//!             match layout.next(reader, &mut place, &["done", "total"])? {
//!                 Next::Field(0) => done.put(reader.integer()?)?,
//!                 Next::Field(1) => total.put(reader.integer()?)?,
//!                 Next::Field(_) => reader.skip_value()?,
//!                 Next::End => return Some(Self { done: done?, total: total? }),
//!             }
//!         }
//!     }
//! }
//!
//! let counters: Counters = decode(br#"{ "total": 7, "done": 2, "by": "me" }"#)?;
//! assert_eq!(counters, Counters { done: 2, total: 7 });
//! # Ok::<(), serde_json::Error>(())
//! ```

#![warn(missing_docs)]

mod decode;
mod layout;
mod list;
mod number;
mod reader;
mod skip;
mod text;
mod value;

pub use decode::{Decode, Decoded, NewField, decode, decode_after};
pub use layout::{Layout, Next, NoLayout, Place, Remember};
pub use number::leading_digits;
pub use reader::{Memo, Reader};
