//! Where the sessions of a fleet live: a table whose places are used again, and keys that know whose they were.

use abide_core::Tick;

use super::dormant::Dormant;
use super::timetable::Entry;
use crate::source::StatusSource;
use crate::wait::Wait;

/// Names one session of one fleet, for as long as it is watched; never used for another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    slot: u32,
    generation: u32,
}

/// What a session is doing.
pub(super) enum Activity<S: StatusSource> {
    /// Sleeping until its alarm, or until its turn comes.
    Asleep(Dormant),
    /// Its request is in flight.
    Asking(Box<Asking<S>>),
}

/// A wait whose request is in flight.
pub(super) struct Asking<S: StatusSource> {
    pub(super) wait: Wait<S>,
    /// When its answer is no longer of use.
    pub(super) limit: Tick,
}

pub(super) struct Watched<S: StatusSource> {
    pub(super) source: S,
    pub(super) activity: Activity<S>,
}

/// One place of the table.
struct Slot<S: StatusSource> {
    generation: u32,
    stamp: u32,
    watched: Option<Watched<S>>,
}

pub(super) struct Slots<S: StatusSource> {
    slots: Vec<Slot<S>>,
    free: Vec<u32>,
}

impl<S: StatusSource> Slots<S> {
    pub(super) fn new() -> Slots<S> {
        Slots { slots: Vec::new(), free: Vec::new() }
    }

    pub(super) fn len(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    /// A place for another session; `None` when four thousand million of them are there already.
    pub(super) fn reserve(&mut self) -> Option<u32> {
        self.free.pop().map_or_else(|| self.extend(), Some)
    }

    /// The session's current stamp, after it changed: entries with an earlier one are out of date.
    pub(super) fn stamped(&mut self, slot: u32) -> Entry {
        let stamp = self.slot_mut(slot).map_or(0, |place| {
            place.stamp = place.stamp.wrapping_add(1);
            place.stamp
        });
        Entry { slot, stamp }
    }

    pub(super) fn is_current(&self, entry: Entry) -> bool {
        self.slot(entry.slot).is_some_and(|place| place.stamp == entry.stamp && place.watched.is_some())
    }

    pub(super) fn key(&self, slot: u32) -> Key {
        Key { slot, generation: self.slot(slot).map_or(0, |place| place.generation) }
    }

    /// The place of a session that is still there.
    pub(super) fn find(&self, key: Key) -> Option<u32> {
        let place = self.slot(key.slot)?;
        (place.generation == key.generation && place.watched.is_some()).then_some(key.slot)
    }

    pub(super) fn watched(&self, slot: u32) -> Option<&Watched<S>> {
        self.slot(slot)?.watched.as_ref()
    }

    /// Takes the session out for a moment; [`put_back`](Self::put_back) it, or [`release`](Self::release) its place.
    pub(super) fn take(&mut self, slot: u32) -> Option<Watched<S>> {
        self.slot_mut(slot)?.watched.take()
    }

    pub(super) fn put_back(&mut self, slot: u32, watched: Watched<S>) {
        if let Some(place) = self.slot_mut(slot) {
            place.watched = Some(watched);
        }
    }

    /// The place may be used for another session.
    pub(super) fn release(&mut self, slot: u32) {
        if let Some(place) = self.slot_mut(slot) {
            place.generation = place.generation.wrapping_add(1);
            place.stamp = place.stamp.wrapping_add(1);
            self.free.push(slot);
        }
    }

    /// Every session with its place, in the order of the places.
    pub(super) fn into_watched(self) -> impl Iterator<Item = (Key, Watched<S>)> {
        (0_u32..).zip(self.slots).filter_map(|(slot, place)| {
            let Slot { generation, watched, .. } = place;
            Some((Key { slot, generation }, watched?))
        })
    }

    fn extend(&mut self) -> Option<u32> {
        let slot = u32::try_from(self.slots.len()).ok()?;
        if self.slots.len() == self.slots.capacity() {
            // By an eighth: see the timetable.
            self.slots.reserve_exact(self.slots.len() / 8 + 4);
        }
        self.slots.push(Slot { generation: 0, stamp: 0, watched: None });
        Some(slot)
    }

    fn slot(&self, slot: u32) -> Option<&Slot<S>> {
        self.slots.get(usize::try_from(slot).ok()?)
    }

    fn slot_mut(&mut self, slot: u32) -> Option<&mut Slot<S>> {
        self.slots.get_mut(usize::try_from(slot).ok()?)
    }
}
