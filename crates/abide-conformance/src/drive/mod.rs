//! Making a trace by asking a server: fixed cases for each requirement, then random ones, then the shortest proof of what
//! was found.

mod addresses;
mod ask;
mod calmyx;
mod confirm;
mod driver;
mod hum;
mod locations;
mod plan;
mod random;
mod service;
mod suite;
mod target;
mod time;
mod web;

pub use suite::{Credentials, Run, ServerClock, Suite};
pub use target::{BoxFuture, Target};
pub use time::{RealTime, Time, VirtualTime};
pub use web::{ClockHook, WebError, WebTarget};

pub use service::ServiceTarget;

pub(crate) use driver::Sink;
pub(crate) use time::micros;
