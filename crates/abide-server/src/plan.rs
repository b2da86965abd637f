//! Calmyx plans: what a key may use (Calmyx plans page).

use std::{fmt, str::FromStr};

use crate::error::ServerError;

/// A Calmyx plan. Two of its limits act: the active listings and the deletions.
///
/// A location whose score would need a listing past the plan's number fails with the documented message. The requests
/// of a month are counted and shown, but no document says what happens past them, and nothing does.
///
/// ```
/// use abide_server::Plan;
///
/// assert_eq!("insight".parse::<Plan>().ok(), Some(Plan::Insight));
/// assert_eq!(Plan::Insight.active_listings(), Some(10_000));
/// assert_eq!(Plan::Insight.deletions(), Some(2_000));
/// assert!("gold".parse::<Plan>().is_err());
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Plan {
    /// No limits: not a plan that is on sale, but what most uses of a reference server want.
    #[default]
    Unlimited,
    /// 100 active listings.
    Trial,
    /// 10 000 active listings.
    Insight,
    /// 100 000 active listings.
    Intelligence,
    /// As many listings as one likes.
    Enterprise,
}

/// Deletions allowed, ever, for every hundred active listings.
const DELETIONS_PERCENT: u64 = 20;

impl Plan {
    /// All plans, in the order in which help texts list them.
    pub const ALL: [Self; 5] = [Self::Unlimited, Self::Trial, Self::Insight, Self::Intelligence, Self::Enterprise];

    /// How many listings a key may have at a time; `None` is without limit.
    pub const fn active_listings(self) -> Option<u64> {
        match self {
            Self::Trial => Some(100),
            Self::Insight => Some(10_000),
            Self::Intelligence => Some(100_000),
            Self::Unlimited | Self::Enterprise => None,
        }
    }

    /// How many listings a key may delete, ever: they never come back. `None` is without limit.
    pub fn deletions(self) -> Option<u64> {
        self.active_listings().map(|listings| listings * DELETIONS_PERCENT / 100)
    }

    /// How many requests a month has; `None` is without limit.
    pub const fn requests(self) -> Option<u64> {
        match self {
            Self::Trial => Some(100),
            Self::Insight => Some(50_000),
            Self::Intelligence => Some(500_000),
            Self::Unlimited | Self::Enterprise => None,
        }
    }

    /// The plan's name on a command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unlimited => "unlimited",
            Self::Trial => "trial",
            Self::Insight => "insight",
            Self::Intelligence => "intelligence",
            Self::Enterprise => "enterprise",
        }
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for Plan {
    type Err = ServerError;

    fn from_str(name: &str) -> Result<Self, ServerError> {
        Self::ALL
            .into_iter()
            .find(|plan| plan.name() == name)
            .ok_or_else(|| ServerError::UnknownPlan { name: name.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A name, and the requests, listings and deletions of its plan.
    #[track_caller]
    fn check(name: &str, expected: Option<(Plan, [Option<u64>; 3])>) {
        let found = name.parse::<Plan>().ok();
        let limits = |plan: Plan| [plan.requests(), plan.active_listings(), plan.deletions()];
        assert_eq!(found.map(|plan| (plan, limits(plan))), expected, "{name:?}");
    }

    #[test]
    fn names_and_limits() {
        check("", None);
        check("Trial", None);
        check(" trial", None);
        check("trial", Some((Plan::Trial, [Some(100), Some(100), Some(20)])));
        check("insight", Some((Plan::Insight, [Some(50_000), Some(10_000), Some(2_000)])));
        check("intelligence", Some((Plan::Intelligence, [Some(500_000), Some(100_000), Some(20_000)])));
        check("enterprise", Some((Plan::Enterprise, [None; 3])));
        check("unlimited", Some((Plan::default(), [None; 3])));
    }

    #[test]
    fn display_is_what_from_str_reads() {
        for plan in Plan::ALL {
            assert_eq!(plan.to_string().parse::<Plan>().ok(), Some(plan));
        }
    }
}
