//! What earlier processes did of a run, read from its journal.

use std::collections::BTreeMap;
use std::ops::Range;

use abide_watch::Resume;

use super::error::JournalError;
use super::file::JournalFile;
use super::record::{Header, Record, Rows, VERSION, Verdict, Version};
use crate::exit::Exit;
use crate::output::Cell;

/// How far a run had come.
#[derive(Debug)]
pub(crate) struct Earlier {
    rows: usize,
    replaces: bool,
    answered: BTreeMap<usize, Answered>,
    sessions: BTreeMap<usize, Session>,
    /// Create calls that were announced and never answered: first row, how many.
    doubtful: BTreeMap<usize, Range<usize>>,
}

/// A row that is answered for good.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Answered {
    pub(crate) verdict: Verdict,
    /// Behind those of the input.
    pub(crate) cells: Vec<Cell>,
}

/// A session that was created.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub(crate) rows: Range<usize>,
    /// Session id or token.
    pub(crate) id: String,
    /// How to go on waiting; `None` begins another wait.
    pub(crate) kept: Option<Resume>,
    /// What it came to, once it told all.
    pub(crate) exit: Option<Exit>,
    pub(crate) closed: bool,
}

/// A record that does not fit those before it.
struct Misfit;

impl Earlier {
    /// Nothing was done yet.
    pub(crate) fn none(header: &Header) -> Self {
        Self::of(header.rows, header.replaces)
    }

    /// Nothing was done yet of a table of so many rows.
    pub(crate) fn nothing(rows: usize) -> Self {
        Self::of(rows, false)
    }

    fn of(rows: usize, replaces: bool) -> Self {
        Self { rows, replaces, answered: BTreeMap::new(), sessions: BTreeMap::new(), doubtful: BTreeMap::new() }
    }

    /// What a journal tells; `None` when it does not even have a header. The run that asks must be the same one, unless
    /// nothing was done yet.
    pub(super) fn read(file: &mut JournalFile, header: &Header) -> Result<Option<Self>, JournalError> {
        let lines = file.lines()?;
        let path = file.path();
        let damaged = |line: usize| JournalError::Damaged { path: path.to_owned(), line: line + 1 };
        let lines = lines.ok_or_else(|| damaged(0))?;
        let Some((first, records)) = lines.split_first() else { return Ok(None) };
        let version: Version = serde_json::from_slice(first).map_err(|_| damaged(0))?;
        if version.abide_run != VERSION {
            return Err(JournalError::OtherVersion { path: path.to_owned(), found: version.abide_run });
        }
        let begun: Header = serde_json::from_slice(first).map_err(|_| damaged(0))?;
        let mut earlier = Self::none(&begun);
        for (index, line) in records.iter().enumerate() {
            let record = serde_json::from_slice(line).map_err(|_| damaged(index + 1))?;
            earlier.apply(record).map_err(|Misfit| damaged(index + 1))?;
        }
        match begun.difference(header) {
            Some(_) if earlier.is_untouched() => Ok(None),
            Some(difference) => Err(JournalError::OtherRun { path: path.to_owned(), difference }),
            None => Ok(Some(earlier)),
        }
    }

    /// How many rows the input has.
    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// Whether a file stood in the place of the output when the run began.
    pub(crate) fn replaces(&self) -> bool {
        self.replaces
    }

    /// Nothing was sent, as far as anybody can know.
    pub(crate) fn is_untouched(&self) -> bool {
        self.answered.is_empty() && self.sessions.is_empty() && self.doubtful.is_empty()
    }

    /// The rows that are answered for good, by number.
    pub(crate) fn answered(&self) -> &BTreeMap<usize, Answered> {
        &self.answered
    }

    /// The sessions that were created, in the order of their rows.
    pub(crate) fn sessions(&self) -> impl Iterator<Item = &Session> {
        self.sessions.values()
    }

    /// The rows of which nobody knows whether they were sent, and of which nothing is said in the output yet.
    pub(crate) fn in_doubt(&self) -> Vec<usize> {
        self.doubtful.values().cloned().flatten().filter(|row| !self.answered.contains_key(row)).collect()
    }

    /// The rows that were certainly never sent, in parts of at most `most`.
    pub(crate) fn unsent(&self, most: usize) -> Vec<Range<usize>> {
        let mut sent: Vec<Range<usize>> = self.sessions.values().map(|session| session.rows.clone()).collect();
        sent.extend(self.doubtful.values().cloned());
        sent.extend(self.answered.keys().map(|row| *row..row + 1));
        sent.sort_unstable_by_key(|rows| rows.start);
        let mut parts = Vec::new();
        let mut next = 0;
        for rows in sent.into_iter().chain(std::iter::once(self.rows..self.rows)) {
            while next < rows.start {
                let end = rows.start.min(next.saturating_add(most.max(1)));
                parts.push(next..end);
                next = end;
            }
            next = next.max(rows.end);
        }
        parts
    }

