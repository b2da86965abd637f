//! Which row a result belongs to: results come back in any order and carry coordinates, not row numbers.

use std::collections::{HashMap, VecDeque};

use crate::input::locations::Location;

/// The rows of one session that still wait for their result.
#[derive(Debug, Default)]
pub(super) struct Matching {
    waiting: HashMap<(i64, i64), VecDeque<usize>>,
}

impl Matching {
    /// Rows by number. A location that stands in the table several times waits several times.
    pub(super) fn new(rows: impl IntoIterator<Item = (usize, Location)>) -> Self {
        let mut waiting: HashMap<_, VecDeque<_>> = HashMap::new();
        for (row, location) in rows {
            waiting.entry(place(location.lat, location.lng)).or_default().push_back(row);
        }
        Self { waiting }
    }

    /// The row that a result at these coordinates is for; `None` when no row waits there.
    pub(super) fn take(&mut self, lat: f64, lng: f64) -> Option<usize> {
        self.waiting.get_mut(&place(lat, lng))?.pop_front()
    }

    /// The rows without a result, in order.
    pub(super) fn rest(&self) -> Vec<usize> {
        let mut rows: Vec<usize> = self.waiting.values().flatten().copied().collect();
        rows.sort_unstable();
        rows
    }
}

/// Coordinates are the same when they are the same at 6 decimals, about 10 cm (CAL-RESULTS-LOCATION).
#[allow(
    clippy::cast_possible_truncation,
    reason = "coordinates in range fit; anything else saturates and matches nothing"
)]
fn place(lat: f64, lng: f64) -> (i64, i64) {
    let rounded = |degrees: f64| (degrees * 1e6).round() as i64;
    (rounded(lat), rounded(lng))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn duplicates_strangers_and_rounding() {
        let at = |lat, lng| Location { line: 0, lat, lng };
        let mut matching =
            Matching::new([(7, at(1.0, 2.0)), (8, at(1.0, 2.0)), (9, at(-0.0, 180.0)), (3, at(5.123_456_789, 6.0))]);
        for (lat, lng, expected) in [
            (1.0, 2.0, Some(7)),
            (1.000_000_4, 2.0, Some(8)),
            (1.0, 2.0, None),
            (0.0, 180.0, Some(9)),
            (4.0, 4.0, None),
            (f64::NAN, f64::INFINITY, None),
        ] {
            assert_eq!(matching.take(lat, lng), expected, "{lat} {lng}");
        }
        assert_eq!(matching.rest(), [3]);
        assert_eq!(matching.take(5.123_457, 6.0), Some(3));
    }
}
