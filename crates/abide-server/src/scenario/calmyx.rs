//! How a Calmyx session goes: when it starts, when each location finishes and how, and whether it ends.

use std::{borrow::Cow, time::Duration};

use serde::{Deserialize, Serialize};

use super::{must_be_span, shape::Shape};
use crate::documented::calmyx::ERROR_SCORE;

/// The `[calmyx]` part of a scenario.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(crate) struct CalmyxCourse {
    /// Seconds in the queue.
    queued: Option<f64>,
    /// Seconds after submission at which the first, second ... location finishes; those left over, with the last.
    finish: Option<Vec<f64>>,
    /// Seconds from the start to the first finished location, and from each to the next.
    pace: Option<f64>,
    pub(crate) end: End,
    /// How many locations finish before the session fails, or stops for ever.
    after: Option<usize>,
    /// Which locations fail; where it is missing, one in fifty does, as on any server.
    fail: Option<Vec<Failing>>,
    /// How its answers look.
    pub(crate) shapes: Vec<Shape>,
}

/// How a session ends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum End {
    /// When every location has finished.
    #[default]
    Completed,
    /// With the session FAILED, at work.
    Failed,
    /// With the session FAILED, before it started.
    FailedInQueue,
    /// It does not.
    Never,
}

/// What becomes of a location.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// The script does not say; it goes as on any server.
    Unwritten,
    Succeeds,
    /// In one of the ways to fail, which [`CalmyxCourse::error`] has the message of.
    Fails(usize),
}

/// Some locations that fail, by their places in the create call, counted from 0.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Failing {
    #[serde(default)]
    locations: Vec<usize>,
    /// 3 is every third.
    every: Option<usize>,
    #[serde(default = "score_failed")]
    error: Cow<'static, str>,
}

const fn score_failed() -> Cow<'static, str> {
    Cow::Borrowed(ERROR_SCORE)
}

impl CalmyxCourse {
    pub(super) fn check(&self) -> Result<(), String> {
        self.queued.map_or(Ok(()), |seconds| must_be_span("calmyx.queued", seconds))?;
        self.pace.map_or(Ok(()), |seconds| must_be_span("calmyx.pace", seconds))?;
        if let Some(finish) = &self.finish {
            finish.iter().try_for_each(|seconds| must_be_span("calmyx.finish", *seconds))?;
            if finish.is_empty() || !finish.is_sorted() {
                return Err("calmyx.finish must be seconds in rising order, one at least".to_owned());
            }
            if self.pace.is_some() {
                return Err("calmyx.finish and pace exclude each other".to_owned());
            }
        }
        if self.fail.iter().flatten().any(Failing::names_nothing) {
            return Err("calmyx.fail needs locations, or every with a number from 1".to_owned());
        }
        Ok(())
    }

    /// How long after submission work starts; `None` as on any server.
    pub(crate) fn starts_after(&self) -> Option<Duration> {
        self.queued.map(Duration::from_secs_f64)
    }

    /// How long after submission the location finishes that is the `position`-th to do so, counted from 0; `None` as
    /// on any server. `start` is when work starts.
    pub(crate) fn finishes_after(&self, position: usize, start: Duration) -> Option<Duration> {
        let seconds = match (&self.finish, self.pace) {
            (Some(finish), _) => *finish.get(position).or(finish.last())?,
            #[expect(clippy::cast_precision_loss, reason = "a session has at most hundreds of locations")]
            (None, Some(pace)) => start.as_secs_f64() + pace * (position + 1) as f64,
            (None, None) => return None,
        };
        Some(Duration::from_secs_f64(seconds).max(start))
    }

    /// How many of `count` locations finish before the session fails or stops.
    pub(crate) fn finished_before_end(&self, count: usize) -> usize {
        let all = match self.end {
            End::Completed | End::Failed => count,
            // A session whose locations are all done is over, whatever it is called.
            End::Never => count.saturating_sub(1),
            End::FailedInQueue => 0,
        };
        match self.end {
            End::Completed => all,
            End::Failed | End::Never | End::FailedInQueue => self.after.unwrap_or(all).min(all),
        }
    }

    /// What the script says about a location, counted from 0.
    pub(crate) fn fate(&self, location: usize) -> Fate {
        let Some(fail) = &self.fail else { return Fate::Unwritten };
        fail.iter().position(|failing| failing.meets(location)).map_or(Fate::Succeeds, Fate::Fails)
    }

    /// The message of one of the ways to fail.
    pub(crate) fn error(&self, way: usize) -> &str {
        self.fail.as_ref().and_then(|fail| fail.get(way)).map_or(ERROR_SCORE, |failing| &failing.error)
    }
}

impl Failing {
    fn names_nothing(&self) -> bool {
        self.every == Some(0) || (self.every.is_none() && self.locations.is_empty())
    }

    fn meets(&self, location: usize) -> bool {
        self.locations.contains(&location) || self.every.is_some_and(|every| (location + 1).is_multiple_of(every))
    }
}
