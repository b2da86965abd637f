//! Which items were given out already, so that every item of a growing array is given once.

use std::collections::{BTreeMap, HashSet};

use crate::seen::{Memory, Seen};

/// Up to so many new items are looked for among the given ones one by one; more are sorted first.
const FEW: usize = 16;

/// How often each item, by identity, was given out. Nothing given costs nothing but this pointer.
///
/// ```text
///            a reply neither begins with nor holds all that was given
///  InOrder ----------------------------------------------------------> Counted
///          <----------------------------------------------------------
///            a reply holds all that was given, and no more
/// ```
///
/// Arrays that only grow at their end, as the documents have them, are compared with the sequence given so far, item by
/// item, and what follows is new. As soon as a reply does not begin with that sequence, items are counted: an identity that
/// a reply holds more often than any earlier reply did is new that many times. So two equal items are two items, and an
/// array that was reordered or cut short, or whose items come back later, gives nothing twice and loses nothing
/// (CAL-RESULTS-GROW allows items to change places). A reply with all that was given is a sequence to go on from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Delivered(Option<Box<Given>>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Given {
    order: Order,
    /// What the next request may know of the items in this order.
    seen: Seen,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Order {
    /// All identities, in the order of every reply so far.
    InOrder(Vec<u64>),
    /// The most that one reply held of each identity.
    Counted(BTreeMap<u64, u32>),
}

/// The items of one reply.
pub(crate) struct Items<I> {
    /// Those that were read.
    pub(crate) read: Vec<I>,
    /// How many stand before them.
    pub(crate) known: usize,
    pub(crate) seen: Seen,
}

impl Delivered {
    /// What the next request may know. After a reply out of order: nothing, so that the list comes whole.
    pub(crate) fn seen(&self, memory: Memory) -> Seen {
        let Some(given) = self.0.as_deref() else { return Seen::remembering(memory) };
        match given.order {
            Order::InOrder(_) if given.seen.items() > 0 => given.seen.clone(),
            Order::InOrder(_) => Seen::remembering(memory),
            Order::Counted(_) => Seen::nothing(),
        }
    }

    /// Keeps of one reply's items those that are new, in their order. Of those that must be unique a second one is not new.
    pub(crate) fn keep_new<I>(
        &mut self,
        items: Items<I>,
        identity: impl Fn(&I) -> u64,
        is_unique: impl Fn(&I) -> bool,
    ) -> Vec<I> {
        if self.0.is_none() && items.read.is_empty() {
            return Vec::new();
        }
        self.0.get_or_insert_default().keep_new(items, identity, is_unique)
    }

    /// The latest items, which nobody took after all: they are new again when a reply holds them.
    pub(crate) fn take_back(&mut self, identities: &[u64]) {
        let Some(given) = self.0.as_deref_mut() else { return };
        if identities.is_empty() {
            return;
        }
        given.seen = Seen::nothing();
        let mut counts = match &mut given.order {
            // Behind a reordered beginning, the latest items may stand anywhere.
            Order::InOrder(given) if given.ends_with(identities) => {
                return given.truncate(given.len() - identities.len());
            }
            Order::InOrder(given) => counted(given),
            Order::Counted(counts) => std::mem::take(counts),
        };
        for identity in identities {
            if let Some(count) = counts.get_mut(identity) {
                *count = count.saturating_sub(1);
            }
        }
        counts.retain(|_, count| *count > 0);
        given.order = Order::Counted(counts);
    }

    /// Every identity as often as it was given, for [`from_identities`](Self::from_identities).
    pub(crate) fn identities(&self) -> Vec<u64> {
        match self.0.as_deref().map(|given| &given.order) {
            None => Vec::new(),
            Some(Order::InOrder(given)) => given.clone(),
            Some(Order::Counted(counts)) => counts
                .iter()
                .flat_map(|(identity, count)| std::iter::repeat_n(*identity, usize::try_from(*count).unwrap_or(0)))
                .collect(),
        }
    }

