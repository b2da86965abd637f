//! Times that a server writes: whether they are times at all, and which of two is earlier.

use jiff::Timestamp;
use jiff::civil::DateTime;
use regex_lite::Regex;
use serde_json::Value;

/// A time of a server. Compared with other times of the same server only, never with a clock of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    /// Nanoseconds; without an offset, as if it were UTC.
    nanoseconds: i128,
    /// The finest digit that is written, in nanoseconds.
    unit: i128,
    has_offset: bool,
}

/// Reads times of one documented form.
#[derive(Debug)]
pub(crate) struct Reader(Option<Regex>);

impl Reader {
    /// `pattern` is the documented form.
    pub(crate) fn new(pattern: &str) -> Self {
        Self(Regex::new(pattern).ok())
    }

    /// The time, or why it is none.
    pub(crate) fn read(&self, value: &Value) -> Result<Stamp, String> {
        let text = value.as_str().ok_or_else(|| format!("{value}, which is no text"))?;
        let fits = self.0.as_ref().is_some_and(|pattern| pattern.is_match(text));
        if !fits {
            return Err(format!("`{text}`, which has not the form"));
        }
        stamp(text).ok_or_else(|| format!("`{text}`, which is no date"))
    }
}

fn stamp(text: &str) -> Option<Stamp> {
    let upper = text.to_ascii_uppercase();
    // The date has two hyphens of its own; an offset can only follow the time.
    let offset_at = upper.char_indices().skip(10).find(|(_, letter)| matches!(letter, 'Z' | '+' | '-'));
    let civil_text = offset_at.map_or(upper.as_str(), |(at, _)| upper.get(..at).unwrap_or_default());
    let fraction = civil_text.split_once('.').map_or("", |(_, fraction)| fraction);
    let seconds = civil_text.matches(':').count() > 1;
    let unit = match u32::try_from(fraction.len()).unwrap_or(9).min(9) {
        0 if !seconds => 60_000_000_000,
        digits => 10_i128.pow(9 - digits),
    };
    let nanoseconds = match offset_at {
        None => civil_text.parse::<DateTime>().ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp(),
        Some(_) => upper.parse::<Timestamp>().ok()?,
    }
    .as_nanosecond();
    Some(Stamp { nanoseconds, unit, has_offset: offset_at.is_some() })
}

impl Stamp {
    /// Whether this one is certainly later: beyond what the coarser of the two leaves open. One with an offset and one
    /// without cannot be compared.
    pub(crate) fn is_after(self, other: Self) -> bool {
        let unit = self.unit.max(other.unit);
        self.has_offset == other.has_offset && self.nanoseconds.div_euclid(unit) > other.nanoseconds.div_euclid(unit)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::catalogue::documented::{calmyx, hum};

    #[test]
    fn forms() {
        let (iso, rfc) = (Reader::new(calmyx::TIME_PATTERN), Reader::new(hum::TIME_PATTERN));
        for (value, is_iso, is_rfc) in [
            (json!("2026-01-15T10:30:00.000000"), true, false),
            (json!("2026-01-15 10:30"), true, false),
            (json!("2026-01-15T10:30:00Z"), true, true),
            (json!("2026-01-15T10:30:00.5+02:00"), true, true),
            (json!("2026-01-15t10:30:00z"), false, true),
            (json!("2026-13-15T10:30:00Z"), false, false),
            (json!("2026-02-30T10:30:00"), false, false),
            (json!("today"), false, false),
            (json!(1_768_473_000), false, false),
        ] {
            assert_eq!(iso.read(&value).is_ok(), is_iso, "{value}: {:?}", iso.read(&value));
            assert_eq!(rfc.read(&value).is_ok(), is_rfc, "{value}: {:?}", rfc.read(&value));
        }
    }

    #[test]
    fn later() {
        let reader = Reader::new(calmyx::TIME_PATTERN);
        let read = |text: &str| reader.read(&json!(text)).unwrap();
        for (first, second, expected) in [
            ("2026-01-15T10:30:01", "2026-01-15T10:30:00", true),
            ("2026-01-15T10:30:00", "2026-01-15T10:30:00", false),
            ("2026-01-15T10:30:00.4", "2026-01-15T10:30:00", false),
            ("2026-01-15T10:30:00.4", "2026-01-15T10:30:00.300", true),
            ("2026-01-15T10:30:00Z", "2026-01-15T09:30:00+00:00", true),
            ("2026-01-15T10:30:00Z", "2026-01-15T11:30:00+02:00", true),
            ("2026-01-15T10:30:00Z", "2026-01-15T09:30:00", false),
        ] {
            assert_eq!(read(first).is_after(read(second)), expected, "{first} after {second}");
        }
    }
}
