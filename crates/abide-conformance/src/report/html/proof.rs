//! What was found, with its proof: what was expected, what came, the exchange itself, and how to ask the same again.

use serde_json::Value;

use super::axis::seconds;
use super::budget::Budget;
use super::escape::{escaped, prose, shortened};
use super::runs::Drawn;
use crate::judge::View;
use crate::report::Finding;
use crate::trace::{Body, Exchange, How, Reply, Request, Subject, Which};

/// An expectation, or what came instead, is cut to so many characters.
const LONGEST_SENTENCE: usize = 700;
/// A name is cut to so many characters.
const LONGEST_NAME: usize = 200;
/// A body is cut to so many characters.
const LONGEST_BODY: usize = 1_500;
/// A command is cut to so many characters: two calls with bodies fit.
const LONGEST_COMMAND: usize = 5_000;

/// What the proofs are made of.
pub(super) struct Proofs<'a, 't> {
    pub(super) view: &'a View<'t>,
    pub(super) drawn: &'a Drawn,
    pub(super) budget: Budget,
}

/// What was found about one requirement: the clearest finding in full, the others folded away.
pub(super) fn findings(proofs: &mut Proofs<'_, '_>, findings: &[Finding]) -> String {
    let Some((first, others)) = findings.split_first() else { return String::new() };
    let first = finding(proofs, first, true);
    if others.is_empty() {
        return first;
    }
    let count = others.len();
    let others: String = others.iter().map(|other| finding(proofs, other, false)).collect();
    format!("{first}<details class=\"more\">\n<summary>{count} more like it</summary>\n{others}</details>\n")
}

fn finding(proofs: &mut Proofs<'_, '_>, finding: &Finding, is_first: bool) -> String {
    let proof = exchange(proofs, finding, is_first) + &command(finding, is_first);
    let left_out = "<p class=\"place\">Exchange and command are left out to keep this page small; report.json and trace.ndjson \
                    have them.</p>\n";
    let proof = proofs.budget.spend(proof).unwrap_or_else(|| left_out.to_owned());
    format!(
        "<div class=\"finding\">\n<dl>\n<dt>Expected</dt><dd>{}</dd>\n<dt>Found</dt><dd>{}</dd>\n</dl>\n\
         <p class=\"place\">{}</p>\n{proof}</div>\n",
        prose(&finding.expected, LONGEST_SENTENCE),
        prose(&finding.found, LONGEST_SENTENCE),
        place(proofs, finding)
    )
}

/// Which exchange it was, when, and how often it was seen.
fn place(proofs: &Proofs<'_, '_>, finding: &Finding) -> String {
    let scenario = finding.scenario.as_deref().map(|name| format!(" of scenario {name}")).unwrap_or_default();
    let name = shortened(&format!("exchange {}{scenario}", finding.exchange), LONGEST_NAME);
    let mut words = match proofs.drawn.place(finding.exchange) {
        Some(anchor) => format!("In <a href=\"#{anchor}\">{name}</a>"),
        None => format!("In {name}"),
    };
    if let Some(exchange) = proofs.view.trace.exchange(finding.exchange) {
        let start = proofs.drawn.start(finding.exchange).unwrap_or(0);
        words.push_str(&format!(", {:.3} s after its run began", seconds(exchange.sent.saturating_sub(start))));
    }
    if let Some(seen) = finding.seen.as_deref() {
        words.push_str(&format!("; seen in {} runs made for it", shortened(seen, LONGEST_NAME)));
    }
    words + "."
}

/// The exchange itself; that of a client tells less than its picture.
fn exchange(proofs: &Proofs<'_, '_>, finding: &Finding, is_first: bool) -> String {
    let Some(exchange) = proofs.view.trace.exchange(finding.exchange) else { return String::new() };
    let is_open = is_first && proofs.view.trace.header.subject != Subject::Client;
    let open = if is_open { " open=\"open\"" } else { "" };
    format!(
        "<details class=\"exchange\"{open}>\n<summary>Exchange {}</summary>\n<pre tabindex=\"0\"><code>{}\n\n{}</code></pre>\n\
         </details>\n",
        exchange.number,
        asked(&exchange.request),
        answered(exchange)
    )
}

fn asked(request: &Request) -> String {
    let pairs: Vec<String> = request.query.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let query = if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) };
    let mut lines = vec![shortened(&format!("{} {}{query}", request.method, request.path), 500)];
    let credential = request.credential;
    let whose = match credential.which {
        Some(Which::First) => "the first credential",
        Some(Which::Second) => "the second credential",
        Some(Which::Wrong) => "a wrong credential",
        None => "something",
    };
    lines.push(match credential.how {
        How::None => "Authorization: none was sent".to_owned(),
        How::Unrecorded => "Authorization: not recorded".to_owned(),
        How::Bare => format!("Authorization: {whose}, without a scheme"),
        How::Bearer => format!("Authorization: Bearer, with {whose}"),
        How::Other => format!("Authorization: {whose}, with another scheme"),
    });
    lines.extend(request.headers.iter().map(|(name, value)| shortened(&format!("{name}: {value}"), 200)));
    lines.extend(body(&request.body));
    lines.join("\n")
}

fn answered(exchange: &Exchange) -> String {
    match &exchange.reply {
        Reply::None { why, detail } => {
            let detail = if detail.is_empty() { String::new() } else { format!(" ({detail})") };
            shortened(&format!("No answer: the server {}{detail}", why.describe()), LONGEST_SENTENCE)
        }
        Reply::Answer(answer) => {
            let mut lines = vec![format!("→ {}", answer.status)];
            lines.extend(answer.headers.iter().map(|(name, value)| shortened(&format!("{name}: {value}"), 200)));
            lines.extend(body(&answer.body));
            lines.join("\n")
        }
    }
}

/// A body, laid out, and cut with a word on its length.
fn body(body: &Body) -> Option<String> {
    let text = match body {
        Body::Empty => return None,
        Body::Json(text) => laid_out(text),
        Body::SameAs(_)
        | Body::NotJson { .. }
        | Body::Truncated { .. }
        | Body::Timeout { .. }
        | Body::TooLarge { .. }
        | Body::Digest { .. } => format!("({})", body.describe()),
    };
    let count = text.chars().count();
    Some(if count > LONGEST_BODY {
        format!("{}\n[{} more characters are in trace.ndjson]", shortened(&text, LONGEST_BODY), count - LONGEST_BODY)
    } else {
        escaped(&text)
    })
}

/// Short JSON with a member a line; what is long, or no JSON to us, as it came.
fn laid_out(text: &str) -> String {
    let value = (text.len() <= LONGEST_BODY * 4).then(|| serde_json::from_str::<Value>(text).ok()).flatten();
    value.and_then(|value| serde_json::to_string_pretty(&value).ok()).unwrap_or_else(|| text.to_owned())
}

fn command(finding: &Finding, is_first: bool) -> String {
    let Some(curl) = finding.curl.as_deref() else { return String::new() };
    let pre = format!("<pre tabindex=\"0\"><code>{}</code></pre>", shortened(curl, LONGEST_COMMAND));
    if is_first {
        format!("<div class=\"command\"><p class=\"place\">The call, on a session of its own:</p>\n{pre}</div>\n")
    } else {
        format!(
            "<details class=\"exchange\">\n<summary>The call, on a session of its own</summary>\n<div class=\"command\">{pre}</div>\n</details>\n"
        )
    }
}
