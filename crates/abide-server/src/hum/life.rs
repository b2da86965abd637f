//! Whether a session still lives: the 30 minutes of inactivity, and closing.

use std::time::Duration;

use crate::clock::Moment;

/// The life of one session. Its state is exactly what is stored of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Life {
    state: State,
}

/// ```text
///         activity
///         ┌──────┐
///         │      ▼   close, or any call after the window
///  begin ─▶ Open ────────────────────────────────────▶ Ended
///                                                      (for ever: HUM-GONE-FINAL)
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Open { last_activity: Moment },
    Ended { last_activity: Moment, ended_at: Moment },
}

/// Whether the session was alive when something happened to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Alive {
    Yes,
    No,
}

impl Life {
    /// Creation is the first activity.
    pub(crate) const fn begin(now: Moment) -> Self {
        Self { state: State::Open { last_activity: now } }
    }

    /// The life that was stored.
    pub(crate) const fn restore(last_activity: Moment, ended_at: Option<Moment>) -> Self {
        let state = match ended_at {
            None => State::Open { last_activity },
            Some(ended_at) => State::Ended { last_activity, ended_at },
        };
        Self { state }
    }

    /// A call that reads the session, at `now`. A live session gets another `window` (HUM-EXPIRY-SLIDES).
    pub(crate) fn activity(&mut self, now: Moment, window: Duration) -> Alive {
        match self.expire(now, window) {
            State::Open { last_activity } => {
                self.state = State::Open { last_activity: last_activity.max(now) };
                Alive::Yes
            }
            State::Ended { .. } => Alive::No,
        }
    }

    /// A call that closes the session, at `now` (HUM-CLOSED).
    pub(crate) fn close(&mut self, now: Moment, window: Duration) -> Alive {
        match self.expire(now, window) {
            State::Open { .. } => {
                self.state = State::Ended { last_activity: now, ended_at: now };
                Alive::Yes
            }
            State::Ended { .. } => Alive::No,
        }
    }

    /// The last call that was answered with success.
    pub(crate) const fn last_activity(&self) -> Moment {
        match self.state {
            State::Open { last_activity } | State::Ended { last_activity, .. } => last_activity,
        }
    }

    /// When it was closed, or first seen to be expired.
    pub(crate) const fn ended_at(&self) -> Option<Moment> {
        match self.state {
            State::Open { .. } => None,
            State::Ended { ended_at, .. } => Some(ended_at),
        }
    }

    /// Ends the session when nothing happened for a whole `window`; the end is stored, so that no later clock undoes it.
    fn expire(&mut self, now: Moment, window: Duration) -> State {
        match self.state {
            State::Open { last_activity } if now.since(last_activity) >= window => {
                self.state = State::Ended { last_activity, ended_at: now };
            }
            State::Open { .. } | State::Ended { .. } => {}
        }
        self.state
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const WINDOW: Duration = Duration::from_mins(30);

    #[derive(Debug, Clone, Copy)]
    enum Event {
        Activity,
        Close,
    }
    use Event::{Activity, Close};

    /// Events at seconds after the beginning, and whether the session was alive.
    #[track_caller]
    fn check(events: &[(u64, Event, Alive)]) {
        let begin = Moment::from_micros(0);
        let mut life = Life::begin(begin);
        for &(seconds, event, expected) in events {
            let now = begin.plus(Duration::from_secs(seconds));
            assert_eq!(apply(&mut life, event, now), expected, "{event:?} after {seconds} s");
            assert_eq!(Life::restore(life.last_activity(), life.ended_at()), life, "what is stored is all there is");
        }
    }

    fn apply(life: &mut Life, event: Event, now: Moment) -> Alive {
        match event {
            Activity => life.activity(now, WINDOW),
            Close => life.close(now, WINDOW),
        }
    }

    #[test]
    fn every_event_in_every_state() {
        check(&[(1800, Activity, Alive::No), (1800, Activity, Alive::No)]);
        check(&[(1800, Close, Alive::No), (0, Activity, Alive::No)]);
        check(&[(1799, Activity, Alive::Yes), (3598, Activity, Alive::Yes), (5398, Activity, Alive::No)]);
        check(&[(1, Close, Alive::Yes), (1, Close, Alive::No), (2, Activity, Alive::No)]);
        check(&[(1800, Activity, Alive::No), (1801, Close, Alive::No)]);
    }

    #[test]
    fn an_earlier_call_that_comes_late_does_not_shorten_the_life() {
        check(&[(100, Activity, Alive::Yes), (50, Activity, Alive::Yes), (1899, Activity, Alive::Yes)]);
    }

    proptest! {
        #[test]
        fn gone_is_final(events in proptest::collection::vec((0_u64..2000, any::<bool>()), 1..20)) {
            let mut life = Life::begin(Moment::from_micros(0));
            let mut now = Moment::from_micros(0);
            let mut gone = false;
            for (step, close) in events {
                now = now.plus(Duration::from_secs(step));
                let alive = apply(&mut life, if close { Close } else { Activity }, now);
                prop_assert!(!gone || alive == Alive::No);
                gone |= alive == Alive::No || close;
            }
        }
    }
}
