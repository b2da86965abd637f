//! One run: the calls of a case, a scenario or a session, with what was found in it and how it ended.

use std::collections::{BTreeMap, BTreeSet};

use super::axis::{Axis, seconds};
use super::escape::shortened;
use super::gaps;
use super::runs::Sessions;
use crate::host::Scenario;
use crate::judge::{Call, View};
use crate::report::Report;
use crate::trace::{Fact, Subject};

/// A word of a client is cut to so many characters.
const LONGEST_WORD: usize = 240;

/// The requirements that were found broken, by the exchange.
#[derive(Debug, Default)]
pub(super) struct Found<'v>(BTreeMap<u32, Vec<&'v str>>);

impl<'v> Found<'v> {
    pub(super) fn of(report: &'v Report) -> Self {
        let mut found: BTreeMap<u32, Vec<&str>> = BTreeMap::new();
        for row in &report.requirements {
            for finding in &row.findings {
                let ids = found.entry(finding.exchange).or_default();
                if !ids.contains(&row.id.as_str()) {
                    ids.push(&row.id);
                }
            }
        }
        Self(found)
    }

    /// At one exchange.
    pub(super) fn at(&self, number: u32) -> &[&'v str] {
        self.0.get(&number).map(Vec::as_slice).unwrap_or_default()
    }
}

/// One run: what belongs together and is drawn on one axis.
#[derive(Debug)]
pub(super) struct Run<'v, 't> {
    pub(super) case: &'t str,
    pub(super) rows: Vec<Row<'v, 't>>,
    pub(super) axis: Axis,
    /// When it was over. The axis may go on, to show what was due after that.
    pub(super) until: u64,
    pub(super) end: Option<End<'t>>,
    /// What was found broken in it.
    pub(super) found: BTreeSet<&'v str>,
}

/// The calls of one session of a run, or those of none.
#[derive(Debug)]
pub(super) struct Row<'v, 't> {
    pub(super) session: Option<&'v str>,
    pub(super) calls: Vec<&'v Call<'t>>,
}

/// How a client ended.
#[derive(Clone, Copy, Debug)]
pub(super) struct End<'t> {
    pub(super) at: u64,
    pub(super) outcome: Option<&'t str>,
    pub(super) is_stopped: bool,
}

impl<'v, 't> Run<'v, 't> {
    pub(super) fn new(
        view: &'v View<'t>,
        sessions: &Sessions<'v>,
        found: &Found<'v>,
        case: &'t str,
        calls: Vec<&'v Call<'t>>,
    ) -> Self {
        let ids = calls.iter().flat_map(|call| found.at(call.exchange.number)).copied().collect();
        let end = view.trace.facts.iter().rev().find_map(|fact| end(fact, case));
        let start = calls.first().map_or_else(|| end.map_or(0, |end| end.at), |call| call.exchange.sent);
        let last = calls.iter().map(|call| call.exchange.received).max().unwrap_or(start);
        let mut rows: Vec<Row<'v, 't>> = Vec::new();
        let is_one =
            calls.iter().filter_map(|call| sessions.get(&call.exchange.number)).collect::<BTreeSet<_>>().len() < 2;
        for call in calls {
            let session = sessions.get(&call.exchange.number).copied();
            match rows.iter_mut().find(|row| is_one || row.session == session) {
                Some(row) => {
                    row.session = row.session.or(session);
                    row.calls.push(call);
                }
                None => rows.push(Row { session, calls: vec![call] }),
            }
        }
        let until = end.map_or(last, |end| end.at.max(last));
        let missed = rows.iter().filter_map(|row| gaps::missed(view, &row.calls)).fold(until, u64::max);
        Self { case, rows, axis: Axis::new(start, missed), until, end, found: ids }
    }

    /// What it is called: its case or scenario; of a recording the session.
    pub(super) fn name(&self) -> &'v str
    where
        't: 'v,
    {
        if self.case.is_empty() {
            self.rows.iter().find_map(|row| row.session).unwrap_or("calls without a session")
        } else {
            self.case
        }
    }

    /// What happens in it, where it is a scenario.
    pub(super) fn shows(&self, view: &View<'_>) -> Option<&'static str> {
        if view.trace.header.subject == Subject::Server {
            return None;
        }
        let scenarios = crate::host::scenarios(view.api());
        scenarios.iter().find(|scenario| scenario.name() == self.case).map(Scenario::shows)
    }

    /// How long it took, in seconds.
    pub(super) fn long(&self) -> f64 {
        seconds(self.until.saturating_sub(self.axis.start()))
    }

    /// How much there is of it, in words, escaped.
    pub(super) fn facts(&self) -> String {
        let calls: usize = self.rows.iter().map(|row| row.calls.len()).sum();
        let sessions = self.rows.iter().filter(|row| row.session.is_some()).count();
        let mut words = vec![plural(calls, "call")];
        if sessions > 1 {
            words.push(plural(sessions, "session"));
        }
        if calls > 1 {
            words.push(format!("{:.1} s", self.long()));
        }
        words.extend(self.end.map(End::words));
        words.join(" · ")
    }
}

fn plural(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}

fn end<'t>(fact: &'t Fact, case: &str) -> Option<End<'t>> {
    match fact {
        Fact::ClientEnded { case: of, at, outcome, stopped, exit: _, why: _ } if of == case => {
            Some(End { at: *at, outcome: outcome.as_deref(), is_stopped: *stopped })
        }
        Fact::ClientEnded { .. }
        | Fact::ClientStarved { .. }
        | Fact::HostLag { .. }
        | Fact::ClientStarted { .. }
        | Fact::ClockMoved { .. }
        | Fact::ClockStuck { .. }
        | Fact::WaitedOut { .. }
        | Fact::Rerun { .. }
        | Fact::Stopped { .. } => None,
    }
}

impl End<'_> {
    /// In words, escaped.
    pub(super) fn words(self) -> String {
        match (self.is_stopped, self.outcome) {
            (true, _) => "had to be stopped".to_owned(),
            (false, Some(outcome)) => format!("said {}", shortened(outcome, LONGEST_WORD)),
            (false, None) => "said no outcome".to_owned(),
        }
    }
}
