//! An OpenAPI document as it stands in the repository: its value, its hash, and how to point into it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::finding::Finding;
use crate::lines::Lines;

/// One API's document. Work is done on the [`Value`]: a typed reader would silently drop keys it does not know.
#[derive(Clone, Debug)]
pub struct Document {
    /// Relative to the root of the repository, with `/`.
    pub path: String,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    pub value: Value,
    /// Which line of the file a pointer means.
    pub lines: Lines,
}

impl Document {
    /// Reads `spec/<api>/openapi.yaml`.
    pub fn load(root: &Path, api: &str) -> Result<Self> {
        let path = format!("spec/{api}/openapi.yaml");
        let file = root.join(&path);
        let text = std::fs::read_to_string(&file).with_context(|| format!("{path} cannot be read"))?;
        Self::parse(path, &text)
    }

    /// Reads a document from its text; `path` is for messages.
    ///
    /// # Errors
    /// A [`Finding`]: the text is no YAML, or no OpenAPI 3.0.
    pub fn parse(path: String, text: &str) -> Result<Self> {
        let value: Value = serde_saphyr::from_str(text).map_err(|cause| unreadable(&path, &cause))?;
        let lines = Lines::of(text);
        let version = value.get("openapi").and_then(Value::as_str).unwrap_or("none");
        if !version.starts_with("3.0.") {
            return Err(Finding {
                line: lines.line("/openapi"),
                file: path,
                place: "/openapi".to_owned(),
                what: format!("the version is {version}, and the generator reads 3.0.x"),
                mend: "write `openapi: 3.0.3` and what OpenAPI 3.0 has for the rest".to_owned(),
            }
            .into());
        }
        let sha256 = Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self { path, sha256, value, lines })
    }

    /// What is wrong at a place of this document.
    pub fn finding(&self, place: impl Into<String>, what: impl Into<String>, mend: impl Into<String>) -> Finding {
        let place = place.into();
        let line = self.lines.line(&place);
        Finding { file: self.path.clone(), line, place, what: what.into(), mend: mend.into() }
    }

    /// The value at a JSON pointer.
    pub fn at(&self, pointer: &str) -> Result<&Value> {
        self.value.pointer(pointer).with_context(|| format!("{}: nothing at {pointer}", self.path))
    }

    /// Every operation: its operationId and its value.
    pub fn operations(&self) -> impl Iterator<Item = (&str, &Value)> {
        let paths = self.value.get("paths").and_then(Value::as_object);
        paths.into_iter().flat_map(|paths| paths.values()).filter_map(Value::as_object).flat_map(|path_item| {
            path_item.values().filter_map(|operation| Some((operation.get("operationId")?.as_str()?, operation)))
        })
    }
}

fn unreadable(path: &str, cause: &serde_saphyr::Error) -> Finding {
    let location = cause.location();
    let text = cause.without_snippet().to_string();
    Finding {
        file: path.to_owned(),
        line: location.map(|location| location.line()),
        place: location.map(|location| format!("column {}", location.column())).unwrap_or_default(),
        what: format!("this is no readable YAML: {}", text.lines().next().unwrap_or_default()),
        mend: "mend the YAML at or just before this place".to_owned(),
    }
}

/// The root of the repository.
pub fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refused() {
        let advice = "write `openapi: 3.0.3` and what OpenAPI 3.0 has for the rest";
        for (text, expected) in [
            ("a: 1\nopenapi: 3.1.0", "spec/x.yaml:2: /openapi: the version is 3.1.0, and the generator reads 3.0.x; "),
            ("info: {}", "spec/x.yaml:1: /openapi: the version is none, and the generator reads 3.0.x; "),
        ] {
            let error = Document::parse("spec/x.yaml".into(), text).unwrap_err().to_string();
            assert_eq!(error, format!("{expected}{advice}"));
        }
        let broken = Document::parse("spec/x.yaml".into(), "a: [1\nb: 2").unwrap_err().to_string();
        assert!(broken.starts_with("spec/x.yaml:2: column") && broken.contains("no readable YAML"), "{broken}");
    }
}
