//! The only source of time of the server.
//!
//! Sessions outlive the process, so time is wall-clock time. A wall clock can be set back; sessions must not go back
//! with it. [`ServerClock`] therefore never runs backwards: a step back of the wall is absorbed, and the clock goes on
//! from where it was.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use jiff::{Timestamp, civil::Date, tz::TimeZone};

/// Long enough that reads under load cause few writes, short enough that nobody misses it after a crash.
const LEASE: Duration = Duration::from_millis(250);

/// A clock that every part of a server shares; a clone is the same clock.
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use abide_server::ServerClock;
///
/// // A clock that stands still until it is moved: what a test wants.
/// let clock = ServerClock::manual(SystemTime::UNIX_EPOCH);
/// clock.advance(Duration::from_secs(1800));
/// ```
#[derive(Debug, Clone)]
pub struct ServerClock {
    source: Source,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Clone, Copy)]
enum Source {
    Wall,
    Still(Moment),
}

impl ServerClock {
    /// The clock of the operating system.
    pub fn system() -> Self {
        Self::of(Source::Wall)
    }

    /// A clock that stands at `start` and moves only by [`advance`](Self::advance).
    pub fn manual(start: SystemTime) -> Self {
        Self::of(Source::Still(Moment::from(start)))
    }

    /// Moves the clock forward, for good.
    pub fn advance(&self, by: Duration) {
        self.with_state(|state| state.advance(by));
    }

    /// The current moment, never earlier than one that was returned before.
    pub(crate) fn now(&self) -> Moment {
        let source = match self.source {
            Source::Wall => Moment::from(SystemTime::now()),
            Source::Still(start) => start,
        };
        self.with_state(|state| state.read(source))
    }

    /// How far ahead of what it says a moment may be stored as shown.
    ///
    /// A clock that stands still is worth storing exactly, because nothing but an [`advance`](Self::advance) moves it.
    pub(crate) const fn lease(&self) -> Duration {
        match self.source {
            Source::Wall => LEASE,
            Source::Still(_) => Duration::ZERO,
        }
    }

    /// Makes the clock go on from `moment` when it is behind it: what is stored must not lie in the future.
    pub(crate) fn go_on_from(&self, moment: Moment) {
        let now = self.now();
        if now < moment {
            self.advance(moment.since(now));
        }
    }

    fn of(source: Source) -> Self {
        Self { source, state: Arc::default() }
    }

    fn with_state<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// How far the clock is ahead of its source, and what it said last.
#[derive(Debug, Default)]
struct State {
    ahead: Duration,
    last: Option<Moment>,
}

impl State {
    fn advance(&mut self, by: Duration) {
        self.ahead = self.ahead.saturating_add(by);
    }

    fn read(&mut self, source: Moment) -> Moment {
        let shown = source.plus(self.ahead);
        let now = self.last.map_or(shown, |last| last.max(shown));
        self.advance(now.since(shown));
        self.last = Some(now);
        now
    }
}

/// A point in time: microseconds since 1970-01-01 00:00 UTC, which is also how it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(i64);

impl Moment {
    /// After every other moment.
    pub(crate) const NEVER: Self = Self(i64::MAX);

    pub(crate) const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    pub(crate) const fn as_micros(self) -> i64 {
        self.0
    }

