//! Sessions as data: what sleeps and goes on, and what is taken up again after its end.

use std::time::Duration;

use abide_core::{Deadline, End, GaveUp, Session, Snapshot, Step, Tick, Why};

use crate::arbitrary::Setup;
use crate::model::History;

/// Through a value and its bytes.
pub(super) fn slept(session: &Session, setup: &Setup) -> Session {
    let Setup { lifecycle, options, .. } = *setup;
    let mut bytes = Vec::new();
    session.snapshot(Tick::ZERO).pack(&mut bytes);
    let kept = Snapshot::unpack(&mut bytes.as_slice()).expect("what was packed");
    assert_eq!(kept, session.snapshot(Tick::ZERO));
    Session::resume(&lifecycle, options, &kept).expect("a sound lifecycle")
}

/// A wait that is over stays over where the session is, and else begins anew: later than a gap, and than the server asked.
pub(super) fn taken_up_again(over: &Session, history: &History, setup: &Setup, end: End) {
    let Setup { lifecycle, options, .. } = *setup;
    let now = history.now();
    let kept = over.snapshot(now);
    let mut session = Session::resume(&lifecycle, options, &kept).expect("a sound lifecycle");
    assert_eq!((session.end(), session.polls()), (end.is_final().then_some(end), over.polls()));
    if end.is_final() {
        assert_eq!(session.step(now), Step::Over(end));
        return;
    }
    let limit = now + options.max_wait.min(lifecycle.cap.unwrap_or(Duration::MAX));
    let next = match session.step(now) {
        Step::Send => Some(now),
        Step::Wait(Deadline { why: Why::MaxWait, at }) => {
            assert_eq!(at, limit);
            None
        }
        Step::Wait(deadline) => {
            assert_eq!(session.step(deadline.at), Step::Send);
            Some(deadline.at)
        }
        Step::Over(End::GaveUp(GaveUp::MaxWait)) => {
            assert_eq!(now, limit);
            None
        }
        step @ (Step::AwaitReply(_) | Step::Over(_)) => panic!("{step:?} at the beginning"),
    };
    if let (Some(next), Some(last)) = (next, history.exchanges().last()) {
        assert!(next < limit && next >= last.sent + lifecycle.interval.min, "{next:?} after {last:?}");
        assert!(last.asked().is_none_or(|(received, asked)| next >= received + asked), "{next:?} after {last:?}");
    }
}
