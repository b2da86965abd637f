//! Whole waits in virtual time against scripted sources.

#[cfg(test)]
mod cancellation;
#[cfg(test)]
mod endings;
#[cfg(test)]
mod items;
#[cfg(test)]
mod scripted;
