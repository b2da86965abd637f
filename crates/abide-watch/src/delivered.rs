//! Which items were given out already, so that every item of a growing array is given once.

use std::collections::{HashMap, HashSet};

/// How often each item, by identity, was given out.
///
/// ```text
///               a reply does not begin with what was given
///  InOrder ─────────────────────────────────────────────────▶ Counted
/// ```
///
/// Arrays that only grow at their end, as the documents have them, are compared with the sequence given so far, item by
/// item, and what follows is new. As soon as a reply does not begin with that sequence, items are counted: an identity that
/// a reply holds more often than any earlier reply did is new that many times. So two equal items are two items, and an
/// array that was reordered or cut short, or whose items come back later, gives nothing twice and loses nothing
/// (CAL-RESULTS-GROW allows items to change places).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Delivered {
    /// All identities, in the order of every reply so far.
    InOrder(Vec<u64>),
    /// The most that one reply held of each identity.
    #[expect(
        clippy::box_collection,
        reason = "the common form is a vector, and a sleeping session pays for the larger one"
    )]
    Counted(Box<HashMap<u64, u32>>),
}

impl Delivered {
    /// Keeps of one reply's items those that are new, in their order. Of those that must be unique a second one is not new.
    pub(crate) fn keep_new<I>(
        &mut self,
        mut items: Vec<I>,
        identity: impl Fn(&I) -> u64,
        is_unique: impl Fn(&I) -> bool,
    ) -> Vec<I> {
        let mut identities: Vec<u64> = items.iter().map(identity).collect();
        drop_repeated(&mut items, &mut identities, is_unique);
        match self {
            Self::InOrder(given) => {
                if let Some(new) = identities.strip_prefix(given.as_slice()) {
                    let known = given.len();
                    given.extend_from_slice(new);
                    return items.into_iter().skip(known).collect();
                }
                let mut counts = counted(given);
                let new = keep_uncounted(&mut counts, items, &identities);
                *self = Self::Counted(Box::new(counts));
                new
            }
            Self::Counted(counts) => keep_uncounted(counts, items, &identities),
        }
    }

    /// The latest items, which nobody took after all: they are new again when a reply holds them.
    pub(crate) fn take_back(&mut self, identities: &[u64]) {
        match self {
            Self::InOrder(given) => given.truncate(given.len().saturating_sub(identities.len())),
            Self::Counted(counts) => {
                for identity in identities {
                    if let Some(count) = counts.get_mut(identity) {
                        *count = count.saturating_sub(1);
                    }
                }
            }
        }
    }

    /// Every identity as often as it was given, for [`from_identities`](Self::from_identities).
    pub(crate) fn identities(&self) -> Vec<u64> {
        match self {
            Self::InOrder(given) => given.clone(),
            Self::Counted(counts) => {
                let mut identities: Vec<u64> = counts
                    .iter()
                    .flat_map(|(identity, count)| std::iter::repeat_n(*identity, usize::try_from(*count).unwrap_or(0)))
                    .collect();
                identities.sort_unstable();
                identities
            }
        }
    }

    pub(crate) fn from_identities(identities: Vec<u64>) -> Delivered {
        Self::InOrder(identities)
    }

    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Self::InOrder(given) => given.is_empty(),
            Self::Counted(counts) => counts.is_empty(),
        }
    }
}

impl Default for Delivered {
    fn default() -> Delivered {
        Self::InOrder(Vec::new())
    }
}

/// Drops the second and later ones of items that must be unique.
fn drop_repeated<I>(items: &mut Vec<I>, identities: &mut Vec<u64>, is_unique: impl Fn(&I) -> bool) {
    let mut seen = HashSet::with_capacity(identities.len());
    let first: Vec<bool> =
        identities.iter().zip(&*items).map(|(identity, item)| seen.insert(*identity) || !is_unique(item)).collect();
    if first.iter().all(|first| *first) {
        return;
    }
    let mut keep = first.iter();
    items.retain(|_| keep.next().is_some_and(|first| *first));
    let mut keep = first.iter();
    identities.retain(|_| keep.next().is_some_and(|first| *first));
}

