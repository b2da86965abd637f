//! What identifies a listing: a UUID that nobody can guess.

use crate::{ids, noise::bits, uuid::Uuid};

/// The id of a listing.
pub(crate) type ListingId = Uuid;

/// The id of the listing that a result of a session creates.
///
/// It is the same whenever it is asked for, unique, and unknown to others because the secret of the session is.
pub(crate) fn of_result(secret: [u8; 16], index: usize) -> ListingId {
    Uuid::of_bits(bits(&[b"listing", &secret, &index.to_le_bytes()]))
}

/// The id of a listing that no session created.
pub(crate) fn fresh() -> Result<ListingId, getrandom::Error> {
    ids::random_bits().map(|bits| Uuid::of_bits(u128::from_le_bytes(bits)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_results_never_change() {
        assert_eq!(of_result([1; 16], 0), of_result([1; 16], 0));
        assert_ne!(of_result([1; 16], 0), of_result([1; 16], 1));
        assert_ne!(of_result([1; 16], 0), of_result([2; 16], 0));
        assert_ne!(fresh().unwrap(), fresh().unwrap());
    }
}
