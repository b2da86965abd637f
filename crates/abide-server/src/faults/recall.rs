//! Answers that some faults send again: kept as bytes, and no more of them than a few megabytes.

use std::collections::{HashMap, VecDeque};

use axum::{
    body::Bytes,
    http::{HeaderMap, StatusCode},
};

use crate::breakage::{
    answer::Answer,
    call::{Call, Operation},
};

/// The most bytes of first answers that are kept; past that the oldest are forgotten. A status of 500 locations has 80 KB.
const MOST_BYTES: usize = 16 << 20;
/// How many last answers are kept: of two sessions one is always another than the one that is asked for, in both APIs.
const LAST: usize = 4;

/// The first answer of each session, and the last ones of all.
#[derive(Debug)]
pub(super) struct Recall {
    most_bytes: usize,
    first: HashMap<String, Kept>,
    oldest_first: VecDeque<String>,
    bytes: usize,
    last: VecDeque<(String, Operation, Kept)>,
}

/// An answer as it was sent: read again, it takes ten times the room.
#[derive(Debug, Clone)]
struct Kept {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Default for Recall {
    fn default() -> Self {
        Self::of_bytes(MOST_BYTES)
    }
}

impl Recall {
    fn of_bytes(most_bytes: usize) -> Self {
        Self { most_bytes, first: HashMap::new(), oldest_first: VecDeque::new(), bytes: 0, last: VecDeque::new() }
    }

    /// Keeps the answer to a status call that succeeded.
    pub(super) fn remember(&mut self, call: &Call, answer: &Answer) {
        let Some(session) = call.session().filter(|_| answer.is_success()) else { return };
        if ![Operation::CalmyxStatus, Operation::HumStatus].contains(&call.operation()) {
            return;
        }
        let kept = Kept { status: answer.status, headers: answer.headers.clone(), body: answer.bytes() };
        self.keep_first(session, &kept);
        self.last.retain(|(of, operation, _)| of != session || *operation != call.operation());
        self.last.push_back((session.to_owned(), call.operation(), kept));
        if self.last.len() > LAST {
            self.last.pop_front();
        }
    }

    fn keep_first(&mut self, session: &str, kept: &Kept) {
        let size = session.len() + kept.body.len();
        if self.first.contains_key(session) || size > self.most_bytes {
            return;
        }
        self.first.insert(session.to_owned(), kept.clone());
        self.oldest_first.push_back(session.to_owned());
        self.bytes += size;
        while self.bytes > self.most_bytes
            && let Some(oldest) = self.oldest_first.pop_front()
        {
            let size = self.first.remove(&oldest).map_or(0, |kept| oldest.len() + kept.body.len());
            self.bytes = self.bytes.saturating_sub(size);
        }
    }

    /// The first answer to this call, and one to the same call about another session.
    pub(super) fn of(&self, call: &Call) -> (Option<Answer>, Option<Answer>) {
        let Some(session) = call.session() else { return (None, None) };
        let is_other =
            |(of, operation, _): &&(String, Operation, Kept)| of != session && *operation == call.operation();
        let other = self.last.iter().rev().find(is_other).map(|(_, _, kept)| kept.answer());
        (self.first.get(session).map(Kept::answer), other)
    }
}

impl Kept {
    fn answer(&self) -> Answer {
        Answer::of(self.status, self.headers.clone(), self.body.clone())
    }
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, extract::Request};
    use serde_json::json;

    use super::*;

    async fn poll(session: &str) -> Call {
        let uri = format!("/v2/session/status?session_id={session}");
        Call::read(Request::builder().uri(uri).body(Body::empty()).unwrap()).await.unwrap()
    }

    fn answer(length: usize) -> Answer {
        let body = json!({ "status": "x".repeat(length) }).to_string();
        Answer::of(StatusCode::OK, HeaderMap::new(), Bytes::from(body))
    }

    #[tokio::test]
    async fn the_first_of_this_session_and_the_last_of_another() {
        let mut recall = Recall::default();
        for (session, length) in [("a", 1), ("a", 2), ("b", 3), ("b", 4), ("c", 5)] {
            recall.remember(&poll(session).await, &answer(length));
        }
        let length = |answer: Option<Answer>| answer.map(|answer| answer.text("/status").len());
        for (session, first, other) in [("a", Some(1), Some(5)), ("c", Some(5), Some(4)), ("d", None, Some(5))] {
            let (of_this, of_another) = recall.of(&poll(session).await);
            assert_eq!((length(of_this), length(of_another)), (first, other), "{session}");
        }
    }

    #[tokio::test]
    async fn memory_is_bounded_by_bytes() {
        let mut recall = Recall::of_bytes(10_000);
        for number in 0..40 {
            recall.remember(&poll(&format!("s{number}")).await, &answer(1_000));
            assert!(recall.bytes <= 10_000 && recall.first.len() == recall.oldest_first.len());
        }
        assert_eq!(recall.first.len(), 9);
        assert!(!recall.first.contains_key("s0") && recall.first.contains_key("s39"));
        recall.remember(&poll("huge").await, &answer(10_000));
        assert!(!recall.first.contains_key("huge"), "one that is larger than all is not kept");
        assert_eq!(recall.first.len(), 9);
    }
}
