//! What a server is started with.

use std::{fmt, net::SocketAddr, num::NonZeroU32, path::PathBuf, str::FromStr};

use crate::{breakage::Breakage, credentials::Credentials, error::ServerError};

/// Everything that a server needs to know before it starts.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where to listen; port 0 lets the system choose one. Anything but a loopback address lets the network in.
    pub listen: SocketAddr,
    /// The database file, created when it is missing. `None` keeps everything in memory, for this server alone.
    pub database: Option<PathBuf>,
    /// How many times faster than the real services sessions run: every duration of a session is divided by it.
    pub speed: NonZeroU32,
    /// The Calmyx plan of both keys.
    pub plan: Plan,
    /// Whether the paths under `/_test` exist, by which anybody who reaches the server can change how it behaves.
    pub test_hooks: bool,
    /// What is wrong, or different, with it on purpose.
    pub breakage: Breakage,
    /// Who may call.
    pub credentials: Credentials,
}

impl Config {
    /// A server for this machine: any free loopback port, nothing on disk, the documented pace, no limits, no hooks, and
    /// nothing wrong with it.
    pub fn local(credentials: Credentials) -> Self {
        Self {
            listen: ([127, 0, 0, 1], 0).into(),
            database: None,
            speed: NonZeroU32::MIN,
            plan: Plan::Unlimited,
            test_hooks: false,
            breakage: Breakage::none(),
            credentials,
        }
    }
}

/// A Calmyx plan; the only part of it that acts is the number of active listings (Calmyx plans page).
///
/// A location whose score would need a listing past that number fails with the documented message.
///
/// ```
/// use abide_server::Plan;
///
/// assert_eq!("insight".parse::<Plan>().ok(), Some(Plan::Insight));
/// assert_eq!(Plan::Insight.active_listings(), Some(10_000));
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

    #[track_caller]
    fn check(name: &str, expected: Option<(Plan, Option<u64>)>) {
        let found = name.parse::<Plan>().ok();
        assert_eq!(found.map(|plan| (plan, plan.active_listings())), expected, "{name:?}");
    }

    #[test]
    fn names_and_limits() {
        check("", None);
        check("Trial", None);
        check(" trial", None);
        check("trial", Some((Plan::Trial, Some(100))));
        check("insight", Some((Plan::Insight, Some(10_000))));
        check("intelligence", Some((Plan::Intelligence, Some(100_000))));
        check("enterprise", Some((Plan::Enterprise, None)));
        check("unlimited", Some((Plan::default(), None)));
    }

    #[test]
    fn display_is_what_from_str_reads() {
        for plan in Plan::ALL {
            assert_eq!(plan.to_string().parse::<Plan>().ok(), Some(plan));
        }
    }
}
