//! A number for what an answer says beside its counters.

/// Collects what an [`Observation`](crate::Observation) is marked with: equal contents, equal mark, in every process and
/// every release, because a kept wait compares its last mark with the next.
///
/// FNV-1a. Not against somebody who looks for two contents with one mark: all that he gains is a change that goes unnoticed.
///
/// ```
/// use abide_core::Mark;
///
/// assert_eq!(Mark::new().text("PAUSED").finish(), Mark::new().text("PAUSED").finish());
/// assert_ne!(Mark::new().text("ab").text("c").finish(), Mark::new().text("a").text("bc").finish());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark(u64);

impl Mark {
    /// Of nothing yet.
    pub fn new() -> Mark {
        Mark(0xcbf2_9ce4_8422_2325)
    }

    /// Adds a text, with its length.
    #[must_use]
    pub fn text(self, text: &str) -> Mark {
        self.bytes(&(text.len() as u64).to_le_bytes()).bytes(text.as_bytes())
    }

    /// Adds a number.
    #[must_use]
    pub fn number(self, number: u64) -> Mark {
        self.bytes(&number.to_le_bytes())
    }

    /// The mark of all that was added.
    pub fn finish(self) -> u64 {
        self.0
    }

    fn bytes(self, bytes: &[u8]) -> Mark {
        Mark(bytes.iter().fold(self.0, |mark, byte| (mark ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3)))
    }
}

impl Default for Mark {
    fn default() -> Mark {
        Mark::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Kept waits hold marks: these must never change. The first two are the published values of FNV-1a.
    #[test]
    fn known_values() {
        for (mark, expected) in [
            (Mark::new(), 0xcbf2_9ce4_8422_2325),
            (Mark::new().bytes(b"foobar"), 0x8594_4171_f739_67e8),
            (Mark::new().text("PAUSED"), 0x4143_5324_1671_663d),
            (Mark::new().number(1).number(2), 0x7717_9803_63c8_e066),
        ] {
            assert_eq!(mark.finish(), expected, "{:#x}", mark.finish());
        }
    }
}
