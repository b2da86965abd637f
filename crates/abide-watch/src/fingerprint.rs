//! A number that stands for a piece of content: the same one in every process and every release.

use std::hash::Hasher;

use siphasher::sip::SipHasher13;

/// Hashes content into 64 bits that may be written down.
///
/// Not for secrets that could be guessed: the key is public.
///
/// ```
/// use abide_watch::Fingerprint;
///
/// let item = Fingerprint::new().text("success").number(72).finish();
/// assert_eq!(item, Fingerprint::new().text("success").number(72).finish());
/// assert_ne!(item, Fingerprint::new().text("success").number(73).finish());
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Fingerprint(SipHasher13);

impl Fingerprint {
    /// Of nothing yet.
    pub fn new() -> Fingerprint {
        Fingerprint::default()
    }

    /// Adds a text, with its length, so that `"ab", "c"` and `"a", "bc"` differ.
    #[must_use]
    pub fn text(mut self, text: &str) -> Fingerprint {
        self.0.write(&(text.len() as u64).to_le_bytes());
        self.0.write(text.as_bytes());
        self
    }

    /// Adds a number.
    #[must_use]
    pub fn number(mut self, number: u64) -> Fingerprint {
        self.0.write(&number.to_le_bytes());
        self
    }

    /// The fingerprint of all that was added.
    pub fn finish(self) -> u64 {
        self.0.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Resume values hold fingerprints: these must never change.
    #[test]
    fn known_values() {
        for (fingerprint, expected) in [
            (Fingerprint::new(), 0xd1fb_a762_150c_532c),
            (Fingerprint::new().number(1), 0x1e9f_7341_61d6_2dd9),
            (Fingerprint::new().text("abide"), 0xd2cb_c0ac_2690_fc2b),
        ] {
            assert_eq!(fingerprint.finish(), expected, "{:#x}", fingerprint.finish());
        }
    }

    #[test]
    fn where_one_text_ends_counts() {
        let one = Fingerprint::new().text("ab").text("c").finish();
        assert_ne!(one, Fingerprint::new().text("a").text("bc").finish());
    }
}
