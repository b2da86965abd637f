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
    fn absent_null_and_present() {
        for (text, expected) in [("{}", vec![]), (r#"{"results":null}"#, vec![]), (r#"{"results":[1,2]}"#, vec![1, 2])]
        {
            let reply: Reply = serde_json::from_str(text).unwrap();
            assert_eq!(reply.results, expected, "{text}");
        }
    }
}
