//! A time axis: where an instant is drawn, and which instants are labelled.

use std::time::Duration;

/// The width of a picture.
pub(super) const WIDTH: f64 = 960.0;
/// Where time begins; the names of the lanes stand before it.
pub(super) const LEFT: f64 = 92.0;
/// Where time ends; the last label needs some room after it.
pub(super) const RIGHT: f64 = 936.0;

/// How many labels there are at most.
const MOST_TICKS: f64 = 10.0;

/// A span of time, laid out from left to right.
#[derive(Clone, Copy, Debug)]
pub(super) struct Axis {
    start: u64,
    end: u64,
    unit: Unit,
}

/// What the labels count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Milliseconds,
    Seconds,
    Minutes,
    Hours,
}

/// One label.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tick {
    pub(super) x: f64,
    pub(super) label: String,
}

impl Axis {
    /// From one instant to another, in microseconds.
    pub(super) fn new(start: u64, end: u64) -> Self {
        let end = end.max(start.saturating_add(1_000));
        let unit = match seconds(end - start) {
            span if span < 2.0 => Unit::Milliseconds,
            span if span <= 600.0 => Unit::Seconds,
            span if span <= 6.0 * 3600.0 => Unit::Minutes,
            _ => Unit::Hours,
        };
        Self { start, end, unit }
    }

    /// Where an instant is; what lies outside is at the edge.
    pub(super) fn x(&self, instant: u64) -> f64 {
        let share = seconds(instant.saturating_sub(self.start)) / seconds(self.end - self.start);
        LEFT + (RIGHT - LEFT) * share.clamp(0.0, 1.0)
    }

    /// Whether an instant lies on the axis.
    pub(super) fn holds(&self, instant: u64) -> bool {
        (self.start..=self.end).contains(&instant)
    }

    /// The first instant.
    pub(super) const fn start(&self) -> u64 {
        self.start
    }

    /// The time since the beginning, for people: exact to a millisecond.
    pub(super) fn since(&self, instant: u64) -> String {
        format!("{:.3} s", seconds(instant.saturating_sub(self.start)))
    }

    /// What the labels count, in a word.
    pub(super) const fn unit(&self) -> &'static str {
        match self.unit {
            Unit::Milliseconds => "milliseconds",
            Unit::Seconds => "seconds",
            Unit::Minutes => "minutes",
            Unit::Hours => "hours",
        }
    }

    /// Labels at round distances.
    pub(super) fn ticks(&self) -> Vec<Tick> {
        let span = seconds(self.end - self.start) / self.unit.seconds();
        let step = round_step(span / MOST_TICKS);
        let count = std::iter::successors(Some(0_u32), |number| number.checked_add(1));
        let values = count.map(|number| f64::from(number) * step).take_while(|value| *value <= span);
        values.map(|value| Tick { x: LEFT + (RIGHT - LEFT) * value / span, label: format!("{value}") }).collect()
    }
}

impl Unit {
    const fn seconds(self) -> f64 {
        match self {
            Self::Milliseconds => 0.001,
            Self::Seconds => 1.0,
            Self::Minutes => 60.0,
            Self::Hours => 3600.0,
        }
    }
}

/// The next number of 1, 2, 5, 10, 20 ... that is not smaller; whole, so that labels are short.
fn round_step(least: f64) -> f64 {
    let mut decade = 1.0;
    loop {
        for factor in [1.0, 2.0, 5.0] {
            if decade * factor >= least || decade > 1e12 {
                return decade * factor;
            }
        }
        decade *= 10.0;
    }
}

/// Microseconds as seconds.
pub(super) fn seconds(micros: u64) -> f64 {
    Duration::from_micros(micros).as_secs_f64()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels() {
        for (span, unit, labels) in [
            (65_000_000, "seconds", vec!["0", "10", "20", "30", "40", "50", "60"]),
            (30_000_000, "seconds", vec!["0", "5", "10", "15", "20", "25", "30"]),
            (1_234, "milliseconds", vec!["0", "1"]),
            (0, "milliseconds", vec!["0", "1"]),
            (3_600_000_000, "minutes", vec!["0", "10", "20", "30", "40", "50", "60"]),
            (36_000_000_000, "hours", vec!["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]),
        ] {
            let axis = Axis::new(7, 7 + span);
            assert_eq!(axis.unit(), unit, "{span}");
            assert_eq!(axis.ticks().into_iter().map(|tick| tick.label).collect::<Vec<_>>(), labels, "{span}");
        }
        assert!(Axis::new(0, u64::MAX).ticks().len() < 20);
    }

    #[test]
    fn places() {
        let axis = Axis::new(1_000_000, 3_000_000);
        for (instant, x) in [(0, LEFT), (1_000_000, LEFT), (2_000_000, f64::midpoint(LEFT, RIGHT)), (u64::MAX, RIGHT)] {
            assert!((axis.x(instant) - x).abs() < 1e-6, "{instant}");
        }
        assert_eq!(axis.since(2_345_678), "1.346 s");
    }
}
