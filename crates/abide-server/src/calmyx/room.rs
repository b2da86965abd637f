//! How much of what a plan allows is left.

use crate::plan::Plan;

/// What the documents write where a plan has no limit.
const WITHOUT_LIMIT: i64 = -1;

/// How many more of something may be taken; `None` is any number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Room(Option<u64>);

impl Room {
    /// For listings, where so many are taken.
    pub(super) fn for_listings(plan: Plan, taken: u64) -> Self {
        Self(plan.active_listings().map(|most| most.saturating_sub(taken)))
    }

    /// For deletions, where so many were made. Deletions never come back.
    pub(super) fn for_deletions(plan: Plan, made: u64) -> Self {
        Self(plan.deletions().map(|most| most.saturating_sub(made)))
    }

    /// What is left.
    pub(super) const fn left(self) -> Option<u64> {
        self.0
    }

    /// Takes `count` if there are so many, and none otherwise.
    pub(super) fn take(&mut self, count: u64) -> bool {
        match self.0 {
            None => true,
            Some(left) => match left.checked_sub(count) {
                Some(rest) => {
                    self.0 = Some(rest);
                    true
                }
                None => false,
            },
        }
    }
}

/// A limit as the listing calls write it.
pub(super) fn in_numbers(limit: Option<u64>) -> i64 {
    limit.map_or(WITHOUT_LIMIT, |limit| i64::try_from(limit).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is there, what is taken in turn, and whether each could be had.
    #[track_caller]
    fn check(mut room: Room, takes: &[(u64, bool)], left: Option<u64>) {
        for &(count, expected) in takes {
            assert_eq!(room.take(count), expected, "{count}");
        }
        assert_eq!(room.left(), left);
    }

    #[test]
    fn rooms() {
        check(Room::for_listings(Plan::Trial, 98), &[(1, true), (2, false), (1, true), (1, false), (0, true)], Some(0));
        check(Room::for_listings(Plan::Trial, 300), &[(1, false)], Some(0));
        check(Room::for_listings(Plan::Unlimited, u64::MAX), &[(u64::MAX, true), (1, true)], None);
        check(Room::for_deletions(Plan::Trial, 0), &[(21, false), (20, true), (1, false)], Some(0));
    }

    #[test]
    fn numbers() {
        assert_eq!([None, Some(0), Some(7), Some(u64::MAX)].map(in_numbers), [-1, 0, 7, i64::MAX]);
    }
}
