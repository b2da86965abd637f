//! Who is next: an alarm for every sleeping session, and the others in the order in which their turn came.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, VecDeque};

use abide_core::Tick;

/// As many as usually queue up at a time, or more.
const FEW_TURNS: usize = 256;

/// One session's entry; out of date as soon as the session's stamp is another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    pub(super) slot: u32,
    pub(super) stamp: u32,
}

/// Alarms by time, turns by order, and the last moment of everybody who does not sleep.
#[derive(Debug, Default)]
pub(super) struct Timetable {
    /// One for every sleeping session; those that were removed meanwhile are out of date.
    alarms: BinaryHeap<Reverse<(Tick, Entry)>>,
    /// With the moment at which each wanted its turn.
    turns: VecDeque<(Tick, Entry)>,
    limits: BTreeSet<(Tick, u32)>,
}

impl Timetable {
    /// A sleeping session is to be woken.
    pub(super) fn set_alarm(&mut self, at: Tick, entry: Entry) {
        if self.alarms.len() == self.alarms.capacity() {
            // By an eighth instead of by doubling: with many sessions the empty half would be most of what they cost.
            self.alarms.reserve_exact(self.alarms.len() / 8 + 4);
        }
        self.alarms.push(Reverse((at, entry)));
    }

    /// An alarm that has rung by `now`, the earliest first.
    pub(super) fn rung(&mut self, now: Tick) -> Option<(Tick, Entry)> {
        let Reverse((at, _)) = self.alarms.peek()?;
        if *at > now {
            return None;
        }
        self.alarms.pop().map(|Reverse(alarm)| alarm)
    }

    /// A session that is queued or asking must be looked at then, whatever comes.
    pub(super) fn set_limit(&mut self, at: Tick, slot: u32) {
        self.limits.insert((at, slot));
    }

    pub(super) fn clear_limit(&mut self, at: Tick, slot: u32) {
        self.limits.remove(&(at, slot));
    }

    /// A session whose limit has come by `now`, the earliest first.
    pub(super) fn passed(&mut self, now: Tick) -> Option<u32> {
        let (at, _) = self.limits.first()?;
        if *at > now {
            return None;
        }
        self.limits.pop_first().map(|(_, slot)| slot)
    }

    /// When there is something to do again, apart from turns.
    pub(super) fn next(&self) -> Option<Tick> {
        let alarm = self.alarms.peek().map(|Reverse((at, _))| *at);
        let limit = self.limits.first().map(|(at, _)| *at);
        alarm.into_iter().chain(limit).min()
    }

    pub(super) fn queue(&mut self, since: Tick, entry: Entry) {
        self.turns.push_back((since, entry));
    }

    /// Whose turn it is.
    pub(super) fn first(&self) -> Option<(Tick, Entry)> {
        self.turns.front().copied()
    }

    pub(super) fn drop_first(&mut self) {
        self.turns.pop_front();
        // Everybody was queued once, at the beginning; the room for that is not needed again.
        if self.turns.is_empty() && self.turns.capacity() > 4 * FEW_TURNS {
            self.turns.shrink_to(FEW_TURNS);
        }
    }

    /// Forgets what `is_current` does not know, once that is most of it.
    pub(super) fn tidy(&mut self, sessions: usize, is_current: impl Fn(Entry) -> bool) {
        if self.alarms.len() > sessions.saturating_mul(2).saturating_add(64) {
            self.alarms.retain(|Reverse((_, entry))| is_current(*entry));
        }
        if self.turns.len() > sessions.saturating_mul(2).saturating_add(64) {
            self.turns.retain(|(_, entry)| is_current(*entry));
        }
    }
}
