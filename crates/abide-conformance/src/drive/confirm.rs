//! From a finding to a proof: the shortest steps that show it, and how reliably they do.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::Value;

use super::driver::{Driver, Stop};
use super::plan::{Access, Step, words};
use super::random::simpler;
use super::time::micros;
use crate::catalogue::Api;
use crate::judge::judge;
use crate::report::Verdict;
use crate::trace::{Fact, Operation, Trace};

/// How often the shortest steps are taken in all.
const RUNS: u32 = 8;
/// How many variants are tried on the way to the shortest.
const MOST_VARIANTS: u32 = 60;
/// How long the proof of one finding may take, on the driver's clock.
const LONGEST: Duration = Duration::from_secs(30);

/// A requirement that is broken in a part of the trace, with the first exchange that shows it.
#[derive(Clone, Debug)]
pub(crate) struct Suspicion {
    requirement: String,
    exchange: u32,
}

impl Suspicion {
    /// The requirement that is broken.
    pub(crate) fn id(&self) -> &str {
        &self.requirement
    }
}

impl Driver {
    /// What is broken in a part of the trace, apart from what is known already.
    pub(crate) fn suspicions(&self, (first, last): (u32, u32), known: &BTreeSet<String>) -> Vec<Suspicion> {
        let report = judge(&self.part(first, last, true));
        let broken =
            report.requirements.into_iter().filter(|row| matches!(row.verdict, Verdict::Failed | Verdict::Warned));
        let first_finding = |row: crate::report::RequirementVerdict| {
            let finding = row.findings.iter().find(|finding| (first..=last).contains(&finding.exchange))?;
            Some(Suspicion { exchange: finding.exchange, requirement: row.id })
        };
        broken.filter_map(first_finding).filter(|suspicion| !known.contains(&suspicion.requirement)).collect()
    }

    /// The findings that nobody tried again, with the first exchange that shows each.
    pub(crate) fn seen_once(&self) -> Vec<(String, u32)> {
        let is_known = |id: &str| {
            let is_rerun = |fact: &Fact| matches!(fact, Fact::Rerun { requirement, .. } if requirement == id);
            self.trace().facts.iter().any(is_rerun)
        };
        let rows = judge(self.trace()).requirements;
        let broken = rows.into_iter().filter(|row| !is_known(&row.id));
        broken.filter_map(|row| Some((row.id, row.findings.first()?.exchange))).collect()
    }

    /// Looks for the shortest steps that show what a fixed case found, and takes them again and again.
    pub(crate) async fn prove(&mut self, suspicion: &Suspicion) -> Result<(), Stop> {
        self.tell(&format!("the shortest proof for {}", suspicion.requirement));
        // What takes long to show is waited for in full, but not again and again.
        let usual = self.waits;
        if suspicion.requirement.ends_with("-LIVENESS") {
            self.waits = self.patience;
        }
        let proven = self.first_that_shows(suspicion).await;
        self.waits = usual;
        proven
    }

    async fn first_that_shows(&mut self, suspicion: &Suspicion) -> Result<(), Stop> {
        let until = self.time.now().saturating_add(micros(LONGEST));
        for steps in self.candidates(suspicion) {
            if self.time.now() > until {
                break;
            }
            if let Some(range) = self.shows(&suspicion.requirement, &steps).await? {
                return self.again(&suspicion.requirement, &steps, range, until).await;
            }
        }
        Ok(())
    }

