//! Values of which there are few, as places in tables, and several of them in one number.

use alloc::vec::Vec;
use core::time::Duration;

use super::PackedError;
use super::numbers::{read_count, read_number, write_number};
use crate::end::{End, GaveUp, Rule};
use crate::event::Why;
use crate::failure::Failure;
use crate::observation::State;
use crate::snapshot::Standing;
use crate::tick::nanos;

/// Several small values in one number, first in first out.
pub(super) struct Flags {
    /// All that was pushed, or what is left to be taken.
    pub(super) rest: u64,
    place: u64,
}

impl Flags {
    pub(super) fn new(rest: u64) -> Flags {
        Flags { rest, place: 1 }
    }

    /// Adds one of `values` many values; the product of all of these stays far below 64 bits.
    pub(super) fn push(&mut self, values: u64, value: u64) {
        self.rest = self.rest.saturating_add(value.saturating_mul(self.place));
        self.place = self.place.saturating_mul(values);
    }

    pub(super) fn take(&mut self, values: u64) -> u64 {
        let value = self.rest.checked_rem(values).unwrap_or(0);
        self.rest = self.rest.checked_div(values).unwrap_or(0);
        value
    }
}

pub(super) fn pack_state(state: Option<State>, flags: &mut Flags) {
    flags.push(STATES.len() as u64 + 1, state.map_or(0, |state| code(&state, &STATES) + 1));
}

pub(super) fn unpack_state(flags: &mut Flags) -> Result<Option<State>, PackedError> {
    let code = flags.take(STATES.len() as u64 + 1);
    code.checked_sub(1).map(|code| decoded(code, &STATES)).transpose()
}

pub(super) const WHYS: [Why; 11] = [
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

pub(super) const STATES: [State; 5] = [State::Queued, State::Running, State::Completed, State::Failed, State::Unknown];

/// Every standing, with nothing in place of what is written behind the flags.
pub(super) const STANDINGS: [Standing; 19] = [
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
pub(super) fn code<T: PartialEq>(value: &T, table: &[T]) -> u64 {
    table.iter().position(|known| known == value).map_or(0, |place| place as u64)
}

pub(super) fn decoded<T: Copy>(code: u64, table: &[T]) -> Result<T, PackedError> {
    usize::try_from(code).ok().and_then(|place| table.get(place)).copied().ok_or(PackedError::Unknown)
}

/// Without what [`write_detail`] writes.
pub(super) fn bare(standing: Standing) -> Standing {
    let reason = match standing {
        Standing::Over(End::GaveUp(GaveUp::RetryAfterTooLong(_))) => GaveUp::RetryAfterTooLong(Duration::ZERO),
        Standing::Over(End::GaveUp(GaveUp::TooManyErrors(_))) => GaveUp::TooManyErrors(0),
        Standing::Over(_) | Standing::Open | Standing::Settling { .. } => return standing,
    };
    Standing::Over(End::GaveUp(reason))
}

pub(super) fn write_detail(standing: Standing, into: &mut Vec<u8>) {
    match standing {
        Standing::Over(End::GaveUp(GaveUp::RetryAfterTooLong(asked))) => write_number(nanos(asked), into),
        Standing::Over(End::GaveUp(GaveUp::TooManyErrors(errors))) => write_number(errors.into(), into),
        Standing::Over(_) | Standing::Open | Standing::Settling { .. } => {}
    }
}

pub(super) fn read_detail(standing: Standing, from: &mut &[u8]) -> Result<Standing, PackedError> {
    let reason = match standing {
        Standing::Over(End::GaveUp(GaveUp::RetryAfterTooLong(_))) => {
            GaveUp::RetryAfterTooLong(Duration::from_nanos(read_number(from)?))
        }
        Standing::Over(End::GaveUp(GaveUp::TooManyErrors(_))) => GaveUp::TooManyErrors(read_count(from)?),
        Standing::Over(_) | Standing::Open | Standing::Settling { .. } => return Ok(standing),
    };
    Ok(Standing::Over(End::GaveUp(reason)))
}