    /// What the run had come to: the exits of the sessions that ended, and an error for every row that is answered without
    /// a session.
    pub(crate) fn exit(&self) -> Exit {
        let of_sessions = self.sessions.values().filter_map(|session| session.exit).fold(Exit::Completed, Exit::and);
        let in_a_session = |row: &usize| {
            self.sessions.range(..=row).next_back().is_some_and(|(_, session)| session.rows.contains(row))
        };
        if self.answered.keys().all(in_a_session) { of_sessions } else { of_sessions.and(Exit::Error) }
    }

    fn apply(&mut self, record: Record) -> Result<(), Misfit> {
        match record {
            Record::Creating(rows) => {
                let rows = self.range(rows)?;
                if self.is_sent(&rows) {
                    return Err(Misfit);
                }
                self.doubtful.insert(rows.start, rows);
            }
            Record::Refused(rows) => self.no_longer_doubtful(rows).map(drop)?,
            Record::Created { rows, session: id } => {
                let rows = self.no_longer_doubtful(rows)?;
                let session = Session { rows, id, kept: None, exit: None, closed: false };
                self.sessions.insert(session.rows.start, session);
            }
            Record::Answered { row, verdict, cells } => {
                if row >= self.rows {
                    return Err(Misfit);
                }
                self.answered.entry(row).or_insert(Answered { verdict, cells });
            }
            // One of another release begins another wait.
            Record::Kept { first, resume } => self.session(first)?.kept = Resume::from_json(&resume).ok(),
            Record::Ended { first, exit } => self.session(first)?.exit = Some(exit),
            Record::Closed { first } => self.session(first)?.closed = true,
        }
        Ok(())
    }

    fn range(&self, rows: Rows) -> Result<Range<usize>, Misfit> {
        rows.range().filter(|range| !range.is_empty() && range.end <= self.rows).ok_or(Misfit)
    }

    /// Whether some of the rows are those of an earlier create call.
    fn is_sent(&self, rows: &Range<usize>) -> bool {
        let session = self.sessions.range(..rows.end).next_back().map(|(_, session)| session.rows.end);
        let doubtful = self.doubtful.range(..rows.end).next_back().map(|(_, doubtful)| doubtful.end);
        session.max(doubtful).is_some_and(|end| end > rows.start)
    }

    fn no_longer_doubtful(&mut self, rows: Rows) -> Result<Range<usize>, Misfit> {
        let rows = self.range(rows)?;
        if self.doubtful.get(&rows.start) != Some(&rows) {
            return Err(Misfit);
        }
        self.doubtful.remove(&rows.start);
        Ok(rows)
    }

    fn session(&mut self, first: usize) -> Result<&mut Session, Misfit> {
        self.sessions.get_mut(&first).ok_or(Misfit)
    }
}

