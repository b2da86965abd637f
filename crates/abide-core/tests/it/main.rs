//! Whole waits against simulated servers, in simulated time.

#[cfg(test)]
mod endings;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod resuming;
#[cfg(test)]
mod schedules;
#[cfg(test)]
mod simulation;
