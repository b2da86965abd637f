//! What a server is started with.

use std::{net::SocketAddr, num::NonZeroU32, path::PathBuf};

use crate::{breakage::Breakage, credentials::Credentials, plan::Plan, rate_limit::RateLimit};

/// Everything that a server needs to know before it starts.
///
/// ```
/// use abide_server::{Config, Credentials, Plan};
///
/// let config = Config { plan: Plan::Trial, ..Config::local(Credentials::generate()?) };
/// assert!(config.listen.ip().is_loopback());
/// # Ok::<(), abide_server::ServerError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Config {
    /// Where to listen; port 0 lets the system choose one.
    pub listen: SocketAddr,
    /// Whether `listen` may be an address that other machines reach. Without it such an address is refused.
    pub allow_remote: bool,
    /// The database file, created when it is missing. `None` keeps everything in memory, for this server alone.
    pub database: Option<PathBuf>,
    /// How many times faster than the real services sessions run: every duration of a session is divided by it.
    pub speed: NonZeroU32,
    /// The Calmyx plan of both keys.
    pub plan: Plan,
    /// How often each credential may call; `None` is as often as it likes. The documents give no number.
    pub rate_limit: Option<RateLimit>,
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
            allow_remote: false,
            database: None,
            speed: NonZeroU32::MIN,
            plan: Plan::Unlimited,
            rate_limit: None,
            test_hooks: false,
            breakage: Breakage::none(),
            credentials,
        }
    }
}
