//! One run of a client: the calls that it made in one scenario, and how it ended.

use std::collections::BTreeMap;

use crate::judge::view::{Call, View};
use crate::trace::{Body, Fact, Operation};

/// One run of a client.
#[derive(Debug)]
pub(super) struct Run<'v, 't> {
    pub(super) calls: Vec<&'v Call<'t>>,
    pub(super) end: Option<End<'t>>,
    /// What a gap may be wrong by, in microseconds.
    pub(super) slack: u64,
}

/// How a client ended.
#[derive(Clone, Copy, Debug)]
pub(super) struct End<'t> {
    pub(super) outcome: Option<&'t str>,
    /// Whether the host ended it.
    pub(super) stopped: bool,
}

/// The runs of a trace, by their scenario.
pub(super) fn runs<'v, 't>(view: &'v View<'t>) -> Vec<Run<'v, 't>> {
    let mut cases: BTreeMap<&str, Vec<&'v Call<'t>>> = BTreeMap::new();
    for call in &view.calls {
        cases.entry(call.exchange.case.as_str()).or_default().push(call);
    }
    cases.into_iter().map(|(case, calls)| run(view, case, calls)).collect()
}

fn run<'v, 't>(view: &View<'t>, case: &str, calls: Vec<&'v Call<'t>>) -> Run<'v, 't> {
    let mut end = None;
    let mut lag = 0;
    for fact in &view.trace.facts {
        match fact {
            Fact::ClientEnded { case: of, outcome, stopped, .. } if of == case => {
                end = Some(End { outcome: outcome.as_deref(), stopped: *stopped });
            }
            Fact::HostLag { case: of, lag: longest } if of == case => lag = (*longest).max(lag),
            Fact::ClientEnded { .. }
            | Fact::HostLag { .. }
            | Fact::ClientStarted { .. }
            | Fact::ClockMoved { .. }
            | Fact::ClockStuck { .. }
            | Fact::WaitedOut { .. }
            | Fact::Rerun { .. }
            | Fact::Stopped { .. } => {}
        }
    }
    Run { calls, end, slack: view.trace.header.tolerance.saturating_add(lag) }
}

impl<'v, 't> Run<'v, 't> {
    /// The status calls.
    pub(super) fn polls(&self) -> Vec<&'v Call<'t>> {
        self.calls.iter().copied().filter(|call| call.operation().is_status()).collect()
    }

    /// The status calls with a whole 2xx answer.
    pub(super) fn answered(&self) -> Vec<&'v Call<'t>> {
        self.polls().into_iter().filter(|call| is_answered(call)).collect()
    }

    pub(super) fn created(&self) -> Option<&'v Call<'t>> {
        self.calls.iter().copied().find(|call| call.operation() == Operation::CreateSession && call.success().is_some())
    }

    /// The word that the client ended with by itself.
    pub(super) fn outcome(&self) -> Option<&'t str> {
        self.end.filter(|end| !end.stopped).and_then(|end| end.outcome)
    }

    /// Whether the client ended by itself, with a word or without.
    pub(super) fn ended(&self) -> bool {
        self.end.is_some_and(|end| !end.stopped)
    }

    /// The word in a sentence.
    pub(super) fn said(&self) -> String {
        match self.end {
            None => "nothing, and its end was not seen".to_owned(),
            Some(End { stopped: true, .. }) => "nothing, and had to be stopped".to_owned(),
            Some(End { outcome: None, .. }) => "nothing".to_owned(),
            Some(End { outcome: Some(word), .. }) => format!("`{}`", crate::report::safe(word)),
        }
    }
}

/// Whether the reply is a whole 2xx with JSON.
pub(super) fn is_answered(call: &Call<'_>) -> bool {
    call.success().is_some() && call.json.is_some()
}

/// Whether the reply was an error of any kind, a broken connection included: such a gap is exempt from the pace.
pub(super) fn is_disturbed(call: &Call<'_>) -> bool {
    match call.answer() {
        None => true,
        Some(answer) => {
            let is_broken = matches!(
                answer.body,
                Body::Truncated { .. } | Body::Timeout { .. } | Body::NotJson { .. } | Body::TooLarge { .. }
            );
            !answer.is_success() || is_broken
        }
    }
}

/// A time in a sentence.
pub(super) fn seconds(micros: u64) -> String {
    format!("{:.2} s", std::time::Duration::from_micros(micros).as_secs_f64())
}
