//! Draws a run as SVG, from the top down: calls as marks on a time line, the documented pace gap by gap, state and counters
//! below, and the axis at last.

use super::axis::{Axis, LEFT, RIGHT, seconds};
use super::calls::{Look, Mark};
use super::escape::escaped;
use super::gaps::{Due, Gap, Stands, Why, cap};
use super::run::{Row, Run};
use super::states::{Counters, Strip, counters, strips};
use super::words;
use crate::judge::View;
use crate::trace::{Fact, Operation, Subject};

/// The heights of what is drawn, from the top of a row.
const NAME: f64 = 15.0;
const CALLS: f64 = 44.0;
const GAP: f64 = 10.0;
const STRIP: f64 = 15.0;
const COUNTERS: f64 = 26.0;
const BETWEEN: f64 = 12.0;
const FOOT: f64 = 34.0;
/// Lanes of gaps that lie on one another because the calls came too fast.
const MOST_LANES: usize = 5;
/// A character of a label takes about so much room.
const CHARACTER: f64 = 6.2;

/// Draws from the top down.
pub(super) struct Painter<'a, 't> {
    view: &'a View<'t>,
    axis: Axis,
    /// When the run was over.
    until: u64,
    out: String,
    y: f64,
}

impl<'a, 't> Painter<'a, 't> {
    pub(super) const fn new(view: &'a View<'t>, run: &Run<'_, '_>) -> Self {
        Self { view, axis: run.axis, until: run.until, out: String::new(), y: 4.0 }
    }

    /// One session after the other, from the top down.
    pub(super) fn row(&mut self, row: &Row<'_, '_>, number: u32, is_named: bool, marks: &[Mark<'_, '_>], gaps: &[Gap]) {
        if is_named {
            self.out.push_str(&format!(
                "<text class=\"name\" x=\"4\" y=\"{:.0}\">{}</text>\n",
                self.y + 11.0,
                words::of_row(row, number)
            ));
            self.y += NAME;
        }
        self.calls(marks);
        self.cap(row);
        self.gaps(gaps);
        for strip in strips(self.view.api(), &row.calls, self.until) {
            self.strip(&strip);
        }
        self.counters(&counters(&row.calls));
        self.y += BETWEEN;
    }

    fn lane(&mut self, name: &str, y: f64) {
        self.out.push_str(&format!("<text x=\"4\" y=\"{y:.0}\">{name}</text>\n"));
    }

    fn calls(&mut self, marks: &[Mark<'_, '_>]) {
        let line = self.y + 29.0;
        self.lane("calls", line + 4.0);
        self.out.push_str(&format!("<path class=\"axis\" d=\"M{LEFT} {line:.1}H{RIGHT}\"/>\n"));
        let mut last_label: Option<(String, f64)> = None;
        for mark in marks {
            let x = self.axis.x(mark.first.exchange.sent);
            self.mark(mark, x, line);
            let label = mark.first.status().map_or_else(|| "none".to_owned(), |status| status.to_string());
            let is_new = last_label.as_ref().is_none_or(|(last, _)| *last != label);
            let is_free = last_label.as_ref().is_none_or(|(_, at)| x - at >= 24.0);
            if is_new && is_free {
                self.out.push_str(&format!(
                    "<text class=\"code\" x=\"{x:.1}\" y=\"{:.0}\" text-anchor=\"middle\">{label}</text>\n",
                    self.y + 10.0
                ));
                last_label = Some((label, x));
            }
        }
        self.y += CALLS;
    }

    fn mark(&mut self, mark: &Mark<'_, '_>, x: f64, line: f64) {
        let look = mark.look();
        let reach = self.axis.x(mark.last.exchange.sent) - x;
        let shape = match look {
            _ if reach > 0.0 => format!(
                "<path class=\"{} many\" d=\"M{x:.1} {:.1}h{reach:.1}v12h-{reach:.1}z\"/>",
                look.class(),
                line - 6.0
            ),
            Look::Good if mark.first.operation() == Operation::CreateSession => {
                format!("<path class=\"ok full\" d=\"M{:.1} {:.1}h7v7h-7z\"/>", x - 3.5, line - 3.5)
            }
            Look::Good => format!("<path class=\"ok\" d=\"M{x:.1} {:.1}v16\"/>", line - 8.0),
            Look::Refused => format!("<path class=\"refused\" d=\"M{x:.1} {:.1}v8\"/>", line - 4.0),
            Look::Disturbed => {
                format!("<path class=\"disturbed\" d=\"M{:.1} {:.1}l8 8m0-8l-8 8\"/>", x - 4.0, line - 4.0)
            }
            Look::Broken => format!(
                "<path class=\"broken\" d=\"M{x:.1} {0:.1}v26\"/><path class=\"flag\" d=\"M{x:.1} {0:.1}l8 3-8 3z\"/>",
                line - 15.0
            ),
        };
        self.out.push_str(&format!("<g>{shape}<title>{}</title></g>\n", escaped(&words::of_mark(mark, &self.axis))));
    }

