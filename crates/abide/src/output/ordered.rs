//! Puts back in order what arrives in any order.

use std::collections::BTreeMap;

/// A reorder buffer: items go in under their index, in any order, and come out by index, counting up from 0.
///
/// An index comes out once: what is pushed again under an index that is waiting or already out is dropped.
///
/// ```
/// use abide::output::InOrder;
///
/// let mut rows = InOrder::default();
/// assert!(rows.push(1, "second").is_empty());
/// assert_eq!(rows.push(0, "first"), [(0, "first"), (1, "second")]);
/// assert!(rows.push(3, "fourth").is_empty());
/// assert_eq!(rows.rest(), [(3, "fourth")]);
/// ```
#[derive(Clone, Debug)]
pub struct InOrder<T> {
    next: usize,
    waiting: BTreeMap<usize, T>,
}

impl<T> Default for InOrder<T> {
    fn default() -> Self {
        Self { next: 0, waiting: BTreeMap::new() }
    }
}

impl<T> InOrder<T> {
    /// Takes an item and gives back, in order, all that no gap holds back any more.
    #[must_use = "what comes out is not kept"]
    pub fn push(&mut self, index: usize, item: T) -> Vec<(usize, T)> {
        if index >= self.next {
            self.waiting.entry(index).or_insert(item);
        }
        let mut ready = Vec::new();
        while let Some(item) = self.waiting.remove(&self.next) {
            ready.push((self.next, item));
            self.next += 1;
        }
        ready
    }

    /// The lowest index that did not arrive yet.
    pub fn awaited(&self) -> usize {
        self.next
    }

    /// What waits behind a gap, in order: for when nothing more will arrive.
    pub fn rest(self) -> Vec<(usize, T)> {
        self.waiting.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all_out(pushes: &[usize]) -> Vec<usize> {
        let mut buffer = InOrder::default();
        let mut out = Vec::new();
        for &index in pushes {
            out.extend(buffer.push(index, index));
        }
        out.extend(buffer.rest());
        assert!(out.iter().all(|(index, item)| index == item), "an item changed its index: {out:?}");
        out.into_iter().map(|(index, _)| index).collect()
    }

    #[test]
    fn repeated_indexes_come_out_once() {
        for (pushes, expected) in [
            (&[][..], &[][..]),
            (&[0, 0, 0], &[0]),
            (&[2, 2, 1, 0, 1, 2], &[0, 1, 2]),
            (&[5, 3], &[3, 5]),
            (&[usize::MAX - 1, 0], &[0, usize::MAX - 1]),
        ] {
            assert_eq!(all_out(pushes), expected, "{pushes:?}");
        }
    }

    #[test]
    fn the_first_item_of_an_index_stays() {
        let mut buffer = InOrder::default();
        assert!(buffer.push(1, "kept").is_empty());
        assert!(buffer.push(1, "dropped").is_empty());
        assert_eq!(buffer.push(0, "zero"), [(0, "zero"), (1, "kept")]);
        assert_eq!(buffer.awaited(), 2);
    }

    proptest! {
        #[test]
        fn every_index_once_in_order(
            order in (0_usize..60).prop_flat_map(|count| Just((0..count).collect::<Vec<_>>()).prop_shuffle()),
        ) {
            let mut buffer = InOrder::default();
            let out: Vec<_> = order.iter().flat_map(|&index| buffer.push(index, ())).collect();
            let expected: Vec<_> = (0..order.len()).map(|index| (index, ())).collect();
            prop_assert_eq!(out, expected);
            prop_assert!(buffer.rest().is_empty());
        }

        #[test]
        fn gaps_lose_nothing(pushes in prop::collection::vec(0_usize..30, 0..60)) {
            let distinct: Vec<usize> = pushes.iter().copied().collect::<std::collections::BTreeSet<_>>().into_iter().collect();
            prop_assert_eq!(all_out(&pushes), distinct);
        }
    }
}
