//! What is written down of a wait, so that another process can go on with it.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use abide_core::{Lifecycle, LifecycleError, Options, Session, Snapshot, Tick};
use serde::{Deserialize, Serialize};

use crate::delivered::Delivered;
use crate::fingerprint::Fingerprint;
use crate::outcome::Answer;
use crate::tally::Tally;

/// The version that this crate writes, and the only one that it reads.
const VERSION: u64 = 1;

/// A wait as a small text: pace, backoff, deadline, what the last reply said, and which items were given already.
///
/// It holds neither credential nor session id nor anything else that a server sent, only fingerprints. Whoever keeps it
/// also keeps the id. Items that were taken before it was made are not given again; so write it down *after* what came
/// with the events before it, and a crash in between gives an item twice rather than never.
///
/// ```
/// use abide_watch::Resume;
///
/// let error = Resume::from_json("{\"abide_resume\": 1, \"session\": \"00").unwrap_err();
/// assert!(error.is_malformed());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resume {
    pub(crate) session: u64,
    pub(crate) saved_at: SystemTime,
    pub(crate) kept: Kept,
}

/// What a wait carries from one process to the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) snapshot: Snapshot,
    pub(crate) delivered: Delivered,
    pub(crate) tally: Tally,
}

impl Kept {
    /// These items, the latest, were not taken after all.
    pub(crate) fn take_back(&mut self, identities: &[u64]) {
        self.delivered.take_back(identities);
        self.tally.items = self.tally.items.saturating_sub(identities.len().try_into().unwrap_or(u64::MAX));
    }
}

/// Why a resume value cannot be used.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct ResumeError(Problem);

#[derive(Debug, thiserror::Error)]
enum Problem {
    #[error("the resume value is not whole, or not one at all; begin a new wait")]
    Malformed,
    #[error("the resume value is of version {0}, and this program reads version {VERSION}; begin a new wait")]
    OtherVersion(u64),
    #[error("the resume value belongs to another session")]
    OtherSession,
    #[error("the rules of the wait contradict themselves")]
    Lifecycle(#[from] LifecycleError),
}

impl ResumeError {
    /// It was cut, damaged, or never was a resume value.
    pub fn is_malformed(&self) -> bool {
        matches!(self.0, Problem::Malformed)
    }

    /// Another release wrote it.
    pub fn is_other_version(&self) -> bool {
        matches!(self.0, Problem::OtherVersion(_))
    }

    /// It was made for another session.
    pub fn is_other_session(&self) -> bool {
        matches!(self.0, Problem::OtherSession)
    }

    /// It is in order, and the lifecycle given with it is not.
    pub fn is_lifecycle(&self) -> bool {
        matches!(self.0, Problem::Lifecycle(_))
    }
}

/// The text, field by field.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    abide_resume: u64,
    session: String,
    /// Milliseconds since 1970.
    saved_at: u64,
    wait: String,
    items: String,
    waited_ms: u64,
    items_given: u64,
    bytes: u64,
    answers: BTreeMap<Answer, u32>,
    /// Over all the other fields: half a value must not pass for a whole one.
    check: String,
}

impl Resume {
    /// The value as one line of JSON.
    pub fn to_json(&self) -> String {
        let Kept { snapshot, delivered, tally } = &self.kept;
        let mut wait = Vec::new();
        snapshot.pack(&mut wait);
        let saved_at = self.saved_at.duration_since(UNIX_EPOCH).unwrap_or_default();
        let mut written = Written {
            abide_resume: VERSION,
            session: hex_number(self.session),
            // Rounded up: to be off the other way would cut a pause short.
            saved_at: u64::try_from(saved_at.as_nanos().div_ceil(1_000_000)).unwrap_or(u64::MAX),
            wait: wait.iter().map(|byte| format!("{byte:02x}")).collect(),
            items: delivered.identities().into_iter().map(hex_number).collect(),
            waited_ms: u64::try_from(tally.waited.as_millis()).unwrap_or(u64::MAX),
            items_given: tally.items,
            bytes: tally.bytes,
            answers: tally.answers.by_answer(),
            check: String::new(),
        };
        written.check = written.checksum();
        // Nothing in it can fail to be written.
        serde_json::to_string(&written).unwrap_or_default()
    }