    /// The documented end of all asking, as a line.
    fn cap(&mut self, row: &Row<'_, '_>) {
        let is_client = self.view.trace.header.subject != Subject::Server;
        let first = row.calls.iter().find(|call| call.operation().is_status());
        let (Some(cap), Some(first), true) = (cap(self.view), first, is_client) else { return };
        let at = first.exchange.sent.saturating_add(cap);
        if self.axis.holds(at) {
            let x = self.axis.x(at);
            self.out.push_str(&format!(
                "<g><path class=\"cap\" d=\"M{x:.1} {:.1}v{:.1}\"/><text x=\"{:.1}\" y=\"{:.1}\">cap</text><title>no status call \
                 may come later than {} after the first</title></g>\n",
                self.y - 40.0,
                40.0 + GAP,
                x + 3.0,
                self.y - 31.0,
                format_args!("{:.3} s", seconds(cap)),
            ));
        }
    }

    fn gaps(&mut self, gaps: &[Gap]) {
        if gaps.iter().all(|gap| gap.due.is_none()) {
            return;
        }
        let top = self.y;
        let mut free: Vec<f64> = Vec::new();
        for gap in gaps {
            let Some(due) = gap.due else { continue };
            let (from, to) = (self.axis.x(gap.from), self.axis.x(gap.to));
            let band = (self.axis.x(due.opens), due.closes.map_or_else(|| self.later(&due, to), |at| self.axis.x(at)));
            let lane = free.iter().position(|until| *until <= from + 0.5);
            let lane = lane.unwrap_or_else(|| free.len().min(MOST_LANES - 1));
            let until = band.1.max(to);
            match free.get_mut(lane) {
                Some(last) => *last = until,
                None => free.push(until),
            }
            self.gap(gap, due, band, (from, to), top + GAP * lane_offset(lane));
        }
        self.lane("pace", top + 9.0);
        self.y += GAP * lane_offset(free.len()) + 4.0;
    }

    /// Where the band of a call ends that may come at any time after.
    fn later(&self, due: &Due, to: f64) -> f64 {
        (self.axis.x(due.opens) + 14.0).max(to + 6.0).min(RIGHT + 14.0)
    }

    fn gap(&mut self, gap: &Gap, due: Due, band: (f64, f64), (from, to): (f64, f64), top: f64) {
        let middle = top + 5.0;
        let class = if due.why == Why::Asked { "band asked" } else { "band" };
        let (left, right) = band;
        let is_in_view = self.axis.holds(due.opens);
        if is_in_view && due.closes.is_some() {
            self.out.push_str(&format!(
                "<rect class=\"{class}\" x=\"{left:.1}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"9\"/>\n",
                (right - left).max(1.0)
            ));
        } else if is_in_view {
            self.out.push_str(&format!(
                "<path class=\"{class}\" d=\"M{left:.1} {top:.1}H{:.1}l4.500 4.500-4.500 4.500H{left:.1}z\"/>\n",
                (right - 4.5).max(left + 1.0)
            ));
        }
        let end = match gap.stands {
            Stands::Within | Stands::Open => {
                format!("<circle class=\"within\" cx=\"{to:.1}\" cy=\"{middle:.1}\" r=\"3\"/>")
            }
            Stands::Early | Stands::Late => {
                format!("<path class=\"outside\" d=\"M{:.1} {:.1}l7 7m0-7l-7 7\"/>", to - 3.5, middle - 3.5)
            }
        };
        self.out.push_str(&format!(
            "<g><path class=\"gap\" d=\"M{from:.1} {:.1}v4M{from:.1} {middle:.1}H{to:.1}\"/>{end}<title>{}</title></g>\n",
            middle - 2.0,
            escaped(&words::of_gap(gap))
        ));
    }

    fn strip(&mut self, strip: &Strip) {
        self.lane(strip.name, self.y + 10.0);
        for piece in &strip.pieces {
            let (left, right) = (self.axis.x(piece.from), self.axis.x(piece.to));
            let width = (right - left).max(1.5);
            let room = CHARACTER * f64::from(u32::try_from(piece.word.chars().count()).unwrap_or(u32::MAX)) + 6.0;
            let word = escaped(&piece.word);
            let text = if room <= width {
                format!("<text class=\"on\" x=\"{:.1}\" y=\"{:.1}\">{word}</text>", left + 3.0, self.y + 10.0)
            } else {
                String::new()
            };
            self.out.push_str(&format!(
                "<g><rect class=\"{}\" x=\"{left:.1}\" y=\"{:.1}\" width=\"{width:.1}\" height=\"13\"/>{text}<title>{} {word} \
                 from {} on</title></g>\n",
                piece.kind.class(),
                self.y,
                strip.name,
                self.axis.since(piece.from)
            ));
        }
        self.y += STRIP;
    }

