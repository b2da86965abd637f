//! Keeping credentials out of a trace.

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
        let encoded = percent_encoding::utf8_percent_encode(credential, percent_encoding::NON_ALPHANUMERIC).to_string();
        let plain = credential.to_owned();
        for spelling in [plain, json.trim_matches('"').to_owned(), encoded] {
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
            if text.contains(spelling.as_str()) {
                text = if spelling.len() < ALONE_BELOW {
                    replace_alone(&text, spelling, name)
                } else {
                    text.replace(spelling.as_str(), name)
                };
            }
        }
        text
    }
}

/// Replaces occurrences that are not a part of a longer word.
fn replace_alone(text: &str, spelling: &str, name: &str) -> String {
    let is_word = |character: char| character.is_alphanumeric() || matches!(character, '_' | '-');
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for (place, found) in text.match_indices(spelling) {
        let before = text.get(..place).and_then(|before| before.chars().next_back());
        let end = place + found.len();
        let after = text.get(end..).and_then(|after| after.chars().next());
        out.push_str(text.get(done..place).unwrap_or_default());
        let alone = !before.is_some_and(is_word) && !after.is_some_and(is_word);
        // A member name is followed by a colon; the names of an answer must stay.
        let is_name = after == Some('"') && text.get(end + 1..).is_some_and(|rest| rest.trim_start().starts_with(':'));
        out.push_str(if alone && !is_name { name } else { found });
        done = end;
    }
    out.push_str(text.get(done..).unwrap_or_default());
    out
}
