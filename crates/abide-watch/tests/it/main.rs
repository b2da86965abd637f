//! Whole waits in virtual time against scripted sources.

#[cfg(test)]
mod cancellation;
#[cfg(test)]
mod endings;
#[cfg(test)]
mod fleet;
#[cfg(test)]
mod items;
#[cfg(test)]
mod scripted;
#[cfg(test)]
mod simulated_server;
