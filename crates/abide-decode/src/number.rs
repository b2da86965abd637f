//! Numbers: the plain ones at once, the others by the standard library or not at all.

use crate::Reader;

/// As many digits as surely fit into a `u64`.
const MOST_DIGITS: usize = 18;

/// The powers of ten that a float holds exactly.
const POWERS: [f64; 9] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8];

/// How many of eight bytes are digits, counted from the first, and their value. For texts in which digits stand, such as times.
#[inline]
pub fn leading_digits(bytes: [u8; 8]) -> (u64, usize) {
    up_to_eight(u64::from_le_bytes(bytes))
}

impl Reader<'_> {
    /// A whole number without point and exponent. What is no end of a number behind it does not fit what must follow.
    #[inline]
    pub fn integer(&mut self) -> Option<i64> {
        let negative = self.takes(b'-');
        let rest = self.rest();
        let (digits, length) = match few_digits(rest) {
            Some(few) => few,
            None => many_digits(rest)?,
        };
        self.pass(length);
        // Without a branch: no sign tells the next one.
        let sign = -i64::from(negative);
        Some((i64::try_from(digits).ok()? ^ sign).wrapping_sub(sign))
    }

    /// A number, rounded to the nearest float.
    #[inline]
    pub fn float(&mut self) -> Option<f64> {
        let from = self.place();
        let negative = self.takes(b'-');
        match plain_float(self.rest()) {
            Some((value, length)) => {
                self.pass(length);
                Some(f64::from_bits(value.to_bits() | u64::from(negative) << 63))
            }
            None => self.any_float(from),
        }
    }

    /// Any number, checked against the grammar and read by the standard library.
    #[cold]
    #[inline(never)]
    fn any_float(&mut self, from: usize) -> Option<f64> {
        self.go_to(from);
        self.takes(b'-');
        let zero = self.peek() == Some(b'0');
        let whole = self.pass_digits()?;
        if zero && whole > 1 {
            return None;
        }
        if self.takes(b'.') {
            self.pass_digits()?;
        }
        if self.takes(b'e') || self.takes(b'E') {
            if !self.takes(b'+') {
                self.takes(b'-');
            }
            self.pass_digits()?;
        }
        let text = std::str::from_utf8(self.between(from, self.place())?).ok()?;
        text.parse().ok().filter(|value: &f64| value.is_finite())
    }

    fn pass_digits(&mut self) -> Option<usize> {
        let count = self.rest().iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.pass(count);
        (count > 0).then_some(count)
    }
}

/// A number of few enough digits for one exact division (both numbers are exact, so the one rounding is the right one), and its
/// length.
#[inline]
fn plain_float(bytes: &[u8]) -> Option<(f64, usize)> {
    let (whole, length) = few_digits(bytes)?;
    let (digits, decimals) = match bytes.get(length)? {
        b'.' => {
            let (fraction, decimals) = up_to_eight(u64::from_le_bytes(*bytes.get(length + 1..)?.first_chunk()?));
            (whole * TENS.get(decimals)? + fraction, decimals)
        }
        _ => return end_of_float(bytes, length).map(|length| (to_float(whole), length)),
    };
    let length = end_of_float(bytes, length + 1 + decimals)?;
    (decimals > 0).then_some((to_float(digits) / POWERS.get(decimals)?, length))
}

/// The number does not go on behind so many bytes.
#[inline]
fn end_of_float(bytes: &[u8], length: usize) -> Option<usize> {
    (!matches!(bytes.get(length)?, b'0'..=b'9' | b'.' | b'e' | b'E')).then_some(length)
}

/// Fifteen digits at most.
#[inline]
#[allow(clippy::cast_precision_loss, reason = "fifteen digits are below 2^53")]
fn to_float(digits: u64) -> f64 {
    digits.cast_signed() as f64
}

