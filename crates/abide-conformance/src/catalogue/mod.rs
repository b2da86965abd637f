//! The requirements of both APIs, and the documented numbers and words that they are judged by.
//!
//! Both come from `spec/` by `cargo xtask generate`; there is no second list. Every requirement has a check in
//! [`judge`](crate::judge), and a test holds the two together.

#[rustfmt::skip]
pub mod documented;
#[rustfmt::skip]
mod requirements;

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One of the two APIs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Api {
    /// Quiet scores of locations: sessions with an id in the query.
    Calmyx,
    /// Internet services at an address: sessions with a token in the path.
    Hum,
}

impl Api {
    /// Both, in the order of the documents.
    pub const ALL: [Self; 2] = [Self::Calmyx, Self::Hum];

    /// The word on a command line: `calmyx` or `hum`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Calmyx => "calmyx",
            Self::Hum => "hum",
        }
    }

    /// The name in a sentence.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Calmyx => "Calmyx",
            Self::Hum => "Hum",
        }
    }

    /// Every requirement, servers first, in the order of `requirements.toml`.
    pub fn requirements(self) -> &'static [Requirement] {
        match self {
            Self::Calmyx => requirements::CALMYX,
            Self::Hum => requirements::HUM,
        }
    }

    /// The requirement of that id.
    pub fn requirement(self, id: &str) -> Option<&'static Requirement> {
        self.requirements().iter().find(|requirement| requirement.id == id)
    }

    /// The environment variables of the first and the second credential.
    pub const fn variables(self) -> [&'static str; 2] {
        match self {
            Self::Calmyx => ["CALMYX_API_KEY", "CALMYX_API_KEY_2"],
            Self::Hum => ["HUM_API_TOKEN", "HUM_API_TOKEN_2"],
        }
    }
}

impl fmt::Display for Api {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for Api {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|api| api.name() == text).ok_or_else(|| "write calmyx or hum".to_owned())
    }
}

/// One rule of an API's documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Requirement {
    /// Fixed for ever, such as `CAL-COUNT-SUM`.
    pub id: &'static str,
    /// Whether breaking it fails an implementation.
    pub level: Level,
    /// How it is known.
    pub kind: Kind,
    /// Whom it binds.
    pub binds: Binds,
    /// The condition under which it binds; a row without one always does.
    pub when: Option<&'static str>,
    /// The rule in our words.
    pub says: &'static str,
    /// The title of the page that it comes from.
    pub document: &'static str,
    /// The section of that page.
    pub section: &'static str,
    /// The place in the OpenAPI document, as a JSON pointer.
    pub at: &'static str,
    /// The decision behind it, an id in `ambiguities.toml`.
    pub ambiguity: Option<&'static str>,
}

impl Requirement {
    /// Whether a run without evidence about it stays incomplete: a MUST without a condition.
    pub const fn is_obligatory(&self) -> bool {
        matches!(self.level, Level::Must) && self.when.is_none()
    }

    /// Whether breaking it fails an implementation: a MUST that is not only assumed, or anything in strict mode.
    pub const fn fails(&self, strict: bool) -> bool {
        strict || (matches!(self.level, Level::Must) && !matches!(self.kind, Kind::Assumed))
    }

    /// Where it comes from, for people: page and section.
    pub fn source(&self) -> String {
        format!("{}, section {}", self.document, self.section)
    }
}

/// How much a rule weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Breaking it fails an implementation, unless it is only assumed.
    Must,
    /// Breaking it is a warning.
    Should,
}

/// How a rule is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A document says it.
    Documented,
    /// It follows from what a document says or shows.
    Implied,
    /// The documents are silent or contradict each other; the project's decision.
    Assumed,
}

/// Who has to keep to a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Binds {
    /// An implementation of the API.
    Server,
    /// A program that uses it.
    Client,
}

impl fmt::Display for Level {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Must => "MUST",
            Self::Should => "SHOULD",
        })
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Documented => "documented",
            Self::Implied => "implied",
            Self::Assumed => "assumed",
        })
    }
}

impl fmt::Display for Binds {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Server => "server",
            Self::Client => "client",
        })
    }
}
