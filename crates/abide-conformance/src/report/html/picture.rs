//! The picture of a run, and the same as a table, for who cannot see it or wants the numbers; and what the signs mean.

use super::axis::WIDTH;
use super::calls::marks;
use super::escape::escaped;
use super::gaps::gaps;
use super::painter::Painter;
use super::run::{Found, Run};
use super::states::summary;
use super::words;
use crate::judge::View;
use crate::trace::Subject;

/// What the signs mean.
pub(super) fn legend(view: &View<'_>) -> String {
    let sign = |svg: &str, words: &str| {
        format!(
            "<li><svg viewBox=\"0 0 28 16\" width=\"28\" height=\"16\" aria-hidden=\"true\">{svg}</svg> {words}</li>\n"
        )
    };
    let mut signs = vec![
        sign("<path class=\"ok\" d=\"M14 2v12\"/>", "a call with an answer"),
        sign("<path class=\"refused\" d=\"M14 5v6\"/>", "refused with 4xx"),
        sign("<path class=\"disturbed\" d=\"M10 4l8 8m0-8l-8 8\"/>", "429, 503, another error, or no answer"),
        sign(
            "<path class=\"broken\" d=\"M14 1v14\"/><path class=\"flag\" d=\"M14 1l8 3-8 3z\"/>",
            "a requirement was found broken",
        ),
    ];
    let about = match view.trace.header.subject {
        Subject::Client | Subject::Both => {
            signs.extend([
                sign(
                    "<rect class=\"band\" x=\"2\" y=\"3\" width=\"24\" height=\"9\"/>",
                    "when the next status call was due",
                ),
                sign(
                    "<path class=\"gap\" d=\"M2 8H20\"/><circle class=\"within\" cx=\"20\" cy=\"8\" r=\"3.5\"/>",
                    "it came in time",
                ),
                sign(
                    "<path class=\"gap\" d=\"M2 8H20\"/><path class=\"outside\" d=\"M16.500 4.500l7 7m0-7l-7 7\"/>",
                    "it came too early or too late",
                ),
            ]);
            signs.push(sign("<path class=\"end\" d=\"M14 0v16\"/>", "the client ended"));
            "Each call of the client is a mark on the line of its scenario. Below it, for each gap between two status calls, \
             the documented pace is a band: the call that ends the gap should lie in it. An arrow at its end means: then, or later."
        }
        Subject::Server => {
            signs.push(sign("<path class=\"clock\" d=\"M14 0v16\"/>", "the server's clock was moved"));
            "Each call is a mark on the line of its session, with what the server said of the session below it. The tester asks \
             as often as it needs to; the documented pace of clients does not bind it and is not drawn."
        }
    };
    format!(
        "<p>{about} The runs in which something was found come first. Rest on a mark for its numbers, or open the table \
         below a picture.</p>\n<ul class=\"legend\">\n{}</ul>\n",
        signs.concat()
    )
}

/// A run, drawn and as a table.
pub(super) fn figure(view: &View<'_>, run: &Run<'_, '_>, found: &Found<'_>) -> String {
    if run.rows.is_empty() {
        return "<p>It never called.</p>\n".to_owned();
    }
    let mut painter = Painter::new(view, run);
    let mut table = String::new();
    let moved = painter.clock_moves();
    for (number, row) in (1_u32..).zip(&run.rows) {
        let marks = marks(&row.calls, &run.axis, found);
        let gaps = if view.trace.header.subject == Subject::Server { Vec::new() } else { gaps(view, &row.calls) };
        painter.row(row, number, run.rows.len() > 1, &marks, &gaps);
        let name = if run.rows.len() > 1 { words::of_row(row, number) } else { String::new() };
        table.push_str(&words::rows(&run.axis, &name, &marks, &gaps));
    }
    painter.end(run);
    let (svg, height) = painter.finish(&moved);
    format!(
        "<figure>\n<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"picture, scrolls sideways\">\n\
         <svg viewBox=\"0 0 {WIDTH} {height:.0}\" role=\"img\" aria-label=\"{}\">\n{svg}</svg>\n</div>\n</figure>\n\
         <details class=\"numbers\">\n<summary>The same as a table</summary>\n<div class=\"scroll\" tabindex=\"0\" role=\"group\" \
         aria-label=\"table, scrolls sideways\">\n<table>\n<thead><tr><th scope=\"col\">exchange</th>\
         <th scope=\"col\">at</th><th scope=\"col\">call</th><th scope=\"col\">answer</th><th scope=\"col\">state</th>\
         <th scope=\"col\">remarks</th></tr></thead>\n{table}</table>\n</div>\n</details>\n",
        escaped(&spoken(run))
    )
}

/// The picture in a sentence.
fn spoken(run: &Run<'_, '_>) -> String {
    let calls: usize = run.rows.iter().map(|row| row.calls.len()).sum();
    let last = run.rows.iter().flat_map(|row| &row.calls).filter_map(|call| summary(call)).next_back();
    let last = last.map(|last| format!("; the last state was: {last}")).unwrap_or_default();
    format!("{calls} calls over {:.1} seconds{last}. The table below has the numbers.", run.long())
}
