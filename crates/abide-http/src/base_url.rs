//! The address of an API: checked once, so that a credential is never sent to a place nobody meant.

use std::fmt;
use std::net::IpAddr;

use reqwest::Url;

/// The base URL of an API: a scheme and a host, perhaps a port and a path, nothing else.
///
/// `https` anywhere, `http` on loopback only: a credential must not cross a network in the clear.
///
/// ```
/// use abide_http::BaseUrl;
///
/// let base = BaseUrl::parse("https://api.example.com/").unwrap();
/// assert_eq!(base.as_str(), "https://api.example.com");
/// assert!(BaseUrl::parse("http://api.example.com").is_err());
/// assert!(BaseUrl::parse("http://127.0.0.1:8080").unwrap().is_loopback());
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct BaseUrl {
    text: String,
    /// Parsed once: reading a host's name anew costs more than the rest of a small request.
    url: Url,
    loopback: bool,
}

impl BaseUrl {
    /// Reads a base URL; a trailing slash is dropped.
    ///
    /// # Errors
    /// [`BaseUrlError`] says which rule the text breaks. It never repeats the text, which may hold a password.
    pub fn parse(text: &str) -> Result<Self, BaseUrlError> {
        let url = Url::parse(text.trim()).map_err(|_| BaseUrlError::NotAUrl)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(BaseUrlError::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(BaseUrlError::UserInfo);
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(BaseUrlError::QueryOrFragment);
        }
        let loopback = is_loopback(&url);
        if url.scheme() == "http" && !loopback {
            return Err(BaseUrlError::PlainHttp);
        }
        let text = url.as_str().trim_end_matches('/').to_owned();
        Ok(Self { text, url, loopback })
    }

    /// The address of `path`, which begins with a slash and holds neither `?` nor `#`.
    ///
    /// ```
    /// let base = abide_http::BaseUrl::parse("https://proxy.example/calmyx/").unwrap();
    /// assert_eq!(base.join("/v2/status").as_str(), "https://proxy.example/calmyx/v2/status");
    /// ```
    pub fn join(&self, path: &str) -> Url {
        let mut url = self.url.clone();
        match url.path().trim_end_matches('/') {
            "" => url.set_path(path),
            before => {
                let path = format!("{before}{path}");
                url.set_path(&path);
            }
        }
        url
    }

    /// The URL without a trailing slash.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the host is this machine (`localhost`, `127.0.0.0/8` or `[::1]`).
    pub fn is_loopback(&self) -> bool {
        self.loopback
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl fmt::Debug for BaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "BaseUrl({})", self.text)
    }
}

impl std::str::FromStr for BaseUrl {
    type Err = BaseUrlError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

/// Why a text is no usable base URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BaseUrlError {
    /// Not a URL at all.
    NotAUrl,
    /// A scheme other than `http` and `https`.
    Scheme,
    /// A user name or password before the host.
    UserInfo,
    /// A `?query` or a `#fragment`.
    QueryOrFragment,
    /// `http` to a host that is not loopback.
    PlainHttp,
}

impl fmt::Display for BaseUrlError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::NotAUrl => "not a URL; write it like https://api.example.com or http://127.0.0.1:8080",
            Self::Scheme => "the scheme must be https (or http on loopback)",
            Self::UserInfo => {
                "a user name or password does not belong in the base URL; give the credential by environment or file"
            }
            Self::QueryOrFragment => "a base URL has no ? or # part",
            Self::PlainHttp => "http would send the credential in the clear; use https (http is for loopback only)",
        })
    }
}

impl std::error::Error for BaseUrlError {}

/// Decided on the parsed host, never on the text: `127.1` and `2130706433` are loopback too, `127.0.0.1.evil.test` is not.
fn is_loopback(url: &Url) -> bool {
    let Some(host) = url.host_str() else {
        return false;
    };
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost") || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refused() {
        for (text, expected) in [
            ("", BaseUrlError::NotAUrl),
            ("api.example.com", BaseUrlError::NotAUrl),
            ("file:///etc/passwd", BaseUrlError::Scheme),
            ("ftp://example.com", BaseUrlError::Scheme),
            ("https://api.example.com@evil.test/", BaseUrlError::UserInfo),
            ("https://u:p@example.com", BaseUrlError::UserInfo),
            ("https://example.com/?a=b", BaseUrlError::QueryOrFragment),
            ("https://example.com/#a", BaseUrlError::QueryOrFragment),
            ("http://example.com", BaseUrlError::PlainHttp),
            ("http://127.0.0.1.evil.test", BaseUrlError::PlainHttp),
            ("http://10.0.0.1", BaseUrlError::PlainHttp),
        ] {
            assert_eq!(BaseUrl::parse(text), Err(expected), "{text}");
        }
    }

    #[test]
    fn accepted() {
        for (text, expected, loopback) in [
            ("https://api.calmyx.com", "https://api.calmyx.com", false),
            (" https://api.calmyx.com// ", "https://api.calmyx.com", false),
            ("https://proxy.example/calmyx/", "https://proxy.example/calmyx", false),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080", true),
            ("http://localhost:8080/", "http://localhost:8080", true),
            ("http://[::1]:1", "http://[::1]:1", true),
            ("http://127.1/", "http://127.0.0.1", true),
        ] {
            let base = BaseUrl::parse(text).unwrap();
            assert_eq!((base.as_str(), base.is_loopback()), (expected, loopback), "{text}");
            for path in ["/a", "/a/..%5Cb/%252e", "/a/\u{fc}"] {
                let parsed = Url::parse(&format!("{expected}{path}")).unwrap();
                assert_eq!(base.join(path), parsed);
            }
        }
    }
}
