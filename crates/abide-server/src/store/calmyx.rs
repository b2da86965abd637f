//! Calmyx sessions in the database.

use std::num::NonZeroU32;

use rusqlite::{OptionalExtension, Row, Transaction, named_params};

use super::{corrupt, scenario};
use crate::{calmyx::Location, clock::Moment, credentials::Owner, error::ServerError, scenario::CalmyxCourse};

/// What is stored of a session, at its creation and never again.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CalmyxSession {
    pub(crate) owner: Owner,
    /// Pace and listing ids derive from it.
    pub(crate) secret: [u8; 16],
    pub(crate) submitted_at: Moment,
    pub(crate) speed: NonZeroU32,
    /// How many listings it may create; `None` is any number.
    pub(crate) allowance: Option<u64>,
    pub(crate) locations: Vec<Location>,
    /// How it goes, where it does not go as any other.
    pub(crate) scenario: Option<CalmyxCourse>,
}

/// Stores a new session.
pub(crate) fn insert(database: &Transaction<'_>, session_id: &str, session: &CalmyxSession) -> Result<(), ServerError> {
    database
        .prepare_cached(
            "INSERT INTO calmyx_session (session_id, owner, secret, submitted_at, speed, allowance, locations, scenario)
         VALUES (:session_id, :owner, :secret, :submitted_at, :speed, :allowance, :locations, :scenario)",
        )?
        .execute(named_params! {
            ":session_id": session_id,
            ":owner": session.owner.0,
            ":secret": session.secret,
            ":submitted_at": session.submitted_at.as_micros(),
            ":speed": session.speed.get(),
            ":allowance": session.allowance.map(|allowance| i64::try_from(allowance).unwrap_or(i64::MAX)),
            ":locations": to_bytes(&session.locations),
            ":scenario": session.scenario.as_ref().map(scenario::to_text),
        })?;
    Ok(())
}

/// The session of that id, whoever asks.
pub(crate) fn session(database: &Transaction<'_>, session_id: &str) -> Result<Option<CalmyxSession>, ServerError> {
    Ok(database
        .prepare_cached("SELECT * FROM calmyx_session WHERE session_id = ?1")?
        .query_row([session_id], from_row)
        .optional()?)
}

/// Every session, as [`from_row`] reads it.
pub(super) const SELECT: &str = "SELECT * FROM calmyx_session";

pub(super) fn from_row(row: &Row<'_>) -> rusqlite::Result<CalmyxSession> {
    let allowance: Option<i64> = row.get("allowance")?;
    Ok(CalmyxSession {
        owner: Owner(row.get("owner")?),
        secret: row.get("secret")?,
        submitted_at: Moment::from_micros(row.get("submitted_at")?),
        speed: NonZeroU32::new(row.get("speed")?).ok_or_else(|| corrupt(3, "a speed of zero"))?,
        allowance: allowance.map(|allowance| u64::try_from(allowance).unwrap_or(0)),
        locations: from_bytes(row.get_ref("locations")?.as_blob()?),
        scenario: scenario::from_row(row)?,
    })
}

fn to_bytes(locations: &[Location]) -> Vec<u8> {
    locations.iter().flat_map(|location| [location.lat.to_le_bytes(), location.lng.to_le_bytes()]).flatten().collect()
}

fn from_bytes(bytes: &[u8]) -> Vec<Location> {
    let numbers: Vec<f64> = bytes.as_chunks().0.iter().copied().map(f64::from_le_bytes).collect();
    numbers.as_chunks().0.iter().map(|&[lat, lng]| Location { lat, lng }).collect()
}
