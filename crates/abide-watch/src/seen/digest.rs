//! A fast hash of a text that comes in pieces, for comparing within one process.

use std::fmt;
use std::sync::LazyLock;

use twox_hash::xxhash3_128::{DEFAULT_SECRET_LENGTH, RawHasher, SecretBuffer};

use crate::seed::random_seed;

/// Under a key of this process: to be compared, and never written down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Digest([u8; 16]);

/// Takes in a text piece by piece; where it is cut into pieces makes no difference.
pub(super) struct Digester(RawHasher<&'static [u8; DEFAULT_SECRET_LENGTH]>);

/// Drawn anew by every process, so that no two texts are known beforehand that would be taken for one another. It need not
/// be more than that: a server could deceive nobody but those who watch its own sessions, to whom it may say anything.
static KEY: LazyLock<[u8; DEFAULT_SECRET_LENGTH]> = LazyLock::new(|| {
    let mut key = [0; DEFAULT_SECRET_LENGTH];
    for bytes in key.as_chunks_mut().0 {
        *bytes = random_seed().to_le_bytes();
    }
    key
});

impl Digester {
    /// `None` would mean a key that is too short, and the key's length is a constant.
    pub(super) fn new() -> Option<Digester> {
        SecretBuffer::new(0, &*KEY).ok().map(|key| Digester(RawHasher::new(key)))
    }

    pub(super) fn write(&mut self, piece: &[u8]) {
        self.0.write(piece);
    }

    /// Of all that was written so far.
    pub(super) fn digest(&self) -> Digest {
        Digest(self.0.finish_128().to_le_bytes())
    }
}

impl fmt::Debug for Digester {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Digester").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_make_no_difference_and_bytes_do() {
        let digest = |pieces: &[&str]| {
            let mut digester = Digester::new().unwrap();
            for piece in pieces {
                digester.write(piece.as_bytes());
            }
            digester.digest()
        };
        let long = "0123456789".repeat(100);
        let (head, tail) = long.split_at(333);
        assert_eq!(digest(&[&long]), digest(&[head, "", tail]));
        assert_ne!(digest(&[&long]), digest(&[tail, head]));
        assert_ne!(digest(&["a"]), digest(&["a", "\0"]));
        assert_ne!(digest(&["a"]), Digest::default());
    }
}
