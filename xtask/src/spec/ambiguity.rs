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
    #[schemars(regex(pattern = "^[A-Z]+-Q(-[A-Z0-9]+)+$"))]
    pub id: String,
    /// What the documents leave open, as a question.
    pub question: String,
    /// What the documents say or show about it, document by document.
    #[schemars(length(min = 1))]
    pub evidence: Vec<Evidence>,
    /// The readings that make sense, at least two.
    #[schemars(length(min = 2))]
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
        Self::parse(&path, &text)
    }

    /// Reads a register from its text; `path` is for messages.
    pub fn parse(path: &str, text: &str) -> Result<Self> {
        toml::from_str(text).with_context(|| format!("{path} is not as spec/ambiguities.schema.json says"))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::document::{Document, root};
    use crate::spec::requirement::Requirements;

    const COUNTS: [(&str, usize); 2] = [("calmyx", 31), ("hum", 37)];

    fn all_hold(promise: impl Fn(&str, &Document, &Requirements, &Ambiguity) -> bool) {
        for (api, _) in COUNTS {
            let (document, requirements) =
                (Document::load(&root(), api).unwrap(), Requirements::load(&root(), api).unwrap());
            let register = Ambiguities::load(&root(), api).unwrap();
            let broken = register.ambiguity.iter().filter(|entry| !promise(api, &document, &requirements, entry));
            assert_eq!(broken.map(|entry| entry.id.as_str()).collect::<Vec<_>>(), Vec::<&str>::new());
        }
    }

    #[test]
    fn counts() {
        for (api, expected) in COUNTS {
            let register = Ambiguities::load(&root(), api).unwrap().ambiguity;
            assert_eq!(register.len(), expected, "{api}");
            assert_eq!(register.iter().map(|entry| &entry.id).collect::<BTreeSet<_>>().len(), expected, "{api}: ids");
        }
    }

    #[test]
    fn ids_name_their_api() {
        all_hold(|api, _, _, entry| {
            let prefix = if api == "calmyx" { "CAL-Q-" } else { "HUM-Q-" };
            entry.id.strip_prefix(prefix).is_some_and(|rest| {
                rest.split('-').all(|word| {
                    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
                })
            })
        });
    }

    #[test]
    fn a_choice_was_made_on_evidence() {
        all_hold(|_, document, _, entry| {
            let documents = &document.value["x-documents"];
            let options: BTreeSet<&String> = entry.options.iter().collect();
            entry.question.ends_with('?')
                && options.len() >= 2
                && options.len() == entry.options.len()
                && !entry.evidence.is_empty()
                && entry.evidence.iter().all(|evidence| documents.get(&evidence.document).is_some())
        });
    }

    #[test]
    fn what_is_touched_exists() {
        all_hold(|_, document, requirements, entry| {
            let Touches { requirements: ids, at } = &entry.touches;
            !(ids.is_empty() && at.is_empty())
                && ids.iter().all(|id| requirements.requirement.iter().any(|row| row.id == *id))
                && at.iter().all(|pointer| document.at(pointer).is_ok())
        });
    }

    #[test]
    fn sentences_are_whole() {
        all_hold(|_, _, _, entry| {
            let says = entry.evidence.iter().map(|evidence| &evidence.says);
            let texts = [&entry.question, &entry.decided, &entry.why].into_iter().chain(&entry.options).chain(says);
            texts.into_iter().all(|text| !text.is_empty() && text.trim() == text && !text.contains("  "))
        });
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        const ENTRY: &str = "[[ambiguity]]\nid = \"X-Q-A\"\nquestion = \"a?\"\noptions = []\ndecided = \"d\"\nwhy = \"w\"\n\
            touches.at = []\nevidence = []\n";
        Ambiguities::parse("x", ENTRY).unwrap();
        for (text, expected) in [
            (ENTRY.replace("why", "because"), "unknown field `because`"),
            (ENTRY.replace("why = \"w\"\n", ""), "missing field `why`"),
            (ENTRY.replace("touches.at", "touches.place"), "unknown field `place`"),
        ] {
            let error = format!("{:#}", Ambiguities::parse("spec/x/ambiguities.toml", &text).unwrap_err());
            assert!(
                error.starts_with("spec/x/ambiguities.toml is not as spec/ambiguities.schema.json says"),
                "{error}"
            );
            assert!(error.contains(expected), "{error}");
        }
    }
}
