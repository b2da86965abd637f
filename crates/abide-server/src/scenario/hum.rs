//! How a Hum session goes: when each agent settles, and with what.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{must_be_span, shape::Shape};

/// The `[hum]` part of a scenario.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(crate) struct HumCourse {
    pub(crate) geocoding: Agent,
    pub(crate) internet: Agent,
    /// How its answers look.
    pub(crate) shapes: Vec<Shape>,
}

/// What becomes of an agent; what is missing is as on any server.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Agent {
    /// Seconds after creation.
    after: Option<f64>,
    /// It stays pending.
    pub(crate) never: bool,
    pub(crate) outcome: Option<Outcome>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Outcome {
    Matched,
    /// Of geocoding only.
    Multiple,
    Failed,
}

impl HumCourse {
    pub(super) fn check(&self) -> Result<(), String> {
        self.geocoding.check("hum.geocoding")?;
        self.internet.check("hum.internet")?;
        if self.internet.outcome == Some(Outcome::Multiple) {
            return Err("hum.internet can be matched or failed".to_owned());
        }
        Ok(())
    }
}

impl Agent {
    fn check(&self, field: &str) -> Result<(), String> {
        if self.never && (self.after.is_some() || self.outcome.is_some()) {
            return Err(format!("{field} that never settles has no after and no outcome"));
        }
        self.after.map_or(Ok(()), |seconds| must_be_span(&format!("{field}.after"), seconds))
    }

    /// How long after creation it settles; `None` as on any server.
    pub(crate) fn settles_after(&self) -> Option<Duration> {
        self.after.map(Duration::from_secs_f64)
    }
}
