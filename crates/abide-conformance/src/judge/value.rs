//! Reading JSON values the way the documents mean them.

use serde_json::Value;

/// A whole number; `1.0` is one, as JSON has a single kind of number.
pub(crate) fn integer(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| {
        let number = value.as_f64().filter(|number| number.fract() == 0.0 && number.abs() < 9e15)?;
        #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and small")]
        Some(number as i64)
    })
}

/// A text that is not empty.
pub(crate) fn text(value: &Value) -> Option<&str> {
    value.as_str().filter(|text| !text.is_empty())
}

/// Degrees at the six decimals by which places are told apart.
pub(crate) fn microdegrees(value: &Value) -> Option<i64> {
    let degrees = value.as_f64().filter(|degrees| degrees.abs() <= 1e6)?;
    #[expect(clippy::cast_possible_truncation, reason = "checked to be small")]
    Some((degrees * 1e6).round() as i64)
}

/// A value in one spelling: members sorted, numbers as numbers.
pub(crate) fn canonical(value: &Value) -> String {
    let mut out = String::new();
    write(value, &mut out);
    out
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by_key(|(name, _)| *name);
            out.push('{');
            for (name, value) in members {
                out.push_str(name);
                out.push(':');
                write(value, out);
                out.push(',');
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for item in items {
                write(item, out);
                out.push(',');
            }
            out.push(']');
        }
        Value::Number(number) => match integer(value) {
            Some(whole) => out.push_str(&whole.to_string()),
            None => out.push_str(&number.to_string()),
        },
        Value::Null | Value::Bool(_) | Value::String(_) => out.push_str(&value.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers() {
        for (value, expected) in [
            (json!(1), Some(1)),
            (json!(1.0), Some(1)),
            (json!(-3), Some(-3)),
            (json!(1.5), None),
            (json!("1"), None),
            (json!(null), None),
            (json!(1e300), None),
        ] {
            assert_eq!(integer(&value), expected, "{value}");
        }
        assert_eq!(microdegrees(&json!(37.7749)), Some(37_774_900));
        assert_eq!(microdegrees(&json!("37")), None);
    }

    #[test]
    fn one_spelling() {
        assert_eq!(canonical(&json!({"b": 1.0, "a": [null, "x"]})), canonical(&json!({"a": [null, "x"], "b": 1})));
        assert_ne!(canonical(&json!({"a": 1})), canonical(&json!({"a": "1"})));
    }
}
