//! What a create call answers (CAL-CREATE-REPLY).

use std::num::NonZeroU32;

use serde::Serialize;

use super::Location;
use crate::{
    clock::{Moment, Text},
    credentials::Owner,
    ids,
    store::CalmyxSession,
};

/// A session as a create call would have made it, with places of its own that spread over the land.
pub(crate) fn example(
    number: u32,
    locations: u32,
    owner: Owner,
    submitted_at: Moment,
    speed: NonZeroU32,
) -> Result<CalmyxSession, getrandom::Error> {
    let place = |index: u32| {
        let (row, column) = (number.wrapping_mul(37) % 20_000, index.wrapping_mul(11).wrapping_add(number) % 50_000);
        Location { lat: 28.0 + f64::from(row) / 1_000.0, lng: -120.0 + f64::from(column) / 1_000.0 }
    };
    let locations = (0..locations).map(place).collect();
    Ok(CalmyxSession {
        owner,
        secret: ids::random_bits()?,
        submitted_at,
        speed,
        allowance: None,
        locations,
        scenario: None,
    })
}

/// The answer to a create call.
#[derive(Debug, Serialize)]
pub(super) struct Created {
    session_id: String,
    total_locations: usize,
    submitted_at: Text,
}

impl Created {
    pub(super) fn of(session_id: String, session: &CalmyxSession) -> Self {
        Self { session_id, total_locations: session.locations.len(), submitted_at: session.submitted_at.without_zone() }
    }
}
