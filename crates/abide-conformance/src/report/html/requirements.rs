//! Each requirement with its verdict, its sentence and source, and what was found; what failed first.

use super::budget::Budget;
use super::escape::{escaped, prose};
use super::head::VERDICTS;
use super::proof::{self, Proofs};
use super::runs::Drawn;
use crate::catalogue::{Kind, Level, Requirement};
use crate::judge::View;
use crate::report::{Report, RequirementVerdict, Verdict};

/// A sentence is cut to so many characters.
const LONGEST: usize = 1_000;

/// The requirements, by verdict.
pub(super) fn sections(report: &Report, view: &View<'_>, drawn: &Drawn) -> String {
    let mut proofs = Proofs { view, drawn, budget: Budget::of_proofs() };
    let mut out = String::from("<div id=\"requirements\">\n");
    for (verdict, sign, title) in VERDICTS {
        let rows = report.with(verdict).filter_map(|row| Some((row, row.requirement(report.api)?)));
        let rows: Vec<String> = rows.map(|(row, requirement)| block(&mut proofs, row, requirement, sign)).collect();
        if !rows.is_empty() {
            out.push_str(&format!(
                "<section class=\"group {0}\" id=\"{0}\">\n<h2>{title} ({1})</h2>\n{2}</section>\n",
                verdict.name(),
                rows.len(),
                rows.concat()
            ));
        }
    }
    out.push_str("</div>\n");
    out
}

fn block(proofs: &mut Proofs<'_, '_>, row: &RequirementVerdict, requirement: &Requirement, sign: &str) -> String {
    let open = if matches!(row.verdict, Verdict::Failed | Verdict::Warned) { " open=\"open\"" } else { "" };
    let when = requirement.when.map(|when| format!("<em>When {}:</em> ", escaped(when))).unwrap_or_default();
    let reason = row.reason.as_deref().map(|reason| format!("<p class=\"reason\">{}</p>\n", prose(reason, LONGEST)));
    let findings = proof::findings(proofs, &row.findings);
    format!(
        "<details class=\"requirement\" id=\"{0}\"{open}>\n<summary><span class=\"verdict\">{sign} {1}</span> <h3>{0}</h3> \
         <span class=\"kind\"><abbr title=\"{2}\">{3}</abbr> · <abbr title=\"{4}\">{5}</abbr></span>\n\
         <span class=\"says\">{when}{6}</span></summary>\n{7}{findings}<p class=\"source\">{8}</p>\n</details>\n",
        escaped(&row.id),
        row.verdict.name().replace('-', " "),
        weight(row.level),
        row.level,
        origin(row.kind),
        row.kind,
        prose(requirement.says, LONGEST),
        reason.unwrap_or_default(),
        source(row, requirement)
    )
}

fn source(row: &RequirementVerdict, requirement: &Requirement) -> String {
    let ambiguity = requirement.ambiguity.map(|id| format!(" Decided in {}.", escaped(id))).unwrap_or_default();
    let judged = match row.judged {
        0 => String::new(),
        1 => " Looked at once.".to_owned(),
        more => format!(" Looked at {more} times."),
    };
    format!(
        "Source: {}; <code>{}</code> in the OpenAPI document.{ambiguity}{judged}",
        escaped(&requirement.source()),
        escaped(requirement.at)
    )
}

const fn weight(level: Level) -> &'static str {
    match level {
        Level::Must => "breaking it fails an implementation, unless it is only assumed",
        Level::Should => "breaking it is a warning",
    }
}

const fn origin(kind: Kind) -> &'static str {
    match kind {
        Kind::Documented => "a document says it",
        Kind::Implied => "it follows from what a document says",
        Kind::Assumed => "no document says it; breaking it is a warning",
    }
}
