//! The report for build servers: `JUnit` XML, one test case for each requirement.

use super::safe::harmless;
use super::{Report, RequirementVerdict, Verdict, Whole};

/// `junit.xml`. A test case is named by its requirement's id, so that the reports of several implementations can be laid
/// side by side. A warning passes, with its findings as output. The elements and attributes are those that Jenkins takes.
pub fn junit(report: &Report) -> String {
    let suite = format!("abide.{}.{}", report.api.name(), subject(report));
    let failures = report.with(Verdict::Failed).count();
    let skipped = report.with(Verdict::NotExercised).count() + report.with(Verdict::Inconclusive).count();
    let errors = u32::from(report.verdict == Whole::NotJudged);
    let tests = report.requirements.len() + usize::from(errors > 0);
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    out.push_str(&format!(
        "<testsuites name=\"abide conform\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\">\n"
    ));
    out.push_str(&format!(
        "  <testsuite name=\"{suite}\" tests=\"{tests}\" failures=\"{failures}\" skipped=\"{skipped}\" errors=\"{errors}\">\n"
    ));
    out.push_str(&format!(
        "    <properties>\n      <property name=\"verdict\" value=\"{}\"/>\n      <property name=\"target\" value=\"{}\"/>\n      \
         <property name=\"clock\" value=\"{}\"/>\n      <property name=\"seed\" value=\"{}\"/>\n    </properties>\n",
        report.verdict.name(),
        escaped(&report.target),
        report.clock.name(),
        report.seed
    ));
    if errors > 0 {
        let problem = escaped(report.problem.as_deref().unwrap_or("nothing could be judged"));
        out.push_str(&format!(
            "    <testcase name=\"judged\" classname=\"{suite}\"><error message=\"{problem}\"/></testcase>\n"
        ));
    }
    for row in &report.requirements {
        case(&mut out, &suite, row);
    }
    out.push_str("  </testsuite>\n</testsuites>\n");
    out
}

fn case(out: &mut String, suite: &str, row: &RequirementVerdict) {
    let head = format!("    <testcase name=\"{}\" classname=\"{suite}\"", escaped(&row.id));
    let reason = escaped(row.reason.as_deref().unwrap_or_default());
    match row.verdict {
        Verdict::Passed => out.push_str(&format!("{head}/>\n")),
        Verdict::Failed => {
            let first = row.findings.first();
            let message = first.map(|first| format!("expected {}, found {}", first.expected, first.found));
            out.push_str(&format!(
                "{head}>\n      <failure type=\"{} {}\" message=\"{}\">{}</failure>\n    </testcase>\n",
                row.level,
                row.kind,
                escaped(&message.unwrap_or_default()),
                escaped(&findings(row))
            ));
        }
        Verdict::Warned => {
            out.push_str(&format!(
                "{head}>\n      <system-out>warning\n{}</system-out>\n    </testcase>\n",
                escaped(&findings(row))
            ));
        }
        Verdict::Inconclusive | Verdict::NotExercised => out.push_str(&format!(
            "{head}>\n      <skipped message=\"{}: {reason}\"/>\n    </testcase>\n",
            row.verdict.name()
        )),
    }
}

fn findings(row: &RequirementVerdict) -> String {
    let one = |finding: &super::Finding| {
        let curl = finding.curl.as_deref().unwrap_or_default();
        format!("expected {}\nfound {}\n{}\n{curl}\n", finding.expected, finding.found, finding.place())
    };
    row.findings.iter().map(one).collect::<Vec<_>>().join("\n")
}

fn subject(report: &Report) -> &'static str {
    report.subject.name()
}

/// Text for an attribute or an element: what XML cannot hold, and what a terminal would obey, is left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\u{fffe}' | '\u{ffff}' => {}
            character => out.extend(harmless(character)),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leaves_its_element() {
        assert_eq!(escaped("<a b=\"c\">&\u{0}\u{1b}\n\u{ffff}é"), "&lt;a b=&quot;c&quot;&gt;&amp;&#10;é");
        assert_eq!(escaped("a\u{9b}31m\u{202e}b\u{200b}\tc"), "a31mb c");
    }
}
