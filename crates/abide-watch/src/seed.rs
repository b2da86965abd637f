//! A seed for a watch that nobody needs to replay.

use std::hash::{BuildHasher, Hasher, RandomState};

/// A different number each time, so that many watches do not poll in step. Not fit for secrets.
pub fn random_seed() -> u64 {
    RandomState::new().build_hasher().finish()
}

#[cfg(test)]
mod tests {
    use super::random_seed;

    #[test]
    fn seeds_differ() {
        assert_ne!(random_seed(), random_seed());
    }
}
