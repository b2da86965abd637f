//! From a trace to a verdict: one pure function, and one small function for each requirement.
//!
//! [`judge`] looks at nothing but the trace, so the same trace always has the same verdict. What a check may conclude
//! from time it concludes from ranges: whatever the other side did about a request, it did between sending and
//! receiving. A slow machine can make a verdict inconclusive, never a false accusation.

mod access;
mod calmyx;
mod client;
mod evidence;
mod hum;
mod patience;
mod retry_after;
mod stamp;
mod usable;
mod value;
mod view;

pub(crate) use access::ASKED_TO_BE_SURE;
#[cfg(test)]
pub(crate) use calmyx::{Sent as CalmyxSent, read_sent as calmyx_sent};
pub(crate) use client::{Delays, LEAST_GROWTH_PERCENT, is_change, is_disturbed};
pub(crate) use hum::is_settled;
#[cfg(test)]
pub(crate) use hum::{Sent as HumSent, read_sent as hum_sent};
pub(crate) use retry_after::{read as read_retry_after, retry_after};

use evidence::{Broken, Evidence};
pub(crate) use view::{Call, Session, View};

use crate::catalogue::{Api, Binds, Requirement};
use crate::report::{Finding, Report, RequirementVerdict, Verdict, Whole, curl, json::FORMAT};
use crate::trace::{Fact, Subject, Trace};

/// How many findings of one requirement a report holds.
pub(crate) const MOST_FINDINGS: usize = 5;

/// What judges one requirement.
pub(crate) type Check = fn(&View<'_>) -> Evidence;

/// Judges a trace by every requirement of its API that binds its subject.
///
/// ```
/// use abide_conformance::catalogue::Api;
/// use abide_conformance::report::Whole;
/// use abide_conformance::trace::{Header, Source, Subject, Trace};
///
/// let header = Header::new(Api::Calmyx, Subject::Server, Source::Recorded, "http://127.0.0.1:8080");
/// let report = abide_conformance::judge(&Trace::new(header));
/// assert_eq!(report.verdict, Whole::NotJudged, "there is nothing in it");
/// ```
pub fn judge(trace: &Trace) -> Report {
    let view = View::new(trace);
    let header = &trace.header;
    let unusable = usable::problem(&view);
    let rows = header.api.requirements().iter().filter(|requirement| header.subject.includes(requirement.binds));
    let requirements: Vec<_> = rows
        .map(|requirement| {
            let evidence = match &unusable {
                Some(problem) => Evidence::unless(problem),
                None => evidence(&view, requirement),
            };
            verdict(&view, requirement, evidence)
        })
        .collect();
    let stopped = stopped(trace).or_else(|| client::first_trouble(&view));
    Report {
        format: FORMAT.to_owned(),
        api: header.api,
        subject: header.subject,
        target: header.target.clone(),
        verdict: whole(header.api, unusable.is_some(), stopped.is_some(), client::is_hopeless(&view), &requirements),
        clock: header.clock,
        seed: header.seed,
        strict: header.strict,
        problem: unusable.or(stopped).or_else(|| usable::breakdown(&view)),
        requirements,
    }
}

fn evidence(view: &View<'_>, requirement: &Requirement) -> Evidence {
    let check = checks(view.api()).find(|(id, _)| *id == requirement.id);
    check.map_or_else(|| Evidence::unless("there is no check for it"), |(_, check)| check(view))
}

/// Every check of an API, with the id of its requirement.
fn checks(api: Api) -> impl Iterator<Item = &'static (&'static str, Check)> {
    let (server, client) = match api {
        Api::Calmyx => (calmyx::SERVER, client::CALMYX),
        Api::Hum => (hum::SERVER, client::HUM),
    };
    server.iter().chain(client)
}

fn verdict(view: &View<'_>, requirement: &Requirement, evidence: Evidence) -> RequirementVerdict {
    let strict = view.trace.header.strict;
    let (verdict, reason) = if !evidence.broken.is_empty() {
        (if requirement.fails(strict) { Verdict::Failed } else { Verdict::Warned }, None)
    } else if let Some(excuse) = evidence.suspicions.into_iter().next() {
        (Verdict::Inconclusive, Some(excuse))
    } else if evidence.judged > 0 {
        (Verdict::Passed, None)
    } else if let Some(doubt) = evidence.doubts.into_iter().next() {
        (Verdict::Inconclusive, Some(doubt))
    } else {
        let early = view.trace.facts.iter().find_map(stop_of).filter(|_| requirement.binds == Binds::Server);
        let unmet = evidence.unmet;
        (Verdict::NotExercised, Some(if early.is_some() { format!("{unmet}; the run ended early") } else { unmet }))
    };
    RequirementVerdict {
        id: requirement.id.to_owned(),
        level: requirement.level,
        kind: requirement.kind,
        verdict,
        reason,
        findings: findings(view, requirement, evidence.broken),
        judged: evidence.judged,
    }
}

