//! `Retry-After` (RFC 9110, 10.2.3): how long a server asks to be left alone.

use std::time::{Duration, SystemTime};

use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

/// How long the reply asks to wait: whole seconds, or a date in any of the three HTTP forms.
///
/// A date counts from the reply's own `Date` where there is one, so that a wrong local clock does not matter, else from
/// the local clock; one in the past means zero. Digits beyond what a number holds mean "for ever" and saturate. Several headers:
/// the longest counts. Anything malformed (a sign, a fraction, a word) is as good as absent.
pub fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    headers.contains_key(RETRY_AFTER).then(|| retry_after_at(headers, now()))?
}

fn retry_after_at(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let reference = headers
        .get(DATE)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| httpdate::parse_http_date(text).ok())
        .unwrap_or(now);
    headers.get_all(RETRY_AFTER).iter().filter_map(|value| read(value.to_str().ok()?.trim(), reference)).max()
}

fn read(text: &str, reference: SystemTime) -> Option<Duration> {
    // A proxy may have folded several headers into one line; a date has a comma of its own.
    let seconds: Option<Vec<u64>> = text.split(',').map(|part| whole_seconds(part.trim())).collect();
    if let Some(longest) = seconds.and_then(|all| all.into_iter().max()) {
        return Some(Duration::from_secs(longest));
    }
    let date = httpdate::parse_http_date(text).ok()?;
    Some(date.duration_since(reference).unwrap_or(Duration::ZERO))
}

fn whole_seconds(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().unwrap_or(u64::MAX))
}

#[cfg(not(target_arch = "wasm32"))]
fn now() -> SystemTime {
    SystemTime::now()
}

/// A browser has no `SystemTime`; without the reply's `Date`, a date in `Retry-After` then means its full age.
#[cfg(target_arch = "wasm32")]
fn now() -> SystemTime {
    SystemTime::UNIX_EPOCH
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    fn check(date: Option<&'static str>, values: &[&[u8]], expected: Option<u64>) {
        let mut headers = HeaderMap::new();
        if let Some(date) = date {
            headers.insert(DATE, HeaderValue::from_static(date));
        }
        for value in values {
            headers.append(RETRY_AFTER, HeaderValue::from_bytes(value).unwrap());
        }
        // 1994-11-06 08:49:01 UTC
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_741);
        assert_eq!(retry_after_at(&headers, now), expected.map(Duration::from_secs), "{values:?}");
    }

    #[test]
    fn seconds() {
        check(None, &[], None);
        check(None, &[b"0"], Some(0));
        check(None, &[b"120"], Some(120));
        check(None, &[b" 7 "], Some(7));
        check(None, &[b"10000000000000000000000000000000000000000"], Some(u64::MAX));
        check(None, &[b"3", b"9", b"5"], Some(9));
        check(None, &[b"30, 60"], Some(60));
        check(None, &[b"30, soon"], None);
    }

    #[test]
    fn malformed_is_absent() {
        for value in [&b"-5"[..], b"1.5", b"soon", b"\xff\xfe", b"", b"5 s", b"+5"] {
            check(None, &[value], None);
        }
        check(None, &[b"soon", b"4"], Some(4));
    }

    #[test]
    fn dates() {
        check(None, &[b"Sun, 06 Nov 1994 08:49:37 GMT"], Some(36));
        check(None, &[b"Sunday, 06-Nov-94 08:49:37 GMT"], Some(36));
        check(None, &[b"Sun Nov  6 08:49:37 1994"], Some(36));
        check(None, &[b"Sun, 06 Nov 1994 08:00:00 GMT"], Some(0));
        check(Some("Sun, 06 Nov 1994 08:49:30 GMT"), &[b"Sun, 06 Nov 1994 08:49:37 GMT"], Some(7));
    }
}
