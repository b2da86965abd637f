//! Commands that ask a server the same again. A credential is named by its environment variable, never written.

use crate::catalogue::Api;
use crate::judge::{Call, View};
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
    let mut lines = Vec::new();
    match created {
        None => lines.extend([note(exchange), Some(command(exchange, None))]),
        Some(Call { exchange: created, .. }) => lines.extend([
            note(created),
            Some(format!("SESSION=$({} | {})", command(created, None), extraction(header.api))),
            note(exchange),
            Some(command(exchange, session)),
        ]),
    }
    Some(lines.into_iter().flatten().collect::<Vec<_>>().join("\n"))
}

/// Where the body is to be had that is too long for a command line. A line of its own: a shell takes the rest of a line for
/// a part of the comment, and so the end of a substitution too.
fn note(exchange: &Exchange) -> Option<String> {
    let length = exchange.request.body.json()?.len();
    let number = exchange.number;
    (length > LONGEST_BODY)
        .then(|| format!("# {}: the body of exchange {number} in the trace, {length} bytes", file_of(exchange)))
}

fn file_of(exchange: &Exchange) -> String {
    format!("body-{}.json", exchange.number)
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
            words.push(format!("-H 'Content-Type: application/json' -d @{}", file_of(exchange)));
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
    use std::collections::BTreeMap;

    use super::*;
    use crate::trace::{Answer, Body, Header, Reply, Request, Source, Subject, Trace};

    fn exchange(number: u32, operation: Operation, length: usize) -> Exchange {
        let is_creation = operation == Operation::CreateSession;
        let path = if is_creation { "/sessions" } else { "/sessions/t" };
        let request = Request {
            operation,
            method: if is_creation { "POST" } else { "GET" }.to_owned(),
            path: path.to_owned(),
            credential: Credential::new(How::Bearer, Which::First),
            session: (!is_creation).then(|| "t".to_owned()),
            body: if is_creation { Body::Json(format!("\"{}\"", "it's ".repeat(length / 5))) } else { Body::Empty },
            ..Request::default()
        };
        let body = Body::Json(r#"{"meta": {"session_token": "t"}}"#.to_owned());
        let reply = Reply::Answer(Answer { status: 201, headers: BTreeMap::new(), body });
        Exchange { number, case: String::new(), sent: 0, received: 0, request, reply }
    }

    #[test]
    #[cfg(unix)]
    fn a_shell_takes_every_command() {
        for (length, lines) in [(50, [1, 2]), (5_000, [2, 3])] {
            let mut trace = Trace::new(Header::new(Api::Hum, Subject::Server, Source::Driven, "http://h"));
            trace.exchanges =
                vec![exchange(1, Operation::CreateSession, length), exchange(2, Operation::GetSession, 0)];
            for (number, lines) in (1..).zip(lines) {
                let commands = commands(&View::new(&trace), number).unwrap();
                assert_eq!(commands.lines().count(), lines, "{commands}");
                let taken = std::process::Command::new("sh").args(["-n", "-c", &commands]).output().unwrap();
                assert!(taken.status.success(), "{commands}\n{}", String::from_utf8_lossy(&taken.stderr));
            }
        }
    }

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
