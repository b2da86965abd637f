//! What a status call answers: a pure function of the stored session and the moment of asking.

use std::borrow::Cow;

use serde::Serialize;

use super::{
    listing_id::{self, ListingId},
    timeline::{Item, Outcome, Reason, Timeline},
};
use crate::{
    clock::{Moment, Text},
    documented::calmyx::{
        ERROR_LIMIT, ERROR_SCORE, ITEM_FAILED, ITEM_SUCCESS, STATUS_COMPLETED, STATUS_FAILED, STATUS_PROCESSING,
        STATUS_QUEUED,
    },
    store::CalmyxSession,
};

/// The answer to a status call (CAL-SCHEMA), whatever stands for its results.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Report<R> {
    status: &'static str,
    progress: Progress,
    results: R,
    submitted_at: Text,
    started_at: Option<Text>,
    completed_at: Option<Text>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(super) struct Progress {
    pub(super) total: usize,
    pub(super) processed: usize,
    pub(super) successful: usize,
    pub(super) failed: usize,
}

/// An item of `results`: the fields of CAL-ITEM-SUCCESS or those of CAL-ITEM-FAILED.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct ResultItem {
    lat: f64,
    lng: f64,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    quiet_score: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    listing_id: Option<ListingId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Cow<'static, str>>,
    analyzed_at: Text,
}

/// Where a session stands; time moves it, nothing else does.
///
/// ```text
///            started_at                completed_at
///  Queued ──────────────▶ Processing ───────────────▶ Completed
///     │                        │
///     └────────────────────────┴────────────────────▶ Failed   (only where a scenario has it so)
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Queued,
    Processing,
    Completed,
    Failed,
}

impl Phase {
    fn at(now: Moment, timeline: &Timeline) -> Self {
        match (now >= timeline.completed_at, timeline.fails) {
            (true, true) => Self::Failed,
            (true, false) => Self::Completed,
            (false, _) if now >= timeline.started_at => Self::Processing,
            (false, _) => Self::Queued,
        }
    }

    const fn is_end(self) -> bool {
        match self {
            Self::Completed | Self::Failed => true,
            Self::Queued | Self::Processing => false,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Queued => STATUS_QUEUED,
            Self::Processing => STATUS_PROCESSING,
            Self::Completed => STATUS_COMPLETED,
            Self::Failed => STATUS_FAILED,
        }
    }
}

impl<R> Report<R> {
    /// How the session stands at `now`, when that much of it is finished.
    pub(super) fn new(submitted_at: Moment, timeline: &Timeline, now: Moment, progress: Progress, results: R) -> Self {
        let phase = Phase::at(now, timeline);
        Self {
            status: phase.name(),
            progress,
            results,
            submitted_at: submitted_at.without_zone(),
            started_at: (now >= timeline.started_at).then(|| timeline.started_at.without_zone()),
            completed_at: phase.is_end().then(|| timeline.completed_at.without_zone()),
        }
    }
}

impl ResultItem {
    /// `None` only for an item that is no location of the session.
    pub(super) fn of(session: &CalmyxSession, item: Item) -> Option<Self> {
        let location = session.locations.get(item.index)?;
        let (status, quiet_score, error) = match item.outcome {
            Outcome::Scored(score) => (ITEM_SUCCESS, Some(score), None),
            Outcome::Failed(reason) => (ITEM_FAILED, None, Some(message(session, reason))),
        };
        Some(Self {
            lat: location.lat,
            lng: location.lng,
            status,
            quiet_score,
            listing_id: quiet_score.map(|_| listing_id::of_result(session.secret, item.index)),
            error,
            analyzed_at: item.finished_at.without_zone(),
        })
    }

    pub(super) const fn is_success(&self) -> bool {
        self.error.is_none()
    }
}

