//! What of a list of items was read already, so that an unchanged beginning is not read again.

mod digest;

use std::fmt;

use bytes::Bytes;

use self::digest::{Digest, Digester};

/// The text of a session's list of items as an earlier reply had it. Opaque: it goes from a [`Reply`](crate::Reply) back to
/// the source with the next [`fetch`](crate::StatusSource::fetch).
///
/// Lists only grow at their end, as a rule, and a server writes down what has not changed with the same bytes. So a source
/// that has the text of a JSON list asks [`known_in`](Self::known_in) how much of it need not be read, reads the rest, and
/// makes the next value with [`after`](Self::after). Whatever differs from what was seen is read from the beginning. A
/// source without such a text gives [`Seen::nothing`], and every item each time.
///
/// ```
/// use abide_watch::Seen;
///
/// fn reread(seen: &Seen, list: &'static str) -> usize {
///     seen.known_in(list.as_bytes()).map_or(0, |known| known.bytes)
/// }
/// assert_eq!(reread(&Seen::nothing(), "[7, 8]"), 0);
/// ```
///
/// A single watch keeps the text itself; a fleet keeps its length and 128 bits of hash, under a key drawn anew by every
/// process. It is never written down: whoever resumes a wait begins with nothing.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Seen {
    list: List,
    items: usize,
    failed: u64,
}

/// The text from the opening bracket to the end of the last item.
#[derive(Clone, Default, PartialEq, Eq)]
enum List {
    /// Nothing is remembered.
    #[default]
    Nothing,
    Whole(Bytes),
    Digested {
        length: usize,
        digest: Digest,
    },
}

/// How a list is to be remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Memory {
    /// As its bytes: for a few sessions. Comparing is cheapest, and the last body stays in memory.
    Bytes,
    /// As a length and a hash: for very many.
    Digest,
}

/// The beginning of a list that need not be read.
#[derive(Debug)]
pub struct Known {
    /// From the opening bracket to the end of the last known item. A comma or the closing bracket follows.
    pub bytes: usize,
    /// How many items that are.
    pub items: usize,
    /// How many of them were counted as failed.
    pub failed: u64,
    digester: Option<Digester>,
}

impl Seen {
    /// Nothing was seen, and nothing is to be remembered.
    pub fn nothing() -> Seen {
        Seen::default()
    }

    /// Nothing was seen yet, and the next list is to be remembered so. For whoever asks a source without a watch.
    pub fn remembering(memory: Memory) -> Seen {
        let list = match memory {
            Memory::Bytes => List::Whole(Bytes::new()),
            Memory::Digest => List::Digested { length: 0, digest: Digest::default() },
        };
        Seen { list, items: 0, failed: 0 }
    }

    /// How many items were seen.
    pub fn items(&self) -> usize {
        self.items
    }

    /// How far `list` is what was seen. It begins at the opening bracket of a JSON list and may go on behind its end.
    ///
    /// `None` where it differs anywhere, or where nothing was seen.
    pub fn known_in(&self, list: &[u8]) -> Option<Known> {
        if self.items == 0 {
            return None;
        }
        let (bytes, digester) = match &self.list {
            List::Nothing => return None,
            List::Whole(seen) => {
                list.starts_with(seen).then_some(())?;
                (seen.len(), None)
            }
            List::Digested { length, digest } => {
                let mut digester = Digester::new()?;
                digester.write(list.get(..*length)?);
                (digester.digest() == *digest).then_some(())?;
                (*length, Some(digester))
            }
        };
        let rest = list.get(bytes..)?;
        ends_an_item(rest).then_some(Known { bytes, items: self.items, failed: self.failed, digester })
    }

