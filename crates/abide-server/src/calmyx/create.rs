//! What a create call answers (CAL-CREATE-REPLY).

use serde::Serialize;

use crate::{clock::Text, store::CalmyxSession};

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
