//! What a run writes down beside its output while it goes, so that another process can go on: `FILE.abide-run`.
//!
//! Lines of JSON, only ever added to. A create call is announced before it goes out, and noted once its answer is there;
//! every row is noted with its cells before it goes into the output; a Hum session is closed only after its row was noted.
//! So whatever moment a process is killed at, the next one knows which rows are answered, which sessions to ask, which rows
//! were never sent, and of which nobody knows.
//!
//! The file is readable by its owner only (it names sessions), locked while a run writes it, and removed when every row is
//! answered and the output stands in its place.

mod earlier;
mod error;
mod file;
mod record;

use std::cell::RefCell;
use std::ops::Range;
use std::path::{Path, PathBuf};

use abide_watch::Resume;

pub(crate) use earlier::{Earlier, Session};
pub(crate) use error::JournalError;
pub(crate) use record::{Header, Verdict};

use file::JournalFile;
use record::{Record, Rows};

use crate::exit::Exit;
use crate::output::Cell;
use crate::safe_text::Safe;

/// The journal of one run. One without a file takes everything and keeps nothing: for rows on standard output, which
/// nobody can take back.
pub(crate) struct Journal {
    open: Option<RefCell<Open>>,
}

struct Open {
    file: JournalFile,
    /// Which rows are answered, and how many are not.
    answered: Vec<bool>,
    left: usize,
    /// Something was sent, or may have been.
    touched: bool,
    /// A create call is announced and not yet answered.
    creating: bool,
    failure: Option<JournalError>,
}

impl Journal {
    /// A journal that keeps nothing.
    pub(crate) fn none() -> Self {
        Self { open: None }
    }

    /// Whether anything written to this output could be gone on with.
    ///
    /// # Errors
    /// Where it is no file.
    pub(crate) fn resumable(output: Option<&Path>) -> Result<(), JournalError> {
        output.and_then(beside).map(drop).ok_or(JournalError::NoFile)
    }

    /// Begins a journal beside the output, or goes on with the one that is there.
    ///
    /// # Errors
    /// Without `resume`, when the run before it is not finished; with it, when there is none or it is another one.
    pub(crate) fn open(output: Option<&Path>, resume: bool, header: &Header) -> Result<(Self, Earlier), JournalError> {
        let Some(path) = output.and_then(beside) else {
            return if resume { Err(JournalError::NoFile) } else { Ok((Self::none(), Earlier::none(header))) };
        };
        let Some(mut file) = JournalFile::open(&path, !resume)? else {
            return Err(JournalError::NothingToResume { path });
        };
        let earlier = match Earlier::read(&mut file, header)? {
            Some(earlier) if resume => {
                file.mend()?;
                earlier
            }
            Some(earlier) if !earlier.is_untouched() => return Err(JournalError::Unfinished { path }),
            // Nothing was sent by then: it is as if it had never begun.
            Some(_) | None => {
                file.begin(header)?;
                Earlier::none(header)
            }
        };
        let open = Open::new(file, &earlier);
        Ok((Self { open: Some(RefCell::new(open)) }, earlier))
    }

    /// A create call for these rows goes out next; false when that cannot be noted, and so must not be done.
    pub(crate) fn creating(&self, rows: &Range<usize>) -> bool {
        self.write(&Record::Creating(Rows::of(rows)))
    }

    /// Nothing was created for these rows.
    pub(crate) fn refused(&self, rows: &Range<usize>) {
        self.write(&Record::Refused(Rows::of(rows)));
    }

    /// The session of these rows.
    pub(crate) fn created(&self, rows: &Range<usize>, session: &str) {
        self.write(&Record::Created { rows: Rows::of(rows), session: session.to_owned() });
    }

    /// What the output says of a row for good: the cells behind those of the input.
    pub(crate) fn answered(&self, row: usize, verdict: Verdict, cells: &[Cell]) {
        self.write(&Record::Answered { row, verdict, cells: cells.to_vec() });
    }

    /// How to go on waiting for the session of these rows. Items come again with it: what became of them is known by row.
    pub(crate) fn kept(&self, rows: &Range<usize>, resume: Resume) {
        self.write(&Record::Kept { first: rows.start, resume: resume.giving_items_again().to_json() });
    }

