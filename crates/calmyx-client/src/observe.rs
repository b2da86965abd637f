//! From the wire to the machines: what a status answer says in the neutral terms of `abide-core`.

use abide_core::{Counters, Mark, Observation, State};

use crate::lifecycle;
use crate::types::{LocationResult, SessionStatus};

/// What one status answer says.
///
/// ```
/// let status = serde_json::from_str(r#"{"status": "PROCESSING",
///     "progress": {"total": 2, "processed": 1, "successful": 1, "failed": 0}, "results": [],
///     "submitted_at": "2026-01-15T10:30:00.000000", "started_at": null, "completed_at": null}"#)?;
/// let observation = calmyx_client::observe(&status);
/// assert_eq!(observation.counters.processed, 1);
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn observe(status: &SessionStatus) -> Observation {
    observe_behind(status, 0, 0)
}

/// What an answer says of whose results only those behind so many were read, of which so many failed.
pub(crate) fn observe_behind(status: &SessionStatus, known: usize, known_failed: u64) -> Observation {
    let failed = i64::try_from(known_failed.saturating_add(failed_items(status))).unwrap_or(i64::MAX);
    let state = lifecycle::state(status.status.as_str());
    let progress = &status.progress;
    Observation {
        state,
        counters: Counters {
            total: progress.total,
            processed: progress.processed,
            successful: progress.successful,
            // A failed item counts also where the counter forgets it (CAL-CLIENT-PARTIAL).
            failed: progress.failed.max(failed),
        },
        delivered: Some(known.saturating_add(status.results.len()) as u64),
        // Two unknown words are two states.
        mark: if state == State::Unknown { Mark::new().text(status.status.as_str()).finish() } else { 0 },
    }
}

/// How many of the results that were read are failed ones.
pub(crate) fn failed_items(status: &SessionStatus) -> u64 {
    status.results.iter().filter(|result| matches!(result, LocationResult::Failed(_))).count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(word: &str, results: &str) -> SessionStatus {
        let text = format!(
            r#"{{"status": {word}, "progress": {{"total": 3, "processed": 2, "successful": 1, "failed": 1}},
                "results": {results}, "submitted_at": "2026-01-15T10:30:00"}}"#
        );
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn states() {
        for (word, expected) in [
            (r#""QUEUED""#, State::Queued),
            (r#""PENDING""#, State::Queued),
            (r#""PROCESSING""#, State::Running),
            (r#""COMPLETED""#, State::Completed),
            (r#""FAILED""#, State::Failed),
            (r#""completed""#, State::Unknown),
            (r#""PAUSED""#, State::Unknown),
            ("null", State::Unknown),
            ("7", State::Unknown),
        ] {
            assert_eq!(observe(&status(word, "[]")).state, expected, "{word}");
        }
        assert_ne!(observe(&status(r#""A""#, "[]")).mark, observe(&status(r#""B""#, "[]")).mark);
    }

    #[test]
    fn counters_and_results() {
        let observation = observe(&status(r#""PROCESSING""#, r#"[{"status": "odd"}]"#));
        assert_eq!(observation.counters, Counters { total: 3, processed: 2, successful: 1, failed: 1 });
        assert_eq!(observation.delivered, Some(1));
        assert_eq!(observe(&status(r#""PROCESSING""#, "null")).delivered, Some(0));
    }
}
