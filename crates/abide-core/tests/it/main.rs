//! Whole waits against simulated servers, in simulated time.

#[cfg(test)]
mod arbitrary;
#[cfg(test)]
mod clocks;
#[cfg(test)]
mod endings;
#[cfg(test)]
mod histories;
#[cfg(test)]
mod lifecycles;
#[cfg(test)]
mod model;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod pushback;
#[cfg(test)]
mod resuming;
#[cfg(test)]
mod rules;
#[cfg(test)]
mod schedules;
#[cfg(test)]
mod simulation;
#[cfg(test)]
mod warnings;
