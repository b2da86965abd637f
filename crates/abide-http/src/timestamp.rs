//! Times from servers, with or without an offset.

mod plain;

use std::borrow::Cow;
use std::fmt;

use abide_decode::{Decode, NoLayout, Reader};
use jiff::civil::DateTime;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use self::plain::Plain;

/// A timestamp from a reply: the text as it came, and what it means.
///
/// Calmyx writes times without an offset (`2026-01-15T10:30:00.000000`), Hum with one. A time without an offset is read
/// as UTC and says so ([`Timestamp::has_offset`]). A text that is no time at all stays readable as text, so that one odd
/// field does not cost the whole answer; what is not even text is kept as its JSON. Servers' times are data: nothing here compares them with
/// the local clock.
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
pub struct Timestamp(Kept);

/// A text that tells nothing but a time is kept as that time.
#[derive(Clone, PartialEq, Eq)]
enum Kept {
    Plain(Plain),
    Odd(Box<Odd>),
}

/// Any other text, and any time with another offset: two allocations.
#[derive(Clone, PartialEq, Eq)]
struct Odd {
    text: String,
    /// The instant, and whether the text named its offset.
    meaning: Option<(jiff::Timestamp, bool)>,
}

impl Timestamp {
    /// The text as the server wrote it (untrusted).
    pub fn text(&self) -> Cow<'_, str> {
        match &self.0 {
            Kept::Plain(plain) => Cow::Owned(plain.to_string()),
            Kept::Odd(odd) => Cow::Borrowed(&odd.text),
        }
    }

    /// The instant, a missing offset read as UTC; `None` when the text is no ISO 8601 time.
    pub fn instant(&self) -> Option<jiff::Timestamp> {
        match &self.0 {
            Kept::Plain(plain) => plain.instant(),
            Kept::Odd(odd) => odd.meaning.map(|(instant, _)| instant),
        }
    }

    /// Whether the text named its offset.
    pub fn has_offset(&self) -> bool {
        match &self.0 {
            Kept::Plain(plain) => plain.has_offset,
            Kept::Odd(odd) => odd.meaning.is_some_and(|(_, has_offset)| has_offset),
        }
    }
}

impl From<&str> for Timestamp {
    #[inline]
    fn from(text: &str) -> Self {
        match plain::whole(text) {
            Some(plain) => Self(Kept::Plain(plain)),
            None => odd(text),
        }
    }
}

#[cold]
fn odd(text: &str) -> Timestamp {
    Timestamp(Kept::Odd(Box::new(Odd { text: text.to_owned(), meaning: read(text) })))
}

/// Any time that is one. The offset is looked for first: a zoneless reader would accept `+02:00` and silently drop it.
fn read(text: &str) -> Option<(jiff::Timestamp, bool)> {
    if let Ok(instant) = text.parse::<jiff::Timestamp>() {
        return Some((instant, true));
    }
    let time_of_day = text.get("2026-01-15T".len()..)?;
    if time_of_day.contains(['+', '-', 'Z', 'z', '[']) {
        return None;
    }
    let civil: DateTime = text.parse().ok()?;
    let instant = civil.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
    Some((instant, false))
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.instant() {
            Some(instant) if self.has_offset() => write!(formatter, "{instant}"),
            Some(instant) => write!(formatter, "{instant} (no offset given)"),
            None => formatter.write_str("Timestamp(unreadable)"),
        }
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text())
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::lenient::word(deserializer).map(|text| Self::from(text.as_str()))
    }
}

impl Decode for Timestamp {
    type Layout = NoLayout;

    #[inline]
    fn decode(reader: &mut Reader<'_>, (): &mut NoLayout) -> Option<Self> {
        if let Some((b'"', text)) = reader.rest().split_first()
            && let Some(window) = text.first_chunk()
            && let Some((plain, length)) = plain::leading(window, reader.memo())
            && text.get(length) == Some(&b'"')
        {
            reader.pass(length + 2);
            return Some(Self(Kept::Plain(plain)));
        }
        reader.text().map(|text| Self::from(&*text))
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
            assert_eq!(time.text(), text);
        }
    }

    proptest! {
        #[test]
        fn any_text_is_kept(text in any::<String>()) {
            let time = Timestamp::from(text.as_str());
            prop_assert_eq!(time.text(), text.as_str());
        }
    }

    #[test]
    fn common_times_are_plain() {
        for text in
            ["2026-01-15T10:30:00.000000", "2024-09-20T23:13:31.179Z", "1970-01-01T00:00:00", "2024-02-29T23:59:59.1"]
        {
            assert!(matches!(Timestamp::from(text).0, Kept::Plain(_)), "{text}");
        }
        for text in
            ["1969-12-31T23:59:59Z", "2023-02-29T00:00:00", "2026-01-15T10:30:00.", "2026-01-15T10:30:00.012345678"]
        {
            assert!(matches!(Timestamp::from(text).0, Kept::Odd(_)), "{text}");
        }
    }
}
