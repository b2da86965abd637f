//! Texts: between two quotes, and nearly always without a backslash.

use std::borrow::Cow;

use crate::Reader;

const ONES: u64 = u64::from_le_bytes([1; 8]);
const HIGHS: u64 = u64::from_le_bytes([0x80; 8]);

impl<'b> Reader<'b> {
    /// A text, borrowed from the body unless it holds escapes.
    #[inline]
    pub fn text(&mut self) -> Option<Cow<'b, str>> {
        let from = self.place();
        match self.plain_text() {
            Some(bytes) => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
            None => {
                self.go_to(from);
                self.peek().filter(|byte| *byte == b'"')?;
                self.by_serde().map(Cow::Owned)
            }
        }
    }

    /// A text of at most `N` ASCII characters without escapes, and its length. What stands behind it in the array is left
    /// over from the body.
    #[inline]
    pub fn short_text<const N: usize>(&mut self) -> Option<([u8; N], usize)> {
        let (b'"', text) = self.rest().split_first()? else { return None };
        let bytes = text.first_chunk::<N>()?;
        let length = length_of_plain(text)?;
        if length > N || text.get(length) != Some(&b'"') || !bytes.is_ascii() {
            return None;
        }
        self.pass(length + 2);
        Some((*bytes, length))
    }

    /// Which of `words` stands here as a text.
    #[inline]
    pub fn word(&mut self, words: &[&str]) -> Option<usize> {
        let (b'"', text) = self.rest().split_first()? else { return None };
        for (index, word) in words.iter().enumerate() {
            if let Some([b'"', ..]) = text.strip_prefix(word.as_bytes()) {
                self.pass(word.len() + 2);
                return Some(index);
            }
        }
        None
    }

    /// The bytes of a text without escapes.
    #[inline]
    pub(crate) fn plain_text(&mut self) -> Option<&'b [u8]> {
        self.take(b'"')?;
        let rest = self.rest();
        let length = length_of_plain(rest)?;
        let text = rest.get(..length)?;
        (rest.get(length) == Some(&b'"')).then_some(())?;
        self.pass(length + 1);
        Some(text)
    }
}

/// How many bytes come before the first quote, backslash or control character.
#[inline]
fn length_of_plain(bytes: &[u8]) -> Option<usize> {
    let (chunks, rest) = bytes.as_chunks::<8>();
    let special = |chunk: &[u8; 8]| special_bytes(u64::from_le_bytes(*chunk));
    let (mut blocks, mut before) = (chunks, 0);
    // Four at once, as long as there is nothing in them.
    while let Some(([first, second, third, fourth], others)) = blocks.split_first_chunk() {
        if special(first) | special(second) | special(third) | special(fourth) != 0 {
            break;
        }
        (blocks, before) = (others, before + 32);
    }
    for chunk in blocks {
        let special = special(chunk);
        if special != 0 {
            return Some(before + special.trailing_zeros() as usize / 8);
        }
        before += 8;
    }
    let last = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f))?;
    Some(before + last)
}

/// The high bit of each byte that is a quote, a backslash or below a space. Bytes above the first one may be marked wrongly;
/// the lowest mark is right.
#[inline]
fn special_bytes(word: u64) -> u64 {
    let below = |word: u64, limit: u64| word.wrapping_sub(ONES * limit) & !word;
    let quote = below(word ^ (ONES * u64::from(b'"')), 1);
    let backslash = below(word ^ (ONES * u64::from(b'\\')), 1);
    (quote | backslash | below(word, 0x20)) & HIGHS
}
