//! `ambiguities.toml`: every silence and contradiction of an API's documents, and what was decided.

use std::path::Path;

use anyhow::{Context, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The register of one API.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ambiguities {
    /// In the order of the documents.
    pub ambiguity: Vec<Ambiguity>,
}

/// One silence or contradiction.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Ambiguity {
    /// Fixed for ever, such as `HUM-Q-202-BODY`.
    pub id: String,
    /// What the documents leave open, as a question.
    pub question: String,
    /// What the documents say or show about it, document by document.
    pub evidence: Vec<Evidence>,
    /// The readings that make sense, at least two.
    pub options: Vec<String>,
    /// The reading that we follow.
    pub decided: String,
    /// Why.
    pub why: String,
    /// What the decision touches.
    pub touches: Touches,
}

/// What one document says.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// A key of `x-documents` in the OpenAPI document.
    pub document: String,
    /// What it says or shows, in our words.
    pub says: String,
}

/// What a decision touches; at least one of the lists holds something.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Touches {
    /// Ids in `requirements.toml`.
    #[serde(default)]
    pub requirements: Vec<String>,
    /// JSON pointers into the OpenAPI document.
    #[serde(default)]
    pub at: Vec<String>,
}

impl Ambiguities {
    /// Reads `spec/<api>/ambiguities.toml`.
    pub fn load(root: &Path, api: &str) -> Result<Self> {
        let path = format!("spec/{api}/ambiguities.toml");
        let text = std::fs::read_to_string(root.join(&path)).with_context(|| format!("{path} cannot be read"))?;
        toml::from_str(&text).with_context(|| format!("{path} is not as spec/ambiguities.schema.json says"))
    }
}
