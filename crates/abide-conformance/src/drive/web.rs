//! A server on the network as a target.

use std::collections::BTreeMap;
use std::error::Error;
use std::net::IpAddr;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Request};
use reqwest::Url;
use serde_json::json;

use super::target::{BoxFuture, Target};
use crate::trace::{Answer, Body, NoReply, Reply};
use crate::wire;

/// How long a whole reply may take.
pub(crate) const REPLY_TIMEOUT: Duration = Duration::from_secs(10);
/// The most bytes of a reply that are read: 500 results need about 100 KiB.
pub(crate) const BODY_LIMIT: usize = 16 * 1024 * 1024;
/// Connections that idle for longer are not used again: a server may be closing them at that very moment.
const IDLE: Duration = Duration::from_secs(1);

/// Why a server cannot be driven.
#[derive(Debug, thiserror::Error)]
pub enum WebError {
    /// The address is none.
    #[error("`{url}` is no http:// or https:// address of a server")]
    Address {
        /// What was given, without what may be secret in it.
        url: String,
    },
    /// The address holds a password.
    #[error("the address must not hold a user name or a password")]
    Secret,
    /// Nobody said that the server may be tried.
    #[error(
        "{host} is not this machine, and judging sends it hundreds of calls, wrong ones among them; \
         if it is yours, say so with --yes-this-host-is-mine"
    )]
    NotAllowed {
        /// The host.
        host: String,
    },
    /// No connection can be made from here at all.
    #[error("no HTTP client could be set up")]
    Client(#[source] reqwest::Error),
}

/// A server on the network.
#[derive(Clone, Debug)]
pub struct WebTarget {
    base: Url,
    client: reqwest::Client,
}

impl WebTarget {
    /// A server at an address. One that is not on this machine needs permission: judging is no ordinary use.
    ///
    /// # Errors
    /// [`WebError`] when the address is none, or names another machine and `is_permitted` is false.
    pub fn new(base_url: &str, is_permitted: bool) -> Result<Self, WebError> {
        let base = address(base_url)?;
        if !is_loopback(&base) && !is_permitted {
            return Err(WebError::NotAllowed { host: base.host_str().unwrap_or_default().to_owned() });
        }
        let client = client(&base)?;
        Ok(Self { base, client })
    }

    /// Whether the server is on this machine.
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.base)
    }
}

impl Target for WebTarget {
    fn send(&mut self, request: Request<Bytes>) -> BoxFuture<'_, Reply> {
        Box::pin(async move {
            let path = request.uri().path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
            let url = format!("{}{path}", self.base.as_str().trim_end_matches('/'));
            let (head, body) = request.into_parts();
            let sending = self.client.request(head.method, url).headers(head.headers).body(body).send();
            match sending.await {
                Err(error) => no_reply(&error),
                Ok(response) => answer(response).await,
            }
        })
    }

    fn name(&self) -> String {
        self.base.as_str().trim_end_matches('/').to_owned()
    }
}

/// Moves the clock of a server: `POST URL` with `{"seconds": N}`, where any 2xx means done.
#[derive(Clone, Debug)]
pub struct ClockHook {
    url: Url,
    client: reqwest::Client,
}

impl ClockHook {
    /// A hook at an address.
    ///
    /// # Errors
    /// [`WebError`] when the address is none, or names another machine and `is_permitted` is false.
    pub fn new(url: &str, is_permitted: bool) -> Result<Self, WebError> {
        let url = address(url)?;
        if !is_loopback(&url) && !is_permitted {
            return Err(WebError::NotAllowed { host: url.host_str().unwrap_or_default().to_owned() });
        }
        let client = client(&url)?;
        Ok(Self { url, client })
    }

