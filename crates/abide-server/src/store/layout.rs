//! The layouts that the database file has had, and how each becomes the next.
//!
//! What is written here once stays as it is: files of every layout are out there.

use rusqlite::Transaction;

use super::{account, calmyx, listing};
use crate::{calmyx::listings, error::ServerError, hum::analytics_id};

/// The layout that this program reads and writes. A file with a higher number is refused.
pub(super) const NEWEST: i64 = 3;

const LAYOUT_1: &str = "
    CREATE TABLE calmyx_session (
        session_id   TEXT PRIMARY KEY,
        owner        BLOB NOT NULL,     -- SHA-256 of the key that created it
        secret       BLOB NOT NULL,     -- 16 random bytes: pace and listing ids derive from them
        submitted_at INTEGER NOT NULL,  -- microseconds since 1970, as all times here
        speed        INTEGER NOT NULL,  -- durations of this session are divided by it
        allowance    INTEGER,           -- listings that it may create; NULL is any number
        listings     INTEGER NOT NULL,  -- listings that it does create
        locations    BLOB NOT NULL      -- latitude and longitude, two little-endian doubles each
    ) STRICT;
    CREATE INDEX calmyx_session_by_owner ON calmyx_session (owner, listings);
    CREATE TABLE hum_session (
        token         TEXT PRIMARY KEY,
        owner         BLOB NOT NULL,
        created_at    INTEGER NOT NULL,
        speed         INTEGER NOT NULL,
        last_activity INTEGER NOT NULL,
        ended_at      INTEGER,          -- when it was closed, or first seen to be expired
        street1       TEXT NOT NULL,
        street2       TEXT,
        city          TEXT,
        state         TEXT,
        zip           TEXT,
        latitude      REAL,
        longitude     REAL,
        campaign_id   TEXT
    ) STRICT;
";

/// Listings become rows of their own, which can be deleted; Hum sessions can be found by the id that analytics give
/// them; and the clock is kept.
const LAYOUT_2: &str = "
    CREATE TABLE calmyx_account (
        account   INTEGER PRIMARY KEY,
        owner     BLOB NOT NULL UNIQUE,
        deletions INTEGER NOT NULL DEFAULT 0,  -- listings deleted, ever
        scored    INTEGER NOT NULL DEFAULT 0,  -- locations sent in the month below
        month     INTEGER NOT NULL DEFAULT 0   -- when that month began
    ) STRICT;
    CREATE TABLE calmyx_listing (
        account    INTEGER NOT NULL,
        lat        INTEGER NOT NULL,  -- microdegrees
        lng        INTEGER NOT NULL,
        created_at INTEGER NOT NULL,  -- in the future while its session is at work
        listing_id BLOB NOT NULL,     -- the 16 bytes of the UUID
        PRIMARY KEY (account, lat, lng, created_at, listing_id)
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX calmyx_listing_by_id ON calmyx_listing (listing_id);
    DROP INDEX calmyx_session_by_owner;
    ALTER TABLE calmyx_session DROP COLUMN listings;

    ALTER TABLE hum_session ADD COLUMN analytics_id BLOB;  -- the 16 bytes of a UUID
    CREATE UNIQUE INDEX hum_session_by_analytics_id ON hum_session (analytics_id);
    CREATE INDEX hum_session_by_owner ON hum_session (owner, created_at);

    CREATE TABLE clock (
        only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
        moved    INTEGER NOT NULL,  -- microseconds by which the clock was moved on purpose
        shown    INTEGER NOT NULL   -- no answer has spoken of a later moment
    ) STRICT;
    INSERT INTO clock VALUES (1, 0, 0);
";

/// Sessions may go as a scenario has it.
const LAYOUT_3: &str = "
    ALTER TABLE calmyx_session ADD COLUMN scenario TEXT;  -- how the session goes, as JSON; NULL is as any other
    ALTER TABLE hum_session ADD COLUMN scenario TEXT;
";

/// Brings the tables from layout `found` (0 where there are none) to the newest.
pub(super) fn upgrade(database: &Transaction<'_>, found: i64) -> Result<(), ServerError> {
    if found < 1 {
        database.execute_batch(LAYOUT_1)?;
    }
    if found < 2 {
        database.execute_batch(LAYOUT_2)?;
    }
    if found < 3 {
        database.execute_batch(LAYOUT_3)?;
    }
    // Rows are read and written as the newest layout has them, so they follow once all tables are there.
    if found < 2 {
        list_what_was_scored(database)?;
        name_for_analytics(database)?;
    }
    Ok(())
}

/// Gives every session of layout 1 the listings that its results speak of.
fn list_what_was_scored(database: &Transaction<'_>) -> Result<(), ServerError> {
    let mut statement = database.prepare(calmyx::SELECT)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let session = calmyx::from_row(row)?;
        let account = account::open(database, session.owner)?;
        listing::insert(database, account, &listings(&session))?;
    }
    Ok(())
}

fn name_for_analytics(database: &Transaction<'_>) -> Result<(), ServerError> {
    let mut statement = database.prepare("SELECT token FROM hum_session")?;
    let tokens = statement.query_map([], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
    let mut update = database.prepare("UPDATE hum_session SET analytics_id = ?2 WHERE token = ?1")?;
    for token in tokens {
        update.execute((&token, analytics_id(&token).to_bytes()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;
    use crate::{
        calmyx::Location,
        clock::Moment,
        credentials::Owner,
        store::{CalmyxSession, hum},
    };

    /// A database of layout 1 with one session of each API.
    fn layout_1() -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(LAYOUT_1).unwrap();
        connection
            .execute_batch(
                "INSERT INTO calmyx_session VALUES ('sess_a', zeroblob(32), zeroblob(16), 5, 1, 1, 1,
                     x'0000000000003e4000000000000000000000000000004440000000000000000000');
                 INSERT INTO hum_session VALUES ('token', zeroblob(32), 5, 1, 5, NULL, '1 Main St', NULL, NULL, NULL,
                     '48034', NULL, NULL, NULL);",
            )
            .unwrap();
        connection
    }

    #[test]
    fn layout_1_becomes_the_newest() {
        let mut connection = layout_1();
        let database = connection.transaction().unwrap();
        upgrade(&database, 1).unwrap();
        let CalmyxSession { owner, allowance, locations, .. } = calmyx::session(&database, "sess_a").unwrap().unwrap();
        assert_eq!((owner, allowance, locations.len()), (Owner([0; 32]), Some(1), 2));
        let account = account::find(&database, owner).unwrap().unwrap();
        let late = Moment::from_micros(i64::MAX);
        assert_eq!(listing::counts(&database, account, late).unwrap().existing, 1, "as many as it was allowed");
        let places = [30.0, 40.0].map(|lat| Location { lat, lng: 0.0 }.place());
        let found: Vec<_> =
            places.iter().filter_map(|place| listing::at(&database, account, *place, late).unwrap()).collect();
        assert_eq!(found.len(), 1);
        let (token, session) = hum::by_analytics_id(&database, analytics_id("token")).unwrap().unwrap();
        assert_eq!((&*token, &*session.address.street1), ("token", "1 Main St"));
    }

    #[test]
    fn the_newest_is_left_as_it_is() {
        let mut connection = layout_1();
        let database = connection.transaction().unwrap();
        upgrade(&database, 1).unwrap();
        upgrade(&database, NEWEST).unwrap();
    }
}