/// The first few, those of the shortest run that showed it before all others.
fn findings(view: &View<'_>, requirement: &Requirement, mut broken: Vec<Broken>) -> Vec<Finding> {
    let shown = view.trace.facts.iter().rev().find_map(|fact| rerun(fact, requirement.id));
    let is_shown = |broken: &Broken| shown.is_some_and(|rerun| (rerun.first..=rerun.last).contains(&broken.exchange));
    broken.sort_by_key(|broken| !is_shown(broken));
    broken.truncate(MOST_FINDINGS);
    let finding = |broken: Broken| Finding {
        curl: Some(broken.exchange)
            .filter(|_| requirement.binds == Binds::Server)
            .and_then(|it| curl::commands(view, it)),
        seen: shown.filter(|_| is_shown(&broken)).map(|rerun| format!("{} of {}", rerun.seen, rerun.runs)),
        scenario: scenario(view, broken.exchange),
        expected: broken.expected,
        found: broken.found,
        exchange: broken.exchange,
    };
    broken.into_iter().map(finding).collect()
}

/// The scenario of an exchange, where clients play them.
fn scenario(view: &View<'_>, number: u32) -> Option<String> {
    let exchange = view.trace.exchange(number).filter(|_| view.trace.header.subject == Subject::Client)?;
    Some(exchange.case.clone()).filter(|case| !case.is_empty())
}

#[derive(Clone, Copy)]
struct Rerun {
    first: u32,
    last: u32,
    seen: u32,
    runs: u32,
}

fn rerun(fact: &Fact, id: &str) -> Option<Rerun> {
    match fact {
        Fact::Rerun { requirement, first, last, seen, runs } if requirement == id => {
            Some(Rerun { first: *first, last: *last, seen: *seen, runs: *runs })
        }
        Fact::Rerun { .. }
        | Fact::ClockMoved { .. }
        | Fact::ClockStuck { .. }
        | Fact::WaitedOut { .. }
        | Fact::Stopped { .. }
        | Fact::ClientStarted { .. }
        | Fact::ClientEnded { .. }
        | Fact::ClientStarved { .. }
        | Fact::HostLag { .. } => None,
    }
}

fn stopped(trace: &Trace) -> Option<String> {
    trace.facts.iter().find_map(stop_of)
}

/// Why a run ended early, where that is what the fact says.
fn stop_of(fact: &Fact) -> Option<String> {
    match fact {
        Fact::Stopped { why, .. } => Some(why.clone()),
        Fact::Rerun { .. }
        | Fact::ClockMoved { .. }
        | Fact::ClockStuck { .. }
        | Fact::WaitedOut { .. }
        | Fact::ClientStarted { .. }
        | Fact::ClientEnded { .. }
        | Fact::ClientStarved { .. }
        | Fact::HostLag { .. } => None,
    }
}

fn whole(
    api: Api,
    is_unusable: bool,
    is_stopped: bool,
    is_hopeless: bool,
    requirements: &[RequirementVerdict],
) -> Whole {
    let open = |row: &RequirementVerdict| match row.verdict {
        Verdict::Inconclusive => row.level == crate::catalogue::Level::Must,
        Verdict::NotExercised => row.requirement(api).is_some_and(Requirement::is_obligatory),
        Verdict::Failed | Verdict::Warned | Verdict::Passed => false,
    };
    if is_unusable {
        Whole::NotJudged
    } else if requirements.iter().any(|row| row.verdict == Verdict::Failed) {
        Whole::NotConformant
    } else if is_hopeless {
        Whole::NotJudged
    } else if is_stopped || requirements.iter().any(open) {
        Whole::Incomplete
    } else {
        Whole::Conformant
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_requirement_has_its_check_and_every_check_its_requirement() {
        for api in Api::ALL {
            let listed: Vec<&str> = api.requirements().iter().map(|requirement| requirement.id).collect();
            let checked: Vec<&str> = checks(api).map(|(id, _)| *id).collect();
            assert_eq!(listed, checked, "in the order of requirements.toml");
            assert_eq!(checked.iter().collect::<BTreeSet<_>>().len(), checked.len());
        }
    }
}
