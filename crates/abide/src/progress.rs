//! Progress on standard error: a live bar on a terminal, plain lines elsewhere.

use std::cell::Cell;
use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// Plain lines come no faster than this.
const PLAIN_PAUSE: Duration = Duration::from_secs(1);

/// How far a command is.
pub(crate) struct Progress {
    what: &'static str,
    bar: Option<ProgressBar>,
    /// When the last plain line came, or the command began, and what it said.
    last: Cell<(Instant, Option<u64>)>,
}

impl Progress {
    /// `what` is counted: `locations`, `addresses`.
    pub(crate) fn new(what: &'static str, total: u64) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(total);
            if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {prefix}  {elapsed}  {msg}") {
                bar.set_style(style);
            }
            bar.set_prefix(what);
            bar.enable_steady_tick(Duration::from_millis(250));
            bar
        });
        Self { what, bar, last: Cell::new((Instant::now(), None)) }
    }

    /// So much is done.
    pub(crate) fn set(&self, done: u64, total: u64, message: &str) {
        if let Some(bar) = &self.bar {
            bar.set_length(total);
            bar.set_position(done);
            bar.set_message(message.to_owned());
            return;
        }
        let (at, said) = self.last.get();
        let due = said != Some(done) && (at.elapsed() >= PLAIN_PAUSE || done == total);
        if due {
            self.last.set((Instant::now(), Some(done)));
            let separator = if message.is_empty() { "" } else { "  " };
            eprintln!("{done}/{total} {}{separator}{message}", self.what);
        }
    }

    /// A line that stays, above the bar.
    pub(crate) fn line(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| eprintln!("{text}")),
            None => eprintln!("{text}"),
        }
    }

    /// Runs something that writes to standard output, which may be the same terminal.
    pub(crate) fn beside<T>(&self, write: impl FnOnce() -> T) -> T {
        match &self.bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    /// Takes the bar away.
    pub(crate) fn clear(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}
