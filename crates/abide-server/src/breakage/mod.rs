//! What can be wrong, or merely different, with a server: chosen by name, off unless asked for.
//!
//! ```text
//!  caller ── faults ── variations ── bugs ── the good server ── scenario (stored with each session)
//!            the wire   legal ways    broken rules               how a session goes
//! ```
//!
//! Each kind is a layer of its own over the good server, which knows of none of them but the scenario.

pub(crate) mod answer;
pub(crate) mod call;
pub(crate) mod change;
pub(crate) mod layer;
pub(crate) mod memory;
pub(crate) mod writing;

use std::sync::Arc;

use axum::{Router, middleware};

use self::{
    change::Placed,
    layer::{Changes, change},
};
use crate::{
    bugs::{Bug, bugs},
    clock::ServerClock,
    config::Config,
    error::ServerError,
    faults::{Board, FaultRule, strike},
    scenario::Scenario,
    variations::{Variation, variations},
};

/// What is wrong, or different, with a server on purpose; by default nothing.
///
/// ```
/// use abide_server::Breakage;
///
/// let breakage = Breakage::none().with_bug("cal-count-sum-off-by-one")?.with_variation("pretty-json")?;
/// assert_eq!(breakage.bugs().count(), 1);
/// assert!(Breakage::none().with_bug("no-such-bug").is_err());
/// # Ok::<(), abide_server::ServerError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Breakage {
    bugs: Vec<&'static Bug>,
    variations: Vec<&'static Variation>,
    faults: Vec<FaultRule>,
    fault_seed: u64,
    scenario: Option<Scenario>,
}

impl Breakage {
    /// A server without fault.
    pub fn none() -> Self {
        Self::default()
    }

    /// Plants a bug, named as in [`bugs`](crate::bugs()).
    pub fn with_bug(mut self, name: &str) -> Result<Self, ServerError> {
        self.bugs.push(named(bugs(), name)?);
        Ok(self)
    }

    /// Lets the server take a freedom that the documents leave, named as in [`variations`](crate::variations()).
    pub fn with_variation(mut self, name: &str) -> Result<Self, ServerError> {
        self.variations.push(named(variations(), name)?);
        Ok(self)
    }

    /// Lets calls be struck by a fault: `NAME`, `NAME:PROBABILITY` or `NAME:PROBABILITY@/PATH`, named as in
    /// [`faults`](crate::faults()). Of several that strike at once, the first acts; delays add up.
    pub fn with_fault(mut self, rule: &str) -> Result<Self, ServerError> {
        self.faults.push(rule.parse()?);
        Ok(self)
    }

    /// Which calls are struck: the same seed strikes the same calls, by their order.
    #[must_use]
    pub const fn with_fault_seed(mut self, seed: u64) -> Self {
        self.fault_seed = seed;
        self
    }

    /// Lets every session that is created go so.
    #[must_use]
    pub fn with_scenario(mut self, scenario: Scenario) -> Self {
        self.scenario = Some(scenario);
        self
    }

    /// The planted bugs.
    pub fn bugs(&self) -> impl Iterator<Item = &'static Bug> {
        self.bugs.iter().copied()
    }

    /// The freedoms that the server takes.
    pub fn variations(&self) -> impl Iterator<Item = &'static Variation> {
        self.variations.iter().copied()
    }

    /// The faults that strike.
    pub fn faults(&self) -> &[FaultRule] {
        &self.faults
    }

    /// How sessions go.
    pub fn scenario(&self) -> Option<&Scenario> {
        self.scenario.as_ref()
    }

    /// Where the faults that strike can be switched.
    pub(crate) fn board(&self) -> Arc<Board> {
        Arc::new(Board::new(self.fault_seed, &self.faults))
    }

    /// Lays what was chosen around the good server.
    pub(crate) fn around(&self, good: Router, config: &Config, clock: &ServerClock, board: &Arc<Board>) -> Router {
        let bugs = self.bugs().map(|bug| Placed { api: Some(bug.api()), change: bug.change() });
        let variations = self.variations().map(|it| Placed { api: it.api(), change: it.change() });
        let changed = match Changes::of(bugs.chain(variations), config, clock.clone()) {
            Some(changes) => good.layer(middleware::from_fn_with_state(Arc::new(changes), change)),
            None => good,
        };
        if self.faults.is_empty() && !config.test_hooks {
            return changed;
        }
        changed.layer(middleware::from_fn_with_state(Arc::clone(board), strike))
    }
}

/// What is chosen by a name.
pub(crate) trait Named {
    /// What it is, as an error calls it; `--list` takes its plural.
    const KIND: &'static str;

    fn name(&self) -> &str;
}

/// The one of that name.
pub(crate) fn named<T: Named>(mut all: impl Iterator<Item = T>, name: &str) -> Result<T, ServerError> {
    all.find(|one| one.name() == name)
        .ok_or_else(|| ServerError::UnknownBreakage { kind: T::KIND, name: name.to_owned() })
}

impl<T: Named> Named for &T {
    const KIND: &'static str = T::KIND;

    fn name(&self) -> &str {
        (*self).name()
    }
}
