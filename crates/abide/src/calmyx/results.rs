//! Results of the service as cells, counted.

use calmyx_client::types::LocationResult;

use crate::journal::Verdict;
use crate::output::Cell;

/// The columns that a result adds to a row.
pub(super) const COLUMNS: [&str; 6] = ["status", "quiet_score", "error", "listing_id", "analyzed_at", "session_id"];

/// How many rows came to what.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) scored: u64,
    pub(crate) failed: u64,
    /// Rows whose session ended without saying anything about them.
    pub(crate) unanswered: u64,
}

impl Counts {
    pub(crate) fn total(self) -> u64 {
        self.scored + self.failed + self.unanswered
    }

    pub(super) fn add(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::Good => self.scored += 1,
            Verdict::Partial | Verdict::Failed => self.failed += 1,
            Verdict::Unanswered => self.unanswered += 1,
        }
    }
}

pub(super) fn verdict(result: &LocationResult) -> Verdict {
    match result {
        LocationResult::Success(_) => Verdict::Good,
        LocationResult::Failed(_) | LocationResult::Unrecognised(_) | _ => Verdict::Failed,
    }
}

/// The cells of a result.
pub(super) fn cells(result: &LocationResult, session_id: &str) -> [Cell; 6] {
    let session_id = text(session_id);
    match result {
        LocationResult::Success(scored) => {
            let (score, listing) = (Cell::Integer(scored.quiet_score), text(&scored.listing_id));
            [text("success"), score, Cell::Empty, listing, text(&scored.analyzed_at.text()), session_id]
        }
        LocationResult::Failed(failed) => {
            let (error, at) = (text(&failed.error), text(&failed.analyzed_at.text()));
            [text("failed"), Cell::Empty, error, Cell::Empty, at, session_id]
        }
        LocationResult::Unrecognised(value) => {
            let status = value.get("status").and_then(serde_json::Value::as_str).unwrap_or("unrecognised");
            unanswered(status, "the result has a form that is not documented", session_id)
        }
        // The enum is open: what a later version of the client tells apart is unknown here.
        _ => unanswered("unrecognised", "the result has a form that is not documented", session_id),
    }
}

/// The cells of a row without a result.
pub(super) fn unanswered(status: &str, reason: &str, session_id: Cell) -> [Cell; 6] {
    [text(status), Cell::Empty, text(reason), Cell::Empty, Cell::Empty, session_id]
}

/// Where a result says it is.
pub(super) fn coordinates(result: &LocationResult) -> Option<(f64, f64)> {
    match result {
        LocationResult::Success(scored) => Some((scored.lat, scored.lng)),
        LocationResult::Failed(failed) => Some((failed.lat, failed.lng)),
        LocationResult::Unrecognised(value) => Some((value.get("lat")?.as_f64()?, value.get("lng")?.as_f64()?)),
        _ => None,
    }
}

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}
