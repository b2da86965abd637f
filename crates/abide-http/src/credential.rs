//! A credential and how it goes into the `Authorization` header.

use std::fmt;

use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};

/// How a credential is written into `Authorization`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// The key alone, no scheme word before it.
    Bare,
    /// `Bearer` and the token.
    Bearer,
}

/// An API key or token. Its text shows in no `Debug` output, no error and no log, and is wiped from memory when dropped.
///
/// ```
/// let credential = abide_http::Credential::new(" key-123 \n").unwrap();
/// assert_eq!(format!("{credential:?}"), "Credential(redacted)");
/// ```
#[derive(Clone)]
pub struct Credential(SecretString);

impl Credential {
    /// Takes a credential; white space around it (the newline at the end of a file) is dropped.
    ///
    /// # Errors
    /// [`CredentialError`] when nothing is left, or when a character cannot stand in a header.
    pub fn new(text: impl Into<String>) -> Result<Self, CredentialError> {
        let text = text.into();
        let trimmed = text.trim();
        if trimmed.is_empty() {
            return Err(CredentialError::Empty);
        }
        if !trimmed.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(CredentialError::NotPrintable);
        }
        Ok(Self(SecretString::from(trimmed)))
    }

    /// The header value, marked sensitive. `None` cannot happen for a credential that [`Credential::new`] accepted.
    pub(crate) fn header(&self, scheme: Scheme) -> Option<HeaderValue> {
        let secret = self.0.expose_secret();
        let value = match scheme {
            Scheme::Bare => HeaderValue::from_str(secret),
            Scheme::Bearer => HeaderValue::from_str(&format!("Bearer {secret}")),
        };
        value.ok().map(|mut value| {
            value.set_sensitive(true);
            value
        })
    }

    /// Whether the credential's text occurs in `text`: such a text must not be shown.
    pub(crate) fn occurs_in(&self, text: &str) -> bool {
        text.contains(self.0.expose_secret())
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Credential(redacted)")
    }
}

/// Why a text is no usable credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CredentialError {
    /// Nothing but white space.
    Empty,
    /// A space, a control character or a letter outside ASCII inside it.
    NotPrintable,
}

impl fmt::Display for CredentialError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Empty => "the credential is empty",
            Self::NotPrintable => "the credential holds a space or a character that cannot stand in a header",
        })
    }
}

impl std::error::Error for CredentialError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers() {
        let credential = Credential::new("key-123\r\n").unwrap();
        for (scheme, expected) in [(Scheme::Bare, "key-123"), (Scheme::Bearer, "Bearer key-123")] {
            let header = credential.header(scheme).unwrap();
            assert_eq!(header, expected);
            assert!(!format!("{header:?}").contains("key-123"), "sensitive");
        }
    }

    #[test]
    fn refused() {
        for (text, expected) in [
            ("", CredentialError::Empty),
            (" \n", CredentialError::Empty),
            ("two words", CredentialError::NotPrintable),
            ("a\r\nHost: evil", CredentialError::NotPrintable),
            ("schlüssel", CredentialError::NotPrintable),
        ] {
            assert_eq!(Credential::new(text).err(), Some(expected), "{text:?}");
        }
    }
}
