//! A sleeping wait: all of it in one small piece of memory.

use std::time::Duration;

use abide_core::packed::{PackedError, read_number, write_number};
use abide_core::{Lifecycle, Options, Session, Snapshot, Tick};

use crate::delivered::Delivered;
use crate::outcome::Answer;
use crate::resume::Kept;
use crate::source::StatusSource;
use crate::tally::{Answers, Tally};
use crate::wait::{Last, Parts, Wait};

/// A wait between two of its requests, without its last status and its last error.
pub(super) struct Dormant {
    /// The snapshot, since when it is waited for, and the counts.
    packed: Box<[u8]>,
    /// No item costs nothing.
    delivered: Delivered,
}

impl Dormant {
    /// Lets go of all that is not needed to go on; `buffer` is written over.
    pub(super) fn new<S: StatusSource>(wait: Wait<S>, buffer: &mut Vec<u8>) -> (Dormant, Last<S>) {
        let Parts { session, started, tally, delivered, last } = wait.into_parts();
        buffer.clear();
        // On the fleet's own clock: a machine that slept decides as one that was awake.
        session.snapshot(Tick::ZERO).pack(buffer);
        write_number(started.as_nanos(), buffer);
        pack_tally(&tally, buffer);
        (Dormant { packed: Box::from(buffer.as_slice()), delivered }, last)
    }

    /// The same wait, awake. `None` for bytes that [`new`](Self::new) did not write, or a lifecycle that contradicts itself.
    pub(super) fn wake<S: StatusSource>(
        self,
        lifecycle: &Lifecycle,
        options: Options,
        last: Last<S>,
    ) -> Option<Wait<S>> {
        let (snapshot, started, tally) = unpack(&self.packed).ok()?;
        let session = Session::resume(lifecycle, options, &snapshot).ok()?;
        Some(Wait::from_parts(Parts { session, started, tally, delivered: self.delivered, last }))
    }

    /// When the longest wait of this session is over; `None` before its first request, from which it counts.
    pub(super) fn limit(&self) -> Option<Tick> {
        Snapshot::unpack(&mut &*self.packed).ok().filter(|snapshot| snapshot.begun).map(|snapshot| snapshot.limit)
    }

    /// All that is needed to go on later, from `now` on.
    pub(super) fn kept(&self, now: Tick) -> Option<Kept> {
        let (snapshot, started, mut tally) = unpack(&self.packed).ok()?;
        tally.waited = tally.waited.saturating_add(now.since(started));
        Some(Kept { snapshot: Snapshot { at: now, ..snapshot }, delivered: self.delivered.without_seen(), tally })
    }
}

fn unpack(packed: &[u8]) -> Result<(Snapshot, Tick, Tally), PackedError> {
    let mut rest = packed;
    let snapshot = Snapshot::unpack(&mut rest)?;
    let started = Tick::from_nanos(read_number(&mut rest)?);
    Ok((snapshot, started, unpack_tally(&mut rest)?))
}

fn pack_tally(tally: &Tally, into: &mut Vec<u8>) {
    let Tally { waited, items, bytes, answers } = tally;
    write_number(u64::try_from(waited.as_nanos()).unwrap_or(u64::MAX), into);
    write_number(*items, into);
    write_number(*bytes, into);
    for (answer, count) in answers.iter() {
        let code = (1..).zip(Answer::ALL).find(|(_, each)| *each == answer).map_or(0, |(code, _)| code);
        write_number(code, into);
        write_number(count.into(), into);
    }
}

fn unpack_tally(from: &mut &[u8]) -> Result<Tally, PackedError> {
    let waited = Duration::from_nanos(read_number(from)?);
    let (items, bytes) = (read_number(from)?, read_number(from)?);
    let mut answers = Answers::default();
    while !from.is_empty() {
        let code = read_number(from)?;
        let place = usize::try_from(code).ok().and_then(|code| code.checked_sub(1));
        let answer = place.and_then(|place| Answer::ALL.get(place)).ok_or(PackedError::Unknown)?;
        answers.add(*answer, u32::try_from(read_number(from)?).map_err(|_| PackedError::Unknown)?);
    }
    Ok(Tally { waited, items, bytes, answers })
}
