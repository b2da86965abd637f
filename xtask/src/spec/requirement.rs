//! `requirements.toml`: every rule of an API's documents, numbered.

use std::path::Path;

use anyhow::{Context, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// All requirements of one API.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Requirements {
    /// In the order in which people read them: server first, then client.
    pub requirement: Vec<Requirement>,
}

/// One rule.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Requirement {
    /// Fixed for ever, such as `CAL-COUNT-SUM`.
    pub id: String,
    /// Whether breaking it makes an implementation fail.
    pub level: Level,
    /// How we know it.
    pub kind: Kind,
    /// Whom it binds.
    pub binds: Binds,
    /// The condition under which it binds; without one it always does.
    pub when: Option<String>,
    /// The rule in our words.
    pub says: String,
    /// The document that it comes from: a key of `x-documents` in the OpenAPI document.
    pub document: String,
    /// The section of that document.
    pub section: String,
    /// The place in the OpenAPI document, as a JSON pointer.
    pub at: String,
    /// The decision behind it: an id in `ambiguities.toml`. Every assumed rule has one.
    pub ambiguity: Option<String>,
    /// The checks that judge it, by name.
    #[serde(default)]
    pub checks: Vec<String>,
    /// The planted bugs that its checks must catch, by name.
    #[serde(default)]
    pub planted_bugs: Vec<String>,
}

/// How much a rule weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Breaking it fails an implementation.
    Must,
    /// Breaking it is a warning.
    Should,
}

/// How we know a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A document says it.
    Documented,
    /// It follows from what a document says or shows.
    Implied,
    /// The documents are silent or contradict each other; our decision.
    Assumed,
}

/// Who has to keep to a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Binds {
    /// An implementation of the API.
    Server,
    /// A program that uses it.
    Client,
}

impl Requirements {
    /// Reads `spec/<api>/requirements.toml`.
    pub fn load(root: &Path, api: &str) -> Result<Self> {
        let path = format!("spec/{api}/requirements.toml");
        let text = std::fs::read_to_string(root.join(&path)).with_context(|| format!("{path} cannot be read"))?;
        toml::from_str(&text).with_context(|| format!("{path} is not as spec/requirements.schema.json says"))
    }
}
