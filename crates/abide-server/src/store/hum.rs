//! Hum sessions in the database.

use std::num::NonZeroU32;

use rusqlite::{OptionalExtension, Row, Transaction, named_params};

use super::{corrupt, scenario};
use crate::{
    clock::Moment,
    credentials::Owner,
    error::ServerError,
    hum::{Address, Life, analytics_id},
    scenario::HumCourse,
    uuid::Uuid,
};

/// What is stored of a session. Only its life changes after creation.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct HumSession {
    pub(crate) owner: Owner,
    pub(crate) created_at: Moment,
    pub(crate) speed: NonZeroU32,
    pub(crate) address: Address,
    pub(crate) life: Life,
    /// How it goes, where it does not go as any other.
    pub(crate) scenario: Option<HumCourse>,
}

/// Stores a new session.
pub(crate) fn insert(database: &Transaction<'_>, token: &str, session: &HumSession) -> Result<(), ServerError> {
    let address = &session.address;
    database
        .prepare_cached(
            "INSERT INTO hum_session (token, owner, created_at, speed, last_activity, ended_at,
             street1, street2, city, state, zip, latitude, longitude, campaign_id, analytics_id, scenario)
         VALUES (:token, :owner, :created_at, :speed, :last_activity, :ended_at,
             :street1, :street2, :city, :state, :zip, :latitude, :longitude, :campaign_id, :analytics_id, :scenario)",
        )?
        .execute(named_params! {
            ":token": token,
            ":owner": session.owner.0,
            ":created_at": session.created_at.as_micros(),
            ":speed": session.speed.get(),
            ":last_activity": session.life.last_activity().as_micros(),
            ":ended_at": session.life.ended_at().map(Moment::as_micros),
            ":street1": address.street1,
            ":street2": address.street2,
            ":city": address.city,
            ":state": address.state,
            ":zip": address.zip,
            ":latitude": address.latitude,
            ":longitude": address.longitude,
            ":campaign_id": address.campaign_id,
            ":analytics_id": analytics_id(token).to_bytes(),
            ":scenario": session.scenario.as_ref().map(scenario::to_text),
        })?;
    Ok(())
}

/// Stores how the life of a session went on.
pub(crate) fn save_life(database: &Transaction<'_>, token: &str, life: &Life) -> Result<(), ServerError> {
    database.prepare_cached("UPDATE hum_session SET last_activity = ?2, ended_at = ?3 WHERE token = ?1")?.execute((
        token,
        life.last_activity().as_micros(),
        life.ended_at().map(Moment::as_micros),
    ))?;
    Ok(())
}

/// The session of that token, whoever asks.
pub(crate) fn session(database: &Transaction<'_>, token: &str) -> Result<Option<HumSession>, ServerError> {
    Ok(database
        .prepare_cached("SELECT * FROM hum_session WHERE token = ?1")?
        .query_row([token], from_row)
        .optional()?)
}

/// The session that analytics name so, whoever asks, and its token.
pub(crate) fn by_analytics_id(
    database: &Transaction<'_>,
    id: Uuid,
) -> Result<Option<(String, HumSession)>, ServerError> {
    Ok(database
        .prepare_cached("SELECT * FROM hum_session WHERE analytics_id = ?1")?
        .query_row([id.to_bytes()], |row| Ok((row.get("token")?, from_row(row)?)))
        .optional()?)
}

/// Hands over every session of `owner` with its token, the newest first.
pub(crate) fn each_of(
    database: &Transaction<'_>,
    owner: Owner,
    mut take: impl FnMut(String, HumSession),
) -> Result<(), ServerError> {
    let mut statement =
        database.prepare_cached("SELECT * FROM hum_session WHERE owner = ?1 ORDER BY created_at DESC, token")?;
    let mut rows = statement.query([owner.0])?;
    while let Some(row) = rows.next()? {
        take(row.get("token")?, from_row(row)?);
    }
    Ok(())
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<HumSession> {
    let ended_at: Option<i64> = row.get("ended_at")?;
    let last_activity = Moment::from_micros(row.get("last_activity")?);
    Ok(HumSession {
        owner: Owner(row.get("owner")?),
        created_at: Moment::from_micros(row.get("created_at")?),
        speed: NonZeroU32::new(row.get("speed")?).ok_or_else(|| corrupt(3, "a speed of zero"))?,
        life: Life::restore(last_activity, ended_at.map(Moment::from_micros)),
        scenario: scenario::from_row(row)?,
        address: Address {
            street1: row.get("street1")?,
            street2: row.get("street2")?,
            city: row.get("city")?,
            state: row.get("state")?,
            zip: row.get("zip")?,
            latitude: row.get("latitude")?,
            longitude: row.get("longitude")?,
            campaign_id: row.get("campaign_id")?,
        },
    })
}