/// One to seven digits without a zero before them, and how many.
#[inline]
fn few_digits(bytes: &[u8]) -> Option<(u64, usize)> {
    let eight = bytes.first_chunk::<8>()?;
    let (value, length) = up_to_eight(u64::from_le_bytes(*eight));
    let leading_zero = length > 1 && eight.first() == Some(&b'0');
    ((1..8).contains(&length) && !leading_zero).then_some((value, length))
}

/// As [`few_digits`], one by one: more of them, or at the very end of a body.
#[cold]
fn many_digits(bytes: &[u8]) -> Option<(u64, usize)> {
    let (mut value, mut length) = (0_u64, 0);
    for byte in bytes.iter().take_while(|byte| byte.is_ascii_digit()) {
        value = value.wrapping_mul(10).wrapping_add(u64::from(byte.wrapping_sub(b'0')));
        length += 1;
    }
    let leading_zero = length > 1 && bytes.first() == Some(&b'0');
    (length > 0 && length <= MOST_DIGITS && !leading_zero).then_some((value, length))
}

const TENS: [u64; 9] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];

/// The digits at the beginning of eight bytes, the first byte lowest; and how many there are.
#[inline]
fn up_to_eight(bytes: u64) -> (u64, usize) {
    const ZEROS: u64 = u64::from_le_bytes([b'0'; 8]);
    const PAIRS: u64 = 0x0000_00ff_0000_00ff;
    let values = bytes ^ ZEROS;
    // The high bit of each byte that is above nine. Bytes after the first such may be marked wrongly.
    let above = (values.wrapping_add(0x7676_7676_7676_7676) | values) & 0x8080_8080_8080_8080;
    let count = above.trailing_zeros() / 8;
    // Zeros before the digits make eight of them.
    let values = values.checked_shl(64 - 8 * count).unwrap_or(0);
    let pairs = values.wrapping_mul(10).wrapping_add(values >> 8);
    let first = (pairs & PAIRS).wrapping_mul(100 + (1_000_000 << 32));
    let second = ((pairs >> 16) & PAIRS).wrapping_mul(1 + (10_000 << 32));
    (first.wrapping_add(second) >> 32, count as usize)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read<'b, T>(text: &'b str, read: impl FnOnce(&mut Reader<'b>) -> Option<T>) -> Option<T> {
        let mut reader = Reader::new(text.as_bytes(), &|_| None);
        read(&mut reader).filter(|_| reader.peek().is_none())
    }

    /// What is read is what serde reads.
    fn check(text: &str) {
        if let Some(float) = read(text, Reader::float) {
            let expected: f64 = serde_json::from_str(text).unwrap();
            assert_eq!(float.to_bits(), expected.to_bits(), "{text}");
        } else {
            assert!(serde_json::from_str::<f64>(text).is_err(), "{text}");
        }
        if let Some(integer) = read(text, Reader::integer) {
            // Serde reads -0 as a float, which a lenient field takes for the whole number.
            assert_eq!(serde_json::from_str(text).unwrap_or(0_i64), integer, "{text}");
        }
    }

    #[test]
    fn corners() {
        for text in [
            "0",
            "-0",
            "-0.0",
            "00",
            "01",
            "-01",
            "1.",
            ".5",
            "-",
            "",
            "+1",
            "1e5",
            "1E+5",
            "1e-5",
            "1e",
            "1e+",
            "1.5.5",
            "1-1",
            "0.1",
            "12345678",
            "123456789",
            "1234567.8",
            "12345678.12345678",
            "9007199254740992",
            "9007199254740993",
            "9007199254740993.0",
            "123456789012345678",
            "1234567890123456789",
            "12345678901234567890123",
            "0.1234567890123456789",
            "1e400",
            "-1e400",
            "1e-400",
            "179.123456",
            "-179.999999",
            "0x1",
            "1_0",
            "infinity",
            "NaN",
            "5a",
            "5\u{80}",
            "1.5e3",
            "15e-2",
        ] {
            check(text);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn as_serde_reads_them(text in "-?[0-9]{0,20}(\\.[0-9]{0,20})?([eE][+-]?[0-9]{0,4})?[0-9a-z.+-]{0,1}") {
            check(&text);
        }
    }
}
