//! Scenarios: how the sessions of a server go, written down.
//!
//! A scenario is fixed for a session when it is created and stored with it, so that a session stays a pure function of
//! what was stored and of the time. Its seconds are those of speed 1; a faster server divides them.

mod builtin;
mod calmyx;
mod hum;
mod shape;

use serde::Deserialize;

pub use self::builtin::scenarios;
pub(crate) use self::{
    calmyx::{CalmyxCourse, End, Fate},
    hum::{Agent, HumCourse, Outcome},
    shape::{Shape, dressed},
};
use crate::{breakage::Named, error::ServerError};

/// How sessions go, one part for each API; a part that is missing leaves that API as it is.
///
/// ```
/// use abide_server::Scenario;
///
/// let scenario = Scenario::from_toml(
///     "halfway",
///     r#"
///     says = "Every third location fails, and the session itself after four."
///
///     [calmyx]
///     queued = 1.0                     # seconds at speed 1
///     finish = [2.0, 2.5, 3.0, 9.0]    # when the first, the second ... location is done; the rest with the last
///     end = "failed"
///     after = 4                        # locations
///     fail = [{ every = 3, error = "Listing limit reached" }]
///
///     [hum]
///     geocoding = { after = 1.0, outcome = "multiple" }
///     internet = { never = true }
///     "#,
/// )?;
/// assert_eq!(scenario.name(), "halfway");
/// # Ok::<(), abide_server::ServerError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    name: String,
    script: Script,
}

/// What a scenario file holds.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Script {
    says: String,
    calmyx: Option<CalmyxCourse>,
    hum: Option<HumCourse>,
}

impl Scenario {
    /// The built-in scenario of that name, one of [`scenarios`].
    pub fn named(name: &str) -> Result<Self, ServerError> {
        crate::breakage::named(scenarios(), name)
    }

    /// A scenario from the text of a file; `name` is what errors call it.
    pub fn from_toml(name: &str, text: &str) -> Result<Self, ServerError> {
        let wrong = |problem: String| ServerError::Scenario { name: name.to_owned(), source: problem.into() };
        let script: Script = toml::from_str(text).map_err(|error| wrong(in_one_line(&error, text)))?;
        script.calmyx.as_ref().map_or(Ok(()), CalmyxCourse::check).map_err(wrong)?;
        script.hum.as_ref().map_or(Ok(()), HumCourse::check).map_err(wrong)?;
        Ok(Self { name: name.to_owned(), script })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What happens, in one sentence.
    pub fn says(&self) -> &str {
        &self.script.says
    }

    pub(crate) fn calmyx(&self) -> Option<&CalmyxCourse> {
        self.script.calmyx.as_ref()
    }

    pub(crate) fn hum(&self) -> Option<&HumCourse> {
        self.script.hum.as_ref()
    }
}

impl Named for Scenario {
    const KIND: &'static str = "scenario";

    fn name(&self) -> &str {
        &self.name
    }
}

/// What is wrong, and in which line, without the picture that the reader draws of it.
fn in_one_line(error: &toml::de::Error, text: &str) -> String {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    format!("line {}: {}", before.matches('\n').count() + 1, error.message().replace('\n', " "))
}

/// Whether these are seconds that a session can take.
fn is_span(seconds: f64) -> bool {
    (0.0..=1e9).contains(&seconds)
}

fn must_be_span(field: &str, seconds: f64) -> Result<(), String> {
    if is_span(seconds) { Ok(()) } else { Err(format!("{field} must be a number of seconds from 0 to a billion")) }
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Result<(), &str>) {
        match (Scenario::from_toml("own.toml", &format!("says = \"A.\"\n{text}")), expected) {
            (Ok(_), Ok(())) => {}
            (Err(error), Err(part)) => {
                assert!(error.is_usage() && error.to_string().contains("own.toml"), "{error}");
                let cause = error.source().unwrap().to_string();
                assert!(cause.contains(part), "{cause}");
            }
            (found, expected) => panic!("{text}: {found:?}, expected {expected:?}"),
        }
    }

    #[test]
    fn texts_that_are_no_scenario() {
        check("calmyx = 1", Err("line 2: invalid type"));
        check("[clamyx]", Err("line 2: unknown field `clamyx`"));
        check("[calmyx]\nqueue = 1", Err("unknown field `queue`"));
        check("[calmyx]\nend = \"exploded\"", Err("unknown variant `exploded`"));
        check("[calmyx]\nqueued = -1", Err("queued must be"));
        check("[calmyx]\nqueued = nan", Err("queued must be"));
        check("[calmyx]\npace = inf", Err("pace must be"));
        check("[calmyx]\nfinish = [3, 2]", Err("finish must"));
        check("[calmyx]\nfinish = [1]\npace = 1", Err("finish and pace"));
        check("[calmyx]\nfinish = []", Err("finish must"));
        check("[calmyx]\nfail = [{ error = \"x\" }]", Err("every"));
        check("[calmyx]\nfail = [{ every = 0 }]", Err("every"));
        check("[hum]\ninternet = { outcome = \"multiple\" }", Err("internet"));
        check("[hum]\ngeocoding = { after = 1, never = true }", Err("geocoding"));
        check("[hum]\ngeocoding = { after = -1 }", Err("geocoding"));
        check("[hum]\nshapes = [\"round\"]", Err("unknown variant `round`"));
    }

    #[test]
    fn texts_that_are_scenarios() {
        check("", Ok(()));
        check("[calmyx]\n[hum]", Ok(()));
        check("[calmyx]\nfinish = [1, 1, 2.5]\nend = \"never\"\nafter = 2\nfail = []", Ok(()));
        check("[calmyx]\npace = 0\nfail = [{ locations = [0], error = \"own words\" }]", Ok(()));
        check("[hum]\ngeocoding = { after = 1, outcome = \"multiple\" }\nshapes = [\"zip-as-number\"]", Ok(()));
    }

    #[test]
    fn every_built_in_scenario_has_a_sentence() {
        for scenario in scenarios() {
            assert!(scenario.says().ends_with('.') && !scenario.says().contains(". "), "{}", scenario.name());
            assert_eq!(Scenario::named(scenario.name()).unwrap(), scenario);
        }
    }
}
