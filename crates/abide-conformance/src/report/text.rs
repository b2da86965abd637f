//! The report for a terminal.

use super::{Finding, Report, RequirementVerdict, Verdict, safe, safe_lines};
use crate::trace::Subject;

/// Bytes of a command line that are shown; the whole is in the other reports.
const LONGEST_COMMAND: usize = 300;

/// The verdict, with what is wrong and what was not judged. What a server wrote is shown without anything that a terminal
/// would obey.
pub fn text(report: &Report) -> String {
    let mut out = format!(
        "{} {} {}: {}\n",
        report.api.title(),
        report.subject.name(),
        safe(&report.target),
        report.verdict.name().replace('-', " ").to_uppercase()
    );
    if let Some(problem) = &report.problem {
        out.push_str(&format!("{}\n", safe(problem)));
    }
    if report.verdict == super::Whole::NotJudged {
        return out;
    }
    for verdict in [Verdict::Failed, Verdict::Warned] {
        for row in report.with(verdict) {
            broken(&mut out, report, row);
        }
    }
    open(&mut out, report);
    out.push_str(&format!("\n{}\n", counts(report)));
    out
}

fn broken(out: &mut String, report: &Report, row: &RequirementVerdict) {
    out.push_str(&format!("\n{} {}  {} {}\n", mark(row.verdict), row.id, row.level, row.kind));
    if let Some(requirement) = row.requirement(report.api) {
        let when = requirement.when.map(|when| format!("when {when}: ")).unwrap_or_default();
        out.push_str(&format!("  {when}{}\n  source: {}\n", requirement.says, requirement.source()));
    }
    let mut findings = row.findings.iter();
    if let Some(first) = findings.next() {
        finding(out, report, first);
    }
    let more = findings.len();
    if more > 0 {
        out.push_str(&format!("  and {more} more in the report\n"));
    }
}

fn finding(out: &mut String, report: &Report, finding: &Finding) {
    out.push_str(&format!("  expected: {}\n  found:    {}\n", safe(&finding.expected), safe(&finding.found)));
    out.push_str(&format!("  {}{}\n", safe(&finding.place()), seed(report)));
    for line in safe_lines(finding.curl.as_deref().unwrap_or_default()) {
        let cut = line.char_indices().nth(LONGEST_COMMAND).map(|(end, _)| end);
        match cut {
            None => out.push_str(&format!("    {line}\n")),
            Some(end) => out.push_str(&format!("    {}…\n", line.get(..end).unwrap_or_default())),
        }
    }
}

/// The seed, where anything was random.
fn seed(report: &Report) -> String {
    match report.subject {
        Subject::Server => format!(", seed {}", report.seed),
        Subject::Client | Subject::Both => String::new(),
    }
}

fn open(out: &mut String, report: &Report) {
    let rows: Vec<_> =
        [Verdict::Inconclusive, Verdict::NotExercised].into_iter().flat_map(|verdict| report.with(verdict)).collect();
    if rows.is_empty() {
        return;
    }
    out.push_str("\nNot judged:\n");
    for row in rows {
        let reason = row.reason.as_deref().unwrap_or_default();
        out.push_str(&format!("  {} {}  {}: {}\n", mark(row.verdict), row.id, row.verdict.name(), safe(reason)));
    }
}

fn counts(report: &Report) -> String {
    let all = [Verdict::Passed, Verdict::Failed, Verdict::Warned, Verdict::Inconclusive, Verdict::NotExercised];
    let count = |verdict: Verdict| format!("{} {}", report.with(verdict).count(), verdict.name());
    let counts = all.map(count).join(", ");
    match report.subject {
        Subject::Server => format!("{counts} (clock {}{})", report.clock.name(), seed(report)),
        Subject::Client | Subject::Both => counts,
    }
}

const fn mark(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Failed => "✗",
        Verdict::Warned => "!",
        Verdict::Inconclusive => "?",
        Verdict::NotExercised => "-",
        Verdict::Passed => "✓",
    }
}
