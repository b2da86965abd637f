//! What is wrong at one place of a file, and what to do about it.

use std::fmt;

/// One line for people: `file:line: place: what is wrong; what to do`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Relative to the root of the repository.
    pub file: String,
    /// Counted from 1; `None` where the whole file is meant.
    pub line: Option<u64>,
    /// A JSON pointer or an id; empty where the whole file is meant.
    pub place: String,
    pub what: String,
    /// What to do about it.
    pub mend: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(formatter, ":{line}")?;
        }
        if !self.place.is_empty() {
            write!(formatter, ": {}", self.place)?;
        }
        write!(formatter, ": {}; {}", self.what, self.mend)
    }
}

impl std::error::Error for Finding {}

/// All findings of one command, one a line.
#[derive(Debug)]
pub struct Findings(pub Vec<Finding>);

impl fmt::Display for Findings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, finding) in self.0.iter().enumerate() {
            if index > 0 {
                formatter.write_str("\n")?;
            }
            finding.fmt(formatter)?;
        }
        Ok(())
    }
}

impl std::error::Error for Findings {}

/// The known word that was probably meant.
pub fn near_miss<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let distance = |other: &str| strsim::damerau_levenshtein(&word.to_lowercase(), &other.to_lowercase());
    let (distance, nearest) = known.into_iter().map(|other| (distance(other), other)).min()?;
    (distance <= 1.max(word.chars().count() / 4)).then_some(nearest)
}

/// `did you mean …?` where a known word is near, else the other advice.
pub fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>, otherwise: &str) -> String {
    match near_miss(word, known) {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => otherwise.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_misses() {
        let known = ["components", "paths", "get", "x-provenance"];
        for (word, expected) in [
            ("componentz", Some("components")),
            ("compnents", Some("components")),
            ("Paths", Some("paths")),
            ("gte", Some("get")),
            ("x-provenence", Some("x-provenance")),
            ("webhooks", None),
            ("x", None),
            ("", None),
        ] {
            assert_eq!(near_miss(word, known), expected, "{word}");
        }
        assert_eq!(near_miss("a", []), None);
    }

    #[test]
    fn a_finding_is_one_line() {
        let whole = Finding {
            file: "spec/x.yaml".into(),
            line: None,
            place: String::new(),
            what: "it is empty".into(),
            mend: "fill it".into(),
        };
        let placed = Finding { line: Some(7), place: "/info".into(), ..whole.clone() };
        let expected = "spec/x.yaml: it is empty; fill it\nspec/x.yaml:7: /info: it is empty; fill it";
        assert_eq!(Findings(vec![whole, placed]).to_string(), expected);
    }
}
