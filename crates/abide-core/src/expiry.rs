//! Whether the session may still exist on the server, by the documented inactivity window.

use core::time::Duration;

use crate::snapshot::Window;
use crate::tick::Tick;

/// The inactivity window of one session (HUM-EXPIRY, HUM-EXPIRY-SLIDES).
///
/// ```text
///             renewed                  elapsed
/// Unarmed ---------------> Live ---------------------> Overdue
///    |                    ^    |  ^     renewed          |  |
///    |                    +----+  +----------------------+  |
///    |                   renewed                            |
///    |                         |                            |
///    +-----------> Gone <------+----------------------------+
///       gone                gone                     gone
/// ```
///
/// `Overdue` is only our clock's opinion: a later success makes the session live again, and only the server's 410 makes
/// it gone. Without a documented window it stays `Unarmed` until then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Expiry {
    window: Option<Duration>,
    phase: Phase,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Unarmed,
    Live { until: Tick },
    Overdue,
    Gone,
}

impl Expiry {
    pub(crate) fn new(window: Option<Duration>) -> Expiry {
        Expiry { window, phase: Phase::Unarmed }
    }

    /// A request sent at `sent` got a 2xx. The window slides from the sending: the server saw the activity no earlier.
    pub(crate) fn renewed(&mut self, sent: Tick) {
        let Some(window) = self.window else { return };
        self.phase = match self.phase {
            Phase::Unarmed | Phase::Live { .. } | Phase::Overdue => Phase::Live { until: sent + window },
            Phase::Gone => Phase::Gone,
        };
    }

    /// Goes on with what an earlier wait knew.
    pub(crate) fn resume(&mut self, window: Window) {
        self.phase = match window {
            Window::Unarmed => Phase::Unarmed,
            Window::Until(until) => Phase::Live { until },
            Window::Overdue => Phase::Overdue,
        };
    }

    pub(crate) fn window(&self) -> Window {
        match self.phase {
            Phase::Unarmed | Phase::Gone => Window::Unarmed,
            Phase::Live { until } => Window::Until(until),
            Phase::Overdue => Window::Overdue,
        }
    }

    /// The instant at which the session will have expired, while it lives.
    pub(crate) fn until(&self) -> Option<Tick> {
        match self.phase {
            Phase::Live { until } => Some(until),
            Phase::Unarmed | Phase::Overdue | Phase::Gone => None,
        }
    }

    /// Time passed. Gives the instant of expiry once, at the first call at or after it.
    pub(crate) fn elapsed(&mut self, now: Tick) -> Option<Tick> {
        match self.phase {
            Phase::Live { until } if now >= until => {
                self.phase = Phase::Overdue;
                Some(until)
            }
            Phase::Unarmed | Phase::Live { .. } | Phase::Overdue | Phase::Gone => None,
        }
    }

    /// The server said 410.
    pub(crate) fn gone(&mut self) {
        self.phase = match self.phase {
            Phase::Unarmed | Phase::Live { .. } | Phase::Overdue | Phase::Gone => Phase::Gone,
        };
    }
}

#[cfg(test)]
mod cells;
#[cfg(test)]
mod histories;
