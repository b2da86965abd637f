//! A snapshot in as few bytes as it needs: what a sleeping wait costs, and what is written down to resume it.
//!
//! Numbers are little-endian base-128 groups (a small number is one byte), instants are differences to one another, and
//! everything with few values shares one number of flags.

use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;

use crate::budget::RetryBudget;
use crate::end::{End, GaveUp, Rule};
use crate::event::{Deadline, Why};
use crate::failure::Failure;
use crate::observation::{Counters, Observation, State};
use crate::snapshot::{Snapshot, Standing, Window};
use crate::tick::{Tick, nanos};

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

/// Appends `number` in one to ten bytes.
pub fn write_number(number: u64, into: &mut Vec<u8>) {
    let mut rest = number;
    while rest >= 0x80 {
        into.push(low_byte(rest) | 0x80);
        rest >>= 7;
    }
    into.push(low_byte(rest));
}

/// Takes a number off the front.
///
/// # Errors
/// When the bytes end inside it, or it is larger than 64 bits.
pub fn read_number(from: &mut &[u8]) -> Result<u64, PackedError> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let (first, rest) = from.split_first().ok_or(PackedError::Truncated)?;
        *from = rest;
        let group = u64::from(first & 0x7F);
        if group << shift >> shift != group {
            return Err(PackedError::Unknown);
        }
        number |= group << shift;
        if first & 0x80 == 0 {
            return Ok(number);
        }
    }
    Err(PackedError::Unknown)
}

fn low_byte(number: u64) -> u8 {
    number.to_le_bytes()[0] & 0x7F
}

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

fn pack_state(state: Option<State>, flags: &mut Flags) {
    flags.push(STATES.len() as u64 + 1, state.map_or(0, |state| code(&state, &STATES) + 1));
}

fn unpack_state(flags: &mut Flags) -> Result<Option<State>, PackedError> {
    let code = flags.take(STATES.len() as u64 + 1);
    code.checked_sub(1).map(|code| decoded(code, &STATES)).transpose()
}

/// Several small values in one number, first in first out.
struct Flags {
    rest: u64,
    place: u64,
}

impl Flags {
    fn new(rest: u64) -> Flags {
        Flags { rest, place: 1 }
    }

    /// Adds one of `values` many values; the product of all of these stays far below 64 bits.
    fn push(&mut self, values: u64, value: u64) {
        self.rest = self.rest.saturating_add(value.saturating_mul(self.place));
        self.place = self.place.saturating_mul(values);
    }

    fn take(&mut self, values: u64) -> u64 {
        let value = self.rest.checked_rem(values).unwrap_or(0);
        self.rest = self.rest.checked_div(values).unwrap_or(0);
        value
    }
}

fn write_signed(number: i64, into: &mut Vec<u8>) {
    // The sign goes to the lowest bit, so that small negative numbers are short too.
    write_number((number.wrapping_shl(1) ^ (number >> 63)).cast_unsigned(), into);
}

fn read_signed(from: &mut &[u8]) -> Result<i64, PackedError> {
    let number = read_number(from)?;
    Ok((number >> 1).cast_signed() ^ -(number & 1).cast_signed())
}

fn write_instant(instant: Tick, near: Tick, into: &mut Vec<u8>) {
    write_signed(instant.as_nanos().wrapping_sub(near.as_nanos()).cast_signed(), into);
}

fn read_instant(near: Tick, from: &mut &[u8]) -> Result<Tick, PackedError> {
    Ok(Tick::from_nanos(near.as_nanos().wrapping_add(read_signed(from)?.cast_unsigned())))
}

fn read_array<const LENGTH: usize>(from: &mut &[u8]) -> Result<[u8; LENGTH], PackedError> {
    let (array, rest) = from.split_first_chunk().ok_or(PackedError::Truncated)?;
    *from = rest;
    Ok(*array)
}

const WHYS: [Why; 11] = [
    Why::FirstPoll,
    Why::Pace,
    Why::Unchanged,
    Why::LastPoll,
    Why::RetryAfter,
    Why::Throttled,
    Why::Backoff,
    Why::Held,
    Why::Settling,
    Why::LastReply,
    Why::MaxWait,
];

const STATES: [State; 5] = [State::Queued, State::Running, State::Completed, State::Failed, State::Unknown];

