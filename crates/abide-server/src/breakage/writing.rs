//! How a JSON value is written. Every way here writes the same value (RFC 8259).

use std::cmp::Reverse;

use axum::body::{Body, Bytes};
use serde_json::{Number, Value};

use super::answer::without_length;

/// Freedoms that a writer of JSON has, each taken or not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a freedom of its own, and they combine")]
pub(crate) struct Writing {
    /// Members of an object from the last name to the first.
    pub(crate) reversed: bool,
    /// Line breaks and spaces between the tokens, and around the whole.
    pub(crate) spacious: bool,
    /// Every character of a string as `\u` and four digits.
    pub(crate) escaped: bool,
    /// Fractions as a power of ten.
    pub(crate) exponents: bool,
    /// In pieces, without a length in the head.
    pub(crate) in_pieces: bool,
}

impl Writing {
    pub(crate) fn text(self, value: &Value) -> String {
        if self == Self::default() {
            return value.to_string();
        }
        let mut text = String::new();
        self.gap(&mut text, 0);
        self.write(value, 0, &mut text);
        self.gap(&mut text, 0);
        text
    }

    pub(crate) fn body(self, bytes: Bytes) -> Body {
        if self.in_pieces { without_length(bytes) } else { Body::from(bytes) }
    }

    fn write(self, value: &Value, depth: usize, text: &mut String) {
        match value {
            Value::Null | Value::Bool(_) => text.push_str(&value.to_string()),
            Value::Number(number) => text.push_str(&self.number(number)),
            Value::String(string) => text.push_str(&self.string(string)),
            Value::Array(items) => {
                let items = items.iter().map(|item| (None, item));
                self.container('[', items, ']', depth, text);
            }
            Value::Object(members) => {
                let mut members: Vec<_> = members.iter().map(|(name, value)| (Some(name.as_str()), value)).collect();
                if self.reversed {
                    members.sort_by_key(|(name, _)| Reverse(*name));
                }
                self.container('{', members.into_iter(), '}', depth, text);
            }
        }
    }

    fn container<'a>(
        self,
        open: char,
        items: impl Iterator<Item = (Option<&'a str>, &'a Value)>,
        close: char,
        depth: usize,
        text: &mut String,
    ) {
        text.push(open);
        for (index, (name, value)) in items.enumerate() {
            if index > 0 {
                text.push(',');
            }
            self.gap(text, depth + 1);
            if let Some(name) = name {
                text.push_str(&self.string(name));
                text.push_str(if self.spacious { " : " } else { ":" });
            }
            self.write(value, depth + 1, text);
        }
        self.gap(text, depth);
        text.push(close);
    }

    fn gap(self, text: &mut String, depth: usize) {
        if self.spacious {
            text.push_str("\r\n");
            text.extend(std::iter::repeat_n('\t', depth));
        }
    }

    fn number(self, number: &Number) -> String {
        match number.as_f64() {
            Some(float) if self.exponents && number.is_f64() => format!("{float:e}"),
            Some(_) | None => number.to_string(),
        }
    }

    fn string(self, string: &str) -> String {
        if !self.escaped {
            return Value::from(string).to_string();
        }
        let units: String = string.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
        format!("\"{units}\"")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn sample() -> Value {
        json!({ "a": [1, -2.5, null, true, {}], "b": { "c": "é\u{1F600}\"\n", "d": [] } })
    }

    #[track_caller]
    fn check(writing: Writing, part: &str) {
        let text = writing.text(&sample());
        assert!(text.contains(part), "{text}");
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), sample());
    }

    #[test]
    fn ways_to_write() {
        check(Writing { reversed: true, ..Writing::default() }, r#"{"b":{"d""#);
        check(Writing { spacious: true, ..Writing::default() }, "\r\n\t\"a\" : [");
        check(Writing { escaped: true, ..Writing::default() }, r"\u00e9\ud83d\ude00\u0022\u000a");
        check(Writing { exponents: true, ..Writing::default() }, "[1,-2.5e0,null");
        check(Writing::default(), "[1,-2.5,null");
    }

    proptest! {
        #[test]
        fn every_way_writes_the_same_value(
            text: String, microdegrees in -180_000_000..=180_000_000, reversed: bool, spacious: bool, escaped: bool, exponents: bool,
        ) {
            let value = json!({ "text": text, "more": [{ "lat": f64::from(microdegrees) / 1e6, "score": 7 }], "z": {} });
            let writing = Writing { reversed, spacious, escaped, exponents, in_pieces: false };
            prop_assert_eq!(serde_json::from_str::<Value>(&writing.text(&value)).unwrap(), value);
        }
    }
}
