//! Text for a page.

/// Text for an element or a quoted attribute, without characters that change how their neighbours are shown.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (number, line) in crate::report::safe_lines(text).enumerate() {
        if number > 0 {
            out.push('\n');
        }
        for character in line.chars() {
            match character {
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '"' => out.push_str("&quot;"),
                '\'' => out.push_str("&#39;"),
                // Neither is a character of XML.
                '\u{fffe}' | '\u{ffff}' => {}
                character => out.push(character),
            }
        }
    }
    out
}

/// The same of the first characters, with an ellipsis where there were more.
pub(super) fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", escaped(text.get(..end).unwrap_or_default())),
        None => escaped(text),
    }
}

/// Prose with pairs of backticks, shortened: what stands between two of them is code.
pub(super) fn prose(text: &str, most: usize) -> String {
    let text = shortened(text, most);
    let pieces: Vec<&str> = text.split('`').collect();
    if pieces.len().is_multiple_of(2) {
        return text;
    }
    let marked = |(number, piece): (usize, &&str)| match (number % 2, piece.is_empty()) {
        (0, _) => (*piece).to_owned(),
        (_, true) => "``".to_owned(),
        (_, false) => format!("<code>{piece}</code>"),
    };
    pieces.iter().enumerate().map(marked).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_becomes_markup() {
        for (text, expected) in [
            ("<script>'\"&\u{202e}\nb", "&lt;script&gt;&#39;&quot;&amp;\nb"),
            ("\n\na\u{0}\u{1b}[31m\u{7f}\u{9b}", "\n\na[31m"),
            ("a\u{ffff}\u{feff}b", "ab"),
        ] {
            assert_eq!(escaped(text), expected, "{text:?}");
        }
        assert_eq!(shortened("a<bcd", 2), "a&lt;…");
        assert_eq!(shortened("é", 1), "é");
        for (text, expected) in [
            ("a `b` c", "a <code>b</code> c"),
            ("a ` c", "a ` c"),
            ("`<`", "<code>&lt;</code>"),
            ("``", "``"),
            ("`a` `", "`a` `"),
        ] {
            assert_eq!(prose(text, 99), expected, "{text}");
        }
    }
}
