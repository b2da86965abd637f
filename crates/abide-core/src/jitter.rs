//! A tiny seeded generator: enough randomness to spread polls, and the same schedule for the same seed.

use core::time::Duration;

use crate::tick::nanos;

/// The splitmix64 generator (Steele, Lea and Flood, 2014). Not for secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Jitter {
    state: u64,
}

impl Jitter {
    pub(crate) fn new(seed: u64) -> Jitter {
        Jitter { state: seed }
    }

    /// The seed of a generator that goes on from here.
    pub(crate) fn state(&self) -> u64 {
        self.state
    }

    /// Uniform in `[low, high]`; `low` when the range is empty.
    pub(crate) fn between(&mut self, low: Duration, high: Duration) -> Duration {
        let width = nanos(high.saturating_sub(low));
        low.saturating_add(Duration::from_nanos(self.up_to(width)))
    }

    /// Uniform in `[0, most]`, by the high half of a widening multiplication.
    fn up_to(&mut self, most: u64) -> u64 {
        let product = u128::from(self.next()) * (u128::from(most) + 1);
        u64::try_from(product >> 64).unwrap_or(most)
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_sequence_of_seed_zero() {
        let mut jitter = Jitter::new(0);
        let drawn: [u64; 3] = core::array::from_fn(|_| jitter.next());
        assert_eq!(drawn, [0xE220_A839_7B1D_CDAF, 0x6E78_9E6A_A1B9_65F4, 0x06C4_5D18_8009_454F]);
    }

    #[test]
    fn both_ends_of_a_small_range_are_drawn() {
        let (low, high) = (Duration::from_nanos(7), Duration::from_nanos(9));
        let mut jitter = Jitter::new(1);
        let mut seen = [0_u32; 3];
        for _ in 0..3000 {
            let drawn = jitter.between(low, high).as_nanos();
            seen[usize::try_from(drawn - 7).unwrap()] += 1;
        }
        assert!(seen.iter().all(|count| (850..1150).contains(count)), "{seen:?}");
    }

    proptest! {
        #[test]
        fn never_outside_the_range(seed: u64, low: u64, width: u64) {
            let low = Duration::from_nanos(low);
            let high = low + Duration::from_nanos(width);
            let drawn = Jitter::new(seed).between(low, high);
            prop_assert!((low..=high).contains(&drawn));
        }

        #[test]
        fn an_empty_range_gives_its_lower_end(seed: u64, low in 1_u64.., less: u64) {
            let (low, less) = (Duration::from_nanos(low), Duration::from_nanos(less % low));
            prop_assert_eq!(Jitter::new(seed).between(low, less), low);
        }
    }
}
