//! What a schema says once its references are followed and its `allOf` is put together.
//!
//! Two schemas that say the same thing give the same shape, however they are spread over components.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use anyhow::Result;
use serde_json::Value;

use super::change::Direction;
use super::part::{Part, below};

/// Keys that tell people something and bind nobody.
const SILENT: &[&str] = &["description", "title", "summary", "example", "examples", "externalDocs", "x-provenance"];

/// Whether a change of this key changes nothing.
pub fn is_silent(key: &str) -> bool {
    SILENT.contains(&key)
}

/// A schema as it is written: parts that hold together, as under `allOf`. No part means that anything goes.
#[derive(Clone, Debug)]
pub struct Schema<'a> {
    pub at: String,
    pub parts: Vec<Part<'a>>,
}

impl Schema<'_> {
    /// A schema that allows everything, where none is written.
    pub fn anything(at: String) -> Self {
        Self { at, parts: Vec::new() }
    }
}

impl<'a> From<Part<'a>> for Schema<'a> {
    fn from(part: Part<'a>) -> Self {
        Self { at: part.at.clone(), parts: vec![part] }
    }
}

/// A schema, put together.
#[derive(Clone, Debug)]
pub struct Shape<'a> {
    /// The place of the definition.
    pub at: String,
    pub nullable: bool,
    pub properties: BTreeMap<&'a str, Schema<'a>>,
    pub required: BTreeSet<&'a str>,
    /// Every other key, with its value in each part that has it.
    keys: BTreeMap<&'a str, Vec<Part<'a>>>,
    /// The places of all parts: two shapes of one document with the same places are the same.
    pub identity: Vec<String>,
}

impl<'a> Shape<'a> {
    /// Puts a schema together. A part that holds itself under `allOf` adds nothing to itself.
    pub fn of(schema: &Schema<'a>) -> Result<Self> {
        let mut shape = Self {
            at: schema.at.clone(),
            nullable: false,
            properties: BTreeMap::new(),
            required: BTreeSet::new(),
            keys: BTreeMap::new(),
            identity: Vec::new(),
        };
        let mut open: VecDeque<Part<'a>> = schema.parts.iter().cloned().collect();
        while let Some(part) = open.pop_front() {
            let part = part.resolve()?;
            if shape.identity.contains(&part.at) {
                continue;
            }
            if shape.identity.is_empty() {
                shape.at.clone_from(&part.at);
            }
            shape.identity.push(part.at.clone());
            for (key, value) in part.entries()? {
                match key {
                    "allOf" => open.extend(value.items()?),
                    _ => shape.take(key, value)?,
                }
            }
        }
        Ok(shape)
    }

    /// The same shape, never null.
    pub fn without_null(self) -> Self {
        Self { nullable: false, ..self }
    }

    fn take(&mut self, key: &'a str, value: Part<'a>) -> Result<()> {
        match key {
            "properties" => {
                for (name, property) in value.entries()? {
                    let schema = self.properties.entry(name);
                    let schema = schema.or_insert_with(|| Schema { at: property.at.clone(), parts: Vec::new() });
                    schema.parts.push(property);
                }
            }
            "required" => self.required.extend(value.items()?.iter().filter_map(|name| name.value.as_str())),
            "nullable" => self.nullable |= value.value.as_bool().unwrap_or(false),
            _ if is_silent(key) => {}
            _ => self.keys.entry(key).or_default().push(value),
        }
        Ok(())
    }

    /// The keys besides properties, `required`, `nullable` and what is silent.
    pub fn keys(&self) -> impl Iterator<Item = &'a str> {
        self.keys.keys().copied()
    }

    /// What a key says in each part that has it.
    pub fn parts(&self, key: &str) -> &[Part<'a>] {
        self.keys.get(key).map_or(&[], Vec::as_slice)
    }

    /// What a key says: `null` without it, a list where parts say different things.
    pub fn value(&self, key: &str) -> Value {
        let mut values: Vec<&Value> = Vec::new();
        for part in self.parts(key) {
            if !values.contains(&part.value) {
                values.push(part.value);
            }
        }
        match values.as_slice() {
            [] => Value::Null,
            [value] => (*value).clone(),
            several => {
                let mut several: Vec<Value> = several.iter().map(|value| (*value).clone()).collect();
                several.sort_by_key(Value::to_string);
                Value::Array(several)
            }
        }
    }

    /// The words of an enum, or what parts with several of them have in common.
    pub fn words(&self) -> Option<Vec<Value>> {
        let mut lists = self.parts("enum").iter().filter_map(|part| part.value.as_array());
        let mut words = lists.next()?.clone();
        lists.for_each(|list| words.retain(|word| list.contains(word)));
        Some(words)
    }

    pub fn flag(&self, key: &str) -> bool {
        self.parts(key).iter().any(|part| part.value == &Value::Bool(true))
    }

    /// The schema under a key such as `items`; one that allows everything where the key is missing.
    pub fn schema(&self, key: &str) -> Schema<'a> {
        Schema { at: self.place(key), parts: self.parts(key).to_vec() }
    }

    /// Where a key stands, or would stand.
    pub fn place(&self, key: &str) -> String {
        self.parts(key).first().map_or_else(|| below(&self.at, key), |part| part.at.clone())
    }

    /// The JSON type; where none is written, what the other keys can only mean.
    pub fn json_type(&self) -> Value {
        let written = self.value("type");
        if !written.is_null() {
            written
        } else if !self.properties.is_empty() || !self.parts("additionalProperties").is_empty() {
            "object".into()
        } else if !self.parts("items").is_empty() {
            "array".into()
        } else {
            Value::Null
        }
    }

    /// The shape in a word or two.
    pub fn summary(&self) -> String {
        match (self.json_type(), self.variants_key()) {
            (_, Some(_)) => "one of several shapes".to_owned(),
            (Value::Null, None) => "anything".to_owned(),
            (Value::String(name), None) => name,
            (other, None) => other.to_string(),
        }
    }

    /// The key of the union, if this is one.
    pub fn variants_key(&self) -> Option<&'static str> {
        ["oneOf", "anyOf"].into_iter().find(|key| !self.parts(key).is_empty())
    }

    /// Whether an object takes no other properties than its own.
    pub fn is_closed(&self) -> bool {
        self.parts("additionalProperties").iter().any(|part| part.value == &Value::Bool(false))
    }

    /// Whether this never travels in this direction.
    pub fn stays_away(&self, direction: Direction) -> bool {
        self.flag(direction.pick("readOnly", "writeOnly"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::document::Document;

    #[test]
    fn parts_are_put_together_and_loops_end() {
        let text = "openapi: 3.0.3\nA: {nullable: true, allOf: [{$ref: '#/B'}, {$ref: '#/A'}], required: [x]}\n\
                    B: {type: object, maxProperties: 3, properties: {x: {type: string}}, allOf: [{maxProperties: 2}]}";
        let document = Document::parse("a.yaml".into(), text).unwrap();
        let schema = Schema::from(Part::root(&document).get("A").unwrap());
        let shape = Shape::of(&schema).unwrap();
        assert_eq!(shape.identity, ["/A", "/B", "/B/allOf/0"]);
        assert!(shape.nullable && shape.required.contains("x"));
        assert_eq!(shape.value("maxProperties"), json!([2, 3]));
        assert_eq!(shape.place("type"), "/B/type");
        assert_eq!(shape.place("format"), "/A/format");
        assert_eq!(shape.properties["x"].at, "/B/properties/x");
    }
}
