//! Listings in the database: a row each, from the creation of what scores them until they are deleted.
//!
//! A session writes the rows of all its listings when it is created. A listing exists from its `created_at` on, which
//! is when its location is scored; until then it only takes the room that it was promised.

use rusqlite::{OptionalExtension, Row, Transaction};

use super::account::{Account, count};
use crate::{
    calmyx::{ListingId, Place},
    clock::Moment,
    error::ServerError,
};

/// A listing of some account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Listing {
    pub(crate) id: ListingId,
    pub(crate) place: Place,
    pub(crate) created_at: Moment,
}

/// How many listings an account has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Those that exist and those that sessions were promised.
    pub(crate) taken: u64,
    pub(crate) existing: u64,
    /// Those that were created today, in UTC, and exist.
    pub(crate) today: u64,
    /// Those that were created this month, in UTC, and exist.
    pub(crate) this_month: u64,
}

/// Stores new listings.
pub(crate) fn insert(database: &Transaction<'_>, account: Account, listings: &[Listing]) -> Result<(), ServerError> {
    let mut statement = database.prepare_cached(
        "INSERT INTO calmyx_listing (account, lat, lng, created_at, listing_id) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for Listing { id, place, created_at } in listings {
        statement.execute((account.0, place.lat, place.lng, created_at.as_micros(), id.to_bytes()))?;
    }
    Ok(())
}

/// The listing at that place; the oldest one where several exist.
pub(crate) fn at(
    database: &Transaction<'_>,
    account: Account,
    place: Place,
    now: Moment,
) -> Result<Option<Listing>, ServerError> {
    Ok(database
        .prepare_cached(
            "SELECT lat, lng, created_at, listing_id FROM calmyx_listing
             WHERE account = ?1 AND lat = ?2 AND lng = ?3 AND created_at <= ?4 ORDER BY created_at, listing_id LIMIT 1",
        )?
        .query_row((account.0, place.lat, place.lng, now.as_micros()), from_row)
        .optional()?)
}

/// The listing of that id.
pub(crate) fn of_id(
    database: &Transaction<'_>,
    account: Account,
    id: ListingId,
    now: Moment,
) -> Result<Option<Listing>, ServerError> {
    Ok(database
        .prepare_cached(
            "SELECT lat, lng, created_at, listing_id FROM calmyx_listing
             WHERE listing_id = ?1 AND account = ?2 AND created_at <= ?3",
        )?
        .query_row((id.to_bytes(), account.0, now.as_micros()), from_row)
        .optional()?)
}

/// Deletes it for good.
pub(crate) fn delete(database: &Transaction<'_>, listing: Listing) -> Result<(), ServerError> {
    database.prepare_cached("DELETE FROM calmyx_listing WHERE listing_id = ?1")?.execute([listing.id.to_bytes()])?;
    Ok(())
}

/// How many listings the account has at `now`.
pub(crate) fn counts(database: &Transaction<'_>, account: Account, now: Moment) -> Result<Counts, ServerError> {
    let values = (account.0, now.as_micros(), now.start_of_day().as_micros(), now.start_of_month().as_micros());
    Ok(database
        .prepare_cached(
            "SELECT count(*), count(*) FILTER (WHERE created_at <= ?2),
                    count(*) FILTER (WHERE created_at BETWEEN ?3 AND ?2),
                    count(*) FILTER (WHERE created_at BETWEEN ?4 AND ?2)
             FROM calmyx_listing WHERE account = ?1",
        )?
        .query_row(values, |row| {
            Ok(Counts {
                taken: count(row.get(0)?),
                existing: count(row.get(1)?),
                today: count(row.get(2)?),
                this_month: count(row.get(3)?),
            })
        })?)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Listing> {
    Ok(Listing {
        id: ListingId::from_bytes(row.get("listing_id")?),
        place: Place { lat: row.get("lat")?, lng: row.get("lng")? },
        created_at: Moment::from_micros(row.get("created_at")?),
    })
}
