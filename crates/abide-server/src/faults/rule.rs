//! Which fault strikes how often, and where: `NAME`, `NAME:PROBABILITY`, `NAME:PROBABILITY@/PATH`.

use std::{fmt, str::FromStr};

use super::{Fault, faults};
use crate::{breakage::named, error::ServerError};

/// A fault with its probability and the paths that it strikes.
///
/// ```
/// use abide_server::FaultRule;
///
/// let rule: FaultRule = "reset-in-body:0.3@/v2/session/status".parse()?;
/// assert_eq!((rule.probability(), rule.path()), (0.3, "/v2/session/status"));
/// let always: FaultRule = "html-200".parse()?;
/// assert_eq!(always.to_string(), "html-200:1");
/// assert!("html-200:2".parse::<FaultRule>().is_err());
/// # Ok::<(), abide_server::ServerError>(())
/// ```
#[derive(Debug, Clone)]
pub struct FaultRule {
    pub(super) fault: &'static Fault,
    probability: f64,
    path: String,
}

impl FaultRule {
    /// The fault.
    pub const fn fault(&self) -> &'static Fault {
        self.fault
    }

    /// From 0, never, to 1, always.
    pub const fn probability(&self) -> f64 {
        self.probability
    }

    /// What the path of a call begins with; empty is every call.
    pub fn path(&self) -> &str {
        &self.path
    }
}

impl FromStr for FaultRule {
    type Err = ServerError;

    fn from_str(text: &str) -> Result<Self, ServerError> {
        let wrong = || ServerError::FaultSyntax { text: text.to_owned() };
        let (what, path) = text.split_once('@').unwrap_or((text, ""));
        let (name, probability) = what.split_once(':').unwrap_or((what, "1"));
        let probability = probability.parse().ok().filter(|it| (0.0..=1.0).contains(it)).ok_or_else(wrong)?;
        if text.contains('@') && !path.starts_with('/') {
            return Err(wrong());
        }
        Ok(Self { fault: named(faults(), name)?, probability, path: path.to_owned() })
    }
}

impl fmt::Display for FaultRule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.fault.name(), self.probability)?;
        if self.path.is_empty() { Ok(()) } else { write!(formatter, "@{}", self.path) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Result<&str, &str>) {
        match (text.parse::<FaultRule>(), expected) {
            (Ok(rule), Ok(written)) => assert_eq!(rule.to_string(), written),
            (Err(error), Err(part)) => {
                assert!(error.is_usage() && error.to_string().contains(part), "{error}");
            }
            (found, expected) => panic!("{text}: {found:?}, expected {expected:?}"),
        }
    }

    #[test]
    fn rules() {
        check("latency", Ok("latency:1"));
        check("latency:0", Ok("latency:0"));
        check("latency:0.25", Ok("latency:0.25"));
        check("latency@/v2", Ok("latency:1@/v2"));
        check("latency:0.5@/sessions/abc", Ok("latency:0.5@/sessions/abc"));
        check("", Err("no fault \"\""));
        check("slow", Err("no fault \"slow\""));
        for text in ["latency:", "latency:1.1", "latency:-1", "latency:nan", "latency:often", "latency@v2", "latency@"]
        {
            check(text, Err("write NAME"));
        }
    }
}
