//! The report as one page that needs nothing else: no script, no font, no image from elsewhere.

mod escape;
mod timeline;

use super::{Finding, Report, RequirementVerdict, Verdict, Whole};
use crate::catalogue::Requirement;
use crate::trace::Trace;
use escape::escaped;

const STYLE: &str = include_str!("page.css");

/// `report.html`: the verdict, each requirement with its source and proof, and pictures of time. Whatever a server wrote is
/// escaped.
pub fn html(report: &Report, trace: &Trace) -> String {
    let subject = report.subject.name();
    let title = format!("{} {subject}: {}", report.api.title(), verdict_words(report.verdict));
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n",
        escaped(&title)
    );
    out.push_str(&head(report, subject, trace));
    for verdict in [Verdict::Failed, Verdict::Warned, Verdict::Inconclusive, Verdict::NotExercised, Verdict::Passed] {
        out.push_str(&section(report, verdict));
    }
    out.push_str(&timeline::section(report, trace));
    out.push_str("</body>\n</html>\n");
    out
}

fn head(report: &Report, subject: &str, trace: &Trace) -> String {
    let counts = [Verdict::Passed, Verdict::Failed, Verdict::Warned, Verdict::Inconclusive, Verdict::NotExercised]
        .map(|verdict| {
            let count = report.with(verdict).count();
            format!("<li class=\"{0}\"><b>{count}</b> {0}</li>", verdict.name())
        })
        .concat();
    let problem = report.problem.as_deref().map(|problem| format!("<p class=\"problem\">{}</p>", escaped(problem)));
    format!(
        "<header class=\"{}\">\n<p>{} {subject} <code>{}</code></p>\n<h1>{}</h1>\n{}<ul class=\"counts\">{counts}</ul>\n\
         <p class=\"facts\">clock {} · seed {}{} · {} exchanges · started {} · {}</p>\n</header>\n",
        report.verdict.name(),
        report.api.title(),
        escaped(&report.target),
        verdict_words(report.verdict),
        problem.unwrap_or_default(),
        report.clock.name(),
        report.seed,
        if report.strict { " · strict" } else { "" },
        trace.exchanges.len(),
        escaped(&trace.header.started),
        escaped(&trace.header.driver),
    )
}

const fn verdict_words(verdict: Whole) -> &'static str {
    match verdict {
        Whole::Conformant => "conformant",
        Whole::NotConformant => "not conformant",
        Whole::Incomplete => "incomplete",
        Whole::NotJudged => "not judged",
    }
}

fn section(report: &Report, verdict: Verdict) -> String {
    let rows: Vec<String> =
        report.with(verdict).filter_map(|row| Some(requirement(row, row.requirement(report.api)?))).collect();
    if rows.is_empty() {
        return String::new();
    }
    format!("<section class=\"{0}\">\n<h2>{0}</h2>\n{1}</section>\n", verdict.name(), rows.concat())
}

fn requirement(row: &RequirementVerdict, requirement: &Requirement) -> String {
    let open = if matches!(row.verdict, Verdict::Failed | Verdict::Warned) { " open" } else { "" };
    let when = requirement.when.map(|when| format!("<i>when {}:</i> ", escaped(when))).unwrap_or_default();
    let ambiguity = requirement.ambiguity.map(|id| format!(" · decided in {}", escaped(id))).unwrap_or_default();
    let reason = row.reason.as_deref().map(|reason| format!("<p>{}</p>", escaped(reason))).unwrap_or_default();
    let judged = if row.judged > 0 { format!(" · seen {} times", row.judged) } else { String::new() };
    format!(
        "<details{open}>\n<summary><b>{}</b> <span>{} · {}</span></summary>\n<p class=\"says\">{when}{}</p>\n\
         <p class=\"facts\">{}{ambiguity} · <code>{}</code>{judged}</p>\n{reason}{}</details>\n",
        escaped(&row.id),
        row.level,
        row.kind,
        escaped(requirement.says),
        escaped(&requirement.source()),
        escaped(requirement.at),
        row.findings.iter().map(finding).collect::<String>()
    )
}

fn finding(finding: &Finding) -> String {
    let curl = finding.curl.as_deref().map(|curl| format!("<pre>{}</pre>", escaped(curl))).unwrap_or_default();
    format!(
        "<div class=\"finding\">\n<dl><dt>expected</dt><dd>{}</dd><dt>found</dt><dd>{}</dd></dl>\n\
         <p class=\"facts\">{}</p>\n{curl}</div>\n",
        escaped(&finding.expected),
        escaped(&finding.found),
        escaped(&finding.place())
    )
}
