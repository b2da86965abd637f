//! A latitude and a longitude as people write them into a table.

use super::problem::InputProblem;

/// The coordinates that the service takes, in decimal degrees, both ends included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// The least and the greatest latitude.
    pub latitude: (f64, f64),
    /// The least and the greatest longitude.
    pub longitude: (f64, f64),
}

/// Both coordinates of a row, or all that is wrong with them.
pub(super) fn coordinates(lat: &str, lng: &str, bounds: &Bounds) -> Result<(f64, f64), Vec<InputProblem>> {
    let (lat, lng) = (degrees("lat", lat), degrees("lng", lng));
    if let (&Ok(lat), &Ok(lng)) = (&lat, &lng)
        && look_swapped(lat, lng, bounds)
    {
        let (least, most) = bounds.latitude;
        return Err(vec![InputProblem::Swapped { lat, lng, least, most }]);
    }
    let lat = lat.and_then(|lat| within("lat", lat, bounds.latitude));
    let lng = lng.and_then(|lng| within("lng", lng, bounds.longitude));
    match (lat, lng) {
        (Ok(lat), Ok(lng)) => Ok((lat, lng)),
        (lat, lng) => Err([lat, lng].into_iter().filter_map(Result::err).collect()),
    }
}

/// A finite decimal number; white space around it is no part of it.
fn degrees(column: &'static str, text: &str) -> Result<f64, InputProblem> {
    let text = text.trim();
    if text.is_empty() {
        return Err(InputProblem::EmptyValue { column });
    }
    if let Some(number) = finite(text) {
        return Ok(number);
    }
    let text_with_dot = text.replacen(',', ".", 1);
    let text = text.to_owned();
    Err(if finite(&text_with_dot).is_some() {
        InputProblem::DecimalComma { column, text }
    } else {
        InputProblem::NotANumber { column, text }
    })
}

fn finite(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

fn within(column: &'static str, value: f64, range: (f64, f64)) -> Result<f64, InputProblem> {
    let (least, most) = range;
    if is_in(range, value) { Ok(value) } else { Err(InputProblem::OutOfRange { column, value, least, most }) }
}

/// Whether the pair is off the globe as it stands and on it the other way round.
fn look_swapped(lat: f64, lng: f64, bounds: &Bounds) -> bool {
    !is_in(bounds.latitude, lat) && is_in(bounds.longitude, lat) && is_in(bounds.latitude, lng)
}

fn is_in((least, most): (f64, f64), value: f64) -> bool {
    (least..=most).contains(&value)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BOUNDS: Bounds = Bounds { latitude: (-90.0, 90.0), longitude: (-180.0, 180.0) };

    fn check(lat: &str, lng: &str, expected: Result<(f64, f64), &str>) {
        let found = coordinates(lat, lng, &BOUNDS)
            .map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
        assert_eq!(found, expected.map_err(str::to_owned), "{lat:?}, {lng:?}");
    }

    #[test]
    fn refused_values() {
        for (lat, lng, expected) in [
            ("", "1", "lat is empty; fill it in or remove the row"),
            ("1", "  ", "lng is empty; fill it in or remove the row"),
            ("40,71", "1", "lat is \"40,71\"; write the decimal point as a dot"),
            ("NaN", "1", "lat is \"NaN\", not a decimal number; write degrees such as 40.7128"),
            ("inf", "1", "lat is \"inf\", not a decimal number; write degrees such as 40.7128"),
            ("-infinity", "1", "lat is \"-infinity\", not a decimal number; write degrees such as 40.7128"),
            ("1", "1e400", "lng is \"1e400\", not a decimal number; write degrees such as 40.7128"),
            ("0x28", "1", "lat is \"0x28\", not a decimal number; write degrees such as 40.7128"),
            ("40.7N", "1", "lat is \"40.7N\", not a decimal number; write degrees such as 40.7128"),
            ("1,234,5", "1", "lat is \"1,234,5\", not a decimal number; write degrees such as 40.7128"),
            ("\u{1b}[2J", "1", "lat is \"[2J\", not a decimal number; write degrees such as 40.7128"),
            ("95", "100", "lat is 95, outside -90 to 90; correct it or remove the row"),
            ("-190", "1", "lat is -190, outside -90 to 90; correct it or remove the row"),
            (
                "91",
                "west",
                "lat is 91, outside -90 to 90; correct it or remove the row\n\
                 lng is \"west\", not a decimal number; write degrees such as 40.7128",
            ),
            (
                "-122.4",
                "37.8",
                "lat is -122.4, outside -90 to 90, and lng is 37.8; lat and lng look swapped, exchange them",
            ),
            ("95", "1", "lat is 95, outside -90 to 90, and lng is 1; lat and lng look swapped, exchange them"),
            ("1", "-180.5", "lng is -180.5, outside -180 to 180; correct it or remove the row"),
        ] {
            check(lat, lng, Err(expected));
        }
    }

    #[test]
    fn taken_values() {
        for (lat, lng, expected) in [
            (" 40.7 ", "\t-74.0", (40.7, -74.0)),
            ("90", "-180", (90.0, -180.0)),
            ("-90", "180", (-90.0, 180.0)),
            ("-0", "+1", (-0.0, 1.0)),
            ("4.07e1", ".5", (40.7, 0.5)),
            ("40.712812345678901234567890", "5.", (40.712_812_345_678_9, 5.0)),
        ] {
            check(lat, lng, Ok(expected));
        }
    }

    proptest! {
        #[test]
        fn whatever_is_taken_is_within_the_bounds(lat in "[-+0-9.eE,xnaif ]{0,8}", lng in any::<f64>()) {
            match coordinates(&lat, &lng.to_string(), &BOUNDS) {
                Ok((lat, lng)) => prop_assert!(lat.abs() <= 90.0 && lng.abs() <= 180.0),
                Err(problems) => prop_assert!(!problems.is_empty()),
            }
        }

        #[test]
        fn every_pair_within_the_bounds_is_taken(lat in -90.0..=90.0, lng in -180.0..=180.0) {
            let (lat, lng): (f64, f64) = (lat, lng);
            prop_assert_eq!(coordinates(&lat.to_string(), &lng.to_string(), &BOUNDS).ok(), Some((lat, lng)));
        }
    }
}