fn counted(identities: &[u64]) -> HashMap<u64, u32> {
    let mut counts = HashMap::with_capacity(identities.len());
    for identity in identities {
        let count: &mut u32 = counts.entry(*identity).or_default();
        *count = count.saturating_add(1);
    }
    counts
}

fn keep_uncounted<I>(most: &mut HashMap<u64, u32>, mut items: Vec<I>, identities: &[u64]) -> Vec<I> {
    let mut here: HashMap<u64, u32> = HashMap::with_capacity(identities.len());
    let mut identities = identities.iter();
    items.retain(|_| {
        let Some(identity) = identities.next() else { return false };
        let occurrence = here.entry(*identity).or_default();
        *occurrence = occurrence.saturating_add(1);
        let most = most.entry(*identity).or_default();
        let new = *occurrence > *most;
        *most = (*most).max(*occurrence);
        new
    });
    items
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn keep(delivered: &mut Delivered, reply: &str) -> String {
        let (identity, is_unique) = (|item: &char| u64::from(*item), |item: &char| item.is_uppercase());
        delivered.keep_new(reply.chars().collect(), identity, is_unique).into_iter().collect()
    }

    fn check(replies: &[&str], expected: &[&str]) {
        let mut delivered = Delivered::default();
        let new: Vec<String> = replies.iter().map(|reply| keep(&mut delivered, reply)).collect();
        assert_eq!(new, expected, "{replies:?}");
    }

    #[test]
    fn new_items_only() {
        check(&["", "a", "ab", "abc"], &["", "a", "b", "c"]);
        check(&["abc", "cab", "dbca"], &["abc", "", "d"]);
        check(&["abc", "a", "abc"], &["abc", "", ""]);
        check(&["ab", "", "c", "abcd"], &["ab", "", "c", "d"]);
    }

    #[test]
    fn equal_items_are_as_many_as_one_reply_showed() {
        check(&["a", "aa", "aa", "a", "aaa"], &["a", "a", "", "", "a"]);
        check(&["aab", "ba", "bab"], &["aab", "", "b"]);
    }

    #[test]
    fn what_must_be_unique_is_given_once() {
        check(&["AA", "AAB", "BA"], &["A", "B", ""]);
        check(&["aAaA", "AbAb"], &["aAa", "bb"]);
    }

    #[test]
    fn a_growing_array_stays_in_order_and_another_is_counted() {
        for (replies, in_order) in
            [(vec!["", "a", "a", "aab"], true), (vec!["ab", "ba"], false), (vec!["a", ""], false)]
        {
            let mut delivered = Delivered::default();
            for reply in &replies {
                keep(&mut delivered, reply);
            }
            assert_eq!(matches!(delivered, Delivered::InOrder(_)), in_order, "{replies:?}");
        }
    }

    #[test]
    fn what_is_taken_back_is_new_again() {
        for (replies, back, then, expected) in [
            (vec!["ab", "abcd"], "cd", "abcde", "cde"),
            (vec!["ab", "abcd"], "abcd", "abcd", "abcd"),
            (vec!["ab", "ba", "cab"], "c", "abc", "c"),
            (vec!["aa", "", "aaa"], "a", "aaa", "a"),
            (vec!["ab"], "", "ab", ""),
        ] {
            let mut delivered = Delivered::default();
            for reply in &replies {
                keep(&mut delivered, reply);
            }
            delivered.take_back(&back.chars().map(u64::from).collect::<Vec<_>>());
            assert_eq!(keep(&mut delivered, then), expected, "{replies:?} without {back}");
        }
    }

    proptest! {
        #[test]
        fn what_was_given_is_the_most_that_any_reply_held(replies in prop::collection::vec("[a-d]{0,8}", 0..8), kept in 0_usize..8) {
            let mut delivered = Delivered::default();
            let mut given = String::new();
            for (index, reply) in replies.iter().enumerate() {
                if index == kept {
                    delivered = Delivered::from_identities(delivered.identities());
                }
                given += &keep(&mut delivered, reply);
            }
            for letter in 'a'..='d' {
                let most = replies.iter().map(|reply| reply.matches(letter).count()).max().unwrap_or(0);
                prop_assert_eq!(given.matches(letter).count(), most);
            }
        }
    }
}
