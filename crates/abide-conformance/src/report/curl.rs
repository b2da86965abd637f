//! Commands that ask a server the same again. A credential is named by its environment variable, never written.

use crate::catalogue::Api;
use crate::judge::View;
use crate::trace::{Credential, Exchange, How, Operation, Which};

/// A body longer than this is not put on a command line.
const LONGEST_BODY: usize = 2_000;

/// The variable of a shell that holds the session between two commands.
const SESSION: &str = "${SESSION}";

/// The command of an exchange. Where a session was created for it, a command that creates another one comes first, and the
/// exchange is repeated on that.
pub(crate) fn commands(view: &View<'_>, number: u32) -> Option<String> {
    let header = &view.trace.header;
    let exchange = view.trace.exchange(number)?;
    let session =
        exchange.request.session.as_deref().filter(|_| exchange.request.operation != Operation::CreateSession);
    let created = session.and_then(|id| view.sessions().find(|session| session.id() == id)?.created());
    let command = |exchange: &Exchange, session| command(header.api, &header.target, exchange, session);
    match created {
        None => Some(command(exchange, None)),
        Some(created) => Some(format!(
            "SESSION=$({} | {})\n{}",
            command(created.exchange, None),
            extraction(header.api),
            command(exchange, session)
        )),
    }
}

/// What finds the session in the answer to a creation.
fn extraction(api: Api) -> String {
    let member = match api {
        Api::Calmyx => "session_id",
        Api::Hum => "session_token",
    };
    format!(r#"sed -n 's/.*"{member}": *"\([^"]*\)".*/\1/p'"#)
}

fn command(api: Api, target: &str, exchange: &Exchange, session: Option<&str>) -> String {
    let request = &exchange.request;
    let mut words = vec!["curl -sS".to_owned()];
    if request.method != "GET" {
        words.push(format!("-X {}", quoted(&request.method)));
    }
    // A service in a process has no address; whoever serves it puts its own.
    let base = if target.starts_with("http") { target.trim_end_matches('/') } else { "http://SERVER" };
    let url = format!("{base}{}{}", request.path, query(&request.query));
    words.push(session.and_then(|id| with_session(&url, id)).unwrap_or_else(|| quoted(&url)));
    if let Some(value) = authorization(api, request.credential) {
        words.push(format!("-H \"Authorization: {value}\""));
    }
    match request.body.json() {
        None => {}
        Some(body) if body.len() > LONGEST_BODY => {
            words.push("-H 'Content-Type: application/json' -d @body.json".to_owned());
            words.push(format!("# the body of exchange {} in the trace, {} bytes", exchange.number, body.len()));
        }
        Some(body) => words.push(format!("-H 'Content-Type: application/json' -d {}", quoted(body))),
    }
    words.join(" ")
}

fn query(pairs: &[(String, String)]) -> String {
    let pair =
        |(name, value): &(String, String)| format!("{}={}", crate::wire::segment(name), crate::wire::segment(value));
    let pairs: Vec<String> = pairs.iter().map(pair).collect();
    if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
}

fn authorization(api: Api, credential: Credential) -> Option<String> {
    let [first, second] = api.variables();
    let secret = match credential.which? {
        Which::First => format!("${first}"),
        Which::Second => format!("${second}"),
        Which::Wrong => "not-a-credential".to_owned(),
    };
    Some(match credential.how {
        How::None | How::Unrecorded => return None,
        How::Bare => secret,
        How::Bearer => format!("Bearer {secret}"),
        How::Other => format!("Basic {secret}"),
    })
}

/// One word of a POSIX shell.
fn quoted(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:".contains(&byte);
    if !text.is_empty() && text.bytes().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

/// The address with the variable in the place of the session, where that is all that a shell would see in it.
fn with_session(url: &str, id: &str) -> Option<String> {
    let (before, after) = url.rsplit_once(&crate::wire::segment(id)).or_else(|| url.rsplit_once(id))?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:?=&%~".contains(&byte);
    let is_plain = !id.is_empty() && before.bytes().chain(after.bytes()).all(plain);
    is_plain.then(|| format!("\"{before}{SESSION}{after}\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_shell() {
        for (text, expected) in
            [("a-b/c.d", "a-b/c.d"), ("", "''"), ("a b", "'a b'"), ("it's", r"'it'\''s'"), ("$(x)`y`", "'$(x)`y`'")]
        {
            assert_eq!(quoted(text), expected);
        }
    }

    #[test]
    fn the_session_of_another_run() {
        for (url, id, expected) in [
            ("http://h/s?session_id=a1", "a1", Some("\"http://h/s?session_id=${SESSION}\"")),
            ("http://h/sessions/a%20b/x", "a b", Some("\"http://h/sessions/${SESSION}/x\"")),
            ("http://h/sessions/a1?q=$(x)", "a1", None),
            ("http://h/sessions/b2", "a1", None),
            ("http://h/sessions/", "", None),
        ] {
            assert_eq!(with_session(url, id).as_deref(), expected, "{url}");
        }
    }
}