    pub(crate) fn from_identities(identities: Vec<u64>) -> Delivered {
        let given = Given { order: Order::InOrder(identities), seen: Seen::nothing() };
        Delivered(Some(given).filter(|given| !given.order.is_empty()).map(Box::new))
    }

    /// The same, for a wait that goes on elsewhere: what a reply looked like is of no use there.
    pub(crate) fn without_seen(&self) -> Delivered {
        let order = self.0.as_deref().map(|given| given.order.clone());
        Delivered(order.map(|order| Box::new(Given { order, seen: Seen::nothing() })))
    }
}

impl Default for Given {
    fn default() -> Given {
        Given { order: Order::InOrder(Vec::new()), seen: Seen::nothing() }
    }
}

impl Given {
    fn keep_new<I>(&mut self, items: Items<I>, identity: impl Fn(&I) -> u64, is_unique: impl Fn(&I) -> bool) -> Vec<I> {
        let Items { read: mut items, known, seen } = items;
        let expected = std::mem::take(&mut self.seen).items();
        if let Order::InOrder(given) = &mut self.order {
            // What was seen is what was given. A source that knows of another number of items is not believed.
            let repeated = if known > 0 && known == expected { Some(0) } else { prefix(given, &items, &identity) };
            if let Some(repeated) = repeated {
                items.drain(..repeated);
                append(given, &mut items, identity, is_unique);
                self.seen = seen;
                return items;
            }
        }
        let mut identities = Vec::with_capacity(items.len());
        append(&mut identities, &mut items, identity, is_unique);
        let new = self.order.keep_uncounted(items, identities);
        if matches!(self.order, Order::InOrder(_)) && known == 0 {
            self.seen = seen;
        }
        new
    }
}

impl Order {
    fn is_empty(&self) -> bool {
        match self {
            Self::InOrder(given) => given.is_empty(),
            Self::Counted(counts) => counts.is_empty(),
        }
    }

    fn keep_uncounted<I>(&mut self, mut items: Vec<I>, identities: Vec<u64>) -> Vec<I> {
        let mut most = match std::mem::replace(self, Self::InOrder(Vec::new())) {
            Self::InOrder(given) => counted(&given),
            Self::Counted(counts) => counts,
        };
        let mut here: BTreeMap<u64, u32> = BTreeMap::new();
        let mut each = identities.iter();
        items.retain(|_| {
            let Some(identity) = each.next() else { return false };
            let occurrence = here.entry(*identity).or_default();
            *occurrence = occurrence.saturating_add(1);
            let most = most.entry(*identity).or_default();
            let new = *occurrence > *most;
            *most = (*most).max(*occurrence);
            new
        });
        *self = if here == most { Self::InOrder(identities) } else { Self::Counted(most) };
        items
    }
}

/// How many items stand for what was given, where they begin with it.
fn prefix<I>(given: &[u64], items: &[I], identity: impl Fn(&I) -> u64) -> Option<usize> {
    let begins = given.len() <= items.len() && given.iter().zip(items).all(|(given, item)| *given == identity(item));
    begins.then_some(given.len())
}

/// Adds the identities of `items`, and drops the second and later ones of items that must be unique.
fn append<I>(given: &mut Vec<u64>, items: &mut Vec<I>, identity: impl Fn(&I) -> u64, is_unique: impl Fn(&I) -> bool) {
    let before = given.len();
    given.extend(items.iter().map(identity));
    let (old, new) = given.split_at(before);
    if !any_repeated(old, new) {
        return;
    }
    let mut identities = given.split_off(before);
    let mut seen: HashSet<u64> = given.iter().copied().collect();
    let first: Vec<bool> =
        identities.iter().zip(&*items).map(|(identity, item)| seen.insert(*identity) || !is_unique(item)).collect();
    let mut keep = first.iter();
    items.retain(|_| keep.next().is_some_and(|first| *first));
    let mut keep = first.iter();
    identities.retain(|_| keep.next().is_some_and(|first| *first));
    given.append(&mut identities);
}