impl Header {
    /// What this run was begun with and `other` is not, in words; `None` when they are the same.
    fn difference(&self, other: &Self) -> Option<String> {
        if self.command != other.command {
            Some(format!("`abide {}`", self.command))
        } else if self.base_url != other.base_url {
            Some(format!("--base-url {}", self.base_url))
        } else if (self.rows, &self.input) != (other.rows, &other.input) {
            Some("another input".to_owned())
        } else if self.columns != other.columns {
            Some("another version of this program, which writes other columns".to_owned())
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn told(rows: usize, lines: &[&str]) -> Result<Earlier, usize> {
        let mut earlier = Earlier::nothing(rows);
        for (index, line) in lines.iter().enumerate() {
            let record = serde_json::from_str(line).map_err(|_| index)?;
            earlier.apply(record).map_err(|Misfit| index)?;
        }
        Ok(earlier)
    }

    const CREATING: &str = r#"{"creating":{"first":2,"count":3}}"#;
    const REFUSED: &str = r#"{"refused":{"first":2,"count":3}}"#;
    const CREATED: &str = r#"{"created":{"rows":{"first":2,"count":3},"session":"s"}}"#;
    const ANSWERED: &str = r#"{"answered":{"row":3,"verdict":"good","cells":[{"text":"x"},{"number":0.1},"empty"]}}"#;
    const ENDED: &str = r#"{"ended":{"first":2,"exit":"some-failed"}}"#;

    /// What is left to do of 8 rows: never sent, in parts of 2; in doubt; sessions.
    #[track_caller]
    fn check(lines: &[&str], unsent: &[Range<usize>], in_doubt: &[usize], sessions: usize, exit: Exit) {
        let earlier = told(8, lines).unwrap();
        assert_eq!(earlier.unsent(2), unsent, "{lines:?}");
        assert_eq!(earlier.in_doubt(), in_doubt, "{lines:?}");
        assert_eq!((earlier.sessions().count(), earlier.exit()), (sessions, exit), "{lines:?}");
    }

    #[test]
    fn what_is_left() {
        let around = [0..2, 5..7, 7..8];
        check(&[], &[0..2, 2..4, 4..6, 6..8], &[], 0, Exit::Completed);
        check(&[CREATING], &around, &[2, 3, 4], 0, Exit::Completed);
        check(&[CREATING, REFUSED], &[0..2, 2..4, 4..6, 6..8], &[], 0, Exit::Completed);
        check(&[CREATING, CREATED], &around, &[], 1, Exit::Completed);
        check(&[CREATING, CREATED, ANSWERED, ENDED], &around, &[], 1, Exit::SomeFailed);
        // Said in the table: a row of the call in doubt, and one that was refused by itself.
        check(&[CREATING, ANSWERED], &around, &[2, 4], 0, Exit::Error);
        check(&[ANSWERED], &[0..2, 2..3, 4..6, 6..8], &[], 0, Exit::Error);
    }

    #[test]
    fn records_that_do_not_fit() {
        for lines in [
            &[REFUSED][..],
            &[CREATED],
            &[ENDED],
            &[r#"{"closed":{"first":2}}"#],
            &[CREATING, CREATED, r#"{"ended":{"first":3,"exit":"completed"}}"#],
            &[CREATING, r#"{"refused":{"first":2,"count":2}}"#],
            &[CREATING, CREATING],
            &[CREATING, CREATED, r#"{"creating":{"first":4,"count":2}}"#],
            &[r#"{"creating":{"first":0,"count":0}}"#],
            &[r#"{"creating":{"first":7,"count":2}}"#],
            &[r#"{"creating":{"first":18446744073709551615,"count":2}}"#],
            &[r#"{"answered":{"row":8,"verdict":"good","cells":[]}}"#],
            &[r#"{"unheard-of":{}}"#],
        ] {
            assert_eq!(told(8, lines).map(|_| ()), Err(lines.len() - 1), "{lines:?}");
        }
    }

    #[test]
    fn what_was_kept_of_another_release_begins_another_wait() {
        let earlier =
            told(8, &[CREATING, CREATED, r#"{"kept":{"first":2,"resume":"{\"abide_resume\":99}"}}"#]).unwrap();
        assert!(earlier.sessions().all(|session| session.kept.is_none()));
    }

    fn records() -> impl Strategy<Value = Vec<Record>> {
        let rows = (0_usize..8, 1_usize..4).prop_map(|(first, count)| Rows { first, count });
        let record = prop_oneof![
            rows.clone().prop_map(Record::Creating),
            rows.clone().prop_map(Record::Refused),
            rows.prop_map(|rows| Record::Created { rows, session: "s".into() }),
            (0_usize..9).prop_map(|row| Record::Answered { row, verdict: Verdict::Good, cells: Vec::new() }),
            (0_usize..8).prop_map(|first| Record::Ended { first, exit: Exit::Completed }),
        ];
        prop::collection::vec(record, 0..20)
    }

    proptest! {
        /// What may have been sent is not sent, everything else is, and once.
        #[test]
        fn no_row_twice_and_none_lost(records in records()) {
            let mut earlier = Earlier::nothing(8);
            let mut sent = [false; 8];
            for record in records {
                if earlier.apply(record.clone()).is_err() {
                    continue;
                }
                match record {
                    Record::Creating(rows) => sent[rows.range().unwrap()].fill(true),
                    Record::Refused(rows) => {
                        let answered = earlier.answered();
                        rows.range().unwrap().for_each(|row| sent[row] = answered.contains_key(&row));
                    }
                    Record::Answered { row, .. } => sent[row] = true,
                    Record::Created { .. } | Record::Kept { .. } | Record::Ended { .. } | Record::Closed { .. } => {}
                }
            }
            let unsent: Vec<usize> = earlier.unsent(2).into_iter().flatten().collect();
            let expected: Vec<usize> = (0..8).filter(|row| !sent[*row]).collect();
            prop_assert_eq!(unsent, expected);
        }
    }
}
