//! A sleeping wait: all of it in one small piece of memory.

use std::collections::BTreeMap;
use std::time::Duration;

use abide_core::packed::{PackedError, read_number, write_number};
use abide_core::{Lifecycle, Options, Session, Snapshot, Tick};

use crate::outcome::Answer;
use crate::resume::{Kept, Tally};
use crate::source::StatusSource;
use crate::wait::{Parts, Received, Wait};

/// A wait between two of its requests.
pub(super) struct Dormant<S: StatusSource> {
    /// The snapshot, since when it is waited for, and the counts.
    packed: Box<[u8]>,
    /// What was received; nothing costs nothing.
    received: Option<Box<Received<S>>>,
}

impl<S: StatusSource> Dormant<S> {
    /// Lets go of all that is not needed to go on; of the last status and the last error only with `keep_last`.
    pub(super) fn new(wait: Wait<S>, keep_last: bool) -> Dormant<S> {
        let Parts { session, started, tally, mut received } = wait.into_parts();
        let mut packed = Vec::with_capacity(96);
        // On the fleet's own clock: a machine that slept decides as one that was awake.
        session.snapshot(Tick::ZERO).pack(&mut packed);
        write_number(started.as_nanos(), &mut packed);
        pack_tally(&tally, &mut packed);
        if !keep_last {
            (received.last_status, received.last_error) = (None, None);
        }
        let received = Some(received).filter(|received| !received.is_empty()).map(Box::new);
        Dormant { packed: packed.into_boxed_slice(), received }
    }

    /// The same wait, awake. `None` for bytes that [`new`](Self::new) did not write, or a lifecycle that contradicts itself.
    pub(super) fn wake(self, lifecycle: &Lifecycle, options: Options) -> Option<Wait<S>> {
        let (snapshot, started, tally) = unpack(&self.packed).ok()?;
        let session = Session::resume(lifecycle, options, &snapshot).ok()?;
        let received = self.received.map(|received| *received).unwrap_or_default();
        Some(Wait::from_parts(Parts { session, started, tally, received }))
    }

    /// When the longest wait of this session is over; `None` before its first request, from which it counts.
    pub(super) fn limit(&self) -> Option<Tick> {
        Snapshot::unpack(&mut &*self.packed).ok().filter(|snapshot| snapshot.begun).map(|snapshot| snapshot.limit)
    }

    /// All that is needed to go on later, from `now` on.
    pub(super) fn kept(&self, now: Tick) -> Option<Kept> {
        let (snapshot, started, mut tally) = unpack(&self.packed).ok()?;
        tally.waited = tally.waited.saturating_add(now.since(started));
        let delivered = self.received.as_deref().map(|received| received.delivered.without_seen()).unwrap_or_default();
        Some(Kept { snapshot: Snapshot { at: now, ..snapshot }, delivered, tally })
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
    for (code, answer) in (1..).zip(Answer::ALL) {
        if let Some(count) = answers.get(&answer) {
            write_number(code, into);
            write_number((*count).into(), into);
        }
    }
}

fn unpack_tally(from: &mut &[u8]) -> Result<Tally, PackedError> {
    let waited = Duration::from_nanos(read_number(from)?);
    let (items, bytes) = (read_number(from)?, read_number(from)?);
    let mut answers = BTreeMap::new();
    while !from.is_empty() {
        let code = read_number(from)?;
        let place = usize::try_from(code).ok().and_then(|code| code.checked_sub(1));
        let answer = place.and_then(|place| Answer::ALL.get(place)).ok_or(PackedError::Unknown)?;
        answers.insert(*answer, u32::try_from(read_number(from)?).map_err(|_| PackedError::Unknown)?);
    }
    Ok(Tally { waited, items, bytes, answers })
}
