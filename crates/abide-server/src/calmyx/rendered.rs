//! A session with all its results written out once, so that an answer is cut from them and not made.
//!
//! Results only grow, and a finished item never changes: at any moment the items of an answer are the beginning of the
//! items of the last one. What an answer says besides them is short, and made for each call by [`Report`].

use serde_json::Value;

use super::{
    status::{Progress, Report, ResultItem},
    timeline::Timeline,
};
use crate::{
    clock::Moment,
    credentials::Owner,
    scenario::{Shape, dressed},
    store::CalmyxSession,
};

/// The answers of one session at all moments.
#[derive(Debug)]
pub(crate) struct Rendered {
    owner: Owner,
    submitted_at: Moment,
    total: usize,
    timeline: Timeline,
    /// All items in the order in which they finish, each followed by a comma.
    items: Vec<u8>,
    /// For each item what is so once it is finished.
    marks: Vec<Mark>,
    /// How its answers differ from others, where a scenario has it so.
    shapes: Vec<Shape>,
}

#[derive(Debug, Clone, Copy)]
struct Mark {
    finished_at: Moment,
    /// Where the item ends in `items`, its comma not included.
    end: usize,
    /// How many items were successful up to this one.
    successful: usize,
}

impl Rendered {
    pub(super) fn of(session: &CalmyxSession) -> serde_json::Result<Self> {
        let mut timeline = Timeline::of(session);
        let mut items = Vec::new();
        let mut marks = Vec::with_capacity(timeline.items.len());
        let mut successful = 0;
        // What is left of the timeline is when the session starts, when it ends, and how.
        for item in std::mem::take(&mut timeline.items) {
            let Some(result) = ResultItem::of(session, item) else {
                continue;
            };
            successful += usize::from(result.is_success());
            serde_json::to_writer(&mut items, &result)?;
            marks.push(Mark { finished_at: item.finished_at, end: items.len(), successful });
            items.push(b',');
        }
        items.shrink_to_fit();
        let (owner, submitted_at, total) = (session.owner, session.submitted_at, session.locations.len());
        let shapes = session.scenario.as_ref().map_or_else(Vec::new, |course| course.shapes.clone());
        Ok(Self { owner, submitted_at, total, timeline, items, marks, shapes })
    }

    /// Whose session it is.
    pub(super) const fn owner(&self) -> Owner {
        self.owner
    }

    /// About how many bytes of memory it takes.
    pub(super) const fn size(&self) -> usize {
        size_of::<Self>() + self.items.capacity() + self.marks.capacity() * size_of::<Mark>()
    }

    /// The body of the answer at `now`.
    pub(super) fn body(&self, now: Moment) -> serde_json::Result<Vec<u8>> {
        let processed = self.marks.partition_point(|mark| mark.finished_at <= now);
        let last = processed.checked_sub(1).and_then(|last| self.marks.get(last));
        let (end, successful) = last.map_or((0, 0), |mark| (mark.end, mark.successful));
        let progress = Progress { total: self.total, processed, successful, failed: processed - successful };
        let around = Report::new(self.submitted_at, &self.timeline, now, progress, NoItems::default());
        let around = serde_json::to_vec(&around)?;
        let (before, after) = split_at_the_list(&around);
        let items = self.items.get(..end).unwrap_or_default();

        let mut body = Vec::with_capacity(around.len() + items.len());
        for part in [before, items, after] {
            body.extend_from_slice(part);
        }
        if self.shapes.is_empty() { Ok(body) } else { self.dressed(&body) }
    }

    fn dressed(&self, body: &[u8]) -> serde_json::Result<Vec<u8>> {
        let body: Value = serde_json::from_slice(body)?;
        serde_json::to_vec(&dressed(&body, &self.shapes)?)
    }
}

/// An empty list where the items belong.
type NoItems = [(); 0];

/// What stands before and after the items: the empty list is the only pair of brackets of the report.
fn split_at_the_list(report: &[u8]) -> (&[u8], &[u8]) {
    let opening = report.iter().position(|byte| *byte == b'[').unwrap_or(report.len());
    report.split_at_checked(opening + 1).unwrap_or((report, &[]))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;
    use crate::{
        calmyx::{
            status::tests::report,
            timeline::tests::{course, session},
        },
        scenario::scenarios,
    };

    /// Compares with the answer that is made item by item.
    fn check(session: &CalmyxSession, rendered: &Rendered, now: Moment) -> Result<(), TestCaseError> {
        let plain = report(session, now);
        let plain = match &session.scenario {
            Some(course) if !course.shapes.is_empty() => dressed(&plain, &course.shapes).unwrap().to_string(),
            Some(_) | None => serde_json::to_string(&plain).unwrap(),
        };
        prop_assert_eq!(String::from_utf8(rendered.body(now).unwrap()).unwrap(), plain);
        Ok(())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn answers_are_those_of_the_plain_way_byte_for_byte(
            count in prop_oneof![0_u32..=12, 0_u32..=500],
            speed in prop_oneof![Just(1_u32), 1_u32..100_000],
            secret: u8,
            allowance in proptest::option::of(0_u64..600),
            scenario in proptest::option::of(proptest::sample::select(scenarios().collect::<Vec<_>>())),
            times in proptest::collection::vec(-1_000_000_i64..60_000_000, 1..6),
        ) {
            let scenario = scenario.and_then(|scenario| scenario.calmyx().cloned());
            let session = CalmyxSession { scenario, ..session(count, speed, allowance, secret) };
            let rendered = Rendered::of(&session).unwrap();
            for micros in times {
                let elapsed = micros / i64::from(speed);
                check(&session, &rendered, Moment::from_micros(session.submitted_at.as_micros() + elapsed))?;
            }
            for extreme in [i64::MIN, i64::MAX] {
                check(&session, &rendered, Moment::from_micros(extreme))?;
            }
            // The instants at which something changes, and those just before them.
            for moment in course(&session).into_iter().step_by(37) {
                check(&session, &rendered, moment)?;
                check(&session, &rendered, Moment::from_micros(moment.as_micros() - 1))?;
            }
        }
    }

    #[test]
    fn its_size_is_about_that_of_its_items() {
        for count in [1, 10, 500] {
            let session = session(count, 1, None, 1);
            let rendered = Rendered::of(&session).unwrap();
            let body = rendered.body(session.submitted_at.plus(Duration::from_hours(1))).unwrap().len();
            assert!((body / 2..body * 2 + 500).contains(&rendered.size()), "{} for {body}", rendered.size());
        }
    }
}
