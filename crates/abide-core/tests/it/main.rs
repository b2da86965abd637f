//! Whole waits against simulated servers, in simulated time.

#[cfg(test)]
mod endings;
#[cfg(test)]
mod properties;
mod resuming;
#[cfg(test)]
mod schedules;
#[cfg(test)]
mod simulation;
