//! Reading the input beside the task that listens for Ctrl-C.

use std::path::Path;

use crate::exit::Exit;
use crate::interrupt::Interrupt;
use crate::problem::Problem;

/// Reads a file, which may be a pipe that nobody writes to, beside the task, so that somebody can still ask to stop.
pub(crate) async fn off_thread<T: Send + 'static>(
    interrupt: &Interrupt,
    file: &Path,
    read: impl FnOnce(&Path) -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let file = file.to_owned();
    let reading = tokio::task::spawn_blocking(move || read(&file));
    match interrupt.unless_asked(reading).await {
        Some(Ok(outcome)) => outcome,
        Some(Err(cause)) => Err(Problem::new(Exit::Error, format!("the input could not be read: {cause}"))),
        None => Err(Problem::new(Exit::Interrupted, "interrupted while the input was being read; nothing was sent")),
    }
}
