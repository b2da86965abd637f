//! What the two `watch` commands share: several sessions, one progress, one line of JSON per event.

use std::cell::RefCell;
use std::io::Write;

use serde_json::Value;

use crate::output::OutputError;
use crate::progress::Progress;

/// The counters of several sessions, shown as one sum.
pub(crate) struct Totals<'a> {
    progress: &'a Progress,
    sessions: RefCell<Vec<(u64, u64)>>,
}

impl<'a> Totals<'a> {
    pub(crate) fn new(progress: &'a Progress, sessions: usize) -> Self {
        Self { progress, sessions: RefCell::new(vec![(0, 0); sessions]) }
    }

    /// A session stands at `processed` of `total`; nonsense below zero counts as zero.
    pub(crate) fn set(&self, session: usize, processed: i64, total: i64) {
        let counted = |number: i64| u64::try_from(number).unwrap_or(0);
        let mut sessions = self.sessions.borrow_mut();
        if let Some(place) = sessions.get_mut(session) {
            *place = (counted(processed), counted(total));
        }
        let (done, all) = sessions.iter().fold((0_u64, 0_u64), |(done, all), (processed, total)| {
            (done.saturating_add(*processed), all.saturating_add(*total))
        });
        self.progress.set(done, all, "");
    }
}

/// Each name once, in the order given: a session is watched once however often it is named.
pub(crate) fn distinct(names: &[String]) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    names.iter().filter(|name| seen.insert(name.as_str())).cloned().collect()
}

/// One event as a line of JSON: the session under `key` first, then the event.
pub(crate) fn print_json(key: &str, session: &str, event: Value) -> Result<(), OutputError> {
    let mut line = serde_json::Map::new();
    line.insert(key.to_owned(), Value::from(session));
    if let Value::Object(event) = event {
        line.extend(event);
    }
    print_line(&Value::Object(line).to_string())
}

/// A line on standard output, at once.
pub(crate) fn print_line(line: &str) -> Result<(), OutputError> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")
        .and_then(|()| out.flush())
        .map_err(|cause| OutputError::of_writing("standard output", cause))
}
