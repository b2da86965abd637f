//! What is drawn, in words: for the tooltips, and for the table.

use super::axis::{Axis, seconds};
use super::calls::Mark;
use super::escape::{escaped, shortened};
use super::gaps::{Gap, Stands, Why};
use super::run::Row;
use super::states::summary;
use crate::judge::Call;

/// The name of a row, escaped.
pub(super) fn of_row(row: &Row<'_, '_>, number: u32) -> String {
    match row.session {
        Some(id) => format!("{number}: session {}", shortened(id, 60)),
        None => format!("{number}: calls without a session"),
    }
}

/// All numbers of a mark.
pub(super) fn of_mark(mark: &Mark<'_, '_>, axis: &Axis) -> String {
    let found = if mark.found.is_empty() { String::new() } else { format!("\nbroken: {}", mark.found.join(", ")) };
    let state = summary(mark.first).map(|state| format!("\n{state}")).unwrap_or_default();
    format!("exchange {}: {} at {}\n{}{state}{found}", mark.exchanges(), mark.call(), mark.at(axis), mark.answer())
}

/// All numbers of a gap.
pub(super) fn of_gap(gap: &Gap) -> String {
    let long = seconds(gap.to.saturating_sub(gap.from));
    let verdict = match gap.stands {
        Stands::Within => "in time",
        Stands::Early => "too early",
        Stands::Late => "too late",
        Stands::Open => "",
    };
    let Some(due) = gap.due else {
        return format!("{long:.3} s after the last status call; after an error no document names a pace");
    };
    let after = |at: u64| seconds(at.saturating_sub(gap.from));
    let why = match due.why {
        Why::Pace => "",
        Why::Growing => ", because nothing had changed",
        Why::Asked => ", as Retry-After asked",
    };
    match due.closes {
        Some(closes) => format!(
            "{long:.3} s after the last status call, {verdict}: due after {:.3} to {:.3} s{why}",
            after(due.opens),
            after(closes)
        ),
        None => format!(
            "{long:.3} s after the last status call, {verdict}: due after {:.3} s or more{why}",
            after(due.opens)
        ),
    }
}

/// The rows of the table.
pub(super) fn rows(axis: &Axis, name: &str, marks: &[Mark<'_, '_>], gaps: &[Gap]) -> String {
    let mut out = String::from("<tbody>\n");
    if !name.is_empty() {
        out.push_str(&format!("<tr><th colspan=\"6\" scope=\"rowgroup\">{name}</th></tr>\n"));
    }
    for mark in marks {
        let gap = gaps.iter().find(|gap| is_end_of(gap, mark.first)).map(of_gap).unwrap_or_default();
        let found = mark.found.iter().map(|id| format!("✗ {id} ")).collect::<String>();
        out.push_str(&format!(
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}{}</td></tr>\n",
            mark.exchanges(),
            mark.at(axis),
            escaped(&mark.call()),
            shortened(&mark.answer(), 120),
            escaped(&summary(mark.first).unwrap_or_default()),
            escaped(&found),
            escaped(&gap)
        ));
    }
    out.push_str("</tbody>\n");
    out
}

fn is_end_of(gap: &Gap, call: &Call<'_>) -> bool {
    call.operation().is_status() && gap.to == call.exchange.sent
}
