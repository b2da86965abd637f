//! The score of one listing with what it is said to be made of ("Get Quietness" page).
//!
//! All of it derives from the place, and is as invented as the score.

use serde::Serialize;

use super::{
    listing_id::ListingId,
    location::{Location, Place},
    score::quiet_score,
};
use crate::{
    clock::Text,
    documented::calmyx::{CONFIDENCES, SCORE},
    noise::{mix, seed},
    store::Listing,
};

/// The lowest score of each band, the highest band first (Calmyx score bands).
const BANDS: [(i64, &str, &str); 5] = [
    (80, "Very Quiet", "Hardly any noise by day or by night."),
    (60, "Quiet", "Little noise, mostly by day."),
    (40, "Moderate", "Noise at times."),
    (20, "Noisy", "Noise most of the time."),
    (i64::MIN, "Very Noisy", "Noise nearly always."),
];
const SOURCES: [(&str, &str, &str); 4] = [
    ("Road", "Example Avenue", "traffic"),
    ("Railway", "Example Line", "rail"),
    ("Airport", "Example Field", "air"),
    ("Bar", "The Example Inn", "nightlife"),
];

/// What is said about one listing.
#[derive(Debug, PartialEq, Serialize)]
#[expect(clippy::struct_field_names, reason = "the fields are the documented ones")]
pub(super) struct Quietness {
    listing_id: ListingId,
    lat: f64,
    lng: f64,
    quiet_score: i64,
    quiet_score_range: Range,
    quietness_level: &'static str,
    quietness_description: &'static str,
    quiet_day_night: DayAndNight,
    noise_sources: Vec<NoiseSource>,
    quiet_score_confidence: &'static str,
    quiet_score_confidence_values: &'static [&'static str],
    created_at: Text,
}

#[derive(Debug, PartialEq, Serialize)]
struct Range {
    min: i64,
    max: i64,
}

#[derive(Debug, PartialEq, Serialize)]
struct DayAndNight {
    day_window_local: &'static str,
    night_window_local: &'static str,
    quiet_score_day: i64,
    quiet_score_night: i64,
    estimated_noise_db_day: f64,
    estimated_noise_db_night: f64,
    noise_db_unit: &'static str,
}

#[derive(Debug, PartialEq, Serialize)]
struct NoiseSource {
    name: &'static str,
    nearest_source: &'static str,
    distance: f64,
    category: &'static str,
    estimated_effective_db: String,
}

impl Quietness {
    /// `None` where the location has no score.
    pub(super) fn of(location: Location, listing: &Listing) -> Option<Self> {
        let score = quiet_score(location)?;
        let random = random_of(listing.place);
        let (_, level, description) = BANDS.into_iter().find(|(least, ..)| score >= *least)?;
        Some(Self {
            listing_id: listing.id,
            lat: location.lat,
            lng: location.lng,
            quiet_score: score,
            quiet_score_range: Range { min: SCORE.0, max: SCORE.1 },
            quietness_level: level,
            quietness_description: description,
            quiet_day_night: DayAndNight::of(score, random),
            noise_sources: NoiseSource::some(score, random),
            quiet_score_confidence: pick(CONFIDENCES, mix(random, 0))?,
            quiet_score_confidence_values: CONFIDENCES,
            created_at: listing.created_at.without_zone(),
        })
    }

    pub(super) const fn listing_id(&self) -> ListingId {
        self.listing_id
    }
}

impl DayAndNight {
    /// Nights are a little quieter than days.
    fn of(score: i64, random: u64) -> Self {
        let difference = draw(mix(random, 1), 8);
        let (least, most) = SCORE;
        let (day, night) = ((score - difference).max(least), (score + difference).min(most));
        Self {
            day_window_local: "07:00-22:00",
            night_window_local: "22:00-07:00",
            quiet_score_day: day,
            quiet_score_night: night,
            estimated_noise_db_day: decibels(day),
            estimated_noise_db_night: decibels(night),
            noise_db_unit: "dBA",
        }
    }
}

impl NoiseSource {
    /// The noisier the place, the more of them and the nearer.
    fn some(score: i64, random: u64) -> Vec<Self> {
        let (_, most) = SCORE;
        let count = usize::try_from(1 + (most - score) / 34).unwrap_or(1);
        let source = |(index, (name, nearest_source, category)): (u64, (_, _, _))| Self {
            name,
            nearest_source,
            distance: whole(score * 20 + draw(mix(random, 2 + index), 200)) / 2.0,
            category,
            estimated_effective_db: format!("{:.0} dBA", decibels(score) - whole(draw(mix(random, 6 + index), 5))),
        };
        (0..).zip(SOURCES).map(source).take(count).collect()
    }
}

/// 30 dBA where it is quietest, 70 where it is loudest.
fn decibels(score: i64) -> f64 {
    let (_, most) = SCORE;
    30.0 + whole(4 * (most - score)) / 10.0
}

fn random_of(place: Place) -> u64 {
    seed(&[b"quietness", &place.lat.to_le_bytes(), &place.lng.to_le_bytes()])
}

/// One of the words.
fn pick(words: &[&'static str], random: u64) -> Option<&'static str> {
    let index = usize::try_from(random % (words.len() as u64).max(1)).ok()?;
    words.get(index).copied()
}

/// A number from 0 to `bound` - 1.
fn draw(random: u64, bound: u64) -> i64 {
    (random % bound).cast_signed()
}

#[expect(clippy::cast_precision_loss, reason = "scores and metres are small")]
fn whole(number: i64) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{calmyx::listing_id, clock::Moment};

    fn quietness(lat: f64, lng: f64) -> Option<Quietness> {
        let location = Location { lat, lng };
        let listing = Listing {
            id: listing_id::of_result([0; 16], 0),
            place: location.place(),
            created_at: Moment::from_micros(0),
        };
        Quietness::of(location, &listing)
    }

    /// All over the world.
    fn places() -> impl Iterator<Item = Quietness> {
        (-90..=90)
            .step_by(7)
            .flat_map(|lat| (-180..=180).step_by(11).map(move |lng| (lat, lng)))
            .filter_map(|(lat, lng)| quietness(f64::from(lat), f64::from(lng)))
    }

    #[test]
    fn bands() {
        for found in places() {
            let expected = match found.quiet_score {
                0..20 => "Very Noisy",
                20..40 => "Noisy",
                40..60 => "Moderate",
                60..80 => "Quiet",
                _ => "Very Quiet",
            };
            assert_eq!(found.quietness_level, expected);
        }
    }

    #[test]
    fn the_parts_agree_with_the_whole() {
        for found in places() {
            let DayAndNight { quiet_score_day: day, quiet_score_night: night, .. } = found.quiet_day_night;
            assert!(0 <= day && day <= found.quiet_score && found.quiet_score <= night && night <= 100);
            assert!((1..=4).contains(&found.noise_sources.len()));
            assert!(found.noise_sources.iter().all(|source| source.distance >= 0.0));
        }
    }

    #[test]
    fn it_never_changes() {
        assert_eq!(
            quietness(37.7749, -122.4194),
            quietness(37.774_900_1, -122.4194).map(|found| Quietness { lat: 37.7749, ..found })
        );
    }
}
