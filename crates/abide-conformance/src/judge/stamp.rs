//! Times that a server writes: whether they are times at all, and which of two is earlier.

use std::cell::RefCell;
use std::collections::HashMap;

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

/// Reads times of one documented form. Answers repeat their times, so each text is read once.
#[derive(Debug)]
pub(crate) struct Reader {
    form: Option<Regex>,
    known: RefCell<HashMap<String, Result<Stamp, String>>>,
}

impl Reader {
    /// `pattern` is the documented form.
    pub(crate) fn new(pattern: &str) -> Self {
        Self { form: Regex::new(pattern).ok(), known: RefCell::default() }
    }

    /// The time, or why it is none.
    pub(crate) fn read(&self, value: &Value) -> Result<Stamp, String> {
        let text = value.as_str().ok_or_else(|| format!("{value}, which is no text"))?;
        if let Some(known) = self.known.borrow().get(text) {
            return known.clone();
        }
        let read = self.read_text(text);
        self.known.borrow_mut().insert(text.to_owned(), read.clone());
        read
    }

    fn read_text(&self, text: &str) -> Result<Stamp, String> {
        if self.form.as_ref().is_some_and(|form| form.is_match(text)) {
            stamp(text).ok_or_else(|| format!("`{text}`, which is no date"))
        } else {
            Err(format!("`{text}`, which has not the form"))
        }
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
    // Not by way of an instant: the last days of the year 9999 are dates too, but no instants of the library.
    let civil: DateTime = civil_text.parse().ok()?;
    let behind = offset_at.map_or(Some(0), |(at, _)| offset_seconds(upper.get(at..)?))?;
    let nanoseconds = civil.duration_since(DateTime::ZERO).as_nanos() - behind * 1_000_000_000;
    Some(Stamp { nanoseconds, unit, has_offset: offset_at.is_some() })
}

/// How far ahead of UTC an offset is: `Z`, or hours with or without minutes.
fn offset_seconds(text: &str) -> Option<i128> {
    let sign = match text.chars().next()? {
        'Z' => return (text.len() == 1).then_some(0),
        '-' => -1,
        _ => 1,
    };
    let digits: String = text.chars().skip(1).filter(|letter| *letter != ':').collect();
    let (hours, minutes) = if digits.len() > 2 { digits.split_at_checked(2)? } else { (digits.as_str(), "0") };
    let (hours, minutes): (i128, i128) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours <= 25 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
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
            (json!("9999-12-31T23:59:59.999999"), true, false),
            (json!("9999-12-31T23:59:59-05:30"), true, true),
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
