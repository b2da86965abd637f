//! Text from outside, made fit for a terminal.
//!
//! A server's message, a cell of a file or a file name can hold sequences that move the cursor, recolour the screen,
//! reverse the reading order or hide characters. [`Safe`] is the one way in which such text reaches a person.

use std::fmt;

use unicode_width::UnicodeWidthChar;

/// How many terminal columns a [`Safe`] text takes at most where the format string gives no precision.
pub const DEFAULT_COLUMNS: usize = 200;

/// How many marks without a width of their own may follow one character. Four serve the scripts that stack accents or
/// vowel signs; an endless pile of them would never reach the limit of columns.
const MARKS_PER_CHARACTER: usize = 4;

/// Shows untrusted text on one line, without anything that a terminal would obey.
///
/// - Line breaks and tabs become a space.
/// - Other control characters (C0 with ESC, DEL, C1), the marks that change the reading direction, and invisible
///   characters are left out. What an escape sequence carried after its ESC stays, as plain text.
/// - A text wider than [`DEFAULT_COLUMNS`] ends in `…`; the precision of the format string sets another limit.
///   Width and fill of the format string are not applied.
///
/// ```
/// use abide::safe_text::Safe;
///
/// assert_eq!(Safe("\u{1b}[31mred\u{1b}[0m\nalert").to_string(), "[31mred[0m alert");
/// assert_eq!(format!("{:.8}", Safe("1600 Pennsylvania Avenue")), "1600 Pe…");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Safe<'a>(pub &'a str);

impl fmt::Display for Safe<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let limit = formatter.precision().unwrap_or(DEFAULT_COLUMNS);
        formatter.write_str(&one_line(self.0, limit))
    }
}

/// The text without its harmful characters, whole: for data such as ids and cells, which must not be cut.
pub fn harmless_text(text: &str) -> String {
    text.chars().filter_map(harmless).collect()
}

/// The text without its harmful characters, in at most `limit` columns.
fn one_line(text: &str, limit: usize) -> String {
    let mut line = String::new();
    let mut columns = 0;
    let mut marks = 0;
    // Where to cut if the text turns out too wide: the last place that leaves a column for the ellipsis.
    let mut cut = 0;
    for character in text.chars().filter_map(harmless) {
        let width = character.width().unwrap_or(0);
        marks = if width == 0 { marks + 1 } else { 0 };
        if marks > MARKS_PER_CHARACTER {
            continue;
        }
        columns += width;
        if columns > limit {
            line.truncate(cut);
            if limit > 0 {
                line.push('…');
            }
            return line;
        }
        line.push(character);
        if columns < limit {
            cut = line.len();
        }
    }
    line
}

/// The character to show in place of this one, or none.
fn harmless(character: char) -> Option<char> {
    match character {
        '\t' | '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some(' '),
        control if control.is_control() => None,
        hidden if is_direction_mark(hidden) || is_invisible(hidden) => None,
        other => Some(other),
    }
}

/// Whether the character changes the order in which its neighbours are shown (Unicode's `Bidi_Control`).
fn is_direction_mark(character: char) -> bool {
    matches!(
        character,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    )
}

/// Whether the character shows nothing by itself: zero-width spaces and joiners, the byte order mark, variation
/// selectors, annotation marks and tags.
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}'
            | '\u{34f}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200d}'
            | '\u{2060}'..='\u{2065}'
            | '\u{206a}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_width::UnicodeWidthStr;

    use super::*;

    #[test]
    fn table() {
        for (text, limit, expected) in [
            ("", 200, ""),
            ("plain – Zürich 東京", 200, "plain – Zürich 東京"),
            ("two\nlines\tand\ra\u{2028}b", 200, "two lines and a b"),
            ("\u{1b}]0;title\u{7}x\u{9b}2J\0\u{7f}", 200, "]0;titlex2J"),
            ("\u{202e}gpj.exe\u{2066}\u{200f}", 200, "gpj.exe"),
            ("a\u{200b}b\u{feff}c\u{e0041}d", 200, "abcd"),
            ("1234567890", 10, "1234567890"),
            ("12345678901", 10, "123456789…"),
            ("東京東京", 8, "東京東京"),
            ("東京東京", 7, "東京東…"),
            ("東京東京", 6, "東京…"),
            ("東", 1, "…"),
            ("ab", 1, "…"),
            ("a", 0, ""),
            ("", 0, ""),
            ("e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}f", 9, "e\u{301}\u{301}\u{301}\u{301}f"),
            ("abcde\u{301}f", 5, "abcd…"),
        ] {
            assert_eq!(format!("{:.*}", limit, Safe(text)), expected, "{text:?} in {limit}");
        }
    }

    #[test]
    fn the_default_limit_holds() {
        let shown = Safe(&"x".repeat(1000)).to_string();
        assert_eq!(shown.width(), DEFAULT_COLUMNS);
        assert!(shown.ends_with('…'));
    }

    proptest! {
        #[test]
        fn nothing_a_terminal_would_obey(text in any::<String>(), limit in 0_usize..60) {
            let shown = format!("{:.*}", limit, Safe(&text));
            prop_assert!(!shown.chars().any(|shown| shown.is_control() || is_direction_mark(shown)));
            prop_assert!(shown.width() <= limit, "{shown:?} is wider than {limit}");
            prop_assert!(shown.chars().count() <= (limit + 1) * (MARKS_PER_CHARACTER + 1));
        }

        #[test]
        fn safe_text_stays_as_it_is(text in any::<String>()) {
            let once = Safe(&text).to_string();
            prop_assert_eq!(Safe(&once).to_string(), once);
        }
    }
}