    /// What is seen after a reply whose list has this text, from the opening bracket to the end of its last item. `known` is
    /// what was not read of it, `items` and `failed` count what was read.
    #[must_use = "it belongs into the reply"]
    pub fn after(&self, list: Bytes, known: Option<Known>, items: usize, failed: u64) -> Seen {
        let (bytes, before, failed_before, digester) = match known {
            Some(known) => (known.bytes, known.items, known.failed, known.digester),
            None => (0, 0, 0, None),
        };
        let list = match self.list {
            List::Nothing => return Seen::nothing(),
            List::Whole(_) => List::Whole(list),
            List::Digested { .. } => {
                let Some(mut digester) = digester.or_else(Digester::new) else { return Seen::nothing() };
                digester.write(list.get(bytes..).unwrap_or_default());
                List::Digested { length: list.len(), digest: digester.digest() }
            }
        };
        Seen { list, items: before.saturating_add(items), failed: failed_before.saturating_add(failed) }
    }
}

/// Never the text, which is part of a body.
impl fmt::Debug for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Seen").field("items", &self.items).field("failed", &self.failed).finish_non_exhaustive()
    }
}

/// `[7` is seen in `[77]` too; there it is half an item.
fn ends_an_item(rest: &[u8]) -> bool {
    let next = rest.iter().find(|byte| !matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
    matches!(next, Some(b',' | b']'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MEMORIES: [Memory; 2] = [Memory::Bytes, Memory::Digest];

    fn seen(memory: Memory, list: &str, items: usize) -> Seen {
        Seen::remembering(memory).after(Bytes::copy_from_slice(list.as_bytes()), None, items, 1)
    }

    fn check(before: &str, items: usize, list: &str, expected: Option<usize>) {
        for memory in MEMORIES {
            let known = seen(memory, before, items).known_in(list.as_bytes());
            assert_eq!(known.as_ref().map(|known| known.bytes), expected, "{memory:?}: {before} in {list}");
            let counts = known.map(|known| (known.items, known.failed));
            assert_eq!(counts, expected.map(|_| (items, 1)), "{memory:?}: {before} in {list}");
        }
    }

    #[test]
    fn the_same_beginning_is_known_and_nothing_else() {
        check("[7", 1, "[7]", Some(2));
        check("[7", 1, "[7, 8], \"status\": 1}", Some(2));
        check("[7, 8", 2, "[7, 8 \n\t\r]", Some(5));
        check("[7, 8", 2, "[7,8]", None);
        check("[7, 8", 2, "[7, 9, 8]", None);
        check("[7, 8", 2, "[7]", None);
        check("[", 0, "[]", None);
    }

    #[test]
    fn half_an_item_is_not_known() {
        check("[7", 1, "[77]", None);
        check("[7", 1, "[7.5]", None);
        check("[7", 1, "[7", None);
        check("[7", 1, "[7 ", None);
        check("[7", 1, "[7 8]", None);
    }

    #[test]
    fn nothing_stays_nothing() {
        let nothing = Seen::nothing();
        assert!(nothing.known_in(b"[]").is_none());
        assert_eq!(nothing.after(Bytes::from_static(b"[1"), None, 1, 0), nothing);
        assert_eq!(format!("{:?}", seen(Memory::Bytes, "[\"s3cret\"", 1)), "Seen { items: 1, failed: 1, .. }");
    }

    proptest! {
        /// In one pass over the new list, or in two: the same value comes of it.
        #[test]
        fn what_was_skipped_is_seen_all_the_same(old in "[ -~]{1,600}", new in "[ -~]{0,600}") {
            for memory in MEMORIES {
                let before = seen(memory, &old, 3);
                let whole = format!("{old},{new}");
                let list = Bytes::copy_from_slice(whole.as_bytes());
                let known = before.known_in(&list);
                prop_assert_eq!(known.as_ref().map(|known| known.bytes), Some(old.len()));
                let grown = before.after(list.clone(), known, 2, 4);
                prop_assert_eq!(&grown, &Seen::remembering(memory).after(list, None, 5, 5));
                prop_assert_eq!(grown.items(), 5);
            }
        }

        #[test]
        fn one_changed_byte_is_noticed(list in "[ -~]{1,300}", at in any::<prop::sample::Index>(), by in 1_u8..) {
            for memory in MEMORIES {
                let mut other = list.clone().into_bytes();
                let at = at.index(other.len());
                other[at] = other[at].wrapping_add(by);
                other.push(b']');
                prop_assert!(seen(memory, &list, 1).known_in(&other).is_none());
            }
        }
    }
}
