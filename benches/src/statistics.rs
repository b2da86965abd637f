//! What is said of many measurements.

use std::time::Duration;

/// The middle one, and the upper of two middle ones; 0 of none.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// How long answers took.
#[derive(Debug, Clone, Default)]
pub struct Latencies {
    micros: Vec<u32>,
}

impl Latencies {
    /// Notes one.
    pub fn add(&mut self, latency: Duration) {
        self.micros.push(u32::try_from(latency.as_micros()).unwrap_or(u32::MAX));
    }

    /// Puts those of another together with these.
    pub fn merge(&mut self, other: &Self) {
        self.micros.extend_from_slice(&other.micros);
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.micros.len()
    }

    /// The latency that this share of the answers, in thousandths, did not exceed; zero of none.
    pub fn permille(&self, permille: usize) -> Duration {
        let mut sorted = self.micros.clone();
        sorted.sort_unstable();
        let rank = (sorted.len() * permille).div_ceil(1000).saturating_sub(1);
        Duration::from_micros(sorted.get(rank).copied().unwrap_or_default().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks() {
        let mut latencies = Latencies::default();
        assert_eq!(latencies.permille(990), Duration::ZERO);
        for micros in (1..=1000).rev() {
            latencies.add(Duration::from_micros(micros));
        }
        for (permille, expected) in [(0, 1), (500, 500), (990, 990), (1000, 1000)] {
            assert_eq!(latencies.permille(permille), Duration::from_micros(expected));
        }
        assert!((median(vec![3.0, 1.0, 2.0]) - 2.0).abs() < f64::EPSILON);
    }
}
