//! Putting many sessions into a database file at once, for measurements that need a full one.

use std::{num::NonZeroU32, path::Path};

use rusqlite::TransactionBehavior;

use crate::{
    calmyx, clock::ServerClock, credentials::Callers, credentials::Credentials, error::ServerError, hum, ids, store,
};

/// How many sessions share a transaction.
const BATCH: u32 = 1_000;

/// Sessions as a server would have created them one by one, for the first key of each API and under no plan's limit.
///
/// ```
/// use std::num::NonZeroU32;
/// use abide_server::{Credentials, Filling, ServerClock};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let folder = tempfile::tempdir()?;
/// let filling = Filling { speed: NonZeroU32::MIN, calmyx: 20, locations: 3, hum: 10 };
/// let filled = filling.fill(&folder.path().join("sessions.db"), &Credentials::generate()?, &ServerClock::system())?;
/// assert_eq!((filled.calmyx.len(), filled.hum.len()), (20, 10));
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Filling {
    /// As [`Config::speed`](crate::Config::speed).
    pub speed: NonZeroU32,
    /// How many Calmyx sessions.
    pub calmyx: u32,
    /// How many locations each of them has. A server would refuse more than 500; nothing does here.
    pub locations: u32,
    /// How many Hum sessions.
    pub hum: u32,
}

/// The sessions that were put into a file, in the order of their creation.
#[derive(Debug, Clone, Default)]
pub struct Filled {
    /// Ids of Calmyx sessions.
    pub calmyx: Vec<String>,
    /// Tokens of Hum sessions.
    pub hum: Vec<String>,
}

impl Filling {
    /// Adds them to the file, which becomes a database when it is missing. No server may have it open.
    ///
    /// Every thousand of them are stored together; an error leaves those that were stored before it.
    pub fn fill(&self, database: &Path, credentials: &Credentials, clock: &ServerClock) -> Result<Filled, ServerError> {
        let calmyx_owner = Callers::new("Calmyx API key", &credentials.calmyx)?.first();
        let hum_owner = Callers::new("Hum API token", &credentials.hum)?.first();
        let mut file = store::open_file(database)?;
        let mut filled = Filled::default();
        let all = self.calmyx.max(self.hum);
        for first in (0..all).step_by(BATCH as usize) {
            let transaction = file.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            for number in first..all.min(first.saturating_add(BATCH)) {
                if number < self.calmyx {
                    let id = calmyx::new_id()?;
                    let session = calmyx::example(number, self.locations, calmyx_owner, clock.now(), self.speed)?;
                    store::insert_calmyx(&transaction, &id, &session, calmyx::listings(&session))?;
                    filled.calmyx.push(id);
                }
                if number < self.hum {
                    let token = ids::random_id()?;
                    let session = hum::example(number, hum_owner, clock.now(), self.speed);
                    store::insert_hum(&transaction, &token, &session)?;
                    filled.hum.push(token);
                }
            }
            transaction.commit()?;
        }
        Ok(filled)
    }
}
