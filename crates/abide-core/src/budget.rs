//! How many errors a credential may answer with quick retries before retrying itself becomes the load.

/// A token bucket of retries: an error takes one token, a success gives a tenth of one back, and below half of the
/// bucket nobody retries quickly.
///
/// Out of tokens is not the end of a wait: retries then come no sooner than the slowest documented pace. A
/// [`Session`](crate::Session) has a budget of its own; many sessions under one credential share another one.
///
/// ```
/// use abide_core::RetryBudget;
///
/// let mut budget = RetryBudget::new();
/// for _ in 0..5 {
///     budget.failed();
/// }
/// assert!(budget.is_exhausted());
/// budget.succeeded();
/// assert!(!budget.is_exhausted());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RetryBudget {
    tenths: u8,
}

impl RetryBudget {
    const FULL: u8 = 100;
    const HALF: u8 = Self::FULL / 2;
    const ERROR: u8 = 10;
    const SUCCESS: u8 = 1;

    /// A full bucket of ten tokens.
    pub const fn new() -> RetryBudget {
        RetryBudget { tenths: Self::FULL }
    }

    /// What [`tenths`](Self::tenths) once gave; more than a full bucket is a full one.
    pub const fn from_tenths(tenths: u8) -> RetryBudget {
        RetryBudget { tenths: if tenths < Self::FULL { tenths } else { Self::FULL } }
    }

    /// The tokens left, in tenths: 0 to 100.
    pub const fn tenths(self) -> u8 {
        self.tenths
    }

    /// A request failed in a way that may pass.
    pub fn failed(&mut self) {
        self.tenths = self.tenths.saturating_sub(Self::ERROR);
    }

    /// A request was answered.
    pub fn succeeded(&mut self) {
        *self = Self::from_tenths(self.tenths.saturating_add(Self::SUCCESS));
    }

    /// Retries are to come no sooner than the slowest documented pace.
    pub const fn is_exhausted(self) -> bool {
        self.tenths <= Self::HALF
    }
}

impl Default for RetryBudget {
    fn default() -> RetryBudget {
        RetryBudget::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(start: u8, failures: usize, successes: usize, tenths: u8, exhausted: bool) {
        let mut budget = RetryBudget::from_tenths(start);
        (0..failures).for_each(|_| budget.failed());
        (0..successes).for_each(|_| budget.succeeded());
        assert_eq!((budget.tenths(), budget.is_exhausted()), (tenths, exhausted), "{start} -{failures} +{successes}");
    }

    #[test]
    fn tokens() {
        check(100, 0, 0, 100, false);
        check(255, 0, 0, 100, false);
        check(100, 0, 1, 100, false);
        check(100, 4, 0, 60, false);
        check(100, 5, 0, 50, true);
        check(100, 5, 1, 51, false);
        check(100, 99, 0, 0, true);
        check(5, 1, 50, 50, true);
        check(5, 1, 51, 51, false);
        check(0, 0, 200, 100, false);
    }
}