fn message(session: &CalmyxSession, reason: Reason) -> Cow<'static, str> {
    match reason {
        Reason::NoScore => ERROR_SCORE.into(),
        Reason::Limit => ERROR_LIMIT.into(),
        Reason::Scripted(way) => {
            session.scenario.as_ref().map_or(ERROR_SCORE.into(), |course| course.error(way).to_owned().into())
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::{collections::HashSet, time::Duration};

    use proptest::prelude::*;

    use super::*;
    use crate::calmyx::timeline::tests::session;

    /// The answer made the plain way, item by item, as the documents describe it.
    pub(in crate::calmyx) fn report(session: &CalmyxSession, now: Moment) -> Report<Vec<ResultItem>> {
        let timeline = Timeline::of(session);
        let finished = timeline.items.iter().take_while(|item| item.finished_at <= now);
        let results: Vec<ResultItem> = finished.filter_map(|item| ResultItem::of(session, *item)).collect();
        let successful = results.iter().filter(|item| item.is_success()).count();
        let (total, processed) = (session.locations.len(), results.len());
        let progress = Progress { total, processed, successful, failed: processed - successful };
        Report::new(session.submitted_at, &timeline, now, progress, results)
    }

    fn after(session: &CalmyxSession, elapsed: Duration) -> Report<Vec<ResultItem>> {
        report(session, session.submitted_at.plus(elapsed))
    }

    #[test]
    fn phases() {
        let session = session(20, 1, None, 9);
        for (seconds, status, started, completed) in
            [(0, "QUEUED", false, false), (5, "PROCESSING", true, false), (3600, "COMPLETED", true, true)]
        {
            let report = after(&session, Duration::from_secs(seconds));
            assert_eq!(report.status, status, "after {seconds} s");
            assert_eq!((report.started_at.is_some(), report.completed_at.is_some()), (started, completed));
            assert_eq!(report.results.is_empty(), status == "QUEUED");
        }
    }

    #[test]
    fn before_submission_nothing_has_happened() {
        let session = session(3, 1, None, 9);
        let report = report(&session, Moment::from_micros(0));
        assert_eq!((report.status, report.progress.processed), ("QUEUED", 0));
    }

    #[test]
    fn listing_ids_are_distinct() {
        let report = after(&session(500, 1, None, 1), Duration::from_hours(1));
        let ids: HashSet<ListingId> = report.results.iter().filter_map(|item| item.listing_id).collect();
        assert_eq!(ids.len(), report.progress.successful);
    }

    #[test]
    fn items_have_the_fields_of_their_kind_and_no_other() {
        let report = after(&session(300, 1, Some(50), 1), Duration::from_hours(1));
        for item in &report.results {
            let json = serde_json::to_value(item).unwrap();
            let mut names: Vec<&str> = json.as_object().unwrap().keys().map(String::as_str).collect();
            names.sort_unstable();
            let expected: &[&str] = match item.status {
                "success" => &["analyzed_at", "lat", "listing_id", "lng", "quiet_score", "status"],
                _ => &["analyzed_at", "error", "lat", "lng", "status"],
            };
            assert_eq!(names, expected);
        }
        assert_eq!(report.progress.successful, 50);
    }

    proptest! {
        #[test]
        fn nothing_ever_goes_back(
            count in 1_u32..=500, speed in 1_u32..1000, secret: u8, allowance in proptest::option::of(0_u64..600),
            mut times in proptest::collection::vec(0_u64..60_000_000, 2..8),
        ) {
            let session = session(count, speed, allowance, secret);
            times.sort_unstable();
            let reports: Vec<Report<Vec<ResultItem>>> =
                times.iter().map(|&micros| after(&session, Duration::from_micros(micros) / speed)).collect();
            for report in &reports {
                let Progress { total, processed, successful, failed } = report.progress;
                prop_assert_eq!(total, count as usize);
                prop_assert_eq!(processed, successful + failed);
                prop_assert_eq!(processed, report.results.len());
                prop_assert_eq!(processed == total, report.status == "COMPLETED");
                prop_assert_eq!(report.started_at.is_none(), report.status == "QUEUED");
                prop_assert_eq!(report.completed_at.is_some(), report.status == "COMPLETED");
            }
            for pair in reports.windows(2) {
                let [earlier, later] = pair else { unreachable!() };
                prop_assert!(later.results.starts_with(&earlier.results));
                prop_assert!(later.progress.successful >= earlier.progress.successful);
                prop_assert!(later.progress.failed >= earlier.progress.failed);
                prop_assert!(earlier.started_at.is_none() || earlier.started_at == later.started_at);
                prop_assert!(earlier.completed_at.is_none() || earlier.completed_at == later.completed_at);
            }
        }
    }
}