    /// What was processed, as a stepped area, the failed part of it at the bottom.
    fn counters(&mut self, counters: &[Counters]) {
        let (Some(first), Some(last)) = (counters.first(), counters.last()) else { return };
        let floor = self.y + COUNTERS;
        let height = COUNTERS - 4.0;
        let end = self.axis.x(self.until);
        let area = |share: fn(&Counters) -> f64| {
            let mut path = format!("M{:.1} {floor:.1}", self.axis.x(first.at));
            for counters in counters {
                path.push_str(&format!("H{:.1}V{:.1}", self.axis.x(counters.at), floor - height * share(counters)));
            }
            path.push_str(&format!("H{end:.1}V{floor:.1}z"));
            path
        };
        let processed = area(|counters| counters.processed);
        let has_failures = counters.iter().any(|counters| counters.failed > 0.0);
        let failed =
            has_failures.then(|| format!("<path class=\"failed-part\" d=\"{}\"/>", area(|counters| counters.failed)));
        let words = escaped(&last.words);
        self.lane("processed", self.y + 16.0);
        self.out.push_str(&format!(
            "<g><path class=\"frame\" d=\"M{LEFT} {:.1}H{RIGHT}V{floor:.1}H{LEFT}z\"/><path class=\"processed\" d=\"{processed}\"/>\
             {}<title>processed, at the end {words}; the part at the bottom failed</title></g>\n\
             <text class=\"on\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{words}</text>\n",
            floor - height,
            failed.unwrap_or_default(),
            end - 4.0,
            floor - 6.0
        ));
        self.y += COUNTERS;
    }

    /// Where the driver moved the server's clock.
    pub(super) fn clock_moves(&mut self) -> Vec<(f64, String)> {
        let moves = self.view.trace.facts.iter().filter_map(|fact| match fact {
            Fact::ClockMoved { sent, by, .. } if self.axis.holds(*sent) => {
                Some((self.axis.x(*sent), format!("+{:.1} min", seconds(*by) / 60.0)))
            }
            Fact::ClockMoved { .. }
            | Fact::ClockStuck { .. }
            | Fact::ClientStarved { .. }
            | Fact::HostLag { .. }
            | Fact::ClientStarted { .. }
            | Fact::ClientEnded { .. }
            | Fact::WaitedOut { .. }
            | Fact::Rerun { .. }
            | Fact::Stopped { .. } => None,
        });
        let moves: Vec<_> = moves.collect();
        if !moves.is_empty() {
            self.y += NAME;
        }
        moves
    }

    /// Where the client ended.
    pub(super) fn end(&mut self, run: &Run<'_, '_>) {
        let Some(end) = run.end else { return };
        let x = self.axis.x(end.at);
        self.out.push_str(&format!(
            "<g><path class=\"end\" d=\"M{x:.1} 4V{:.1}\"/><title>the client {} after {}</title></g>\n",
            self.y,
            end.words(),
            self.axis.since(end.at)
        ));
    }

    /// The axis, and all of it with its height.
    pub(super) fn finish(mut self, moved: &[(f64, String)]) -> (String, f64) {
        let floor = self.y;
        let mut back = String::new();
        for tick in self.axis.ticks() {
            back.push_str(&format!("<path class=\"grid\" d=\"M{:.1} 4V{floor:.1}\"/>\n", tick.x));
            self.out.push_str(&format!(
                "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>\n",
                tick.x,
                floor + 14.0,
                tick.label
            ));
        }
        let mut last = f64::NEG_INFINITY;
        for (x, words) in moved {
            back.push_str(&format!(
                "<g><path class=\"clock\" d=\"M{x:.1} 4V{floor:.1}\"/><title>clock {words}</title></g>\n"
            ));
            if x - last > 66.0 {
                back.push_str(&format!("<text x=\"{:.1}\" y=\"13\">{words}</text>\n", x + 3.0));
                last = *x;
            }
        }
        self.out.push_str(&format!(
            "<path class=\"axis\" d=\"M{LEFT} {floor:.1}H{RIGHT}\"/>\n<text x=\"{RIGHT}\" y=\"{:.1}\" text-anchor=\"end\">{} \
             since the first call</text>\n",
            floor + 29.0,
            self.axis.unit()
        ));
        (back + &self.out, floor + FOOT)
    }
}

fn lane_offset(lane: usize) -> f64 {
    f64::from(u32::try_from(lane).unwrap_or(u32::MAX))
}
