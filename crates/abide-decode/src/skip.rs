//! Passing over values that nobody asked for.

use crate::Reader;

impl Reader<'_> {
    /// Passes over any value that serde would take wherever it stands.
    ///
    /// Serde checks what it buffers (texts must be Unicode, numbers finite) and not all of what it ignores. What both take is
    /// passed over here; the rest is declined.
    pub fn skip_value(&mut self) -> Option<()> {
        match self.peek()? {
            b'"' => self.text().map(drop),
            b'{' => self.inside(Self::skip_object),
            b'[' => self.inside(Self::skip_array),
            b't' => self.takes_word(b"true").then_some(()),
            b'f' => self.takes_word(b"false").then_some(()),
            b'n' => self.takes_word(b"null").then_some(()),
            _ => self.float().map(drop),
        }
    }

    fn skip_object(&mut self) -> Option<()> {
        self.take(b'{')?;
        self.pass_space();
        if self.takes(b'}') {
            return Some(());
        }
        loop {
            self.pass_space();
            self.text()?;
            self.pass_space();
            self.take(b':')?;
            self.pass_space();
            self.skip_value()?;
            self.pass_space();
            if self.takes(b'}') {
                return Some(());
            }
            self.take(b',')?;
        }
    }

    fn skip_array(&mut self) -> Option<()> {
        self.take(b'[')?;
        self.pass_space();
        if self.takes(b']') {
            return Some(());
        }
        loop {
            self.pass_space();
            self.skip_value()?;
            self.pass_space();
            if self.takes(b']') {
                return Some(());
            }
            self.take(b',')?;
        }
    }
}