    /// Reads what [`to_json`](Self::to_json) wrote.
    ///
    /// # Errors
    /// [`ResumeError::is_malformed`] or [`ResumeError::is_other_version`].
    pub fn from_json(text: &str) -> Result<Resume, ResumeError> {
        #[derive(Deserialize)]
        struct Version {
            abide_resume: u64,
        }
        let malformed = || ResumeError(Problem::Malformed);
        let version: Version = serde_json::from_str(text).map_err(|_| malformed())?;
        if version.abide_resume != VERSION {
            return Err(ResumeError(Problem::OtherVersion(version.abide_resume)));
        }
        let written: Written = serde_json::from_str(text).map_err(|_| malformed())?;
        written.read().ok_or_else(malformed)
    }

    /// The same wait, with the items given before to be given again: for a program that may have lost some of them, or
    /// knows by itself which it has.
    #[must_use]
    pub fn giving_items_again(mut self) -> Resume {
        self.kept.delivered = Delivered::default();
        self
    }

    /// When it was made.
    pub fn saved_at(&self) -> SystemTime {
        self.saved_at
    }

    /// The session machine at `now`, if `session` is the one that this value was made for.
    pub(crate) fn session(
        &self,
        session: u64,
        lifecycle: &Lifecycle,
        options: Options,
        now: Tick,
        wall: SystemTime,
    ) -> Result<Session, ResumeError> {
        if session != self.session {
            return Err(ResumeError(Problem::OtherSession));
        }
        // A calendar that went back says nothing about how long it was.
        let elapsed = wall.duration_since(self.saved_at).unwrap_or_default();
        let mut snapshot = self.kept.snapshot.moved(now, elapsed);
        // Who goes on with less patience than before has less.
        let longest = lifecycle.cap.map_or(options.max_wait, |cap| cap.min(options.max_wait));
        snapshot.limit = snapshot.limit.min(now + longest);
        Session::resume(lifecycle, options, &snapshot).map_err(|error| ResumeError(error.into()))
    }
}

impl Written {
    fn read(self) -> Option<Resume> {
        if self.check != self.checksum() {
            return None;
        }
        let wait = hex_bytes(&self.wait)?;
        let mut rest = wait.as_slice();
        let snapshot = Snapshot::unpack(&mut rest).ok().filter(|_| rest.is_empty())?;
        let items = hex_bytes(&self.items)?;
        let (identities, rest) = items.as_chunks();
        let identities = identities.iter().map(|bytes| u64::from_be_bytes(*bytes)).collect();
        let saved_at = UNIX_EPOCH.checked_add(Duration::from_millis(self.saved_at))?;
        let tally = Tally {
            waited: Duration::from_millis(self.waited_ms),
            items: self.items_given,
            bytes: self.bytes,
            answers: self.answers.into_iter().collect(),
        };
        let kept = Kept { snapshot, delivered: Delivered::from_identities(identities), tally };
        let session = u64::from_str_radix(&self.session, 16).ok()?;
        rest.is_empty().then_some(Resume { session, saved_at, kept })
    }

    fn checksum(&self) -> String {
        let Written { abide_resume, session, saved_at, wait, items, waited_ms, items_given, bytes, answers, check: _ } =
            self;
        let mut fingerprint =
            Fingerprint::new().number(*abide_resume).text(session).number(*saved_at).text(wait).text(items);
        fingerprint = fingerprint.number(*waited_ms).number(*items_given).number(*bytes);
        for (answer, count) in answers {
            fingerprint = fingerprint.text(answer.as_str()).number(u64::from(*count));
        }
        hex_number(fingerprint.finish())
    }
}

fn hex_number(number: u64) -> String {
    format!("{number:016x}")
}

