//! Commands that ask a server the same again. A credential is named by its environment variable, never written.

use crate::catalogue::Api;
use crate::judge::View;
use crate::trace::{Credential, Exchange, How, Operation, Which};

/// A body longer than this is not put on a command line.
const LONGEST_BODY: usize = 2_000;

/// The command of an exchange, after that of the creation of its session.
pub(crate) fn commands(view: &View<'_>, number: u32) -> Option<String> {
    let header = &view.trace.header;
    let exchange = view.trace.exchange(number)?;
    let session =
        exchange.request.session.as_deref().filter(|_| exchange.request.operation != Operation::CreateSession);
    let created = session.and_then(|id| view.sessions().find(|session| session.id() == id)?.created());
    let command = |exchange: &Exchange| command(header.api, &header.target, exchange);
    match created {
        None => Some(command(exchange)),
        Some(created) => Some(format!("{}\n{}", command(created.exchange), command(exchange))),
    }
}

fn command(api: Api, target: &str, exchange: &Exchange) -> String {
    let request = &exchange.request;
    let mut words = vec!["curl -sS".to_owned()];
    if request.method != "GET" {
        words.push(format!("-X {}", quoted(&request.method)));
    }
    // A service in a process has no address; whoever serves it puts its own.
    let base = if target.starts_with("http") { target.trim_end_matches('/') } else { "http://SERVER" };
    words.push(quoted(&format!("{base}{}{}", request.path, query(&request.query))));
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
