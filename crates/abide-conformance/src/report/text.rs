//! The report for a terminal.

use super::lines::{Lines, Paint, Terminal};
use super::{Finding, Report, RequirementVerdict, Verdict, Whole, safe, safe_lines};
use crate::judge::MOST_FINDINGS;
use crate::trace::Subject;

/// A command line longer than this is of no use in a terminal; the whole is in the other reports.
const LONGEST_COMMAND: usize = 800;

/// The verdict, with what is wrong and what was not judged, as for a pipe: plain, and each statement on one line. What a server
/// wrote is shown without anything that a terminal would obey.
pub fn text(report: &Report) -> String {
    text_for(report, Terminal::default())
}

/// The same for a terminal.
pub fn text_for(report: &Report, terminal: Terminal) -> String {
    let mut lines = Lines::new(terminal);
    let subject = format!("{} {} {}: ", report.api.title(), report.subject.name(), safe(&report.target));
    lines.paragraph(0, "", Paint::Strong, &format!("{subject}{}", word(report.verdict)));
    if let Some(problem) = &report.problem {
        lines.paragraph(0, "", Paint::Strong, &safe(problem));
    }
    if report.verdict == Whole::NotJudged {
        return lines.into_text();
    }
    for verdict in [Verdict::Failed, Verdict::Warned] {
        for row in report.with(verdict) {
            broken(&mut lines, report, row);
        }
    }
    open(&mut lines, report);
    lines.blank();
    // Once more at the end: the beginning may have left the screen.
    lines.item(0, &format!("{}: ", word(report.verdict)), paint_of(report.verdict), &counts(report));
    lines.into_text()
}

fn broken(lines: &mut Lines, report: &Report, row: &RequirementVerdict) {
    let (mark, paint) = mark(row.verdict);
    lines.blank();
    lines.item(0, &format!("{mark} {}", row.id), paint, &format!("  {} {}", row.level, row.kind));
    if let Some(requirement) = row.requirement(report.api) {
        let when = requirement.when.map(|when| format!("when {when}: ")).unwrap_or_default();
        lines.paragraph(2, "", Paint::Strong, &format!("{when}{}", requirement.says));
        lines.item(2, "source: ", Paint::Quiet, &requirement.source());
    }
    let mut findings = row.findings.iter();
    if let Some(first) = findings.next() {
        finding(lines, report, first);
    }
    let more = findings.len();
    if more > 0 {
        // More than that are not kept.
        let at_least = if row.findings.len() < MOST_FINDINGS { "" } else { " at least" };
        lines.paragraph(2, "", Paint::Quiet, &format!("and{at_least} {more} more, in the report"));
    }
}

fn finding(lines: &mut Lines, report: &Report, finding: &Finding) {
    lines.item(2, "expected: ", Paint::Quiet, &safe(&finding.expected));
    lines.item(2, "found:    ", Paint::Quiet, &safe(&finding.found));
    lines.paragraph(2, "", Paint::Quiet, &format!("{}{}", safe(&finding.place()), seed(report)));
    for line in safe_lines(finding.curl.as_deref().unwrap_or_default()) {
        if line.len() <= LONGEST_COMMAND {
            lines.verbatim(4, &line);
        } else {
            lines.verbatim(4, &format!("# a command of {} bytes, which the report has", line.len()));
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

fn open(lines: &mut Lines, report: &Report) {
    let rows: Vec<_> =
        [Verdict::Inconclusive, Verdict::NotExercised].into_iter().flat_map(|verdict| report.with(verdict)).collect();
    if rows.is_empty() {
        return;
    }
    lines.blank();
    lines.paragraph(0, "Not judged:", Paint::Strong, "");
    for row in rows {
        let reason = row.reason.as_deref().unwrap_or_default();
        let (mark, paint) = mark(row.verdict);
        let text = format!("  {}: {}", row.verdict.name(), safe(reason));
        lines.item(2, &format!("{mark} "), paint, &format!("{}{text}", row.id));
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

fn word(verdict: Whole) -> String {
    verdict.name().replace('-', " ").to_uppercase()
}

const fn paint_of(verdict: Whole) -> Paint {
    match verdict {
        Whole::Conformant => Paint::Good,
        Whole::NotConformant | Whole::NotJudged => Paint::Bad,
        Whole::Incomplete => Paint::Doubtful,
    }
}

const fn mark(verdict: Verdict) -> (&'static str, Paint) {
    match verdict {
        Verdict::Failed => ("✗", Paint::Bad),
        Verdict::Warned => ("!", Paint::Doubtful),
        Verdict::Inconclusive => ("?", Paint::Doubtful),
        Verdict::NotExercised => ("-", Paint::Quiet),
        Verdict::Passed => ("✓", Paint::Good),
    }
}
