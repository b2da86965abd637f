//! The trait that generated decoders implement, and the two ways to use one.

use std::ops::Range;

use serde::de::DeserializeOwned;

use crate::{Reader, layout::Remember};

/// Something that can be read by a [`Reader`].
pub trait Decode: Sized {
    /// What is remembered from one value of a list to the next.
    type Layout: Remember;

    /// Reads the value that begins at the reader's place, which is not white space; `None` declines.
    fn decode(reader: &mut Reader<'_>, layout: &mut Self::Layout) -> Option<Self>;
}

/// A body that was read.
#[derive(Clone, Debug)]
pub struct Decoded<T> {
    /// What it says. A list that only grows holds the items that were read: those after the known ones.
    pub value: T,
    /// Where the growing list stands in the body, from its `[` to the end of its last item. `None` where the body has none, or
    /// had to be read in another way.
    pub list: Option<Range<usize>>,
    /// Whether known items were passed over.
    pub skipped: bool,
    /// How many bytes were read as JSON.
    pub read: usize,
}

/// Reads a whole body.
///
/// # Errors
/// Exactly when `serde_json` refuses the body, and with its error.
pub fn decode<T: Decode + DeserializeOwned>(body: &[u8]) -> Result<T, serde_json::Error> {
    decode_after(body, |_| None).map(|decoded| decoded.value)
}

/// Reads a body but for the items of its growing list that are known already.
///
/// `known` is called with the body from the `[` of the list on. It answers how many of these bytes, from the `[`
/// to the end of an item, are the same as in an earlier body of which they were read; 0 or `None` where they are not.
///
/// # Errors
/// Exactly when `serde_json` refuses the body, and with its error.
pub fn decode_after<T: Decode + DeserializeOwned>(
    body: &[u8],
    known: impl Fn(&[u8]) -> Option<usize>,
) -> Result<Decoded<T>, serde_json::Error> {
    let mut reader = Reader::new(body, &known);
    match reader.whole::<T>() {
        Some(value) => Ok(reader.decoded(value)),
        None => {
            serde_json::from_slice(body).map(|value| Decoded { value, list: None, skipped: false, read: body.len() })
        }
    }
}

/// A place for a field that must come once.
pub trait NewField<T> {
    /// Puts the first value there; `None` where one was there before. What repeats a key is for serde to judge.
    fn put(&mut self, value: T) -> Option<()>;
}

impl<T> NewField<T> for Option<T> {
    #[inline]
    fn put(&mut self, value: T) -> Option<()> {
        if self.is_some() {
            return None;
        }
        *self = Some(value);
        Some(())
    }
}
