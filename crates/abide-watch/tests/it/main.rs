//! Whole waits in virtual time against scripted sources.

#[cfg(test)]
mod allocations;
#[cfg(test)]
#[cfg(feature = "blocking")]
mod blocking;
#[cfg(test)]
mod cancellation;
#[cfg(test)]
mod closing;
#[cfg(test)]
mod complaints;
#[cfg(test)]
mod endings;
#[cfg(test)]
mod explained;
#[cfg(test)]
mod fleet;
#[cfg(test)]
mod items;
#[cfg(test)]
mod odd_clocks;
#[cfg(test)]
mod resuming;
#[cfg(test)]
mod scripted;
#[cfg(test)]
mod simulated_server;
#[cfg(test)]
mod traps;
#[cfg(test)]
mod written;