    pub(crate) fn plus(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)))
    }

    /// How long after `earlier` this is; zero when it is not.
    pub(crate) fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// The beginning of its day, in UTC.
    pub(crate) fn start_of_day(self) -> Self {
        self.earlier(|date| date)
    }

    /// The beginning of its month, in UTC.
    pub(crate) fn start_of_month(self) -> Self {
        self.earlier(Date::first_of_month)
    }

    fn earlier(self, day: impl FnOnce(Date) -> Date) -> Self {
        let date = day(self.timestamp().to_zoned(TimeZone::UTC).date());
        let midnight = date.to_zoned(TimeZone::UTC).map(|zoned| zoned.timestamp().as_microsecond());
        // The first day that a date can name has no midnight before it.
        midnight.map_or(self, Self)
    }

    /// Without a zone and with six digits, as Calmyx writes times (CAL-TIME-FORMAT).
    pub(crate) fn without_zone(self) -> Text {
        self.text("%Y-%m-%dT%H:%M:%S%.6f")
    }

    /// RFC 3339 in UTC with milliseconds, as Hum writes times (HUM-TIMES).
    pub(crate) fn rfc3339(self) -> Text {
        self.text("%Y-%m-%dT%H:%M:%S%.3fZ")
    }

    /// As HTTP writes times, to the second (RFC 9110, IMF-fixdate).
    pub(crate) fn http_date(self) -> Text {
        self.text("%a, %d %b %Y %H:%M:%S GMT")
    }

    fn text(self, format: &str) -> Text {
        Text(self.timestamp().strftime(format).to_string())
    }

    fn timestamp(self) -> Timestamp {
        // Years past 9999 come only from a clock that was moved there; the text then stands still.
        Timestamp::from_microsecond(self.0).unwrap_or(Timestamp::MAX)
    }
}

impl From<SystemTime> for Moment {
    fn from(time: SystemTime) -> Self {
        Self(0).plus(time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default())
    }
}

/// A moment as an API writes it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(transparent)]
pub(crate) struct Text(String);

impl fmt::Display for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_back_of_the_wall_is_absorbed() {
        // What the wall says (microseconds), and what the clock makes of it.
        let table = [(100, 100), (150, 150), (50, 150), (60, 160), (500, 600)];
        let mut state = State::default();
        for (wall, expected) in table {
            assert_eq!(state.read(Moment(wall)), Moment(expected), "wall {wall}");
        }
    }

    #[test]
    fn advance_moves_and_clones_share() {
        let clock = ServerClock::manual(SystemTime::UNIX_EPOCH);
        assert_eq!(clock.now(), Moment(0));
        clock.clone().advance(Duration::from_millis(2));
        assert_eq!(clock.now(), Moment(2_000));
        clock.go_on_from(Moment(5_000));
        clock.go_on_from(Moment(1_000));
        assert_eq!(clock.now(), Moment(5_000));
    }

    #[test]
    fn extremes_saturate() {
        assert_eq!(Moment(i64::MAX).plus(Duration::MAX), Moment(i64::MAX));
        assert_eq!(Moment(5).since(Moment(9)), Duration::ZERO);
        assert_eq!(Moment(i64::MAX).rfc3339().to_string(), "9999-12-30T22:00:00.999Z");
        let clock = ServerClock::manual(SystemTime::UNIX_EPOCH);
        clock.advance(Duration::MAX);
        clock.advance(Duration::MAX);
        assert_eq!(clock.now(), Moment(i64::MAX));
    }

    #[test]
    fn texts() {
        let moment = Moment(1_768_473_000_120_456);
        assert_eq!(moment.without_zone().to_string(), "2026-01-15T10:30:00.120456");
        assert_eq!(moment.rfc3339().to_string(), "2026-01-15T10:30:00.120Z");
        assert_eq!(moment.http_date().to_string(), "Thu, 15 Jan 2026 10:30:00 GMT");
        assert_eq!(Moment(0).without_zone().to_string(), "1970-01-01T00:00:00.000000");
    }

    #[test]
    fn days_and_months() {
        for (moment, day, month) in [
            (0, "1970-01-01T00:00:00.000Z", "1970-01-01T00:00:00.000Z"),
            (1_768_473_000_120_456, "2026-01-15T00:00:00.000Z", "2026-01-01T00:00:00.000Z"),
            (i64::MAX, "9999-12-30T00:00:00.000Z", "9999-12-01T00:00:00.000Z"),
        ] {
            let moment = Moment(moment);
            assert_eq!(moment.start_of_day().rfc3339().to_string(), day);
            assert_eq!(moment.start_of_month().rfc3339().to_string(), month);
        }
    }
}
