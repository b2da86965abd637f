//! A snapshot in as few bytes as it needs: what a sleeping wait costs, and what is written down to resume it.
//!
//! Numbers are little-endian base-128 groups (a small number is one byte), instants are differences to one another, and
//! everything with few values shares one number of flags.

mod codes;
mod numbers;

pub use numbers::{read_number, write_number};

use alloc::vec::Vec;
use core::fmt;

use crate::budget::RetryBudget;
use crate::event::Deadline;
use crate::observation::{Counters, Observation, State};
use crate::snapshot::{Snapshot, Window};
use crate::tick::Tick;
use codes::{Flags, STANDINGS, WHYS, bare, code, decoded, pack_state, read_detail, unpack_state, write_detail};
use numbers::{read_array, read_count, read_instant, read_signed, write_instant, write_signed};

/// Why bytes are no snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PackedError {
    /// They end too soon.
    Truncated,
    /// A value that no version of this format has.
    Unknown,
}

impl fmt::Display for PackedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Truncated => "the packed wait ends too soon",
            Self::Unknown => "the packed wait holds a value that is not one of this format",
        })
    }
}

impl core::error::Error for PackedError {}

impl Snapshot {
    /// Appends the snapshot; usually 40 to 70 bytes.
    pub fn pack(&self, into: &mut Vec<u8>) {
        self.pack_flags(into);
        write_number(self.at.as_nanos(), into);
        write_instant(self.due.at, self.at, into);
        write_instant(self.limit, self.due.at, into);
        if let Window::Until(until) = self.window {
            write_instant(until, self.due.at, into);
        }
        if let Some(seen) = self.seen {
            write_instant(seen, self.due.at, into);
        }
        for number in
            [self.polls, self.unchanged_polls, self.unchanged_in_a_row, self.errors, self.throttles, self.not_found]
        {
            write_number(number.into(), into);
        }
        into.push(self.budget.tenths());
        into.extend(self.jitter.to_le_bytes());
        write_detail(self.standing, into);
        self.pack_observation(into);
    }

    /// Takes a snapshot off the front.
    ///
    /// # Errors
    /// When the bytes end too soon, or hold what [`pack`](Self::pack) never writes.
    pub fn unpack(from: &mut &[u8]) -> Result<Snapshot, PackedError> {
        let mut flags = Flags::new(read_number(from)?);
        let standing = decoded(flags.take(STANDINGS.len() as u64), &STANDINGS)?;
        let why = decoded(flags.take(WHYS.len() as u64), &WHYS)?;
        let [failures, begun, replied] = [(); 3].map(|()| flags.take(2) == 1);
        let window = flags.take(3);
        let has_seen = flags.take(2) == 1;
        let last_known_state = unpack_state(&mut flags)?;
        let last_state = unpack_state(&mut flags)?;
        let [has_delivered, shows_delivered] = [(); 2].map(|()| flags.take(2) == 1);
        if flags.rest != 0 {
            return Err(PackedError::Unknown);
        }

        let at = Tick::from_nanos(read_number(from)?);
        let due = Deadline { at: read_instant(at, from)?, why };
        let limit = read_instant(due.at, from)?;
        let window = match window {
            0 => Window::Unarmed,
            1 => Window::Until(read_instant(due.at, from)?),
            _ => Window::Overdue,
        };
        let seen = has_seen.then(|| read_instant(due.at, from)).transpose()?;
        let [polls, unchanged_polls, unchanged_in_a_row] = [read_count(from)?, read_count(from)?, read_count(from)?];
        let [errors, throttles, not_found] = [read_count(from)?, read_count(from)?, read_count(from)?];
        let [tenths] = read_array(from)?;
        let jitter = u64::from_le_bytes(read_array(from)?);
        let standing = read_detail(standing, from)?;
        let last_delivered = has_delivered.then(|| read_number(from)).transpose()?;
        let last_observation = last_state
            .map(|state| unpack_observation(state, last_delivered.filter(|_| shows_delivered), from))
            .transpose()?;
        Ok(Snapshot {
            at,
            standing,
            failures,
            due,
            limit,
            begun,
            window,
            seen,
            polls,
            unchanged_polls,
            unchanged_in_a_row,
            last_observation,
            last_known_state,
            last_delivered,
            replied,
            errors,
            throttles,
            not_found,
            budget: RetryBudget::from_tenths(tenths),
            jitter,
        })
    }

    fn pack_flags(&self, into: &mut Vec<u8>) {
        let mut flags = Flags::new(0);
        flags.push(STANDINGS.len() as u64, code(&bare(self.standing), &STANDINGS));
        flags.push(WHYS.len() as u64, code(&self.due.why, &WHYS));
        for flag in [self.failures, self.begun, self.replied] {
            flags.push(2, flag.into());
        }
        flags.push(
            3,
            match self.window {
                Window::Unarmed => 0,
                Window::Until(_) => 1,
                Window::Overdue => 2,
            },
        );
        flags.push(2, self.seen.is_some().into());
        pack_state(self.last_known_state, &mut flags);
        pack_state(self.last_observation.map(|last| last.state), &mut flags);
        flags.push(2, self.last_delivered.is_some().into());
        flags.push(2, self.last_observation.is_some_and(|last| last.delivered.is_some()).into());
        write_number(flags.rest, into);
    }