/// Nearly always nothing is, and that is found out without a table.
fn any_repeated(given: &[u64], new: &[u64]) -> bool {
    if new.len() <= FEW {
        let twice = |(index, identity): (usize, &u64)| new.iter().take(index).any(|earlier| earlier == identity);
        return new.iter().any(|identity| given.contains(identity)) || new.iter().enumerate().any(twice);
    }
    let mut all = [given, new].concat();
    all.sort_unstable();
    all.array_windows().any(|[one, next]| one == next)
}

fn counted(identities: &[u64]) -> BTreeMap<u64, u32> {
    let mut counts = BTreeMap::new();
    for identity in identities {
        let count: &mut u32 = counts.entry(*identity).or_default();
        *count = count.saturating_add(1);
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn keep(delivered: &mut Delivered, reply: &str) -> String {
        keep_items(delivered, Items { read: reply.chars().collect(), known: 0, seen: Seen::nothing() })
    }

    fn keep_items(delivered: &mut Delivered, items: Items<char>) -> String {
        let (identity, is_unique) = (|item: &char| u64::from(*item), |item: &char| item.is_uppercase());
        delivered.keep_new(items, identity, is_unique).into_iter().collect()
    }

    /// As a source that skips what it knows.
    fn keep_skipping(delivered: &mut Delivered, reply: &str) -> String {
        let list = format!("[{}", reply.chars().map(String::from).collect::<Vec<_>>().join(","));
        let before = delivered.seen(Memory::Bytes);
        let known = before.known_in(format!("{list}]").as_bytes());
        let skipped = known.as_ref().map_or(0, |known| known.items);
        let read: Vec<char> = reply.chars().skip(skipped).collect();
        let seen = before.after(list.into(), known, read.len(), 0);
        keep_items(delivered, Items { read, known: skipped, seen })
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
        for (replies, in_order) in [
            (vec!["", "a", "a", "aab"], true),
            (vec!["ab", "bac"], true),
            (vec!["a", ""], false),
            (vec!["ab", "bc"], false),
            (vec!["ab", "bc", "cab"], true),
            (vec!["aab", "ab"], false),
        ] {
            let mut delivered = Delivered::default();
            for reply in &replies {
                keep(&mut delivered, reply);
            }
            let order = &delivered.0.as_deref().unwrap().order;
            assert_eq!(matches!(order, Order::InOrder(_)), in_order, "{replies:?}");
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

    #[test]
    fn a_source_that_knows_too_much_is_not_believed() {
        for known in [1, 3, usize::MAX] {
            let mut delivered = Delivered::default();
            assert_eq!(keep_skipping(&mut delivered, "ab"), "ab");
            let seen = delivered.seen(Memory::Bytes);
            assert_eq!(keep_items(&mut delivered, Items { read: vec!['b', 'c'], known, seen }), "c");
            assert_eq!(keep_skipping(&mut delivered, "abc"), "");
        }
    }

    #[test]
    fn many_new_items_are_told_apart_too() {
        let small: String = ('a'..='z').collect();
        let large = small.to_uppercase();
        check(&["zZ", &format!("zZ{small}{large}{small}{large}")], &["zZ", &format!("{small}{}{small}", &large[..25])]);
    }

    proptest! {
        #[test]
        fn what_is_skipped_makes_no_difference(replies in prop::collection::vec("[a-cA-C]{0,6}", 0..10), grow in any::<u32>()) {
            let (mut skipping, mut reading) = (Delivered::default(), Delivered::default());
            let mut last = String::new();
            for (index, reply) in replies.iter().enumerate() {
                let grows = grow >> (index % 32) & 1 == 1;
                last = if grows { last + reply } else { reply.clone() };
                prop_assert_eq!(keep_skipping(&mut skipping, &last), keep(&mut reading, &last));
                prop_assert_eq!(skipping.without_seen(), reading.without_seen());
            }
        }

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
