//! What must not be sent: the documented bounds of the requests, checked before the first byte leaves.

use std::fmt;

use crate::lifecycle::limits::{LATITUDE, LONGITUDE, MAX_DELETIONS, MAX_LOCATIONS};
use crate::types::Location;

/// Why a request was not sent. `index` counts the locations from 0.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum InvalidRequest {
    /// There is nothing to score.
    NoLocations,
    /// More locations than one session takes.
    TooManyLocations {
        /// How many there are.
        count: usize,
    },
    /// A latitude out of range, or no number.
    Latitude {
        /// Which location.
        index: usize,
        /// What it says.
        value: f64,
    },
    /// A longitude out of range, or no number.
    Longitude {
        /// Which location.
        index: usize,
        /// What it says.
        value: f64,
    },
    /// The session id is empty.
    NoSessionId,
    /// No listing, or more than one batch deletion takes.
    Deletions {
        /// How many there are.
        count: usize,
    },
}

impl fmt::Display for InvalidRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoLocations => write!(formatter, "a session needs at least one location"),
            Self::TooManyLocations { count } => {
                write!(formatter, "{count} locations are too many; one session takes {MAX_LOCATIONS}")
            }
            Self::Latitude { index, value } => {
                let (low, high) = LATITUDE;
                write!(formatter, "location {index}: latitude {value} is not between {low} and {high}")
            }
            Self::Longitude { index, value } => {
                let (low, high) = LONGITUDE;
                write!(formatter, "location {index}: longitude {value} is not between {low} and {high}")
            }
            Self::NoSessionId => write!(formatter, "the session id is empty"),
            Self::Deletions { count } => {
                write!(formatter, "{count} listings cannot be deleted at once; one to {MAX_DELETIONS} can")
            }
        }
    }
}

impl std::error::Error for InvalidRequest {}

pub(crate) fn locations(locations: &[Location]) -> Result<(), InvalidRequest> {
    if locations.is_empty() {
        return Err(InvalidRequest::NoLocations);
    }
    if locations.len() > MAX_LOCATIONS {
        return Err(InvalidRequest::TooManyLocations { count: locations.len() });
    }
    coordinates(locations)
}

/// The bounds of each location, whatever their number.
pub(crate) fn coordinates(locations: &[Location]) -> Result<(), InvalidRequest> {
    for (index, location) in locations.iter().enumerate() {
        if !within(LATITUDE, location.lat) {
            return Err(InvalidRequest::Latitude { index, value: location.lat });
        }
        if !within(LONGITUDE, location.lng) {
            return Err(InvalidRequest::Longitude { index, value: location.lng });
        }
    }
    Ok(())
}

pub(crate) fn session_id(session_id: &str) -> Result<(), InvalidRequest> {
    if session_id.is_empty() { Err(InvalidRequest::NoSessionId) } else { Ok(()) }
}

pub(crate) fn deletions(count: usize) -> Result<(), InvalidRequest> {
    if (1..=MAX_DELETIONS).contains(&count) { Ok(()) } else { Err(InvalidRequest::Deletions { count }) }
}

/// False for NaN, which compares with nothing.
fn within((low, high): (f64, f64), value: f64) -> bool {
    value >= low && value <= high
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(coordinates: &[(f64, f64)], expected: &str) {
        let all: Vec<Location> = coordinates.iter().map(|&(lat, lng)| Location { lat, lng }).collect();
        let found = locations(&all).map_or_else(|error| error.to_string(), |()| "ok".to_owned());
        assert_eq!(found, expected);
    }

    #[test]
    fn bounds() {
        check(&[], "a session needs at least one location");
        check(&[(0.0, 0.0); 500], "ok");
        check(&[(0.0, 0.0); 501], "501 locations are too many; one session takes 500");
        check(&[(90.0, 180.0), (-90.0, -180.0)], "ok");
        check(&[(0.0, 0.0), (90.1, 0.0)], "location 1: latitude 90.1 is not between -90 and 90");
        check(&[(0.0, -180.5)], "location 0: longitude -180.5 is not between -180 and 180");
        check(&[(f64::NAN, 0.0)], "location 0: latitude NaN is not between -90 and 90");
        check(&[(0.0, f64::INFINITY)], "location 0: longitude inf is not between -180 and 180");
    }
}
