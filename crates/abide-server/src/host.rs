//! Which host a request may be for: the guard against DNS rebinding.
//!
//! A page on the Internet can have its own name resolve to 127.0.0.1, and then a browser lets it read what a server
//! there answers. Its requests still carry its name, and that gives it away. A server that other machines may reach
//! has names that it cannot know, and takes every one.

use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, Uri, header, uri::Authority};

/// The hosts that requests may name.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Hosts {
    Any,
    /// The names of loopback, and the address that is listened on. The port does not matter.
    Loopback(IpAddr),
}

impl Hosts {
    pub(crate) fn of(listen: SocketAddr) -> Self {
        if listen.ip().is_loopback() { Self::Loopback(listen.ip()) } else { Self::Any }
    }

    /// Whether the request names such a host, in its target where that is a whole URL and in `Host`.
    ///
    /// A request that names none comes from no browser.
    pub(crate) fn admit(self, target: &Uri, headers: &HeaderMap) -> bool {
        let Self::Loopback(listen) = self else { return true };
        let named = target.authority().map(Authority::as_str).into_iter().map(Some);
        let mut hosts = named.chain(headers.get_all(header::HOST).iter().map(|host| host.to_str().ok()));
        hosts.all(|host| host.is_some_and(|host| is_local(host, listen)))
    }
}

fn is_local(host: &str, listen: IpAddr) -> bool {
    let Some(name) = without_port(host) else { return false };
    let literal = name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(name);
    name.eq_ignore_ascii_case("localhost")
        || ["127.0.0.1", "[::1]"].contains(&name)
        || literal.parse::<IpAddr>().is_ok_and(|address| address == listen)
}

/// The host before its port, which may be missing.
fn without_port(host: &str) -> Option<&str> {
    let end_of_literal = host.rfind(']').map_or(0, |end| end + 1);
    let (literal, rest) = host.split_at_checked(end_of_literal)?;
    let Some((name, port)) = rest.split_once(':') else { return Some(host) };
    if !port.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    host.get(..literal.len() + name.len())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[track_caller]
    fn check(listen: &str, host: &str, expected: bool) {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_str(host).unwrap());
        let found = Hosts::of(listen.parse().unwrap()).admit(&Uri::from_static("/sessions"), &headers);
        assert_eq!(found, expected, "{host:?} on {listen}");
    }

    #[test]
    fn names_of_loopback() {
        for host in ["localhost", "LocalHost:80", "127.0.0.1", "127.0.0.1:65535", "[::1]", "[::1]:8080", "127.0.0.1:"] {
            check("127.0.0.1:8080", host, true);
        }
        for host in [
            "",
            ":8080",
            "example.com",
            "example.com:8080",
            "localhost.example.com",
            "localhost.",
            "127.0.0.1.example.com",
            "127.0.0.1@example.com",
            "example.com@127.0.0.1",
            "127.0.0.1:80:80",
            "127.0.0.1:x",
            "[::1]x",
            "[::1",
            "::1]",
            "[::2]",
            "127.1",
            "2130706433",
            "0.0.0.0",
            "127.0.0.2",
            "10.0.0.1",
            "localhost, example.com",
            "local\u{e9}",
        ] {
            check("127.0.0.1:8080", host, false);
        }
    }

    #[test]
    fn the_address_itself() {
        check("127.0.0.2:8080", "127.0.0.2:8080", true);
        check("[::1]:8080", "[0:0:0:0:0:0:0:1]:8080", true);
        for host in ["example.com", "10.0.0.1"] {
            check("0.0.0.0:8080", host, true);
        }
    }

    #[test]
    fn every_place_that_names_a_host_counts() {
        let hosts = Hosts::of(([127, 0, 0, 1], 80).into());
        let mut headers = HeaderMap::new();
        assert!(hosts.admit(&Uri::from_static("/"), &headers), "none is named");
        assert!(!hosts.admit(&Uri::from_static("http://example.com/"), &headers));
        headers.append(header::HOST, HeaderValue::from_static("localhost"));
        assert!(hosts.admit(&Uri::from_static("http://127.0.0.1:80/"), &headers));
        assert!(!hosts.admit(&Uri::from_static("http://example.com/"), &headers));
        headers.append(header::HOST, HeaderValue::from_static("example.com"));
        assert!(!hosts.admit(&Uri::from_static("/"), &headers), "the second one too");
    }
}
