//! Identifiers that nobody can guess: 128 bits from the operating system, written in 22 letters and digits.

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// 62 to the power of 22 is the first that exceeds 2 to the power of 128.
const LENGTH: usize = 22;

/// 128 fresh random bits.
pub(crate) fn random_bits() -> Result<[u8; 16], getrandom::Error> {
    let mut bits = [0; 16];
    getrandom::fill(&mut bits)?;
    Ok(bits)
}

/// A fresh identifier of 22 letters and digits.
pub(crate) fn random_id() -> Result<String, getrandom::Error> {
    random_bits().map(|bits| base62(u128::from_le_bytes(bits)))
}

fn base62(mut number: u128) -> String {
    let mut digits = [b'0'; LENGTH];
    for digit in digits.iter_mut().rev() {
        let index = usize::try_from(number % 62).unwrap_or_default();
        *digit = ALPHABET.get(index).copied().unwrap_or(b'0');
        number /= 62;
    }
    digits.into_iter().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base62_has_one_length_and_is_exact() {
        for (number, expected) in [
            (0, "0000000000000000000000"),
            (61, "000000000000000000000z"),
            (62, "0000000000000000000010"),
            (u128::MAX, "7n42DGM5Tflk9n8mt7Fhc7"),
        ] {
            assert_eq!(base62(number), expected);
        }
    }

    #[test]
    fn ids_differ() {
        assert_ne!(random_id().unwrap(), random_id().unwrap());
    }
}
