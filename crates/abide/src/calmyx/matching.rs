//! Which row a result belongs to: results come back in any order and carry coordinates, not row numbers.

use std::collections::{HashMap, VecDeque};

use crate::input::locations::Location;
use crate::output::Cell;

/// Where a place is, in millionths of a degree.
type Place = (i64, i64);

/// The rows of one session that still wait for their result.
#[derive(Debug, Default)]
pub(super) struct Matching {
    waiting: HashMap<Place, VecDeque<usize>>,
    /// The results that an earlier process placed: they come again, once each.
    placed: HashMap<Place, Vec<Vec<Cell>>>,
}

/// What a result is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Match {
    /// The result of this row.
    Row(usize),
    /// One that an earlier process placed.
    Again,
    /// No row waits there.
    Stranger,
}

impl Matching {
    /// Rows by number. A location that stands in the table several times waits several times.
    pub(super) fn new(rows: impl IntoIterator<Item = (usize, Location)>) -> Self {
        let mut waiting: HashMap<_, VecDeque<_>> = HashMap::new();
        for (row, location) in rows {
            waiting.entry(place(location.lat, location.lng)).or_default().push_back(row);
        }
        Self { waiting, placed: HashMap::new() }
    }

    /// An earlier process had this result for the row, which waits no more.
    pub(super) fn placed(&mut self, row: usize, location: Location, cells: &[Cell]) {
        let place = place(location.lat, location.lng);
        if let Some(rows) = self.waiting.get_mut(&place) {
            rows.retain(|waiting| *waiting != row);
        }
        self.placed.entry(place).or_default().push(cells.to_vec());
    }

    /// What a result at these coordinates is, by the cells that it comes to.
    pub(super) fn take(&mut self, lat: f64, lng: f64, cells: &[Cell]) -> Match {
        let place = place(lat, lng);
        if let Some(placed) = self.placed.get_mut(&place)
            && let Some(index) = placed.iter().position(|placed| placed == cells)
        {
            placed.swap_remove(index);
            return Match::Again;
        }
        self.waiting.get_mut(&place).and_then(VecDeque::pop_front).map_or(Match::Stranger, Match::Row)
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
fn place(lat: f64, lng: f64) -> Place {
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
            (1.0, 2.0, Match::Row(7)),
            (1.000_000_4, 2.0, Match::Row(8)),
            (1.0, 2.0, Match::Stranger),
            (0.0, 180.0, Match::Row(9)),
            (4.0, 4.0, Match::Stranger),
            (f64::NAN, f64::INFINITY, Match::Stranger),
        ] {
            assert_eq!(matching.take(lat, lng, &[]), expected, "{lat} {lng}");
        }
        assert_eq!(matching.rest(), [3]);
        assert_eq!(matching.take(5.123_457, 6.0, &[]), Match::Row(3));
    }

    /// Rows 1 to 3 are at one place. Of two results that look the same, as failures do, one was placed.
    #[test]
    fn what_was_placed_before_comes_again_once() {
        let location = Location { line: 0, lat: 1.0, lng: 2.0 };
        let cells = |word: &str| [Cell::Text(word.into())];
        let mut matching = Matching::new([(1, location), (2, location), (3, location)]);
        matching.placed(2, location, &cells("failed"));
        for (word, expected) in [
            ("success", Match::Row(1)),
            ("failed", Match::Again),
            ("failed", Match::Row(3)),
            ("failed", Match::Stranger),
        ] {
            assert_eq!(matching.take(1.0, 2.0, &cells(word)), expected, "{word}");
        }
        assert!(matching.rest().is_empty());
    }
}
