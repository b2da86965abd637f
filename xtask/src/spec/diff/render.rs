//! The report: for people as text, for programs as JSON.

use anyhow::Result;
use serde::Serialize;
use serde_json::Value;

use super::change::{Audience, Change, Severity};
use super::{POLICY, rules};
use crate::document::Document;

/// Longer values are cut in the text.
const WIDEST_VALUE: usize = 100;

const SEVERITIES: [(Severity, &str); 3] =
    [(Severity::Breaking, "Breaking"), (Severity::Risky, "Risky"), (Severity::Harmless, "Harmless")];

/// The report for people, grouped by severity.
pub fn text(old: &Document, new: &Document, changes: &[Change]) -> String {
    let mut text = format!("{} → {}\n", old.path, new.path);
    for (severity, heading) in SEVERITIES {
        let group: Vec<&Change> = changes.iter().filter(|change| change.rule.severity == severity).collect();
        if !group.is_empty() {
            text.push_str(&format!("\n{heading} ({})\n", group.len()));
        }
        for Change { rule, at, from, to } in group {
            text.push_str(&format!(
                "\n  {}, for {}\n    at    {}\n    from  {}\n    to    {}\n    why   {}\n",
                rule.id,
                audience(rule.audience),
                at.escape_debug(),
                value(from),
                value(to),
                rule.why
            ));
        }
    }
    let [breaking, risky, harmless] = counts(changes);
    match changes {
        [] => text.push_str("\nNothing that a client or a server could notice.\n"),
        _ => text.push_str(&format!("\n{breaking} breaking, {risky} risky, {harmless} harmless\n")),
    }
    text
}

/// The report for programs.
pub fn json(old: &Document, new: &Document, changes: &[Change]) -> Result<String> {
    let [breaking, risky, harmless] = counts(changes);
    let changes = changes.iter().map(|Change { rule, at, from, to }| ChangeReport {
        rule: rule.id,
        severity: rule.severity,
        audience: rule.audience,
        at,
        from,
        to,
        why: rule.why,
    });
    let report = Report {
        format: "abide-spec-diff/1",
        old: &old.path,
        new: &new.path,
        changes: changes.collect(),
        breaking,
        risky,
        harmless,
    };
    Ok(serde_json::to_string_pretty(&report)? + "\n")
}

/// By what the rules judge, and every rule in one line each.
pub fn rules() -> String {
    let line = |(severity, heading): (Severity, &str)| {
        let group = rules::ALL.iter().filter(|rule| rule.severity == severity);
        let lines: String =
            group.map(|rule| format!("  {}, for {}: {}\n", rule.id, audience(rule.audience), rule.why)).collect();
        format!("{heading}\n{lines}")
    };
    format!("{POLICY}\n\n{}", SEVERITIES.map(line).join("\n"))
}

#[derive(Serialize)]
struct Report<'a> {
    format: &'static str,
    old: &'a str,
    new: &'a str,
    changes: Vec<ChangeReport<'a>>,
    breaking: usize,
    risky: usize,
    harmless: usize,
}

#[derive(Serialize)]
struct ChangeReport<'a> {
    rule: &'static str,
    severity: Severity,
    #[serde(rename = "for")]
    audience: Audience,
    at: &'a str,
    from: &'a Value,
    to: &'a Value,
    why: &'static str,
}

fn counts(changes: &[Change]) -> [usize; 3] {
    SEVERITIES.map(|(severity, _)| changes.iter().filter(|change| change.rule.severity == severity).count())
}

fn audience(audience: Audience) -> &'static str {
    match audience {
        Audience::Client => "clients",
        Audience::Server => "servers",
        Audience::Both => "clients and servers",
    }
}

/// A value in one line: texts bare, everything else as JSON.
fn value(value: &Value) -> String {
    let text = match value.as_str() {
        Some(text) => text.escape_debug().to_string(),
        None if value.is_null() => "nothing".to_owned(),
        None => value.to_string(),
    };
    match text.char_indices().nth(WIDEST_VALUE) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or(&text)),
        None => text,
    }
}
