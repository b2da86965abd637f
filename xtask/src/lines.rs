//! Where in a YAML text the value of a JSON pointer stands.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::Spanned;

/// Line numbers by JSON pointer.
#[derive(Clone, Debug, Default)]
pub struct Lines(BTreeMap<String, u64>);

impl Lines {
    /// Reads the text a second time, for the places only; a text that does not parse has none.
    pub fn of(text: &str) -> Self {
        let mut lines = BTreeMap::new();
        if let Ok(root) = serde_saphyr::from_str::<Spanned<Node>>(text) {
            root.value.collect(String::new(), root.referenced.line(), &mut lines);
        }
        Self(lines)
    }

    /// The line of what stands at the pointer, or of the nearest thing around it that does exist.
    pub fn line(&self, pointer: &str) -> Option<u64> {
        let mut pointer = pointer;
        loop {
            if let Some(line) = self.0.get(pointer) {
                return Some(*line);
            }
            (pointer, _) = pointer.rsplit_once('/')?;
        }
    }
}

/// One segment of a JSON pointer.
pub fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// The skeleton of a document: who contains whom, and on which line.
enum Node {
    Leaf,
    List(Vec<Spanned<Node>>),
    Map(Vec<(Spanned<String>, Node)>),
}

impl Node {
    fn collect(self, pointer: String, line: u64, lines: &mut BTreeMap<String, u64>) {
        match self {
            Self::Leaf => {}
            Self::List(items) => {
                for (index, item) in items.into_iter().enumerate() {
                    item.value.collect(format!("{pointer}/{index}"), item.referenced.line(), lines);
                }
            }
            Self::Map(entries) => {
                for (key, value) in entries {
                    value.collect(format!("{pointer}/{}", escape(&key.value)), key.referenced.line(), lines);
                }
            }
        }
        lines.insert(pointer, line);
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Skeleton;

        impl<'de> Visitor<'de> for Skeleton {
            type Value = Node;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("any YAML value")
            }

            fn visit_bool<E>(self, _: bool) -> Result<Node, E> {
                Ok(Node::Leaf)
            }

            fn visit_i64<E>(self, _: i64) -> Result<Node, E> {
                Ok(Node::Leaf)
            }

            fn visit_u64<E>(self, _: u64) -> Result<Node, E> {
                Ok(Node::Leaf)
            }

            fn visit_f64<E>(self, _: f64) -> Result<Node, E> {
                Ok(Node::Leaf)
            }

            fn visit_str<E>(self, _: &str) -> Result<Node, E> {
                Ok(Node::Leaf)
            }

            fn visit_unit<E>(self) -> Result<Node, E> {
                Ok(Node::Leaf)
            }

            fn visit_none<E>(self) -> Result<Node, E> {
                Ok(Node::Leaf)
            }

            fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
                deserializer.deserialize_any(self)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Node, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = access.next_element()? {
                    items.push(item);
                }
                Ok(Node::List(items))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Node, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = access.next_entry()? {
                    entries.push(entry);
                }
                Ok(Node::Map(entries))
            }
        }

        deserializer.deserialize_any(Skeleton)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
a: 1
paths:
  /s/{id}:
    get:
      tags: [x, y]
      list:
        - one: {deep: null, other: [1.5, true]}
          two: |
            text
            text
        - 200: quoted
\"q\": *anchor
";

    #[test]
    fn lines_of_pointers() {
        let text = TEXT.replace("a: 1", "a: &anchor 1");
        let lines = Lines::of(&text);
        for (pointer, expected) in [
            ("/a", 1),
            ("/paths/~1s~1{id}/get", 4),
            ("/paths/~1s~1{id}/get/tags/1", 5),
            ("/paths/~1s~1{id}/get/list/0/one/deep", 7),
            ("/paths/~1s~1{id}/get/list/0/two", 8),
            ("/paths/~1s~1{id}/get/list/1/200", 11),
            ("/q", 12),
            ("/paths/~1s~1{id}/get/missing/deeper", 4),
            ("/nothing", 1),
            ("", 1),
        ] {
            assert_eq!(lines.line(pointer), Some(expected), "{pointer}");
        }
    }

    #[test]
    fn a_broken_text_has_no_lines() {
        assert_eq!(Lines::of("a: [1\nb: 2").line("/a"), None);
    }
}
