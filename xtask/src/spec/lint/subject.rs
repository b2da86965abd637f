//! What is looked at: one API's document, its registers and its examples.

use std::path::Path;

use anyhow::{Context, Result};
use serde::de::DeserializeOwned;

use crate::document::Document;
use crate::finding::Finding;
use crate::spec::ambiguity::Ambiguities;
use crate::spec::requirement::Requirements;

/// All files of one API.
#[derive(Debug)]
pub struct Subject {
    pub document: Document,
    /// Where there is one.
    pub requirements: Option<Register<Requirements>>,
    /// Where there is one.
    pub ambiguities: Option<Register<Ambiguities>>,
    pub examples: Vec<Example>,
}

/// A file below `examples/`.
#[derive(Clone, Debug)]
pub struct Example {
    /// As a document names it: `examples/<operationId>/<name>.json`.
    pub path: String,
    pub text: String,
}

/// A register, with its text for the lines.
#[derive(Debug)]
pub struct Register<T> {
    /// Relative to the root of the repository.
    pub path: String,
    pub text: String,
    pub content: T,
}

impl Subject {
    /// Reads all files in `folder`, which is relative to the root.
    pub fn load(root: &Path, folder: &str) -> Result<Self> {
        let path = format!("{folder}/openapi.yaml");
        let text = std::fs::read_to_string(root.join(&path)).with_context(|| format!("{path} cannot be read"))?;
        Ok(Self {
            document: Document::parse(path, &text)?,
            requirements: Register::load(root, format!("{folder}/requirements.toml"))?,
            ambiguities: Register::load(root, format!("{folder}/ambiguities.toml"))?,
            examples: examples(&root.join(folder), "examples")?,
        })
    }
}

impl<T: DeserializeOwned> Register<T> {
    fn load(root: &Path, path: String) -> Result<Option<Self>> {
        let file = root.join(&path);
        if !file.exists() {
            return Ok(None);
        }
        let text = std::fs::read_to_string(&file).with_context(|| format!("{path} cannot be read"))?;
        Self::parse(path, text).map(Some)
    }

    /// Reads a register from its text.
    ///
    /// # Errors
    /// A [`Finding`].
    pub fn parse(path: String, text: String) -> Result<Self> {
        match toml::from_str(&text) {
            Ok(content) => Ok(Self { path, text, content }),
            Err(cause) => {
                let before = cause.span().and_then(|span| text.get(..span.start));
                Err(Finding {
                    file: path,
                    line: before.map(line_after),
                    place: String::new(),
                    what: cause.message().trim().to_owned(),
                    mend: "its JSON Schema under spec/ lists the keys".to_owned(),
                }
                .into())
            }
        }
    }
}

impl<T> Register<T> {
    /// What is wrong with the entry of this id.
    pub fn finding(&self, id: &str, what: impl Into<String>, mend: impl Into<String>) -> Finding {
        let quoted = format!("id = \"{id}\"");
        // The last one: of two entries with one id, the second is the one to change.
        let line = self.text.rfind(&quoted).and_then(|at| self.text.get(..at)).map(line_after);
        Finding { file: self.path.clone(), line, place: id.to_owned(), what: what.into(), mend: mend.into() }
    }
}

fn line_after(text: &str) -> u64 {
    1 + text.bytes().filter(|byte| *byte == b'\n').count() as u64
}

/// Every file below a folder, in the order of their names.
fn examples(base: &Path, below: &str) -> Result<Vec<Example>> {
    let folder = base.join(below);
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut names = Vec::new();
    for entry in std::fs::read_dir(&folder).with_context(|| format!("{} cannot be read", folder.display()))? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    let mut found = Vec::new();
    for name in names {
        let path = format!("{below}/{name}");
        if base.join(&path).is_dir() {
            found.extend(examples(base, &path)?);
        } else {
            let text = std::fs::read_to_string(base.join(&path)).with_context(|| format!("{path} cannot be read"))?;
            found.push(Example { path, text });
        }
    }
    Ok(found)
}
