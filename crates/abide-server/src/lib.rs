//! A reference server for both session APIs, Calmyx and Hum, on one embedded SQLite file.
//!
//! It is a whole server, not a stub: it checks what it is sent, stores what it acknowledges, forgets nothing when it
//! restarts, and lets sessions expire. What it *measures* is invented: quiet scores and Internet providers are
//! repeatable numbers and fictional names derived from the request, so that two runs agree.
//!
//! No background work runs. How far a session has come is a pure function of what was stored when it was created and
//! of the time at which somebody asks. So a restart loses no progress, and a test may ask about any instant.
//!
//! ```text
//! request ── serve (routes, limits) ── calmyx | hum (read, decide, describe) ── store (SQLite)
//!                                          │
//!                                          └── clock (the only source of time)
//! ```
//!
//! The crate shares no code with the clients: what the documents fix stands in [`documented`] again, taken from the
//! same OpenAPI documents but by another way.
//!
//! ```
//! use abide_server::{Config, Credentials, Plan, Server};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
//! let config = Config { plan: Plan::Trial, ..Config::local(Credentials::generate()?) };
//! let server = Server::start(config).await?;
//! println!("listening http://{}", server.address());
//! server.shutdown().await?;
//! # Ok(()) })
//! # }
//! ```

mod app;
mod breakage;
mod bugs;
mod calmyx;
mod clock;
mod config;
mod connection;
mod credentials;
#[rustfmt::skip]
pub mod documented;
mod error;
mod faults;
mod fill;
mod host;
mod hum;
mod ids;
mod noise;
mod plan;
mod rate_limit;
mod reply;
mod request;
mod scenario;
mod serve;
mod shown_time;
mod store;
mod test_hooks;
mod uuid;
mod variations;

pub use app::router;
pub use breakage::Breakage;
pub use bugs::{Bug, Consequence, bugs};
pub use clock::ServerClock;
pub use config::Config;
pub use credentials::Credentials;
pub use error::ServerError;
pub use faults::{Fault, FaultRule, faults};
pub use fill::{Filled, Filling};
pub use plan::Plan;
pub use rate_limit::RateLimit;
pub use reply::Api;
pub use scenario::{Scenario, scenarios};
pub use serve::Server;
pub use variations::{Variation, variations};
