//! Expiry: a session dies of 30 minutes without activity, not before, and activity renews them.
//!
//! Whatever the server did about a request, it did between sending and receiving. So the idle time before a probe is not a
//! number but a range, and a rule is broken only when the whole range says so. A slow machine widens the range; it can
//! hide a fault, never invent one.

use std::time::Duration;

use crate::catalogue::documented::hum::INACTIVITY_SECONDS;
use crate::judge::evidence::Evidence;
use crate::judge::view::{Call, Session, View};
use crate::trace::{Clock, Exchange, Fact, Operation, Source};

/// HUM-EXPIRY.
pub(super) fn expiry(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless(&unmet(view));
    for probe in probes(view) {
        if probe.is_gone && probe.untouched.least >= probe.window {
            evidence.held();
        } else if !probe.is_gone && probe.untouched.least > probe.window + view.trace.header.tolerance {
            let expected = format!("410 after {} without activity", minutes(probe.window));
            let found =
                format!("{} after {} or more without any call", probe.call.describe(), minutes(probe.untouched.least));
            if view.is_driven() {
                evidence.broke(probe.call, expected, found);
            } else {
                evidence.doubt("whether others used the session meanwhile is not in the recording");
            }
        }
    }
    evidence
}

/// HUM-EXPIRY-EARLY.
pub(super) fn early(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless(&unmet(view));
    for probe in probes(view) {
        if probe.is_alive() && probe.idle.least >= probe.window / 2 {
            evidence.held();
        } else if probe.is_gone && probe.age.most + view.trace.header.tolerance < probe.window {
            let found = format!("410 at an age of {} or less", minutes(probe.age.most));
            let expected = format!("a live session for {} at least", minutes(probe.window));
            if view.is_driven() {
                evidence.broke(probe.call, expected, found);
            } else {
                evidence.doubt("whether somebody else closed the session is not in the recording");
            }
        }
    }
    evidence
}

/// HUM-EXPIRY-SLIDES.
pub(super) fn slides(view: &View<'_>) -> Evidence {
    let mut evidence = Evidence::unless(&unmet(view));
    let tolerance = view.trace.header.tolerance;
    for probe in probes(view).filter(|_| view.is_driven()) {
        let (window, idle) = (probe.window, probe.idle);
        if probe.is_gone {
            let is_young = probe.age.most + tolerance < window;
            if idle.most + tolerance < window && !is_young {
                let found = format!("410 at most {} after the last 2xx", minutes(idle.most));
                evidence.broke(probe.call, "a session that a 2xx answer renewed", found);
            } else if idle.least >= window && probe.untouched.most < window {
                // Calls that were refused did not keep it alive.
                evidence.held();
            }
        } else if probe.is_alive() && idle.least > window + tolerance && probe.untouched.most < window {
            let found = format!("{} at least {} after the last 2xx", probe.call.describe(), minutes(idle.least));
            evidence.broke(probe.call, "410: calls that were refused do not renew a session", found);
        } else if probe.is_alive() && probe.age.least > window + tolerance && idle.most < window {
            evidence.held();
        }
    }
    evidence
}

/// Why there may be no evidence.
fn unmet(view: &View<'_>) -> String {
    let stuck = view.trace.facts.iter().find_map(|fact| match fact {
        Fact::ClockStuck { why, .. } => Some(why),
        Fact::ClockMoved { .. }
        | Fact::WaitedOut { .. }
        | Fact::Rerun { .. }
        | Fact::Stopped { .. }
        | Fact::ClientStarted { .. }
        | Fact::ClientEnded { .. }
        | Fact::ClientStarved { .. }
        | Fact::HostLag { .. } => None,
    });
    match (stuck, view.trace.header.clock) {
        (Some(why), _) => format!("the server's clock could not be moved: {why}"),
        (None, Clock::None) if view.trace.header.source == Source::Driven => format!(
            "{} have to pass, and no clock was given: --clock real waits, --clock hook:URL moves the server's",
            minutes(window(view))
        ),
        (None, Clock::None | Clock::Real | Clock::Hook | Clock::Virtual) => {
            "no session was left alone for long enough".to_owned()
        }
    }
}

/// How long a session lives without activity, in microseconds.
pub(super) fn window(view: &View<'_>) -> u64 {
    INACTIVITY_SECONDS * 1_000_000 / u64::from(view.trace.header.speed.max(1))
}

fn minutes(micros: u64) -> String {
    let time = Duration::from_micros(micros);
    match time.as_secs() {
        0..=119 => format!("{:.1} s", time.as_secs_f64()),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

/// A call on a session by which one can tell whether it still lives.
struct Probe<'v, 't> {
    call: &'v Call<'t>,
    is_gone: bool,
    window: u64,
    /// How long ago the session was created.
    age: Span,
    /// How long ago a call on it was last answered with a 2xx.
    idle: Span,
    /// How long ago anybody called it at all.
    untouched: Span,
}

impl Probe<'_, '_> {
    fn is_alive(&self) -> bool {
        self.call.success().is_some()
    }
}

/// A time that is known to lie between two.
#[derive(Clone, Copy)]
struct Span {
    least: u64,
    most: u64,
}

/// The calls that tell, of all sessions whose creation the trace has, up to their end.
fn probes<'v, 't>(view: &'v View<'t>) -> impl Iterator<Item = Probe<'v, 't>> {
    view.sessions().flat_map(move |session| probes_of(view, &session))
}

fn probes_of<'v, 't>(view: &'v View<'t>, session: &Session<'v, 't>) -> Vec<Probe<'v, 't>> {
    let Some(created) = session.created() else { return Vec::new() };
    let since = |from: &Exchange, to: &Exchange| {
        let certain = view.moved(from.received, to.sent).0;
        let most = view.moved(from.sent, to.received).1;
        Span {
            least: to.sent.saturating_sub(from.received).saturating_add(certain),
            most: to.received.saturating_sub(from.sent).saturating_add(most),
        }
    };
    let owner = session.owner();
    let is_own = |call: &Call<'_>| view.is_of(owner, call);
    let mut probes = Vec::new();
    // The last 2xx, the last answer that may have been one, and the last call.
    let (mut active, mut perhaps, mut touched) = (created.exchange, created.exchange, created.exchange);
    for call in session.calls() {
        let own = is_own(call);
        let tells = own && !call.is_unanswered() && !matches!(call.status(), Some(300..=399 | 401 | 403 | 500..));
        let is_close = call.operation() == Operation::CloseSession;
        if tells && !is_close {
            let is_gone = call.status() == Some(410);
            probes.push(Probe {
                call,
                is_gone,
                window: window(view),
                age: since(created.exchange, call.exchange),
                idle: Span { least: since(perhaps, call.exchange).least, most: since(active, call.exchange).most },
                untouched: since(touched, call.exchange),
            });
            if is_gone {
                break;
            }
        }
        // Whatever was answered to its owner's close, it may have been carried out; a stranger's must have been accepted.
        if is_close && (own || call.status().is_none_or(|status| status < 400)) {
            break;
        }
        touched = call.exchange;
        if own && call.success().is_some() {
            active = call.exchange;
        }
        // An answer that was lost, or that something on the way replaced, may have been a 2xx.
        if own && call.answer().is_none_or(|answer| answer.is_success() || answer.may_be_of_another()) {
            perhaps = call.exchange;
        }
    }
    probes
}
