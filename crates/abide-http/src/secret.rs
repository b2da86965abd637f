//! Secrets that arrive inside a body, such as a provider's security token.

use std::fmt;

use abide_decode::{Decode, NoLayout, Reader};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A text from a reply that must not be printed. `Debug` hides it; [`Secret::expose`] is the one way to read it.
///
/// Serialising writes the text: whoever stores a reply stores all of it.
#[derive(Clone, Default)]
pub struct Secret(SecretString);

impl Secret {
    /// The text itself.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(redacted)")
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(SecretString::from(text))
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.expose())
    }
}

impl Decode for Secret {
    type Layout = NoLayout;

    fn decode(reader: &mut Reader<'_>, (): &mut NoLayout) -> Option<Self> {
        Some(Self(SecretString::from(reader.text()?.into_owned())))
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(SecretString::from(String::deserialize(deserializer)?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_but_kept() {
        let secret: Secret = serde_json::from_str("\"tok-9\"").unwrap();
        assert_eq!(format!("{secret:?}"), "Secret(redacted)");
        assert_eq!(serde_json::to_string(&secret).unwrap(), "\"tok-9\"");
    }
}