    /// The session of these rows has nothing more to tell.
    pub(crate) fn ended(&self, rows: &Range<usize>, exit: Exit) {
        self.write(&Record::Ended { first: rows.start, exit });
    }

    /// The session of these rows is closed, or gone.
    pub(crate) fn closed(&self, rows: &Range<usize>) {
        self.write(&Record::Closed { first: rows.start });
    }

    /// Whether it can no longer be written: what is done from here on could be done twice.
    pub(crate) fn is_broken(&self) -> bool {
        self.open.as_ref().is_some_and(|open| open.borrow().failure.is_some())
    }

    /// Why it can no longer be written.
    pub(crate) fn take_failure(&self) -> Option<JournalError> {
        self.open.as_ref().and_then(|open| open.borrow_mut().failure.take())
    }

    /// The output stands in its place: nobody needs the journal of a run any more whose rows are all answered.
    pub(crate) fn settle(&self) {
        if let Some(open) = &self.open {
            let mut open = open.borrow_mut();
            if open.left == 0 {
                open.file.remove();
            }
        }
    }

    /// What to tell about a journal that stays behind; `None` where none does.
    pub(crate) fn hint(&self) -> Option<String> {
        let open = self.open.as_ref()?.borrow();
        if !open.stays() || open.file.is_removed() {
            return None;
        }
        let path = open.file.path().to_string_lossy();
        Some(if open.creating {
            format!(
                "not finished, and not known whether the last session was created: the same command with --resume goes \
                 on without its rows ({} holds the state)",
                Safe(&path)
            )
        } else {
            format!(
                "not finished: the same command with --resume goes on, and sends nothing twice ({} holds the state)",
                Safe(&path)
            )
        })
    }

    fn write(&self, record: &Record) -> bool {
        self.open.as_ref().is_none_or(|open| open.borrow_mut().write(record))
    }
}

impl Open {
    fn new(file: JournalFile, earlier: &Earlier) -> Self {
        let mut answered = vec![false; earlier.rows()];
        for row in earlier.answered().keys() {
            if let Some(answered) = answered.get_mut(*row) {
                *answered = true;
            }
        }
        let left = answered.iter().filter(|answered| !**answered).count();
        Self { file, answered, left, touched: !earlier.is_untouched(), creating: false, failure: None }
    }

    /// After the first failure nothing more is written: a gap would be worse than an end.
    fn write(&mut self, record: &Record) -> bool {
        if self.failure.is_none()
            && let Err(failure) = self.file.append(record)
        {
            self.failure = Some(failure);
        }
        if self.failure.is_none() {
            self.note(record);
        }
        self.failure.is_none()
    }

    fn note(&mut self, record: &Record) {
        match record {
            Record::Creating(_) => self.creating = true,
            Record::Refused(_) => self.creating = false,
            Record::Created { .. } => (self.creating, self.touched) = (false, true),
            Record::Answered { row, .. } => {
                self.touched = true;
                if let Some(answered) = self.answered.get_mut(*row)
                    && !std::mem::replace(answered, true)
                {
                    self.left -= 1;
                }
            }
            Record::Kept { .. } | Record::Ended { .. } | Record::Closed { .. } => {}
        }
    }

    fn stays(&self) -> bool {
        self.touched || self.creating || self.failure.is_some()
    }
}

impl Drop for Open {
    /// A run that sent nothing leaves nothing.
    fn drop(&mut self) {
        if !self.stays() {
            self.file.remove();
        }
    }
}

/// The file beside an output: `scores.csv.abide-run`. `None` where the output is no file.
fn beside(output: &Path) -> Option<PathBuf> {
    if output.as_os_str() == "-" {
        return None;
    }
    let is_link = std::fs::symlink_metadata(output).is_ok_and(|standing| standing.is_symlink());
    let real = if is_link { std::fs::canonicalize(output).ok() } else { None };
    let output = real.as_deref().unwrap_or(output);
    if std::fs::metadata(output).is_ok_and(|standing| !standing.is_file()) {
        return None;
    }
    let mut name = output.as_os_str().to_owned();
    name.push(".abide-run");
    Some(name.into())
}
