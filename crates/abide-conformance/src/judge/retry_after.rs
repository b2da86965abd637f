//! How long a reply asks to be left alone.

use std::time::Duration;

use jiff::Timestamp;

use super::view::{Call, View};

/// What `Retry-After` asks for, in microseconds from the moment in which the reply was read.
pub(crate) fn retry_after(view: &View<'_>, call: &Call<'_>) -> Option<u64> {
    let answer = call.answer()?;
    let started: Timestamp = view.trace.header.started.parse().ok()?;
    let received = started.checked_add(Duration::from_micros(call.exchange.received)).ok()?;
    read(answer.headers.get("retry-after")?, answer.headers.get("date").map(String::as_str), received)
}

/// Reads the header: whole seconds, or a date, which is compared with the `Date` of the same reply where there is one.
pub(crate) fn read(value: &str, date: Option<&str>, received: Timestamp) -> Option<u64> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        return value.parse::<u64>().ok()?.checked_mul(1_000_000);
    }
    let until = httpdate::parse_http_date(value).ok()?;
    let from = date.and_then(|date| httpdate::parse_http_date(date.trim()).ok());
    let from = from.unwrap_or_else(|| received.into());
    u64::try_from(until.duration_since(from).unwrap_or_default().as_micros()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        let received: Timestamp = "2026-01-15T10:30:00Z".parse().unwrap();
        let date = "Thu, 15 Jan 2026 10:30:07 GMT";
        for (value, sent, expected) in [
            ("2", None, Some(2_000_000)),
            (" 0 ", None, Some(0)),
            (date, None, Some(7_000_000)),
            (date, Some("Thu, 15 Jan 2026 10:30:04 GMT"), Some(3_000_000)),
            (date, Some("Thu, 15 Jan 2026 10:31:00 GMT"), Some(0)),
            ("soon", None, None),
            ("-1", None, None),
            ("1.5", None, None),
            ("", None, None),
            ("99999999999999999999", None, None),
        ] {
            assert_eq!(read(value, sent, received), expected, "{value}");
        }
    }
}
