//! A part of a document: its value, where it stands, and how to go on from there.

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::document::Document;

/// More references in a row than this are a loop.
const LONGEST_CHAIN: usize = 64;

/// A value and its place.
#[derive(Clone, Debug)]
pub struct Part<'a> {
    document: &'a Document,
    pub value: &'a Value,
    /// A JSON pointer, or `METHOD /path: ` and a pointer from there.
    pub at: String,
}

impl<'a> Part<'a> {
    /// The whole document.
    pub fn root(document: &'a Document) -> Self {
        Self { document, value: &document.value, at: String::new() }
    }

    /// The same value under another name for its place.
    pub fn called(self, at: String) -> Self {
        Self { at, ..self }
    }

    /// What stands under a key, if anything does.
    pub fn get(&self, key: &str) -> Option<Self> {
        Some(self.child(key, self.value.get(key)?))
    }

    pub fn text(&self, key: &str) -> Option<&'a str> {
        self.value.get(key)?.as_str()
    }

    /// A flag that is off unless it is written.
    pub fn flag(&self, key: &str) -> bool {
        self.value.get(key).and_then(Value::as_bool).unwrap_or(false)
    }

    /// Keys and parts of an object.
    pub fn entries(&self) -> Result<Vec<(&'a str, Self)>> {
        let object = self.value.as_object();
        let object = object.with_context(|| format!("{} is no object; write keys and values there", self.name()))?;
        Ok(object.iter().map(|(key, value)| (key.as_str(), self.child(key, value))).collect())
    }

    /// Keys and parts of the object under a key; none where the key is missing.
    pub fn entries_of(&self, key: &str) -> Result<Vec<(&'a str, Self)>> {
        self.get(key).map_or_else(|| Ok(Vec::new()), |part| part.entries())
    }

    /// Parts of a list.
    pub fn items(&self) -> Result<Vec<Self>> {
        let list = self.value.as_array();
        let list = list.with_context(|| format!("{} is no list; write one there", self.name()))?;
        Ok(list.iter().enumerate().map(|(index, value)| self.child(&index.to_string(), value)).collect())
    }

    /// Parts of the list under a key; none where the key is missing.
    pub fn items_of(&self, key: &str) -> Result<Vec<Self>> {
        self.get(key).map_or_else(|| Ok(Vec::new()), |part| part.items())
    }

    /// The part itself, or what its `$ref` leads to.
    pub fn resolve(&self) -> Result<Self> {
        let mut part = self.clone();
        for _ in 0..LONGEST_CHAIN {
            match part.text("$ref") {
                Some(reference) => part = part.follow(reference)?,
                None => return Ok(part),
            }
        }
        bail!("{}: the $ref there leads back to itself; let it end at a definition", self.name())
    }

    /// What a reference leads to.
    pub fn follow(&self, reference: &str) -> Result<Self> {
        let Some(pointer) = reference.strip_prefix('#') else {
            bail!(
                "{}: `{reference}` leads out of the document; only references that start with #/ are followed",
                self.name()
            );
        };
        match self.document.value.pointer(pointer) {
            Some(value) => Ok(Self { document: self.document, value, at: pointer.to_owned() }),
            None => bail!("{}: `{reference}` leads nowhere; define it or mend the reference", self.name()),
        }
    }

    /// Document and place, for messages.
    pub fn name(&self) -> String {
        let place = if self.at.is_empty() { "the document" } else { self.at.trim_end_matches(": ") };
        format!("{}: {place}", self.document.path)
    }

    fn child(&self, key: &str, value: &'a Value) -> Self {
        Self { document: self.document, value, at: below(&self.at, key) }
    }
}

/// The place of a key below a place.
pub fn below(at: &str, key: &str) -> String {
    format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let document = Document::parse("a.yaml".into(), &format!("openapi: 3.0.3\n{text}")).unwrap();
        let error = Part::root(&document).get("start").unwrap().resolve().unwrap_err().to_string();
        assert_eq!(error, expected, "{text}");
    }

    #[test]
    fn references_that_end_nowhere() {
        check("start: {$ref: '#/gone'}", "a.yaml: /start: `#/gone` leads nowhere; define it or mend the reference");
        check(
            "start: {$ref: 'b.yaml#/x'}",
            "a.yaml: /start: `b.yaml#/x` leads out of the document; only references that start with #/ are followed",
        );
        check(
            "start: {$ref: '#/start'}",
            "a.yaml: /start: the $ref there leads back to itself; let it end at a definition",
        );
    }

    #[test]
    fn wrong_shapes_are_named() {
        let document = Document::parse("a.yaml".into(), "openapi: 3.0.3\npaths: 1").unwrap();
        let root = Part::root(&document);
        let entries = root.entries_of("paths").unwrap_err().to_string();
        assert_eq!(entries, "a.yaml: /paths is no object; write keys and values there");
        assert_eq!(root.items_of("paths").unwrap_err().to_string(), "a.yaml: /paths is no list; write one there");
        assert!(root.items_of("tags").unwrap().is_empty());
    }
}
