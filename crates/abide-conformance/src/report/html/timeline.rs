//! Pictures of time: the calls of one session on a line, the documented pace as a band behind them, state and counters below.

use std::collections::BTreeSet;

use serde_json::Value;

use super::escape::escaped;
use crate::catalogue::Api;
use crate::catalogue::documented::{calmyx, hum};
use crate::judge::{Call, Session, View};
use crate::report::Report;
use crate::trace::Trace;

/// How many sessions are drawn.
const MOST_PICTURES: usize = 12;
/// How many calls of a session are drawn.
const MOST_MARKS: usize = 400;
const WIDTH: f64 = 900.0;
const HEIGHT: f64 = 120.0;
const LEFT: f64 = 60.0;
const LINE: f64 = 40.0;
const FLOOR: f64 = 95.0;
const CEILING: f64 = 60.0;

/// The pictures of the most telling sessions: those with findings first, then those with the most calls.
pub(super) fn section(report: &Report, trace: &Trace) -> String {
    let view = View::new(trace);
    let found: BTreeSet<u32> =
        report.requirements.iter().flat_map(|row| &row.findings).map(|finding| finding.exchange).collect();
    let mut sessions: Vec<Session<'_, '_>> = view.sessions().filter(|session| session.calls().count() > 2).collect();
    sessions.sort_by_key(|session| {
        let with_finding = session.calls().any(|call| found.contains(&call.exchange.number));
        (!with_finding, std::cmp::Reverse(session.calls().count()))
    });
    let pictures: Vec<String> =
        sessions.iter().take(MOST_PICTURES).map(|session| picture(trace, session, &found)).collect();
    if pictures.is_empty() {
        return String::new();
    }
    let note = "Each mark is a call; the line below is what the session had done. The band is the documented pace.";
    format!("<section>\n<h2>time</h2>\n<p class=\"facts\">{note}</p>\n{}</section>\n", pictures.concat())
}

fn picture(trace: &Trace, session: &Session<'_, '_>, found: &BTreeSet<u32>) -> String {
    let mut calls: Vec<&Call<'_>> = session.created().into_iter().chain(session.calls()).collect();
    calls.truncate(MOST_MARKS);
    let start = calls.first().map_or(0, |call| call.exchange.sent);
    let end = calls.last().map_or(1, |call| call.exchange.received).max(start + 1);
    let at =
        |instant: u64| LEFT + (WIDTH - LEFT - 20.0) * seconds(instant.saturating_sub(start)) / seconds(end - start);
    let mut svg = format!("<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"calls over time\">\n");
    let (shortest, longest) = pace(trace);
    let first_poll = calls.iter().find(|call| call.operation().is_status()).map_or(start, |call| call.exchange.sent);
    let band = (at(first_poll + shortest), at(first_poll + longest).min(WIDTH - 20.0));
    if band.0 < band.1 {
        svg.push_str(&format!(
            "<rect class=\"band\" x=\"{:.1}\" y=\"15\" width=\"{:.1}\" height=\"85\"/>\n",
            band.0,
            band.1 - band.0
        ));
    }
    svg.push_str(&format!("<line class=\"axis\" x1=\"{LEFT}\" y1=\"{LINE}\" x2=\"{WIDTH}\" y2=\"{LINE}\"/>\n"));
    for call in &calls {
        let x = at(call.exchange.sent);
        let half = if found.contains(&call.exchange.number) { 16.0 } else { 8.0 };
        let title = format!(
            "{:?} {} at {:.3} s",
            call.operation(),
            call.describe(),
            seconds(call.exchange.sent.saturating_sub(start))
        );
        svg.push_str(&format!(
            "<line class=\"{}\" x1=\"{x:.1}\" y1=\"{:.1}\" x2=\"{x:.1}\" y2=\"{:.1}\"><title>{}</title></line>\n",
            class(call, found),
            LINE - half,
            LINE + half,
            escaped(&title)
        ));
    }
    svg.push_str(&progress(&calls, at));
    svg.push_str(&format!(
        "<text x=\"4\" y=\"{:.0}\">calls</text><text x=\"4\" y=\"{FLOOR}\">done</text>\n<text x=\"{LEFT}\" y=\"115\">0 s</text>\
         <text x=\"{WIDTH}\" y=\"115\" text-anchor=\"end\">{:.1} s</text>\n</svg>\n",
        LINE + 4.0,
        seconds(end - start)
    ));
    let case = session.created().map(|call| call.exchange.case.clone()).unwrap_or_default();
    format!(
        "<figure>\n{svg}<figcaption>session {} · {} calls · {}</figcaption>\n</figure>\n",
        escaped(session.id()),
        calls.len(),
        escaped(&case)
    )
}

fn class(call: &Call<'_>, found: &BTreeSet<u32>) -> &'static str {
    match call.status() {
        _ if found.contains(&call.exchange.number) => "broken",
        Some(200..=299) => "ok",
        Some(300..=499) => "refused",
        Some(_) | None => "broken",
    }
}

/// How much of the session was done, as a stepped line, with the words at each change of state.
fn progress(calls: &[&Call<'_>], at: impl Fn(u64) -> f64) -> String {
    let mut path = String::new();
    let mut labels = String::new();
    let mut last_word = String::new();
    let mut last_y = FLOOR;
    for call in calls {
        let Some((word, share)) = done(call) else { continue };
        let (x, y) = (at(call.exchange.sent), FLOOR - (FLOOR - CEILING) * share);
        if path.is_empty() {
            path.push_str(&format!("M{x:.1} {y:.1}"));
        } else {
            path.push_str(&format!(" L{x:.1} {last_y:.1} L{x:.1} {y:.1}"));
        }
        last_y = y;
        if word != last_word {
            labels.push_str(&format!("<text x=\"{x:.1}\" y=\"{:.1}\">{}</text>\n", FLOOR + 10.0, escaped(&word)));
            last_word = word;
        }
    }
    if path.is_empty() { path } else { format!("<path class=\"progress\" d=\"{path}\"/>\n{labels}") }
}

/// The state in a word, and how much is done, from 0 to 1.
fn done(call: &Call<'_>) -> Option<(String, f64)> {
    if let Some(state) = call.at("/status").and_then(Value::as_str) {
        let number = |name: &str| call.at(&format!("/progress/{name}")).and_then(Value::as_f64);
        let share = number("processed")? / number("total")?.max(1.0);
        return Some((state.chars().take(12).collect(), share.clamp(0.0, 1.0)));
    }
    let agents = call.at("/meta/agent_status")?.as_object()?;
    let words = hum::AWAITED.iter().filter_map(|agent| agents.get(*agent)?.as_str());
    let settled = words.filter(|word| *word != "pending").count();
    let share = if settled >= hum::AWAITED.len() {
        1.0
    } else if settled == 0 {
        0.0
    } else {
        0.5
    };
    Some((format!("{settled} of {}", hum::AWAITED.len()), share))
}

/// The documented gaps between two polls, in microseconds.
fn pace(trace: &Trace) -> (u64, u64) {
    let (shortest, longest) = match trace.header.api {
        Api::Calmyx => (calmyx::SHORTEST_GAP_SECONDS, calmyx::LONGEST_GAP_SECONDS),
        Api::Hum => (hum::SHORTEST_GAP_SECONDS, hum::LONGEST_GAP_SECONDS),
    };
    let speed = u64::from(trace.header.speed.max(1));
    (shortest * 1_000_000 / speed, longest * 1_000_000 / speed)
}

#[expect(clippy::cast_precision_loss, reason = "a picture needs no microseconds after a century")]
fn seconds(micros: u64) -> f64 {
    micros as f64 / 1e6
}
