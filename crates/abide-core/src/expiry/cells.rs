//! What each event does in each phase of an expiry.

use core::time::Duration;

use super::{Expiry, Phase};
use crate::cells::{check, listed};
use crate::tick::Tick;

listed! {
    enum From { Unarmed, Live, Overdue, Gone }
}

listed! {
    enum Event { Renewed, ElapsedBefore, ElapsedAt, ElapsedAfter, Gone }
}

/// The instant at which `From::Live` runs out.
const UNTIL: u64 = 100;
const WINDOW: u64 = 70;
/// A renewal at this instant moves the end of the window to `RENEWED + WINDOW`.
const RENEWED: u64 = 90;

/// The phase after the event, where it lives until when, and the instant of expiry that it told.
type To = (From, Option<u64>, Option<u64>);

const UNARMED: To = (From::Unarmed, None, None);
const LIVE: To = (From::Live, Some(UNTIL), None);
const AGAIN: To = (From::Live, Some(RENEWED + WINDOW), None);
const TOLD: To = (From::Overdue, None, Some(UNTIL));
const OVERDUE: To = (From::Overdue, None, None);
const GONE: To = (From::Gone, None, None);

#[test]
fn with_a_window() {
    let table = [
        //                      Unarmed  Live     Overdue  Gone
        (Event::Renewed, [AGAIN, AGAIN, AGAIN, GONE]),
        (Event::ElapsedBefore, [UNARMED, LIVE, OVERDUE, GONE]),
        (Event::ElapsedAt, [UNARMED, TOLD, OVERDUE, GONE]),
        (Event::ElapsedAfter, [UNARMED, TOLD, OVERDUE, GONE]),
        (Event::Gone, [GONE, GONE, GONE, GONE]),
    ];
    check(From::ALL, Event::ALL, table, |from, event| outcome(Some(Duration::from_nanos(WINDOW)), from, event));
}

#[test]
fn without_a_window_nothing_is_armed() {
    let table = [
        //                      Unarmed  Live     Overdue  Gone
        (Event::Renewed, [UNARMED, LIVE, OVERDUE, GONE]),
        (Event::ElapsedBefore, [UNARMED, LIVE, OVERDUE, GONE]),
        (Event::ElapsedAt, [UNARMED, TOLD, OVERDUE, GONE]),
        (Event::ElapsedAfter, [UNARMED, TOLD, OVERDUE, GONE]),
        (Event::Gone, [GONE, GONE, GONE, GONE]),
    ];
    check(From::ALL, Event::ALL, table, |from, event| outcome(None, from, event));
}

#[test]
fn what_is_taken_down_and_gone_on_with() {
    // A session that is gone is not resumed by its window: its end is kept, and that is final.
    for (from, resumed) in From::ALL.into_iter().zip([From::Unarmed, From::Live, From::Overdue, From::Unarmed]) {
        let kept = Expiry { window: None, phase: phase(from) };
        let mut expiry = Expiry::new(None);
        expiry.resume(kept.window());
        assert_eq!(expiry.phase, phase(resumed), "{from:?}");
    }
}

#[test]
fn only_a_live_session_is_going_to_expire() {
    for (from, until) in From::ALL.into_iter().zip([None, Some(UNTIL), None, None]) {
        let expiry = Expiry { window: None, phase: phase(from) };
        assert_eq!(expiry.until().map(Tick::as_nanos), until, "{from:?}");
    }
}

fn outcome(window: Option<Duration>, from: From, event: Event) -> To {
    let mut expiry = Expiry { window, phase: phase(from) };
    let told = match event {
        Event::Renewed => {
            expiry.renewed(Tick::from_nanos(RENEWED));
            None
        }
        Event::ElapsedBefore => expiry.elapsed(Tick::from_nanos(UNTIL - 1)),
        Event::ElapsedAt => expiry.elapsed(Tick::from_nanos(UNTIL)),
        Event::ElapsedAfter => expiry.elapsed(Tick::from_nanos(u64::MAX)),
        Event::Gone => {
            expiry.gone();
            None
        }
    };
    let (to, until) = column(expiry.phase);
    (to, until, told.map(Tick::as_nanos))
}

fn phase(from: From) -> Phase {
    match from {
        From::Unarmed => Phase::Unarmed,
        From::Live => Phase::Live { until: Tick::from_nanos(UNTIL) },
        From::Overdue => Phase::Overdue,
        From::Gone => Phase::Gone,
    }
}

fn column(phase: Phase) -> (From, Option<u64>) {
    match phase {
        Phase::Unarmed => (From::Unarmed, None),
        Phase::Live { until } => (From::Live, Some(until.as_nanos())),
        Phase::Overdue => (From::Overdue, None),
        Phase::Gone => (From::Gone, None),
    }
}
