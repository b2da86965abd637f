//! The Calmyx commands: submit, watch, run, listing.

pub(crate) mod listing;
mod matching;
mod results;
mod rows;
pub(crate) mod run;
mod scoring;
pub(crate) mod submit;
pub(crate) mod watch;

use std::path::Path;

pub(crate) use scoring::Scoring;

use calmyx_client::lifecycle::limits::{LATITUDE, LONGITUDE};
use calmyx_client::types::Location;

use crate::input::locations::{Bounds, Locations, read};
use crate::problem::Problem;

/// Reads a table of locations and judges every line, before anything is sent.
fn read_locations(file: &Path) -> Result<Locations, Problem> {
    Ok(read(file, &bounds())?)
}

pub(crate) fn bounds() -> Bounds {
    Bounds { latitude: LATITUDE, longitude: LONGITUDE }
}

/// What goes over the wire.
fn wire(locations: &[crate::input::locations::Location]) -> Vec<Location> {
    locations.iter().map(|location| Location { lat: location.lat, lng: location.lng }).collect()
}
