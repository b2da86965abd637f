//! Text of a server, made fit for a terminal and a page: on one line, without anything that either would obey.

/// How many characters of a text are shown at most.
const MOST: usize = 400;

/// The text without control characters, marks that change the reading direction and invisible characters.
pub(crate) fn safe(text: &str) -> String {
    let mut shown: String = text.chars().filter_map(harmless).take(MOST + 1).collect();
    if let Some((end, _)) = shown.char_indices().nth(MOST) {
        shown.truncate(end);
        shown.push('…');
    }
    shown
}

/// The same for several lines, each kept.
pub(crate) fn safe_lines(text: &str) -> impl Iterator<Item = String> + '_ {
    text.lines().map(|line| line.chars().filter_map(harmless).collect())
}

/// What a character becomes where nothing may be obeyed: itself, a space, or nothing.
pub(crate) fn harmless(character: char) -> Option<char> {
    match character {
        '\t' | '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some(' '),
        character if character.is_control() => None,
        '\u{61c}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{ad}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}' => None,
        character => Some(character),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_obeyed() {
        assert_eq!(safe("a\u{1b}[31mb\u{202e}c\nd\u{7}"), "a[31mbc d");
        assert_eq!(safe(&"x".repeat(500)).chars().count(), MOST + 1);
        assert_eq!(safe_lines("a\u{1b}\nb").collect::<Vec<_>>(), ["a", "b"]);
    }
}