    pub(crate) async fn advance(&self, by: Duration) -> Result<(), Stuck> {
        let seconds = if by.subsec_nanos() == 0 { json!(by.as_secs()) } else { json!(by.as_secs_f64()) };
        let sent = self.client.post(self.url.clone()).json(&json!({ "seconds": seconds })).send().await;
        match sent {
            Ok(response) if response.status().is_success() => Ok(()),
            Ok(response) => Err(Stuck {
                why: format!("the hook {} answers {}", self.url, response.status().as_u16()),
                may_have_moved: !response.status().is_client_error(),
            }),
            Err(error) => Err(Stuck {
                why: format!("the hook {}: {}", self.url, innermost(&error)),
                may_have_moved: !error.is_connect(),
            }),
        }
    }
}

/// A clock that was not seen to move.
#[derive(Debug)]
pub(crate) struct Stuck {
    pub(crate) why: String,
    /// Whether it may have moved all the same: the request was sent, and nothing said that it was refused.
    pub(crate) may_have_moved: bool,
}

fn address(text: &str) -> Result<Url, WebError> {
    let wrong = || WebError::Address { url: crate::report::safe(text.split('@').next_back().unwrap_or_default()) };
    let url = Url::parse(text.trim()).map_err(|_| wrong())?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
        return Err(wrong());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(WebError::Secret);
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(wrong());
    }
    Ok(url)
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn client(url: &Url) -> Result<reqwest::Client, WebError> {
    let mut builder = reqwest::Client::builder()
        .user_agent(concat!("abide-conformance/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .retry(reqwest::retry::never())
        .timeout(REPLY_TIMEOUT)
        .pool_idle_timeout(IDLE);
    if is_loopback(url) {
        builder = builder.no_proxy();
    }
    builder.build().map_err(WebError::Client)
}

fn no_reply(error: &reqwest::Error) -> Reply {
    let detail = innermost(error);
    let why = if error.is_connect() {
        NoReply::Unreachable
    } else if error.is_timeout() {
        NoReply::Timeout
    } else if ["invalid", "unexpected message"].iter().any(|sign| detail.contains(sign)) {
        // What came before or instead of a status line; the library tells it in words only.
        NoReply::Malformed
    } else {
        NoReply::Reset
    };
    Reply::None { why, detail }
}

async fn answer(mut response: reqwest::Response) -> Reply {
    let (status, headers) = (response.status().as_u16(), reply_headers(response.headers()));
    let mut bytes = Vec::new();
    let body = loop {
        match response.chunk().await {
            Ok(Some(chunk)) if bytes.len() + chunk.len() > BODY_LIMIT => {
                break Body::TooLarge { limit: BODY_LIMIT as u64 };
            }
            Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
            Ok(None) => break wire::body(&bytes),
            Err(error) if error.is_timeout() => break Body::Timeout { received: bytes.len() as u64 },
            Err(_) => break Body::Truncated { received: bytes.len() as u64 },
        }
    };
    Reply::Answer(Answer { status, headers, body })
}

/// The headers that a verdict may need, in lower case.
pub(crate) fn reply_headers(headers: &HeaderMap) -> BTreeMap<String, String> {
    let known = wire::REPLY_HEADERS.iter().filter_map(|name| {
        let value = headers.get(*name)?;
        Some(((*name).to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
    });
    known.collect()
}

fn innermost(error: &dyn Error) -> String {
    let mut innermost = error;
    while let Some(cause) = innermost.source() {
        innermost = cause;
    }
    innermost.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for (text, permitted, expected) in [
            ("http://127.0.0.1:8080", false, ""),
            ("http://[::1]:8080/base", false, ""),
            ("http://LOCALHOST", false, ""),
            ("https://api.calmyx.com", true, ""),
            ("https://api.calmyx.com", false, "api.calmyx.com is not this machine"),
            ("http://127.0.0.1.example.com", false, "is not this machine"),
            ("http://key@127.0.0.1", false, "must not hold a user name"),
            ("ftp://127.0.0.1", false, "is no http:// or https://"),
            ("127.0.0.1:8080", false, "is no http:// or https://"),
            ("http://127.0.0.1/?key=x", false, "is no http:// or https://"),
        ] {
            let found = WebTarget::new(text, permitted).map_or_else(|error| error.to_string(), |_| String::new());
            assert!(found.contains(expected) && found.is_empty() == expected.is_empty(), "{text}: {found}");
        }
    }
}