fn hex_bytes(text: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = text.as_bytes().as_chunks();
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let bytes = pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect();
    if rest.is_empty() { bytes } else { None }
}

#[cfg(test)]
mod tests {
    use abide_core::{CompleteBy, FirstPoll, Interval};
    use proptest::prelude::*;

    use super::*;

    const LIFECYCLE: Lifecycle = Lifecycle {
        first_poll: FirstPoll::Immediate,
        interval: Interval { min: Duration::from_secs(2), max: Duration::from_secs(3) },
        growth: None,
        cap: Some(Duration::from_secs(30)),
        inactivity: Some(Duration::from_mins(30)),
        complete_by: CompleteBy::StatusOrCount,
    };

    fn hex() -> impl Strategy<Value = String> {
        prop_oneof!["([0-9a-f]{2}){0,90}", "([0-9a-f]{16}){0,4}", "[0-9a-fA-Fxü+]{0,40}"]
    }

    /// A snapshot that some wait might have left, with one number changed for another.
    fn wait() -> impl Strategy<Value = String> {
        let snapshot = |at: u64, limit: u64, due: u64, jitter: u64| {
            let session =
                Session::new(&LIFECYCLE, Options::new(Duration::from_nanos(limit), jitter), Tick::from_nanos(at));
            let mut snapshot = session.unwrap().snapshot(Tick::from_nanos(at));
            snapshot.due.at = Tick::from_nanos(due);
            let mut packed = Vec::new();
            snapshot.pack(&mut packed);
            packed.iter().map(|byte| format!("{byte:02x}")).collect::<String>()
        };
        let any = (any::<u64>(), any::<u64>(), any::<u64>(), any::<u64>());
        prop_oneof![hex(), any.prop_map(move |(at, limit, due, jitter)| snapshot(at, limit, due, jitter))]
    }

    proptest! {
        /// A checksum that fits is no proof: whoever reads the source can make one.
        #[test]
        fn whatever_is_written_and_sealed_is_read_or_refused(
            session in hex(),
            wait in wait(),
            items in hex(),
            numbers in any::<[u64; 4]>(),
            answers in prop::collection::btree_map(prop::sample::select(Answer::ALL.to_vec()), any::<u32>(), 0..4),
            (now, wall) in any::<(u64, u32)>(),
        ) {
            let [saved_at, waited_ms, items_given, bytes] = numbers;
            let check = String::new();
            let mut written = Written {
                abide_resume: VERSION,
                session,
                saved_at,
                wait,
                items,
                waited_ms,
                items_given,
                bytes,
                answers,
                check,
            };
            written.check = written.checksum();
            let text = serde_json::to_string(&written).unwrap();
            if let Ok(kept) = Resume::from_json(&text) {
                let wall = UNIX_EPOCH + Duration::from_secs(wall.into());
                let (options, now) = (Options::new(Duration::from_mins(1), 1), Tick::from_nanos(now));
                let mut session = kept.session(kept.session, &LIFECYCLE, options, now, wall).unwrap();
                let step = session.step(now);
                prop_assert!(Resume::from_json(&kept.to_json()).is_ok(), "{step:?}");
            }
        }
    }

    #[test]
    fn a_pause_is_never_cut_short_by_rounding() {
        let session = Session::new(&LIFECYCLE, Options::new(Duration::from_mins(1), 1), Tick::ZERO).unwrap();
        let kept =
            Kept { snapshot: session.snapshot(Tick::ZERO), delivered: Delivered::default(), tally: Tally::default() };
        for (nanos, millis) in [(0, 0), (1, 1), (999_999, 1), (1_000_000, 1), (1_000_001, 2)] {
            let saved_at = UNIX_EPOCH + Duration::from_nanos(nanos);
            let text = Resume { session: 1, saved_at, kept: kept.clone() }.to_json();
            let read = Resume::from_json(&text).unwrap().saved_at();
            assert_eq!(read, UNIX_EPOCH + Duration::from_millis(millis), "{nanos}");
        }
    }
}
