//! One segment of a URL path that came from outside: an id or a token.
//!
//! A URL parser resolves `.` and `..`, and reads `\` as `/`; a token of `..` would turn `/sessions/..` into `/`. So the
//! texts that no encoding can save are refused, and everything else is percent-encoded.

use std::fmt;

use abide_decode::{Decode, NoLayout, Reader};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An id or a token that is safe to put into a path. `Debug` shows its length only: Hum's token *is* the key to a session.
///
/// ```
/// use abide_http::PathSegment;
///
/// let token: PathSegment = "XqCmeTVgYXrbWrZFZEymkD".parse().unwrap();
/// assert_eq!(token.as_str(), "XqCmeTVgYXrbWrZFZEymkD");
/// assert_eq!(format!("{token:?}"), "PathSegment(22 characters)");
/// assert!("..".parse::<PathSegment>().is_err());
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PathSegment(String);

impl PathSegment {
    /// Takes a text as a segment.
    ///
    /// # Errors
    /// [`PathSegmentError`] for an empty text, `.`, `..`, and any control character.
    pub fn new(text: impl Into<String>) -> Result<Self, PathSegmentError> {
        let text = text.into();
        match text.as_str() {
            "" => Err(PathSegmentError::Empty),
            "." | ".." => Err(PathSegmentError::Climbs),
            other if other.chars().any(char::is_control) => Err(PathSegmentError::Control),
            _ => Ok(Self(text)),
        }
    }

    /// The text as it was given, not encoded.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Percent-encodes a segment for the path of a URL; letters, digits, `-`, `.`, `_` and `~` stay as they are.
pub fn encode_segment(segment: &PathSegment) -> String {
    const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    utf8_percent_encode(&segment.0, ENCODED).to_string()
}

impl fmt::Debug for PathSegment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "PathSegment({} characters)", self.0.chars().count())
    }
}

impl std::str::FromStr for PathSegment {
    type Err = PathSegmentError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::new(text)
    }
}

impl Serialize for PathSegment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl Decode for PathSegment {
    type Layout = NoLayout;

    fn decode(reader: &mut Reader<'_>, (): &mut NoLayout) -> Option<Self> {
        Self::new(reader.text()?.into_owned()).ok()
    }
}

impl<'de> Deserialize<'de> for PathSegment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// Why a text cannot be a path segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PathSegmentError {
    /// The text is empty.
    Empty,
    /// The text is `.` or `..`, which a URL resolves away.
    Climbs,
    /// The text holds a control character.
    Control,
}

impl fmt::Display for PathSegmentError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Empty => "an id cannot be empty",
            Self::Climbs => "an id cannot be . or ..",
            Self::Control => "an id cannot hold control characters",
        })
    }
}

impl std::error::Error for PathSegmentError {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn refused() {
        for (text, expected) in [
            ("", PathSegmentError::Empty),
            (".", PathSegmentError::Climbs),
            ("..", PathSegmentError::Climbs),
            ("a\nb", PathSegmentError::Control),
            ("a\0", PathSegmentError::Control),
            ("\u{85}", PathSegmentError::Control),
        ] {
            assert_eq!(PathSegment::new(text), Err(expected), "{text:?}");
        }
    }

    #[test]
    fn encoded() {
        for (text, expected) in [
            ("XqCm_-.~", "XqCm_-.~"),
            ("..\\..\\admin", "..%5C..%5Cadmin"),
            ("../x", "..%2Fx"),
            ("%2e%2e", "%252e%252e"),
            ("a b?c#d", "a%20b%3Fc%23d"),
            ("ü", "%C3%BC"),
        ] {
            assert_eq!(encode_segment(&PathSegment::new(text).unwrap()), expected);
        }
    }

    proptest! {
        /// Whatever is accepted stays one segment: the path keeps its depth and decodes to the text again.
        #[test]
        fn never_climbs(text in any::<String>()) {
            if let Ok(segment) = PathSegment::new(text.as_str()) {
                let url = format!("https://h.example/sessions/{}/services", encode_segment(&segment));
                let url = reqwest::Url::parse(&url).unwrap();
                let segments: Vec<&str> = url.path_segments().unwrap().collect();
                prop_assert_eq!(segments.len(), 3);
                prop_assert_eq!(segments[0], "sessions");
                let decoded = percent_encoding::percent_decode_str(segments[1]).decode_utf8().unwrap();
                prop_assert_eq!(decoded.as_ref(), text.as_str());
            }
        }
    }
}
