//! Times from servers, with or without an offset.

use std::fmt;

use jiff::civil::DateTime;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A timestamp from a reply: the text as it came, and what it means.
///
/// Calmyx writes times without an offset (`2026-01-15T10:30:00.000000`), Hum with one. A time without an offset is read
/// as UTC and says so ([`Timestamp::has_offset`]). A text that is no time at all stays readable as text, so that one odd
/// field does not cost the whole answer. Servers' times are data: nothing here compares them with the local clock.
///
/// ```
/// use abide_http::Timestamp;
///
/// let time = Timestamp::from("2026-01-15T10:30:00.000000");
/// assert_eq!(time.instant().unwrap().to_string(), "2026-01-15T10:30:00Z");
/// assert!(!time.has_offset());
/// assert!(Timestamp::from("soon").instant().is_none());
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Timestamp {
    text: String,
    meaning: Option<Meaning>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Meaning {
    instant: jiff::Timestamp,
    has_offset: bool,
}

impl Timestamp {
    /// The text as the server wrote it (untrusted).
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The instant, a missing offset read as UTC; `None` when the text is no ISO 8601 time.
    pub fn instant(&self) -> Option<jiff::Timestamp> {
        self.meaning.map(|meaning| meaning.instant)
    }

    /// Whether the text named its offset.
    pub fn has_offset(&self) -> bool {
        self.meaning.is_some_and(|meaning| meaning.has_offset)
    }
}

impl From<&str> for Timestamp {
    fn from(text: &str) -> Self {
        Self { text: text.to_owned(), meaning: read(text) }
    }
}

/// The offset is looked for first: a zoneless reader would accept `+02:00` and silently drop it.
fn read(text: &str) -> Option<Meaning> {
    if let Ok(instant) = text.parse::<jiff::Timestamp>() {
        return Some(Meaning { instant, has_offset: true });
    }
    let time_of_day = text.get("2026-01-15T".len()..)?;
    if time_of_day.contains(['+', '-', 'Z', 'z', '[']) {
        return None;
    }
    let civil: DateTime = text.parse().ok()?;
    let instant = civil.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
    Some(Meaning { instant, has_offset: false })
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.meaning {
            Some(meaning) if meaning.has_offset => write!(formatter, "{}", meaning.instant),
            Some(meaning) => write!(formatter, "{} (no offset given)", meaning.instant),
            None => formatter.write_str("Timestamp(unreadable)"),
        }
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::from(String::deserialize(deserializer)?.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn readings() {
        for (text, expected) in [
            ("2026-01-15T10:30:00.000000", Some(("2026-01-15T10:30:00Z", false))),
            ("2026-01-15T10:30:00.123456", Some(("2026-01-15T10:30:00.123456Z", false))),
            ("2026-01-15 10:30:00", Some(("2026-01-15T10:30:00Z", false))),
            ("2024-09-20T23:13:31.179Z", Some(("2024-09-20T23:13:31.179Z", true))),
            ("2026-01-15T10:30:00+02:00", Some(("2026-01-15T08:30:00Z", true))),
            ("2026-01-15T10:30:00+0200", Some(("2026-01-15T08:30:00Z", true))),
            ("2026-02-30T00:00:00", None),
            ("2026-01-15", None),
            ("soon", None),
            ("", None),
            ("é2026-01-15T10:30", None),
        ] {
            let time = Timestamp::from(text);
            let found = time.instant().map(|instant| (instant.to_string(), time.has_offset()));
            assert_eq!(found, expected.map(|(instant, offset)| (instant.to_owned(), offset)), "{text}");
            assert_eq!(time.as_str(), text);
        }
    }

    proptest! {
        #[test]
        fn any_text_is_kept(text in any::<String>()) {
            let time = Timestamp::from(text.as_str());
            prop_assert_eq!(time.as_str(), text.as_str());
        }
    }
}
