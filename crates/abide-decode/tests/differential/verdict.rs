//! One document, read by the decoder and by serde, and what became of it.

use std::fmt::Debug;
use std::panic::{AssertUnwindSafe, catch_unwind};

use abide_decode::{Decode, Reader, decode};
use serde::de::{DeserializeOwned, Deserializer};
use serde::{Deserialize, Serialize};

/// A type with both ways to read it.
pub trait Root: Decode + DeserializeOwned + Serialize + Debug {}
impl<T: Decode + DeserializeOwned + Serialize + Debug> Root for T {}

/// What became of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// The decoder read it, as serde does.
    Taken,
    /// The decoder declined, and serde read it.
    Declined,
    /// The decoder declined, and serde refused.
    Refused,
}

/// Tells which of the two ways a value was read: only serde deserializes one of these.
#[derive(Debug)]
pub enum ReadBy<T> {
    Decoder(T),
    Serde(T),
}

impl<T: Decode> Decode for ReadBy<T> {
    type Layout = T::Layout;

    fn decode(reader: &mut Reader<'_>, layout: &mut T::Layout) -> Option<Self> {
        T::decode(reader, layout).map(Self::Decoder)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for ReadBy<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self::Serde)
    }
}

/// Reads a document in both ways and compares.
///
/// # Errors
/// What the difference is.
pub fn verdict<T: Root>(body: &[u8]) -> Result<Verdict, String> {
    let ours = catch_unwind(AssertUnwindSafe(|| decode::<ReadBy<T>>(body))).map_err(|_| "the decoder panicked")?;
    match (ours, serde_json::from_slice::<T>(body)) {
        (Ok(ReadBy::Decoder(ours)), Ok(serde)) => same(&ours, &serde).map(|()| Verdict::Taken),
        (Ok(ReadBy::Serde(ours)), Ok(serde)) => same(&ours, &serde).map(|()| Verdict::Declined),
        (Ok(_), Err(error)) => Err(format!("taken, but serde refuses it: {error}")),
        (Err(error), Ok(_)) => Err(format!("refused, but serde takes it: {error}")),
        (Err(ours), Err(serde)) if ours.to_string() == serde.to_string() => Ok(Verdict::Refused),
        (Err(ours), Err(serde)) => Err(format!("other errors: {ours}; {serde}")),
    }
}

/// Compares two values by all that can be seen of them. What is written of a float is different for different bits.
///
/// # Errors
/// Both, where they differ.
pub fn same<T: Serialize + Debug>(ours: &T, serde: &T) -> Result<(), String> {
    let written = |value: &T| serde_json::to_string(value).map_err(|error| error.to_string());
    let (left, right) = (written(ours)?, written(serde)?);
    if left != right {
        return Err(format!("read otherwise\n   ours: {left}\n  serde: {right}"));
    }
    let (left, right) = (format!("{ours:?}"), format!("{serde:?}"));
    if left == right { Ok(()) } else { Err(format!("shown otherwise\n   ours: {left}\n  serde: {right}")) }
}

/// The verdict on a document that must not make a difference.
///
/// # Panics
/// Where it does: with as little of the document as still shows it.
pub fn check<T: Root>(body: &[u8]) -> Verdict {
    verdict::<T>(body).unwrap_or_else(|_| {
        let least = smallest(body, |body| verdict::<T>(body).is_err());
        let difference = verdict::<T>(&least).err().unwrap_or_default();
        panic!("{}\n{difference}", least.escape_ascii());
    })
}

/// Deletes from a document what is not needed for `fails`.
pub fn smallest(body: &[u8], fails: impl Fn(&[u8]) -> bool) -> Vec<u8> {
    let mut least = body.to_vec();
    let halves = std::iter::successors(Some(least.len() / 2), |size| Some(size / 2)).take_while(|size| *size > 8);
    // A token goes only with its comma, a bracket only with what is in it: small pieces are tried at every place, twice.
    for size in halves.chain((1..=8).rev()).chain((1..=8).rev()) {
        let mut at = 0;
        while at < least.len() {
            let mut shorter = least.clone();
            shorter.drain(at..(at + size).min(least.len()));
            if fails(&shorter) {
                least = shorter;
            } else {
                at += if size > 8 { size } else { 1 };
            }
        }
    }
    least
}
