//! Texts that are nearly always short, kept without an allocation.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;

use abide_decode::{Decode, NoLayout, Reader};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// As long as a UUID, and longer than every timestamp of the documents.
const PLACE: usize = 36;

/// A text of a reply. Up to 36 bytes lie in the value itself; longer ones are allocated.
///
/// A status reply has two such texts an item, and they would be most of its allocations.
///
/// ```
/// use abide_http::ShortText;
///
/// let id = ShortText::from("a1b2c3d4-e5f6-7890-abcd-ef1234567890");
/// assert_eq!(id, "a1b2c3d4-e5f6-7890-abcd-ef1234567890");
/// assert!(id.starts_with("a1b2"));
/// ```
#[derive(Clone)]
pub struct ShortText(Kept);

#[derive(Clone)]
enum Kept {
    Here {
        /// At most [`PLACE`].
        length: u8,
        /// A text up to the length; anything after it.
        bytes: [u8; PLACE],
    },
    Apart(Box<str>),
}

impl ShortText {
    /// The text.
    #[inline]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            // The bytes are a text: there is no other way to make one of these.
            Kept::Here { length, bytes } => {
                bytes.get(..usize::from(*length)).and_then(|text| std::str::from_utf8(text).ok()).unwrap_or_default()
            }
            Kept::Apart(text) => text,
        }
    }
}

impl From<&str> for ShortText {
    #[inline]
    fn from(text: &str) -> Self {
        let mut bytes = [0; PLACE];
        match (bytes.get_mut(..text.len()), u8::try_from(text.len())) {
            (Some(place), Ok(length)) => {
                place.copy_from_slice(text.as_bytes());
                Self(Kept::Here { length, bytes })
            }
            _ => Self(Kept::Apart(text.into())),
        }
    }
}

impl From<String> for ShortText {
    fn from(text: String) -> Self {
        if text.len() <= PLACE { Self::from(text.as_str()) } else { Self(Kept::Apart(text.into_boxed_str())) }
    }
}

impl From<ShortText> for String {
    fn from(text: ShortText) -> String {
        match text.0 {
            Kept::Here { .. } => text.as_str().to_owned(),
            Kept::Apart(text) => text.into_string(),
        }
    }
}

impl Deref for ShortText {
    type Target = str;

    #[inline]
    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl AsRef<str> for ShortText {
    fn as_ref(&self) -> &str {
        self
    }
}

impl PartialEq for ShortText {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for ShortText {}

impl PartialEq<str> for ShortText {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for ShortText {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl PartialOrd for ShortText {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ShortText {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl Hash for ShortText {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl fmt::Debug for ShortText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(formatter)
    }
}

impl fmt::Display for ShortText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(formatter)
    }
}

impl Serialize for ShortText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

impl<'de> Deserialize<'de> for ShortText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

impl Decode for ShortText {
    type Layout = NoLayout;

    #[inline]
    fn decode(reader: &mut Reader<'_>, (): &mut NoLayout) -> Option<Self> {
        if let Some((bytes, length)) = reader.short_text()
            && let Ok(length) = u8::try_from(length)
        {
            return Some(Self(Kept::Here { length, bytes }));
        }
        reader.text().map(|text| Self::from(&*text))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_text_is_kept(text in ".{0,80}") {
            for short in [ShortText::from(text.as_str()), ShortText::from(text.clone())] {
                prop_assert_eq!(short.as_str(), text.as_str());
                prop_assert_eq!(matches!(short.0, Kept::Here { .. }), text.len() <= PLACE);
                prop_assert_eq!(String::from(short), text.as_str());
            }
        }
    }
}
