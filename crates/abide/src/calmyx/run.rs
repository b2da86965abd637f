//! `abide calmyx run`: a table in, the same table with scores out.

use std::path::Path;

use super::scoring::{Scored, Scoring};
use super::{read_locations, results};
use crate::arguments::CalmyxRunArguments;
use crate::connection;
use crate::exit::Exit;
use crate::interrupt::Interrupt;
use crate::output::{Columns, Format, OutputError, RowWriter};
use crate::problem::{Api, Problem};
use crate::progress::Progress;
use crate::reading::off_thread;
use crate::rewatch::Rewatch;

pub(crate) async fn run(arguments: &CalmyxRunArguments, interrupt: &Interrupt) -> Result<Exit, Problem> {
    not_onto_the_input(&arguments.file, arguments.output.as_deref())?;
    let locations = off_thread(interrupt, &arguments.file, read_locations).await?;
    let client = connection::calmyx(&arguments.api)?;
    let columns = columns(&locations.table.columns);
    let writer = open(arguments.output.as_deref(), arguments.format, columns)?;
    let progress = Progress::new("locations", locations.locations.len() as u64);
    let pace = connection::calmyx_pace(arguments.api.speed, arguments.max_wait);
    let rewatch = Some(Rewatch::new(Api::Calmyx, &arguments.api));
    let scoring = Scoring { client: &client, pace, interrupt, progress: &progress, rewatch };
    let scored = scoring.run(&locations, writer).await?;
    progress.clear();
    scoring.still_alive(&scored.alive);
    progress.line(&summary(&scored));
    Ok(scored.exit)
}

/// A table is not written over the one that it is made from.
pub(crate) fn not_onto_the_input(input: &Path, output: Option<&Path>) -> Result<(), Problem> {
    let same = output.is_some_and(|output| match (std::fs::canonicalize(input), std::fs::canonicalize(output)) {
        (Ok(input), Ok(output)) => input == output && input.is_file(),
        (Ok(_) | Err(_), Ok(_) | Err(_)) => false,
    });
    if same {
        return Err(Problem::usage(format!(
            "{}: this is the input; name another file for the output",
            input.display()
        )));
    }
    Ok(())
}

/// The input's columns and the result's.
pub(crate) fn columns(input: &[String]) -> Columns {
    Columns::new(input, &results::COLUMNS)
}

/// Opens the output before anything is sent, so that a path that cannot be written costs nothing.
pub(crate) fn open(path: Option<&Path>, format: Format, columns: Columns) -> Result<RowWriter, OutputError> {
    match path.filter(|path| path.as_os_str() != "-") {
        Some(path) => RowWriter::to_file(path, format, columns),
        None => RowWriter::to_stdout(format, columns),
    }
}

/// What was done and where it lies.
pub(crate) fn summary(scored: &Scored) -> String {
    let results::Counts { scored: good, failed, unanswered } = scored.counts;
    let total = scored.counts.total();
    let of = if total < scored.rows { format!("{total} of {}", scored.rows) } else { total.to_string() };
    let mut text = format!("{of} locations: {good} scored, {failed} failed");
    if unanswered > 0 {
        text.push_str(&format!(", {unanswered} without an answer"));
    }
    let sessions = if scored.sessions == 1 { "1 session".to_owned() } else { format!("{} sessions", scored.sessions) };
    text.push_str(&format!("; {sessions}"));
    if let Some(path) = &scored.written.path {
        text.push_str(&format!("; {} rows in {}", scored.written.rows, path.display()));
    }
    text
}
