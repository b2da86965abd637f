//! Reading what servers send where the generated types would give up on the whole answer.

use serde::{Deserialize, Deserializer};

/// Reads `null` as the default value: an absent list and a `null` one both mean "nothing there".
///
/// Generated structs name this in `#[serde(deserialize_with)]` on lists and maps.
pub fn null_as_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}

/// Reads a value that may be missing. One that does not fit its type counts as missing: a field that nobody waits for
/// must not cost the fields that somebody does.
pub fn or_absent<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: serde::de::DeserializeOwned,
{
    let value = serde_json::Value::deserialize(deserializer)?;
    Ok(if value.is_null() { None } else { serde_json::from_value(value).ok() })
}

/// Reads a whole number, also one that is written `12.0`.
pub fn integer<'de, D>(deserializer: D) -> Result<i64, D::Error>
where
    D: Deserializer<'de>,
{
    let number = serde_json::Number::deserialize(deserializer)?;
    whole(&number).ok_or_else(|| serde::de::Error::custom("expected a whole number"))
}

/// Reads a whole number that may be missing: [`integer`] and [`or_absent`].
pub fn integer_or_absent<'de, D>(deserializer: D) -> Result<Option<i64>, D::Error>
where
    D: Deserializer<'de>,
{
    Ok(or_absent::<D, serde_json::Number>(deserializer)?.as_ref().and_then(whole))
}

#[allow(clippy::cast_possible_truncation, reason = "a whole number within 2^53 fits")]
fn whole(number: &serde_json::Number) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    number.as_i64().or_else(|| {
        let number = number.as_f64()?;
        (number.fract() == 0.0 && number.abs() <= EXACT).then_some(number as i64)
    })
}

/// Reads a word. Anything that is no text becomes its JSON, so that an odd value is an unknown word and not a broken answer.
///
/// Generated open enums read through this.
pub fn word<'de, D>(deserializer: D) -> Result<String, D::Error>
where
    D: Deserializer<'de>,
{
    Ok(match serde_json::Value::deserialize(deserializer)? {
        serde_json::Value::String(text) => text,
        other @ (serde_json::Value::Null
        | serde_json::Value::Bool(_)
        | serde_json::Value::Number(_)
        | serde_json::Value::Array(_)
        | serde_json::Value::Object(_)) => other.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Reply {
        #[serde(default, deserialize_with = "null_as_default")]
        results: Vec<i64>,
    }

    #[test]
    fn whole_numbers() {
        for (text, expected) in
            [("12", Some(12)), ("-3", Some(-3)), ("12.0", Some(12)), ("1e2", Some(100)), ("1.5", None), ("1e300", None)]
        {
            let found = integer(&mut serde_json::Deserializer::from_str(text)).ok();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn what_does_not_fit_is_absent() {
        for (text, expected) in [("null", None), (r#""a""#, Some("a")), ("7", None), ("[]", None)] {
            let found: Option<String> = or_absent(&mut serde_json::Deserializer::from_str(text)).unwrap();
            assert_eq!(found.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn absent_null_and_present() {
        for (text, expected) in [("{}", vec![]), (r#"{"results":null}"#, vec![]), (r#"{"results":[1,2]}"#, vec![1, 2])]
        {
            let reply: Reply = serde_json::from_str(text).unwrap();
            assert_eq!(reply.results, expected, "{text}");
        }
    }
}
