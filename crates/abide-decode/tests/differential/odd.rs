//! Values, keys and texts that are not as they should be, or are so in an unusual way.

use crate::random::Random;

/// What a value can be instead. Some are no JSON.
const VALUES: &[&[u8]] = &[
    b"null",
    b"true",
    b"false",
    b"nul",
    b"nulll",
    b"True",
    b"[]",
    b"{}",
    b"[{}]",
    b"[null]",
    b"{\"status\":\"success\"}",
    b"\"\"",
    b"\"success\"",
    b"\"failed\"",
    b"\"failed \"",
    b"\"null\"",
    b"\"12\"",
    // Numbers at their limits, and what is none.
    b"0",
    b"-0",
    b"-0.0",
    b"0.0",
    b"12.0",
    b"12.5",
    b"1e2",
    b"1E+2",
    b"15e-1",
    b"0e0",
    b"-1",
    b"-",
    b"+1",
    b"01",
    b"-01",
    b"00",
    b"1.",
    b".5",
    b"1.5.5",
    b"1e",
    b"1e+",
    b"1-1",
    b"0x1",
    b"1_0",
    b"NaN",
    b"Infinity",
    b"-Infinity",
    b"5a",
    b"12 3",
    b"1e400",
    b"-1e400",
    b"1e-400",
    b"0e999999999999",
    b"1e99999999999999999999",
    b"1e-99999999999999999999",
    b"4.9e-324",
    b"2.4703282292062327e-324",
    b"2.4703282292062328e-324",
    b"1.7976931348623157e308",
    b"1.7976931348623159e308",
    b"9007199254740991",
    b"9007199254740992",
    b"9007199254740993",
    b"9007199254740993.0",
    b"900719925474099.3",
    b"-9007199254740993",
    b"999999999999999999",
    b"1000000000000000000",
    b"9223372036854775807",
    b"9223372036854775808",
    b"-9223372036854775808",
    b"-9223372036854775809",
    b"18446744073709551615",
    b"18446744073709551616",
    b"1234567890123456789012345678901234567890",
    b"0.1234567890123456789",
    b"0.000000000000000000000000000001",
    b"0.30000000000000004",
    b"8.5070591730234616e37",
    b"1.00000000000000011102230246251565404236316680908203125",
    b"179.99999999999999",
    b"37.774899999999995",
    b"12345678.12345678",
    b"1234567.8",
    b"123456789.123456789",
    // Texts.
    b"\"\\ud800\"",
    b"\"\\udc00\\ud800\"",
    b"\"\\ud83c\\udf89\"",
    b"\"\\u00e9\\n\\t\\/\\b\"",
    b"\"\\x\"",
    b"\"\\u12\"",
    b"\"\\u0000\"",
    b"\"\xff\"",
    b"\"\xc3\"",
    b"\"\xc3\xa9\"",
    b"\"\xed\xa0\x80\"",
    b"\"\xf4\x90\x80\x80\"",
    b"\"\xc0\x80\"",
    b"\"a\nb\"",
    b"\"a\x00b\"",
    b"\"a\x1fb\"",
    b"\"\x7f\"",
    b"\"",
    b"\"open",
    b"'a'",
    b"\"0123456789012345678901234567890123456\"",
    b"\"012345678901234567890123456789012345\"",
    b"\"01234567890123456789012345678901234\xc3\xa9\"",
    b"\"012345678901234567890123456789012345\\n\"",
    // Times.
    b"\"1969-12-31T23:59:59Z\"",
    b"\"2026-02-29T00:00:00\"",
    b"\"2024-02-29T23:59:59.1\"",
    b"\"2026-01-15T23:59:60\"",
    b"\"2026-01-15T10:30:00.\"",
    b"\"2026-01-15T10:30:00.Z\"",
    b"\"2026-01-15T10:30:00.123456789Z\"",
    b"\"2026-01-15T10:30:00.12345678Z\"",
    b"\"9999-12-31T23:59:59\"",
    b"\"9998-12-31T23:59:59.99999999Z\"",
    b"\"2026-01-15T10:30:00ZZ\"",
    b"\"2026-13-15T10:30:00\"",
    b"\"2026-00-10T10:30:00\"",
    b"\"2026-01-15T1:30:00\"",
    b"\"2026-01-15T10:30:00z\"",
    b"\"0000-00-00T00:00:00\"",
    b"\"2026-01-15T10:30:0\"",
    b"\"2026-01-15t10:30:00\"",
    b"\"-026-01-15T10:30:00\"",
    b"\"2026-01-15T10:30:00.1234\\u0035\"",
    b"\"2\x30\x32\x36-01-15T10:30:00\"",
    // Lists in the place of objects: serde reads a struct from a list, too.
    b"[1,2,3,4]",
    b"[\"PROCESSING\",[1,2,3,4],[],\"a\",null,null]",
    b"[1.5,2.5]",
    b"{\"status\":\"success\",\"lat\":1,\"lng\":2}",
];

