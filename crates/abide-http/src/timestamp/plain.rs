//! Times in the one form that servers write nearly always, read without a calendar library and kept in few bytes.

use std::fmt;

use abide_decode::{Memo, leading_digits};

/// A time that is written in the common way, from 1970 on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Plain {
    /// Since 1970.
    seconds: u64,
    nanoseconds: u32,
    /// How many decimals were written; 0 without a point.
    decimals: u8,
    /// Whether it ends with a `Z`.
    pub(super) has_offset: bool,
}

impl Plain {
    pub(super) fn instant(self) -> Option<jiff::Timestamp> {
        jiff::Timestamp::new(i64::try_from(self.seconds).ok()?, i32::try_from(self.nanoseconds).ok()?).ok()
    }
}

/// The text that was read.
impl fmt::Display for Plain {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = date_of(self.seconds / 86_400);
        let (minutes, second) = (self.seconds % 86_400 / 60, self.seconds % 60);
        let (hour, minute) = (minutes / 60, minutes % 60);
        write!(formatter, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        if let Some(unwritten) = TENS.get(9_usize.saturating_sub(self.decimals.into())) {
            write!(formatter, ".{:0width$}", u64::from(self.nanoseconds) / unwritten, width = self.decimals.into())?;
        }
        formatter.write_str(if self.has_offset { "Z" } else { "" })
    }
}

/// As long as the longest plain time, and a byte more, so that what follows is seen.
const WINDOW: usize = 32;

/// A time at the beginning of a text, as servers write it, and its length: `2026-01-15T10:30:00`, with one to eight decimals or
/// none, with or without a `Z`. `None` for all others.
#[inline]
pub(super) fn leading(text: &[u8; WINDOW], memo: &mut Memo) -> Option<(Plain, usize)> {
    let minute = minute(text.first_chunk()?, memo)?;
    let [.., b':', tens, ones] = text.first_chunk::<19>()? else { return None };
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    if tens > 5 || ones > 9 {
        return None;
    }
    let (nanoseconds, decimals, length) = if text.get(19) == Some(&b'.') {
        let (value, decimals) = leading_digits(*text.get(20..)?.first_chunk()?);
        // No decimals have no place in the table; a ninth one is seen as what cannot follow a time.
        (value * TENS.get(9_usize.checked_sub(decimals)?)?, decimals, 20 + decimals)
    } else {
        (0, 0, 19)
    };
    let plain = Plain {
        seconds: minute + u64::from(tens * 10 + ones),
        nanoseconds: u32::try_from(nanoseconds).ok()?,
        decimals: u8::try_from(decimals).ok()?,
        has_offset: text.get(length) == Some(&b'Z'),
    };
    Some((plain, length + usize::from(plain.has_offset)))
}

/// The seconds from 1970 to the minute that these bytes name: `2026-01-15T10:30`. Neighbours in a list share it often.
#[inline]
fn minute(text: &[u8; 16], memo: &mut Memo) -> Option<u64> {
    if memo.text == *text
        && let Some(seconds) = memo.meaning
    {
        return Some(seconds);
    }
    let seconds = read_minute(text)?;
    *memo = Memo { text: *text, meaning: Some(seconds) };
    Some(seconds)
}

fn read_minute(text: &[u8; 16]) -> Option<u64> {
    let [date, time] = text.as_chunks::<8>().0 else { return None };
    let date = Group::read(*date, *b"0000-00-")?;
    let time = Group::read(*time, *b"00T00:00")?;
    let (year, month) = (date.pair(0) * 100 + date.pair(2), date.pair(5));
    let (day, hour, minute) = (time.pair(0), time.pair(3), time.pair(6));
    let exists = (1..=12).contains(&month) && (1..=last_day(year, month)).contains(&day);
    let plain = exists && hour < 24 && minute < 60 && (1970..=9998).contains(&year);
    plain.then(|| days_since_1970(year, month, day) * 86_400 + u64::from(hour * 3_600 + minute * 60))
}

