//! Text for a page.

/// Text for an element or a quoted attribute, without characters that change how their neighbours are shown.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in crate::report::safe_lines(text) {
        if !out.is_empty() {
            out.push('\n');
        }
        for character in line.chars() {
            match character {
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '"' => out.push_str("&quot;"),
                '\'' => out.push_str("&#39;"),
                character => out.push(character),
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_becomes_markup() {
        assert_eq!(escaped("<script>'\"&\u{202e}\nb"), "&lt;script&gt;&#39;&quot;&amp;\nb");
    }
}
