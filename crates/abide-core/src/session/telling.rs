//! What a wait tells: the events that each change brings about.

use super::{Request, Session};
use crate::anomaly::Anomaly;
use crate::end::End;
use crate::event::{Deadline, Event, Why};
use crate::failure::Failure;
use crate::observation::Observation;

impl Session {
    /// Remembers the observation and tells what it changed.
    pub(super) fn note(&mut self, observation: &Observation) {
        let earlier = self.last_observation();
        let found = self.contradictions.in_reply(observation);
        self.events.extend(found.into_iter().map(Event::Anomaly));
        if earlier.as_ref() == Some(observation) {
            self.unchanged_polls = self.unchanged_polls.saturating_add(1);
            self.unchanged_in_a_row = self.unchanged_in_a_row.saturating_add(1);
        } else {
            self.unchanged_in_a_row = 0;
        }
        let (from, to) = (earlier.map(|earlier| earlier.state), observation.state);
        if from != Some(to) {
            self.events.push_back(Event::State { from, to });
        }
        if earlier.map(|earlier| earlier.counters) != Some(observation.counters) {
            self.events.push_back(Event::Progress(observation.counters));
        }
    }

    /// The next request is due at `deadline`. Tells when the session will not live to see it.
    pub(super) fn plan(&mut self, deadline: Deadline) {
        if let Some(at) = self.expiry.until().filter(|until| *until < deadline.at && deadline.why != Why::MaxWait) {
            self.events.push_back(Event::WillExpire { at, next: deadline.at });
        }
        self.request = Request::Due(deadline);
    }

    pub(super) fn plan_retry(&mut self, failure: Failure, deadline: Deadline) {
        if deadline.why != Why::MaxWait {
            let attempt = self.backoff.in_a_row();
            self.events.push_back(Event::Retry { failure, at: deadline.at, attempt });
        }
        self.plan(deadline);
    }

    pub(super) fn finish(&mut self, end: End) {
        let completed = matches!(end, End::Completed { .. } | End::CompletedWithFailures { .. });
        let missing = self.last_observation().filter(|_| completed).and_then(|last| last.missing_items());
        if let Some((delivered, processed)) = missing {
            let anomaly = Anomaly::FewerItemsThanProcessed { delivered, processed };
            self.events.push_back(Event::Anomaly(anomaly));
        }
        self.events.push_back(Event::Ended(end));
    }
}
