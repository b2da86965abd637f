//! Which items were given out already, so that every item of a growing array is given once.

use std::collections::HashMap;

/// How often each item, by identity, was given out.
///
/// An identity that a reply holds more often than any earlier reply did is new that many times: two equal items are two
/// items. An array that was reordered or cut short, or whose items come back later, gives nothing twice and loses nothing
/// (CAL-RESULTS-GROW allows items to change places).
#[derive(Debug, Default)]
pub(crate) struct Delivered {
    most: HashMap<u64, u32>,
}

impl Delivered {
    /// Keeps of one reply's items those that are new, in their order.
    pub(crate) fn keep_new<I>(&mut self, mut items: Vec<I>, identity: impl Fn(&I) -> u64) -> Vec<I> {
        let mut here: HashMap<u64, u32> = HashMap::with_capacity(items.len());
        items.retain(|item| {
            let identity = identity(item);
            let occurrence = here.entry(identity).or_default();
            *occurrence = occurrence.saturating_add(1);
            let most = self.most.entry(identity).or_default();
            let new = *occurrence > *most;
            *most = (*most).max(*occurrence);
            new
        });
        items
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(replies: &[&str], expected: &[&str]) {
        let mut delivered = Delivered::default();
        let new: Vec<String> = replies
            .iter()
            .map(|reply| delivered.keep_new(reply.chars().collect(), |item| u64::from(*item)).into_iter().collect())
            .collect();
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

    proptest! {
        #[test]
        fn what_was_given_is_the_most_that_any_reply_held(replies in prop::collection::vec("[a-d]{0,8}", 0..8)) {
            let mut delivered = Delivered::default();
            let mut given = String::new();
            for reply in &replies {
                given.extend(delivered.keep_new(reply.chars().collect(), |item| u64::from(*item)));
            }
            for letter in 'a'..='d' {
                let most = replies.iter().map(|reply| reply.matches(letter).count()).max().unwrap_or(0);
                prop_assert_eq!(given.matches(letter).count(), most);
            }
        }
    }
}