/// Writes a value that does not fit, is out of range, or is no JSON.
pub fn value(out: &mut Vec<u8>, random: &mut Random) {
    match random.below(20) {
        0 => nested(out, random),
        1 => escaped_text(out, random),
        2..=5 => number(out, random),
        _ => out.extend_from_slice(random.pick(VALUES)),
    }
}

/// Lists or objects in each other: few, or about as many as some reader stops at.
fn nested(out: &mut Vec<u8>, random: &mut Random) {
    let about = random.pick(&[3, 30, 62, 126]);
    let depth = about + random.below(6);
    let objects = random.chance(500);
    let core: &[u8] = random.pick(&[b"1".as_slice(), b"", b"\"\\n\"", b"1e400", b"\"\xff\""]);
    for _ in 0..depth {
        out.extend_from_slice(if objects { b"{\"a\":" } else { b"[" });
    }
    out.extend_from_slice(if objects && core.is_empty() { b"0" } else { core });
    out.extend(std::iter::repeat_n(if objects { b'}' } else { b']' }, depth));
}

/// A number of any length, and often of about as many digits as a float tells apart.
fn number(out: &mut Vec<u8>, random: &mut Random) {
    let digits = |out: &mut Vec<u8>, random: &mut Random, most: usize| {
        for _ in 0..random.below(most) {
            out.push(random.pick(b"0123456789900"));
        }
    };
    out.extend_from_slice(random.pick(&[b"".as_slice(), b"-"]));
    if random.chance(500) {
        let (before, after) = (random.below(19), random.below(3));
        out.push(random.pick(b"123456789"));
        out.extend((0..before).map(|_| random.pick(b"0123456789")));
        out.push(b'.');
        out.extend((0..(17 + after).saturating_sub(before)).map(|_| random.pick(b"0123456789")));
        return;
    }
    digits(out, random, 22);
    if random.chance(700) {
        out.push(b'.');
        digits(out, random, 24);
    }
    if random.chance(250) {
        out.extend_from_slice(random.pick(&[b"e".as_slice(), b"E", b"e+", b"e-"]));
        digits(out, random, 5);
    }
}

/// Writes a key that means the same as this one, nearly the same, or nothing.
pub fn key(out: &mut Vec<u8>, key: &str, random: &mut Random) {
    out.push(b'"');
    match random.below(8) {
        0 => escaped(out, key, random),
        1 => out.extend_from_slice(b"\xff"),
        2 => out.extend_from_slice(b"\\ud800"),
        3 => out.extend_from_slice(b"a\tb"),
        4 => {
            out.extend_from_slice(key.as_bytes());
            out.push(random.pick(b" \0s\xe9\\"));
        }
        5 => out.extend_from_slice(key.to_uppercase().as_bytes()),
        6 => out.extend_from_slice("é".repeat(random.below(40)).as_bytes()),
        _ => out.extend_from_slice(key.get(1..).unwrap_or_default().as_bytes()),
    }
    out.push(b'"');
}

/// Writes a key with some of its letters as escapes.
fn escaped(out: &mut Vec<u8>, key: &str, random: &mut Random) {
    for letter in key.chars() {
        let text = if random.chance(300) { format!("\\u{:04x}", u32::from(letter)) } else { letter.to_string() };
        out.extend_from_slice(text.as_bytes());
    }
}

/// Writes a text of a few letters and escapes, seldom a wrong one.
pub fn escaped_text(out: &mut Vec<u8>, random: &mut Random) {
    const PARTS: &[&[u8]] = &[
        b"a",
        b"\\n",
        b"\\\"",
        b"\\\\",
        b"\\u0041",
        b"\\ud83c\\udf89",
        b"\xc3\xa9",
        b"long enough for a word",
        b"/",
        b"\\/",
        b"\\u007f",
    ];
    const WRONG: &[&[u8]] = &[b"\\ud83c", b"\\udf89", b"\\ud83c\\n", b"\xff", b"\n", b"\\u00", b"\\a", b"\\"];
    out.push(b'"');
    for _ in 0..random.below(8) {
        let parts = if random.chance(20) { WRONG } else { PARTS };
        out.extend_from_slice(random.pick(parts));
    }
    out.push(b'"');
}
