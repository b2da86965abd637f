//! Which sessions a list of analytics is asked for. The documents name the filters; what each lets through is read from
//! its name.

use axum::http::StatusCode;
use regex_lite::Regex;

use crate::{clock::Text, documented::hum::DAY_PATTERN, noise::hexadecimal_digest, request::Refusal};

const DAY_LENGTH: usize = "2026-01-31".len();
const TOKEN_ID_LENGTH: usize = 16;

/// The filters of one list, and its page.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Search {
    /// From 1.
    pub(super) page: u64,
    pub(super) with_clicks: bool,
    first_day: Option<String>,
    last_day: Option<String>,
}

impl Search {
    /// Reads the parameters of a query. Those that the documents do not name are ignored.
    ///
    /// A caller sees the sessions of its own API token only, so that `token_ids[]` either names that one or is refused.
    pub(super) fn read(parameters: &[(String, String)], own_id: &str) -> Result<Self, Refusal> {
        if parameters.iter().any(|(name, id)| name == "token_ids[]" && id != own_id) {
            return Err(Refusal::new(StatusCode::FORBIDDEN, "A token id is not one of yours."));
        }
        let with_clicks = match single(parameters, "with_clicks")? {
            None | Some("false") => false,
            Some("true") => true,
            Some(_) => return Err(bad("with_clicks must be true or false.")),
        };
        Ok(Self {
            page: page(single(parameters, "page")?)?,
            with_clicks,
            first_day: day(parameters, "start_date")?,
            last_day: day(parameters, "end_date")?,
        })
    }

    /// Whether the day of that time, in UTC, is neither too early nor too late. Days compare as their texts do.
    pub(super) fn takes_day(&self, time: &Text) -> bool {
        let time = time.to_string();
        let day = time.get(..DAY_LENGTH).unwrap_or_default();
        self.first_day.as_deref().is_none_or(|first| first <= day)
            && self.last_day.as_deref().is_none_or(|last| day <= last)
    }
}

/// What identifies an API token without being one: the first 16 digits of its SHA-256, in hexadecimal.
///
/// The documents have token ids and do not say where they come from. This one can be worked out by whoever has the
/// token: `printf %s "$HUM_API_TOKEN" | sha256sum | cut -c 1-16`.
pub(super) fn token_id(token: &[u8]) -> String {
    hexadecimal_digest(token).chars().take(TOKEN_ID_LENGTH).collect()
}

/// The query could not be taken apart.
pub(super) fn unreadable() -> Refusal {
    bad("The query could not be read.")
}

fn page(text: Option<&str>) -> Result<u64, Refusal> {
    let Some(text) = text else { return Ok(1) };
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    // The documented type is a signed number of 64 bits.
    let page = text.parse::<i64>().ok().filter(|page| digits && *page >= 1);
    page.map(i64::unsigned_abs).ok_or_else(|| bad("page must be a whole number from 1."))
}

fn day(parameters: &[(String, String)], name: &str) -> Result<Option<String>, Refusal> {
    let Some(text) = single(parameters, name)? else { return Ok(None) };
    if Regex::new(DAY_PATTERN).is_ok_and(|pattern| pattern.is_match(text)) {
        Ok(Some(text.to_owned()))
    } else {
        Err(bad(format!("{name} must be a day such as 2026-01-31.")))
    }
}

fn single<'a>(parameters: &'a [(String, String)], name: &str) -> Result<Option<&'a str>, Refusal> {
    let mut values = parameters.iter().filter(|(own, _)| own == name).map(|(_, value)| value.as_str());
    match (values.next(), values.next()) {
        (value, None) => Ok(value),
        (_, Some(_)) => Err(bad(format!("{name} must be given once."))),
    }
}

fn bad(sentence: impl Into<String>) -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, sentence)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::clock::Moment;

    fn read(query: &[(&str, &str)]) -> Result<Search, Refusal> {
        let query: Vec<_> = query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Search::read(&query, "own")
    }

    #[track_caller]
    fn check(query: &[(&str, &str)], expected: Result<u64, u16>) {
        assert_eq!(
            read(query).map(|search| search.page).map_err(|refusal| refusal.status.as_u16()),
            expected,
            "{query:?}"
        );
    }

    #[test]
    fn queries() {
        check(&[], Ok(1));
        check(&[("page", "7"), ("with_clicks", "true"), ("token_ids[]", "own"), ("more", "x")], Ok(7));
        check(&[("page", "9223372036854775807")], Ok(9_223_372_036_854_775_807));
        check(&[("token_ids[]", "own"), ("token_ids[]", "other")], Err(403));
        check(&[("token_ids[]", "")], Err(403));
        for page in ["", "0", "-1", "+1", "1.5", " 1", "x", "9223372036854775808"] {
            check(&[("page", page)], Err(400));
        }
        check(&[("page", "1"), ("page", "1")], Err(400));
        for clicks in ["", "1", "True", "null"] {
            check(&[("with_clicks", clicks)], Err(400));
        }
        for day in
            ["", "2026", "2026-1-1", "2026-13-01", "2026-00-10", "2026-01-32", "2026-01-01T00:00:00Z", "٢٠٢٦-01-01"]
        {
            check(&[("start_date", day)], Err(400));
            check(&[("end_date", day)], Err(400));
        }
    }

    #[test]
    fn days() {
        let noon = |day: u64| Moment::from_micros(0).plus(Duration::from_hours(24 * day + 12)).rfc3339();
        let search = read(&[("start_date", "1970-01-03"), ("end_date", "1970-01-04")]).unwrap();
        assert_eq!([1, 2, 3, 4].map(|day| search.takes_day(&noon(day))), [false, true, true, false]);
        assert!(read(&[]).unwrap().takes_day(&noon(1)));
    }

    #[test]
    fn a_token_id_is_the_beginning_of_its_digest() {
        assert_eq!(token_id(b"abc"), "ba7816bf8f01cfea");
    }
}
