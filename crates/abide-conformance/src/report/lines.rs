//! Lines for a terminal: wrapped where it ends, with a hanging indent, and coloured where it has colours.

/// The terminal that a text is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Terminal {
    /// How many columns it has; nothing: lines are not wrapped, so that each statement is one line for `grep`.
    pub columns: Option<usize>,
    /// Whether it may be coloured.
    pub colour: bool,
}

/// Fewer columns than these are not wrapped for: what hangs would have no room.
const FEWEST_COLUMNS: usize = 30;

/// What a word is coloured as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Paint {
    Bad,
    Doubtful,
    Good,
    Quiet,
    Strong,
}

impl Paint {
    const fn code(self) -> &'static str {
        match self {
            Self::Bad => "\u{1b}[1;31m",
            Self::Doubtful => "\u{1b}[33m",
            Self::Good => "\u{1b}[1;32m",
            Self::Quiet => "\u{1b}[2m",
            Self::Strong => "\u{1b}[1m",
        }
    }
}

/// Lines, one below the other.
pub(super) struct Lines {
    terminal: Terminal,
    out: String,
}

impl Lines {
    pub(super) const fn new(terminal: Terminal) -> Self {
        Self { terminal, out: String::new() }
    }

    pub(super) fn into_text(self) -> String {
        self.out
    }

    pub(super) fn blank(&mut self) {
        self.out.push('\n');
    }

    /// A painted beginning and a text, which goes on below itself.
    pub(super) fn item(&mut self, indent: usize, begins: &str, paint: Paint, text: &str) {
        let hang = indent + begins.chars().count();
        self.out.push_str(&" ".repeat(indent));
        self.painted(begins, paint);
        self.wrapped(hang, hang, text);
    }

    /// A painted beginning and a text, which goes on at the indent.
    pub(super) fn paragraph(&mut self, indent: usize, begins: &str, paint: Paint, text: &str) {
        self.out.push_str(&" ".repeat(indent));
        self.painted(begins, paint);
        self.wrapped(indent + begins.chars().count(), indent, text);
    }

    /// A line as it is, to be copied.
    pub(super) fn verbatim(&mut self, indent: usize, text: &str) {
        self.out.push_str(&format!("{}{text}\n", " ".repeat(indent)));
    }

    fn painted(&mut self, text: &str, paint: Paint) {
        if self.terminal.colour && !text.trim().is_empty() {
            self.out.push_str(&format!("{}{text}\u{1b}[0m", paint.code()));
        } else {
            self.out.push_str(text);
        }
    }

    /// The text word by word, from the column `at`; further lines begin at `hang`.
    fn wrapped(&mut self, at: usize, hang: usize, text: &str) {
        let Some(columns) = self.terminal.columns.filter(|columns| *columns >= FEWEST_COLUMNS) else {
            self.out.push_str(text);
            self.out.push('\n');
            return;
        };
        // What hangs too far to the right would be a column of single words.
        let hang = if hang > columns / 2 { columns / 8 } else { hang };
        let mut column = at;
        for (place, word) in text.split(' ').enumerate() {
            let long = word.chars().count();
            if place > 0 && column + 1 + long > columns {
                self.out.push('\n');
                self.out.push_str(&" ".repeat(hang));
                column = hang;
            } else if place > 0 {
                self.out.push(' ');
                column += 1;
            }
            self.out.push_str(word);
            column += long;
        }
        self.out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(columns: Option<usize>, colour: bool, text: &str) -> String {
        let mut lines = Lines::new(Terminal { columns, colour });
        lines.item(2, "found: ", Paint::Bad, text);
        lines.into_text()
    }

    #[test]
    fn wrapping() {
        let text = "one two three four five six seven eight";
        assert_eq!(item(None, false, text), format!("  found: {text}\n"));
        assert_eq!(item(Some(10), false, text), format!("  found: {text}\n"), "too narrow for anything");
        assert_eq!(item(Some(30), false, text), "  found: one two three four\n         five six seven eight\n");
        assert_eq!(item(Some(30), true, "one"), "  \u{1b}[1;31mfound: \u{1b}[0mone\n");
        assert_eq!(
            item(Some(30), false, &"x".repeat(40)),
            format!("  found: {}\n", "x".repeat(40)),
            "never within a word"
        );
    }

    #[test]
    fn no_line_is_longer_than_the_terminal() {
        let text = "a bb ccc dddd eeeee ffffff ".repeat(20);
        for columns in 30..90 {
            let widest = item(Some(columns), false, &text).lines().map(|line| line.trim_end().chars().count()).max();
            assert!(widest.is_some_and(|widest| widest <= columns), "{columns}: {widest:?}");
        }
    }
}
