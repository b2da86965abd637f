//! What a judge comes to: about each requirement, and about the whole.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::catalogue::{Api, Kind, Level, Requirement};
use crate::trace::{Clock, Subject};

/// A verdict over one trace: the form of `report.json`, `abide-report/1`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// Always `abide-report/1`.
    pub format: String,
    /// The API.
    pub api: Api,
    /// Which side was judged.
    pub subject: Subject,
    /// The base URL of the server, or the command of the client.
    pub target: String,
    /// About the whole.
    pub verdict: Whole,
    /// How time passed: it decides what can be known about expiry.
    pub clock: Clock,
    /// The seed of the random cases.
    pub seed: u64,
    /// Whether a broken SHOULD fails.
    pub strict: bool,
    /// Why nothing, or not everything, could be judged; absent where all went well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// About each requirement of this side, in the order of the catalogue.
    pub requirements: Vec<RequirementVerdict>,
}

/// About the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Whole {
    /// Every MUST passed; conditional ones whose condition never arose aside.
    Conformant,
    /// At least one requirement failed.
    NotConformant,
    /// Nothing failed, but a MUST was not judged.
    Incomplete,
    /// The target could not be reached or used at all.
    NotJudged,
}

impl Whole {
    /// The word in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Conformant => "conformant",
            Self::NotConformant => "not-conformant",
            Self::Incomplete => "incomplete",
            Self::NotJudged => "not-judged",
        }
    }

    /// The exit code: 0, 1, 3 and 2.
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Conformant => 0,
            Self::NotConformant => 1,
            Self::NotJudged => 2,
            Self::Incomplete => 3,
        }
    }
}

/// About one requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Broken, and that fails the whole.
    Failed,
    /// Broken, but only a SHOULD or an assumption.
    Warned,
    /// There was evidence, and it cannot tell.
    Inconclusive,
    /// There was no evidence.
    NotExercised,
    /// There was evidence, and all of it was right.
    Passed,
}

impl Verdict {
    /// The word in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Warned => "warned",
            Self::Inconclusive => "inconclusive",
            Self::NotExercised => "not-exercised",
            Self::Passed => "passed",
        }
    }
}

/// The verdict about one requirement, with its reasons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RequirementVerdict {
    /// Such as `HUM-EXPIRY`.
    pub id: String,
    /// How much it weighs.
    pub level: Level,
    /// How it is known.
    pub kind: Kind,
    /// What the judge came to.
    pub verdict: Verdict,
    /// Why it was not exercised, or is inconclusive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What is wrong, the clearest first; at most a few.
    #[serde(default)]
    pub findings: Vec<Finding>,
    /// How many pieces of evidence were looked at.
    #[serde(default)]
    pub judged: usize,
}

impl RequirementVerdict {
    /// The requirement itself, with its sentence and source.
    pub fn requirement(&self, api: Api) -> Option<&'static Requirement> {
        api.requirement(&self.id)
    }
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// What the requirement asks for, about this very exchange.
    pub expected: String,
    /// What came instead.
    pub found: String,
    /// The number of the exchange in the trace.
    pub exchange: u32,
    /// Of a client: the scenario that it met; `--scenario` plays it alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scenario: Option<String>,
    /// Commands that ask the same again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub curl: Option<String>,
    /// How many of the runs that were made for it showed it, such as `8 of 8`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<String>,
}

impl Finding {
    /// Where it was seen, for people: the exchange, the scenario, and how often.
    pub(super) fn place(&self) -> String {
        let scenario = self.scenario.as_deref().map(|name| format!(" of scenario {name}")).unwrap_or_default();
        let seen = self.seen.as_deref().map(|seen| format!(", seen in {seen} runs")).unwrap_or_default();
        format!("exchange {}{scenario}{seen}", self.exchange)
    }
}

impl Report {
    /// The verdict about one requirement.
    pub fn requirement(&self, id: &str) -> Option<&RequirementVerdict> {
        self.requirements.iter().find(|requirement| requirement.id == id)
    }

    /// The ids of the requirements with one verdict.
    pub fn with(&self, verdict: Verdict) -> impl Iterator<Item = &RequirementVerdict> {
        self.requirements.iter().filter(move |requirement| requirement.verdict == verdict)
    }
}