    /// The same for what a random case found, whose steps are known.
    pub(crate) async fn shrink(&mut self, suspicion: &Suspicion, found: Vec<Step>) -> Result<(), Stop> {
        self.tell(&format!("the shortest proof for {}", suspicion.requirement));
        let until = self.time.now().saturating_add(micros(LONGEST));
        let (mut shortest, mut range) = (found, None);
        let mut tried = 0;
        'shorter: loop {
            for variant in simpler(&shortest) {
                if tried == MOST_VARIANTS || self.time.now() > until {
                    break 'shorter;
                }
                tried += 1;
                if let Some(shown) = self.shows(&suspicion.requirement, &variant).await? {
                    (shortest, range) = (variant, Some(shown));
                    continue 'shorter;
                }
            }
            break;
        }
        let until = self.time.now().saturating_add(micros(LONGEST));
        match range {
            Some(range) => self.again(&suspicion.requirement, &shortest, range, until).await,
            None => match self.shows(&suspicion.requirement, &shortest).await? {
                Some(range) => self.again(&suspicion.requirement, &shortest, range, until).await,
                None => {
                    let place = suspicion.exchange;
                    let fact = Fact::Rerun {
                        requirement: suspicion.requirement.clone(),
                        first: place,
                        last: place,
                        seen: 1,
                        runs: 2,
                    };
                    Ok(self.recorder.fact(fact)?)
                }
            },
        }
    }

    /// Takes the steps until they were taken often enough, or for long enough; `range` is the run that showed it first.
    async fn again(&mut self, id: &str, steps: &[Step], range: (u32, u32), until: u64) -> Result<(), Stop> {
        let (mut seen, mut runs) = (1, 1);
        while runs < RUNS && self.time.now() <= until {
            if self.shows_again(id, steps, runs).await?.is_some() {
                seen += 1;
            }
            runs += 1;
        }
        let (first, last) = range;
        let fact = Fact::Rerun { requirement: id.to_owned(), first, last, seen, runs };
        Ok(self.recorder.fact(fact)?)
    }

    /// Takes the steps, and tells by which exchanges they break the requirement, if they do.
    async fn shows(&mut self, id: &str, steps: &[Step]) -> Result<Option<(u32, u32)>, Stop> {
        self.shows_again(id, steps, 0).await
    }

    /// The same after so many runs of these steps.
    async fn shows_again(&mut self, id: &str, steps: &[Step], run: u32) -> Result<Option<(u32, u32)>, Stop> {
        let (first, last) = self.take_again(&format!("{id}: {}", words(steps)), steps, run).await?;
        let part = self.part(first, last, id.ends_with("-FOREIGN"));
        let verdict = judge(&part).requirement(id).map(|row| row.verdict);
        Ok(matches!(verdict, Some(Verdict::Failed | Verdict::Warned)).then_some((first, last)))
    }

    /// A part of the trace as a trace of its own. `with_unknown`: along with the earlier calls about ids that do not exist,
    /// which others are compared with.
    fn part(&self, first: u32, last: u32, with_unknown: bool) -> Trace {
        let trace = self.trace();
        let mut part = Trace::new(trace.header.clone());
        let is_in = |number: u32| (first..=last).contains(&number);
        let wanted = trace.exchanges.iter().filter(|exchange| {
            is_in(exchange.number) || (with_unknown && exchange.request.invented && exchange.number < first)
        });
        part.exchanges = wanted.cloned().collect();
        part.facts = trace.facts.iter().filter(|fact| matches!(fact, Fact::ClockMoved { .. })).cloned().collect();
        part
    }

    /// Steps that may show it, the shortest first.
    fn candidates(&self, suspicion: &Suspicion) -> Vec<Vec<Step>> {
        let mut all = shortest(self.api);
        let body = self.creation_of(suspicion.exchange);
        if let Some(body) = &body {
            all.insert(0, vec![Step::CreateWith(body.clone())]);
        }
        if self.can_skip_time() && self.api == Api::Hum {
            all.extend(aging());
        }
        let ends = match self.api {
            Api::Calmyx => vec![Step::Create(1), Step::Create(2), Step::Create(5), Step::Create(40)],
            Api::Hum => (0..4).map(Step::Create).collect(),
        };
        let ends = ends.into_iter().chain(body.map(Step::CreateWith));
        all.extend(ends.map(|create| vec![create, Step::Poll(0), Step::ToTheEnd(0)]));
        all
    }

    /// The body that created the session of an exchange.
    fn creation_of(&self, number: u32) -> Option<Value> {
        let exchange = self.exchange(number)?;
        let created = match &exchange.request.session {
            None => exchange,
            Some(id) => self.trace().exchanges.iter().find(|creation| {
                creation.request.operation == Operation::CreateSession
                    && self
                        .json(creation.number)
                        .is_some_and(|json| crate::wire::session_of_reply(self.api, &json) == Some(id.as_str()))
            })?,
        };
        serde_json::from_str(created.request.body.json()?).ok()
    }
}

/// Every kind of call once, with as little before it as it needs.
fn shortest(api: Api) -> Vec<Vec<Step>> {
    let others = [Access::None, Access::Wrong, Access::Second];
    let mut all = vec![vec![Step::CreateAs(Access::None)], vec![Step::CreateAs(Access::Wrong)]];
    all.extend((0..8).map(|kind| vec![Step::PollUnknown(kind)]));
    all.push(vec![Step::Create(1), Step::Poll(0)]);
    all.extend(others.map(|access| vec![Step::Create(1), Step::PollAs(0, access)]));
    all.push(vec![Step::Create(1), Step::Create(1)]);
    match api {
        Api::Calmyx => all.push(vec![Step::PollWithoutId]),
        Api::Hum => {
            let created = |step: Step| vec![Step::Create(0), step];
            all.push(created(Step::Close(0)));
            all.push(created(Step::Services(0)));
            all.extend(others.map(|access| created(Step::ServicesAs(0, access))));
            all.extend(others.map(|access| created(Step::CloseAs(0, access))));
            all.push(vec![Step::CloseUnknown(0)]);
            all.push(vec![Step::Create(0), Step::Close(0), Step::Poll(0)]);
            all.push(vec![Step::Create(0), Step::Close(0), Step::Poll(0), Step::Poll(0)]);
            all.push(vec![Step::Create(0), Step::Burst(0)]);
        }
    }
    all
}

/// The ways in which a session can expire wrongly.
fn aging() -> Vec<Vec<Step>> {
    let created = |steps: &[Step]| [&[Step::Create(0)], steps].concat();
    vec![
        created(&[Step::Age(104), Step::Poll(0)]),
        created(&[Step::Age(95), Step::Poll(0)]),
        created(&[Step::Age(50), Step::Poll(0), Step::Age(54), Step::Poll(0)]),
        created(&[Step::Age(50), Step::PollAs(0, Access::None), Step::Age(54), Step::Poll(0)]),
        created(&[Step::Age(104), Step::Poll(0), Step::Poll(0)]),
    ]
}
