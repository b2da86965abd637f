//! Lists: of one layout, with an odd item now and then, and those that only grow.

use serde::de::DeserializeOwned;

use crate::layout::Remember;
use crate::{Decode, Reader};

/// From which item on the layout is remembered: shorter lists are read before it would pay.
const LONG: usize = 2;

impl Reader<'_> {
    /// A list.
    pub fn list<T: Decode + DeserializeOwned>(&mut self) -> Option<Vec<T>> {
        self.take(b'[')?;
        self.pass_space();
        let ended = self.takes(b']');
        self.inside(|reader| reader.items(ended, |_, _| 0)).map(|(items, _)| items)
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
        // What is left of the body is the rest of this list nearly always, and its items are about as long as the first ones.
        // What is too much is given back; it is never more memory than the body has.
        let room = |rest: usize, length: usize| rest / length.max(size_of::<T>());
        let (items, last) = self.inside(|reader| reader.items(ended, room))?;
        self.note_list(from..last.unwrap_or(begun))?;
        Some(items)
    }

    /// The items up to the end of the list, and where the last one ended. `room` tells for how many to make room, from how much
    /// of the body is left and how long an item is.
    #[inline]
    fn items<T: Decode + DeserializeOwned>(
        &mut self,
        mut ended: bool,
        room: impl Fn(usize, usize) -> usize,
    ) -> Option<(Vec<T>, Option<usize>)> {
        let (mut items, mut layout) = (Vec::new(), T::Layout::default());
        let mut last = None;
        while !ended {
            self.pass_space();
            let from = self.place();
            items.push(self.item(&mut layout)?);
            if items.len() == LONG {
                layout.begin_to_remember();
                items.reserve(room(self.rest().len(), self.place() - from));
            }
            last = Some(self.place());
            ended = self.after_item()?;
        }
        if items.len() < items.capacity() / 2 {
            items.shrink_to_fit();
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
