//! Hosting: a client under test is started once per scenario, each against a host of its own that plays the scenario and
//! writes down what it saw.
//!
//! ```no_run
//! use abide_conformance::Host;
//! use abide_conformance::catalogue::Api;
//!
//! # async fn example() -> std::io::Result<()> {
//! let run = Host::new(Api::Hum, ["python3".into(), "client.py".into()]).run().await?;
//! println!("{}", abide_conformance::report::text(&run.report));
//! # Ok(())
//! # }
//! ```
//!
//! A client reads `ABIDE_BASE_URL`, `ABIDE_CREDENTIAL` and `ABIDE_INPUT` (a file with the body of the create call), creates
//! one session, waits for it as it thinks right, and prints `outcome: WORD` as its last line.

mod book;
mod calmyx;
mod hum;
mod lag;
mod listener;
#[cfg(any(test, feature = "planted-clients"))]
pub mod planted;
mod process;
mod scenario;
mod stage;
mod starvation;
mod suite;
mod waits;

pub use scenario::Scenario;
pub use suite::{Host, UnknownScenario};

use crate::catalogue::Api;

/// Every scenario of an API, in the order in which they are started.
pub fn scenarios(api: Api) -> Vec<Scenario> {
    match api {
        Api::Calmyx => calmyx::all(),
        Api::Hum => hum::all(),
    }
}
