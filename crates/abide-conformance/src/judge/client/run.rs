//! One run of a client: the calls that it made in one scenario, and how it ended.

use std::collections::BTreeMap;

use super::measure::{Delays, Time};
use crate::judge::view::{Call, View};
use crate::trace::{Body, Fact, Operation};

/// One run of a client.
#[derive(Debug)]
pub(super) struct Run<'v, 't> {
    pub(super) case: &'t str,
    pub(super) calls: Vec<&'v Call<'t>>,
    pub(super) end: Option<End<'t>>,
    pub(super) delays: Delays,
}

/// How a client ended.
#[derive(Clone, Copy, Debug)]
pub(super) struct End<'t> {
    pub(super) at: u64,
    outcome: Option<&'t str>,
    exit: Option<i32>,
    /// Whether the host ended it.
    stopped: bool,
    /// Why the host ended it, unless it was because the scenario was over; otherwise why nobody knows what it said.
    why: Option<&'t str>,
}

/// The runs of a trace, by their scenario; those without a call too.
pub(super) fn runs<'v, 't>(view: &'v View<'t>) -> Vec<Run<'v, 't>> {
    let mut cases: BTreeMap<&'t str, Vec<&'v Call<'t>>> = BTreeMap::new();
    for fact in &view.trace.facts {
        if let Fact::ClientStarted { case, .. } = fact {
            cases.entry(case).or_default();
        }
    }
    for call in &view.calls {
        cases.entry(call.exchange.case.as_str()).or_default().push(call);
    }
    let run = |(case, calls)| Run { case, calls, end: end(view, case), delays: Delays::of(view, case) };
    cases.into_iter().map(run).collect()
}

fn end<'t>(view: &View<'t>, case: &str) -> Option<End<'t>> {
    view.trace.facts.iter().rev().find_map(|fact| match fact {
        Fact::ClientEnded { case: of, at, outcome, exit, stopped, why } if of == case => {
            Some(End { at: *at, outcome: outcome.as_deref(), exit: *exit, stopped: *stopped, why: why.as_deref() })
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
    })
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

    /// Why nobody knows what a client said that ended by itself.
    pub(super) fn unheard(&self) -> Option<&'t str> {
        self.end.filter(|end| !end.stopped)?.why
    }

    /// Whether the host ended the client before the scenario was over.
    pub(super) fn was_hopeless(&self) -> bool {
        self.end.is_some_and(|end| end.stopped && end.why.is_some())
    }

    /// How long the client went on after a reply until the host ended it, where the host did.
    pub(super) fn hung_after(&self, call: &Call<'_>) -> Option<Time> {
        let end = self.end.filter(|end| end.stopped && end.why.is_none())?;
        Some(Time { from: call.exchange.received, to: end.at })
    }

    /// The end in a sentence.
    pub(super) fn said(&self) -> String {
        match self.end {
            None => "nothing, and its end was not seen".to_owned(),
            Some(End { stopped: false, why: Some(why), .. }) => {
                format!("what is not known: {}", crate::report::safe(why))
            }
            Some(End { why: Some(why), .. }) => format!("nothing, and had to be stopped: {}", crate::report::safe(why)),
            Some(End { stopped: true, .. }) => "nothing, and had to be stopped".to_owned(),
            Some(End { outcome: None, exit: Some(code), .. }) => format!("no outcome, and exit code {code}"),
            Some(End { outcome: None, exit: None, .. }) => "no outcome".to_owned(),
            Some(End { outcome: Some(word), .. }) => format!("`{}`", crate::report::safe(word)),
        }
    }
}

/// Whether the reply is a whole 2xx with JSON.
pub(super) fn is_answered(call: &Call<'_>) -> bool {
    call.success().is_some() && call.json.is_some()
}

/// Whether the reply was an error of any kind, a broken connection included: such a gap is exempt from the pace.
pub(crate) fn is_disturbed(call: &Call<'_>) -> bool {
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

/// Whether the client was turned away before it learnt anything: every call that was answered got a 401, 403 or 404, the
/// creation aside.
pub(super) fn is_turned_away(run: &Run<'_, '_>) -> Option<u16> {
    let of_creation = run.calls.iter().rev().find(|call| call.operation() == Operation::CreateSession);
    let last = run.polls().last().copied().or(of_creation.copied())?;
    let status = last.status().filter(|status| matches!(status, 401 | 403 | 404))?;
    run.answered().is_empty().then_some(status)
}