    /// The number of items of the last reply is the latest one, where that reply had one.
    fn pack_observation(&self, into: &mut Vec<u8>) {
        if let Some(delivered) = self.last_delivered {
            write_number(delivered, into);
        }
        if let Some(Observation { counters, mark, .. }) = self.last_observation {
            for counter in [counters.total, counters.processed, counters.successful, counters.failed] {
                write_signed(counter, into);
            }
            write_number(mark, into);
        }
    }
}

fn unpack_observation(state: State, delivered: Option<u64>, from: &mut &[u8]) -> Result<Observation, PackedError> {
    let [total, processed] = [read_signed(from)?, read_signed(from)?];
    let [successful, failed] = [read_signed(from)?, read_signed(from)?];
    let counters = Counters { total, processed, successful, failed };
    Ok(Observation { state, counters, delivered, mark: read_number(from)? })
}

#[cfg(test)]
mod tests {
    use super::codes::STATES;
    use super::*;
    use crate::end::{End, GaveUp};
    use crate::snapshot::Standing;
    use alloc::string::ToString;
    use core::time::Duration;
    use proptest::prelude::*;

    fn option<T: Clone + core::fmt::Debug + 'static>(
        strategy: impl Strategy<Value = T> + 'static,
    ) -> impl Strategy<Value = Option<T>> {
        prop::option::of(strategy)
    }

    fn standing() -> impl Strategy<Value = Standing> {
        (prop::sample::select(STANDINGS.to_vec()), any::<u32>()).prop_map(|(standing, detail)| match standing {
            Standing::Over(End::GaveUp(GaveUp::RetryAfterTooLong(_))) => {
                Standing::Over(End::GaveUp(GaveUp::RetryAfterTooLong(Duration::from_millis(detail.into()))))
            }
            Standing::Over(End::GaveUp(GaveUp::TooManyErrors(_))) => {
                Standing::Over(End::GaveUp(GaveUp::TooManyErrors(detail)))
            }
            Standing::Over(_) | Standing::Open | Standing::Settling { .. } => standing,
        })
    }

    fn tick() -> impl Strategy<Value = Tick> {
        any::<u64>().prop_map(Tick::from_nanos)
    }

    fn snapshot() -> impl Strategy<Value = Snapshot> {
        let window = prop_oneof![Just(Window::Unarmed), Just(Window::Overdue), tick().prop_map(Window::Until)];
        let instants = (tick(), tick(), tick(), window, option(tick()));
        let state = || prop::sample::select(STATES.to_vec());
        let last = (state(), any::<[i64; 4]>(), any::<bool>(), any::<u64>());
        let seen = (option(last), option(state()), option(any::<u64>()));
        (
            instants,
            standing(),
            prop::sample::select(WHYS.to_vec()),
            any::<[bool; 3]>(),
            any::<[u32; 6]>(),
            seen,
            0_u8..=100,
            any::<u64>(),
        )
            .prop_map(
                |(instants, standing, why, bools, counts, (last, last_known_state, last_delivered), tenths, jitter)| {
                    let (at, due, limit, window, seen) = instants;
                    let last_observation =
                        last.map(|(state, [total, processed, successful, failed], shows, mark)| Observation {
                            state,
                            counters: Counters { total, processed, successful, failed },
                            delivered: last_delivered.filter(|_| shows),
                            mark,
                        });
                    let [polls, unchanged_polls, unchanged_in_a_row, errors, throttles, not_found] = counts;
                    let [failures, begun, replied] = bools;
                    Snapshot {
                        at,
                        standing,
                        failures,
                        due: Deadline { at: due, why },
                        limit,
                        begun,
                        window,
                        seen,
                        polls,
                        unchanged_polls,
                        unchanged_in_a_row,
                        last_observation,
                        last_known_state,
                        last_delivered,
                        replied,
                        errors,
                        throttles,
                        not_found,
                        budget: RetryBudget::from_tenths(tenths),
                        jitter,
                    }
                },
            )
    }

    #[test]
    fn errors_read_as_sentences() {
        for (error, words) in [
            (PackedError::Truncated, "the packed wait ends too soon"),
            (PackedError::Unknown, "the packed wait holds a value that is not one of this format"),
        ] {
            assert_eq!(error.to_string(), words);
        }
    }

    fn packed(snapshot: &Snapshot) -> Vec<u8> {
        let mut bytes = Vec::new();
        snapshot.pack(&mut bytes);
        bytes
    }

    proptest! {
        #[test]
        fn unpacking_gives_the_same_snapshot(snapshot in snapshot()) {
            let bytes = packed(&snapshot);
            let mut from = bytes.as_slice();
            prop_assert_eq!(Snapshot::unpack(&mut from), Ok(snapshot));
            prop_assert!(from.is_empty());
        }

        #[test]
        fn whatever_is_cut_is_refused(snapshot in snapshot(), cut in any::<prop::sample::Index>()) {
            let bytes = packed(&snapshot);
            let mut from = &bytes[..cut.index(bytes.len())];
            prop_assert_eq!(Snapshot::unpack(&mut from), Err(PackedError::Truncated));
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..120)) {
            if let Ok(snapshot) = Snapshot::unpack(&mut bytes.as_slice()) {
                prop_assert_eq!(Snapshot::unpack(&mut packed(&snapshot).as_slice()), Ok(snapshot));
            }
        }

    }
}
