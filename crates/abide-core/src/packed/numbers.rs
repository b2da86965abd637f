//! Numbers in as few bytes as they need.

use alloc::vec::Vec;

use super::PackedError;
use crate::tick::Tick;

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

pub(super) fn write_signed(number: i64, into: &mut Vec<u8>) {
    // The sign goes to the lowest bit, so that small negative numbers are short too.
    write_number((number.wrapping_shl(1) ^ (number >> 63)).cast_unsigned(), into);
}

pub(super) fn read_signed(from: &mut &[u8]) -> Result<i64, PackedError> {
    let number = read_number(from)?;
    Ok((number >> 1).cast_signed() ^ -(number & 1).cast_signed())
}

pub(super) fn write_instant(instant: Tick, near: Tick, into: &mut Vec<u8>) {
    write_signed(instant.as_nanos().wrapping_sub(near.as_nanos()).cast_signed(), into);
}

pub(super) fn read_instant(near: Tick, from: &mut &[u8]) -> Result<Tick, PackedError> {
    Ok(Tick::from_nanos(near.as_nanos().wrapping_add(read_signed(from)?.cast_unsigned())))
}

pub(super) fn read_array<const LENGTH: usize>(from: &mut &[u8]) -> Result<[u8; LENGTH], PackedError> {
    let (array, rest) = from.split_first_chunk().ok_or(PackedError::Truncated)?;
    *from = rest;
    Ok(*array)
}

pub(super) fn read_count(from: &mut &[u8]) -> Result<u32, PackedError> {
    u32::try_from(read_number(from)?).map_err(|_| PackedError::Unknown)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
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
