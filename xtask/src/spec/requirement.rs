//! `requirements.toml`: every rule of an API's documents, numbered.

use std::fmt;
use std::path::Path;

use anyhow::{Context, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// All requirements of one API.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Requirements {
    /// How the rules that bind a client are measured.
    #[serde(default)]
    pub measuring: Vec<String>,
    /// In the order in which people read them: server first, then client.
    pub requirement: Vec<Requirement>,
    /// What a client may say at the end, by how its session ended.
    #[serde(default)]
    pub outcome: Vec<Outcome>,
}

/// One rule.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Requirement {
    /// Fixed for ever, such as `CAL-COUNT-SUM`.
    #[schemars(regex(pattern = "^[A-Z]+(-[A-Z0-9]+)+$"))]
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
    #[schemars(regex(pattern = "^/"))]
    pub at: String,
    /// The decision behind it: an id in `ambiguities.toml`. Every assumed rule has one.
    pub ambiguity: Option<String>,
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

impl fmt::Display for Level {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Must => "MUST",
            Self::Should => "SHOULD",
        })
    }
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

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Documented => "documented",
            Self::Implied => "implied",
            Self::Assumed => "assumed",
        })
    }
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

impl fmt::Display for Binds {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Server => "server",
            Self::Client => "client",
        })
    }
}

/// The words that a client may end with after a session that ended in one way.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// How the session ended.
    pub session: String,
    /// Each of these is right.
    #[schemars(length(min = 1))]
    pub accepted: Vec<Word>,
    /// The rules that another word breaks.
    #[serde(default)]
    pub requirements: Vec<String>,
}

/// How a client says that its wait ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Word {
    /// Done, and nothing failed.
    Completed,
    /// Done, and some of it failed.
    Partial,
    /// The session failed.
    Failed,
    /// Expired or closed.
    Gone,
    /// Stopped waiting; the session may still live.
    GaveUp,
    /// Anything else that went wrong.
    Error,
}

impl Requirements {
    /// Reads `spec/<api>/requirements.toml`.
    pub fn load(root: &Path, api: &str) -> Result<Self> {
        let path = format!("spec/{api}/requirements.toml");
        let text = std::fs::read_to_string(root.join(&path)).with_context(|| format!("{path} cannot be read"))?;
        Self::parse(&path, &text)
    }

    /// Reads a catalogue from its text; `path` is for messages.
    pub fn parse(path: &str, text: &str) -> Result<Self> {
        toml::from_str(text).with_context(|| format!("{path} is not as spec/requirements.schema.json says"))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::document::{Document, root};
    use crate::spec::ambiguity::Ambiguities;

    /// Server and client rows of each API: a row that is lost or added shows here.
    const COUNTS: [(&str, usize, usize); 2] = [("calmyx", 34, 9), ("hum", 23, 10)];

    /// The catalogue of an API, with its rows that do not hold `promise`.
    fn all_hold(promise: impl Fn(&str, &Document, &Ambiguities, &Requirement) -> bool) {
        for (api, ..) in COUNTS {
            let (document, ambiguities) =
                (Document::load(&root(), api).unwrap(), Ambiguities::load(&root(), api).unwrap());
            let catalogue = Requirements::load(&root(), api).unwrap();
            let broken = catalogue.requirement.iter().filter(|row| !promise(api, &document, &ambiguities, row));
            assert_eq!(broken.map(|row| row.id.as_str()).collect::<Vec<_>>(), Vec::<&str>::new());
        }
    }

    #[test]
    fn counts() {
        for (api, servers, clients) in COUNTS {
            let rows = Requirements::load(&root(), api).unwrap().requirement;
            let count = |binds| rows.iter().filter(|row| row.binds == binds).count();
            assert_eq!((count(Binds::Server), count(Binds::Client)), (servers, clients), "{api}");
            assert_eq!(rows.iter().map(|row| &row.id).collect::<BTreeSet<_>>().len(), rows.len(), "{api}: ids");
        }
    }

    #[test]
    fn ids_name_their_api_and_side() {
        all_hold(|api, _, _, row| {
            let prefix = if api == "calmyx" { "CAL-" } else { "HUM-" };
            let words = row.id.strip_prefix(prefix).is_some_and(|rest| {
                rest.split('-').all(|word| {
                    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
                })
            });
            words && row.id.contains("-CLIENT-") == (row.binds == Binds::Client) && !row.id.contains("-Q-")
        });
    }

    #[test]
    fn places_and_documents_exist() {
        all_hold(|_, document, _, row| {
            document.at(&row.at).is_ok() && document.value["x-documents"].get(&row.document).is_some()
        });
    }

    #[test]
    fn what_is_assumed_is_decided() {
        all_hold(|_, _, _, row| row.kind != Kind::Assumed || row.ambiguity.is_some());
        all_hold(|_, _, ambiguities, row| {
            row.ambiguity.as_ref().is_none_or(|id| {
                let decision = ambiguities.ambiguity.iter().find(|ambiguity| ambiguity.id == *id);
                decision.is_some_and(|decision| decision.touches.requirements.contains(&row.id))
            })
        });
    }

    #[test]
    fn sentences_are_whole() {
        all_hold(|_, _, _, row| {
            let texts = [&row.says, &row.section].into_iter().chain(&row.when);
            texts.into_iter().all(|text| !text.is_empty() && text.trim() == text && !text.contains("  "))
        });
    }

    #[test]
    fn outcomes_name_rules_of_the_client() {
        for (api, ..) in COUNTS {
            let catalogue = Requirements::load(&root(), api).unwrap();
            assert!(!catalogue.measuring.is_empty() && !catalogue.outcome.is_empty());
            for id in catalogue.outcome.iter().flat_map(|outcome| &outcome.requirements) {
                let rule = catalogue.requirement.iter().find(|row| row.id == *id);
                assert_eq!(rule.map(|row| row.binds), Some(Binds::Client), "{id}");
            }
        }
    }

    fn refused(text: &str, expected: &str) {
        let error = format!("{:#}", Requirements::parse("spec/x/requirements.toml", text).unwrap_err());
        assert!(error.starts_with("spec/x/requirements.toml is not as spec/requirements.schema.json says"), "{error}");
        assert!(error.contains(expected), "{text}\n  gave {error}\n  wanted {expected}");
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        const ROW: &str = "[[requirement]]\nid = \"X-A\"\nlevel = \"must\"\nkind = \"implied\"\nbinds = \"server\"\n\
            says = \"a\"\ndocument = \"d\"\nsection = \"s\"\nat = \"/info\"\n";
        Requirements::parse("x", ROW).unwrap();
        refused("", "missing field `requirement`");
        refused(&ROW.replace("at = \"/info\"\n", ""), "missing field `at`");
        refused(&ROW.replace("must", "may"), "unknown variant `may`");
        refused(&format!("{ROW}planted_bugs = []"), "unknown field `planted_bugs`");
        refused(&format!("{ROW}says = \"b\""), "duplicate key");
        refused(&format!("{ROW}[[outcome]]\nsession = \"s\"\naccepted = [\"done\"]"), "unknown variant `done`");
    }
}
