//! An OpenAPI document as it stands in the repository: its value, its hash, and how to point into it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// One API's document. Work is done on the [`Value`]: a typed reader would silently drop keys it does not know.
#[derive(Clone, Debug)]
pub struct Document {
    /// Relative to the root of the repository, with `/`.
    pub path: String,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    pub value: Value,
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
    pub fn parse(path: String, text: &str) -> Result<Self> {
        let value: Value =
            serde_saphyr::from_str(text).map_err(|cause| anyhow::anyhow!("{path} is no readable YAML: {cause}"))?;
        let version = value.get("openapi").and_then(Value::as_str).unwrap_or("none");
        if !version.starts_with("3.0.") {
            bail!("{path}: `openapi` is {version}; the generator reads 3.0.x, so write `openapi: 3.0.3`");
        }
        let sha256 = Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self { path, sha256, value })
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
        for (text, expected) in [
            ("openapi: 3.1.0", "spec/x.yaml: `openapi` is 3.1.0; the generator reads 3.0.x, so write `openapi: 3.0.3`"),
            ("info: {}", "spec/x.yaml: `openapi` is none; the generator reads 3.0.x, so write `openapi: 3.0.3`"),
        ] {
            assert_eq!(Document::parse("spec/x.yaml".into(), text).unwrap_err().to_string(), expected);
        }
        let broken = Document::parse("spec/x.yaml".into(), "a: [1\nb: 2").unwrap_err().to_string();
        assert!(broken.starts_with("spec/x.yaml is no readable YAML:") && broken.contains("line"), "{broken}");
    }
}
