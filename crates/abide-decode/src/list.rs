//! Lists: of one layout, with an odd item now and then, and those that only grow.

use serde::de::DeserializeOwned;

use crate::layout::Remember;
use crate::{Decode, Reader};

/// From which item on the layout is remembered: shorter lists are read before it would pay.
const LONG: usize = 2;

/// Bytes of items for which room is made before they come. The list that grows is most of its body.
const MOST_RESERVED: usize = 1 << 20;

impl Reader<'_> {
    /// A list.
    pub fn list<T: Decode + DeserializeOwned>(&mut self) -> Option<Vec<T>> {
        self.take(b'[')?;
        self.pass_space();
        let ended = self.takes(b']');
        self.inside(|reader| reader.items(ended, 0)).map(|(items, _)| items)
    }

    /// The list of which earlier bodies had a part already. The items of that part are left out. `null` is an empty list.
    pub fn growing_list<T: Decode + DeserializeOwned>(&mut self) -> Option<Vec<T>> {
        if self.takes_word(b"null") {
            return Some(Vec::new());
        }
        let from = self.place();
        self.peek().filter(|byte| *byte == b'[')?;
        let (begun, ended) = if self.pass_known() {
            (self.place(), self.after_item()?)
        } else {
            self.pass(1);
            let begun = self.place();
            self.pass_space();
            (begun, self.takes(b']'))
        };
        let (mut items, last) = self.inside(|reader| reader.items(ended, MOST_RESERVED))?;
        if items.len() < items.capacity() / 2 {
            items.shrink_to_fit();
        }
        self.note_list(from..last.unwrap_or(begun))?;
        Some(items)
    }

    /// The items up to the end of the list, and where the last one ended. Room for others is made for at most so many bytes of
    /// them: what a body seems to hold, it need not hold.
    #[inline]
    fn items<T: Decode + DeserializeOwned>(
        &mut self,
        mut ended: bool,
        most_reserved: usize,
    ) -> Option<(Vec<T>, Option<usize>)> {
        let (mut items, mut layout) = (Vec::new(), T::Layout::default());
        let mut last = None;
        while !ended {
            self.pass_space();
            let from = self.place();
            items.push(self.item(&mut layout)?);
            if items.len() == LONG {
                layout.begin_to_remember();
                // The others may well be as long as this one.
                let likely = self.rest().len() / (self.place() - from).max(2);
                items.reserve(likely.min(most_reserved / size_of::<T>().max(1)));
            }
            last = Some(self.place());
            ended = self.after_item()?;
        }
        Some((items, last))
    }

    /// One item; what the decoder declines is read by serde.
    #[inline]
    fn item<T: Decode + DeserializeOwned>(&mut self, layout: &mut T::Layout) -> Option<T> {
        let from = self.place();
        T::decode(self, layout).or_else(|| self.odd_item(from))
    }

    /// What serde makes of the item alone. It may stand in something that serde buffers, where more is checked.
    #[cold]
    fn odd_item<T: DeserializeOwned>(&mut self, from: usize) -> Option<T> {
        self.go_to(from);
        self.skip_value()?;
        let end = self.place();
        self.go_to(from);
        self.by_serde().filter(|_| self.place() == end)
    }

    /// Goes on to the next item; true after the end of the list.
    #[inline]
    fn after_item(&mut self) -> Option<bool> {
        self.pass_space();
        if self.takes(b',') {
            return Some(false);
        }
        self.take(b']')?;
        Some(true)
    }
}