/// Every standing, with nothing in place of what is written behind the flags.
const STANDINGS: [Standing; 19] = [
    Standing::Open,
    Standing::Settling { rule: Rule::Status },
    Standing::Settling { rule: Rule::Count },
    Standing::Over(End::Completed { rule: Rule::Status }),
    Standing::Over(End::Completed { rule: Rule::Count }),
    Standing::Over(End::CompletedWithFailures { rule: Rule::Status }),
    Standing::Over(End::CompletedWithFailures { rule: Rule::Count }),
    Standing::Over(End::Failed),
    Standing::Over(End::Gone),
    Standing::Over(End::Closed),
    Standing::Over(End::GaveUp(GaveUp::MaxWait)),
    Standing::Over(End::GaveUp(GaveUp::RetryAfterTooLong(Duration::ZERO))),
    Standing::Over(End::GaveUp(GaveUp::TooManyErrors(0))),
    Standing::Over(End::Refused(Failure::Transient)),
    Standing::Over(End::Refused(Failure::Throttled)),
    Standing::Over(End::Refused(Failure::Gone)),
    Standing::Over(End::Refused(Failure::NotFound)),
    Standing::Over(End::Refused(Failure::Denied)),
    Standing::Over(End::Refused(Failure::Rejected)),
];

/// The place of a value in its table, from 0.
fn code<T: PartialEq>(value: &T, table: &[T]) -> u64 {
    table.iter().position(|known| known == value).map_or(0, |place| place as u64)
}

fn decoded<T: Copy>(code: u64, table: &[T]) -> Result<T, PackedError> {
    usize::try_from(code).ok().and_then(|place| table.get(place)).copied().ok_or(PackedError::Unknown)
}

/// Without what [`write_detail`] writes.
fn bare(standing: Standing) -> Standing {
    let reason = match standing {
        Standing::Over(End::GaveUp(GaveUp::RetryAfterTooLong(_))) => GaveUp::RetryAfterTooLong(Duration::ZERO),
        Standing::Over(End::GaveUp(GaveUp::TooManyErrors(_))) => GaveUp::TooManyErrors(0),
        Standing::Over(_) | Standing::Open | Standing::Settling { .. } => return standing,
    };
    Standing::Over(End::GaveUp(reason))
}

fn write_detail(standing: Standing, into: &mut Vec<u8>) {
    match standing {
        Standing::Over(End::GaveUp(GaveUp::RetryAfterTooLong(asked))) => write_number(nanos(asked), into),
        Standing::Over(End::GaveUp(GaveUp::TooManyErrors(errors))) => write_number(errors.into(), into),
        Standing::Over(_) | Standing::Open | Standing::Settling { .. } => {}
    }
}

fn read_detail(standing: Standing, from: &mut &[u8]) -> Result<Standing, PackedError> {
    let reason = match standing {
        Standing::Over(End::GaveUp(GaveUp::RetryAfterTooLong(_))) => {
            GaveUp::RetryAfterTooLong(Duration::from_nanos(read_number(from)?))
        }
        Standing::Over(End::GaveUp(GaveUp::TooManyErrors(_))) => GaveUp::TooManyErrors(read_count(from)?),
        Standing::Over(_) | Standing::Open | Standing::Settling { .. } => return Ok(standing),
    };
    Ok(Standing::Over(End::GaveUp(reason)))
}

fn read_count(from: &mut &[u8]) -> Result<u32, PackedError> {
    u32::try_from(read_number(from)?).map_err(|_| PackedError::Unknown)
}

#[cfg(test)]
mod tests {
    use super::*;
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

        #[test]
        fn numbers_and_their_signs(number: i64) {
            let mut bytes = Vec::new();
            write_signed(number, &mut bytes);
            prop_assert_eq!(read_signed(&mut bytes.as_slice()), Ok(number));
        }
    }

    #[test]
    fn numbers_take_as_many_bytes_as_they_need() {
        for (number, length) in
            [(0, 1), (127, 1), (128, 2), (16_383, 2), (16_384, 3), (u64::MAX >> 1, 9), (u64::MAX, 10)]
        {
            let mut bytes = Vec::new();
            write_number(number, &mut bytes);
            assert_eq!((bytes.len(), read_number(&mut bytes.as_slice())), (length, Ok(number)));
        }
        for (bytes, problem) in [
            (&[][..], PackedError::Truncated),
            (&[0x80], PackedError::Truncated),
            (&[0xFF; 9], PackedError::Truncated),
            (&[0xFF; 10], PackedError::Unknown),
            (&[0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02], PackedError::Unknown),
        ] {
            assert_eq!(read_number(&mut &*bytes), Err(problem), "{bytes:?}");
        }
    }
}
