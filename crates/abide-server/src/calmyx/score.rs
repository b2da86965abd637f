//! Quiet scores: invented, repeatable numbers, not measurements.
//!
//! A score depends on the coordinates alone, rounded to the six decimals at which Calmyx tells places apart. Neighbours
//! get similar scores: hashed values on a grid of 0.05 degrees are interpolated, and a small jitter is added. One
//! location in fifty, fixed by its coordinates, has no score.

use super::location::{Location, Place};
use crate::{documented::calmyx::SCORE, noise::mix};

/// Side of a grid square, in microdegrees.
const GRID: i64 = 50_000;
/// A score moves at most this far from its surroundings.
const JITTER: u64 = 8;
const ONE_IN_FIFTY: u64 = 50;
/// Another number is another world. In this one the places of the documents' examples, and New York, have a score.
const WORLD: u64 = 1;

/// The score, or `None` where the calculation "fails".
pub(super) fn quiet_score(location: Location) -> Option<i64> {
    let Place { lat, lng } = location.place();
    let own = hash(lat, lng);
    if own.is_multiple_of(ONE_IN_FIFTY) {
        return None;
    }
    let jitter = draw(mix(own, 1), 2 * JITTER + 1) - JITTER.cast_signed();
    let (least, most) = SCORE;
    Some((surroundings(lat, lng) + jitter).clamp(least, most))
}

/// The values at the four corners of the grid square, weighted by nearness.
fn surroundings(lat: i64, lng: i64) -> i64 {
    let (row, column) = (lat.div_euclid(GRID), lng.div_euclid(GRID));
    let (north, east) = (lat.rem_euclid(GRID), lng.rem_euclid(GRID));
    let (south, west) = (GRID - north, GRID - east);
    let weighted = corner(row, column) * south * west
        + corner(row, column + 1) * south * east
        + corner(row + 1, column) * north * west
        + corner(row + 1, column + 1) * north * east;
    weighted / (GRID * GRID)
}

fn corner(row: i64, column: i64) -> i64 {
    let (least, most) = SCORE;
    least + draw(mix(hash(row, column), 2), least.abs_diff(most) + 1)
}

fn hash(first: i64, second: i64) -> u64 {
    mix(mix(WORLD, first.cast_unsigned()), second.cast_unsigned())
}

/// A number from 0 to `bound` - 1.
fn draw(random: u64, bound: u64) -> i64 {
    (random % bound).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A grid over the whole world, poles and the date line included.
    fn world() -> impl Iterator<Item = Location> {
        (-90..=90).flat_map(|lat| (-180..=180).map(move |lng| Location { lat: f64::from(lat), lng: f64::from(lng) }))
    }

    #[test]
    fn scores_fill_the_documented_range() {
        let scores: Vec<i64> = world().filter_map(quiet_score).collect();
        assert!(scores.iter().all(|score| (0..=100).contains(score)));
        assert!(scores.iter().any(|&score| score < 20) && scores.iter().any(|&score| score >= 80));
    }

    #[test]
    fn about_one_in_fifty_fails() {
        let (failed, all) = (world().filter(|&place| quiet_score(place).is_none()).count(), world().count());
        assert!((all / 65..all / 40).contains(&failed), "{failed} of {all}");
    }

    #[test]
    fn neighbours_are_similar_and_the_same_place_is_the_same() {
        for place in world().step_by(97) {
            let near = Location { lat: place.lat + 0.000_5, lng: place.lng + 0.000_5 };
            if let (Some(here), Some(there)) = (quiet_score(place), quiet_score(near)) {
                assert!((here - there).abs() <= 20, "{place:?}: {here}, near it {there}");
            }
            let same = Location { lat: place.lat + 1e-8, lng: place.lng - 1e-8 };
            assert_eq!(quiet_score(place), quiet_score(same), "equal at six decimals");
        }
    }

    #[test]
    fn scores_never_change() {
        let table = [(37.7749, -122.4194), (40.7128, -74.006), (0.0, 0.0)];
        let found = table.map(|(lat, lng)| quiet_score(Location { lat, lng }));
        assert_eq!(found, [Some(31), Some(65), Some(45)]);
    }
}
