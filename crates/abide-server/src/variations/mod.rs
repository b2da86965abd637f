//! Legal variations: freedoms that the documents leave, taken.
//!
//! They break no requirement. A judge that blames one of them, or a client that stumbles over one, asks for more than
//! the documents promise.

mod calmyx;
mod http;
mod hum;
mod json;

use crate::{
    breakage::{Named, change::Change},
    reply::Api,
};

/// A freedom that the documents leave to a server.
///
/// ```
/// let names: Vec<_> = abide_server::variations().map(|variation| variation.name()).collect();
/// assert!(names.contains(&"pretty-json"));
/// ```
#[derive(Debug)]
pub struct Variation {
    name: &'static str,
    api: Option<Api>,
    says: &'static str,
    change: Change,
}

impl Variation {
    /// Its name.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The API whose answers it changes; `None` is both.
    pub const fn api(&self) -> Option<Api> {
        self.api
    }

    /// What is different, in one sentence.
    pub const fn says(&self) -> &'static str {
        self.says
    }

    pub(crate) const fn change(&self) -> Change {
        self.change
    }
}

impl Named for Variation {
    const KIND: &'static str = "variation";

    fn name(&self) -> &str {
        self.name
    }
}

/// All variations.
pub fn variations() -> impl Iterator<Item = &'static Variation> {
    const GROUPS: [&[Variation]; 4] = [json::VARIATIONS, http::VARIATIONS, calmyx::VARIATIONS, hum::VARIATIONS];
    GROUPS.into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_are_unique_and_told_in_one_sentence() {
        let mut names = HashSet::new();
        for variation in variations() {
            assert!(names.insert(variation.name), "{} is there twice", variation.name);
            assert!(variation.says.ends_with('.') && !variation.says.contains(". "), "{}", variation.name);
        }
        assert!(names.len() >= 15);
    }
}
