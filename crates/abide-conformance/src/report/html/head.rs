//! The top of the page: the verdict in one sentence, how many of what, how it was judged; and the choice of what is shown.

use jiff::Timestamp;

use super::escape::shortened;
use crate::report::{Report, Verdict, Whole};
use crate::trace::{Subject, Trace};

/// A target is cut to so many characters.
const LONGEST_TARGET: usize = 300;

/// Every verdict in the order of the page, with its sign and its heading.
pub(super) const VERDICTS: [(Verdict, &str, &str); 5] = [
    (Verdict::Failed, "✗", "Failed"),
    (Verdict::Warned, "!", "Warnings"),
    (Verdict::Inconclusive, "?", "Inconclusive"),
    (Verdict::NotExercised, "–", "Not exercised"),
    (Verdict::Passed, "✓", "Passed"),
];

/// The title of the window.
pub(super) fn title(report: &Report) -> String {
    format!("{}: {} {}", word(report.verdict), report.api.title(), report.subject.name())
}

/// The verdict and its circumstances.
pub(super) fn header(report: &Report, trace: &Trace) -> String {
    let counts: String = VERDICTS.iter().map(|(verdict, sign, _)| count(report, *verdict, sign)).collect();
    let problem = report.problem.as_deref().filter(|_| report.verdict != Whole::NotJudged);
    let problem = problem.map(|problem| format!("<p class=\"problem\">{}</p>\n", shortened(problem, 600)));
    format!(
        "<header class=\"{}\">\n<p class=\"what\">{} {} <code>{}</code></p>\n<h1>{}</h1>\n{}<ul class=\"counts\">\n{counts}</ul>\n\
         <dl class=\"circumstances\">\n{}</dl>\n</header>\n",
        report.verdict.name(),
        report.api.title(),
        report.subject.name(),
        shortened(&report.target, LONGEST_TARGET),
        sentence(report),
        problem.unwrap_or_default(),
        circumstances(report, trace)
    )
}

fn count(report: &Report, verdict: Verdict, sign: &str) -> String {
    let count = report.with(verdict).count();
    let words = verdict.name().replace('-', " ");
    if count == 0 {
        return format!("<li class=\"none\">0 {words}</li>\n");
    }
    let name = verdict.name();
    format!("<li class=\"{name}\"><a href=\"#{name}\"><b>{sign} {count}</b> {words}</a></li>\n")
}

fn circumstances(report: &Report, trace: &Trace) -> String {
    let row = |name: &str, value: String| format!("<div><dt>{name}</dt><dd>{value}</dd></div>\n");
    let mut rows = vec![row("judged", started(&trace.header.started)), row("calls", trace.exchanges.len().to_string())];
    if report.subject == Subject::Server {
        rows.push(row("clock", report.clock.name().to_owned()));
        rows.push(row("seed", report.seed.to_string()));
    }
    if trace.header.speed > 1 {
        rows.push(row("documented times", format!("divided by {}", trace.header.speed)));
    }
    if report.strict {
        rows.push(row("strict", "a broken SHOULD fails".to_owned()));
    }
    rows.push(row("by", shortened(&trace.header.driver, 120)));
    rows.concat()
}

fn started(text: &str) -> String {
    match text.parse::<Timestamp>() {
        Ok(time) => {
            let shown = time.strftime("%Y-%m-%d %H:%M:%S UTC");
            format!("<time datetime=\"{}\">{shown}</time>", time.strftime("%Y-%m-%dT%H:%M:%SZ"))
        }
        Err(_) => shortened(text, 60),
    }
}

/// What the page shows: everything, or the requirements of one verdict. Works without the script.
pub(super) fn filter(report: &Report) -> String {
    let choice = |id: &str, words: &str, checked: &str| {
        format!("<label><input type=\"radio\" name=\"show\" id=\"show-{id}\"{checked}/> <span>{words}</span></label>\n")
    };
    let mut choices = choice("all", &format!("everything ({})", report.requirements.len()), " checked=\"checked\"");
    for (verdict, sign, _) in VERDICTS {
        let count = report.with(verdict).count();
        if count > 0 {
            let words = format!("{sign} {} ({count})", verdict.name().replace('-', " "));
            choices.push_str(&choice(verdict.name(), &words, ""));
        }
    }
    format!(
        "<form class=\"filter\" role=\"search\" aria-label=\"what is shown\">\n<fieldset>\n<legend>Show</legend>\n{choices}</fieldset>\n</form>\n"
    )
}

/// Where everything else is.
pub(super) fn footer(report: &Report) -> String {
    format!(
        "<footer>\n<p>The same verdicts for programs are in <code>report.json</code> and <code>junit.xml</code>. Every call is in \
         <code>trace.ndjson</code>; <code>abide conform trace --api {} trace.ndjson</code> judges it again.</p>\n</footer>\n",
        report.api.name()
    )
}

const fn word(verdict: Whole) -> &'static str {
    match verdict {
        Whole::Conformant => "Conformant",
        Whole::NotConformant => "Not conformant",
        Whole::Incomplete => "Incomplete",
        Whole::NotJudged => "Not judged",
    }
}

/// The verdict in one sentence.
fn sentence(report: &Report) -> String {
    let count = |verdict| report.with(verdict).count();
    let (passed, failed, warned) = (count(Verdict::Passed), count(Verdict::Failed), count(Verdict::Warned));
    let open = count(Verdict::Inconclusive) + count(Verdict::NotExercised);
    let all = report.requirements.len();
    let warnings = match warned {
        0 => String::new(),
        1 => ", one more with a warning".to_owned(),
        more => format!(", {more} more with a warning"),
    };
    let reason = match report.verdict {
        Whole::Conformant if passed == all => format!("all {all} requirements are met"),
        Whole::Conformant => format!("{passed} of {all} requirements are met{warnings}, and none failed"),
        Whole::NotConformant => format!("{failed} of {all} requirements failed{warnings}"),
        Whole::Incomplete if open > 0 => {
            format!("nothing failed, but {open} of {all} requirements could not be judged")
        }
        Whole::Incomplete => "nothing failed, but the run ended early".to_owned(),
        Whole::NotJudged => {
            shortened(report.problem.as_deref().unwrap_or("there was nothing to look at"), LONGEST_TARGET)
        }
    };
    format!("<span>{}:</span> {reason}", word(report.verdict))
}
