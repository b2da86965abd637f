//! A place in a body, and the punctuation around it.

use std::ops::Range;

use serde::de::DeserializeOwned;

use crate::decode::{Decode, Decoded};

/// How deep values may lie in each other before a decoder declines. Far below serde's own limit of 128.
const DEEPEST: u8 = 32;

/// Answers how many bytes of a growing list are known.
type Known<'b> = dyn Fn(&[u8]) -> Option<usize> + 'b;

/// Walks over a body. Every method declines with `None` at what it is not sure of.
pub struct Reader<'b> {
    body: &'b [u8],
    at: usize,
    depth: u8,
    known: &'b Known<'b>,
    list: Option<Range<usize>>,
    unread: usize,
    memo: Memo,
}

/// A piece of text and what was made of it, kept from one value to the next: neighbours often begin alike.
#[derive(Clone, Copy, Debug, Default)]
pub struct Memo {
    /// The text.
    pub text: [u8; 16],
    /// What it means; nothing yet, whatever the text is.
    pub meaning: Option<u64>,
}

impl std::fmt::Debug for Reader<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Reader").field("at", &self.at).field("of", &self.body.len()).finish_non_exhaustive()
    }
}

impl<'b> Reader<'b> {
    pub(crate) fn new(body: &'b [u8], known: &'b Known<'b>) -> Reader<'b> {
        Reader { body, at: 0, depth: 0, known, list: None, unread: 0, memo: Memo::default() }
    }

    /// The one value of the body, with nothing but white space around it.
    pub(crate) fn whole<T: Decode>(&mut self) -> Option<T> {
        self.pass_space();
        let value = T::decode(self, &mut T::Layout::default())?;
        self.pass_space();
        (self.at == self.body.len()).then_some(value)
    }

    pub(crate) fn decoded<T>(self, value: T) -> Decoded<T> {
        Decoded { value, list: self.list, skipped: self.unread > 0, read: self.body.len().saturating_sub(self.unread) }
    }

    #[inline]
    pub(crate) fn place(&self) -> usize {
        self.at
    }

    #[inline]
    pub(crate) fn go_to(&mut self, place: usize) {
        self.at = place;
    }

    /// For the one type of a reply that has a use for it.
    #[inline]
    pub fn memo(&mut self) -> &mut Memo {
        &mut self.memo
    }

    /// What is left of the body.
    #[inline]
    pub fn rest(&self) -> &'b [u8] {
        self.body.get(self.at..).unwrap_or_default()
    }

    #[inline]
    pub(crate) fn between(&self, from: usize, to: usize) -> Option<&'b [u8]> {
        self.body.get(from..to)
    }

    /// The next byte, if there is one.
    #[inline]
    pub fn peek(&self) -> Option<u8> {
        self.body.get(self.at).copied()
    }

    /// Goes on over `count` bytes that were looked at in [`rest`](Self::rest).
    #[inline]
    pub fn pass(&mut self, count: usize) {
        self.at += count;
    }

    #[inline]
    pub(crate) fn pass_space(&mut self) {
        while let Some(b' ' | b'\n' | b'\t' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    /// Goes on over this byte, if it is the next one.
    #[inline]
    pub(crate) fn takes(&mut self, byte: u8) -> bool {
        let takes = self.peek() == Some(byte);
        self.at += usize::from(takes);
        takes
    }

    /// Goes on over this byte, or declines.
    #[inline]
    pub(crate) fn take(&mut self, byte: u8) -> Option<()> {
        self.takes(byte).then_some(())
    }

    /// Goes on over this word (`true`, `null`), if it is the next one.
    #[inline]
    pub(crate) fn takes_word(&mut self, word: &[u8]) -> bool {
        let takes = self.rest().starts_with(word);
        self.at += if takes { word.len() } else { 0 };
        takes
    }

    /// Reads something that lies inside of what is being read.
    #[inline]
    pub(crate) fn inside<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        if self.depth == DEEPEST {
            return None;
        }
        self.depth += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    /// Reads one value with serde, which knows more than a decoder does.
    ///
    /// Serde counts how deep it is from the beginning of what it is given, so only what lies flat is taken from it.
    pub fn by_serde<T: DeserializeOwned>(&mut self) -> Option<T> {
        let rest = self.rest();
        let mut values = serde_json::Deserializer::from_slice(rest).into_iter::<T>();
        let value = values.next()?.ok()?;
        let length = values.byte_offset();
        (depth(rest.get(..length)?) <= usize::from(DEEPEST)).then_some(())?;
        self.at += length;
        Some(value)
    }

    /// Asks how much of the list that begins here is known, goes to the end of that, and tells whether there was any.
    pub(crate) fn pass_known(&mut self) -> bool {
        let rest = self.rest();
        let known = (self.known)(rest).unwrap_or(0);
        // A number could go on behind the known bytes; what ends by itself cannot.
        let ended = known.checked_sub(1).and_then(|last| rest.get(last));
        let passed = if known > 2 && matches!(ended, Some(b'}' | b']' | b'"')) { known } else { 0 };
        self.at += passed;
        self.unread += passed;
        passed > 0
    }

    /// Notes where the growing list stands. A second one makes the first one unsure.
    pub(crate) fn note_list(&mut self, list: Range<usize>) -> Option<()> {
        if self.list.is_some() {
            return None;
        }
        self.list = Some(list);
        Some(())
    }
}

/// How deep values lie in each other in a piece of JSON.
fn depth(json: &[u8]) -> usize {
    let (mut now, mut most, mut in_text, mut escaped) = (0_usize, 0_usize, false, false);
    for byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => in_text = !in_text,
            b'{' | b'[' if !in_text => {
                now += 1;
                most = most.max(now);
            }
            b'}' | b']' if !in_text => now = now.saturating_sub(1),
            _ => {}
        }
    }
    most
}
