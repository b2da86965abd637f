//! Numbers that look random and are not: the same inputs give the same number in every process and version.

use sha2::{Digest, Sha256};

/// A well-mixed number from two others (the finishing steps of `SplitMix64`).
pub(crate) const fn mix(seed: u64, index: u64) -> u64 {
    let mut z = seed.wrapping_add(index.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// SHA-256 over the parts, each preceded by its length, so that moving text between parts changes the result.
pub(crate) fn digest(parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part.len().to_le_bytes());
        hasher.update(part);
    }
    hasher.finalize().into()
}

/// SHA-256 of the text alone, as other programs work it out, in hexadecimal.
pub(crate) fn hexadecimal_digest(text: &[u8]) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The first 128 bits of [`digest`], for identifiers.
pub(crate) fn bits(parts: &[&[u8]]) -> u128 {
    digest(parts).into_iter().take(16).fold(0, |bits, byte| (bits << 8) | u128::from(byte))
}

/// The first 64 bits of [`digest`], to seed [`mix`] with.
pub(crate) fn seed(parts: &[&[u8]]) -> u64 {
    digest(parts).into_iter().take(8).fold(0, |bits, byte| (bits << 8) | u64::from(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_fixed_for_ever() {
        assert_eq!(mix(0, 0), 0xE220_A839_7B1D_CDAF, "the first output of SplitMix64 from seed 0");
        assert_eq!(mix(0, 1), 0x6E78_9E6A_A1B9_65F4, "its second output");
        assert_ne!(seed(&[b"ab", b"c"]), seed(&[b"a", b"bc"]));
    }
}
