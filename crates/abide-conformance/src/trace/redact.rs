//! Keeping credentials out of a trace.

use std::borrow::Cow;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::Which;

/// Texts at least this long are replaced wherever they turn up; a shorter one only where it stands alone, because it may
/// be a part of any word.
const ALONE_BELOW: usize = 8;

/// Knows the credentials of a run and replaces each by its name.
#[derive(Clone, Default)]
pub struct Redactor {
    /// Every spelling of each credential, longest first.
    spellings: Vec<(String, &'static str)>,
}

impl std::fmt::Debug for Redactor {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Redactor").finish_non_exhaustive()
    }
}

impl Redactor {
    /// Learns a credential: from now on it becomes `[first credential]`, or whichever it is.
    pub fn learn(&mut self, which: Which, credential: &str) {
        if credential.is_empty() {
            return;
        }
        let name = match which {
            Which::First => "[first credential]",
            Which::Second => "[second credential]",
            Which::Wrong => "[wrong credential]",
        };
        let json = serde_json::to_string(credential).unwrap_or_default();
        // Without the quotes around it: one at its end is a part of the credential.
        let json = json.get(1..json.len().saturating_sub(1)).unwrap_or_default();
        let encoded = utf8_percent_encode(credential, NON_ALPHANUMERIC).to_string();
        // What RFC 3986 does not reserve is left as it is by most encoders.
        let by_segment = crate::wire::segment(credential);
        let spellings = [credential.to_owned(), json.to_owned(), json.replace('/', r"\/"), encoded, by_segment];
        for spelling in spellings.map(|spelling| without_case(&spelling).into_owned()) {
            if !self.spellings.iter().any(|(known, _)| *known == spelling) {
                self.spellings.push((spelling, name));
            }
        }
        self.spellings.sort_by_key(|(spelling, _)| std::cmp::Reverse(spelling.len()));
    }

    /// The text without credentials.
    pub fn text(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (spelling, name) in &self.spellings {
            if let Some(replaced) = replaced(&text, spelling, name) {
                text = replaced;
            }
        }
        text
    }
}

/// The text with every occurrence replaced; a short one only where it is no part of a longer word. Nothing where there is none.
fn replaced(text: &str, spelling: &str, name: &str) -> Option<String> {
    let compared = without_case(text);
    let mut out = String::new();
    let mut done = 0;
    for (place, _) in compared.match_indices(spelling) {
        let end = place + spelling.len();
        if spelling.len() < ALONE_BELOW && !is_alone(text, place, end) {
            continue;
        }
        out.push_str(text.get(done..place).unwrap_or_default());
        out.push_str(name);
        done = end;
    }
    if done == 0 {
        return None;
    }
    out.push_str(text.get(done..).unwrap_or_default());
    Some(out)
}

fn is_alone(text: &str, place: usize, end: usize) -> bool {
    let is_word = |character: char| character.is_alphanumeric() || matches!(character, '_' | '-');
    let before = text.get(..place).and_then(|before| before.chars().next_back());
    let after = text.get(end..).and_then(|after| after.chars().next());
    // A member name is followed by a colon; the names of an answer must stay.
    let is_name = after == Some('"') && text.get(end + 1..).is_some_and(|rest| rest.trim_start().starts_with(':'));
    !before.is_some_and(is_word) && !after.is_some_and(is_word) && !is_name
}

/// The text with the digits of its escapes, `%2F` and `\u00E9`, in lower case; of the same length, so that a place in the one
/// is the same place in the other.
fn without_case(text: &str) -> Cow<'_, str> {
    if !text.contains('%') && !text.contains(r"\u") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    // How many digits of an escape are still to come.
    let mut digits = 0;
    let mut last = '\0';
    for character in text.chars() {
        let is_digit = digits > 0 && character.is_ascii_hexdigit();
        out.push(if is_digit { character.to_ascii_lowercase() } else { character });
        digits = match (last, character) {
            (_, '%') => 2,
            ('\\', 'u') => 4,
            _ if is_digit => digits - 1,
            _ => 0,
        };
        last = character;
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(credential: &str, text: &str, expected: &str) {
        let mut redactor = Redactor::default();
        redactor.learn(Which::First, credential);
        assert_eq!(redactor.text(text), expected, "{credential} in {text}");
    }

    #[test]
    fn spellings() {
        let secret = "ab/cd-ef_gh+é\"";
        for spelling in [
            "ab/cd-ef_gh+é\"",
            r#"ab/cd-ef_gh+é\""#,
            r#"ab\/cd-ef_gh+é\""#,
            "ab%2Fcd%2Def%5Fgh%2B%C3%A9%22",
            "ab%2Fcd-ef_gh%2B%C3%A9%22",
            "ab%2fcd-ef_gh%2b%C3%a9%22",
        ] {
            check(secret, &format!("%41 <{spelling}> É"), "%41 <[first credential]> É");
        }
        check(secret, "AB/CD-EF_GH+É\"", "AB/CD-EF_GH+É\"");
    }

    #[test]
    fn a_short_one_is_only_replaced_alone() {
        check("abc", "abc abcd x-abc \"abc\":\"abc\"", "[first credential] abcd x-abc \"abc\":\"[first credential]\"");
        check("a/c", "(a%2fc)", "([first credential])");
    }
}