/// The whole text as a plain time.
pub(super) fn whole(text: &str) -> Option<Plain> {
    let mut window = [0; WINDOW];
    window.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
    leading(&window, &mut Memo::default()).filter(|(_, length)| *length == text.len()).map(|(plain, _)| plain)
}

/// Eight bytes with digits in known places: at each place its digit, and at each sign 0.
#[derive(Clone, Copy)]
struct Group(u64);

impl Group {
    /// `form` has a zero where a digit stands, and elsewhere the sign that must stand there.
    #[inline]
    fn read(bytes: [u8; 8], form: [u8; 8]) -> Option<Group> {
        let digits = u64::from_le_bytes(bytes) ^ u64::from_le_bytes(form);
        // What reaches the high bit: above nine in the place of a digit, above zero in that of a sign.
        let limits = form.map(|sign| if sign == b'0' { 0x76 } else { 0x7f });
        let above = (digits.wrapping_add(u64::from_le_bytes(limits)) | digits) & 0x8080_8080_8080_8080;
        (above == 0).then_some(Group(digits))
    }

    /// The number that the digits at this place and the next one make.
    #[inline]
    fn pair(self, place: u32) -> u32 {
        let [tens, ones, ..] = (self.0 >> (8 * place)).to_le_bytes();
        u32::from(tens * 10 + ones)
    }
}

/// Nanoseconds in the last of so many decimals, from nine down to one.
const TENS: [u64; 9] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];

#[inline]
fn last_day(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Of a date from 1970 on in the Gregorian calendar. Years are counted from March, so that the day that is sometimes there
/// comes last.
#[inline]
fn days_since_1970(year: u32, month: u32, day: u32) -> u64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year / 4 - year / 100 + year / 400;
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    u64::from(year * 365 + leap_days + day_of_year - MARCH_OF_0)
}

/// The days from March 1st of the year 0 to 1970.
const MARCH_OF_0: u32 = 719_468;

/// Year, month and day: [`days_since_1970`] backwards.
fn date_of(days: u64) -> (u64, u64, u64) {
    const FOUR_CENTURIES: u64 = 146_097;
    let days = days + u64::from(MARCH_OF_0);
    let (eras, day_of_era) = (days / FOUR_CENTURIES, days % FOUR_CENTURIES);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let year = eras * 400 + year_of_era;
    if month < 10 { (year, month + 3, day) } else { (year + 1, month - 9, day) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// The quick way and the whole way say the same.
        #[test]
        fn what_is_plain_is_read_alike(
            date in "(19[67][0-9]|20[0-9][0-9]|[0-9]{4})-[0-3][0-9]-[0-3][0-9]",
            time in "[0-2][0-9]:[0-6][0-9]:[0-6][0-9]",
            rest in r"(|\.[0-9]{0,10})(|Z|z|\+02:00|é)",
            slip in prop::option::of((0_usize..30, "[0-9TZ:. /]")),
        ) {
            let mut text = format!("{date}T{time}{rest}");
            if let Some((at, letter)) = slip
                && text.is_char_boundary(at)
                && text.is_char_boundary(at + 1)
                && at < text.len()
            {
                text.replace_range(at..=at, &letter);
            }
            if let Some(plain) = whole(&text) {
                prop_assert_eq!(plain.instant().map(|instant| (instant, plain.has_offset)), crate::timestamp::read(&text), "{}", text);
                prop_assert_eq!(plain.to_string(), text);
            }
        }
    }

    /// Every day of some centuries, there and back.
    #[test]
    fn the_calendar() {
        let mut expected = jiff::civil::date(1970, 1, 1);
        for days in 0..300_000 {
            let (year, month, day) = date_of(days);
            let found = (i16::try_from(year).unwrap(), i8::try_from(month).unwrap(), i8::try_from(day).unwrap());
            assert_eq!(found, (expected.year(), expected.month(), expected.day()));
            let [year, month, day] = [year, month, day].map(|part| u32::try_from(part).unwrap());
            assert_eq!(days_since_1970(year, month, day), days);
            expected = expected.tomorrow().unwrap();
        }
    }
}
