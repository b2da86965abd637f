//! The trace of all scenarios of a run, on one clock.

use std::io;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use crate::drive::{Sink, micros};
use crate::trace::{Fact, Header, Recorder, Redactor, Reply, Request, Trace};

/// The trace of all scenarios of a run, on one clock.
pub(crate) struct Book {
    start: Instant,
    wall: Timestamp,
    /// Nothing once the trace is closed: a connection may outlive its scenario by a moment.
    pages: Mutex<Option<Pages>>,
}

struct Pages {
    recorder: Recorder<Sink>,
    problem: Option<io::Error>,
}

impl Book {
    /// Begins now.
    pub(crate) fn begin(header: Header, redactor: Redactor, sink: Option<Sink>) -> io::Result<Self> {
        let wall: Timestamp = header.started.parse().unwrap_or_else(|_| Timestamp::now());
        let recorder = Recorder::new(header, redactor, sink)?;
        Ok(Self { start: Instant::now(), wall, pages: Mutex::new(Some(Pages { recorder, problem: None })) })
    }

    /// Microseconds since the beginning.
    pub(crate) fn now(&self) -> u64 {
        micros(self.start.elapsed())
    }

    /// The wall time of an instant.
    pub(crate) fn wall(&self, instant: u64) -> Timestamp {
        self.wall.checked_add(Duration::from_micros(instant)).unwrap_or(self.wall)
    }

    /// Notes that a request arrived and was answered.
    pub(crate) fn exchange(&self, case: &str, arrived: u64, request: Request, reply: Reply) {
        let now = self.now();
        self.write(|recorder| recorder.exchange(case, arrived, now, request, reply).map(|_| ()));
    }

    /// Notes something else.
    pub(crate) fn fact(&self, fact: Fact) {
        self.write(|recorder| recorder.fact(fact));
    }

    /// What was written, or why it could not be.
    pub(crate) fn close(&self) -> io::Result<Trace> {
        let pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner).take();
        match pages {
            None => Err(io::Error::other("the trace is closed already")),
            Some(Pages { problem: Some(problem), .. }) => Err(problem),
            Some(Pages { problem: None, recorder }) => recorder.finish(),
        }
    }

    /// The first problem is kept: who answers a request has nobody to tell.
    fn write(&self, write: impl FnOnce(&mut Recorder<Sink>) -> io::Result<()>) {
        let mut pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(pages) = pages.as_mut() else { return };
        if let Err(problem) = write(&mut pages.recorder) {
            pages.problem.get_or_insert(problem);
        }
    }
}
